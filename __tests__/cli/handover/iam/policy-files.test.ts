import { planStatements } from "../../../../cli/handover/iam/deploy-policy";
import { POLICIES_OF_ROLE, POLICY_LIMIT, policyFiles } from "../../../../cli/handover/iam/policy-files";
import type { Statement } from "../../../../cli/handover/iam/statement";
import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import { Ec2Service } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { APPS, synthesizeApp } from "../../../support/examples";
import { stackJson } from "../../../support/handover";
import { actionsOf, filled, statementsOf } from "../../../support/iam-policy";
import { synthesized } from "../../../support/synthesized";

const LONGEST = {
  ...{ PARTITION: "aws-us-gov", ACCOUNT_ID: "123456789012", REGION: "ap-northeast-2" },
  ...{
    LOWERCASE_CLUSTER_NAME: "n".repeat(24),
    CLUSTER_NAME: "n".repeat(24),
    LOWERCASE_NAME: "n".repeat(24),
    NAME: "n".repeat(24),
  },
};
const lengths = (name: string, statements: readonly Statement[]): number[] =>
  Object.values(policyFiles(name, statements)).map((text) => {
    const [policy] = filled([JSON.parse(text)], "", LONGEST);
    return JSON.stringify(policy).length;
  });

/** Returns a cluster whose services each have an execution role, a task role, a route and a repository. */
function withServices(count: number): Statement[] {
  const stack = clusterStack();
  for (let index = 0; index < count; index += 1) {
    const paths = [`/${index}/*`];
    new Ec2Service(stack, `service-${index}`, {
      ...{ cluster: stack, memoryLimitMiB: 64, containerPort: 80, paths, priority: index + 1 },
      ...{ ecrRepository: true, enableExecuteCommand: true },
    });
  }
  return statementsOf(synthesized(stack) as Json);
}

describe("the policy files", () => {
  it.each([...APPS.capacity, ...APPS.others])(
    "fit IAM's limits with the longest values of placeholders, for %s",
    (app) => {
      for (const json of Object.values(synthesizeApp(app))) {
        const statements = statementsOf(json as Json);
        const deploy = lengths("deploy-policy", statements);
        expect(Math.max(...deploy)).toBeLessThanOrEqual(POLICY_LIMIT);
        // Enough of the 10 policies of a role remain for others.
        expect(deploy.length).toBeLessThanOrEqual(4);
        const plan = lengths("plan-policy", planStatements(statements));
        expect(plan.length).toBeLessThanOrEqual(2);
        expect(Math.max(...plan)).toBeLessThanOrEqual(POLICY_LIMIT);
      }
    },
  );

  it("have all statements once, with different names", () => {
    for (const name of ["ecs", "microservices"]) {
      const statements = statementsOf(stackJson(name) as Json);
      const files = policyFiles("deploy-policy", statements);
      expect(Object.keys(files).slice(0, 2)).toEqual(["deploy-policy.json", "deploy-policy-2.json"]);
      const written = Object.values(files).flatMap(
        (text) => (JSON.parse(text) as { Statement: Statement[] }).Statement,
      );
      const bySid = (a: Statement, b: Statement) => (a.Sid < b.Sid ? -1 : 1);
      expect([...written].sort(bySid)).toEqual([...statements].sort(bySid));
      const sids = written.map(({ Sid }) => Sid);
      expect(new Set(sids).size).toBe(sids.length);
      for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(JSON.stringify(filled(written, "shop"))).not.toMatch(/\{\w+\}|\$|[A-Z]{4,}_/);
    }
  });

  // docs/handover.md has these numbers.
  it.each([
    [1, 3],
    [10, 4],
    [30, 6],
  ])("of a cluster with %i services with two roles each are %i", (services, files) => {
    const found = lengths("deploy-policy", withServices(services));
    expect(found.length).toBe(files);
    expect(files).toBeLessThanOrEqual(POLICIES_OF_ROLE);
    expect(Math.max(...found)).toBeLessThanOrEqual(POLICY_LIMIT);
  });

  it("split a statement with more resources than a policy can have", () => {
    const Resource = Array.from({ length: 200 }, (_, index) => `arn:PARTITION:iam::ACCOUNT_ID:role/NAME-${index}`);
    const files = policyFiles("p", [{ Sid: "Roles", Effect: "Allow", Action: ["iam:GetRole"], Resource }]);
    const parts = Object.values(files).flatMap((text) => (JSON.parse(text) as { Statement: Statement[] }).Statement);
    expect(parts.flatMap((part) => part.Resource)).toEqual(Resource);
    expect(parts.map(({ Sid }) => Sid).slice(0, 2)).toEqual(["Roles", "RolesPart2"]);
    expect(Math.max(...lengths("p", parts))).toBeLessThanOrEqual(POLICY_LIMIT);
  });

  it("of the plan have only actions that read, and all of them", () => {
    for (const name of ["hardened", "service-stack", "shared-files"]) {
      const deploy = statementsOf(stackJson(name) as Json);
      const plan = planStatements(deploy);
      const reads = actionsOf(deploy).filter((action) => /:(Describe|Get|List)/.test(action));
      expect(new Set(actionsOf(plan))).toEqual(new Set(reads));
      expect(plan.map(({ Effect }) => Effect)).not.toContain("Deny");
      expect(plan.find(({ Sid }) => Sid === "Read")).toEqual(deploy.find(({ Sid }) => Sid === "Read"));
    }
  });
});
