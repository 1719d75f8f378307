import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Testing } from "cdktf";
import { Ec2Service, type EcsClusterSettings, EcsClusterStack, EcsServiceStack } from "../../src";
import { clusterStack } from "../support/cluster";
import { importsOf, sources } from "../support/imports";
import { at, count, ofType, type Part, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";

/** Synthesizes a cluster with a service that has both roles. */
function withService(settings: EcsClusterSettings): Part {
  const stack = clusterStack(settings);
  new Ec2Service(stack, "web", { cluster: stack, enableExecuteCommand: true });
  return synthesized(stack);
}

describe("the roles of a stack", () => {
  it("have no path, no boundary and no hash by default", () => {
    const json = withService({});
    expect(JSON.stringify(json)).not.toMatch(/permissions_boundary|"path":"\//);
    expect(ofType(json, "aws_iam_role").instance_role).toMatchObject({ name: "${var.name}-instance-${var.region}" });
  });

  it("all have the path and the boundary of the stack", () => {
    const json = withService({ rolePath: "/teams/orders/", permissionsBoundary: BOUNDARY });
    const roles = Object.values(ofType(json, "aws_iam_role"));
    expect(roles).toHaveLength(3);
    for (const role of roles) {
      expect(role).toMatchObject({ path: "/teams/orders/", permissions_boundary: "${var.permissions_boundary}" });
    }
    expect(at(json, "variable", "permissions_boundary")).toMatchObject({ default: BOUNDARY, nullable: false });
  });

  it("end fixed names with a hash of the path, because IAM rejects a second role with the same name in another path", () => {
    const text = JSON.stringify(withService({ rolePath: "/teams/orders/" }));
    const name = "${var.name}-instance-${var.region}-31991a";
    expect(text).toHaveResourceWithProperties(IamRole, { name, path: "/teams/orders/" });
    expect(text).toHaveResourceWithProperties(IamInstanceProfile, { name, path: "/teams/orders/" });
    const other = JSON.stringify(withService({ rolePath: "/teams/users/" }));
    expect(other).not.toHaveResourceWithProperties(IamRole, { name });
  });

  it("have a policy of the app as their boundary, without a variable", () => {
    const app = testApp();
    const policy = new IamPolicy(new EcsServiceStack(app, "policies"), "boundary", { policy: "{}" });
    const json = synthesized(new EcsClusterStack(app, "ecs", { permissionsBoundary: policy.arn }));
    expect(at(json, "variable", "permissions_boundary")).toBeUndefined();
    expect(ofType(json, "aws_iam_role").instance_role?.permissions_boundary).toContain("boundary");
  });

  it("get the settings of a stack of services", () => {
    const stack = new EcsServiceStack(testApp(), "orders", { rolePath: "/a/", permissionsBoundary: BOUNDARY });
    new Ec2Service(stack, "orders", { cluster: stack.cluster, enableExecuteCommand: true });
    const json = synthesized(stack);
    expect(count(json, "aws_iam_role")).toBe(2);
    for (const role of Object.values(ofType(json, "aws_iam_role"))) {
      expect(role).toMatchObject({ path: "/a/", permissions_boundary: "${var.permissions_boundary}" });
    }
  });

  it("come from createRole and createInstanceProfile, in every file of the library", () => {
    const creating = sources("src").filter((file) =>
      importsOf(file).some(({ target, typeOnly }) => !typeOnly && /\/iam-(role|instance-profile)$/.test(target)),
    );
    expect(creating).toEqual(["src/iam/role.ts"]);
  });
});
