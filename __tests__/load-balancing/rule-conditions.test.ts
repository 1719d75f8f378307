import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { TerraformVariable, Testing } from "cdktf";
import { ListenerRule, type ListenerRuleProps, type Route } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

const targetGroupArn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/users-1/0a1b";
const synthesize = (route: Route): string =>
  Testing.synthScope((stack) => {
    new ListenerRule(stack, "rule", { cluster: clusterTarget(), name: "users", targetGroupArn, ...route });
  });

/** Returns the problems of the last of several rules on one listener. The rules are `test/r0`, `test/r1`, and so on. */
function problems(...routes: readonly object[]): readonly string[] {
  const stack = emptyStack();
  const cluster = clusterTarget();
  const add = (route: object, index: number) =>
    new ListenerRule(stack, `r${index}`, { cluster, name: "users", targetGroupArn, ...route } as ListenerRuleProps);
  routes.slice(0, -1).forEach(add);
  return problemsOf(() => add(routes.at(-1) ?? {}, routes.length - 1));
}

describe("the conditions of a rule", () => {
  it.each<[string, Route, object[]]>([
    [
      "headers",
      { headers: { "X-Version": ["2", "beta*"], "User-Agent": ["*Mobile*"] } },
      [
        { http_header: { http_header_name: "X-Version", values: ["2", "beta*"] } },
        { http_header: { http_header_name: "User-Agent", values: ["*Mobile*"] } },
      ],
    ],
    ["methods", { methods: ["GET", "HEAD"] }, [{ http_request_method: { values: ["GET", "HEAD"] } }]],
    [
      "query strings",
      { queryStrings: [{ key: "version", value: "2" }, { value: "*beta*" }] },
      [{ query_string: [{ key: "version", value: "2" }, { value: "*beta*" }] }],
    ],
    [
      "networks of clients",
      { sourceIps: ["203.0.113.0/24", "2001:db8::/48"] },
      [{ source_ip: { values: ["203.0.113.0/24", "2001:db8::/48"] } }],
    ],
    [
      "regular expressions",
      {
        priority: 5,
        pathRegexes: ["^/v[0-9]+/"],
        hostRegexes: ["^(www|shop)[.]"],
        headerRegexes: { "User-Agent": ["Chrome/[0-9]+"] },
      },
      [
        { host_header: { regex_values: ["^(www|shop)[.]"] } },
        { path_pattern: { regex_values: ["^/v[0-9]+/"] } },
        { http_header: { http_header_name: "User-Agent", regex_values: ["Chrome/[0-9]+"] } },
      ],
    ],
    [
      "all of them together",
      { hosts: ["a.io"], paths: ["/a"], headers: { A: ["1"] }, methods: ["GET"], sourceIps: ["10.0.0.0/8"] },
      [
        { host_header: { values: ["a.io"] } },
        { path_pattern: { values: ["/a"] } },
        { http_header: { http_header_name: "A", values: ["1"] } },
        { http_request_method: { values: ["GET"] } },
        { source_ip: { values: ["10.0.0.0/8"] } },
      ],
    ],
  ])("can be %s", (_, route, condition) => {
    expect(synthesize(route)).toHaveResourceWithProperties(LbListenerRule, { condition });
  });

  it("keep a dollar sign and a percent sign before a brace", () => {
    const route = {
      priority: 1,
      pathRegexes: ["^/a$${x}"],
      headers: { A: ["%{b}"] },
      queryStrings: [{ value: "$(c)%20" }],
    };
    expect(synthesize(route)).toHaveResourceWithProperties(LbListenerRule, {
      condition: [
        { path_pattern: { regex_values: ["^/a$$${x}"] } },
        { http_header: { http_header_name: "A", values: ["%%{b}"] } },
        { query_string: [{ value: "$(c)%20" }] },
      ],
    });
  });

  it.each<[string, Route]>([
    ["a header", { headers: { A: ["token"] } }],
    ["a network", { sourceIps: ["token"] }],
    ["a query string", { queryStrings: [{ key: "a", value: "token" }] }],
  ])("require a priority with %s that only Terraform knows", (_, route) => {
    const stack = emptyStack();
    const token = new TerraformVariable(stack, "value", {}).stringValue;
    const withToken = JSON.parse(JSON.stringify(route).replaceAll('"token"', JSON.stringify(token)));
    const add = (id: string, priority?: number) =>
      new ListenerRule(stack, id, { cluster: clusterTarget(), name: "users", targetGroupArn, priority, ...withToken });
    expect(problemsOf(() => add("a", 5))).toEqual([]);
    expect(problemsOf(() => add("b"))).toEqual([
      "priority must be set, because a value of a condition or the service's name is a token; received nothing. Set a number from 1 to 50000.",
    ]);
  });

  it.each<[string, object, string]>([
    [
      "a value without brackets",
      { headers: { A: "1" } },
      'headers.A must be a list; received "1". Write it in brackets: ["2"].',
    ],
    [
      "no header at all",
      { headers: {} },
      'headers must have a header; received {}. For example { "X-Version": ["2"] }. Or remove it.',
    ],
    [
      "a header with a wildcard in its name",
      { headers: { "X-?": ["1"], "X-A": ["1"] } },
      'headers["X-?"] must have the name of a header, of 1 to 40 characters without wildcards and spaces; received "X-?". For example "X-Version".',
    ],
    [
      "the header Host",
      { headers: { host: ["a.io"] } },
      'headers.host must not have the header Host; received "host". Use hosts or hostRegexes.',
    ],
    [
      "one header in two cases",
      { headers: { "X-A": ["1"], "x-a": ["2"] } },
      'headers must have names that differ in more than upper and lower case; received ["X-A", "x-a"]. Join the values of the header.',
    ],
    [
      "a method in lower case",
      { methods: ["get"] },
      'methods[0] must be an HTTP method in upper case; received "get". For example "GET". AWS distinguishes upper and lower case.',
    ],
    [
      "a key with its value",
      { queryStrings: [{ key: "a=b", value: "c" }] },
      'queryStrings[0].key must be 1 to 128 characters of a query string, without & and =; received "a=b". Write the key alone: { key: "version", value: "2" }. Other characters are percent-encoded in a query string.',
    ],
    [
      "a query string without a value",
      { queryStrings: [{ key: "a" }] },
      "queryStrings[0].value must be a string; received nothing. Set it.",
    ],
    [
      "an address instead of a network",
      { sourceIps: ["10.0.0.1"] },
      'sourceIps[0] must be networks in CIDR notation; received "10.0.0.1". Write an IPv4 or IPv6 network such as "203.0.113.7/32" or "2001:db8::/48".',
    ],
    [
      "a network with host bits",
      { sourceIps: ["10.0.0.1/8"] },
      'sourceIps[0] must have no host bits set; received "10.0.0.1/8". Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").',
    ],
    [
      "a regular expression of 129 characters",
      { priority: 1, pathRegexes: ["x".repeat(129)] },
      `pathRegexes[0] must be 1 to 128 characters long; received "${"x".repeat(79)}…. AWS limits a regular expression to 128 characters.`,
    ],
    [
      "a regular expression without a priority",
      { hostRegexes: ["^a"] },
      "priority must be set for a rule with hostRegexes; received nothing. The lowest number is evaluated first. Choose one below those of the rules that match the same requests.",
    ],
    [
      "patterns and regular expressions for the path",
      { priority: 1, paths: ["/a"], pathRegexes: ["^/b"] },
      'pathRegexes must not be set with paths; received ["^/b"]. Remove one of the two, or add a rule with routes.',
    ],
    [
      "patterns and regular expressions for the host",
      { priority: 1, hosts: ["a.io"], hostRegexes: ["^b"] },
      'hostRegexes must not be set with hosts; received ["^b"]. Remove one of the two, or add a rule with routes.',
    ],
    [
      "more than 5 values in all conditions",
      { methods: ["GET", "PUT"], headers: { A: ["1", "2"] }, sourceIps: ["10.0.0.0/8", "192.168.0.0/16"] },
      'headers must have at most 5 values, together with the other conditions; received ["1", "2", "GET", "PUT", "10.0.0.0/8", "192.168.0.0/16"]. Split the rule in two with routes.',
    ],
    [
      "more than 5 wildcards in all conditions",
      { headers: { A: ["*a*"] }, queryStrings: [{ key: "a*?", value: "*b*" }] },
      'headers must have at most 5 wildcards (* and ?), together with the other conditions; received ["*a*", {"key": "a*?", "value": "*b*"}]. Split the rule in two with routes.',
    ],
    [
      "a value of a header that another value covers",
      { headers: { A: ["beta1", "beta*"] } },
      'headers.A[0] must match requests that "beta*" does not match; received "beta1". Remove it.',
    ],
    [
      "a query string that another one covers",
      { queryStrings: [{ value: "2" }, { key: "version", value: "2" }] },
      'queryStrings[1] must match requests that "2" does not match; received {"key": "version", "value": "2"}. Remove it.',
    ],
    [
      "two equal query strings",
      { queryStrings: [{ value: "2" }, { value: "2" }] },
      'queryStrings[1] must match requests that "2" does not match; received {"value": "2"}. Remove it.',
    ],
    [
      "a network inside another one",
      { sourceIps: ["10.1.0.0/16", "10.0.0.0/8"] },
      'sourceIps[0] must match requests that "10.0.0.0/8" does not match; received "10.1.0.0/16". Remove it.',
    ],
  ])("cannot be %s", (_, route, message) => {
    expect(problems(route)).toEqual([message]);
  });

  it("can have 5 values and 5 wildcards, besides escaped ones", () => {
    const headers = { A: ["*a*", "\\*\\?"], B: ["?b?"] };
    expect(problems({ headers, methods: ["GET"], queryStrings: [{ value: "c*" }] })).toEqual([]);
  });
});

describe("rules with other conditions than paths and hosts", () => {
  const [get, post] = [{ methods: ["GET"] }, { methods: ["POST"] }];

  it.each<[string, Route, Route]>([
    ["methods", { paths: ["/a"], ...get }, { paths: ["/a"], ...post }],
    ["headers", { paths: ["/a"], headers: { A: ["1"] } }, { paths: ["/a"], headers: { A: ["2"] } }],
    ["different headers", { headers: { A: ["1"] } }, { headers: { B: ["1"] } }],
    ["query strings", { queryStrings: [{ key: "a", value: "1" }] }, { queryStrings: [{ key: "b", value: "1" }] }],
    ["networks", { sourceIps: ["10.0.0.0/8"] }, { sourceIps: ["192.168.0.0/16"] }],
    ["one with a condition and one without", { paths: ["/a"] }, { paths: ["/a"], ...get }],
    ["one with a condition and one without, in the other order", { paths: ["/a"], ...get }, { paths: ["/a"] }],
    ["a narrower network", { sourceIps: ["10.0.0.0/8"], priority: 2 }, { sourceIps: ["10.1.0.0/16"], priority: 1 }],
    ["regular expressions", { pathRegexes: ["^/a"], priority: 1 }, { paths: ["/a"] }],
    ["equal regular expressions", { pathRegexes: ["^/a"], priority: 1 }, { pathRegexes: ["^/a"], priority: 2 }],
  ])("can differ in %s", (_, one, other) => {
    expect(problems(one, other)).toEqual([]);
  });

  it.each<[string, Route, Route, string]>([
    [
      "equal conditions",
      { headers: { "X-A": ["1"] }, ...get },
      { headers: { "x-a": ["1"] }, ...get },
      'headers must differ from the headers of test/r0; received "x-a: 1" and "GET", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.',
    ],
    [
      "a method that an earlier rule for any method takes",
      { paths: ["/a*"], priority: 1 },
      { paths: ["/a*"], ...get, priority: 2 },
      'paths must leave requests for every rule; received "/a*" of test/r1 (priority 2), which can never match, because "/a*" of test/r0 (priority 1) matches all its requests first. Remove it, move it to another rule with routes, or set priority of one of the two rules.',
    ],
    [
      "one of several methods",
      { ...get, priority: 1 },
      { paths: ["/a"], methods: ["GET", "POST"], priority: 2 },
      'paths must leave requests for every rule; received "GET" of test/r1 (priority 2), which can never match, because "GET" of test/r0 (priority 1) matches all its requests first. Remove it, move it to another rule with routes, or set priority of one of the two rules.',
    ],
    [
      "a header that an earlier pattern covers",
      { headers: { A: ["b*"] }, priority: 1 },
      { headers: { a: ["Beta"] }, ...get, priority: 2 },
      'headers must leave requests for every rule; received "a: beta" of test/r1 (priority 2), which can never match, because "A: b*" of test/r0 (priority 1) matches all its requests first. Remove it, move it to another rule with routes, or set priority of one of the two rules.',
    ],
    [
      "a network inside an earlier one",
      { sourceIps: ["10.0.0.0/8"], priority: 1 },
      { sourceIps: ["10.1.0.0/16"], priority: 2 },
      'sourceIps must leave requests for every rule; received "10.1.0.0/16" of test/r1 (priority 2), which can never match, because "10.0.0.0/8" of test/r0 (priority 1) matches all its requests first. Remove it, move it to another rule with routes, or set priority of one of the two rules.',
    ],
    [
      "a key that an earlier rule for any key covers",
      { queryStrings: [{ value: "1" }], priority: 1 },
      { queryStrings: [{ key: "a", value: "1" }], priority: 2 },
      'queryStrings must leave requests for every rule; received "a=1" of test/r1 (priority 2), which can never match, because "1" of test/r0 (priority 1) matches all its requests first. Remove it, move it to another rule with routes, or set priority of one of the two rules.',
    ],
    [
      "the priority of a rule with regular expressions",
      { pathRegexes: ["^/a"], headerRegexes: { A: ["1"] }, priority: 7 },
      { paths: ["/b"], priority: 7 },
      'priority must be unique on the listener; received 7, which test/r0 also has ("^/a", "A: 1"). Set priority of one of the two rules, from 1 to 50000. The load balancer evaluates the lowest number first.',
    ],
  ])("cannot have %s", (_, one, other, message) => {
    expect(problems(one, other)).toEqual([message]);
  });
});

describe("the regular expressions of a rule", () => {
  const unsupported =
    "must have no lookahead, lookbehind, backreference, atomic group, possessive quantifier, recursion";
  it.each([
    ...["^/v[0-9]+/", "^/(?:a|b)+$", "(?i)^/a", "(?<version>v[0-9]{2})", "^/a\\*+$", "[*+]+", "\\\\1", "a+|b+?"],
  ])("can be %s", (pathRegex) => {
    expect(problems({ pathRegexes: [pathRegex], priority: 1 })).toEqual([]);
  });

  it.each([
    ...[
      "(?=a)",
      "(?!a)",
      "(?<=a)",
      "(?<!a)",
      "(?>a)",
      "(a)\\1",
      "(?P=a)",
      "\\k<a>",
      "a++",
      "a*+",
      "a{2}+",
      "(?R)",
      "(?1)",
    ],
    "\\p{L}",
  ])("cannot be %s, which the load balancer does not support", (regex) => {
    expect(problems({ pathRegexes: [regex], priority: 1 })).toEqual([
      expect.stringContaining(`pathRegexes[0] ${unsupported}`),
    ]);
    expect(problems({ paths: ["/a"], urlRewrite: { regex, replace: "" } })).toEqual([
      expect.stringContaining(`urlRewrite.regex ${unsupported}`),
    ]);
  });
});
