import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings, EcsClusterStack, EcsServiceStack } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

type Json = { readonly [section: string]: { readonly [type: string]: { readonly [name: string]: never } } };

const BOTH: EcsClusterSettings = { loadBalancers: { internal: { internal: true } } };
const json = (settings: EcsClusterSettings) => JSON.stringify(synthesized(clusterStack(settings)));
const names = (text: string, type: string) => Object.keys((JSON.parse(text) as Json).resource?.[type] ?? {}).sort();
const problems = (settings: unknown) => problemsOf(() => clusterStack(settings as EcsClusterSettings));

/** Returns the JSON of a stack with one service. */
const withService = (props: Partial<Ec2ServiceProps>, settings: EcsClusterSettings = BOTH) => {
  const stack = clusterStack(settings);
  new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, ...props });
  return JSON.stringify(synthesized(stack));
};

describe("a cluster with another load balancer", () => {
  it("creates it with its own listener, security group and rules to the instances", () => {
    const text = json(BOTH);
    expect(names(text, "aws_lb")).toEqual(["internal_load_balancer", "load_balancer"]);
    expect(text).toHaveResourceWithProperties(Lb, {
      name: "${var.name}-internal-int",
      internal: true,
      security_groups: ["${aws_security_group.internal_load_balancer_rules_load_balancer.id}"],
    });
    expect(text).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: "${aws_security_group.internal_load_balancer_rules_load_balancer.id}",
      for_each: "${toset([for cidr in var.internal_http_cidrs : cidrsubnet(cidr, 0, 0)])}",
      from_port: 80,
    });
    const range = { ip_protocol: "tcp", from_port: 31000, to_port: 61000 };
    expect(text).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: "${aws_security_group.port_rules_instances.id}",
      referenced_security_group_id: "${aws_security_group.internal_load_balancer_rules_load_balancer.id}",
      ...range,
    });
    expect(text).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      security_group_id: "${aws_security_group.internal_load_balancer_rules_load_balancer.id}",
      referenced_security_group_id: "${aws_security_group.port_rules_instances.id}",
      ...range,
    });
  });

  it("tags its listener with its name, so that the lookup of the cluster's own listener still finds one", () => {
    const text = json(BOTH);
    expect(text).toHaveResourceWithProperties(LbListener, {
      load_balancer_arn: "${aws_lb.internal_load_balancer.arn}",
      tags: {
        Name: "${var.name}-internal-http",
        Purpose: "Where routes of services put their rules",
        LoadBalancer: "internal",
      },
    });
    expect(text.split('"Purpose":"Where services put their rules"')).toHaveLength(2);
  });

  it("leaves the addresses and arguments of the cluster's own load balancer as they are", () => {
    const own = (text: string) =>
      Object.entries((JSON.parse(text) as Json).resource ?? {}).flatMap(([type, resources]) =>
        Object.entries(resources).filter(
          ([name]) => !name.startsWith("internal_") && type !== "aws_cloudwatch_dashboard",
        ),
      );
    expect(own(json(BOTH))).toEqual(own(json({})));
  });

  it("has variables and outputs that start with its name, and returns the construct", () => {
    const stack = clusterStack({
      loadBalancers: {
        internal: {
          internal: true,
          https: true,
          webAcl: "existing",
          mutualAuthentication: { mode: "verify" },
          values: { httpCidrs: ["10.0.0.0/8"], certificateArns: {} },
        },
      },
    });
    const { variable, output } = synthesized(stack) as unknown as Json;
    expect(variable?.internal_http_cidrs).toMatchObject({
      default: ["10.0.0.0/8"],
      description: "The IPv4 networks that can connect to the load balancer internal.",
    });
    expect(Object.keys(variable ?? {}).filter((name) => name.startsWith("internal_"))).toEqual([
      "internal_http_cidrs",
      "internal_certificate_arn",
      "internal_certificate_arns",
      "internal_web_acl_arn",
      "internal_trust_store_arn",
    ]);
    expect(Object.keys(output ?? {}).filter((name) => name.startsWith("internal_"))).toEqual([
      "internal_url",
      "internal_load_balancer_dns_name",
      "internal_load_balancer_zone_id",
      "internal_load_balancer_arn",
      "internal_listener_arn",
      "internal_load_balancer_security_group_id",
    ]);
    expect(output?.internal_url).toMatchObject({ value: "https://${aws_lb.internal_load_balancer.dns_name}" });
    expect(Object.keys(stack.loadBalancers)).toEqual(["internal"]);
  });

  it("creates its own managed web ACL, alarms and graphs", () => {
    const text = json({
      loadBalancers: { internal: { webAcl: "managed" } },
      alarms: true,
      dashboard: true,
    });
    expect(names(text, "aws_wafv2_web_acl")).toEqual(["internal_web_acl"]);
    expect(names(text, "aws_cloudwatch_metric_alarm").filter((name) => name.includes("internal"))).toEqual([
      "alarms_internal_server_errors",
      "alarms_internal_unhealthy_targets",
    ]);
    expect(text).toContain("${var.name}-internal-unhealthy-targets");
    expect(text).toContain("## Requests of internal");
    expect(text).toContain("Unhealthy targets of internal");
  });

  it("works without the cluster's own load balancer", () => {
    const text = withService({ paths: ["/*"], loadBalancer: "internal" }, { ...BOTH, loadBalancer: false });
    expect(names(text, "aws_lb")).toEqual(["internal_load_balancer"]);
    expect(names(text, "aws_lb_target_group")).toEqual(["web_target_group_internal"]);
  });

  it.each<[what: string, settings: unknown, problem: string]>([
    [
      "a name with a capital letter",
      { loadBalancers: { Internal: {} } },
      'loadBalancers.Internal must have a name of 1 to 12 lower-case letters and digits that starts with a letter; received "Internal". The name is part of variables, addresses and names in AWS. For example internal.',
    ],
    [
      "the name main",
      { loadBalancers: { main: {} } },
      'loadBalancers.main must not be named main; received "main". That is the loadBalancer of the cluster. Choose another name.',
    ],
    [
      "a cluster name that is too long with it",
      { values: { name: "a".repeat(20) }, loadBalancers: { internal: {} } },
      'values.name must have at most 19 characters with a load balancer whose name has 8; received "aaaaaaaaaaaaaaaaaaaa". AWS limits the name of a load balancer to 32 characters: the cluster\'s name, its own and a suffix. Shorten one of the two.',
    ],
    [
      "a value without its setting",
      {
        loadBalancers: {
          internal: { values: { webAclArn: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b" } },
        },
      },
      'loadBalancers.internal.values.webAclArn must be used with webAcl "existing"; received "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b". Set webAcl "existing" too, or remove values.webAclArn.',
    ],
    [
      "IPv6 networks without IPv6 addresses",
      { loadBalancers: { internal: { values: { httpCidrs: ["::/0"] } } } },
      'loadBalancers.internal.values.httpCidrs must be IPv4 networks; received ["::/0"]. The load balancer has only IPv4 addresses, so a rule for IPv6 has no effect. Remove these networks, or set dualStack of the load balancer.',
    ],
  ])("rejects %s", (_, settings, problem) => {
    expect(problems(settings)).toEqual([problem]);
  });

  it("checks the length of the cluster's name again at plan", () => {
    const { variable } = synthesized(clusterStack(BOTH)) as unknown as Json;
    expect(JSON.stringify(variable?.name)).toContain("have at most 19 characters with a load balancer");
    expect(JSON.stringify((synthesized(clusterStack()) as unknown as Json).variable?.name)).not.toContain("at most 19");
  });
});

describe("a service on a cluster with several load balancers", () => {
  it("has one target group for each load balancer of its routes, and registers in each", () => {
    const text = withService({ paths: ["/*"], routes: { inside: { paths: ["/*"], loadBalancer: "internal" } } });
    expect(names(text, "aws_lb_target_group")).toEqual(["web_target_group", "web_target_group_internal"]);
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      listener_arn: "${aws_lb_listener.load_balancer_http.arn}",
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web_target_group.arn}" }],
    });
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      listener_arn: "${aws_lb_listener.internal_load_balancer_http.arn}",
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web_target_group_internal.arn}" }],
    });
    expect(text).toHaveResourceWithProperties(EcsService, {
      load_balancer: [
        { target_group_arn: "${aws_lb_target_group.web_target_group.arn}", container_name: "web", container_port: 80 },
        {
          target_group_arn: "${aws_lb_target_group.web_target_group_internal.arn}",
          container_name: "web",
          container_port: 80,
        },
      ],
      depends_on: expect.arrayContaining(["aws_lb_listener_rule.web_rule", "aws_lb_listener_rule.web_rule_inside"]),
    });
  });

  it("replaces the target group of a load balancer with that load balancer only", () => {
    const text = withService({ paths: ["/*"], loadBalancer: "internal" });
    expect(JSON.parse(text).resource.terraform_data.web_target_group_internal_load_balancer.input).toEqual({
      load_balancer_arn: "${aws_lb.internal_load_balancer.arn}",
    });
    expect(text).toHaveResourceWithProperties(LbTargetGroup, {
      tags: { Name: "${aws_ecs_cluster.cluster.name}-web-internal", Purpose: "The tasks of web that receive requests" },
    });
  });

  it("accepts the construct in place of the name, and a listener of a load balancer", () => {
    const stack = clusterStack({
      loadBalancer: { listeners: { admin: { port: 8080 } } },
      loadBalancers: { internal: {} },
    });
    const service = new Ec2Service(stack, "web", {
      cluster: stack,
      containerPort: 80,
      paths: ["/*"],
      loadBalancer: stack.loadBalancers.internal,
      routes: { admin: { paths: ["/*"], loadBalancer: stack.loadBalancer?.listeners.admin } },
    });
    const text = JSON.stringify(synthesized(stack));
    expect(Object.keys(service.targetGroups)).toEqual(["internal", "main"]);
    expect(service.targetGroup).toBe(service.targetGroups.internal);
    expect(text).toHaveResourceWithProperties(LbListenerRule, {
      listener_arn: "${aws_lb_listener.load_balancer_listener_admin.arn}",
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web_target_group.arn}" }],
    });
  });

  it("scales by the requests of the load balancer of its first route", () => {
    const text = withService({
      paths: ["/*"],
      loadBalancer: "internal",
      scaling: { maxCapacity: 2, requestsPerTarget: 10 },
    });
    expect(text).toContain('split(\\"/\\", aws_lb_listener.internal_load_balancer_http.arn)');
  });

  it("can have equal routes on different load balancers, and not on the same one", () => {
    const stack = clusterStack(BOTH);
    const add = (id: string, props: Partial<Ec2ServiceProps>) =>
      new Ec2Service(stack, id, { cluster: stack, containerPort: 80, paths: ["/a"], ...props });
    add("one", {});
    expect(problemsOf(() => add("two", { loadBalancer: "internal" }))).toEqual([]);
    expect(problemsOf(() => add("three", { loadBalancer: stack.loadBalancers.internal }))).toEqual([
      expect.stringContaining("paths must differ from the paths of ecs/two/rule"),
    ]);
  });

  it("sees the routes of another stack of the app on the same named load balancer", () => {
    const app = testApp();
    const stack = new EcsClusterStack(app, "ecs", BOTH);
    new Ec2Service(stack, "one", { cluster: stack, containerPort: 80, paths: ["/a"], loadBalancer: "internal" });
    const orders = new EcsServiceStack(app, "orders", { loadBalancers: ["internal"] });
    const { cluster } = orders;
    expect(
      problemsOf(
        () => new Ec2Service(orders, "two", { cluster, containerPort: 80, paths: ["/a"], loadBalancer: "internal" }),
      ),
    ).toEqual([expect.stringContaining("paths must differ from the paths of ecs/one/rule")]);
  });

  it.each<[what: string, props: Partial<Ec2ServiceProps>, problem: string]>([
    [
      "a load balancer that the cluster does not have",
      { paths: ["/*"], loadBalancer: "private" },
      'loadBalancer must be a load balancer of the cluster: "internal"; received "private". Add it to loadBalancers of the cluster, EcsServiceStack or EcsClusterLookup. Without the setting, the rule is on loadBalancer.',
    ],
    [
      "something else than a load balancer",
      { routes: { a: { paths: ["/*"], loadBalancer: { listenerArn: "arn" } } } },
      'routes.a.loadBalancer must be the name of a load balancer, a load balancer or one of its listeners; received {"listenerArn": "arn"}. For example "internal", stack.loadBalancers.internal or ApplicationLoadBalancer.fromListenerArn(…).',
    ],
    [
      "a load balancer without a route",
      { loadBalancer: "internal" },
      'loadBalancer must not be set without a condition such as paths; received "internal". Set paths or hosts, or set the loadBalancer of a route in routes.',
    ],
  ])("rejects %s", (_, props, problem) => {
    expect(problemsOf(() => withService(props))).toEqual([problem]);
  });

  it("has at most the five target groups of ECS", () => {
    const loadBalancers = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, {}]));
    const routes = Object.fromEntries(
      ["a", "b", "c", "d", "e"].map((name) => [name, { paths: ["/*"], loadBalancer: name }]),
    );
    expect(problemsOf(() => withService({ routes }, { loadBalancers }))).toEqual([]);
    expect(problemsOf(() => withService({ paths: ["/*"], routes }, { loadBalancers }))).toEqual([
      'routes must have at most 5 target groups, one for each load balancer and port, because ECS allows no more for a service; received ["main", "a", "b", "c", "d", "e"]. Create another service for the others.',
    ]);
  });
});

describe("a lookup of a cluster with several load balancers", () => {
  const lookedUp = () => {
    const stack = new EcsServiceStack(testApp(), "orders", { loadBalancers: ["internal"] });
    const { cluster } = stack;
    new Ec2Service(stack, "web", { cluster, containerPort: 80, paths: ["/*"], loadBalancer: "internal" });
    return stack;
  };

  it("finds each listener by the name of its load balancer", () => {
    const { data, resource } = synthesized(lookedUp()) as unknown as Json;
    const listeners = data?.aws_resourcegroupstaggingapi_resources ?? {};
    expect(Object.keys(listeners)).toEqual(["cluster_listeners", "cluster_internal_listeners"]);
    expect(listeners.cluster_internal_listeners).toMatchObject({
      tag_filter: [
        { key: "Cluster", values: ["${var.cluster_name}"] },
        { key: "Purpose", values: ["Where routes of services put their rules"] },
        { key: "LoadBalancer", values: ["internal"] },
      ],
    });
    expect(resource?.aws_lb_listener_rule?.web_rule).toMatchObject({
      listener_arn: expect.stringContaining("cluster_internal_listeners"),
    });
  });

  it("looks up the DNS name of each load balancer only if you use it", () => {
    const stack = lookedUp();
    expect(synthesized(stack)).not.toHaveProperty("data.aws_lb");
    const other = lookedUp();
    expect(other.cluster.loadBalancers.internal?.loadBalancerDnsName).toBeDefined();
    expect(synthesized(other)).toHaveProperty("data.aws_lb.cluster_internal_load_balancer");
  });

  it("rejects a wrong name", () => {
    expect(problemsOf(() => new EcsServiceStack(testApp(), "orders", { loadBalancers: ["In"] }))).toEqual([
      'loadBalancers[0] must be the name of a load balancer in loadBalancers of the cluster; received "In". The name is part of variables, addresses and names in AWS. For example internal.',
    ]);
  });
});
