import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetGroupFacts } from "../facts";
import { inPortions } from "./paging";

/** How many ARNs a call takes. */
const ARNS = 20;
/** How many groups are asked for their targets at once: with a hundred services AWS would throttle all of them. */
const AT_ONCE = 10;

export async function readTargetGroups(
  client: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<TargetGroupFacts[]> {
  const groups = await inPortions(arns, ARNS, async (TargetGroupArns) => {
    const ask = async (some: string[]) =>
      (await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: some }))).TargetGroups ?? [];
    try {
      return await ask(TargetGroupArns);
    } catch (error) {
      if (!isGone(error)) throw error;
      // One that is gone spoils the whole portion, so each is asked for on its own; the missing one is a finding.
      return inPortions(TargetGroupArns, 1, (one) =>
        ask(one).catch((each) => (isGone(each) ? [] : Promise.reject(each))),
      );
    }
  });
  return inPortions(groups, AT_ONCE, (some) => Promise.all(some.map((group) => targetGroupFacts(client, group))));
}

export function readBalancers(client: ElasticLoadBalancingV2Client, arns: readonly string[]): Promise<LoadBalancer[]> {
  return inPortions(arns, ARNS, async (LoadBalancerArns) => {
    const answer = await client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns }));
    return answer.LoadBalancers;
  });
}

const isGone = (error: unknown): boolean => /^TargetGroupNotFound/.test((error as Error).name);

async function targetGroupFacts(client: ElasticLoadBalancingV2Client, group: TargetGroup): Promise<TargetGroupFacts> {
  const { TargetGroupArn = "", TargetGroupName = "", LoadBalancerArns = [] } = group;
  const answer = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  return {
    arn: TargetGroupArn,
    name: TargetGroupName,
    balancerArns: LoadBalancerArns,
    healthCheck: `${group.HealthCheckProtocol ?? "HTTP"} ${group.HealthCheckPath ?? ""} wants ${group.Matcher?.HttpCode ?? "200"} within ${group.HealthCheckTimeoutSeconds ?? 5} s`,
    targets: (answer.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
      id: Target?.Id ?? "",
      port: Target?.Port ?? 0,
      state: TargetHealth?.State ?? "",
      reason: TargetHealth?.Reason ?? "",
      description: TargetHealth?.Description ?? "",
    })),
  };
}
