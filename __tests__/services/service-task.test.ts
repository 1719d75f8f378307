import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Testing } from "cdktf";
import {
  type ContainerProps,
  Ec2Service,
  type Ec2ServiceProps,
  ServiceConnectNamespace,
  TaskDefinition,
  type TaskDefinitionProps,
} from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, synthesized } from "../support/synthesized";

Testing.setupJest();

const app: ContainerProps = { name: "app", image: "app:1", containerPort: 3000 };
const proxy: ContainerProps = { name: "proxy", image: "envoy:1", essential: false };

const times = <T>(count: number, create: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => create(n));

/** Returns the JSON of a task definition and a service that runs it. */
function configuration(service: Partial<Ec2ServiceProps> = {}, task: Partial<TaskDefinitionProps> = {}) {
  const stack = emptyStack();
  const cluster = clusterTarget();
  const taskDefinition = new TaskDefinition(stack, "task", { cluster, name: "app", containers: [proxy, app], ...task });
  new Ec2Service(stack, "web", { cluster, taskDefinition, ...service });
  return JSON.stringify(synthesized(stack));
}

describe("a service with a task definition of its own", () => {
  it("creates neither a task definition nor variables for its sizes and its image", () => {
    const json = configuration();
    expect(resourceCounts(json)).toMatchObject({
      aws_ecs_service: 1,
      aws_ecs_task_definition: 1,
      aws_cloudwatch_log_group: 1,
    });
    expect(Object.keys(JSON.parse(json).variable)).toEqual(["web_desired_count"]);
    expect(json).toHaveResourceWithProperties(EcsService, {
      name: "web",
      task_definition: "${aws_ecs_task_definition.task.arn}",
    });
  });

  it("sends requests to the first container with a port", () => {
    expect(configuration({ paths: ["/*"] })).toHaveResourceWithProperties(EcsService, {
      load_balancer: [expect.objectContaining({ container_name: "app", container_port: 3000 })],
    });
  });

  it("has the settings of the task definition: ECS Exec, tags and what an instance must have", () => {
    const json = configuration({}, { enableExecuteCommand: true, tags: { Team: "orders" } });
    expect(json).toHaveResourceWithProperties(EcsService, {
      enable_execute_command: true,
      tags: { Name: "prod-web", Purpose: "Keeps the tasks of web running", Team: "orders" },
    });
  });

  it("names the port of the container in Service Connect", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
    const containers = [{ ...app, portName: "http" }];
    const taskDefinition = new TaskDefinition(stack, "task", { cluster, name: "app", containers });
    new Ec2Service(stack, "web", { cluster, taskDefinition, serviceConnect: { namespace } });
    expect(JSON.stringify(synthesized(stack))).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: expect.objectContaining({
        service: [{ port_name: "http", discovery_name: "web", client_alias: { port: 3000, dns_name: "web" } }],
      }),
    });
  });

  it("can have the name of its task definition, and share the task definition with another service", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const taskDefinition = new TaskDefinition(stack, "task", { cluster, name: "app", containers: [app] });
    new Ec2Service(stack, "app", { cluster, taskDefinition });
    new Ec2Service(stack, "other", { cluster, taskDefinition });
    expect(problemsOf(() => new Ec2Service(stack, "third", { cluster, serviceName: "app" }))).toEqual([
      'serviceName must be unique in the stack; received "app". test/app has this name too. Use another name for one of the two.',
    ]);
  });

  it.each<[string, Partial<Ec2ServiceProps>, Partial<TaskDefinitionProps>, string]>([
    [
      "settings of a container and of a task",
      { cpu: 256, image: "a:1", logRetentionDays: 14, sidecars: [] },
      {},
      "taskDefinition must not be set with cpu, logRetentionDays, image, sidecars; received an instance of TaskDefinition. Set these in the TaskDefinition.",
    ],
    [
      "a route to a task without a port",
      { paths: ["/*"] },
      { containers: [proxy, { ...proxy, name: "b", essential: true }] },
      "taskDefinition must have a container with containerPort for a service with a route; received an instance of TaskDefinition. Set containerPort of a container.",
    ],
    [
      "Service Connect without the name of the port",
      { serviceConnect: { namespace: "internal" } },
      {},
      "taskDefinition must have a portName for its port with serviceConnect; received an instance of TaskDefinition. Set portName of the container.",
    ],
    [
      "EBS volumes of a daemon",
      { daemon: true },
      { volumes: { data: { ebs: { sizeGib: 10 } } }, containers: [{ ...app, mountPoints: { "/data": "data" } }] },
      'taskDefinition.volumes.data.ebs must not be set with daemon; received {"sizeGib": 10, "snapshotId": nothing, "volumeType": "gp3", "iops": nothing, "th…. A daemon runs one task on each instance. Use a hostPath on a volume of the instances.',
    ],
    [
      "Service Connect of tasks in host mode",
      { serviceConnect: { namespace: "internal" } },
      { networkMode: "host", allowInstanceCredentials: true, containers: [{ ...app, portName: "http" }] },
      'serviceConnect must not be set with networkMode host; received {"namespace": "internal"}. Remove it, or use networkMode bridge or awsvpc.',
    ],
    [
      "a port of Service Connect for a task without a port",
      { serviceConnect: { namespace: "internal", port: 80 } },
      { containers: [{ ...proxy, essential: true }] },
      "serviceConnect.port must not be set for a service without containerPort; received 80. Set containerPort, or remove it: the service then only calls other services.",
    ],
    [
      "too many placement constraints of both",
      { placementConstraints: times(6, (n) => ({ type: "memberOf", expression: `attribute:a == ${n}` })) },
      { taskPlacementConstraints: times(6, (n) => `attribute:b == ${n}`) },
      'taskDefinition.taskPlacementConstraints must have at most 10 elements together with placementConstraints; received 12. Join expressions with "and" or "or".',
    ],
    [
      "a route to an unknown security group of a load balancer in awsvpc mode",
      { paths: ["/*"] },
      { networkMode: "awsvpc", subnetIds: ["subnet-0123456789abcdef0"] },
      "cluster.loadBalancer.securityGroupId must have the id of its security group, for a route to a port that is not dynamic; received nothing. Use an EcsClusterStack or an EcsClusterLookup, or add securityGroupId to the load balancer.",
    ],
    [
      "a task definition on another cluster",
      { cluster: clusterTarget() },
      {},
      "taskDefinition must be on the cluster of the service; received an instance of TaskDefinition. Set cluster of both to the same cluster.",
    ],
    [
      "an ARN in place of a task definition",
      { taskDefinition: "arn" as never },
      {},
      'taskDefinition must be a TaskDefinition; received "arn". Use new TaskDefinition(…).',
    ],
  ])("rejects %s", (_, service, task, message) => {
    expect(problemsOf(() => configuration(service, task))).toEqual([message]);
  });
});
