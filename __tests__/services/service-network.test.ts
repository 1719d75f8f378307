import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { type TerraformStack, Testing } from "cdktf";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  EcsServiceStack,
  LogDriver,
  ServiceConnectNamespace,
  TaskDefinition,
  type TaskDefinitionProps,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack, ofType, type Part, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const BALANCER = "sg-0123456789abcdefb";
const INSTANCES = "sg-0123456789abcdef0";
const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const routed = { containerPort: 3000, paths: ["/api*"] };
const AWSVPC = { networkMode: "awsvpc" } as const;
const HOST = { networkMode: "host", allowInstanceCredentials: true } as const;
const statsd = (props: object = {}) => ({
  portMappings: [{ containerPort: 8125, hostPort: 8125, protocol: "udp" as const, ...props }],
});

const target = () => {
  const { vpc, ...cluster } = clusterTarget();
  const loadBalancer = { listenerArn: `${cluster.loadBalancer?.listenerArn}`, securityGroupId: BALANCER };
  return { ...cluster, loadBalancer, vpc: { ...vpc, instanceSubnetIds: SUBNETS } };
};

/** Returns the JSON of services by name, on one cluster. */
function jsonOf(services: Readonly<Record<string, Partial<Ec2ServiceProps>>>, namespaceName?: string): Part {
  const [stack, cluster] = [emptyStack(), target()];
  const own =
    namespaceName === "own" ? new ServiceConnectNamespace(stack, "names", { cluster, name: "shop" }) : undefined;
  const namespace = own ?? namespaceName;
  const serviceConnect = namespace === undefined ? undefined : { namespace };
  for (const [name, props] of Object.entries(services))
    new Ec2Service(stack, name, { cluster, serviceConnect, ...props });
  return synthesized(stack);
}
const ingress = (json: Part) => ofType(json, "aws_vpc_security_group_ingress_rule");
const egress = (json: Part) => ofType(json, "aws_vpc_security_group_egress_rule");
const OWN = "${aws_security_group.web_task_definition_security_group.id}";

describe("the network of services that share a task definition", () => {
  const sharing = (task: Partial<TaskDefinitionProps>, service: Partial<Ec2ServiceProps> = {}, connect = false) => {
    const [stack, cluster] = [emptyStack(), target()];
    const namespace = connect ? new ServiceConnectNamespace(stack, "names", { cluster, name: "shop" }) : undefined;
    const serviceConnect = namespace && { namespace };
    const containers = [{ name: "app", image: "app:1", containerPort: 3000, portName: "http" }];
    const taskDefinition = new TaskDefinition(stack, "task", { cluster, name: "app", containers, ...task });
    for (const name of ["web", "api"]) {
      new Ec2Service(stack, name, { cluster, taskDefinition, paths: [`/${name}`], serviceConnect, ...service });
    }
    return synthesized(stack);
  };

  it("has each rule of their security group once, and both services wait for it", () => {
    const json = sharing(AWSVPC);
    expect(Object.keys(ingress(json))).toEqual(["task_tcp_3000_from_load_balancer"]);
    expect(egress(json)).toHaveProperty(
      "task_load_balancer_to_tcp_3000.description",
      expect.stringContaining("of app"),
    );
    for (const service of Object.values(ofType(json, "aws_ecs_service"))) {
      expect(service.depends_on).toEqual(
        expect.arrayContaining([
          "aws_vpc_security_group_egress_rule.task_load_balancer_to_tcp_3000",
          "aws_vpc_security_group_ingress_rule.task_tcp_3000_from_load_balancer",
        ]),
      );
    }
  });

  it("has each rule of Service Connect once", () => {
    expect(Object.keys(ingress(sharing(AWSVPC, {}, true)))).toEqual([
      ...["names_instances_from_instances", "names_instances_from_clients"],
      ...["task_tcp_3000_from_load_balancer", "task_tcp_3000_from_instances", "task_tcp_3000_from_clients"],
    ]);
  });

  it("admits a source to a port of the instances once for all task definitions", () => {
    const [stack, cluster] = [emptyStack(), target()];
    const create = (name: string) =>
      new TaskDefinition(stack, name, {
        ...{ cluster, name },
        containers: [{ name: "app", image: "app:1", ...statsd({ allowFrom: { instances: true } }) }],
      });
    create("one");
    expect(problemsOf(() => create("two"))).toEqual([
      "containers[0].portMappings[0] must admit each source once only, because all instances have one security group; received 8125/udp. test/one already admits it. Remove the source or the route from one of the two.",
    ]);
    const settings = { cluster, ...statsd({ allowFrom: { instances: true } }), image: "app:1" };
    expect(problemsOf(() => new Ec2Service(stack, "three", settings))).toEqual([
      "portMappings[0] must admit each source once only, because all instances have one security group; received 8125/udp. test/one already admits it. Remove the source or the route from one of the two.",
    ]);
  });
});

describe("the network of a service", () => {
  it("needs no rule in bridge mode with dynamic ports", () => {
    const json = jsonOf({ web: routed });
    expect([ingress(json), egress(json)]).toEqual([{}, {}]);
    expect(JSON.stringify(json)).toContain('"target_type":"instance"');
    expect(JSON.stringify(json)).not.toMatch(/network_configuration|security_group_id/);
  });

  it("registers tasks by their address in awsvpc mode, and admits the load balancer to their port only", () => {
    const json = jsonOf({ web: { ...routed, ...AWSVPC } });
    const text = JSON.stringify(json);
    expect(text).toHaveResourceWithProperties(LbTargetGroup, { target_type: "ip" });
    expect(text).toHaveResourceWithProperties(EcsService, {
      network_configuration: { subnets: SUBNETS, security_groups: [OWN] },
    });
    const port = { ip_protocol: "tcp", from_port: 3000, to_port: 3000, lifecycle: { create_before_destroy: true } };
    expect(ingress(json)).toEqual({
      web_tcp_3000_from_load_balancer: expect.objectContaining({
        ...port,
        security_group_id: OWN,
        referenced_security_group_id: BALANCER,
      }),
    });
    expect(egress(json).web_load_balancer_to_tcp_3000).toMatchObject({
      ...port,
      security_group_id: BALANCER,
      referenced_security_group_id: OWN,
    });
    expect(ofType(json, "aws_ecs_service").web?.depends_on).toEqual(
      expect.arrayContaining([
        "aws_vpc_security_group_ingress_rule.web_tcp_3000_from_load_balancer",
        "aws_vpc_security_group_egress_rule.web_load_balancer_to_tcp_3000",
        "aws_vpc_security_group_egress_rule.web_task_definition_tasks_to_ipv4",
      ]),
    );
    expect(json.output).toMatchObject({ web_security_group_id: { value: OWN } });
  });

  it.each([
    ["a fixed host port", { portMappings: [{ containerPort: 3000, hostPort: 8080 }] }, 8080],
    ["host mode", HOST, 3000],
  ])("admits the load balancer to the port of the instances with %s", (_, props, port) => {
    const json = jsonOf({ web: { ...routed, ...props } });
    expect(ingress(json)).toEqual({
      [`web_tcp_${port}_from_load_balancer`]: expect.objectContaining({
        ...{ security_group_id: INSTANCES, referenced_security_group_id: BALANCER, from_port: port, to_port: port },
      }),
    });
    expect(egress(json)).toEqual({
      [`web_load_balancer_to_tcp_${port}`]: expect.objectContaining({
        ...{ security_group_id: BALANCER, referenced_security_group_id: INSTANCES, from_port: port, to_port: port },
      }),
    });
    expect(JSON.stringify(json)).toHaveResourceWithProperties(LbTargetGroup, { target_type: "instance" });
  });

  it("needs the load balancer's security group for a route to such a port, and for no other", () => {
    const problems = (props: Partial<Ec2ServiceProps>) =>
      problemsOf(() => new Ec2Service(emptyStack(), "web", { cluster: clusterTarget(), ...props }));
    expect(problems(routed)).toEqual([]);
    expect(problems({ ...HOST, containerPort: 3000 })).toEqual([]);
    expect(problems({ ...HOST, ...routed })).toEqual([
      expect.stringContaining("cluster.loadBalancer.securityGroupId must have the id of its security group"),
    ]);
  });

  it("looks the load balancer's security group up in a stack of services, only where it is needed", () => {
    const json = (props: Partial<Ec2ServiceProps>) => {
      const stack = new EcsServiceStack(testApp(), "orders");
      new Ec2Service(stack, "web", { cluster: stack.cluster, ...routed, ...props });
      return synthesized(stack);
    };
    expect(json({}).data).not.toHaveProperty("aws_lb");
    expect(ingress(json({ ...AWSVPC })).web_tcp_3000_from_load_balancer).toMatchObject({
      referenced_security_group_id: "${sort(data.aws_lb.cluster_load_balancer.security_groups)[0]}",
    });
    expect(ofType(json({ ...AWSVPC }), "aws_ecs_service").web).toMatchObject({
      network_configuration: {
        subnets: expect.stringContaining('split(",", group.vpc_zone_identifier)'),
      },
    });
  });

  it("admits each load balancer of the service's routes", () => {
    const stack = clusterStack({ loadBalancers: { internal: { internal: true } } });
    const routes = { inside: { paths: ["/api*"], loadBalancer: "internal" } };
    new Ec2Service(stack, "web", { cluster: stack, ...routed, ...AWSVPC, routes });
    const json = synthesized(stack);
    const [own, internal] = ["web_tcp_3000_from_load_balancer", "web_tcp_3000_from_load_balancer_internal"].map(
      (rule) => ingress(json)[rule]?.referenced_security_group_id,
    );
    expect(own).toMatch(/^\$\{aws_security_group\./);
    expect(internal).toMatch(/^\$\{aws_security_group\./);
    expect(internal).not.toBe(own);
    expect(egress(json).web_load_balancer_internal_to_tcp_3000).toMatchObject({ security_group_id: internal });
  });

  it("lets clients of Service Connect reach a task in awsvpc mode, and the task reach the instances", () => {
    const json = jsonOf(
      { web: { ...AWSVPC, containerPort: 3000 }, worker: { ...AWSVPC }, old: { containerPort: 80 } },
      "own",
    );
    const clients = "${aws_security_group.names_clients.id}";
    expect(ingress(json)).toMatchObject({
      names_instances_from_instances: { security_group_id: INSTANCES, referenced_security_group_id: INSTANCES },
      names_instances_from_clients: {
        ...{ security_group_id: INSTANCES, referenced_security_group_id: clients, from_port: 31_000, to_port: 61_000 },
      },
      web_tcp_3000_from_clients: { security_group_id: OWN, referenced_security_group_id: clients, from_port: 3000 },
      web_tcp_3000_from_instances: { security_group_id: OWN, referenced_security_group_id: INSTANCES, to_port: 3000 },
    });
    expect(Object.keys(ingress(json))).toHaveLength(4);
    expect(ofType(json, "aws_ecs_service").worker).toMatchObject({
      network_configuration: {
        security_groups: ["${aws_security_group.worker_task_definition_security_group.id}", clients],
      },
    });
    expect(ofType(json, "aws_ecs_service").old).not.toHaveProperty("network_configuration");
  });

  it("admits the instances once where allowFrom names them too", () => {
    const portMappings = [{ containerPort: 3000, allowFrom: { instances: true } }];
    const json = jsonOf({ web: { ...AWSVPC, containerPort: 3000, portMappings } }, "shop");
    expect(Object.keys(ingress(json)).sort()).toEqual([
      "web_instances_from_tasks",
      "web_task_definition_tcp_3000_from_instances",
    ]);
  });

  it("reaches the instances by its own security group with a namespace of another stack", () => {
    const json = jsonOf({ web: { ...AWSVPC } }, "shop");
    expect(ingress(json)).toMatchObject({
      web_instances_from_tasks: { security_group_id: INSTANCES, referenced_security_group_id: OWN, from_port: 31_000 },
    });
    expect(ofType(json, "aws_security_group")).not.toHaveProperty("names_clients");
  });

  it("uses the name of the port in portMappings for Service Connect", () => {
    const portMappings = [{ containerPort: 3000, name: "http", appProtocol: "http" as const }];
    const json = jsonOf({ web: { containerPort: 3000, portMappings } }, "shop");
    expect(ofType(json, "aws_ecs_service").web).toMatchObject({
      service_connect_configuration: { service: [{ port_name: "http", discovery_name: "web" }] },
    });
  });
});

describe("the warning that tasks have no public address", () => {
  const warningsOf = (stack: TerraformStack): string[] =>
    stack.node
      .findAll()
      .flatMap(({ node }) => node.metadata.flatMap(({ type, data }) => (type === "@cdktf/warn" ? data : [])));
  const warnings = (settings: EcsClusterSettings, props: Partial<Ec2ServiceProps>) => {
    const stack = clusterStack(settings);
    new Ec2Service(stack, "web", { cluster: stack, ...props });
    return warningsOf(stack);
  };
  it("is given for awsvpc mode in public subnets only", () => {
    expect(warnings({}, AWSVPC)).toEqual([expect.stringContaining("From the public subnets of the cluster they")]);
    expect(warnings({}, {})).toEqual([]);
    expect(warnings({ privateSubnets: true }, AWSVPC)).toEqual([]);
    expect(warnings({}, { ...AWSVPC, subnetIds: ["subnet-0123456789abcdef0"] })).toEqual([]);
  });

  it("names the log router, which has the same network", () => {
    const logging = LogDriver.fireLens();
    expect(warnings({}, { ...AWSVPC, logging })).toEqual([expect.stringContaining("The log router sends its output")]);
    expect(warnings({}, { logging })).toEqual([]);
  });

  it("is given once for a task definition, with or without services", () => {
    const stack = clusterStack({});
    const containers = [{ name: "app", image: "app:1" }];
    const taskDefinition = new TaskDefinition(stack, "task", { cluster: stack, name: "app", containers, ...AWSVPC });
    expect(warningsOf(stack)).toHaveLength(1);
    new Ec2Service(stack, "web", { cluster: stack, taskDefinition });
    expect(warningsOf(stack)).toHaveLength(1);
  });

  it("is given in a stack of services, which does not know whether the subnets are public", () => {
    const stack = new EcsServiceStack(testApp(), "services");
    new Ec2Service(stack, "web", { cluster: stack.cluster, ...AWSVPC });
    expect(warningsOf(stack)).toEqual([expect.stringContaining("If the subnets of the cluster are public, they")]);
  });
});

describe("a fixed port of the instances", () => {
  const problems = (one: Partial<Ec2ServiceProps>, other: Partial<Ec2ServiceProps>) => {
    const cluster = target();
    new Ec2Service(emptyStack("a"), "one", { cluster, ...one });
    return problemsOf(() => new Ec2Service(emptyStack("b"), "other", { cluster, ...other }));
  };
  const on = (capacityProvider: string) => ({ capacityProviderStrategies: [{ capacityProvider }] });
  const where = (expression: string) => ({ placementConstraints: [{ type: "memberOf" as const, expression }] });

  it("is for one service of the cluster, in all stacks of the app", () => {
    const conflict = [
      expect.stringContaining("must be a port of the instances that no other service of the cluster uses"),
    ];
    expect(problems(statsd(), statsd())).toEqual(conflict);
    expect(problems(statsd(), { ...HOST, portMappings: [{ containerPort: 8125, protocol: "udp" }] })).toEqual(conflict);
    expect(problems(statsd(), { daemon: true, ...statsd() })).toEqual(conflict);
    expect(problems({ daemon: true, ...statsd(), ...where("a") }, statsd())).toEqual(conflict);
    expect(
      problems({ ...statsd(), ...on("cp-a") }, { sidecars: [{ name: "s", image: "s:1", ...statsd() }], ...on("cp-a") }),
    ).toEqual([expect.stringMatching(/^sidecars\[0\]\.portMappings\[0\] must be a port of the instances/)]);
  });

  it("is for several services whose tasks are never on the same instance", () => {
    expect(problems(statsd(), statsd({ protocol: "tcp" }))).toEqual([]);
    expect(problems(statsd(), { ...AWSVPC, ...statsd() })).toEqual([]);
    expect(problems({ ...statsd(), ...on("cp-a") }, { ...statsd(), ...on("cp-b") })).toEqual([]);
    expect(
      problems({ daemon: true, ...statsd(), ...where("a") }, { daemon: true, ...statsd(), ...where("b") }),
    ).toEqual([]);
  });

  it("admits a source in one of these services", () => {
    const [a, b] = [
      { ...statsd({ allowFrom: { instances: true } }), ...on("cp-a") },
      { ...statsd({ allowFrom: { instances: true, cidrs: ["10.0.0.0/8"] } }), ...on("cp-b") },
    ];
    expect(problems(a, b)).toEqual([
      "portMappings[0] must admit each source once only, because all instances have one security group; received 8125/udp. a/one already admits it. Remove the source or the route from one of the two.",
    ]);
  });
});
