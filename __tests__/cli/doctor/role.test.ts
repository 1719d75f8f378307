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

/** What of the agent's calls a policy allows. */
const allowed = (...all: object[]) =>
  AGENT_ACTIONS.filter((action) => mayDo(action, resourceOf(action, CLUSTER), [policy(...all)]));
const INSTANCES = CLUSTER.replace(":cluster/", ":container-instance/");

describe("may the role register?", () => {
  it("reads the resources of a policy for one cluster alone", () => {
    const ofCluster = AGENT_ACTIONS.filter((action) => /Container(Instance|State)|TaskState/.test(action));
    const ofInstance = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:TagResource"];
    expect(allowed(allow("ecs:*", { Resource: CLUSTER }))).toEqual(ofCluster);
    expect(allowed(allow("ecs:*", { Resource: `${INSTANCES}/*` }))).toEqual(ofInstance);
    expect(allowed(allow("ecs:*"))).toEqual(AGENT_ACTIONS);
    expect(allowed(allow("ecs:*", { Resource: [`${CLUSTER}-other`, `${INSTANCES}-other/*`] }))).toEqual([]);
  });

  it("knows the role's own policy by its name", () => {
    expect(OWN_POLICY).toBe(INSTANCE_POLICY_NAME);
  });

  it.each([
    ["its own name", allow(register), true],
    ["a list", allow(["s3:GetObject", register]), true],
    ["another letter case", allow("ECS:registercontainerinstance"), true],
    ["a star", allow("ecs:Register*"), true],
    ["a question mark", allow("ecs:RegisterContainerInstanc?"), true],
    ["all of it", allow("*"), true],
    ["all of another service", allow("ec2:*"), false],
    ["a dot that is no wildcard", allow("ecs.RegisterContainerInstance"), false],
    ["a part of the name", allow("ecs:Register"), false],
    ["all but others", { Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }, true],
    ["all but this", { Effect: "Allow", NotAction: "ecs:Register*", Resource: "*" }, false],
    ["a condition", allow(register, { Condition: { Bool: { "aws:SecureTransport": "true" } } }), true],
  ])("reads %s", (_, statement, expected) => {
    expect(may(statement)).toBe(expected);
  });

  it.each([
    ["a denial wins", deny(register), false],
    ["a denial of all wins", deny("*"), false],
    ["a denial of another cluster doesn't count", deny("ecs:*", { Resource: `${CLUSTER}-other` }), true],
    [
      "a denial of all but this cluster doesn't count",
      deny("ecs:*", { Resource: undefined, NotResource: CLUSTER }),
      true,
    ],
    ["a denial under a condition doesn't count", deny("ecs:*", { Condition: { Bool: {} } }), true],
  ])("knows that %s", (_, denial, expected) => {
    expect(may(allow("*"), denial)).toBe(expected);
  });

  it("asks the permissions boundary too", () => {
    const all = [policy(allow("*"))];
    expect(mayDo(register, CLUSTER, all, policy(allow("ecs:*")))).toBe(true);
    expect(mayDo(register, CLUSTER, all, policy(allow("s3:*")))).toBe(false);
  });

  it("reads a lone statement, and none", () => {
    const lone = JSON.stringify({ Statement: allow("ecs:*") });
    expect(mayDo(register, CLUSTER, [{ name: "p", statements: statements(lone) }])).toBe(true);
    expect(mayDo(register, CLUSTER, [])).toBe(false);
    expect(statements("")).toEqual([]);
  });

  it("asks for nothing that AWS's own policy for the role doesn't hold", () => {
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

  it("reads who may take the role on", () => {
    const trust = (Principal: unknown, Effect = "Allow") =>
      trustedServices(JSON.stringify({ Statement: { Effect, Action: "sts:AssumeRole", Principal } }));
    expect(trust({ Service: "ec2.amazonaws.com" })).toEqual(["ec2.amazonaws.com"]);
    expect(trust({ Service: ["ec2.amazonaws.com.cn", "x"] })).toEqual(["ec2.amazonaws.com.cn", "x"]);
    expect(trust({ AWS: "*" })).toEqual([]);
    expect(trust({ Service: "ec2.amazonaws.com" }, "Deny")).toEqual([]);
  });
});
