import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EcsServiceStack, FileSystem } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, resource, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

const FILES = "aws_efs_file_system.files";

describe("retain", () => {
  it("protects a resource that is in the stack, and keeps its other lifecycle arguments", () => {
    const stack = clusterStack({ retain: [FILES, "aws_security_group.files_security_group"] });
    new FileSystem(stack, "files", { name: "wiki", vpc: stack.vpc, portRules: stack.portRules });
    const json = synthesized(stack);
    expect(resource(json, FILES).lifecycle).toEqual({ prevent_destroy: true });
    expect(resource(json, "aws_security_group.files_security_group").lifecycle).toEqual({
      create_before_destroy: true,
      ignore_changes: ["vpc_id"],
      postcondition: [expect.anything()],
      prevent_destroy: true,
    });
    expect(json.removed).toBeUndefined();
  });

  it("removes a resource that is not in the stack from the state only", () => {
    const removed = [{ from: FILES, lifecycle: { destroy: false } }];
    for (const stack of [clusterStack({ retain: [FILES] }), new EcsServiceStack(testApp(), "a", { retain: [FILES] })]) {
      // The JSON is the same when it is written twice.
      expect(synthesized(stack).removed).toEqual(removed);
      expect(synthesized(stack).removed).toEqual(removed);
    }
  });

  it("renders nothing by default", () => {
    const json = synthesized(clusterStack());
    expect(json.removed).toBeUndefined();
    expect(JSON.stringify(json)).not.toContain("prevent_destroy");
  });

  it("knows resources outside the library's constructs, and no resources of another stack", () => {
    const app = testApp();
    const [one, other] = ["a", "b"].map((id) => new EcsServiceStack(app, id, { retain: [FILES] }));
    new EfsFileSystem(one as EcsServiceStack, "files", {});
    expect(at(synthesized(one as EcsServiceStack), "removed")).toBeUndefined();
    expect(at(synthesized(other as EcsServiceStack), "removed")).toHaveLength(1);
  });
});
