import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
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
import { type Clients, clientsOf } from "../../tools/doctor/aws/clients";
import { instanceProfile, policy, REGION, securityGroups } from "./moto-access";

export const CLUSTER = "ecs";
/** The host port of the task on each instance, in the order of the instances. */
export const HOST_PORTS = [31001, 31002] as const;

/** What was made, for tests that break a part of it. */
export interface Planted {
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
  readonly autoscalingGroup: string;
  /** Makes a managed policy. */
  readonly policy: (name: string, document: string) => Promise<string>;
}

/** A part of the cluster that is made in another way than it should be. */
export interface Faults {
  /** Which instances join. @default - both */
  readonly joining?: readonly number[];
  readonly userData?: string;
  /** In which zones the load balancer is. @default - both instances' */
  readonly zones?: readonly number[];
  /** @default true */
  readonly withProfile?: boolean;
  /** What the instances run. @default - an AMI made now */
  readonly imageId?: string;
  /** Whether the listener leads to the service. @default true */
  readonly withListener?: boolean;
  /** How many tasks the service should run; it runs one. @default 1 */
  readonly desiredCount?: number;
}

/** A healthy cluster as this project makes it: two instances in two zones, one service with two tasks behind a balancer. */
export async function plant(endpoint: string, faults: Faults = {}): Promise<Planted> {
  const clients = clientsOf(REGION, endpoint);
  const { ec2, ecs, balancing, autoScaling } = clients;
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.sort((one, other) =>
    String(one.AvailabilityZone).localeCompare(String(other.AvailabilityZone)),
  );
  const subnetIds = subnets.map(({ SubnetId = "" }) => SubnetId);
  const { instanceGroup, balancerGroup } = await securityGroups(clients, subnets[0]?.VpcId);
  const profile = await instanceProfile(clients);
  const image = await ec2.send(new RegisterImageCommand({ Name: "al2023-ami-ecs-hvm-kernel-6.1-x86_64" }));
  const imageId = faults.imageId ?? image.ImageId ?? "";

  const userData = faults.userData ?? "#!/bin/bash\nECS_CLUSTER=ecs\nECS_DYNAMIC_HOST_PORT_RANGE=31000-61000\n";
  const instances = await Promise.all(
    subnetIds.slice(0, 2).map(async (SubnetId) => {
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          ImageId: imageId,
          InstanceType: "t3.small",
          UserData: Buffer.from(userData).toString("base64"),
          IamInstanceProfile: faults.withProfile === false ? undefined : { Name: profile },
          SubnetId,
          SecurityGroupIds: [instanceGroup],
        }),
      );
      return Instances[0]?.InstanceId ?? "";
    }),
  );
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "ecs-instance",
      LaunchTemplateData: { ImageId: imageId, InstanceType: "t3.small" },
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
    new CreateCapacityProviderCommand({ name: "cp-ecs", autoScalingGroupProvider: { autoScalingGroupArn } }),
  );
  await ecs.send(new CreateClusterCommand({ clusterName: CLUSTER, capacityProviders: ["cp-ecs"] }));
  const containerInstances: string[] = [];
  for (const index of faults.joining ?? [0, 1]) {
    const instanceIdentityDocument = JSON.stringify({ instanceId: instances[index] });
    const joined = await ecs.send(new RegisterContainerInstanceCommand({ cluster: CLUSTER, instanceIdentityDocument }));
    containerInstances.push(joined.containerInstance?.containerInstanceArn ?? "");
  }

  const zones = (faults.zones ?? [0, 1]).map((index) => subnetIds[index] as string);
  const balancer = await balancing.send(
    new CreateLoadBalancerCommand({ Name: "ecs-alb", Subnets: zones, SecurityGroups: [balancerGroup] }),
  );
  const balancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const target = await balancing.send(
    new CreateTargetGroupCommand({
      Name: "ecs-web",
      Protocol: "HTTP",
      Port: 80,
      VpcId: subnets[0]?.VpcId,
      HealthCheckPath: "/",
      Matcher: { HttpCode: "200" },
    }),
  );
  const targetGroupArn = target.TargetGroups?.[0]?.TargetGroupArn ?? "";
  const DefaultActions = [{ Type: "forward", TargetGroupArn: targetGroupArn } as const];
  if (faults.withListener !== false) {
    await balancing.send(
      new CreateListenerCommand({ LoadBalancerArn: balancerArn, Protocol: "HTTP", Port: 80, DefaultActions }),
    );
  }
  await balancing.send(
    new RegisterTargetsCommand({
      TargetGroupArn: targetGroupArn,
      Targets: instances.map((Id, index) => ({ Id, Port: HOST_PORTS[index] })),
    }),
  );
  const tasks = await serviceWithTasks(clients, targetGroupArn, containerInstances, faults.desiredCount);
  return {
    ...{ clients, subnets, instances, containerInstances, tasks, instanceGroup, balancerGroup, balancerArn },
    ...{
      targetGroupArn,
      imageId,
      autoscalingGroup: group,
      policy: (name, document) => policy(clients, name, document),
    },
  };
}

async function serviceWithTasks(
  { ecs }: Clients,
  targetGroupArn: string,
  containerInstances: readonly string[],
  // moto says that each service runs MOTO_ECS_SERVICE_RUNNING tasks, which is one.
  desiredCount = 1,
) {
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "web",
      containerDefinitions: [
        { name: "web", image: "nginx", memory: 128, portMappings: [{ containerPort: 80, hostPort: 0 }] },
      ],
    }),
  );
  await ecs.send(
    new CreateServiceCommand({
      cluster: CLUSTER,
      serviceName: "web",
      taskDefinition: "web",
      desiredCount,
      loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 80 }],
    }),
  );
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
  return tasks;
}
