import { DEFAULT_VPC_ID } from "../../cli/offline-provider/data/network";
import {
  ApplicationLoadBalancer,
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  EcsServiceStack,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

const SMALL: EcsClusterSettings = { keyPair: "none", capacityGuards: false };
const INTERNAL = { loadBalancers: { internal: { internal: true } } } as const;
const ALL = { paths: ["/*"] };
const INSIDE = { paths: ["/*"], loadBalancer: "internal" };

const ELB = "arn:aws:elasticloadbalancing:ap-northeast-2:000000000000";
const LISTENER = `${ELB}:listener/app/shared/0f0e0d0c0b0a0908/0706050403020100`;
const BALANCER = `${ELB}:loadbalancer/app/shared/0f0e0d0c0b0a0908`;
/** An account with a load balancer that no stack of this test creates. */
const SHARED = {
  existing: {
    aws_lb_listener: [{ arn: LISTENER, load_balancer_arn: BALANCER }],
    aws_lb: [
      {
        arn: BALANCER,
        name: "shared",
        vpc_id: DEFAULT_VPC_ID,
        security_groups: ["sg-0ff11e0000000007"],
        arn_suffix: "app/shared/0f0e",
      },
    ],
  },
};

/** Returns a version of a cluster, with a service `web` if it has props. */
const shop =
  (settings: EcsClusterSettings = {}, web?: Partial<Ec2ServiceProps>) =>
  () => {
    const stack = clusterStack({ ...SMALL, ...settings });
    if (web) new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, ...web });
    return stack;
  };

/** Returns a version of a service in its own state. */
const team =
  (web: Partial<Ec2ServiceProps>, loadBalancers = ["internal"]) =>
  () => {
    const stack = new EcsServiceStack(testApp(), "team", { loadBalancers });
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

  it("take the rules of another state with them, whose next apply creates the rules again", async () => {
    const system = await RunningSystem.start(lab);
    const [cluster, services] = [system.state(), system.state()];
    await cluster.apply(shop());
    await services.apply(team(ALL, []));
    const internal = await cluster.apply(shop({ loadBalancer: { internal: true } }));
    expect(internal).toMatchObject({ replaced: expect.arrayContaining(["aws_lb.load_balancer"]), rejected: [] });
    const rules = async () =>
      (await system.session.account()).resources.filter(({ type }) => type === "aws_lb_listener_rule");
    expect(await rules()).toEqual([]);
    const again = await services.apply(team(ALL, []));
    expect(again).toMatchObject({ created: expect.arrayContaining(["aws_lb_listener_rule.web_rule"]), rejected: [] });
    expect(await rules()).toHaveLength(1);
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

  it("are existing ones, whose services have rules and can move to the cluster's own one", async () => {
    const system = await RunningSystem.start(lab, SHARED);
    const state = system.state();
    const version = (own: boolean) => () => {
      const stack = clusterStack({ ...SMALL, loadBalancer: own ? {} : false });
      const shared = ApplicationLoadBalancer.fromListenerArn(stack, "shared", {
        cluster: stack,
        listenerArn: LISTENER,
      });
      const loadBalancer = own ? undefined : shared;
      new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, paths: ["/*"], loadBalancer });
      stack.portRules.allowTo("sg-0ff11e0000000009", 5432);
      return stack;
    };
    const first = await state.apply(version(false));
    expect(first.created).toEqual(
      expect.arrayContaining([
        'aws_vpc_security_group_ingress_rule.shared_instances_from_load_balancer["sg-0ff11e0000000007"]',
        "aws_vpc_security_group_ingress_rule.port_rules_to_5432",
      ]),
    );
    await state.apply(version(true));
    await state.apply(version(false));
    await state.destroy();
  });

  it("are rejected at plan when an existing one is in another VPC", async () => {
    const [balancer] = SHARED.existing.aws_lb;
    const elsewhere = { existing: { ...SHARED.existing, aws_lb: [{ ...balancer, vpc_id: "vpc-0ff11e0000000002" }] } };
    const state = (await RunningSystem.start(lab, elsewhere)).state();
    await state.expectRejected(() => {
      const stack = clusterStack({ ...SMALL, loadBalancer: false });
      ApplicationLoadBalancer.fromListenerArn(stack, "shared", { cluster: stack, listenerArn: LISTENER });
      return stack;
    }, "The load balancer shared is in vpc-0ff11e0000000002, and the instances of the cluster are in ");
  });
});
