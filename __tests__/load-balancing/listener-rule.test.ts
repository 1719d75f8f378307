import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { TerraformVariable, Testing } from "cdktf";
import {
  Ec2Service,
  type EcsClusterTarget,
  ListenerRule,
  type ListenerRuleProps,
  type Route,
  rulePriority,
} from "../../src";
import { identifyCluster } from "../../src/cluster/cluster-identity";
import { clusterStack } from "../support/cluster";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { fc } from "../support/seeded";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

const targetGroupArn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/users-1/0a1b";

const synthesize = (props: Partial<ListenerRuleProps>): string =>
  Testing.synthScope((stack) => {
    new ListenerRule(stack, "rule", { cluster: clusterTarget(), name: "users", targetGroupArn, ...props });
  });

/** Returns the problems of the last of several rules on one listener. The rules are `test/r0`, `test/r1`, and so on. */
function problems(...routes: (Partial<ListenerRuleProps> & { readonly id?: string })[]): readonly string[] {
  const stack = emptyStack();
  const cluster = clusterTarget();
  const add = ({ id, ...route }: (typeof routes)[number], index: number) =>
    new ListenerRule(stack, id ?? `r${index}`, { cluster, name: "users", targetGroupArn, ...route });
  routes.slice(0, -1).forEach(add);
  return problemsOf(() => add(routes.at(-1) ?? {}, routes.length - 1));
}

describe("ListenerRule", () => {
  it("ignores the weights that ECS changes, and is replaced with its target groups under another priority", () => {
    const targetGroups = [
      { targetGroupArn, weight: 100 },
      { targetGroupArn: `${targetGroupArn}2`, weight: 0 },
    ];
    const shifted = { paths: ["/a*"], targetGroupArn: undefined, targetGroups, isShiftedByEcs: true };
    const json = synthesize({ ...shifted, priorityOffset: 3 });
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      priority: rulePriority({ name: "users", paths: ["/a*"] }) - 3,
      lifecycle: {
        create_before_destroy: true,
        ignore_changes: ["action"],
        replace_triggered_by: [expect.stringMatching(/^terraform_data[.]rule_target_groups_/)],
      },
    });
    expect(JSON.parse(json).resource.terraform_data).toMatchObject({
      [Object.keys(JSON.parse(json).resource.terraform_data)[0] ?? ""]: {
        input: { target_group_arns: [targetGroupArn, `${targetGroupArn}2`] },
      },
    });
    expect(resourceCounts(json)).toEqual({ aws_lb_listener_rule: 1, terraform_data: 1 });
    expect(resourceCounts(synthesize({ ...shifted, isShiftedByEcs: false }))).toEqual({ aws_lb_listener_rule: 1 });
  });

  it("follows the id of another rule with ruleId", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const rule = new ListenerRule(stack, "any", {
      cluster,
      name: "users",
      targetGroupArn,
      paths: ["/a*"],
      ruleId: "rule_b",
    });
    expect(rule.priority).toBe(rulePriority({ name: "users", ruleId: "rule_b", paths: ["/a*"] }));
  });

  it("forwards requests with one of the paths and one of the hosts", () => {
    const json = synthesize({ paths: ["/api/users*", "/users"], hosts: ["*.example.com"] });
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      listener_arn: clusterTarget().loadBalancer?.listenerArn,
      condition: [
        { host_header: { values: ["*.example.com"] } },
        { path_pattern: { values: ["/api/users*", "/users"] } },
      ],
      action: [{ type: "forward", target_group_arn: targetGroupArn }],
      tags: { Name: "prod-users", Purpose: "Sends requests to users" },
    });
    expect(resourceCounts(json)).toEqual({ aws_lb_listener_rule: 1 });
  });

  it("has the priority that follows from its conditions", () => {
    expect(synthesize({ paths: ["/api/users*"] })).toHaveResourceWithProperties(LbListenerRule, {
      priority: rulePriority({ name: "users", ruleId: "rule", paths: ["/api/users*"] }),
    });
  });

  it("has the given priority", () => {
    expect(synthesize({ paths: ["/api/users*"], priority: 7 })).toHaveResourceWithProperties(LbListenerRule, {
      priority: 7,
    });
  });

  it("exists before the rule that it replaces is deleted", () => {
    expect(synthesize({ paths: ["/a"] })).toHaveResourceWithProperties(LbListenerRule, {
      lifecycle: { create_before_destroy: true },
    });
  });

  it("keeps the dollar sign of a path", () => {
    expect(synthesize({ paths: ["/a$b~c"] })).toHaveResourceWithProperties(LbListenerRule, {
      condition: [{ path_pattern: { values: ["/a$b~c"] } }],
    });
  });

  it("accepts a host that only Terraform knows, with a priority", () => {
    const json = Testing.synthScope((stack) => {
      const hosts = [`api.${new TerraformVariable(stack, "domain", {}).stringValue}`];
      const props = { cluster: clusterTarget(), name: "users", targetGroupArn, hosts, priority: 7 };
      new ListenerRule(stack, "rule", props);
    });
    expect(json).toHaveResourceWithProperties(LbListenerRule, {
      condition: [{ host_header: { values: ["api.${var.domain}"] } }],
      priority: 7,
    });
  });

  it("rejects a host that only Terraform knows without a priority", () => {
    const stack = emptyStack();
    const hosts = [new TerraformVariable(stack, "domain", {}).stringValue, "b.example.com"];
    const props = { cluster: clusterTarget(), name: "users", targetGroupArn, hosts };
    expect(problemsOf(() => new ListenerRule(stack, "rule", props))).toEqual([
      "priority must be set, because a value of a condition or the service's name is a token; received nothing. Set a number from 1 to 50000.",
    ]);
  });

  it("rejects a list of paths that only Terraform knows", () => {
    const stack = emptyStack();
    const paths = new TerraformVariable(stack, "paths", {}).listValue;
    const props = { cluster: clusterTarget(), name: "users", targetGroupArn, paths, priority: 7 };
    expect(problemsOf(() => new ListenerRule(stack, "rule", props))).toEqual([
      "paths must be known when the code runs; received a token. Write the value itself instead of a token.",
    ]);
  });

  it.each<[string, Partial<ListenerRuleProps>, string]>([
    [
      "a cluster without a load balancer",
      { paths: ["/"], cluster: clusterTarget({ loadBalancer: undefined }) },
      "cluster.loadBalancer must be set; received nothing. Add a load balancer to the cluster, or remove the rule.",
    ],
    [
      "a rule without a condition",
      {},
      'paths must be set, or another condition such as hosts; received nothing. For example paths: ["/api/users*"].',
    ],
    [
      "a path that is not in a list",
      { paths: "/api/*" as unknown as string[] },
      'paths must be a list; received "/api/*". Write it in brackets: ["/api/users*"].',
    ],
    [
      "a host that is not in a list",
      { hosts: "a.example.com" as unknown as string[] },
      'hosts must be a list; received "a.example.com". Write it in brackets: ["api.example.com"].',
    ],
    [
      "an empty list",
      { paths: [] },
      "paths must have 1 to 5 different paths; received []. For more, add another rule with routes.",
    ],
    [
      "more than 5 paths",
      { paths: ["/a", "/b", "/c", "/d", "/e", "/f"] },
      'paths must have 1 to 5 different paths; received ["/a", "/b", "/c", "/d", "/e", "/f"]. For more, add another rule with routes.',
    ],
    [
      "more than 5 hosts",
      { hosts: ["a.io", "b.io", "c.io", "d.io", "e.io", "f.io"] },
      'hosts must have 1 to 5 different hosts; received ["a.io", "b.io", "c.io", "d.io", "e.io", "f.io"]. For more, add another rule with routes.',
    ],
    [
      "more than 5 paths and hosts together",
      { paths: ["/a", "/b", "/c"], hosts: ["a.io", "b.io", "c.io"] },
      'paths must have at most 5 values, together with the other conditions; received ["/a", "/b", "/c", "a.io", "b.io", "c.io"]. Split the rule in two with routes.',
    ],
    [
      "more than 5 wildcards",
      { paths: ["/*a*b", "/*c*d", "/*e*f"] },
      'paths must have at most 5 wildcards (* and ?), together with the other conditions; received ["/*a*b", "/*c*d", "/*e*f"]. Split the rule in two with routes.',
    ],
    [
      "more than 5 wildcards in hosts",
      { hosts: ["*a*b?.io", "*c*d?.io"] },
      'hosts must have at most 5 wildcards (* and ?), together with the other conditions; received ["*a*b?.io", "*c*d?.io"]. Split the rule in two with routes.',
    ],
    [
      "a path that does not begin with a slash",
      { paths: ["api/users"] },
      'paths[0] must be a path pattern of at most 128 characters that begins with / or a wildcard; received "api/users". For example "/api/users*". Use letters, digits, the wildcards * and ?, and _ - . $ / ~ " \' @ : + &. Match a query with queryStrings.',
    ],
    [
      "a host with a scheme",
      { hosts: ["https://example.com"] },
      'hosts[0] must be a host name, with only letters after the last dot; received "https://example.com". For example "api.example.com" or "*.example.com". Do not write a scheme or a port.',
    ],
    [
      "a host of 129 characters",
      { hosts: [`${"x".repeat(125)}.com`] },
      `hosts[0] must be 1 to 128 characters long; received "${"x".repeat(79)}…. AWS limits a host pattern to 128 characters.`,
    ],
    [
      "a priority that no listener has",
      { paths: ["/a"], priority: 50_001 },
      "priority must be a whole number from 1 to 50000; received 50001. Remove it, and it follows from the conditions.",
    ],
    [
      "a path that another path of the rule covers",
      { paths: ["/api*", "/api/users*"] },
      'paths[1] must match requests that "/api*" does not match; received "/api/users*". Remove it.',
    ],
    [
      "a host that another host of the rule covers",
      { hosts: ["a.example.com", "*.example.com"] },
      'hosts[0] must match requests that "*.example.com" does not match; received "a.example.com". Remove it.',
    ],
    [
      "a name that is no name of a service",
      { paths: ["/a"], name: "Users" },
      'name must contain only lower-case letters, digits and hyphens, start with a letter and not end with a hyphen; received "Users". For example "users" or "order-history". Target groups, repositories and variables are named after it.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });

  it("accepts 5 values and 5 wildcards", () => {
    expect(problems({ paths: ["/a*", "/b*", "/c*"], hosts: ["a*.io", "b?.io"] })).toEqual([]);
    expect(problems({ hosts: [`${"x".repeat(124)}.com`] })).toEqual([]);
  });
});

describe("several rules of one listener", () => {
  it("can have the same path with other hosts", () => {
    expect(problems({ paths: ["/a"] }, { paths: ["/a"], hosts: ["x.example.com"] })).toEqual([]);
    const [x, y] = [{ hosts: ["x.example.com"] }, { hosts: ["y.example.com"] }];
    expect(problems({ paths: ["/a"], ...y }, { paths: ["/a"], ...x })).toEqual([]);
  });

  it("cannot have the same path", () => {
    expect(problems({ paths: ["/a", "/b"] }, { paths: ["/b", "/c"] })).toEqual([
      'paths must differ from the paths of test/r0; received "/b", which both rules have. Remove it from one of the two rules.',
    ]);
  });

  it("can have equal conditions while one of them has a priority, so that one service can replace another", () => {
    const route = { paths: ["/a", "/b"], hosts: ["x.example.com"] };
    const turned = { paths: ["/b", "/a"], hosts: ["X.example.com"] };
    expect(problems(route, { ...turned, priority: 50_000 })).toEqual([]);
    expect(problems({ ...route, priority: 50_000 }, turned)).toEqual([]);
    expect(problems(route, turned)).toEqual([
      'paths must differ from the paths of test/r0; received "x.example.com" and "/a" and "/b", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.',
    ]);
    expect(problems({ ...route, priority: 5 }, { ...turned, priority: 5 })).toEqual([
      expect.stringMatching(/^priority must be unique on the listener; received 5, /),
    ]);
    expect(problems(route, { ...turned, paths: ["/a"], priority: 50_000 })).toEqual([
      expect.stringMatching(/^paths must differ .* Remove it from one of the two rules[.]$/),
    ]);
  });

  it("cannot have the same host, in upper or lower case", () => {
    expect(problems({ hosts: ["x.example.com"] }, { hosts: ["X.example.com"] })).toEqual([
      'hosts must differ from the hosts of test/r0; received "x.example.com", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.',
    ]);
  });

  it.each<[string, Route, Route]>([
    ["later", { paths: ["/api*"], priority: 1 }, { paths: ["/api/users*"], priority: 2 }],
    ["earlier", { paths: ["/api/users*"], priority: 2 }, { paths: ["/api*"], priority: 1 }],
  ])("cannot hide a rule that the code creates %s", (_, first, second) => {
    const hidden = first.priority === 2 ? "r0" : "r1";
    const hiding = first.priority === 1 ? "r0" : "r1";
    expect(problems(first, second)).toEqual([
      `paths must leave requests for every rule; received "/api/users*" of test/${hidden} (priority 2), which can never match, because "/api*" of test/${hiding} (priority 1) matches all its requests first. Remove it, move it to another rule with routes, or set priority of one of the two rules.`,
    ]);
  });

  it("cannot hide one of several values", () => {
    expect(problems({ paths: ["/api*"] }, { paths: ["/api/users*", "/x*"] })).toEqual([
      expect.stringContaining('received "/api/users*" of test/r1 (priority '),
    ]);
  });

  it("cannot hide hosts behind a rule for any host", () => {
    expect(problems({ paths: ["/*"], priority: 1 }, { hosts: ["x.example.com"], priority: 2 })).toEqual([
      expect.stringContaining('received "x.example.com" of test/r1 (priority 2)'),
    ]);
  });

  it("cannot hide one of several hosts, whatever the path", () => {
    const both = ["x.example.com", "y.example.com"];
    expect(problems({ hosts: ["x.example.com"], priority: 1 }, { hosts: both, paths: ["/a"], priority: 2 })).toEqual([
      expect.stringContaining('received "x.example.com" of test/r1 (priority 2)'),
    ]);
    expect(problems({ hosts: ["x.example.com"], paths: ["/b"] }, { hosts: both, paths: ["/a"] })).toEqual([]);
  });

  it("cannot have the same priority", () => {
    const [one, other] = collidingPaths();
    const priority = rulePriority({ name: "users", ruleId: "r0", paths: [one] });
    expect(problems({ paths: [one] }, { paths: [other] })).toEqual([
      `priority must be unique on the listener; received ${priority}, which test/r0 also has ("${one}"). Set priority of one of the two rules, from 1 to 50000. The load balancer evaluates the lowest number first.`,
    ]);
    expect(problems({ paths: [one] }, { paths: [other], priority: 1 })).toEqual([]);
  });

  it("are at most 100", () => {
    const routes = Array.from({ length: 101 }, (_, index) => ({ paths: [`/${index}/x`], priority: index + 1 }));
    expect(problems(...routes.slice(0, 100))).toEqual([]);
    expect(problems(...routes)).toEqual([
      "paths must be one of at most 100 rules of the load balancer, which is AWS's default quota; received rule number 101. Combine the paths of a service in one rule, use another load balancer for some services, or set ruleQuota of the load balancer after AWS raised its quota.",
    ]);
  });

  it("are as many as the ruleQuota of the load balancer", () => {
    const loadBalancer = { listenerArn: "arn:listener/app/a/b/c", ruleQuota: 101 };
    const cluster = clusterTarget({ loadBalancer });
    const routes = Array.from({ length: 102 }, (_, index) => ({
      cluster,
      paths: [`/${index}/x`],
      priority: index + 1,
    }));
    expect(problems(...routes.slice(0, 101))).toEqual([]);
    expect(
      problems(...routes.map((route) => ({ ...route, cluster: clusterTarget({ loadBalancer: { ...loadBalancer } }) }))),
    ).toEqual([]);
    const same = clusterTarget({ loadBalancer: { ...loadBalancer } });
    expect(problems(...routes.map((route) => ({ ...route, cluster: same })))).toEqual([
      expect.stringMatching(
        /^paths must be one of at most 101 rules of the load balancer, which is its ruleQuota; received rule number 102[.]/,
      ),
    ]);
  });

  it("are counted over all listeners of the load balancer", () => {
    const stack = clusterStack({ loadBalancer: { listeners: { admin: { port: 8443 } } } });
    const add = (index: number) =>
      new ListenerRule(stack, `r${index}`, {
        ...{ cluster: stack, paths: [`/${index}/x`], priority: index + 1, fixedResponse: { statusCode: 200 } },
        loadBalancer: index % 2 === 0 ? stack.loadBalancer?.listeners.admin : undefined,
      });
    for (let index = 0; index < 100; index++) add(index);
    expect(problemsOf(() => add(100))).toEqual([expect.stringContaining("received rule number 101.")]);
    const loadBalancer = stack.loadBalancer?.listeners.admin;
    const routes = { a: { paths: ["/a"], loadBalancer, priority: 200 }, b: { paths: ["/b"], priority: 201 } };
    expect(problemsOf(() => new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, routes }))).toEqual([
      expect.stringMatching(/^routes[.]a[.]paths must be one of at most 100 .* rule number 101[.]/),
      expect.stringMatching(/^routes[.]b[.]paths must be one of at most 100 .* rule number 102[.]/),
    ]);
  });

  it("are named by their setting in messages", () => {
    expect(problems({ paths: ["/a"] }, { paths: ["/a"], setting: "routes.admin" })).toEqual([
      expect.stringMatching(/^routes\.admin\.paths must differ from the paths of test\/r0; /),
    ]);
  });

  it("give the same problems in any order of the code", () => {
    const path = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 4 }).map((parts) => `/${parts.join("")}`);
    fc.assert(
      fc.property(path, path, (one, other) => {
        const [first, second] = [
          { id: "one", paths: [one] },
          { id: "other", paths: [other] },
        ];
        const inOrder = problems(first, second);
        const reversed = problems(second, first);
        expect(inOrder.length).toBe(reversed.length);
      }),
    );
  });

  const inTwoStacks = (identify: (cluster: EcsClusterTarget, region: string) => void, other = "eu-west-1") => {
    const clusters = [clusterTarget(), clusterTarget({ region: other })];
    const add = (cluster: EcsClusterTarget, index: number) => {
      identify(cluster, cluster.region);
      return new ListenerRule(emptyStack(`s${index}`), "rule", { cluster, name: "a", targetGroupArn, paths: ["/a"] });
    };
    return problemsOf(() => clusters.map(add));
  };

  it("are checked across the stacks of an app that look up one cluster", () => {
    const app = emptyStack();
    const identify = (cluster: EcsClusterTarget, region: string) => identifyCluster(cluster, app, region, "prod");
    expect(inTwoStacks(identify)).toEqual([
      'paths must differ from the paths of s0/rule; received "/a", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.',
    ]);
  });

  it("are not checked across clusters", () => {
    const app = emptyStack();
    expect(inTwoStacks((cluster, region) => identifyCluster(cluster, app, region, "prod"), "eu-west-2")).toEqual([]);
    expect(inTwoStacks(() => undefined)).toEqual([]);
  });
});

/** Two paths of the same length whose hashes give the rules r0 and r1 the same priority. Only a search can find them. */
function collidingPaths(): [string, string] {
  const seen = new Map<number, string>();
  for (let index = 1000; ; index++) {
    const path = `/p${index}`;
    const other = seen.get(rulePriority({ name: "users", ruleId: "r1", paths: [path] }));
    if (other) return [other, path];
    seen.set(rulePriority({ name: "users", ruleId: "r0", paths: [path] }), path);
  }
}
