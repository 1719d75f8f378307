import { blocksOf, type ObjectValue, type Value } from "../wire/values";

/**
 * Returns the listener rules of a service with other weights, as a deployment with the strategies `BLUE_GREEN`, `LINEAR` and `CANARY` leaves
 * them. This is a model of what users report. A deployment ends with all requests at the target group that had none, and the rule
 * forwards to both. The first deployment of a service keeps its target group. What DescribeServices returns does not change.
 *
 * https://github.com/hashicorp/terraform-provider-aws/issues/43905 says so of deployments by Terraform and others.
 * https://github.com/hashicorp/terraform-provider-aws/issues/45678 says that deployments by Terraform do not alternate.
 *
 * @param service the attributes of the service after a change
 * @param before its attributes before the change
 * @param ruleOf returns the attributes of a rule by its ARN
 */
export function shiftedRules(
  service: ObjectValue,
  before: ObjectValue | undefined,
  ruleOf: (arn: Value | undefined) => ObjectValue | undefined,
): ObjectValue[] {
  const [strategy] = blocksOf(service.deployment_configuration).map((one) => one.strategy);
  if (strategy === undefined || strategy === "ROLLING") return [];
  return blocksOf(service.load_balancer).flatMap(({ target_group_arn: primary, advanced_configuration }) =>
    blocksOf(advanced_configuration).flatMap((one) => {
      const { alternate_target_group_arn: alternate, production_listener_rule, test_listener_rule } = one;
      const production = ruleOf(production_listener_rule);
      const hasPrimary = production === undefined || weightOf(production, primary) > 0;
      const next = before && hasPrimary ? alternate : primary;
      return [production, ruleOf(test_listener_rule)].flatMap((rule) =>
        rule ? [{ ...rule, action: withWeights(rule.action, [primary, alternate], next) }] : [],
      );
    }),
  );
}

const forwardsOf = (actions: Value | undefined): ObjectValue[] =>
  blocksOf(actions).filter(({ type }) => type === "forward");

const groupsOf = (actions: Value | undefined): ObjectValue[] =>
  forwardsOf(actions).flatMap(({ forward }) => blocksOf(forward).flatMap(({ target_group }) => blocksOf(target_group)));

/** Returns the weight of a target group in a rule. */
function weightOf({ action }: ObjectValue, group: Value | undefined): number {
  const isOnly = forwardsOf(action).some(({ target_group_arn }) => target_group_arn === group);
  return isOnly ? 100 : Number(groupsOf(action).find(({ arn }) => arn === group)?.weight ?? 0);
}

/** Returns actions that forward to both target groups, with all requests at one of them. */
const withWeights = (
  actions: Value | undefined,
  groups: readonly (Value | undefined)[],
  next: Value | undefined,
): Value =>
  blocksOf(actions).map((action) =>
    action.type === "forward"
      ? {
          ...action,
          target_group_arn: blocksOf(action.forward).length > 0 ? (action.target_group_arn ?? null) : "",
          forward: [
            {
              ...(blocksOf(action.forward)[0] ?? { stickiness: [] }),
              target_group: groups.map((arn = null) => ({ arn, weight: arn === next ? 100 : 0 })),
            },
          ],
        }
      : action,
  );
