import type { TerraformResource } from "cdktf";
import { type DeploymentSettings, Ec2Service, type Ec2ServiceProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { type Changes, type RunningState, RunningSystem } from "../support/transition";

const FUNCTION = "arn:aws:lambda:ap-northeast-2:111122223333:function:smoke-test";
const shop = { containerPort: 80, paths: ["/shop*"], networkMode: "awsvpc" } as const;

/** Returns a version of a cluster with one service. */
const version =
  (props: Partial<Ec2ServiceProps> = {}) =>
  () => {
    const stack = clusterStack({ keyPair: "none" });
    new Ec2Service(stack, "shop", { cluster: stack, image: "shop:1", ...shop, ...props });
    return stack;
  };

const SERVICE = "aws_ecs_service.shop";
const PLAIN_RULE = "aws_lb_listener_rule.shop_rule";
const PRODUCTION_RULE = "aws_lb_listener_rule.shop_rules_production";
const TEST_RULE = "aws_lb_listener_rule.shop_rules_test";

/** A change during which requests are always served. */
const SMOOTH = { missing: [], lost: [], rejected: [] };

/** Returns the weights of the two target groups after ECS moved the requests, by the address of the rule. */
const shifts = ({ operations, addressOf }: Changes) =>
  operations
    .filter(({ operation }) => operation === "change")
    .map((one) => [
      addressOf(one),
      JSON.stringify(one.values?.action)
        .match(/"weight":\d+/g)
        ?.map((text) => +text.slice(9)),
    ]);

describeTerraform("deployment strategies of a running system", (lab) => {
  const start = async (): Promise<RunningState> => (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();

  const STRATEGIES: Record<string, DeploymentSettings> = {
    "blue/green": { strategy: "BLUE_GREEN", bakeTimeMinutes: 10 },
    linear: { strategy: "LINEAR", linearConfiguration: { stepPercent: 25, stepBakeTimeMinutes: 2 } },
    canary: { strategy: "CANARY", canaryConfiguration: { canaryPercent: 10, canaryBakeTimeMinutes: 5 } },
  };
  for (const [name, settings] of Object.entries(STRATEGIES)) {
    it(`deploys twice in a row with the ${name} strategy, and the plan is empty after ECS has moved the weights`, async () => {
      const deployment = { ...settings, testRoute: { headers: { "X-Revision": ["next"] } } };
      const state = await start();
      await state.apply(version({ deployment }));
      const first = await state.apply(version({ deployment, environment: { RELEASE: "2" } }));
      expect(first).toMatchObject({ ...SMOOTH, updated: [SERVICE] });
      expect(shifts(first)).toEqual([
        [PRODUCTION_RULE, [0, 100]],
        [TEST_RULE, [0, 100]],
      ]);
      const second = await state.apply(version({ deployment, environment: { RELEASE: "3" } }));
      expect(second).toMatchObject({ ...SMOOTH, updated: [SERVICE] });
      expect(shifts(second)).toEqual([
        [PRODUCTION_RULE, [100, 0]],
        [TEST_RULE, [100, 0]],
      ]);
      await state.destroy();
    });
  }

  it("takes back the weights of a rule that does not ignore its actions", async () => {
    const deployment = { strategy: "BLUE_GREEN" } as const;
    const managed = (props: Partial<Ec2ServiceProps>) => () => {
      const stack = version(props)();
      stack.node.findAll().forEach((node) => {
        if (node.node.path.endsWith("rules_production/resource")) Object.assign(node, { lifecycle: undefined });
      });
      return stack;
    };
    const state = await start();
    await state.apply(managed({ deployment }));
    await expect(state.apply(managed({ deployment, environment: { RELEASE: "2" } }))).rejects.toThrow(/weight/);
  });

  for (const [name, settings] of Object.entries(STRATEGIES)) {
    it(`turns the ${name} strategy on and off`, async () => {
      const state = await start();
      await state.apply(version());
      const on = await state.apply(version({ deployment: settings }));
      expect(on).toMatchObject({ ...SMOOTH, updated: [SERVICE], deleted: [PLAIN_RULE], replaced: [] });
      expect(on.created).toContain(PRODUCTION_RULE);
      const off = await state.apply(version());
      expect(off).toMatchObject({ ...SMOOTH, updated: [SERVICE], created: [PLAIN_RULE], replaced: [] });
      expect(off.deleted).toContain(PRODUCTION_RULE);
      await state.destroy();
    });
  }

  it("evaluates the rule of a strategy before the rule without one, while both exist", async () => {
    const state = await start();
    const rules = ({ operations, addressOf }: Changes) =>
      Object.fromEntries(operations.map((one) => [addressOf(one), Number(one.values?.priority)]));
    const plain = rules(await state.apply(version()))[PLAIN_RULE] as number;
    const on = rules(await state.apply(version({ deployment: { strategy: "BLUE_GREEN" } })));
    expect(on[PRODUCTION_RULE]).toBe(plain - 1);
  });

  it("deploys twice while Terraform ignores the target groups of the service, as the page on deployments shows", async () => {
    const deployment = { strategy: "BLUE_GREEN" } as const;
    const ignoring = (release: string) => () => {
      const stack = version({ deployment, environment: { RELEASE: release } })();
      const service = stack.node.findChild("shop").node.defaultChild as TerraformResource;
      service.addOverride("lifecycle.ignore_changes", ["load_balancer"]);
      return stack;
    };
    const state = await start();
    await state.apply(ignoring("1"));
    for (const [release, weights] of [
      ["2", [0, 100]],
      ["3", [100, 0]],
    ] as const) {
      const changes = await state.apply(ignoring(release));
      expect(changes).toMatchObject({ ...SMOOTH, updated: [SERVICE] });
      expect(shifts(changes)).toEqual([[PRODUCTION_RULE, weights]]);
    }
  });

  it("changes one strategy to another in place", async () => {
    const state = await start();
    await state.apply(version({ deployment: STRATEGIES.linear }));
    const changes = await state.apply(version({ deployment: STRATEGIES.canary }));
    expect(changes).toMatchObject({ ...SMOOTH, updated: [SERVICE], created: [], deleted: [], replaced: [] });
  });

  it("replaces the rule under another priority when a change replaces the target groups", async () => {
    const deployment = { strategy: "BLUE_GREEN", testRoute: { headers: { "X-Revision": ["next"] } } } as const;
    const state = await start();
    await state.apply(version({ deployment }));
    const changes = await state.apply(version({ deployment, targetProtocol: "HTTPS" }));
    expect(changes.rejected).toEqual([]);
    expect(changes.replaced).toEqual([
      PRODUCTION_RULE,
      TEST_RULE,
      "aws_lb_target_group.shop_target_group",
      "aws_lb_target_group.shop_target_groups_alternate",
    ]);
    await state.apply(version({ deployment, targetProtocol: "HTTPS", protocolVersion: "HTTP2" }));
    await state.apply(version({ deployment }));
    await state.destroy();
  });

  it("needs another priority when the service sets one", async () => {
    const deployment = { strategy: "BLUE_GREEN" } as const;
    const state = await start();
    await state.apply(version({ priority: 100 }));
    await state.expectFailure(version({ priority: 100, deployment }), "PriorityInUse");
    expect(await state.apply(version({ priority: 99, deployment }))).toMatchObject(SMOOTH);
    expect(await state.apply(version({ priority: 100 }))).toMatchObject(SMOOTH);
  });

  it.each<[string, Partial<Ec2ServiceProps>]>([
    ["networkMode", { networkMode: "bridge" }],
    ["targetProtocol", { targetProtocol: "HTTPS" }],
    ["serviceName", { serviceName: "store" }],
  ])("needs another priority when the service sets one when the target groups are replaced: %s", async (_, change) => {
    const deployment = { strategy: "BLUE_GREEN", allowInstanceTargets: true } as const;
    const state = await start();
    await state.apply(version({ deployment, priority: 100 }));
    expect((await state.apply(version({ deployment, priority: 99, ...change }))).rejected).toEqual([]);

    await state.expectFailure(version({ deployment, priority: 99 }), "PriorityInUse");
    // Without -replace, the rule still forwards to the earlier target groups.
    await state.expectFailure(version({ deployment, priority: 98 }), "does not have an associated load balancer");
    await state.configure(version({ deployment, priority: 97 }));
    const repaired = await state.terraform.run([
      "apply",
      "-auto-approve",
      "-input=false",
      `-replace=${PRODUCTION_RULE}`,
    ]);
    expect([repaired.status, repaired.stderr]).toEqual([0, ""]);
    await state.expectNoChanges();
    expect(await state.apply(version({ deployment, priority: 97, environment: { RELEASE: "2" } }))).toMatchObject(
      SMOOTH,
    );
  });

  it("deploys the same task definition when a trigger changes", async () => {
    const state = await start();
    await state.apply(version({ triggers: { restart: "1" } }));
    const changes = await state.apply(version({ triggers: { restart: "2" } }));
    expect(changes).toMatchObject({ ...SMOOTH, updated: [SERVICE], attributes: { [SERVICE]: ["triggers"] } });
  });

  it("adds and removes lifecycle hooks with their role, and keeps alarms until they are disabled", async () => {
    const lifecycleHooks = [
      { hookTargetArn: FUNCTION, lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], hookDetails: { path: "/health" } },
    ] as const;
    const alarms = { alarmNames: ["shop-errors"] };
    const state = await start();
    await state.apply(version({ deployment: { strategy: "CANARY" } }));
    const on = await state.apply(version({ deployment: { strategy: "CANARY", lifecycleHooks, alarms } }));
    expect(on).toMatchObject({ ...SMOOTH, updated: [SERVICE] });
    expect(on.created).toEqual(["aws_iam_role.shop_hook_role", "aws_iam_role_policy.shop_hook_role_policy"]);
    const off = await state.apply(version({ deployment: { strategy: "CANARY" } }));
    expect(off).toMatchObject({
      ...SMOOTH,
      updated: [SERVICE],
      attributes: { [SERVICE]: ["deployment_configuration"] },
    });
    const disabled = { ...alarms, enable: false };
    const last = await state.apply(version({ deployment: { strategy: "CANARY", alarms: disabled } }));
    expect(last.attributes).toEqual({ [SERVICE]: ["alarms"] });
  });
});
