import { Ec2Service, type Ec2ServiceProps, EcsServiceStack, ServiceConnectNamespace, TaskDefinition } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

/** Returns services that run one task definition, and share its security group. */
function sharing(names: readonly string[], { hostPort }: { hostPort?: number } = {}) {
  const stack = clusterStack({ keyPair: "none", values: { instanceTypes: ["m5.xlarge"], maxSize: 6 } });
  const containers = [
    { name: "app", image: "app:1", containerPort: 3000, portMappings: [{ containerPort: 3000, hostPort }] },
  ];
  const mode = hostPort === undefined ? AWSVPC : {};
  const taskDefinition = new TaskDefinition(stack, "task", { cluster: stack, name: "app", containers, ...mode });
  for (const name of names) new Ec2Service(stack, name, { cluster: stack, taskDefinition, paths: [`/${name}*`] });
  return stack;
}

type Services = Readonly<Record<string, Partial<Ec2ServiceProps>>>;

/** Returns a cluster with services by name. With `connect`, all of them use Service Connect. */
function services(all: Services, { connect = false, trunking = false } = {}) {
  const stack = clusterStack({
    keyPair: "none",
    awsvpcTrunking: trunking ? "managed" : undefined,
    values: { instanceTypes: ["m5.xlarge"], maxSize: 6 },
  });
  const namespace = connect ? new ServiceConnectNamespace(stack, "names", { cluster: stack, name: "shop" }) : undefined;
  for (const [name, props] of Object.entries(all)) {
    const serviceConnect = namespace && { namespace };
    new Ec2Service(stack, name, { cluster: stack, image: `${name}:1`, serviceConnect, ...props });
  }
  return stack;
}

const web = { containerPort: 3000, paths: ["/api*"] };
const HOST = { networkMode: "host", allowInstanceCredentials: true } as const;
const AWSVPC = { networkMode: "awsvpc" } as const;

/** The resources that a route to a port needs that is not dynamic. */
const own = (port: number) => [
  `aws_vpc_security_group_egress_rule.web_load_balancer_to_tcp_${port}`,
  `aws_vpc_security_group_ingress_rule.web_tcp_${port}_from_load_balancer`,
];
const TASKS = [
  "aws_security_group.web_task_definition_security_group",
  "aws_vpc_security_group_egress_rule.web_task_definition_tasks_to_ipv4",
  "aws_vpc_security_group_egress_rule.web_task_definition_tasks_to_ipv6",
  ...own(3000),
];

describeTerraform("the network of a running service", (lab) => {
  it("changes from bridge to awsvpc and back, with a gap in the route only", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(() => services({ web }));
    const there = await state.apply(() => services({ web: { ...web, ...AWSVPC } }));
    expect(there).toMatchObject({
      created: expect.arrayContaining(TASKS),
      updated: ["aws_ecs_service.web", "aws_lb_listener_rule.web_rule"],
      replaced: ["aws_lb_target_group.web_target_group"],
      deleted: [],
      // The rule leads to the new target group before its first task is registered.
      missing: ["route ecs-alb:80 /api*"],
      ...{ lost: [], rejected: [] },
    });
    const back = await state.apply(() => services({ web }));
    expect(back).toMatchObject({
      deleted: [...TASKS].sort(),
      missing: ["route ecs-alb:80 /api*"],
      ...{ lost: [], rejected: [] },
    });
    // Old tasks keep their network interfaces until the deployment has ended.
    const order = back.operations.map(({ operation, type }) => `${operation} ${type}`);
    expect(order.indexOf("update aws_ecs_service")).toBeLessThan(order.indexOf("delete aws_security_group"));
    expect(order.indexOf("update aws_ecs_service")).toBeLessThan(
      order.indexOf("delete aws_vpc_security_group_ingress_rule"),
    );
  });

  it("gets health checks on another port and back, and its security group admits them as long as they are made", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const both = { ...web, ...AWSVPC, portMappings: [{ containerPort: 8081 }] };
    const checked = { ...both, healthCheck: { port: 8081, protocol: "HTTPS" } as const };
    await state.apply(() => services({ web: both }));
    expect(await state.apply(() => services({ web: checked }))).toMatchObject({
      created: own(8081),
      updated: ["aws_lb_target_group.web_target_group"],
      ...{ replaced: [], deleted: [], missing: [], rejected: [] },
    });
    const back = await state.apply(() => services({ web: both }));
    expect(back).toMatchObject({
      updated: ["aws_lb_target_group.web_target_group"],
      deleted: own(8081),
      ...{ created: [], replaced: [], missing: [], rejected: [] },
    });
  });

  it("fails at the security group when a service that does not wait leaves awsvpc, and succeeds in the next apply", async () => {
    const nowait = { ...web, waitForSteadyState: false };
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(() => services({ web: { ...nowait, ...AWSVPC } }));
    await state.expectFailure(() => services({ web: nowait }), "DependencyViolation");
    expect(await state.apply(() => services({ web: nowait }))).toMatchObject({
      deleted: ["aws_security_group.web_task_definition_security_group"],
      ...{ lost: [], rejected: [] },
    });
  });

  it("changes without a gap with a second service, which has a priority while both exist", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const next = { ...web, ...AWSVPC };
    await state.apply(() => services({ web }));
    const added = await state.apply(() => services({ web, next: { ...next, priority: 1 } }));
    expect(added).toMatchObject({ missing: [], replaced: [], deleted: [] });
    const removed = await state.apply(() => services({ next: { ...next, priority: 1 } }));
    expect(removed).toMatchObject({ created: [], missing: [], lost: [] });
    expect(await state.apply(() => services({ next }))).toMatchObject({ missing: [], replaced: [] });
  });

  it("is the same for services that run one task definition, of which each can come and go", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(() => sharing(["web"]));
    const second = await state.apply(() => sharing(["web", "api"]));
    expect(second).toMatchObject({ replaced: [], deleted: [], missing: [], rejected: [] });
    expect(second.created.filter((address) => address.includes("security_group"))).toEqual([]);
    const first = await state.apply(() => sharing(["api"]));
    expect(first.deleted.filter((address) => address.includes("security_group"))).toEqual([]);
    expect(first).toMatchObject({ created: [], replaced: [], rejected: [] });
    const fixed = await state.apply(() => sharing(["api"], { hostPort: 8080 }));
    expect(fixed.created).toEqual(
      expect.arrayContaining(["aws_vpc_security_group_ingress_rule.api_tcp_8080_from_load_balancer"]),
    );
    expect(fixed).toMatchObject({ lost: [], rejected: [] });
  });

  it("changes to a fixed port, to host mode and to no network, without a gap", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const agent = { daemon: true } as const;
    const fixed = (allowFrom?: object) => ({
      portMappings: [{ containerPort: 8125, hostPort: 8125, protocol: "udp" as const, allowFrom }],
    });
    await state.apply(() => services({ web, agent }));
    const withPort = await state.apply(() =>
      services({
        web: { ...web, portMappings: [{ containerPort: 3000, hostPort: 8080 }] },
        agent: { ...agent, ...fixed({ instances: true, cidrs: ["10.0.0.0/8"] }) },
      }),
    );
    expect(withPort).toMatchObject({
      created: expect.arrayContaining([
        ...own(8080),
        "aws_vpc_security_group_ingress_rule.agent_task_definition_udp_8125_from_instances",
        'aws_vpc_security_group_ingress_rule.agent_task_definition_udp_8125_from_networks["10.0.0.0/8"]',
      ]),
      ...{ replaced: [], deleted: [], missing: [], rejected: [] },
    });
    const inHostMode = await state.apply(() =>
      services({
        web: { ...web, ...HOST },
        agent: { ...agent, ...HOST, portMappings: [{ containerPort: 8125, protocol: "udp" }] },
      }),
    );
    expect(inHostMode).toMatchObject({
      created: expect.arrayContaining(own(3000)),
      updated: ["aws_ecs_service.agent", "aws_ecs_service.web"],
      deleted: expect.arrayContaining(own(8080)),
      ...{ replaced: [], missing: [], rejected: [] },
    });
    // The load balancer reaches the old port until no task uses it.
    const order = inHostMode.operations.map(({ operation, type }) => `${operation} ${type}`);
    const deployed = order.lastIndexOf("update aws_ecs_service");
    expect(order.lastIndexOf("create aws_vpc_security_group_egress_rule")).toBeLessThan(deployed);
    expect(order.indexOf("delete aws_vpc_security_group_egress_rule")).toBeGreaterThan(deployed);
    const without = await state.apply(() => services({ web, agent: { ...agent, networkMode: "none" } }));
    expect(without).toMatchObject({ deleted: own(3000), missing: [], rejected: [] });
  });

  it("changes with Service Connect, and with clients of other modes", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const api = { containerPort: 8080 };
    const bridge = () => services({ api, web }, { connect: true });
    await state.apply(bridge);
    const mixed = await state.apply(() => services({ api: { ...api, ...AWSVPC }, web }, { connect: true }));
    expect(mixed.created).toEqual(
      expect.arrayContaining([
        "aws_security_group.names_clients",
        "aws_vpc_security_group_ingress_rule.api_tcp_8080_from_clients",
        "aws_vpc_security_group_ingress_rule.api_tcp_8080_from_instances",
        "aws_vpc_security_group_ingress_rule.names_instances_from_clients",
      ]),
    );
    expect(mixed).toMatchObject({ deleted: [], missing: [], lost: [], rejected: [] });
    const all = await state.apply(() =>
      services({ api: { ...api, ...AWSVPC }, web: { ...web, ...AWSVPC } }, { connect: true }),
    );
    expect(all).toMatchObject({ lost: [], rejected: [] });
    expect(await state.apply(bridge)).toMatchObject({ missing: ["route ecs-alb:80 /api*"], lost: [], rejected: [] });
  });

  it("changes in another state, which finds the subnets and the load balancer's security group", async () => {
    const system = await RunningSystem.start(lab);
    const [cluster, orders] = [system.state(), system.state()];
    await cluster.apply(() => services({}));
    const version = (props: Partial<Ec2ServiceProps>) => () => {
      const stack = new EcsServiceStack(testApp(), "orders", { values: { clusterName: "ecs" } });
      new Ec2Service(stack, "web", { cluster: stack.cluster, image: "web:1", ...web, ...props });
      return stack;
    };
    await orders.apply(version({}));
    const changed = await orders.apply(version(AWSVPC));
    expect(changed.created).toEqual(expect.arrayContaining(TASKS));
    expect(changed).toMatchObject({ lost: [], rejected: [] });
    await cluster.expectNoChanges();
    await orders.apply(version(HOST));
  });

  it("gets trunk network interfaces, and loses them, without a change of a running instance", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const all = { web: { ...web, ...AWSVPC, desiredCount: 3 } };
    await state.apply(() => services(all));
    const on = await state.apply(() => services(all, { trunking: true }));
    expect(on.created).toEqual(["aws_ecs_account_setting_default.cluster_awsvpc_trunking"]);
    expect(on).toMatchObject({ updated: [], replaced: [], deleted: [] });
    const off = await state.apply(() => services(all));
    expect(off.deleted).toEqual(["aws_ecs_account_setting_default.cluster_awsvpc_trunking"]);
    await state.destroy();
  });
});
