import { statements, trustedServices } from "../../../cli/doctor/aws/read-role";
import { AGENT_ACTIONS, mayDo, OWN_POLICY, resourceOf } from "../../../cli/doctor/checks/role";
import { INSTANCE_POLICY_NAME } from "../../../src/iam/instance-policy";

const CLUSTER = "arn:aws:ecs:eu-west-1:123456789012:cluster/ecs";
const policy = (...Statement: object[]) => ({
  name: "p",
  statements: statements(encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement }))),
});
const allow = (Action: string | string[], more: object = {}) => ({ Effect: "Allow", Action, Resource: "*", ...more });
const deny = (Action: string, more: object = {}) => ({ ...allow(Action, more), Effect: "Deny" });
const register = "ecs:RegisterContainerInstance";
const may = (...all: object[]) => mayDo(register, CLUSTER, [policy(...all)]);

/** Returns the actions of the agent that a policy allows. */
const allowed = (...all: object[]) =>
  AGENT_ACTIONS.filter((action) => mayDo(action, resourceOf(action, CLUSTER), [policy(...all)]));
const INSTANCES = CLUSTER.replace(":cluster/", ":container-instance/");

describe("the permissions of the instance role", () => {
  it("compares the resources of a policy with the cluster and its container instances", () => {
    const ofCluster = AGENT_ACTIONS.filter((action) => /Container(Instance|State)|TaskState/.test(action));
    const ofInstance = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:TagResource"];
    expect(allowed(allow("ecs:*", { Resource: CLUSTER }))).toEqual(ofCluster);
    expect(allowed(allow("ecs:*", { Resource: `${INSTANCES}/*` }))).toEqual(ofInstance);
    expect(allowed(allow("ecs:*"))).toEqual(AGENT_ACTIONS);
    expect(allowed(allow("ecs:*", { Resource: [`${CLUSTER}-other`, `${INSTANCES}-other/*`] }))).toEqual([]);
  });

  it("uses the library's name of the inline policy", () => {
    expect(OWN_POLICY).toBe(INSTANCE_POLICY_NAME);
  });

  it.each([
    ["the action's name", allow(register), true],
    ["a list", allow(["s3:GetObject", register]), true],
    ["another letter case", allow("ECS:registercontainerinstance"), true],
    ["an asterisk", allow("ecs:Register*"), true],
    ["a question mark", allow("ecs:RegisterContainerInstanc?"), true],
    ["all actions", allow("*"), true],
    ["all actions of another service", allow("ec2:*"), false],
    ["a dot, which is no wildcard", allow("ecs.RegisterContainerInstance"), false],
    ["a part of the name", allow("ecs:Register"), false],
    ["a NotAction with other actions", { Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }, true],
    ["a NotAction with this action", { Effect: "Allow", NotAction: "ecs:Register*", Resource: "*" }, false],
    ["a condition", allow(register, { Condition: { Bool: { "aws:SecureTransport": "true" } } }), true],
  ])("evaluates an Allow with %s", (_, statement, expected) => {
    expect(may(statement)).toBe(expected);
  });

  it.each([
    ["this action, which overrides the Allow", deny(register), false],
    ["all actions, which overrides the Allow", deny("*"), false],
    ["another cluster as resource", deny("ecs:*", { Resource: `${CLUSTER}-other` }), true],
    ["this cluster as NotResource", deny("ecs:*", { Resource: undefined, NotResource: CLUSTER }), true],
    ["a condition, which the check assumes not to be met", deny("ecs:*", { Condition: { Bool: {} } }), true],
  ])("evaluates a Deny with %s", (_, denial, expected) => {
    expect(may(allow("*"), denial)).toBe(expected);
  });

  it("also requires the permissions boundary to allow the action", () => {
    const all = [policy(allow("*"))];
    expect(mayDo(register, CLUSTER, all, policy(allow("ecs:*")))).toBe(true);
    expect(mayDo(register, CLUSTER, all, policy(allow("s3:*")))).toBe(false);
  });

  it("accepts a policy document with a single statement, and an empty one", () => {
    const lone = JSON.stringify({ Statement: allow("ecs:*") });
    expect(mayDo(register, CLUSTER, [{ name: "p", statements: statements(lone) }])).toBe(true);
    expect(mayDo(register, CLUSTER, [])).toBe(false);
    expect(statements("")).toEqual([]);
  });

  it("requires only actions that AmazonEC2ContainerServiceforEC2Role allows", () => {
    const managed = [
      "Deregister*",
      "DiscoverPollEndpoint",
      "Poll",
      register.slice(4),
      "StartTelemetrySession",
      "Submit*",
      "TagResource",
    ];
    const own = policy(allow(managed.map((action) => `ecs:${action}`)));
    expect(AGENT_ACTIONS.filter((action) => !mayDo(action, resourceOf(action, CLUSTER), [own]))).toEqual([]);
  });

  it("returns the services that may assume the role", () => {
    const trust = (Principal: unknown, Effect = "Allow", Action: unknown = "sts:AssumeRole") =>
      trustedServices(JSON.stringify({ Statement: { Effect, Action, Principal } }));
    expect(trust({ Service: "ec2.amazonaws.com" })).toEqual(["ec2.amazonaws.com"]);
    expect(trust({ Service: ["ec2.amazonaws.com.cn", "x"] })).toEqual(["ec2.amazonaws.com.cn", "x"]);
    expect(trust({ AWS: "*" })).toEqual([]);
    expect(trust({ Service: "ec2.amazonaws.com" }, "Deny")).toEqual([]);
    expect(trust({ Service: "x" }, "Allow", ["sts:TagSession", "sts:Assume*"])).toEqual(["x"]);
    expect(trust({ Service: "x" }, "Allow", "sts:*")).toEqual(["x"]);
    expect(trust({ Service: "x" }, "Allow", ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"])).toEqual([]);
  });
});
