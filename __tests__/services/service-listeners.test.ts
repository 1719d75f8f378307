import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, type ServiceListener, TaskDefinition } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack, ofType, type Part, synthesized } from "../support/synthesized";

Testing.setupJest();

const BALANCER = "sg-0fedcba9876543210";
const INSTANCES = "sg-0123456789abcdef0";
const target = () =>
  clusterTarget({
    loadBalancer: {
      listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/prod-alb/0a1b/2c3d",
      securityGroupId: "sg-0123456789abcdefb",
    },
    vpc: { vpcId: "vpc-0123456789abcdef0", instanceSubnetIds: ["subnet-0123456789abcdef0"] },
    networkLoadBalancers: {
      edge: {
        loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/edge/0f0e",
        securityGroupId: BALANCER,
      },
    },
  });
const HOST = { networkMode: "host", allowInstanceCredentials: true } as const;
const AWSVPC = { networkMode: "awsvpc" } as const;
const UDP = { containerPort: 53, hostPort: 1053, protocol: "udp" } as const;
const TCP = { containerPort: 53, hostPort: 1053 } as const;
const CHECK = { containerPort: 8080, hostPort: 8080 } as const;
const dns = (listener: Partial<ServiceListener> = {}) => ({
  listeners: { dns: { loadBalancer: "edge", port: 53, ...listener } },
});

const serviceOf = (props: Partial<Ec2ServiceProps>, cluster = target()) => {
  const stack = emptyStack();
  new Ec2Service(stack, "resolver", { cluster, ...props });
  return stack;
};
const jsonOf = (props: Partial<Ec2ServiceProps>): Part => synthesized(serviceOf(props));
const problems = (props: object) => problemsOf(() => serviceOf(props));

/** The rules between the load balancer and the tasks: who, to whom, which port. */
const rulesOf = (json: Part) =>
  ["ingress", "egress"].flatMap((direction) =>
    Object.values(ofType(json, `aws_vpc_security_group_${direction}_rule`))
      .filter((rule) => rule.referenced_security_group_id !== undefined)
      .map((rule) =>
        [rule.security_group_id, rule.referenced_security_group_id, rule.ip_protocol, rule.from_port].join(" "),
      )
      .sort(),
  );

describe("the listeners of a service", () => {
  it("need no rule to a dynamic port, which the rules of the load balancer admit", () => {
    const json = jsonOf({ containerPort: 3000, ...dns({ port: 443 }) });
    expect(rulesOf(json)).toEqual([]);
    expect(JSON.stringify(json)).toHaveResourceWithProperties(EcsService, {
      load_balancer: [
        {
          target_group_arn: "${aws_lb_target_group.resolver_listener_dns_target_group.arn}",
          container_name: "resolver",
          container_port: 3000,
        },
      ],
      health_check_grace_period_seconds: 60,
      depends_on: expect.arrayContaining([
        "aws_lb_listener.resolver_listener_dns",
        "aws_vpc_security_group_ingress_rule.resolver_listener_dns_tcp_from_networks",
      ]),
    });
  });

  it("reach fixed ports of the instances, and that of the health check", () => {
    const json = jsonOf({
      portMappings: [UDP, CHECK],
      ...dns({ protocol: "UDP", containerPort: 53, healthCheck: { port: 8080 } }),
    });
    expect(rulesOf(json)).toEqual([
      `${INSTANCES} ${BALANCER} tcp 8080`,
      `${INSTANCES} ${BALANCER} udp 1053`,
      `${BALANCER} ${INSTANCES} tcp 8080`,
      `${BALANCER} ${INSTANCES} udp 1053`,
    ]);
  });

  it("reach both protocols with TCP_UDP, and the same number by TCP for the check of a UDP listener", () => {
    const both = [`${INSTANCES} ${BALANCER} tcp 1053`, `${INSTANCES} ${BALANCER} udp 1053`];
    const ports = { portMappings: [UDP, TCP] };
    expect(rulesOf(jsonOf({ ...ports, ...dns({ protocol: "TCP_UDP", containerPort: 53 }) })).slice(0, 2)).toEqual(both);
    expect(rulesOf(jsonOf({ ...ports, ...dns({ protocol: "UDP", containerPort: 53 }) })).slice(0, 2)).toEqual(both);
  });

  it("reach the network interfaces of tasks in awsvpc mode, and the instances in host mode", () => {
    const ports = { portMappings: [{ containerPort: 53, protocol: "udp" }, { containerPort: 8080 }] } as const;
    const udp = dns({ protocol: "UDP", containerPort: 53, healthCheck: { port: 8080 } });
    const own = jsonOf({ ...AWSVPC, ...ports, ...udp });
    const tasks = "${aws_security_group.resolver_task_definition_security_group.id}";
    expect(rulesOf(own).slice(0, 2)).toEqual([`${tasks} ${BALANCER} tcp 8080`, `${tasks} ${BALANCER} udp 53`]);
    expect(JSON.stringify(own)).toHaveResourceWithProperties(LbTargetGroup, { target_type: "ip" });
    expect(rulesOf(jsonOf({ ...HOST, ...ports, ...udp })).slice(0, 2)).toEqual([
      `${INSTANCES} ${BALANCER} tcp 8080`,
      `${INSTANCES} ${BALANCER} udp 53`,
    ]);
  });

  it("share the service with routes, and name the port of a sidecar", () => {
    const json = jsonOf({
      containerPort: 3000,
      paths: ["/*"],
      deregistrationDelaySeconds: 20,
      sidecars: [{ name: "tunnel", image: "tunnel:1", containerPort: 8443 }],
      listeners: {
        tcp: { loadBalancer: "edge", port: 8443, container: "tunnel" },
        own: { loadBalancer: "edge", port: 3000, deregistrationDelaySeconds: 5 },
      },
    });
    expect(JSON.stringify(json)).toHaveResourceWithProperties(EcsService, {
      load_balancer: [
        expect.objectContaining({ target_group_arn: "${aws_lb_target_group.resolver_target_group.arn}" }),
        expect.objectContaining({ container_name: "tunnel", container_port: 8443 }),
        expect.objectContaining({ container_name: "resolver", container_port: 3000 }),
      ],
    });
    const delays = Object.values(ofType(json, "aws_lb_target_group")).map((group) => group.deregistration_delay);
    expect(delays.sort()).toEqual(["20", "20", "5"]);
  });

  it("forward to the containers of a task definition", () => {
    const [stack, cluster] = [emptyStack(), target()];
    const containers = [{ name: "app", image: "app:1", portMappings: [UDP, CHECK] }];
    const taskDefinition = new TaskDefinition(stack, "task", { cluster, name: "app", containers });
    new Ec2Service(stack, "resolver", {
      ...{ cluster, taskDefinition },
      ...dns({ protocol: "UDP", containerPort: 53, healthCheck: { port: 8080 } }),
    });
    const json = synthesized(stack);
    expect(rulesOf(json)).toHaveLength(4);
    expect(JSON.stringify(json)).toHaveResourceWithProperties(EcsService, {
      load_balancer: [expect.objectContaining({ container_name: "app", container_port: 53 })],
    });
  });

  const edge = (name: string, change: object = {}) => ({ [name]: { loadBalancer: "edge", port: 53, ...change } });
  const mapped = { portMappings: [UDP, CHECK] };

  it.each<[what: string, props: object, problem: string]>([
    [
      "a load balancer that the cluster does not have",
      { containerPort: 53, listeners: edge("dns", { loadBalancer: "inside" }) },
      'listeners.dns.loadBalancer must be a Network Load Balancer of the cluster: "edge"; received "inside". Add it to networkLoadBalancers of the cluster, EcsServiceStack or EcsClusterLookup.',
    ],
    [
      "a container that the task does not have",
      { containerPort: 53, listeners: edge("dns", { container: "proxy" }) },
      'listeners.dns.container must be the name of a container of the task: "resolver"; received "proxy". Add the container to sidecars, or correct the name.',
    ],
    [
      "a service without a port",
      { listeners: edge("dns") },
      'listeners.dns.containerPort must be set, because the container "resolver" has no containerPort; received nothing. Use the port that the process in the container listens on.',
    ],
    [
      "UDP to a TCP port",
      { containerPort: 53, listeners: edge("dns", { protocol: "UDP" }) },
      'listeners.dns.containerPort must be a UDP port of the container "resolver", for protocol UDP; received 53. Add { containerPort: 53, protocol: "udp" } to portMappings of the container.',
    ],
    [
      "TCP_UDP to a port that answers one of them",
      { ...mapped, listeners: edge("dns", { protocol: "TCP_UDP", containerPort: 53 }) },
      'listeners.dns.containerPort must be a TCP port of the container "resolver", for protocol TCP_UDP; received 53. Add { containerPort: 53, protocol: "tcp" } to portMappings of the container.',
    ],
    [
      "UDP to a dynamic host port",
      {
        portMappings: [{ containerPort: 53, protocol: "udp" }],
        listeners: edge("dns", { protocol: "UDP", containerPort: 53, healthCheck: { port: 8080 } }),
      },
      'listeners.dns.containerPort must have a fixed port for protocol UDP, because ECS rejects a dynamic host port; received 53. Set hostPort of port 53 in portMappings, or networkMode "awsvpc" or "host".',
    ],
    [
      "TCP and UDP on two ports of the instance",
      {
        portMappings: [UDP, { containerPort: 53, hostPort: 1054 }],
        listeners: edge("dns", { protocol: "TCP_UDP", containerPort: 53 }),
      },
      "listeners.dns.containerPort must be one port of the instance for TCP and UDP, because a target has one port; received 53. Set the same hostPort for both elements of portMappings with port 53.",
    ],
    [
      "UDP without a port that a check can use",
      { ...mapped, listeners: edge("dns", { protocol: "UDP", containerPort: 53 }) },
      "listeners.dns.healthCheck.port must be set with protocol UDP, because load balancers check by TCP, and the task has no TCP port with this number; received 1053. Set it to a TCP port that a container of the task answers on.",
    ],
    [
      "a check on a port that no container has",
      { ...mapped, listeners: edge("dns", { protocol: "UDP", containerPort: 53, healthCheck: { port: 9000 } }) },
      "listeners.dns.healthCheck.port must be a TCP port of the instance that a container of the task uses; received 9000. Add it to portMappings of the container that answers the checks, as hostPort.",
    ],
    [
      "a check on another port of a dynamic host port",
      { containerPort: 53, listeners: edge("dns", { healthCheck: { port: 8080 } }) },
      'listeners.dns.healthCheck.port must not be set with a dynamic host port, because ECS rejects it; received 8080. Set hostPort of port 53 in portMappings, or networkMode "awsvpc" or "host".',
    ],
    [
      "two listeners of the service on one port",
      { containerPort: 53, listeners: { ...edge("dns"), ...edge("again") } },
      "listeners.again.port must be a port that no other listener of the load balancer has; received 53, which test/resolver/listener_dns has with TCP. Use another port, or another load balancer.",
    ],
    [
      "more target groups than ECS registers",
      {
        containerPort: 53,
        listeners: Object.assign({}, ...[1, 2, 3, 4, 5, 6].map((port) => edge(`l${port}`, { port }))),
      },
      'listeners must have at most 5 target groups, one for each load balancer and port, because ECS allows no more for a service; received ["l1", "l2", "l3", "l4", "l5", "l6"]. Create another service for the others.',
    ],
    [
      "more target groups than ECS registers, with routes",
      {
        containerPort: 53,
        paths: ["/*"],
        listeners: Object.assign({}, ...[1, 2, 3, 4, 5].map((port) => edge(`l${port}`, { port }))),
      },
      'routes must have at most 5 target groups, one for each load balancer and port, because ECS allows no more for a service; received ["main", "l1", "l2", "l3", "l4", "l5"]. Create another service for the others.',
    ],
    [
      "a name with an underscore",
      { containerPort: 53, listeners: edge("dns_udp") },
      'listeners.dns_udp must have a name of 1 to 16 lower-case letters and digits that starts with a letter; received "dns_udp". The name is part of variables and addresses. For example dns.',
    ],
    [
      "a deployment strategy that moves requests",
      { ...AWSVPC, containerPort: 53, listeners: edge("dns"), paths: ["/*"], deployment: { strategy: "BLUE_GREEN" } },
      'listeners must not be set with the strategy BLUE_GREEN, which this library supports for routes only; received {"dns": {"loadBalancer": "edge", "port": 53}}. Use the strategy ROLLING, or another service for the listeners.',
    ],
    [
      "settings of a route",
      { containerPort: 53, listeners: edge("dns"), stickinessSeconds: 60 },
      "stickinessSeconds must not be set for a service without a route; received 60. Set paths, hosts or routes, or remove it.",
    ],
  ])("reject %s", (_, props, problem) => {
    expect(problems(props)).toEqual([problem]);
  });

  it("reject a port of the instances that two services use, and a port that another service listens on", () => {
    const [stack, cluster] = [emptyStack(), target()];
    const props = { cluster, portMappings: [UDP, CHECK] };
    const udp = (port: number) => ({ protocol: "UDP", port, containerPort: 53, healthCheck: { port: 8080 } }) as const;
    new Ec2Service(stack, "one", { ...props, ...dns(udp(53)) });
    expect(problemsOf(() => new Ec2Service(stack, "other", { ...props, ...dns(udp(53)) }))).toEqual([
      "portMappings[0] must be a port of the instances that no other service of the cluster uses; received 1053/udp. test/one uses it. Use another port, or other capacity providers for one of the two.",
      "portMappings[1] must be a port of the instances that no other service of the cluster uses; received 8080/tcp. test/one uses it. Use another port, or other capacity providers for one of the two.",
      "listeners.dns.port must be a port that no other listener of the load balancer has; received 53, which test/one/listener_dns has with UDP. Use another port, or another load balancer.",
    ]);
  });
});
