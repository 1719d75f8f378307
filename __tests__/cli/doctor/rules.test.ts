import { rulesCheck } from "../../../cli/doctor/checks/rules";
import type { ListenerFacts, ListenerRuleFacts, RuleAction, ServiceFacts } from "../../../cli/doctor/facts";

type Facts = Parameters<typeof rulesCheck.decide>[0];

const forward = (...weights: readonly (readonly [arn: string, weight: number])[]): RuleAction => ({
  ...{ type: "forward", detail: "" },
  targetGroups: weights.map(([arn, weight]) => ({ arn, weight })),
});
const NOT_FOUND: RuleAction = { type: "fixed-response", detail: "404", targetGroups: [] };
const REDIRECT: RuleAction = { type: "redirect", detail: "HTTPS://#{host}:443/#{path}", targetGroups: [] };
const OWN = forward(["arn:tg", 1]);
const OTHER = forward(["arn:targetgroup/other/1", 1]);

type Conditions = ListenerRuleFacts["conditions"];
const rule = (
  priority: number,
  conditions: Conditions,
  action: RuleAction,
  change: Partial<ListenerRuleFacts> = {},
) => ({
  ...{ arn: `arn:rule/${priority}`, priority, conditions, action, isComparable: true },
  ...change,
});
const last = (action: RuleAction): ListenerRuleFacts => ({
  ...{ arn: "arn:listener", conditions: {}, action, isComparable: true },
});
const listener = (rules: readonly ListenerRuleFacts[], change: Partial<ListenerFacts> = {}): ListenerFacts => ({
  ...{
    arn: "arn:listener",
    balancerArn: "arn:lb",
    protocol: "HTTP",
    port: 80,
    isRedirect: false,
    targetGroupArns: [],
    rules,
  },
  ...change,
});
const SERVICE: ServiceFacts = {
  ...{ name: "web", desired: 1, running: 1, pending: 0, targetGroupArns: ["arn:tg"], events: [], deployments: [] },
};
const group = (arn: string, name: string) => ({ arn, name, balancerArns: ["arn:lb"], healthCheck: "", targets: [] });

function decide(listeners: readonly ListenerFacts[], change: Partial<Facts> = {}) {
  return rulesCheck.decide({
    ...{ region: "eu-west-1", clusterName: "ecs", services: [SERVICE], listeners },
    targetGroups: [group("arn:tg", "tg"), group("arn:b", "b")],
    balancers: [{ arn: "arn:lb", name: "alb", zones: [], securityGroupIds: [], subnetCidrs: [] }],
    ...change,
  }).findings;
}
const causes = (...args: Parameters<typeof decide>) => decide(...args).map(({ cause }) => cause.id);

const API = { paths: ["/api*"] };

describe("the rule of a service", () => {
  it.each<[string, ListenerRuleFacts[]]>([
    ["no rule comes first", [rule(10, API, OWN), last(NOT_FOUND)]],
    ["the first rule matches other paths", [rule(1, { paths: ["/b*"] }, OTHER), rule(10, API, OWN)]],
    ["the first rule matches some of its paths", [rule(1, { paths: ["/api/v1*"] }, OTHER), rule(10, API, OWN)]],
    ["the first rule matches one of two paths", [rule(1, API, OTHER), rule(10, { paths: ["/api*", "/b*"] }, OWN)]],
    ["the first rule has a condition more", [rule(1, { ...API, methods: ["GET"] }, OTHER), rule(10, API, OWN)]],
    ["the first rule has regular expressions", [rule(1, {}, OTHER, { isComparable: false }), rule(10, API, OWN)]],
    ["the other rule has a higher number", [rule(10, API, OWN), rule(20, { paths: ["/*"] }, OTHER)]],
    ["the first rule also forwards to it", [rule(1, API, forward(["arn:b", 90], ["arn:tg", 10])), rule(10, API, OWN)]],
    ["it is the default action", [rule(1, API, OTHER), last(OWN)]],
  ])("gets requests if %s", (_, rules) => {
    expect(causes([listener(rules)])).toEqual([]);
  });

  it.each<[string, Conditions, Conditions]>([
    ["all paths", { paths: ["/*"] }, API],
    ["a wider path", { paths: ["/a*"] }, API],
    ["the same path", API, { ...API, hosts: ["a.example.com"] }],
    ["its host", { hosts: ["*.example.com"] }, { ...API, hosts: ["a.example.com"] }],
    ["all paths, while it has only a host", { paths: ["/*"] }, { hosts: ["a.example.com"] }],
  ])("is hidden by a rule for %s", (_, first, own) => {
    const [finding, ...others] = decide([listener([rule(10, own, OWN), rule(1, first, OTHER)])]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      cause: { id: "rule-hidden" },
      commands: [
        "aws elbv2 set-rule-priorities --region eu-west-1 --rule-priorities RuleArn=arn:rule/10,Priority=PRIORITY",
      ],
      about: { services: ["web"] },
    });
  });

  it("is named with the rule that hides it, and with what that rule does", () => {
    const [finding] = decide([listener([rule(1, { paths: ["/*"] }, NOT_FOUND), rule(10, API, OWN)])]);
    expect(finding).toMatchObject({
      problem:
        "Rule 1 (paths /*) of alb HTTP 80 takes all requests of rule 10 (paths /api*), which belongs to the service web.",
      evidence: ["rule 1 (paths /*) returns 404", "rule 10 (paths /api*) forwards to tg", "arn:rule/1"],
    });
  });

  it("is hidden as the default action, which has no lower number", () => {
    const [finding] = decide([listener([rule(1, { paths: ["/*"] }, OTHER), last(OWN)])]);
    expect(finding).toMatchObject({
      problem:
        "Rule 1 (paths /*) of alb HTTP 80 takes all requests of the default rule, which belongs to the service web.",
      evidence: ["rule 1 (paths /*) forwards to other", "default rule forwards to tg", "arn:rule/1"],
      commands: ["aws elbv2 delete-rule --region eu-west-1 --rule-arn arn:rule/1"],
    });
  });

  it("can be behind a redirect to a listener that has its rule", () => {
    const http = listener([rule(1, { paths: ["/*"] }, REDIRECT), rule(10, API, OWN)]);
    const https = listener([rule(10, API, OWN)], { arn: "arn:https", protocol: "HTTPS", port: 443 });
    expect(causes([http, https])).toEqual([]);
    expect(causes([http])).toEqual(["rule-hidden"]);
  });

  it("was deleted if no rule forwards to the target group", () => {
    expect(decide([listener([rule(10, API, OTHER), last(NOT_FOUND)])])).toMatchObject([
      {
        cause: { id: "rule-deleted" },
        problem: "No listener rule forwards requests to the target group tg of the service web.",
        evidence: ["arn:tg", "alb HTTP 80: rule 10 (paths /api*), default rule"],
      },
    ]);
  });

  it.each<[string, Partial<Facts>]>([
    ["its name", { names: { "arn:rule/10": "ecs-web" } }],
    ["the service, which names its rule", { services: [{ ...SERVICE, ruleArns: ["arn:rule/10"] }] }],
  ])("is known by %s if it returns a response", (_, change) => {
    expect(decide([listener([rule(10, API, { ...NOT_FOUND, detail: "503" }), last(NOT_FOUND)])], change)).toMatchObject(
      [
        {
          cause: { id: "rule-not-forwarding" },
          problem: "The listener rule of the service web returns 503, and forwards to no target group.",
          evidence: ["alb HTTP 80: rule 10 (paths /api*)", "arn:rule/10"],
          commands: [
            "aws elbv2 modify-rule --region eu-west-1 --rule-arn arn:rule/10 --actions Type=forward,TargetGroupArn=arn:tg",
          ],
        },
      ],
    );
  });

  it("is not a rule with the name of another service", () => {
    expect(causes([listener([rule(10, API, NOT_FOUND)])], { names: { "arn:rule/10": "ecs-web2" } })).toEqual([
      "rule-deleted",
    ]);
  });

  it("gives its target group no requests with the weight 0", () => {
    const both = forward(["arn:tg", 0], ["arn:targetgroup/other/1", 100]);
    expect(decide([listener([rule(10, API, both)])])).toMatchObject([
      {
        cause: { id: "rule-weight-zero" },
        evidence: ["alb HTTP 80: rule 10 (paths /api*) forwards to tg (weight 0), other (weight 100)"],
      },
    ]);
  });

  it("shares the requests of two target groups of a deployment strategy", () => {
    const services = [
      { ...SERVICE, targetGroupArns: ["arn:tg", "arn:b"], alternates: { "arn:tg": "arn:b", "arn:b": "arn:tg" } },
    ];
    expect(causes([listener([rule(10, API, forward(["arn:tg", 0], ["arn:b", 100]))])], { services })).toEqual([]);
    expect(causes([listener([rule(10, API, forward(["arn:tg", 0], ["arn:b", 0]))])], { services })).toEqual([
      "rule-weight-zero",
    ]);
    expect(causes([listener([last(NOT_FOUND)])], { services })).toEqual(["rule-deleted"]);
  });

  it("does not matter if the target group was deleted, which another check reports", () => {
    expect(causes([listener([last(NOT_FOUND)])], { targetGroups: [] })).toEqual([]);
  });
});
