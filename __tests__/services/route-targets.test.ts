import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, EcsClusterStack, TaskDefinition } from "../../src";
import { clusterStack } from "../support/cluster";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack, synthesized } from "../support/synthesized";

Testing.setupJest();

const ENVOY = { name: "envoy", image: "envoy:1", containerPort: 9901 };
const synthesize = (props: Partial<Ec2ServiceProps>): string => {
  const stack = clusterStack();
  new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, ...props });
  return JSON.stringify(synthesized(stack));
};
const resourcesIn = (json: string, type: string) => JSON.parse(json).resource[type] ?? {};
const problems = (props: object) =>
  problemsOf(
    () => new Ec2Service(emptyStack(), "web", { cluster: clusterTarget(), containerPort: 80, ...props } as never),
  );

describe("the routes of a service to several ports", () => {
  const several = {
    paths: ["/*"],
    sidecars: [ENVOY],
    portMappings: [{ containerPort: 8081 }],
    routes: {
      admin: { paths: ["/admin*"], containerPort: 8081, healthCheck: { path: "/ready" } },
      proxy: { paths: ["/envoy*"], container: "envoy", targetProtocol: "HTTPS" },
      stats: { paths: ["/stats*"], container: "envoy", containerPort: 9901 },
      own: { hosts: ["web.io"], container: "web", containerPort: 80 },
    },
  } as const;

  it("have one target group for each port, and keep the address of the first one", () => {
    const json = synthesize(several);
    const names = ["web_target_group", "web_target_group_8081", "web_target_group_envoy_9901"];
    expect(Object.keys(resourcesIn(json, "aws_lb_target_group")).sort()).toEqual(names);
    const rules = resourcesIn(json, "aws_lb_listener_rule");
    const groupOf = (rule: string) => rules[rule].action[0].target_group_arn;
    expect(["web_rule", "web_rule_admin", "web_rule_proxy", "web_rule_stats", "web_rule_own"].map(groupOf)).toEqual([
      "${aws_lb_target_group.web_target_group.arn}",
      "${aws_lb_target_group.web_target_group_8081.arn}",
      "${aws_lb_target_group.web_target_group_envoy_9901.arn}",
      "${aws_lb_target_group.web_target_group_envoy_9901.arn}",
      "${aws_lb_target_group.web_target_group.arn}",
    ]);
    expect(json).toHaveResourceWithProperties(EcsService, {
      load_balancer: [
        { target_group_arn: "${aws_lb_target_group.web_target_group.arn}", container_name: "web", container_port: 80 },
        {
          target_group_arn: "${aws_lb_target_group.web_target_group_8081.arn}",
          container_name: "web",
          container_port: 8081,
        },
        {
          target_group_arn: "${aws_lb_target_group.web_target_group_envoy_9901.arn}",
          container_name: "envoy",
          container_port: 9901,
        },
      ],
    });
  });

  it("have target groups with the settings of the service, unless the route has them", () => {
    const groups = resourcesIn(
      synthesize({ ...several, deregistrationDelaySeconds: 20, healthCheck: { path: "/live" } }),
      "aws_lb_target_group",
    );
    expect(groups.web_target_group).toMatchObject({
      protocol: "HTTP",
      deregistration_delay: "20",
      health_check: { path: "/live" },
    });
    expect(groups.web_target_group_8081).toMatchObject({
      protocol: "HTTP",
      deregistration_delay: "20",
      health_check: { path: "/ready" },
    });
    expect(groups.web_target_group_envoy_9901).toMatchObject({
      protocol: "HTTPS",
      port: 443,
      health_check: { path: "/live", protocol: "HTTPS" },
    });
  });

  it("can all be to sidecars, without a port of the service", () => {
    const json = synthesize({
      containerPort: undefined,
      sidecars: [ENVOY],
      routes: { all: { paths: ["/*"], container: "envoy" } },
    });
    expect(Object.keys(resourcesIn(json, "aws_lb_target_group"))).toEqual(["web_target_group_envoy_9901"]);
    expect(json).toHaveResource(LbListenerRule);
    expect(json).toHaveResource(LbTargetGroup);
  });

  it("are behind each of their load balancers", () => {
    const stack = new EcsClusterStack(emptyStack().node.root, "two", { loadBalancers: { inside: { internal: true } } });
    const routes = {
      inside: { paths: ["/a"], loadBalancer: "inside", container: "envoy" },
      outside: { paths: ["/a"], container: "envoy" },
    };
    const service = new Ec2Service(stack, "web", {
      cluster: stack,
      containerPort: 80,
      paths: ["/*"],
      sidecars: [ENVOY],
      routes,
    });
    expect(Object.keys(service.targetGroups)).toEqual(["main", "inside_envoy_9901", "envoy_9901"]);
  });

  it("are to containers of a task definition too", () => {
    const stack = clusterStack();
    const containers = [{ name: "app", image: "app:1", containerPort: 80 }, ENVOY];
    const taskDefinition = new TaskDefinition(stack, "task", { cluster: stack, name: "task", containers });
    const routes = { proxy: { paths: ["/envoy*"], container: "envoy" }, app: { paths: ["/app"], container: "app" } };
    new Ec2Service(stack, "web", { cluster: stack, taskDefinition, routes });
    const groups = resourcesIn(JSON.stringify(synthesized(stack)), "aws_lb_target_group");
    expect(Object.keys(groups)).toEqual(["web_target_group_envoy_9901", "web_target_group"]);
  });

  it("open a fixed port to the load balancer", () => {
    const sidecars = [{ ...ENVOY, portMappings: [{ containerPort: 9901, hostPort: 9901 }] }];
    const json = synthesize({ paths: ["/*"], sidecars, routes: { proxy: { paths: ["/envoy*"], container: "envoy" } } });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      from_port: 9901,
      to_port: 9901,
      referenced_security_group_id: "${aws_security_group.port_rules_load_balancer.id}",
    });
  });

  describe("with health checks on another port", () => {
    const admitted = (json: string, direction: "ingress" | "egress") =>
      Object.entries<{ from_port: number }>(resourcesIn(json, `aws_vpc_security_group_${direction}_rule`)).flatMap(
        ([id, { from_port }]) => (id.startsWith("web_") && !id.includes("ipv") ? [[id, from_port]] : []),
      );
    const ports = (...hostPorts: (number | undefined)[]) =>
      hostPorts.map((hostPort, index) => ({ containerPort: 80 + index, hostPort }));

    it("open the fixed port of the instances to the load balancer", () => {
      const healthCheck = { port: 8081, protocol: "HTTPS" } as const;
      const json = synthesize({ paths: ["/*"], portMappings: ports(8080, 8081), healthCheck });
      expect(json).toHaveResourceWithProperties(LbTargetGroup, {
        protocol: "HTTP",
        health_check: expect.objectContaining({ port: "8081", protocol: "HTTPS" }),
      });
      expect(admitted(json, "ingress")).toEqual([
        ["web_tcp_8080_from_load_balancer", 8080],
        ["web_tcp_8081_from_load_balancer", 8081],
      ]);
      expect(admitted(json, "egress")).toEqual([
        ["web_load_balancer_to_tcp_8080", 8080],
        ["web_load_balancer_to_tcp_8081", 8081],
      ]);
      const service = resourcesIn(json, "aws_ecs_service").web;
      expect(service.depends_on).toContain("aws_vpc_security_group_ingress_rule.web_tcp_8081_from_load_balancer");
    });

    it("open the port of the tasks in awsvpc mode, once for all target groups", () => {
      const json = synthesize({
        ...{ paths: ["/*"], networkMode: "awsvpc", portMappings: ports(undefined, undefined), sidecars: [ENVOY] },
        healthCheck: { port: 9901 },
        routes: { admin: { paths: ["/admin*"], containerPort: 81 }, envoy: { paths: ["/e*"], container: "envoy" } },
      });
      const groups = Object.values<{ health_check: object }>(resourcesIn(json, "aws_lb_target_group"));
      expect(groups.map(({ health_check }) => health_check)).toEqual(
        Array(3).fill(expect.objectContaining({ port: "9901", protocol: "HTTP" })),
      );
      expect(admitted(json, "ingress").map(([, port]) => port)).toEqual([80, 9901, 81]);
    });

    it("count as a source of the port, which another service cannot admit too", () => {
      const stack = clusterStack({ capacityProviders: { main: {}, other: {} } });
      const service = (id: string, capacityProvider: string, props: object) =>
        new Ec2Service(stack, id, {
          ...{ cluster: stack, capacityProviderStrategies: [{ capacityProvider }], containerPort: 80 },
          ...props,
        });
      const checked = { portMappings: ports(8080, 8081), healthCheck: { port: 8081 } };
      service("web", "main", { paths: ["/a"], ...checked });
      const other = { paths: ["/b"], ...checked, portMappings: ports(8082, 8081) };
      expect(problemsOf(() => service("two", "other", other))).toEqual([
        "portMappings[1] must admit each source once only, because all instances have one security group; received 8081/tcp. ecs/web already admits it. Remove the source or the route from one of the two.",
      ]);
    });
  });

  it.each<[string, object, string]>([
    [
      "a container that the task does not have",
      { sidecars: [ENVOY], routes: { a: { paths: ["/a"], container: "envoi" } } },
      'routes.a.container must be the name of a container of the task: "web", "envoy"; received "envoi". Add the container to sidecars, or correct the name.',
    ],
    [
      "a container without a port",
      { sidecars: [{ name: "log", image: "log:1" }], routes: { a: { paths: ["/a"], container: "log" } } },
      'routes.a.containerPort must be set, because the container "log" has no containerPort; received nothing. Use the port that the process in the container listens on.',
    ],
    [
      "a port that the container does not have",
      { routes: { a: { paths: ["/a"], containerPort: 81 } } },
      'routes.a.containerPort must be a TCP port of the container "web"; received 81. Add it to portMappings of the container.',
    ],
    [
      "a UDP port",
      { portMappings: [{ containerPort: 81, protocol: "udp" }], routes: { a: { paths: ["/a"], containerPort: 81 } } },
      'routes.a.containerPort must be a TCP port of the container "web"; received 81. Add it to portMappings of the container.',
    ],
    [
      "settings of the target group in a route to the service's own port",
      { routes: { a: { paths: ["/a"], slowStartSeconds: 30 } } },
      "routes.a.slowStartSeconds must not be set for a route to containerPort of the service; received 30. Set it on the service. The routes to containerPort of the service share a target group.",
    ],
    [
      "settings of one target group in two routes",
      {
        sidecars: [ENVOY],
        routes: {
          a: { paths: ["/a"], container: "envoy", slowStartSeconds: 30 },
          b: { paths: ["/b"], container: "envoy", slowStartSeconds: 60 },
        },
      },
      "routes.b.slowStartSeconds must be set in one route of a port; received 60. Set all settings of the target group in one of the routes.",
    ],
    [
      "more than 5 target groups",
      {
        portMappings: [1, 2, 3, 4, 5].map((port) => ({ containerPort: port })),
        paths: ["/x"],
        routes: Object.fromEntries(
          [1, 2, 3, 4, 5].map((port) => [`a${port}`, { paths: [`/${port}`], containerPort: port }]),
        ),
      },
      'routes must have at most 5 target groups, one for each load balancer and port, because ECS allows no more for a service; received ["main", "main 1", "main 2", "main 3", "main 4", "main 5"]. Create another service for the others.',
    ],
  ])("reject %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });
});
