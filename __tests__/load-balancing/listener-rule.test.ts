import { ListenerRule, type ListenerRuleProps, type Route, rulePriority } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { fc } from "../support/seeded";
import { at, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

const targetGroupArn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/users-1/0a1b";

function made(route: Route, props: Partial<ListenerRuleProps> = {}): Part {
  const stack = emptyStack();
  new ListenerRule(stack, "rule", { cluster: clusterTarget(), name: "users", targetGroupArn, ...route, ...props });
  return resource(synthesized(stack), "aws_lb_listener_rule.rule");
}

/** The mistakes of the last of several rules on one listener. */
function mistakes(...routes: Route[]): readonly string[] {
  const stack = emptyStack();
  const cluster = clusterTarget();
  const add = (route: Route, index: number) =>
    new ListenerRule(stack, `r${index}`, { cluster, name: "users", targetGroupArn, ...route });
  routes.slice(0, -1).forEach(add);
  return mistakesOf(() => add(routes.at(-1) as Route, routes.length - 1));
}

describe("ListenerRule", () => {
  it("forwards what has one of the paths and one of the hosts", () => {
    expect(made({ paths: ["/api/users*", "/users"], hosts: ["*.example.com"] })).toMatchObject({
      listener_arn: clusterTarget().loadBalancer?.listenerArn,
      condition: [
        { host_header: { values: ["*.example.com"] } },
        { path_pattern: { values: ["/api/users*", "/users"] } },
      ],
      action: [{ type: "forward", target_group_arn: targetGroupArn }],
    });
  });

  it("has the priority that follows from its conditions, or the one given", () => {
    expect(made({ paths: ["/api/users*"] }).priority).toBe(rulePriority({ paths: ["/api/users*"] }));
    expect(made({ paths: ["/api/users*"], priority: 7 }).priority).toBe(7);
  });

  it("is there before the one that it replaces goes", () => {
    expect(at(made({ paths: ["/a"] }), "lifecycle", "create_before_destroy")).toBe(true);
  });

  it("keeps a path as it is written", () => {
    expect(at(made({ paths: ["/a$b~c"] }), "condition", 0, "path_pattern", "values")).toEqual(["/a$b~c"]);
  });

  it("needs a load balancer", () => {
    expect(mistakesOf(() => made({ paths: ["/"] }, { cluster: clusterTarget({ loadBalancer: undefined }) }))).toEqual([
      "test/rule: the cluster has no load balancer. Give it one, or leave the route out.",
    ]);
  });

  it.each<[string, Route, string]>([
    [
      "no condition",
      {},
      'paths and hosts must have paths or hosts; received none. Give it one, such as paths: ["/api/users*"].',
    ],
    [
      "more than 5 values",
      { paths: ["/a", "/b", "/c"], hosts: ["a.example.com", "b.example.com", "c.example.com"] },
      "paths and hosts must have at most 5 paths and hosts together; received 6. Make two rules of it with routes.",
    ],
    [
      "more than 5 wildcards",
      { paths: ["/*a*b", "/*c*d", "/*e*f"] },
      "paths and hosts must have at most 5 wildcards; received 6 in /*a*b, /*c*d, /*e*f. Make two rules of it with routes.",
    ],
    [
      "more than 5 paths",
      { paths: ["/a", "/b", "/c", "/d", "/e", "/f"] },
      'paths must hold 1 to 5 different paths; received ["/a","/b","/c","/d","/e","/f"]. A rule takes 5; make further rules with routes.',
    ],
    [
      "a path that doesn't begin with /",
      { paths: ["api/users"] },
      'paths must be path patterns of at most 128 characters that begin with / or a wildcard; received ["api/users"]. Write them like "/api/users*": letters, digits and _ - . $ / ~ " \' @ : + & with * and ? as wildcards, and no query.',
    ],
    [
      "a host with a scheme",
      { hosts: ["https://example.com"] },
      'hosts must be host names, with only letters after the last dot; received ["https://example.com"]. Write them like "api.example.com" or "*.example.com", with no scheme and no port.',
    ],
    [
      "a priority that no listener has",
      { paths: ["/a"], priority: 50_001 },
      "priority must be a whole number from 1 to 50000; received 50001. Leave it out: it then follows from the conditions.",
    ],
    [
      "a path that another of the same rule matches",
      { paths: ["/api*", "/api/users*"] },
      'paths must not repeat themselves; received "/api/users*", which "/api*" matches already. Remove it.',
    ],
  ])("refuses %s", (_, route, message) => {
    expect(mistakes(route)).toContain(message);
  });

  it("takes what another rule has under another host", () => {
    expect(mistakes({ paths: ["/a"] }, { paths: ["/a"], hosts: ["x.example.com"] })).toEqual([]);
    expect(mistakes({ paths: ["/a"], hosts: ["y.example.com"] }, { paths: ["/a"], hosts: ["x.example.com"] })).toEqual(
      [],
    );
  });

  it("refuses a path that another rule has", () => {
    expect(mistakes({ paths: ["/a", "/b"] }, { paths: ["/b", "/c"] })).toEqual([
      'route must match something that no other rule does; received "/b", which test/r0 has too. Remove it from one of them.',
    ]);
  });

  it.each<[string, Route, Route]>([
    ["put later", { paths: ["/api*"], priority: 1 }, { paths: ["/api/users*"], priority: 2 }],
    ["put first in the code", { paths: ["/api/users*"], priority: 2 }, { paths: ["/api*"], priority: 1 }],
  ])("refuses a rule that another one hides, %s", (_, first, second) => {
    const hidden = first.priority === 2 ? "r0" : "r1";
    const hiding = first.priority === 1 ? "r0" : "r1";
    expect(mistakes(first, second)).toEqual([
      `route must leave each rule something to match; received "/api/users*" of test/${hidden} at priority 2, all of which test/${hiding} takes before at priority 1 (/api*). Remove it, make a rule of its own of it (routes), or give one of them a priority.`,
    ]);
  });

  it("refuses a value that is hidden because of a broad one beside it", () => {
    expect(mistakes({ paths: ["/api*"] }, { paths: ["/api/users*", "/x*"] })).toEqual([
      expect.stringContaining('received "/api/users*" of test/r1 at priority'),
    ]);
  });

  it("refuses a rule under hosts that a rule for any host takes before", () => {
    expect(mistakes({ paths: ["/*"], priority: 1 }, { hosts: ["x.example.com"], priority: 2 })).toEqual([
      expect.stringContaining('received "x.example.com" of test/r1 at priority 2'),
    ]);
  });

  it("refuses one host of several that another rule takes before, whatever the path", () => {
    const both = ["x.example.com", "y.example.com"];
    expect(mistakes({ hosts: ["x.example.com"], priority: 1 }, { hosts: both, paths: ["/a"], priority: 2 })).toEqual([
      expect.stringContaining('received "x.example.com" of test/r1 at priority 2'),
    ]);
    expect(mistakes({ hosts: ["x.example.com"], paths: ["/b"] }, { hosts: both, paths: ["/a"] })).toEqual([]);
  });

  it("asks for a priority where two rules have the same", () => {
    const collision = collidingPaths();
    const priority = rulePriority({ paths: [collision[0]] });
    expect(mistakes({ paths: [collision[0]] }, { paths: [collision[1]] })).toEqual([
      `route must have a priority of its own; received ${priority}, which test/r0 has too (${collision[0]}). Give one of them a priority: 1 to 50000, where the lower is asked first.`,
    ]);
    expect(mistakes({ paths: [collision[0]] }, { paths: [collision[1]], priority: 1 })).toEqual([]);
  });

  it("refuses the 101st rule of a load balancer", () => {
    const routes = Array.from({ length: 101 }, (_, index) => ({ paths: [`/${index}/x`], priority: index + 1 }));
    expect(mistakes(...routes.slice(0, 100))).toEqual([]);
    expect(mistakes(...routes)).toEqual([
      "route must be one of at most 100 rules, which is the load balancer's quota; received number 101. Join paths of one service in one rule (up to 5 values), or put services on another load balancer.",
    ]);
  });

  it("says the same of two rules whichever comes first in the code", () => {
    const path = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 4 }).map((parts) => `/${parts.join("")}`);
    fc.assert(
      fc.property(path, path, (one, other) => {
        const a = mistakes({ paths: [one] }, { paths: [other] });
        const b = mistakes({ paths: [other] }, { paths: [one] });
        expect(a.length).toBe(b.length);
      }),
    );
  });
});

/** Two paths of one level whose hashes meet; found, since no one can name them. */
function collidingPaths(): [string, string] {
  const seen = new Map<number, string>();
  for (let index = 1000; ; index++) {
    const path = `/p${index}`;
    const priority = rulePriority({ paths: [path] });
    const other = seen.get(priority);
    if (other) return [other, path];
    seen.set(priority, path);
  }
}
