import { PutScalingPolicyCommand, RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateLaunchTemplateCommand,
  CreateRouteCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  type Subnet,
} from "@aws-sdk/client-ec2";
import {
  CreateCapacityProviderCommand,
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterContainerInstanceCommand,
  RegisterTaskDefinitionCommand,
  StartTaskCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateScheduleCommand } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Clients } from "../../cli/doctor/aws/clients";
import { instanceProfile, securityGroups } from "./moto-access";
import { createTaskNeeds, logWithExecutionRole, NEXT_PROFILE, nextProfile } from "./moto-task-needs";

export const CLUSTER = "ecs";
/** The host port of the task on each instance, in the order of the instances. */
export const HOST_PORTS = [31001, 31002] as const;

/** The dead-letter queue of the service's queue. */
export const WORKER_DEAD_LETTERS = "ecs-web-dead-letters";
export const SCALABLE_TARGET = {
  ServiceNamespace: "ecs",
  ResourceId: `service/${CLUSTER}/web`,
  ScalableDimension: "ecs:service:DesiredCount",
} as const;

/** The resources of the cluster. */
export interface ClusterResources {
  readonly clients: Clients;
  readonly subnets: readonly Subnet[];
  readonly instances: readonly string[];
  readonly containerInstances: readonly string[];
  readonly tasks: readonly string[];
  readonly instanceGroup: string;
  readonly balancerGroup: string;
  readonly balancerArn: string;
  readonly targetGroupArn: string;
  readonly imageId: string;
  /** A secret of the service, and the KMS key of its secret, its log group and ECS Exec. */
  readonly secretArn: string;
  readonly keyArn: string;
}

/**
 * Creates a healthy cluster like the library's: two instances in two Availability Zones, and one service with two tasks
 * and a load balancer.
 */
export async function createCluster(clients: Clients): Promise<ClusterResources> {
  const { ec2, ecs, balancing, autoScaling } = clients;
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.sort((one, other) =>
    String(one.AvailabilityZone).localeCompare(String(other.AvailabilityZone)),
  );
  const subnetIds = subnets.map(({ SubnetId = "" }) => SubnetId);
  const { instanceGroup, balancerGroup } = await securityGroups(clients, subnets[0]?.VpcId);
  await internetRoute(clients, subnets[0]?.VpcId);
  const profile = await instanceProfile(clients);
  const image = await ec2.send(new RegisterImageCommand({ Name: "al2023-ami-ecs-hvm-kernel-6.1-x86_64" }));
  const imageId = image.ImageId ?? "";

  const userData = "#!/bin/bash\nECS_CLUSTER=ecs\nECS_DYNAMIC_HOST_PORT_RANGE=31000-61000\n";
  const instances = await Promise.all(
    subnetIds.slice(0, 2).map(async (SubnetId) => {
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          ImageId: imageId,
          InstanceType: "t3.small",
          UserData: Buffer.from(userData).toString("base64"),
          IamInstanceProfile: { Name: profile },
          SubnetId,
          SecurityGroupIds: [instanceGroup],
        }),
      );
      return Instances[0]?.InstanceId ?? "";
    }),
  );
  await nextProfile(clients);
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "ecs-instance",
      LaunchTemplateData: { ImageId: imageId, InstanceType: "t3.small", IamInstanceProfile: { Name: NEXT_PROFILE } },
    }),
  );
  const group = "ecs-instances";
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: group,
      MinSize: 0,
      MaxSize: 2,
      DesiredCapacity: 0,
      VPCZoneIdentifier: subnetIds.slice(0, 2).join(","),
      LaunchTemplate: { LaunchTemplateName: "ecs-instance", Version: "1" },
    }),
  );
  await autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName: group, InstanceIds: instances }));
  const described = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }));
  const autoScalingGroupArn = described.AutoScalingGroups?.[0]?.AutoScalingGroupARN;
  await ecs.send(
    new CreateCapacityProviderCommand({
      name: "cp-ecs",
      autoScalingGroupProvider: { autoScalingGroupArn, managedScaling: { status: "ENABLED", targetCapacity: 100 } },
    }),
  );
  await ecs.send(new CreateClusterCommand({ clusterName: CLUSTER, capacityProviders: ["cp-ecs"] }));
  const containerInstances: string[] = [];
  for (const instanceId of instances) {
    const instanceIdentityDocument = JSON.stringify({ instanceId });
    const joined = await ecs.send(new RegisterContainerInstanceCommand({ cluster: CLUSTER, instanceIdentityDocument }));
    containerInstances.push(joined.containerInstance?.containerInstanceArn ?? "");
  }

  const balancer = await balancing.send(
    new CreateLoadBalancerCommand({
      Name: "ecs-alb",
      Scheme: "internet-facing",
      Subnets: subnetIds.slice(0, 2),
      SecurityGroups: [balancerGroup],
    }),
  );
  const balancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const targetGroupArn = await targetGroup(clients, subnets[0]?.VpcId, instances);
  const DefaultActions = [{ Type: "forward", TargetGroupArn: targetGroupArn } as const];
  await balancing.send(
    new CreateListenerCommand({ LoadBalancerArn: balancerArn, Protocol: "HTTP", Port: 80, DefaultActions }),
  );
  await logWithExecutionRole(clients, CLUSTER, containerInstances);
  const { roles, containers, ...needs } = await createTaskNeeds(clients);
  await ecs.send(new RegisterTaskDefinitionCommand({ family: "web", ...roles, containerDefinitions: [...containers] }));
  await service(clients, targetGroupArn);
  await scaling(clients);
  const tasks: string[] = [];
  for (const containerInstance of containerInstances) {
    const started = await ecs.send(
      new StartTaskCommand({
        cluster: CLUSTER,
        taskDefinition: "web",
        containerInstances: [containerInstance],
        group: "service:web",
      }),
    );
    tasks.push(started.tasks?.[0]?.taskArn?.split("/").at(-1) ?? "");
  }
  await schedule(clients);
  return {
    ...{ clients, subnets, instances, containerInstances, tasks, instanceGroup, balancerGroup, balancerArn },
    ...{ targetGroupArn, imageId, ...needs },
  };
}

/** Creates the internet gateway and the route of a default VPC, which moto leaves out. */
async function internetRoute({ ec2 }: Clients, VpcId: string | undefined) {
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
  const { RouteTableId } = RouteTables[0] ?? {};
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId }));
}

/** Creates the scaling of the service with a queue, whose dead-letter queue is empty. */
async function scaling({ applicationAutoScaling, sqs }: Clients) {
  const dead = await sqs.send(new CreateQueueCommand({ QueueName: WORKER_DEAD_LETTERS }));
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: 3 });
  await sqs.send(new CreateQueueCommand({ QueueName: "ecs-web", Attributes: { RedrivePolicy } }));
  await applicationAutoScaling.send(
    new RegisterScalableTargetCommand({ ...SCALABLE_TARGET, MinCapacity: 0, MaxCapacity: 4 }),
  );
  const Metric = {
    Namespace: "AWS/SQS",
    MetricName: "ApproximateNumberOfMessagesVisible",
    Dimensions: [{ Name: "QueueName", Value: "ecs-web" }],
  };
  await applicationAutoScaling.send(
    new PutScalingPolicyCommand({
      ...SCALABLE_TARGET,
      PolicyName: "queue-backlog",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 10,
        CustomizedMetricSpecification: { Metrics: [{ Id: "visible", MetricStat: { Metric, Stat: "Maximum" } }] },
      },
    }),
  );
}

/** Creates the target group of the service, with the host port of the task on each instance. */
export async function targetGroup({ balancing }: Clients, VpcId: string | undefined, instances: readonly string[]) {
  const made = await balancing.send(
    new CreateTargetGroupCommand({
      ...{ Name: "ecs-web", Protocol: "HTTP", Port: 80, VpcId },
      ...{ HealthCheckPath: "/", Matcher: { HttpCode: "200" } },
    }),
  );
  const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Targets = instances.map((Id, index) => ({ Id, Port: HOST_PORTS[index] }));
  await balancing.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  return TargetGroupArn;
}

/** The queue of the schedule with the runs that could not start. */
export const DEAD_LETTERS = "ecs-nightly-dead-letters";

/** Creates a schedule of the task "web", with a queue for the runs that could not start. */
async function schedule({ scheduler, sqs }: Clients) {
  await sqs.send(new CreateQueueCommand({ QueueName: DEAD_LETTERS }));
  const account = "123456789012";
  const ecs = `arn:aws:ecs:eu-west-1:${account}`;
  await scheduler.send(
    new CreateScheduleCommand({
      Name: "ecs-nightly",
      ScheduleExpression: "cron(0 3 * * ? *)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: `${ecs}:cluster/${CLUSTER}`,
        RoleArn: `arn:aws:iam::${account}:role/ecs-nightly-scheduler`,
        EcsParameters: { TaskDefinitionArn: `${ecs}:task-definition/web:1` },
        DeadLetterConfig: { Arn: `arn:aws:sqs:eu-west-1:${account}:${DEAD_LETTERS}` },
      },
    }),
  );
}

/** Creates the service, or replaces it. With an update, moto would start all desired tasks at once. */
export async function service(
  { ecs }: Clients,
  targetGroupArn: string,
  desiredCount = 1,
  ...others: readonly string[]
) {
  await ecs.send(
    new CreateServiceCommand({
      cluster: CLUSTER,
      serviceName: "web",
      taskDefinition: "web",
      // For moto, each service runs MOTO_ECS_SERVICE_RUNNING tasks, which is 1.
      desiredCount,
      loadBalancers: [targetGroupArn, ...others].map((arn) => ({
        ...{ targetGroupArn: arn, containerName: "web", containerPort: 80 },
      })),
    }),
  );
}
