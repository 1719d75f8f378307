import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import { Ec2Service } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { stackJson } from "../../../support/handover";
import { actionsOf, applies, filled, statementNamed, statementsOf } from "../../../support/iam-policy";
import { synthesized } from "../../../support/synthesized";

const BOUNDARY = "arn:aws:iam::111122223333:policy/team";
const withBoundary = () => {
  const stack = clusterStack({ rolePath: "/teams/orders/", permissionsBoundary: BOUNDARY });
  new Ec2Service(stack, "web", { cluster: stack, enableExecuteCommand: true });
  return statementsOf(synthesized(stack) as Json);
};
const condition = { "iam:PermissionsBoundary": ["PERMISSIONS_BOUNDARY"] };

describe("the deploy policy of roles with a permissions boundary", () => {
  it("has the path of the roles in their ARNs, and allows creating and changing only roles with this boundary", () => {
    const statements = withBoundary();
    const role = "arn:PARTITION:iam::ACCOUNT_ID:role/teams/orders/NAME";
    const generated = `20${"?".repeat(24)}`;
    const boundaries = statementNamed(statements, "BoundedRoles");
    expect(boundaries.Action).toEqual(
      ["CreateRole", "DeleteRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy"].map(
        (action) => `iam:${action}`,
      ),
    );
    expect(boundaries.Condition).toEqual({ StringEquals: condition });
    expect(boundaries.Resource).toEqual([
      `${role}-instance-REGION-31991a`,
      `${role}-web-exec-${generated}`,
      `${role}-web-task-${generated}`,
    ]);
    expect(statementNamed(statements, "BoundedAttachPolicies").Condition).toMatchObject({
      StringEquals: condition,
      ArnLike: { "iam:PolicyARN": expect.anything() },
    });
    expect(statementNamed(statements, "InstanceProfiles").Resource).toEqual([
      "arn:PARTITION:iam::ACCOUNT_ID:instance-profile/teams/orders/NAME-instance-REGION-31991a",
    ]);
    const writing = ["CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary"].map(
      (action) => `iam:${action}`,
    );
    for (const action of writing) {
      const allowing = statements.filter(({ Effect, Action }) => Effect === "Allow" && Action.includes(action));
      expect([action, allowing.map(({ Condition }) => Condition?.StringEquals)]).toEqual([action, [condition]]);
    }
  });

  it("denies removing the boundary, and changing the policy that is the boundary", () => {
    const denials = filled(withBoundary(), "shop", { PERMISSIONS_BOUNDARY: BOUNDARY }).filter(
      ({ Effect }) => Effect === "Deny",
    );
    const isDenied = (action: string, resource: string) =>
      denials.some((statement) => applies(statement, { action, resource, context: {} }));
    const role = "arn:aws:iam::111122223333:role/teams/orders/shop-instance-eu-west-1-31991a";
    expect(isDenied("iam:DeleteRolePermissionsBoundary", role)).toBe(true);
    for (const action of ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy"])
      expect([action, isDenied(`iam:${action}`, BOUNDARY)]).toEqual([action, true]);
    expect(isDenied("iam:DeleteRolePermissionsBoundary", "arn:aws:iam::111122223333:role/other")).toBe(false);
    expect(isDenied("iam:DeletePolicy", "arn:aws:iam::111122223333:policy/other")).toBe(false);
  });

  it("allows changing a boundary that is a policy of the stack, and denies only removing it from the roles", () => {
    const stack = clusterStack();
    new IamPolicy(stack, "boundary", { name: "team-boundary", policy: "{}" });
    const json = JSON.parse(JSON.stringify(synthesized(stack))) as {
      resource: { aws_iam_role: { [name: string]: object } };
    };
    for (const role of Object.values(json.resource.aws_iam_role))
      Object.assign(role, { permissions_boundary: "${aws_iam_policy.boundary.arn}" });
    const statements = statementsOf(json as unknown as Json);
    const arn = "arn:PARTITION:iam::ACCOUNT_ID:policy/team-boundary";
    expect(statementNamed(statements, "BoundedRoles").Condition).toEqual({
      StringEquals: { "iam:PermissionsBoundary": [arn] },
    });
    const denials = statements.filter(({ Effect }) => Effect === "Deny");
    expect(actionsOf(denials)).toEqual(["iam:DeleteRolePermissionsBoundary"]);
    expect(statementNamed(statements, "Policies").Action).toContain("iam:CreatePolicyVersion");
  });

  it.each(["${data.x.y.arn}", "${aws_iam_policy.generated.arn}"])(
    "stops on the boundary %s, because a wildcard would allow any boundary",
    (boundary) => {
      const resource = {
        aws_iam_policy: { generated: { name_prefix: "team-" } },
        aws_iam_role: { own: { name: "own", permissions_boundary: boundary } },
      };
      expect(() => statementsOf({ resource })).toThrow(
        "The hand-over cannot read the ARN of the permissions boundary of aws_iam_role.own, so the deploy policy would allow other " +
          "boundaries too. Write the ARN as text, pass it as a variable, or refer to a policy with a name.",
      );
    },
  );

  it("has no condition and denies nothing without a boundary", () => {
    const statements = statementsOf(stackJson("ecs") as Json);
    expect(JSON.stringify(statements)).not.toMatch(/iam:PermissionsBoundary|Deny/);
    expect(actionsOf(statements)).toContain("iam:CreateRole");
    expect(actionsOf(statements)).not.toContain("iam:PutRolePermissionsBoundary");
  });
});
