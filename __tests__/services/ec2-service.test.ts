import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Fn, TerraformVariable, Testing, Token } from "cdktf";
import { Construct } from "constructs";
import {
  ApplicationLoadBalancer,
  Ec2Service,
  type Ec2ServiceProps,
  EcsClusterLookup,
  EcsClusterStack,
  EcsServiceStack,
  hcl,
  ReadableStack,
  type Secret,
  ServiceConnectNamespace,
  TaskDefinition,
} from "../../src";
import { identifyCluster } from "../../src/cluster/cluster-identity";
import { clusterTarget } from "../support/cluster-target";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { at, emptyStack, ofType, type Part, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const routed = { containerPort: 3000, paths: ["/api/users*"] } as const;

const synthesize = (props: Partial<Ec2ServiceProps> = {}, id = "users"): string =>
  Testing.synthScope((stack) => {
    new Ec2Service(stack, id, { cluster: clusterTarget(), ...props });
  });

/** Expects a property with any value. With `not`, the property is absent. */
const anyOf = (property: string) => ({ [property]: expect.anything() });

describe("Ec2Service", () => {
  it("has readable addresses without a hash", () => {
    const stack = emptyStack();
    const scaling = { maxCapacity: 2, cpuPercent: 60 };
    new Ec2Service(stack, "users", { cluster: clusterTarget(), ...routed, enableExecuteCommand: true, scaling });
    const addresses = Object.entries(synthesized(stack).resource as Part).flatMap(([type, names]) =>
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
      "terraform_data.users_target_group_load_balancer",
    ]);
  });

  it("runs one task on the cluster's capacity provider by default", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(EcsService, {
      name: "users",
      cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
      desired_count: "${var.users_desired_count}",
      scheduling_strategy: "REPLICA",
      capacity_provider_strategy: [{ capacity_provider: "cp-prod", weight: 1, base: 0 }],
      deployment_minimum_healthy_percent: 50,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      enable_execute_command: false,
      wait_for_steady_state: true,
      // ECS rejects a changed strategy without a new deployment.
      force_new_deployment: true,
      propagate_tags: "SERVICE",
      enable_ecs_managed_tags: true,
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, { family: "prod-users", network_mode: "bridge" });
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, {
      name: "/ecs/prod/users",
      retention_in_days: "${var.users_log_retention_days}",
    });
    expect(resourceCounts(json)).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_ecs_service: 1,
      aws_ecs_task_definition: 1,
      aws_iam_role: 1,
      aws_iam_role_policy: 1,
    });
  });

  it("sets neither a launch type nor a network configuration", () => {
    for (const name of ["launch_type", "network_configuration", "load_balancer", "placement_constraints"]) {
      expect(synthesize()).not.toHaveResourceWithProperties(EcsService, anyOf(name));
    }
  });

  it("renders the deployment settings", () => {
    expect(
      synthesize({
        desiredCount: 3,
        minimumHealthyPercent: 100,
        maximumPercent: 150,
        rollback: false,
        waitForSteadyState: false,
        steadyStateTimeoutMinutes: 90,
        enableExecuteCommand: true,
      }),
    ).toHaveResourceWithProperties(EcsService, {
      desired_count: "${var.users_desired_count}",
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 150,
      deployment_circuit_breaker: { enable: true, rollback: false },
      wait_for_steady_state: false,
      timeouts: { create: "90m", update: "90m", delete: "90m" },
      enable_execute_command: true,
    });
    expect(synthesize({ circuitBreaker: false })).toHaveResourceWithProperties(EcsService, {
      deployment_circuit_breaker: { enable: false, rollback: false },
    });
  });

  it("has no tasks until its image exists, with imageParameter", () => {
    expect(synthesize({ imageParameter: true, desiredCount: 2 })).toHaveResourceWithProperties(EcsService, {
      desired_count: expect.stringMatching(/insecure_value == "none" \? 0 : var.users_desired_count}$/),
    });
    expect(synthesize({ imageParameter: true, image: "web:1" })).toHaveResourceWithProperties(EcsService, {
      desired_count: "${var.users_desired_count}",
    });
  });

  it("keeps the revision that a pipeline deployed, with externalDeployments", () => {
    const json = synthesize({ externalDeployments: true, scaling: { maxCapacity: 2, cpuPercent: 60 } });
    expect(json).toHaveResourceWithProperties(EcsService, {
      lifecycle: expect.objectContaining({ ignore_changes: ["desired_count", "task_definition"] }),
    });
    const { output } = JSON.parse(json) as { output: Record<string, { value: string }> };
    const [, { value } = { value: "" }] =
      Object.entries(output).find(([name]) => name.includes("task_definition_to_deploy")) ?? [];
    expect(value).toMatch(/^\$\{aws_ecs_task_definition\.[A-Za-z0-9_]+\.arn\}$/);
  });

  it("can be deleted without scaling to 0 tasks first", () => {
    expect(synthesize({ forceDelete: true })).toHaveResourceWithProperties(EcsService, { force_delete: true });
  });

  it("receives requests with a route, and has a minute to start", () => {
    const json = synthesize({ ...routed, healthCheck: { path: "/health" }, slowStartSeconds: 30, priority: 7 });
    expect(json).toHaveResourceWithProperties(EcsService, {
      load_balancer: [
        {
          target_group_arn: expect.stringMatching(/^\$\{aws_lb_target_group\..*\.arn\}$/),
          container_name: "users",
          container_port: 3000,
        },
      ],
      health_check_grace_period_seconds: 60,
    });
    expect(json).toHaveResourceWithProperties(LbTargetGroup, {
      slow_start: 30,
      health_check: expect.objectContaining({ path: "/health" }),
    });
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      priority: 7,
      condition: [{ path_pattern: { values: ["/api/users*"] } }],
    });
    expect(synthesize({ ...routed, healthCheckGracePeriodSeconds: 5 })).toHaveResourceWithProperties(EcsService, {
      health_check_grace_period_seconds: 5,
    });
  });

  it("creates no target group without a route", () => {
    const json = synthesize({ containerPort: 3000 });
    expect(json).not.toHaveResource(LbTargetGroup);
    expect(json).not.toHaveResourceWithProperties(EcsService, anyOf("health_check_grace_period_seconds"));
  });

  it("creates a rule for its own paths and one for each route, with one target group", () => {
    const routes = { admin: { hosts: ["admin.example.com"] }, old: { paths: ["/users*"], priority: 9 } };
    const json = synthesize({ ...routed, routes });
    expect(resourceCounts(json)).toMatchObject({ aws_lb_listener_rule: 3, aws_lb_target_group: 1 });
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      condition: [{ host_header: { values: ["admin.example.com"] } }],
    });
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      priority: 9,
      condition: [{ path_pattern: { values: ["/users*"] } }],
    });
  });

  it("depends on its rules and its permissions, which Terraform destroys after it", () => {
    const cluster = clusterTarget({
      capacityProvider: { capacityProviderName: "cp", association: { fqn: "aws_ecs_cluster_capacity_providers.a" } },
    });
    const stack = emptyStack();
    const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
    new Ec2Service(stack, "users", { cluster, ...routed, enableExecuteCommand: true, serviceConnect: { namespace } });
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(EcsService, {
      depends_on: [
        "aws_lb_listener_rule.users_rule",
        "aws_iam_role_policy.users_task_definition_execution_role_policy",
        "aws_iam_role_policy.users_task_definition_task_role_policy",
        "aws_ecs_cluster_capacity_providers.a",
        "aws_vpc_security_group_ingress_rule.namespace_instances_from_instances",
      ],
    });
  });

  it("runs one task on each instance as a daemon, without a strategy", () => {
    const json = synthesize({ daemon: true });
    expect(json).toHaveResourceWithProperties(EcsService, {
      scheduling_strategy: "DAEMON",
      launch_type: "EC2",
      deployment_maximum_percent: 100,
      deployment_minimum_healthy_percent: 0,
    });
    for (const name of ["desired_count", "capacity_provider_strategy", "ordered_placement_strategy"]) {
      expect(json).not.toHaveResourceWithProperties(EcsService, anyOf(name));
    }
  });

  it("ignores changes to the number of tasks with scaling", () => {
    expect(synthesize({ scaling: { minCapacity: 2, maxCapacity: 4, cpuPercent: 60 } })).toHaveResourceWithProperties(
      EcsService,
      {
        desired_count: "${var.users_min_capacity}",
        lifecycle: expect.objectContaining({ ignore_changes: ["desired_count"] }),
      },
    );
    expect(synthesize({ ignoreDesiredCount: true })).toHaveResourceWithProperties(EcsService, {
      desired_count: "${var.users_desired_count}",
      lifecycle: expect.objectContaining({ ignore_changes: ["desired_count"] }),
    });
    expect(synthesize()).not.toHaveResourceWithProperties(EcsService, {
      lifecycle: expect.objectContaining(anyOf("ignore_changes")),
    });
  });

  it("scales by the requests to its own target group", () => {
    const json = synthesize({ ...routed, scaling: { maxCapacity: 4, requestsPerTarget: 100 } });
    expect(json).toHaveResourceWithProperties(AppautoscalingPolicy, {
      target_tracking_scaling_policy_configuration: expect.objectContaining({
        predefined_metric_specification: {
          predefined_metric_type: "ALBRequestCountPerTarget",
          resource_label: expect.stringMatching(/\/\$\{aws_lb_target_group\..*\.arn_suffix\}$/),
        },
      }),
    });
  });

  it("renders the capacity provider strategy", () => {
    expect(
      synthesize({ capacityProviderStrategies: [{ capacityProvider: "spot", weight: 3, base: 1 }] }),
    ).toHaveResourceWithProperties(EcsService, {
      capacity_provider_strategy: [{ capacity_provider: "spot", weight: 3, base: 1 }],
    });
  });

  it("accepts constructs that are created one by one as its cluster", () => {
    const stack = emptyStack();
    const parts = new Parts(stack, { rules: { httpCidrs: ["0.0.0.0/0"] } });
    const { cluster, capacity: capacityProvider, vpc, portRules } = parts;
    const loadBalancer = new ApplicationLoadBalancer(stack, "load_balancer", { name: "prod", vpc, portRules });
    const target = { cluster, capacityProvider, loadBalancer, vpc, portRules, region: "eu-west-1" };
    new Ec2Service(stack, "users", { cluster: target, ...routed });
    expect(Testing.synth(stack, true)).toHaveResourceWithProperties(EcsService, {
      cluster: "${aws_ecs_cluster.cluster.arn}",
      depends_on: expect.arrayContaining(["aws_ecs_cluster_capacity_providers.capacity_association"]),
    });
  });

  it("renders numbers that only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const tasks = new TerraformVariable(stack, "tasks", { type: "number" }).numberValue;
      new Ec2Service(stack, "users", { cluster: clusterTarget(), desiredCount: tasks, memoryLimitMiB: tasks });
    });
    expect(json).toHaveResourceWithProperties(EcsService, { desired_count: "${var.tasks}" });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining('"memory" = var.tasks'),
    });
  });

  it("is compared with the cluster's instances, unless its own strategy uses others", () => {
    const details = hcl`data.aws_ec2_instance_type.types`.string;
    const cluster = clusterTarget({ instanceCapacity: { details, maxSize: 2, reservedMemoryMiB: 0 } });
    const guards = (props: Partial<Ec2ServiceProps>) => {
      const [service] = Object.values(ofType(JSON.parse(synthesize({ cluster, ...props })), "aws_ecs_service"));
      return ((at(service, "lifecycle", "precondition") ?? []) as unknown[]).length;
    };
    const on = (capacityProvider: string) => ({ capacityProviderStrategies: [{ capacityProvider }] });
    const several = { ...cluster, defaultStrategy: [{ capacityProvider: "cp-prod" }, { capacityProvider: "cp-spot" }] };
    expect(guards({})).toBe(4);
    // Services of one name are rejected on one cluster, so each has a copy of it.
    const copy = () => ({ ...cluster, cluster: { ...cluster.cluster } });
    expect(guards({ cluster: copy(), ...on("cp-prod") })).toBe(4);
    expect(guards({ cluster: copy(), ...on("gpu") })).toBe(0);
    expect(guards({ cluster: { ...several, cluster: { ...cluster.cluster } } })).toBe(4);
    expect(guards({ cluster: { ...several, cluster: { ...cluster.cluster } }, ...on("cp-prod") })).toBe(0);
  });

  it("can have another name than its id", () => {
    const json = synthesize({ serviceName: "people" });
    expect(json).toHaveResourceWithProperties(EcsService, { name: "people" });
    expect(JSON.parse(json).variable).toHaveProperty("people_image");
  });

  it("has only tags that AWS accepts", () => {
    const scaling = { maxCapacity: 2, cpuPercent: 9 };
    const json = JSON.parse(synthesize({ ...routed, enableExecuteCommand: true, ecrRepository: true, scaling }));
    const tags = Object.values(json.resource as Part).flatMap((names) =>
      Object.values(names as Part).flatMap((block) => Object.values((at(block, "tags") ?? {}) as Part)),
    );
    expect(tags.length).toBeGreaterThan(12);
    for (const tag of tags) expect(String(tag).replace(/\$\{.*\}/g, "x")).toMatch(/^[\p{L}\p{N} _.:/=+@-]{1,256}$/u);
  });
});

describe("the validation of Ec2Service", () => {
  it("reports the problems of every part in one error", () => {
    const problems = problemsOf(() =>
      synthesize({
        containerPort: 0,
        cpu: 1,
        image: "Users",
        desiredCount: -1,
        paths: ["users"],
        healthCheck: { intervalSeconds: 6, timeoutSeconds: 7 },
        logRetentionDays: 2,
        secrets: { URL: "x" as unknown as Secret },
        sidecars: [{ name: "proxy", image: "envoy:1", memoryLimitMiB: 1 }],
        scaling: { maxCapacity: 3 },
        serviceConnect: { namespace: "internal", port: 0 },
        ecrRepository: { keepImages: 0 },
      }),
    );
    expect(problems.map((problem) => problem.split(" must ")[0]).sort()).toEqual([
      "containerPort",
      "cpu",
      "desiredCount",
      "ecrRepository.keepImages",
      "healthCheck.timeoutSeconds",
      "image",
      "logRetentionDays",
      "paths[0]",
      "scaling.cpuPercent",
      "secrets.URL",
      "serviceConnect.port",
      "sidecars[0].memoryLimitMiB",
    ]);
  });

  it.each<[string, Partial<Ec2ServiceProps>, string]>([
    [
      "a route without a port",
      { paths: ["/a"] },
      "containerPort must be set for a service with a route; received nothing. Use the port that the process in the container listens on.",
    ],
    [
      "a route without a load balancer",
      { ...routed, cluster: clusterTarget({ loadBalancer: undefined }) },
      "cluster.loadBalancer must be set for a service with a route; received nothing. Give the cluster a load balancer, or remove paths, hosts and routes.",
    ],
    [
      "a priority without a rule",
      { priority: 3 },
      "priority must not be set without a condition such as paths; received 3. Set paths or hosts, or set the priority of a route in routes.",
    ],
    [
      "too many paths and hosts in one rule",
      { containerPort: 80, paths: ["/a", "/b", "/c"], hosts: ["a.io", "b.io", "c.io"] },
      'paths must have at most 5 values, together with the other conditions; received ["/a", "/b", "/c", "a.io", "b.io", "c.io"]. Split the rule in two with routes.',
    ],
    [
      "a route whose name cannot be part of an address",
      { containerPort: 3000, routes: { "Admin UI": { paths: ["/a"] } } },
      'routes["Admin UI"] must have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter; received "Admin UI". Rename the route. The address of its rule ends with the name.',
    ],
    [
      "the load balancer's health check without a route",
      { healthCheck: { path: "/health" } },
      'healthCheck must not be set for a service without a route; received {"path": "/health"}. Set paths, hosts or routes, or remove it. Docker\'s own check is containerHealthCheck.',
    ],
    [
      "a target protocol without a route",
      { targetProtocol: "HTTPS" },
      'targetProtocol must not be set for a service without a route; received "HTTPS". Set paths, hosts or routes, or remove it.',
    ],
    [
      "a grace period without a route",
      { healthCheckGracePeriodSeconds: 30 },
      "healthCheckGracePeriodSeconds must not be set for a service without a route; received 30. Set paths, hosts or routes, or remove it.",
    ],
    [
      "a deregistration delay without a route",
      { deregistrationDelaySeconds: 5 },
      "deregistrationDelaySeconds must not be set for a service without a route; received 5. Set paths, hosts or routes, or remove it.",
    ],
    [
      "a slow start without a route",
      { slowStartSeconds: 30 },
      "slowStartSeconds must not be set for a service without a route; received 30. Set paths, hosts or routes, or remove it.",
    ],
    [
      "stickiness without a route",
      { stickinessSeconds: 60 },
      "stickinessSeconds must not be set for a service without a route; received 60. Set paths, hosts or routes, or remove it.",
    ],
    [
      "scaling by requests without a route",
      { scaling: { maxCapacity: 3, requestsPerTarget: 9 } },
      "scaling.requestsPerTarget must not be set for a service without a route; received 9. Set paths, hosts or routes, or remove it.",
    ],
    [
      "ECS Exec into a read-only container",
      { enableExecuteCommand: true, readonlyRootFilesystem: true },
      "readonlyRootFilesystem must not be true with enableExecuteCommand; received true. ECS Exec writes to the container's file system. Remove one of the two.",
    ],
    [
      "ECS Exec into a read-only sidecar",
      { enableExecuteCommand: true, sidecars: [{ name: "proxy", image: "envoy:1", readonlyRootFilesystem: true }] },
      "sidecars[0].readonlyRootFilesystem must not be true with enableExecuteCommand; received true. ECS Exec writes to the container's file system. Remove one of the two.",
    ],
    [
      "a list as the command of a sidecar's health check",
      { sidecars: [{ name: "proxy", image: "envoy:1", containerHealthCheck: { command: ["curl", "localhost"] } }] },
      'sidecars[0].containerHealthCheck.command must be one command, ["CMD-SHELL", command] or ["CMD", program, ...arguments]; received ["curl", "localhost"]. For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.',
    ],
    [
      "more tasks than scaling allows",
      { desiredCount: 9, scaling: { maxCapacity: 3, cpuPercent: 60 } },
      "desiredCount must be from minCapacity to maxCapacity of scaling, which are 1 and 3; received 9. Remove it: scaling starts at minCapacity.",
    ],
    [
      "a number of tasks that ECS rejects",
      { desiredCount: 5001 },
      "desiredCount must be a whole number from 0 to 5000 (tasks); received 5001. For example 2.",
    ],
    [
      "percentages that no deployment can start with",
      { maximumPercent: 150 },
      "maximumPercent must let a deployment stop or start a task; received 150. With a desiredCount of 1 and a minimumHealthyPercent of 50, ECS can do neither. Set it to 200, or lower minimumHealthyPercent.",
    ],
    [
      "a minimum above 100 %",
      { minimumHealthyPercent: 101 },
      "minimumHealthyPercent must be a whole number from 0 to 100 (percent); received 101. With 50, a deployment replaces half of the tasks at a time.",
    ],
    [
      "a maximum above 200 %",
      { maximumPercent: 201 },
      "maximumPercent must be a whole number from 100 to 200 (percent); received 201. With 200, a deployment starts new tasks before the old ones stop.",
    ],
    [
      "a negative grace period",
      { ...routed, healthCheckGracePeriodSeconds: -1 },
      "healthCheckGracePeriodSeconds must be a whole number from 0 to 2147483647 (seconds); received -1. For example 60.",
    ],
    [
      "a daemon with a number of tasks",
      { daemon: true, desiredCount: 2 },
      "desiredCount must not be set with daemon; received 2. Remove it. A daemon runs one task on each instance.",
    ],
    [
      "a daemon with a strategy",
      { daemon: true, capacityProviderStrategies: [{ capacityProvider: "spot" }] },
      'capacityProviderStrategies must not be set with daemon; received [{"capacityProvider": "spot"}]. Remove it. A daemon runs one task on each instance.',
    ],
    [
      "a daemon with scaling",
      { daemon: true, scaling: { maxCapacity: 2, cpuPercent: 60 } },
      'scaling must not be set with daemon; received {"maxCapacity": 2, "cpuPercent": 60}. Remove it. A daemon runs one task on each instance.',
    ],
    [
      "a daemon with a placement strategy",
      { daemon: true, placementStrategies: [{ type: "random" }] },
      'placementStrategies must not be set with daemon; received [{"type": "random"}]. Remove it. A daemon runs one task on each instance.',
    ],
    [
      "a daemon with two tasks on an instance",
      { daemon: true, maximumPercent: 200 },
      "maximumPercent must be 100 with daemon; received 200. Remove it: an instance never runs two tasks of a daemon.",
    ],
    [
      "a daemon whose tasks cannot stop",
      { daemon: true, minimumHealthyPercent: 100 },
      "minimumHealthyPercent must be below 100 with daemon; received 100. Remove it: the old task of a daemon stops before the new one starts.",
    ],
    [
      "a name that is too long with the cluster's",
      { serviceName: "a-service-with-a-very-long-n" },
      "serviceName must have at most 32 characters together with the cluster's name; received \"prod-a-service-with-a-very-long-n\". Shorten it: the names of the service's roles start with both.",
    ],
    [
      "a name that is too long by itself",
      { serviceName: "a-service-with-a-much-too-long-name" },
      'serviceName must be 1 to 28 characters long; received "a-service-with-a-much-too-long-name". Shorten it: together with the cluster\'s name it has at most 32 characters.',
    ],
    [
      "a name with capitals",
      { serviceName: "Users" },
      'serviceName must contain only lower-case letters, digits and hyphens, start with a letter and not end with a hyphen; received "Users". For example "users" or "order-history". Target groups, repositories and variables are named after it.',
    ],
    [
      "more containers than a task can have",
      { sidecars: Array.from({ length: 10 }, (_, index) => ({ name: `c${index}`, image: "nginx:1" })) },
      "sidecars must have at most 9 containers; received 10. A task has at most 10 containers. Create another service for the rest.",
    ],
    [
      "a sidecar with the service's name",
      { sidecars: [{ name: "users", image: "nginx:1" }] },
      'sidecars[0].name must differ from the names of the other containers; received "users". Rename one of the two.',
    ],
    [
      "a link to an unknown container",
      { links: ["proxi"], sidecars: [{ name: "proxy", image: "nginx:1" }] },
      'links[0] must be another container of the task; received "proxi". Did you mean "proxy"?',
    ],
    [
      "a mount point without a volume",
      { mountPoints: { "/data": "data" } },
      'mountPoints["/data"] must be the name of a volume of the task; received "data". Add the volume to volumes.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });

  it.each<[string, Partial<Ec2ServiceProps>]>([
    ["too many values of a rule", { containerPort: 80, paths: ["/a", "/b", "/c"], hosts: ["a.io", "b.io", "c.io"] }],
    ["two routes that share a path", { ...routed, routes: { old: { paths: routed.paths } } }],
  ])("rejects %s before it creates anything", (_, props) => {
    const stack = emptyStack();
    expect(() => new Ec2Service(stack, "users", { cluster: clusterTarget(), ...props })).toThrow(
      'Ec2Service "test/users" has 1 problem:',
    );
    expect(synthesized(stack)).not.toHaveProperty("resource");
  });

  it.each<Partial<Ec2ServiceProps>>([
    { minimumHealthyPercent: 0, maximumPercent: 100 },
    { desiredCount: 2, maximumPercent: 100 },
    { desiredCount: 2, minimumHealthyPercent: 100, maximumPercent: 150 },
    { desiredCount: 0, minimumHealthyPercent: 100, maximumPercent: 100 },
    { desiredCount: hcl`var.tasks`.number, maximumPercent: 100 },
    { daemon: true, minimumHealthyPercent: 0 },
  ])("accepts percentages that a deployment can start with: %j", (props) => {
    expect(problemsOf(() => synthesize(props))).toEqual([]);
  });

  it("applies the rules of names to an id that is the name", () => {
    expect(problemsOf(() => synthesize({}, "Users"))).toEqual([
      expect.stringMatching(/^serviceName must contain only lower-case letters.*; received "Users"\./),
    ]);
    expect(problemsOf(() => synthesize({ serviceName: "users" }, "Users"))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["undefined", undefined, "settings must be an object; received nothing. Set it."],
    ["null", null, "settings must be an object; received null. Set it."],
    [
      "a construct",
      emptyStack(),
      "settings must be an object; received an instance of ReadableStack. Write it in braces: { name: value }.",
    ],
    ["no cluster", {}, "cluster must be a cluster; received nothing. Set it."],
    [
      "another construct as the cluster",
      { cluster: emptyStack() },
      "cluster must be a cluster; received an instance of ReadableStack. Use an EcsClusterStack, the cluster of an EcsServiceStack, an EcsClusterLookup, or Cluster.fromClusterAttributes.",
    ],
  ])("rejects %s as its props", (_, props, message) => {
    expect(problemsOf(() => new Ec2Service(emptyStack(), "users", props as Ec2ServiceProps))).toEqual([message]);
  });

  it.each<[string, object, string]>([
    ["a misspelt setting", { memoryLimit: 256 }, 'Unknown setting "memoryLimit". Did you mean "memoryLimitMiB"?'],
    ["a misspelt construct", { claster: emptyStack() }, 'Unknown setting "claster". Did you mean "cluster"?'],
    [
      "a setting of the health check",
      { ...routed, healthCheck: { timeout: 3 } },
      'Unknown setting "healthCheck.timeout". Did you mean "timeoutSeconds"?',
    ],
    [
      "a setting of the container's health check",
      { containerHealthCheck: { command: "x", retrys: 3 } },
      'Unknown setting "containerHealthCheck.retrys". Did you mean "retries"?',
    ],
    [
      "a setting of scaling at the top",
      { minCapacity: 2 },
      'Unknown setting "minCapacity". Write it as scaling.minCapacity.',
    ],
    [
      "a setting of a route",
      { containerPort: 80, routes: { old: { paths: ["/x"], host: "y" } } },
      'Unknown setting "routes.old.host". Did you mean "hosts"?',
    ],
    [
      "a setting of a sidecar",
      { sidecars: [{ name: "proxy", image: "envoy:1", memoryLimit: 5 }] },
      'Unknown setting "sidecars[0].memoryLimit". Did you mean "memoryLimitMiB"?',
    ],
  ])("rejects %s that the compiler does not see", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });

  it.each<[string, object, string]>([
    [
      "sidecars in braces",
      { sidecars: {} },
      "sidecars must be a list; received {}. Write it in brackets: [first, second].",
    ],
    [
      "placement constraints that are texts",
      { placementConstraints: ["distinctInstance"] },
      'placementConstraints[0] must be an object; received "distinctInstance". Write it in braces: { name: value }.',
    ],
    [
      "a path without brackets",
      { containerPort: 80, paths: "/api/*" },
      'paths must be a list; received "/api/*". Write it in brackets: ["/api/users*"].',
    ],
    [
      "a switch that is a text",
      { daemon: "true" },
      'daemon must be true or false; received "true". Write it without quotes.',
    ],
    [
      "a switch that only Terraform knows",
      { daemon: hcl`var.daemon` },
      "daemon must be known when the code runs; received a token. Write the value itself instead of a token.",
    ],
    [
      "routes in brackets",
      { routes: [{ paths: ["/a"] }] },
      'routes must be a map; received [{"paths": […]}]. Write it in braces: { name: value }.',
    ],
    [
      "scaling that is true",
      { scaling: true },
      "scaling must be an object; received true. Write it in braces: { name: value }.",
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });

  it("rejects permissions that are written as in IAM", () => {
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    expect(problemsOf(() => synthesize({ taskRoleStatements: [statement] as never }))).toEqual([
      'taskRoleStatements[0] must be a statement with actions and resources; received {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}. Write { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] }. A statement always allows.',
    ]);
  });
});

describe("Ec2Service beside other constructs", () => {
  it("rejects the id of each construct of the cluster's stack, and accepts it as the name", () => {
    const stack = new EcsClusterStack(testApp(), "ecs", { dashboard: true });
    const others = stack.node.children;
    const ids = others.map(({ node }) => node.id);
    expect(ids).toEqual(expect.arrayContaining(["image", "dashboard", "vpc", "cluster", "capacity"]));
    for (const other of others) {
      const { id } = other.node;
      // The name of a service has no underscore.
      const fix = id.includes("_") ? "Use another id." : `Use another id, and set serviceName: "${id}".`;
      expect(problemsOf(() => new Ec2Service(stack, id, { cluster: stack }))).toEqual([
        `id must be unused; received "${id}", which ${other.constructor.name} "ecs/${id}" has. ${fix}`,
      ]);
    }
    const names = ids.filter((id) => /^[a-z]+$/.test(id));
    for (const id of names) new Ec2Service(stack, `${id}-service`, { cluster: stack, serviceName: id });
    const services = Object.values(ofType(synthesized(stack), "aws_ecs_service")).map(({ name }) => name);
    expect(services).toEqual(names);
  });

  it("rejects an id that is no text, or that every object has", () => {
    for (const id of [undefined, null, 5, {}]) {
      expect(problemsOf(() => new Ec2Service(emptyStack(), id as never, { cluster: clusterTarget() }))[0]).toMatch(
        /^id must be a string; received .*\. For example "users"\.$/,
      );
    }
    for (const id of ["toString", "__proto__"]) {
      expect(problemsOf(() => synthesize({ serviceName: "a" }, id))).toEqual([
        `id must be unused; received "${id}", which every scope has. Use another id.`,
      ]);
    }
  });

  it("reports the problems of the props together with a taken id", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new Ec2Service(stack, "users", { cluster });
    expect(problemsOf(() => new Ec2Service(stack, "users", { cluster, containerPort: "x" as never, cpu: -1 }))).toEqual(
      [
        expect.stringMatching(/^id must be unused; received "users"/),
        expect.stringMatching(/^containerPort must be a number; received "x"/),
        expect.stringMatching(/^cpu must be /),
      ],
    );
  });

  it("names its id without the text of a token", () => {
    expect(() => synthesize({}, hcl`var.id`.string)).toThrow(/^Ec2Service "[\w/]*<token>" has 1 problem:/);
  });

  it("rejects the name of a route that can give a rule the address of another service's rule", () => {
    for (const name of ["rule", "rule_a"]) {
      expect(problemsOf(() => synthesize({ containerPort: 3000, routes: { [name]: { paths: ["/a"] } } }))).toEqual([
        `routes.${name} must not be named rule, nor start with rule_; received "${name}". Rename the route. The rule of another service can have the same address.`,
      ]);
    }
  });

  it("rejects a name that only Terraform knows for a route", () => {
    expect(
      problemsOf(() => synthesize({ containerPort: 3000, routes: { [hcl`var.x`.string]: { paths: ["/a"] } } })),
    ).toEqual([
      'routes["<token>"] must be known when the code runs; received a token. Write the value itself instead of a token.',
    ]);
  });

  it("rejects a stack of services in place of its cluster", () => {
    const cluster = new EcsServiceStack(testApp(), "orders") as never;
    expect(problemsOf(() => new Ec2Service(emptyStack(), "users", { cluster }))).toEqual([
      "cluster must be a cluster; received an instance of EcsServiceStack. Use an EcsClusterStack, the cluster of an EcsServiceStack, an EcsClusterLookup, or Cluster.fromClusterAttributes.",
    ]);
  });

  it("rejects the id of the backend that CDKTF adds to a stack at synthesis", () => {
    expect(problemsOf(() => synthesize({}, "backend"))).toEqual([
      'id must be unused; received "backend", which the stack\'s backend has. Use another id, and set serviceName: "backend".',
    ]);
    const nested = Testing.synthScope((stack) => {
      new Ec2Service(new Construct(stack, "scope"), "backend", { cluster: clusterTarget() });
    });
    expect(nested).toHaveResourceWithProperties(EcsService, { name: "backend" });
  });

  it("rejects an id with the Terraform addresses of another service", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new Ec2Service(stack, "order-history", { cluster });
    const other = () => new Ec2Service(new Construct(stack, "order"), "history", { cluster });
    expect(problemsOf(other)).toEqual([
      'id must have Terraform addresses that no other service of the stack has; received "history". Use another id, and set serviceName: "history".',
    ]);
  });

  it("rejects a rule that another service has, and names the setting", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new Ec2Service(stack, "users", { cluster, ...routed });
    expect(
      problemsOf(
        () => new Ec2Service(stack, "people", { cluster, containerPort: 80, routes: { old: { paths: routed.paths } } }),
      ),
    ).toEqual([
      'routes.old.paths must differ from the paths of test/users/rule; received "/api/users*", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.',
    ]);
    expect(problemsOf(() => new Ec2Service(stack, "others", { cluster, ...routed }))).toEqual([
      'paths must differ from the paths of test/users/rule; received "/api/users*", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.',
    ]);
  });

  it("rejects two routes of its own that share a path", () => {
    expect(problemsOf(() => synthesize({ ...routed, routes: { old: { paths: routed.paths } } }))).toEqual([
      expect.stringMatching(/^routes\.old\.paths must differ from the paths of .*users\/rule; /),
    ]);
  });

  it("rejects a rule of another stack of the app on the same listener", () => {
    const cluster = clusterTarget();
    new Ec2Service(emptyStack("one"), "users", { cluster, ...routed });
    expect(problemsOf(() => new Ec2Service(emptyStack("other"), "people", { cluster, ...routed }))).toEqual([
      expect.stringContaining("must differ from the paths of one/users/rule"),
    ]);
  });

  it("rejects the name and the rule of another service when both stacks look the cluster up", () => {
    const app = testApp();
    const create = (id: string) => {
      const stack = new ReadableStack(app, id);
      const cluster = new EcsClusterLookup(stack, "cluster", { clusterName: "ecs", region: "eu-west-1" });
      return new Ec2Service(stack, "users", { cluster, ...routed });
    };
    create("one");
    expect(problemsOf(() => create("other"))).toEqual([
      expect.stringMatching(/^serviceName must be .*; received "users"/),
      expect.stringContaining("must differ from the paths of one/users/rule"),
    ]);
  });

  it("rejects the name of another service of the stack", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    new Ec2Service(stack, "users", { cluster });
    expect(problemsOf(() => new Ec2Service(stack, "people", { cluster, serviceName: "users" }))).toEqual([
      'serviceName must be unique in the stack; received "users". test/users/image has this name too. Use another name for one of the two.',
    ]);
  });

  it.each(["routes", "volumes", "secrets", "mountPoints", "dependsOn"] as const)(
    "rejects %s that only Terraform knows, because the code reads the names in it",
    (setting) => {
      for (const mapOf of [
        ({ value }: TerraformVariable) => Token.asStringMap(value),
        ({ value }: TerraformVariable) => Fn.merge([value, {}]),
      ]) {
        const stack = emptyStack();
        const map = mapOf(new TerraformVariable(stack, "given", { type: "map(any)" }));
        expect(
          problemsOf(() => new Ec2Service(stack, "users", { cluster: clusterTarget(), [setting]: map as object })),
        ).toEqual([expect.stringMatching(`^${setting} must be known when the code runs; received a `)]);
      }
    },
  );

  it("rejects the name of a task definition on the same cluster, and the other way round", () => {
    const cluster = clusterTarget();
    const containers = [{ name: "web", image: "nginx:1.27" }];
    const stack = emptyStack();
    new TaskDefinition(stack, "task", { cluster, name: "migrate", containers });
    new Ec2Service(stack, "users", { cluster });
    expect(problemsOf(() => new Ec2Service(stack, "other", { cluster, serviceName: "migrate" }))).toEqual([
      'serviceName must be unique on the cluster; received "migrate". test/task has this name too. Use another name for one of the two.',
    ]);
    expect(problemsOf(() => new TaskDefinition(stack, "again", { cluster, name: "users", containers }))).toEqual([
      'name must be unique on the cluster; received "users". test/users has this name too. Use another name for one of the two.',
    ]);
  });

  it("rejects the name of a service of another stack of the app on the same cluster", () => {
    const app = testApp();
    const [one, other] = [clusterTarget(), clusterTarget()];
    for (const target of [one, other]) identifyCluster(target, app, "eu-west-1", "prod");
    new Ec2Service(emptyStack("one"), "users", { cluster: one });
    expect(problemsOf(() => new Ec2Service(emptyStack("other"), "users", { cluster: other }))).toEqual([
      'serviceName must be unique on the cluster; received "users". one/users has this name too. Use another name for one of the two.',
    ]);
    new Ec2Service(emptyStack("third"), "users", { cluster: clusterTarget() });
  });

  it("rejects the name and the route of a service in another stack of services for the same cluster", () => {
    const app = testApp();
    const [one, other] = ["one", "other"].map((id) => new EcsServiceStack(app, id)) as [
      EcsServiceStack,
      EcsServiceStack,
    ];
    new Ec2Service(one, "users", { cluster: one.cluster, ...routed });
    expect(problemsOf(() => new Ec2Service(other, "users", { cluster: other.cluster, ...routed }))).toEqual([
      'serviceName must be unique on the cluster; received "users". one/users has this name too. Use another name for one of the two.',
      'paths must differ from the paths of one/users/rule; received "/api/users*", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.',
    ]);
  });

  it("reserves no rule and no name when it is rejected", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const props = { cluster, serviceName: "users", ...routed };
    expect(problemsOf(() => new Ec2Service(stack, "broken", { ...props, cpu: 1 }))).toHaveLength(1);
    expect(problemsOf(() => new Ec2Service(stack, "users", props))).toEqual([]);
  });
});

describe("the priorities of services", () => {
  it("do not depend on the order of the code, and stay when a service is added", () => {
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
