import { TerraformVariable } from "cdktf";
import {
  ApplicationLoadBalancer,
  Ec2Service,
  type Ec2ServiceProps,
  hcl,
  Secret,
  ServiceConnectNamespace,
} from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { Parts } from "../support/parts";
import { at, count, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

const routed = { containerPort: 3000, paths: ["/api/users*"] } as const;

function made(props: Partial<Ec2ServiceProps> = {}, id = "users"): Part {
  const stack = emptyStack();
  new Ec2Service(stack, id, { cluster: clusterTarget(), ...props });
  return synthesized(stack);
}
const service = (props: Partial<Ec2ServiceProps> = {}) => resource(made(props), "aws_ecs_service.users");

describe("Ec2Service", () => {
  it("has addresses that say what they are, and no hash", () => {
    const json = made({ ...routed, enableExecuteCommand: true, scaling: { maxCapacity: 2, cpuPercent: 60 } });
    const addresses = Object.entries(json.resource as Part).flatMap(([type, names]) =>
      Object.keys(names as Part).map((name) => `${type}.${name}`),
    );
    expect(addresses.sort()).toEqual([
      "aws_appautoscaling_policy.users_scaling_cpu",
      "aws_appautoscaling_target.users_scaling",
      "aws_cloudwatch_log_group.users_task_definition_log_group",
      "aws_ecs_service.users",
      "aws_ecs_task_definition.users_task_definition",
      "aws_iam_role.users_task_definition_execution_role",
      "aws_iam_role.users_task_definition_task_role",
      "aws_iam_role_policy.users_task_definition_execution_role_policy",
      "aws_iam_role_policy.users_task_definition_task_role_policy",
      "aws_lb_listener_rule.users_rule",
      "aws_lb_target_group.users_target_group",
    ]);
  });

  it("runs one task on the cluster's capacity, spread over zones and packed by memory", () => {
    expect(service(routed)).toMatchObject({
      name: "users",
      cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
      desired_count: 1,
      scheduling_strategy: "REPLICA",
      capacity_provider_strategy: [{ capacity_provider: "cp-prod", weight: 1, base: 0 }],
      ordered_placement_strategy: [
        { type: "spread", field: "attribute:ecs.availability-zone" },
        { type: "binpack", field: "memory" },
      ],
    });
  });

  it("goes by a capacity provider strategy and never by a launch type, and has no network configuration", () => {
    expect(service(routed)).not.toHaveProperty("launch_type");
    expect(service(routed)).not.toHaveProperty("network_configuration");
    expect(service(routed).force_new_deployment).toBe(true);
  });

  it("stops a deployment that doesn't become healthy and goes back, by default", () => {
    expect(service()).toMatchObject({
      deployment_minimum_healthy_percent: 50,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      wait_for_steady_state: false,
    });
    expect(service({ rollback: false }).deployment_circuit_breaker).toEqual({ enable: true, rollback: false });
    expect(service({ circuitBreaker: false }).deployment_circuit_breaker).toEqual({ enable: false, rollback: false });
  });

  it("takes requests with a route, and has a minute to start in", () => {
    expect(service(routed)).toMatchObject({
      load_balancer: [
        {
          target_group_arn: "${aws_lb_target_group.users_target_group.arn}",
          container_name: "users",
          container_port: 3000,
        },
      ],
      health_check_grace_period_seconds: 60,
    });
  });

  it("has no target group without a route", () => {
    const json = made({ containerPort: 3000 });
    expect([count(json, "aws_lb_target_group"), count(json, "aws_lb_listener_rule")]).toEqual([0, 0]);
    expect(resource(json, "aws_ecs_service.users")).not.toHaveProperty("load_balancer");
    expect(resource(json, "aws_ecs_service.users")).not.toHaveProperty("health_check_grace_period_seconds");
  });

  it("has a rule for its own paths and one for each route, at one target group", () => {
    const json = made({ ...routed, routes: { admin: { hosts: ["admin.example.com"] } } });
    expect(Object.keys(at(json, "resource", "aws_lb_listener_rule") as Part)).toEqual([
      "users_rule",
      "users_rule_admin",
    ]);
    expect(count(json, "aws_lb_target_group")).toBe(1);
  });

  it("waits for its rules and its rights, which go after it on destroy", () => {
    const cluster = clusterTarget({
      capacityProvider: { capacityProviderName: "cp", association: { fqn: "aws_ecs_cluster_capacity_providers.a" } },
    });
    const stack = emptyStack();
    const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
    new Ec2Service(stack, "users", { cluster, ...routed, enableExecuteCommand: true, serviceConnect: { namespace } });
    expect(resource(synthesized(stack), "aws_ecs_service.users").depends_on).toEqual([
      "aws_lb_listener_rule.users_rule",
      "aws_iam_role_policy.users_task_definition_execution_role_policy",
      "aws_iam_role_policy.users_task_definition_task_role_policy",
      "aws_ecs_cluster_capacity_providers.a",
      "aws_vpc_security_group_ingress_rule.namespace_instances_from_instances",
    ]);
  });

  it("runs one task on each instance as a daemon, without any strategy", () => {
    const daemon = service({ daemon: true });
    expect(daemon).toMatchObject({
      scheduling_strategy: "DAEMON",
      launch_type: "EC2",
      deployment_maximum_percent: 100,
      deployment_minimum_healthy_percent: 0,
    });
    for (const name of ["desired_count", "capacity_provider_strategy", "ordered_placement_strategy"]) {
      expect(daemon).not.toHaveProperty(name);
    }
  });

  it("leaves the number of tasks to scaling", () => {
    const scaled = service({ scaling: { minCapacity: 2, maxCapacity: 4, cpuPercent: 60 } });
    expect(scaled.desired_count).toBe(2);
    expect(at(scaled, "lifecycle", "ignore_changes")).toEqual(["desired_count"]);
    expect(at(service(), "lifecycle", "ignore_changes")).toBeUndefined();
  });

  it("takes constructs that were made one by one for its cluster", () => {
    const stack = emptyStack();
    const parts = new Parts(stack, { rules: { httpCidrs: ["0.0.0.0/0"] } });
    const { cluster, capacity: capacityProvider, vpc, portRules } = parts;
    const loadBalancer = new ApplicationLoadBalancer(stack, "load_balancer", { name: "prod", vpc, portRules });
    const target = { cluster, capacityProvider, loadBalancer, vpc, portRules, region: "eu-west-1" };
    new Ec2Service(stack, "users", { cluster: target, ...routed });
    expect(resource(synthesized(stack), "aws_ecs_service.users")).toMatchObject({
      cluster: "${aws_ecs_cluster.cluster.arn}",
      depends_on: expect.arrayContaining(["aws_ecs_cluster_capacity_providers.capacity_association"]),
    });
  });

  it("takes Terraform's own numbers", () => {
    const stack = emptyStack();
    const tasks = new TerraformVariable(stack, "tasks", { type: "number" }).numberValue;
    new Ec2Service(stack, "users", { cluster: clusterTarget(), desiredCount: tasks, memoryLimitMiB: tasks });
    const json = synthesized(stack);
    expect(resource(json, "aws_ecs_service.users").desired_count).toBe("${var.tasks}");
    expect(resource(json, "aws_ecs_task_definition.users_task_definition").container_definitions).toContain(
      '"memory" = var.tasks',
    );
  });

  it("is compared with the cluster's instances, unless its own strategy leads elsewhere", () => {
    const details = hcl`data.aws_ec2_instance_type.types`.string;
    const cluster = clusterTarget({ instanceCapacity: { details, maxSize: 2, reservedMemoryMiB: 0 } });
    const guards = (props: Partial<Ec2ServiceProps>) =>
      ((at(service({ cluster, ...props }), "lifecycle", "precondition") ?? []) as unknown[]).length;
    const on = (capacityProvider: string) => ({ capacityProviderStrategies: [{ capacityProvider }] });
    const several = { ...cluster, defaultStrategy: [{ capacityProvider: "cp-prod" }, { capacityProvider: "cp-spot" }] };
    expect(guards({})).toBe(4);
    expect(guards(on("cp-prod"))).toBe(4);
    expect(guards(on("gpu"))).toBe(0);
    expect(guards({ cluster: several })).toBe(4);
    expect(guards({ cluster: several, ...on("cp-prod") })).toBe(0);
  });

  it("has the placement, the shares and the constraints given", () => {
    expect(
      service({
        placementStrategies: [{ type: "random" }],
        placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" }],
        capacityProviderStrategies: [{ capacityProvider: "spot", weight: 3, base: 1 }],
      }),
    ).toMatchObject({
      ordered_placement_strategy: [{ type: "random" }],
      placement_constraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" }],
      capacity_provider_strategy: [{ capacity_provider: "spot", weight: 3, base: 1 }],
    });
  });

  it.each<[string, Partial<Ec2ServiceProps>]>([
    ["ENABLED", {}],
    ["ENABLED", { placementStrategies: [] }],
    ["DISABLED", { placementStrategies: [{ type: "binpack", field: "memory" }] }],
    ["DISABLED", { placementStrategies: [{ type: "spread", field: "instanceId" }] }],
    ["DISABLED", { maximumPercent: 100, minimumHealthyPercent: 0 }],
    ["DISABLED", { daemon: true }],
    [
      "DISABLED",
      { placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.availability-zone == eu-west-1a" }] },
    ],
  ])("has zones evened out where ECS takes that: %s with %j", (expected, props) => {
    expect(service(props).availability_zone_rebalancing).toBe(expected);
  });

  it("serves others through Service Connect by the name of its port", () => {
    const json = made({ containerPort: 3000, serviceConnect: { namespace: "internal" } });
    expect(
      at(json, "resource", "aws_ecs_service", "users", "service_connect_configuration", "service", 0),
    ).toMatchObject({
      port_name: "users",
      client_alias: { port: 3000, dns_name: "users" },
    });
    expect(resource(json, "aws_ecs_task_definition.users_task_definition").container_definitions).toContain(
      '"portMappings" = [{ "name" = "users", "containerPort" = 3000, "hostPort" = 0, "protocol" = "tcp" }]',
    );
  });

  it("may have another name than its id", () => {
    const json = made({ serviceName: "people" });
    expect(resource(json, "aws_ecs_service.users").name).toBe("people");
    expect(at(json, "variable", "people_image")).toBeDefined();
  });

  it("tags its tasks as itself", () => {
    expect(service()).toMatchObject({ propagate_tags: "SERVICE", enable_ecs_managed_tags: true });
  });

  it("has only tags that AWS takes", () => {
    const json = made({
      ...routed,
      enableExecuteCommand: true,
      ecrRepository: true,
      scaling: { maxCapacity: 2, cpuPercent: 9 },
    });
    const tags = Object.values(json.resource as Part).flatMap((names) =>
      Object.values(names as Part).flatMap((block) => Object.values((at(block, "tags") ?? {}) as Part)),
    );
    expect(tags.length).toBeGreaterThan(12);
    for (const tag of tags) expect(String(tag).replace(/\$\{.*\}/g, "x")).toMatch(/^[\p{L}\p{N} _.:/=+@-]{1,256}$/u);
  });
});

describe("Ec2Service's mistakes", () => {
  it("are named all at once, from every part", () => {
    expect(() =>
      made({
        containerPort: 0,
        cpu: 1,
        image: "Users",
        desiredCount: -1,
        paths: ["users"],
        healthCheck: { intervalSeconds: 6, timeoutSeconds: 7 },
        logRetentionDays: 2,
        secrets: { URL: Secret.fromSecretsManager("x") },
        sidecars: [{ name: "proxy", image: "envoy:1", memoryLimitMiB: 1 }],
        scaling: { maxCapacity: 3 },
        serviceConnect: { namespace: "internal", port: 0 },
        ecrRepository: { keepImages: 0 },
      }),
    ).toThrow('Ec2Service "test/users": 13 settings are wrong');
  });

  it.each<[string, Partial<Ec2ServiceProps>, string]>([
    [
      "a route without a port",
      { paths: ["/a"] },
      "containerPort must be given with a route; received nothing. Give the port that the process in the container listens on.",
    ],
    [
      "a route without a load balancer",
      { ...routed, cluster: clusterTarget({ loadBalancer: undefined }) },
      'paths, hosts and routes must come with a load balancer; received [{"paths":["/api/users*"]}] for a cluster without. Give the cluster one (loadBalancer), or leave them out.',
    ],
    [
      "a priority of no rule",
      { priority: 3 },
      "priority must come with paths or hosts; received 3 for none. Give it paths, or put it into its route.",
    ],
    [
      "a route by a name that is no address",
      { containerPort: 3000, routes: { "Admin UI": { paths: ["/a"] } } },
      'routes must have names of 1 to 32 lower-case letters, digits and underscores, with a letter first; received "Admin UI". Rename it: its rule\'s address ends in it.',
    ],
    [
      "the load balancer's health check without a route",
      { healthCheck: { path: "/health" } },
      'healthCheck must come with a route; received {"path":"/health"} for a service that gets no requests. Give the service paths or hosts, or leave it out (Docker\'s own check is containerHealthCheck).',
    ],
    [
      "a target protocol without a route",
      { targetProtocol: "HTTPS" },
      'targetProtocol must come with a route; received "HTTPS" for a service that gets no requests. Give the service paths or hosts, or leave it out.',
    ],
    [
      "a grace period without a route",
      { healthCheckGracePeriodSeconds: 30 },
      "healthCheckGracePeriodSeconds must come with a route; received 30 for a service that gets no requests. Give the service paths or hosts, or leave it out.",
    ],
    [
      "a shell in a container that can't be written to",
      { enableExecuteCommand: true, readonlyRootFilesystem: true },
      "readonlyRootFilesystem must be left out with enableExecuteCommand; received true. ECS Exec writes into the container: choose one of them.",
    ],
    [
      "more tasks than scaling would run",
      { desiredCount: 9, scaling: { maxCapacity: 3, cpuPercent: 60 } },
      "desiredCount must lie within minCapacity and maxCapacity of scaling; received 9, with 1 and 3. Leave it out: scaling starts at minCapacity.",
    ],
    [
      "percentages under which no deployment could begin",
      { maximumPercent: 150 },
      "minimumHealthyPercent and maximumPercent must let a deployment begin; received 50 and 150 for a desiredCount of 1, of which none may stop and beside which none may start. Raise maximumPercent to 200, or lower minimumHealthyPercent.",
    ],
    [
      "a daemon with a number of tasks",
      { daemon: true, desiredCount: 2 },
      "desiredCount must be left out with daemon; received 2. A daemon runs one task on each instance.",
    ],
    [
      "a daemon with a strategy",
      { daemon: true, capacityProviderStrategies: [{ capacityProvider: "spot" }] },
      'capacityProviderStrategies must be left out with daemon; received [{"capacityProvider":"spot"}]. A daemon runs one task on each instance.',
    ],
    [
      "a daemon with two tasks an instance",
      { daemon: true, maximumPercent: 200 },
      "maximumPercent must be 100 with daemon; received 200. Leave it out: an instance never runs two tasks of a daemon.",
    ],
    [
      "a daemon none of whose tasks may stop",
      { daemon: true, minimumHealthyPercent: 100 },
      "minimumHealthyPercent must be under 100 with daemon; received 100. A daemon's old task stops before its new one starts: leave it out.",
    ],
    [
      "a capacity provider twice, and Fargate",
      { capacityProviderStrategies: [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE" }] },
      'capacityProviderStrategies must name each capacity provider once; received "FARGATE" twice. Add up their weights.',
    ],
    [
      "Fargate, which has no bridge mode",
      { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT" }] },
      'capacityProviderStrategies must name providers of instances; received "FARGATE_SPOT". Tasks in bridge mode run on instances only: name one of the cluster\'s own.',
    ],
    [
      "a daemon with a route and a placement strategy",
      { ...routed, daemon: true, placementStrategies: [{ type: "random" }] },
      'placementStrategies must be left out with daemon; received [{"type":"random"}]. A daemon runs one task on each instance.',
    ],
    [
      "too many strategies",
      { placementStrategies: Array.from({ length: 6 }, () => ({ type: "random" }) as const) },
      "placementStrategies must be at most 5; received 6. Keep those that matter most, in order.",
    ],
    [
      "too many constraints",
      { placementConstraints: Array.from({ length: 11 }, () => ({ type: "distinctInstance" }) as const) },
      'placementConstraints must be at most 10; received 11. Join expressions with "and" or "or".',
    ],
    [
      "a weight that ECS doesn't take",
      { capacityProviderStrategies: [{ capacityProvider: "spot", weight: 1001 }] },
      "capacityProviderStrategies.0.weight must be a whole number from 0 to 1000; received 1001. 1 is the default.",
    ],
    [
      "a base that ECS doesn't take",
      { capacityProviderStrategies: [{ capacityProvider: "spot", base: -1 }] },
      "capacityProviderStrategies.0.base must be a whole number from 0 to 100000 (tasks); received -1. 0 is the default.",
    ],
    [
      "no strategy",
      { capacityProviderStrategies: [] },
      "capacityProviderStrategies must be 1 to 20; received 0. Leave it out for the cluster's own capacity provider.",
    ],
    [
      "two bases",
      {
        capacityProviderStrategies: [
          { capacityProvider: "spot", base: 1 },
          { capacityProvider: "cp-prod", base: 2 },
        ],
      },
      "capacityProviderStrategies must have a base once; received [1,2]. Keep the one whose tasks come first.",
    ],
    [
      "no weight at all",
      { capacityProviderStrategies: [{ capacityProvider: "spot", weight: 0 }] },
      "capacityProviderStrategies must have a weight over 0; received 0 for each. With no weight at all ECS places no task.",
    ],
    [
      "a field of random",
      { placementStrategies: [{ type: "random", field: "memory" }] },
      'placementStrategies.0.field must be left out with random; received "memory". Random looks at nothing.',
    ],
    [
      "a spread over nothing",
      { placementStrategies: [{ type: "spread" }] },
      'placementStrategies.0.field must be given with spread; received nothing. For example "attribute:ecs.availability-zone".',
    ],
    [
      "a pack by something else",
      { placementStrategies: [{ type: "binpack", field: "instanceId" }] },
      'placementStrategies.0.field must be cpu or memory with binpack; received "instanceId". Spread goes by other fields.',
    ],
    [
      "a constraint without an expression",
      { placementConstraints: [{ type: "memberOf" }] },
      'placementConstraints.0.expression must be given with memberOf; received nothing. memberOf takes one like "attribute:ecs.instance-type =~ t3.*".',
    ],
    [
      "an expression of distinctInstance",
      { placementConstraints: [{ type: "distinctInstance", expression: "x" }] },
      'placementConstraints.0.expression must be left out with distinctInstance; received "x". memberOf takes one like "attribute:ecs.instance-type =~ t3.*".',
    ],
    [
      "names that are too long together",
      { serviceName: "a-service-with-a-very-long-n" },
      'serviceName must leave the cluster\'s and its own name together at most 32 characters; received "prod-a-service-with-a-very-long-n", which has 33. Shorten it: the names of its roles start with both.',
    ],
    [
      "a name of its own that is too long",
      { serviceName: "a-service-with-a-much-too-long-name" },
      'serviceName must be 1 to 28 characters long; received "a-service-with-a-much-too-long-name". Shorten it: with the cluster\'s name before it, it may have 32 characters.',
    ],
    [
      "a name with capitals",
      { serviceName: "Users" },
      'serviceName must hold lower-case letters, digits and hyphens only, begin with a letter and not end with a hyphen; received "Users". Write it like "users" or "order-history": target groups, repositories and variables are named after it.',
    ],
    [
      "percentages that ECS doesn't take",
      { minimumHealthyPercent: 101 },
      "minimumHealthyPercent must be a whole number from 0 to 100 (percent); received 101. 50 lets half of the tasks be replaced at a time.",
    ],
  ])("name %s", (_, props, message) => {
    expect(mistakesOf(() => made(props))).toContain(message);
  });

  it.each<Partial<Ec2ServiceProps>>([
    { minimumHealthyPercent: 0, maximumPercent: 100 },
    { desiredCount: 2, maximumPercent: 100 },
    { desiredCount: 2, minimumHealthyPercent: 100, maximumPercent: 150 },
    { desiredCount: 0, minimumHealthyPercent: 100, maximumPercent: 100 },
    { daemon: true, minimumHealthyPercent: 0 },
  ])("are none where a deployment can begin: %j", (props) => {
    expect(mistakesOf(() => made(props))).toEqual([]);
  });

  it("name a setting that there isn't, though it was spread in where the compiler doesn't look", () => {
    const shared = { memoryLimit: 256, containerPort: 80 };
    const misspelt = { claster: emptyStack(), cpu: 256 };
    expect(mistakesOf(() => made({ ...misspelt }))).toEqual([
      "claster must be a setting that there is; received an object. Did you mean cluster?",
    ]);
    expect(mistakesOf(() => made({ ...shared }))).toEqual([
      "memoryLimit must be a setting that there is; received 256. Did you mean memoryLimitMiB?",
    ]);
  });

  it.each<[string, object, string]>([
    ["a health check", { ...routed, healthCheck: { timeout: 3 } }, "healthCheck.timeout|3. Known are"],
    [
      "a container's check",
      { containerHealthCheck: { command: "x", retry: 3 } },
      "containerHealthCheck.retry|3. Known are command, ",
    ],
    [
      "scaling",
      { scaling: { maxCapacity: 2, cpuPercent: 5, minCapasity: 2 } },
      "scaling.minCapasity|2. Did you mean min",
    ],
    ["Service Connect", { serviceConnect: { namespace: "x", dns: "y" } }, 'serviceConnect.dns|"y". '],
    [
      "a route",
      { containerPort: 80, routes: { old: { paths: ["/x"], host: "y" } } },
      'routes.old.host|"y". Did you mean h',
    ],
    [
      "a statement, which would allow more than was meant",
      { taskRoleStatements: [{ actions: ["s3:GetObject"], resources: ["*"], conditions: { Bool: {} } }] },
      "taskRoleStatements.0.conditions|an object. ",
    ],
  ])("name one in %s, which a constant kept from the compiler", (_, props, message) => {
    const [name, rest] = message.split("|");
    expect(mistakesOf(() => made(props))).toEqual([
      expect.stringContaining(`${name} must be a setting that there is; received ${rest}`),
    ]);
  });

  it("name the setting of a rule that meets another service's", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new Ec2Service(stack, "users", { cluster, ...routed });
    expect(
      mistakesOf(
        () => new Ec2Service(stack, "people", { cluster, containerPort: 80, routes: { old: { paths: routed.paths } } }),
      ),
    ).toEqual([
      'routes.old must match something that no other rule does; received "/api/users*", which test/users/rule has too. Remove it from one of them.',
    ]);
  });

  it("name a rule of another stack of the app on the same listener", () => {
    const cluster = clusterTarget();
    new Ec2Service(emptyStack("one"), "users", { cluster, ...routed });
    expect(mistakesOf(() => new Ec2Service(emptyStack("other"), "people", { cluster, ...routed }))).toEqual([
      expect.stringContaining("which one/users/rule has too"),
    ]);
  });

  it("name a name that another service of the stack has", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new Ec2Service(stack, "users", { cluster });
    expect(mistakesOf(() => new Ec2Service(stack, "people", { cluster, serviceName: "users" }))).toEqual([
      'serviceName must be one of its kind in the stack; received "users", which test/users/image has too. Give one of them another serviceName.',
    ]);
  });

  it("leave nothing behind: a service that was refused takes no rule", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    expect(mistakesOf(() => new Ec2Service(stack, "broken", { cluster, ...routed, cpu: 1 }))).toHaveLength(1);
    expect(mistakesOf(() => new Ec2Service(stack, "users", { cluster, ...routed }))).toEqual([]);
  });
});

describe("the priorities of services", () => {
  it("are the same whatever the order in the code, and stay when a service comes along", () => {
    const priorities = (paths: readonly string[]) => {
      const stack = emptyStack();
      const cluster = clusterTarget();
      const entries = paths.map((path) => {
        const [rule] = new Ec2Service(stack, path.replace(/[^a-z]/g, ""), { cluster, containerPort: 80, paths: [path] })
          .rules;
        return [path, rule?.priority];
      });
      return Object.fromEntries(entries);
    };
    const some = priorities(["/api*", "/api/users*", "/api/posts*"]);
    expect(priorities(["/api/posts*", "/api/users*", "/api*"])).toEqual(some);
    expect(priorities(["/api/threads*", "/api*", "/api/users*", "/api/posts*"])).toMatchObject(some);
    expect(some["/api/users*"]).toBeLessThan(some["/api*"] as number);
  });
});
