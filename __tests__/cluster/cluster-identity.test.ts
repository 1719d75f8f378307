import { ReadableStack } from "../../src";
import { identifyCluster, identityOf, listenerIdentityOf, targetsOf } from "../../src/cluster/cluster-identity";
import { clusterTarget } from "../support/cluster-target";
import { testApp } from "../support/test-app";

const listener = ({ loadBalancer = {} } = clusterTarget()) => listenerIdentityOf(loadBalancer);

describe("identifyCluster", () => {
  it("gives the targets of one cluster one identity in all stacks of an app", () => {
    const app = testApp();
    const [one, other] = [clusterTarget(), clusterTarget()];
    identifyCluster(one, new ReadableStack(app, "a"), "eu-west-1", "prod");
    identifyCluster(other, new ReadableStack(app, "b"), "eu-west-1", "prod");
    expect(identityOf(one)).toBe(identityOf(other));
    expect(listener(one)).toBe(listener(other));
  });

  it("keeps clusters of another name, region or app apart", () => {
    const [app, other] = [testApp(), testApp()];
    const identities = (
      [
        [app, "eu-west-1", "prod"],
        [app, "eu-west-1", "test"],
        [app, "eu-west-2", "prod"],
        [other, "eu-west-1", "prod"],
      ] as const
    ).map(([scope, region, name]) => {
      const target = clusterTarget();
      identifyCluster(target, scope, region, name);
      return identityOf(target);
    });
    expect(new Set(identities).size).toBe(4);
  });

  it("keeps the identity of a copy with other parts, and not of another load balancer", () => {
    const target = clusterTarget();
    identifyCluster(target, testApp(), "eu-west-1", "prod");
    const copy = { ...target, capacityProvider: { capacityProviderName: "cp-other" } };
    expect(identityOf(copy)).toBe(identityOf(target));
    expect(listener(copy)).toBe(listener(target));
    expect(listener(clusterTarget())).not.toBe(listener(target));
  });

  it("registers the targets of a cluster for its app", () => {
    const app = testApp();
    const [one, other] = [clusterTarget(), clusterTarget({ loadBalancer: undefined })];
    for (const target of [one, other]) identifyCluster(target, app, "eu-west-1", "prod");
    identifyCluster(clusterTarget(), app, "eu-west-1", "test");
    expect(targetsOf(app, "eu-west-1", "prod")).toEqual([one, other]);
    expect(targetsOf(testApp(), "eu-west-1", "prod")).toEqual([]);
  });

  it("leaves the parts of other targets as they are", () => {
    const target = clusterTarget();
    expect(identityOf(target)).toBe(target.cluster);
    expect(listener(target)).toBe(target.loadBalancer);
  });
});
