import { type EcsClusterTarget, PortRange } from "../../src";

/** Returns a cluster with plain values, for tests of constructs that belong to a service. */
export function clusterTarget(change: Partial<EcsClusterTarget> = {}): EcsClusterTarget {
  return {
    cluster: {
      clusterName: "prod",
      clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
      logGroupName: "/ecs/prod",
    },
    capacityProvider: { capacityProviderName: "cp-prod" },
    loadBalancer: {
      listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/prod-alb/0a1b/2c3d",
    },
    vpc: { vpcId: "vpc-0123456789abcdef0" },
    portRules: {
      instanceSecurityGroupId: "sg-0123456789abcdef0",
      portRange: new PortRange({ from: 31000, to: 61000 }),
    },
    region: "eu-west-1",
    ...change,
  };
}
