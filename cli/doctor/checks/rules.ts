import { covers } from "../../../src/load-balancing/condition-values";
import { actionsOf } from "../actions";
import { type Check, command, type Finding, found } from "../check";
import type { BalancerFacts, ListenerFacts, ListenerRuleFacts, ServiceFacts, TargetGroupFacts } from "../facts";
import { symptomCause } from "../symptom-cause";
import { actionText, listenerName, ruleText } from "./rule-text";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly services: readonly ServiceFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
  readonly balancers: readonly BalancerFacts[];
  readonly listeners: readonly ListenerFacts[];
  /** The names of rules that do not forward, by ARN: their tag `Name`. @default - AWS denied reading the tags */
  readonly names?: Readonly<Record<string, string>>;
}

const HIDDEN = symptomCause("rule-hidden");

const ANSWERS = symptomCause("rule-not-forwarding", ["target-group-unused", "target-unused", "rule-deleted"]);

const WEIGHT = symptomCause("rule-weight-zero");

const DELETED = symptomCause("rule-deleted", ["target-group-unused", "target-unused"]);

/** Checks that the rules of listeners forward requests to each service. */
export const rulesCheck: Check<Facts> = {
  id: "rules",
  question: "Do the listener rules forward requests to each service?",
  actions: actionsOf("services", "targetGroups", "balancers", "listeners", "ruleNames"),
  causes: [HIDDEN, ANSWERS, WEIGHT, DELETED],
  read: async (account, optional) => {
    const listeners = await account.listeners();
    const others = listeners.flatMap(({ rules = [] }) => rules).filter((rule) => isAnswer(rule));
    return {
      region: account.region,
      clusterName: account.clusterName,
      services: await account.services(),
      targetGroups: await account.targetGroups(),
      balancers: await account.balancers(),
      listeners,
      names: await optional(account.ruleNames(others.map(({ arn }) => arn).sort())),
    };
  },
  decide: (facts) => ({
    findings: facts.services.flatMap((service) => [...unforwarded(service, facts), ...hiddenRules(service, facts)]),
    notes: [],
  }),
};

/** Whether a rule with conditions answers requests itself. */
const isAnswer = ({ priority, action }: ListenerRuleFacts): boolean =>
  priority !== undefined && (action.type === "fixed-response" || action.type === "redirect");

const weightOf = ({ action }: ListenerRuleFacts, arn: string): number | undefined =>
  action.targetGroups.find((group) => group.arn === arn)?.weight;

/** Finds the target groups that no rule forwards to, or only with the weight 0. */
function unforwarded(service: ServiceFacts, facts: Facts): Finding[] {
  const { region, clusterName, targetGroups, balancers, listeners, names = {} } = facts;
  const rules = listeners.flatMap((listener) => (listener.rules ?? []).map((rule) => ({ listener, rule })));
  const seen = new Set<string>();
  return service.targetGroupArns.flatMap((arn): Finding[] => {
    const group = targetGroups.find((one) => one.arn === arn);
    const other = service.alternates?.[arn];
    // A pair of target groups of a deployment strategy has one rule. The check of targets reports a deleted target group.
    if (!group || seen.has(arn)) return [];
    seen.add(arn);
    if (other !== undefined) seen.add(other);
    const pair = [arn, ...(other === undefined ? [] : [other])];
    const weights = rules.flatMap(({ rule }) => pair.flatMap((one) => weightOf(rule, one) ?? []));
    if (weights.some((weight) => weight > 0)) return [];
    if (weights.length > 0) {
      const own = rules.filter(({ rule }) => pair.some((one) => weightOf(rule, one) !== undefined));
      return [
        found(WEIGHT, {
          problem: `The listener rules give the target group ${group.name} of the service ${service.name} the weight 0.`,
          evidence: own.map(
            ({ listener, rule }) =>
              `${where(listener, balancers)}: ${ruleText(rule)} ${actionText(rule.action, targetGroups)}`,
          ),
          commands: own.map(({ rule }) => restore(rule.arn, rule.priority === undefined, arn, region)),
          about: { services: [service.name] },
        }),
      ];
    }
    const isOwn = ({ arn: ruleArn }: ListenerRuleFacts) =>
      service.ruleArns?.includes(ruleArn) || names[ruleArn] === `${clusterName}-${service.name}`;
    const changed = rules.filter(({ rule }) => isAnswer(rule) && isOwn(rule));
    if (changed.length > 0) {
      return changed.map(({ listener, rule }) =>
        found(ANSWERS, {
          problem: `The listener rule of the service ${service.name} ${actionText(rule.action, targetGroups)}, and forwards to no target group.`,
          evidence: [`${where(listener, balancers)}: ${ruleText(rule)}`, rule.arn],
          commands: [restore(rule.arn, false, arn, region)],
          about: { services: [service.name] },
        }),
      );
    }
    return [
      found(DELETED, {
        problem: `No listener rule forwards requests to the target group ${group.name} of the service ${service.name}.`,
        evidence: [
          arn,
          ...listeners.map(
            (listener) =>
              `${where(listener, balancers)}: ${(listener.rules ?? []).map((rule) => ruleText(rule)).join(", ") || "no rules"}`,
          ),
        ],
        commands: [],
        about: { services: [service.name] },
      }),
    ];
  });
}

const where = (listener: ListenerFacts, balancers: readonly BalancerFacts[]): string =>
  `${balancers.find(({ arn }) => arn === listener.balancerArn)?.name ?? listener.balancerArn} ${listenerName(listener)}`;

const restore = (ruleArn: string, isDefault: boolean, targetGroupArn: string, region: string) => {
  const actions = `Type=forward,TargetGroupArn=${targetGroupArn}`;
  return isDefault
    ? command`aws elbv2 modify-listener --region ${region} --listener-arn ${ruleArn} --default-actions ${actions}`
    : command`aws elbv2 modify-rule --region ${region} --rule-arn ${ruleArn} --actions ${actions}`;
};

/** Finds the rules of a service whose requests other rules take first. */
function hiddenRules(service: ServiceFacts, { region, targetGroups, balancers, listeners }: Facts): Finding[] {
  const isOwn = ({ action }: ListenerRuleFacts) =>
    action.targetGroups.some(({ arn }) => service.targetGroupArns.includes(arn));
  return listeners.flatMap((listener) => {
    const rules = [...(listener.rules ?? [])].sort((one, other) => numberOf(one) - numberOf(other));
    return rules.filter(isOwn).flatMap((rule): Finding[] => {
      const earlier = rules.slice(0, rules.indexOf(rule));
      // Rules that share the requests of services by weight, and services that replace each other, also have rules of their own.
      const hiding = earlier.find((other) => hides(other, rule));
      if (!hiding || isOwn(hiding)) return [];
      // A redirect to HTTPS sends the requests to another listener with a rule of the service.
      const elsewhere = listeners.some(
        (other) => other !== listener && other.balancerArn === listener.balancerArn && other.rules?.some(isOwn),
      );
      if (hiding.action.type === "redirect" && elsewhere) return [];
      return [
        found(HIDDEN, {
          problem: `${capitalized(ruleText(hiding))} of ${where(listener, balancers)} takes all requests of ${rule.priority === undefined ? "the " : ""}${ruleText(rule)}, which belongs to the service ${service.name}.`,
          evidence: [
            `${ruleText(hiding)} ${actionText(hiding.action, targetGroups)}`,
            `${ruleText(rule)} ${actionText(rule.action, targetGroups)}`,
            hiding.arn,
          ],
          ...(rule.priority === undefined
            ? {
                fix: "The default rule of a listener comes last. Delete the other rule with the command, or change its conditions.",
                commands: [command`aws elbv2 delete-rule --region ${region} --rule-arn ${hiding.arn}`],
              }
            : {
                commands: [
                  command`aws elbv2 set-rule-priorities --region ${region} --rule-priorities RuleArn=${rule.arn},Priority=PRIORITY`,
                ],
              }),
          about: { services: [service.name] },
        }),
      ];
    });
  });
}

/** The default rule comes last. */
const numberOf = ({ priority = Number.POSITIVE_INFINITY }: ListenerRuleFacts): number => priority;

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The patterns that mean the same as no condition. The path of every request begins with a slash. */
const ANY: Readonly<Record<string, readonly string[]>> = { hosts: ["*"], paths: ["/*"] };

/** Whether a rule certainly matches all requests of a later one. */
function hides(earlier: ListenerRuleFacts, later: ListenerRuleFacts): boolean {
  if (!earlier.isComparable || !later.isComparable) return false;
  return Object.entries(earlier.conditions).every(([name, by]) => {
    const values = later.conditions[name] ?? ANY[name] ?? [];
    return values.length > 0 && values.every((value) => by.some((pattern) => covers(name, pattern, value)));
  });
}
