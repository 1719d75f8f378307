import { Ec2Service, type EcsClusterSettings, EcsServiceStack, type LoadBalancerSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { type Changes, RunningSystem } from "../support/transition";

const SMALL: EcsClusterSettings = { keyPair: "none", capacityGuards: false };
const service = { image: "web:1", containerPort: 80 };

/** Returns a version of a cluster with a service, `web`. */
const cluster = (loadBalancer: LoadBalancerSettings) => () => {
  const stack = clusterStack({ ...SMALL, loadBalancer });
  new Ec2Service(stack, "web", { cluster: stack, ...service, paths: ["/web*"] });
  return stack;
};
/** Returns a version of a service in its own state, `orders`. */
const orders = () => {
  const stack = new EcsServiceStack(testApp(), "orders", { capacityGuards: false });
  new Ec2Service(stack, "orders", { cluster: stack.cluster, ...service, paths: ["/orders*"] });
  return stack;
};

const HTTP: LoadBalancerSettings = {};
const BOTH: LoadBalancerSettings = { https: true };
const HTTPS: LoadBalancerSettings = { https: true, redirectHttp: false };

/** A route of another port is another route in `missing`, so its rules are compared here. */
function expectNewRuleFirst({ operations }: Changes): void {
  const rules = operations.filter(({ type }) => type === "aws_lb_listener_rule").map(({ operation }) => operation);
  expect(rules.slice(0, 2)).toEqual(["create", "delete"]);
}
const TARGET_GROUPS = /^aws_lb_target_group[.]/;

describeTerraform("the listeners of a running cluster, with services of another state", (lab) => {
  it("change to HTTPS with a redirect: the other state's routes stay on HTTP until it is applied", async () => {
    const system = await RunningSystem.start(lab);
    const [one, other] = [system.state(), system.state()];
    await one.apply(cluster(HTTP));
    await other.apply(orders);
    const changed = await one.apply(cluster(BOTH));
    expect(changed.created).toContain("aws_lb_listener.load_balancer_https");
    expect(changed).toMatchObject({ replaced: ["aws_lb_listener_rule.web_rule"], rejected: [] });
    expectNewRuleFirst(changed);
    const moved = await other.apply(orders);
    expect(moved).toMatchObject({ replaced: ["aws_lb_listener_rule.orders_rule"], created: [], rejected: [] });
    expect([...changed.created, ...changed.updated, ...moved.updated].filter((at) => TARGET_GROUPS.test(at))).toEqual(
      [],
    );

    // Now nothing is left on HTTP, which can go.
    const closed = await one.apply(cluster(HTTPS));
    expect(closed.deleted).toContain("aws_lb_listener.load_balancer_http");
    expect(closed).toMatchObject({ replaced: [], missing: [], rejected: [] });
    await other.expectNoChanges();
  });

  it("change to HTTPS alone with a gap: AWS deletes the other state's rules with the HTTP listener", async () => {
    const system = await RunningSystem.start(lab);
    const [one, other] = [system.state(), system.state()];
    await one.apply(cluster(HTTP));
    await other.apply(orders);
    const changed = await one.apply(cluster(HTTPS));
    expect(changed.deleted).toContain("aws_lb_listener.load_balancer_http");
    expect(
      (await system.session.account()).resources.filter(({ type }) => type === "aws_lb_listener_rule"),
    ).toHaveLength(1);
    const repaired = await other.apply(orders);
    expect(repaired).toMatchObject({ created: ["aws_lb_listener_rule.orders_rule"], replaced: [], rejected: [] });
  });

  it("change back to HTTP in the same way", async () => {
    const system = await RunningSystem.start(lab);
    const [one, other] = [system.state(), system.state()];
    await one.apply(cluster(BOTH));
    await other.apply(orders);
    const changed = await one.apply(cluster(HTTP));
    expect(changed.rejected).toEqual([]);
    expectNewRuleFirst(changed);
    const repaired = await other.apply(orders);
    expect(repaired).toMatchObject({ created: ["aws_lb_listener_rule.orders_rule"], replaced: [], rejected: [] });
  });
});
