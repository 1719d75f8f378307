import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Testing, Token } from "cdktf";
import { hcl, PortRange, TaskDefinition, type TaskDefinitionProps } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const target = () => clusterTarget({ vpc: { vpcId: "vpc-0123456789abcdef0", instanceSubnetIds: SUBNETS } });
const HOST = { networkMode: "host", allowInstanceCredentials: true } as const;
const AWSVPC = { networkMode: "awsvpc" } as const;

function created({ containers = [], ...props }: Partial<TaskDefinitionProps>) {
  const stack = emptyStack();
  const all = containers.length > 0 ? containers : [{ name: "web", image: "web:1" }];
  const task = new TaskDefinition(stack, "task", { cluster: target(), name: "web", containers: all, ...props });
  return { stack, task };
}
const synthesize = (props: Partial<TaskDefinitionProps>) => Testing.synth(created(props).stack, true);
const web = (props: object) => [{ name: "web", image: "web:1", ...props }];
const problems = (props: Partial<TaskDefinitionProps>) => problemsOf(() => created(props));

describe("the network of a task", () => {
  it("is a bridge by default, without a security group", () => {
    const json = synthesize({ containers: web({ containerPort: 80 }) });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, { network_mode: "bridge" });
    expect(resourceCounts(json)).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_ecs_task_definition: 1,
      aws_iam_role: 1,
      aws_iam_role_policy: 1,
    });
  });

  it("has a security group with outbound rules in awsvpc mode, and the instances' subnets", () => {
    const { stack, task } = created({ ...AWSVPC, securityGroupIds: ["sg-0123456789abcdef9"] });
    const json = synthesized(stack);
    const id = "${aws_security_group.task_security_group.id}";
    expect(ofType(json, "aws_security_group")).toEqual({
      task_security_group: {
        name_prefix: "prod-web-tasks-",
        description: "Network interfaces of the tasks of web without a public address",
        vpc_id: "vpc-0123456789abcdef0",
        tags: { Name: "prod-web-tasks", Purpose: "Network interfaces of the tasks of web without a public address" },
        lifecycle: { create_before_destroy: true },
      },
    });
    const egress = Object.values(ofType(json, "aws_vpc_security_group_egress_rule"));
    expect(egress).toEqual([
      expect.objectContaining({ security_group_id: id, ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" }),
      expect.objectContaining({ security_group_id: id, ip_protocol: "-1", cidr_ipv6: "::/0" }),
    ]);
    expect(ofType(json, "aws_vpc_security_group_ingress_rule")).toEqual({});
    expect(resolved(stack, task.networkConfiguration)).toEqual({
      subnets: SUBNETS,
      securityGroups: [id, "sg-0123456789abcdef9"],
    });
    expect(ofType(json, "aws_ecs_task_definition").task).toMatchObject({ network_mode: "awsvpc" });
  });

  it("uses other subnets in awsvpc mode", () => {
    const [, subnet = ""] = SUBNETS;
    expect(created({ ...AWSVPC, subnetIds: [subnet] }).task.networkConfiguration?.subnets).toEqual([subnet]);
  });

  it("is none in host mode and in none mode, in which no rule admits anybody", () => {
    for (const mode of [HOST, { networkMode: "none" } as const]) {
      const { stack, task } = created(mode);
      expect(task.networkConfiguration).toBeUndefined();
      expect(resourceCounts(Testing.synth(stack, true))).not.toHaveProperty("aws_security_group");
      expect(ofType(synthesized(stack), "aws_ecs_task_definition").task).toMatchObject({
        network_mode: mode.networkMode,
      });
    }
  });

  it("admits the sources of a port in the security group of the port", () => {
    const portMappings = [{ containerPort: 8125, hostPort: 8125, protocol: "udp", allowFrom: { instances: true } }];
    const rules = (props: Partial<TaskDefinitionProps>) =>
      ofType(
        synthesized(created({ containers: web({ portMappings }), ...props }).stack),
        "aws_vpc_security_group_ingress_rule",
      );
    const instances = "sg-0123456789abcdef0";
    for (const mode of [{}, HOST]) {
      expect(rules(mode)).toEqual({
        task_udp_8125_from_instances: expect.objectContaining({
          security_group_id: instances,
          referenced_security_group_id: instances,
          ip_protocol: "udp",
          from_port: 8125,
          to_port: 8125,
        }),
      });
    }
    expect(rules(AWSVPC).task_udp_8125_from_instances).toMatchObject({
      security_group_id: "${aws_security_group.task_security_group.id}",
      referenced_security_group_id: instances,
    });
  });

  it("admits the sources of a range of ports in awsvpc mode", () => {
    const portMappings = [{ containerPortRange: "9000-9010", allowFrom: { instances: true } }];
    const { stack } = created({ ...AWSVPC, containers: web({ portMappings }) });
    expect(ofType(synthesized(stack), "aws_vpc_security_group_ingress_rule")).toMatchObject({
      task_tcp_9000_9010_from_instances: { from_port: 9000, to_port: 9010 },
    });
  });

  it("shares processes and memory as pidMode and ipcMode say", () => {
    const json = synthesize({ pidMode: "host", ipcMode: "task" });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, { pid_mode: "host", ipc_mode: "task" });
    expect(synthesize({})).not.toHaveResourceWithProperties(EcsTaskDefinition, { pid_mode: expect.anything() });
  });

  it("needs subnets in awsvpc mode", () => {
    expect(problems({ ...AWSVPC, cluster: clusterTarget() })).toEqual([
      expect.stringContaining("cluster.vpc.instanceSubnetIds must be set for tasks in awsvpc mode"),
    ]);
  });

  it("never uses a port that the agent or the kernel can assign", () => {
    const portRange = new PortRange({ from: 20_000, to: 21_000 });
    const previousPortRange = new PortRange({ from: 10_000, to: 11_000 });
    const narrow = () => ({ ...target(), portRules: { ...target().portRules, portRange, previousPortRange } });
    const on = (hostPort: number) =>
      problems({ cluster: narrow(), containers: web({ portMappings: [{ containerPort: 80, hostPort }] }) });
    expect([9_999, 11_001, 19_999, 21_001, 32_767, 61_000].flatMap(on)).toEqual([]);
    const ranges = {
      "10000-11000": [10_000, 11_000],
      "20000-21000": [20_000, 21_000],
      "32768-60999": [32_768, 60_999],
    };
    for (const [range, ports] of Object.entries(ranges)) {
      const problem = expect.stringContaining(`not be a dynamic port of the instances, which include ${range};`);
      for (const port of ports) expect(on(port)).toEqual([problem]);
    }
  });

  it("rejects references to whole lists, which it reads itself", () => {
    const list = Token.asList("${var.list}");
    const rejected = problems({
      ...AWSVPC,
      securityGroupIds: list,
      taskPlacementConstraints: list,
      containers: web({ environmentFiles: list }),
    });
    expect(rejected.map((problem) => problem.split(" ")[0]).sort()).toEqual([
      ...["containers[0].environmentFiles", "securityGroupIds", "taskPlacementConstraints"],
    ]);
  });

  it("has the tags of a reference to a whole map", () => {
    expect(synthesize({ tags: hcl`var.tags`.map })).toHaveResourceWithProperties(EcsTaskDefinition, {
      tags: expect.stringMatching(/^\$\{merge\(\{.*"Name" = .*\}, var\.tags\)\}$/),
    });
  });

  it("can use any port of the task in awsvpc mode", () => {
    expect(
      problems({ ...AWSVPC, containers: web({ portMappings: [{ containerPort: 22 }, { containerPort: 40_000 }] }) }),
    ).toEqual([]);
  });

  it("has each port once, where containers share a network", () => {
    const containers = [...web({ containerPort: 80 }), { name: "proxy", image: "proxy:1", containerPort: 80 }];
    expect(problems({ containers })).toEqual([]);
    for (const mode of [HOST, AWSVPC]) {
      expect(problems({ ...mode, containers })).toEqual([
        'containers[1].containerPort must differ from the other ports of the task; received "80/tcp". The containers share one network. Use another port.',
      ]);
    }
  });

  it("rejects what ECS does not support in a mode, and accepts it in the others", () => {
    const named = web({ hostname: "web", extraHosts: { db: "10.0.0.1" } });
    const network = web({ systemControls: [{ namespace: "net.core.somaxconn", value: "1024" }] });
    const ipc = web({ systemControls: [{ namespace: "kernel.shmmax", value: "1024" }] });
    const rejected = (props: Partial<TaskDefinitionProps>) => problems(props).map((problem) => problem.split(" ")[0]);
    expect(rejected({ ...AWSVPC, containers: named })).toEqual(["containers[0].hostname", "containers[0].extraHosts"]);
    expect(rejected({ ...HOST, containers: network })).toEqual(["containers[0].systemControls[0].namespace"]);
    expect(rejected({ ipcMode: "host", containers: ipc })).toEqual(["containers[0].systemControls[0].namespace"]);
    expect(rejected({ enableFaultInjection: true })).toEqual(["enableFaultInjection"]);
    const accepted = [
      { containers: named },
      { ...AWSVPC, containers: network, enableFaultInjection: true },
      { ...HOST, containers: ipc, enableFaultInjection: true },
      { ipcMode: "task", containers: ipc },
    ] as const;
    expect(accepted.flatMap(problems)).toEqual([]);
  });
});
