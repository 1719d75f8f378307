import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings, EcsServiceStack } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

const SMALL: EcsClusterSettings = { keyPair: "none", capacityGuards: false };
const INTERNAL = { loadBalancers: { internal: { internal: true } } } as const;
const ALL = { paths: ["/*"] };
const INSIDE = { paths: ["/*"], loadBalancer: "internal" };

/** Returns a version of a cluster, with a service `web` if it has props. */
const shop =
  (settings: EcsClusterSettings = {}, web?: Partial<Ec2ServiceProps>) =>
  () => {
    const stack = clusterStack({ ...SMALL, ...settings });
    if (web) new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, ...web });
    return stack;
  };

/** Returns a version of a service in its own state. */
const team = (web: Partial<Ec2ServiceProps>) => () => {
  const stack = new EcsServiceStack(testApp(), "team", { loadBalancers: ["internal"] });
  new Ec2Service(stack, "web", { cluster: stack.cluster, image: "web:1", containerPort: 80, ...web });
  return stack;
};

describeTerraform("the load balancers of a running system", (lab) => {
  it("get an internal one beside the public one, and a service is behind both, and back", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(shop({}, ALL));
    const added = await state.apply(shop(INTERNAL, ALL));
    expect(added).toMatchObject({ updated: [], replaced: [], deleted: [], missing: [] });
    expect(added.created).toEqual(expect.arrayContaining(["aws_lb.internal_load_balancer"]));

    const both = await state.apply(shop(INTERNAL, { ...ALL, routes: { inside: INSIDE } }));
    expect(both).toMatchObject({
      created: expect.arrayContaining([
        "aws_lb_listener_rule.web_rule_inside",
        "aws_lb_target_group.web_target_group_internal",
      ]),
      updated: ["aws_ecs_service.web"],
      replaced: [],
      missing: [],
      lost: [],
    });

    const inside = await state.apply(shop(INTERNAL, { routes: { inside: INSIDE } }));
    expect(inside.deleted).toEqual(
      expect.arrayContaining(["aws_lb_listener_rule.web_rule", "aws_lb_target_group.web_target_group"]),
    );
    expect(inside).toMatchObject({ updated: ["aws_ecs_service.web"], replaced: [], missing: [], rejected: [] });

    await state.apply(shop({}, ALL));
  });

  it("exchange a service in one apply", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(shop(INTERNAL, ALL));
    const moved = await state.apply(shop(INTERNAL, INSIDE));
    expect(moved).toMatchObject({ replaced: ["aws_lb_listener_rule.web_rule"], rejected: [] });
    const back = await state.apply(shop(INTERNAL, ALL));
    expect(back).toMatchObject({ replaced: ["aws_lb_listener_rule.web_rule"], rejected: [] });
  });

  it("become internal and public again with a service behind them, in one apply each", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(shop({}, ALL));
    const internal = await state.apply(shop({ loadBalancer: { internal: true } }, ALL));
    expect(internal.replaced).toEqual(
      expect.arrayContaining([
        "aws_lb.load_balancer",
        "aws_lb_listener_rule.web_rule",
        "aws_lb_target_group.web_target_group",
      ]),
    );
    expect(internal.rejected).toEqual([]);
    await state.apply(shop({}, ALL));
  });

  it("are found by services of another state, by their names", async () => {
    const system = await RunningSystem.start(lab);
    const [cluster, services] = [system.state(), system.state()];
    await cluster.apply(shop(INTERNAL));
    await services.apply(team({ ...ALL, routes: { inside: INSIDE } }));
    await services.apply(team(INSIDE));
    await services.destroy();
    await cluster.apply(shop());
    await services.expectRejected(
      team(INSIDE),
      "There must be one listener tagged Cluster = ecs in ap-northeast-2, Purpose = Where routes of services put their rules, LoadBalancer = internal; there are 0. Add internal to loadBalancers of the cluster's stack and apply it",
    );
  });
});
