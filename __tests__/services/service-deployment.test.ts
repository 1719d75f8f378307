import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { Testing } from "cdktf";
import { type DeploymentSettings, Ec2Service, type Ec2ServiceProps, hcl, ReadableStack } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/prod-alb/0a1b/2c3d";
const FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:smoke-test";
const ROLE = "arn:aws:iam::111122223333:role/ecs";
const target = () =>
  clusterTarget({ loadBalancer: { listenerArn: LISTENER, securityGroupId: "sg-0123456789abcdef0" } });
const web = () => ({
  ...{ cluster: target(), image: "web:1", containerPort: 80, paths: ["/web*"], ecrRepository: false as const },
  ...{ networkMode: "awsvpc" as const, subnetIds: ["subnet-0123456789abcdef0"] },
});

const synthesize = (props: Partial<Ec2ServiceProps> = {}): string =>
  Testing.synthScope((stack) => {
    new Ec2Service(stack, "web", { ...web(), ...props });
  });
const deployed = (deployment: DeploymentSettings) => synthesize({ deployment });

/** Returns how many more resources of each type a service has than without its deployment. */
function added(deployment: DeploymentSettings): Record<string, number> {
  const [before, after] = [resourceCounts(synthesize()), resourceCounts(deployed(deployment))];
  return Object.fromEntries(
    Object.entries(after)
      .map(([type, count]) => [type, count - (before[type] ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  );
}

describe("the deployment of a service", () => {
  it("is rolling by default, and says so, because the AWS provider keeps an omitted strategy", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(EcsService, { deployment_configuration: { strategy: "ROLLING" } });
    expect(json).not.toHaveResourceWithProperties(EcsService, { timeouts: expect.anything() });
    expect(resourceCounts(json)).toMatchObject({ aws_lb_target_group: 1, aws_lb_listener_rule: 1 });
  });

  it("has no strategy for a daemon", () => {
    const json = Testing.synthScope((stack) => {
      new Ec2Service(stack, "agent", { cluster: target(), image: "agent:1", daemon: true });
    });
    expect(json).not.toHaveResourceWithProperties(EcsService, { deployment_configuration: expect.anything() });
  });

  it.each<[DeploymentSettings, object, string]>([
    [{ strategy: "BLUE_GREEN" }, { strategy: "BLUE_GREEN", bake_time_in_minutes: "5" }, "25m"],
    [{ strategy: "BLUE_GREEN", bakeTimeMinutes: 0 }, { strategy: "BLUE_GREEN", bake_time_in_minutes: "0" }, "20m"],
    [
      { strategy: "LINEAR" },
      { strategy: "LINEAR", linear_configuration: { step_percent: 10, step_bake_time_in_minutes: "6" } },
      "79m",
    ],
    [
      { strategy: "LINEAR", linearConfiguration: { stepPercent: 33.3, stepBakeTimeMinutes: 0 } },
      { strategy: "LINEAR", linear_configuration: { step_percent: 33.3, step_bake_time_in_minutes: "0" } },
      "25m",
    ],
    [
      { strategy: "CANARY" },
      { strategy: "CANARY", canary_configuration: { canary_percent: 5, canary_bake_time_in_minutes: "10" } },
      "35m",
    ],
    [
      { strategy: "CANARY", canaryConfiguration: { canaryPercent: 0.1, canaryBakeTimeMinutes: 60 } },
      { strategy: "CANARY", canary_configuration: { canary_percent: 0.1, canary_bake_time_in_minutes: "60" } },
      "85m",
    ],
  ])("with %j has the arguments of ECS, and enough time", (deployment, configuration, update) => {
    const json = deployed(deployment);
    expect(json).toHaveResourceWithProperties(EcsService, {
      deployment_configuration: expect.objectContaining(configuration),
      timeouts: { create: update, update, delete: update },
    });
  });

  it("keeps a timeout of the caller", () => {
    const json = synthesize({ deployment: { strategy: "BLUE_GREEN" }, steadyStateTimeoutMinutes: 60 });
    expect(json).toHaveResourceWithProperties(EcsService, { timeouts: expect.objectContaining({ update: "60m" }) });
  });

  it("gets a second target group and a role of ECS for a strategy", () => {
    expect(added({ strategy: "BLUE_GREEN" })).toEqual({
      aws_iam_role: 1,
      aws_iam_role_policy_attachment: 1,
      aws_lb_target_group: 1,
      // Changes of the load balancer, and of the target groups.
      terraform_data: 2,
    });
    const json = deployed({ strategy: "BLUE_GREEN" });
    expect(json).toHaveResourceWithProperties(IamRole, {
      name_prefix: "prod-web-elb-",
      assume_role_policy: expect.stringContaining("ecs.amazonaws.com"),
    });
    expect(json).toHaveResourceWithProperties(IamRolePolicyAttachment, {
      policy_arn: expect.stringContaining(":iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"),
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      load_balancer: [
        {
          container_name: "web",
          container_port: 80,
          target_group_arn: expect.stringContaining("aws_lb_target_group.web_target_group_"),
          advanced_configuration: {
            alternate_target_group_arn: expect.stringContaining("target_groups_alternate"),
            production_listener_rule: expect.stringMatching(
              /^\$\{aws_lb_listener_rule[.]web_rules_production_\w+[.]arn\}$/,
            ),
            role_arn: expect.stringContaining("infrastructure_role"),
          },
        },
      ],
      depends_on: expect.arrayContaining([
        expect.stringContaining("infrastructure_role"),
        expect.stringContaining("rules_production"),
      ]),
    });
  });

  it("forwards all requests to the first target group, and ignores what ECS does with the weights", () => {
    expect(deployed({ strategy: "BLUE_GREEN" })).toHaveResourceWithProperties(LbListenerRule, {
      action: [
        {
          type: "forward",
          forward: expect.objectContaining({
            target_group: [
              { arn: expect.stringContaining("web_target_group"), weight: 100 },
              { arn: expect.stringContaining("web_target_groups_alternate"), weight: 0 },
            ],
          }),
        },
      ],
      lifecycle: {
        create_before_destroy: true,
        ignore_changes: ["action"],
        replace_triggered_by: [expect.stringContaining("terraform_data.web_rules_production_target_groups")],
      },
    });
    expect(synthesize()).not.toHaveResourceWithProperties(LbListenerRule, {
      lifecycle: expect.objectContaining({ ignore_changes: expect.anything() }),
    });
  });

  it("uses a role that exists", () => {
    expect(added({ strategy: "BLUE_GREEN", infrastructureRole: ROLE })).not.toHaveProperty("aws_iam_role");
    const json = deployed({ strategy: "BLUE_GREEN", infrastructureRole: { roleArn: ROLE } });
    expect(json).toContain(`"role_arn": "${ROLE}"`);
  });

  it("has a rule for tests of a new revision", () => {
    const testRoute = { paths: ["/web*"], headers: { "X-Revision": ["next"] } };
    expect(added({ strategy: "BLUE_GREEN", testRoute })).toMatchObject({ aws_lb_listener_rule: 1 });
    expect(deployed({ strategy: "BLUE_GREEN", testRoute })).toContain(
      '"test_listener_rule": "${aws_lb_listener_rule.web_rules_test',
    );
    const stack = emptyStack();
    const { rules, testRule } = new Ec2Service(stack, "web", {
      ...web(),
      deployment: { strategy: "CANARY", testRoute },
    });
    expect(testRule?.priority).toBeLessThan(rules[0]?.priority as number);
  });

  it("compares the rule for tests with the rules of other services", () => {
    const testRoute = { paths: ["/test"] };
    expect(
      problemsOf(() => {
        const stack = emptyStack();
        const cluster = target();
        new Ec2Service(stack, "other", { ...web(), cluster, paths: ["/test"] });
        new Ec2Service(stack, "web", { ...web(), cluster, deployment: { strategy: "CANARY", testRoute } });
      }),
    ).toEqual([
      expect.stringMatching(/^deployment[.]testRoute[.]paths must differ from the paths of test\/other\/rule/),
    ]);
  });

  it("has addresses that no other service can have", () => {
    const stack = new ReadableStack(testApp(), "services");
    const cluster = target();
    const deployment = { strategy: "CANARY", testRoute: { hosts: ["test.example.com"] } } as const;
    for (const id of ["web", "web-test", "web-production", "web-alternate", "web-rules", "web-rules-test"]) {
      new Ec2Service(stack, id, { ...web(), cluster, paths: [`/${id}`], ...(id === "web" ? { deployment } : {}) });
    }
    const { resource } = stack.toTerraform();
    expect(Object.keys(resource.aws_lb_listener_rule)).toHaveLength(7);
    expect(Object.keys(resource.aws_lb_target_group)).toHaveLength(7);
  });

  it("has the priority of a route with a priority of its own", () => {
    const stack = emptyStack();
    const { rules } = new Ec2Service(stack, "web", { ...web(), priority: 7, deployment: { strategy: "BLUE_GREEN" } });
    expect(rules.map(({ priority }) => priority)).toEqual([7]);
  });

  it("gives the rule another priority with each setting that replaces the target groups", () => {
    const own = { strategy: "BLUE_GREEN", allowInstanceTargets: true } as const;
    const priorities = (["HTTP", "HTTPS"] as const).flatMap((targetProtocol) =>
      (["HTTP1", "HTTP2", "GRPC"] as const).flatMap((protocolVersion) =>
        (["awsvpc", "bridge"] as const).map((networkMode) => {
          const { subnetIds, ...others } = web();
          const network = networkMode === "awsvpc" ? { subnetIds } : {};
          const props = { ...others, ...network, networkMode, targetProtocol, protocolVersion, deployment: own };
          return new Ec2Service(emptyStack(), "web", props).rules[0]?.priority;
        }),
      ),
    );
    expect(new Set(priorities).size).toBe(12);
  });

  it("calls Lambda functions with a role for exactly these functions", () => {
    const hook = { hookTargetArn: FUNCTION, lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"] } as const;
    const lifecycleHooks = [
      hook,
      { ...hook, hookDetails: { path: "/${a}" } },
      { ...hook, role: ROLE, hookTargetArn: `${FUNCTION}:2` },
    ];
    expect(added({ strategy: "CANARY", lifecycleHooks })).toMatchObject({ aws_iam_role: 2, aws_iam_role_policy: 1 });
    const json = deployed({ strategy: "CANARY", lifecycleHooks });
    expect(json).toHaveResourceWithProperties(IamRole, { name_prefix: "prod-web-hook-" });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      policy: expect.stringContaining(`"Action" = ["lambda:InvokeFunction"], "Resource" = ["${FUNCTION}"]`),
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      deployment_configuration: expect.objectContaining({
        lifecycle_hook: [
          expect.objectContaining({ hook_target_arn: FUNCTION, lifecycle_stages: ["POST_TEST_TRAFFIC_SHIFT"] }),
          expect.objectContaining({ hook_details: '${jsonencode({ "path" = "/$${a}" })}' }),
          expect.objectContaining({ hook_target_arn: `${FUNCTION}:2`, role_arn: ROLE }),
        ],
      }),
    });
  });

  it("fails with alarms, which are given by name or ARN, with any strategy", () => {
    const arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:";
    const alarmNames = ["latency: p99", `${arn}errors: 5xx`, hcl`var.alarm`.string];
    expect(deployed({ alarms: { alarmNames } })).toHaveResourceWithProperties(EcsService, {
      deployment_configuration: { strategy: "ROLLING" },
      alarms: {
        alarm_names: ["latency: p99", "errors: 5xx", '${reverse(split(":alarm:", var.alarm))[0]}'],
        enable: true,
        rollback: true,
      },
    });
    const all = hcl`var.alarms`.list;
    expect(deployed({ alarms: { alarmNames: all, enable: false, rollback: false } })).toHaveResourceWithProperties(
      EcsService,
      {
        alarms: {
          alarm_names: '${[for alarm in var.alarms : reverse(split(":alarm:", alarm))[0]]}',
          enable: false,
          rollback: false,
        },
      },
    );
  });

  it("starts with triggers, beside those of secrets, and is rolled back by an interrupted apply", () => {
    expect(synthesize({ triggers: { restart: "1" }, sigintRollback: true })).toHaveResourceWithProperties(EcsService, {
      force_new_deployment: true,
      triggers: { restart: "1" },
      sigint_rollback: true,
    });
  });

  it("has two target groups for each target, and one rule for each of them", () => {
    const routes = { metrics: { paths: ["/metrics"], containerPort: 9090 } };
    const deployment = { strategy: "BLUE_GREEN" } as const;
    const portMappings = [{ containerPort: 9090 }];
    const json = synthesize({ routes, portMappings, deployment });
    expect(resourceCounts(json)).toMatchObject({ aws_lb_target_group: 4, aws_lb_listener_rule: 2 });
    const service = new Ec2Service(emptyStack(), "web", { ...web(), routes, portMappings, deployment });
    expect(Object.keys(service.alternateTargetGroups)).toEqual(["9090", "main"]);
  });

  it("needs no target groups for a service that others call with Service Connect", () => {
    const props = { ...web(), paths: undefined, serviceConnect: { namespace: "internal" } };
    const json = Testing.synthScope((stack) => {
      new Ec2Service(stack, "web", { ...props, deployment: { strategy: "LINEAR" } });
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      deployment_configuration: expect.objectContaining({ strategy: "LINEAR" }),
    });
    expect(resourceCounts(json)).not.toHaveProperty("aws_lb_target_group");
  });

  it("tests a new revision with a header in Service Connect", () => {
    const testTrafficHeader = { name: "X-Revision", value: "next" };
    const serviceConnect = { namespace: "internal", testTrafficHeader };
    const json = Testing.synthScope((stack) => {
      new Ec2Service(stack, "web", { ...web(), paths: undefined, serviceConnect, deployment: { strategy: "CANARY" } });
    });
    expect(JSON.parse(json).resource.aws_ecs_service).toMatchObject({
      [Object.keys(JSON.parse(json).resource.aws_ecs_service)[0] ?? ""]: {
        service_connect_configuration: {
          service: [
            {
              client_alias: {
                test_traffic_rules: [{ header: { name: "X-Revision", value: { exact: "next" } } }],
              },
            },
          ],
        },
      },
    });
  });
});
