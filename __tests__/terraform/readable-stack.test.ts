import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { KeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Lazy, LocalBackend } from "cdktf";
import { Construct } from "constructs";
import { ReadableStack } from "../../src/terraform/readable-stack";
import { at, emptyStack, ofType, resource, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

describe("ReadableStack", () => {
  it("derives the address of a resource from the path of its construct, without a hash", () => {
    const stack = emptyStack();
    new EcsCluster(new Construct(new Construct(stack, "outer"), "inner"), "mine", { name: "x" });
    expect(Object.keys(ofType(synthesized(stack), "aws_ecs_cluster"))).toEqual(["outer_inner_mine"]);
  });

  it("leaves the id of a construct's main resource out of the address", () => {
    const stack = emptyStack();
    new EcsCluster(new Construct(stack, "cluster"), "resource", { name: "x" });
    expect(resource(synthesized(stack), "aws_ecs_cluster.cluster")).toMatchObject({ name: "x" });
  });

  it("keeps the id resource at the top level", () => {
    const stack = emptyStack();
    new EcsCluster(stack, "resource", { name: "x" });
    expect(resource(synthesized(stack), "aws_ecs_cluster.resource")).toMatchObject({ name: "x" });
  });

  it("replaces characters that an address must not have with underscores", () => {
    const stack = emptyStack();
    new EcsCluster(stack, "1 é-b", { name: "x" });
    expect(Object.keys(ofType(synthesized(stack), "aws_ecs_cluster"))).toEqual(["_1___b"]);
  });

  it("accepts resources of two types with the same name", () => {
    const stack = emptyStack();
    const scope = new Construct(stack, "same");
    new EcsCluster(scope, "resource", { name: "x" });
    new KeyPair(stack, "same_", { publicKey: "x" }).overrideLogicalId("same");
    expect(() => synthesized(stack)).not.toThrow();
  });

  it("rejects two constructs with the same address, and names both", () => {
    const stack = emptyStack();
    new EcsCluster(stack, "a_b", { name: "x" });
    new EcsCluster(new Construct(stack, "a"), "b", { name: "y" });
    expect(() => synthesized(stack)).toThrow(
      'Two constructs would have the Terraform address "a_b": test/a_b and test/a/b. Give one of them another id.',
    );
  });

  it("does not look for references in an app with one stack", () => {
    const stack = emptyStack();
    const produce = jest.fn(() => "x");
    new EcsCluster(new Construct(stack, "mine"), "resource", { name: Lazy.stringValue({ produce }) });
    stack.prepareStack();
    expect(produce).not.toHaveBeenCalled();
    expect(resource(synthesized(stack), "aws_ecs_cluster.mine").name).toBe("x");
  });

  it("finds references to another stack", () => {
    const app = testApp();
    // One of the stacks is inside a construct.
    const [one, other] = ["one", "other"].map((id) => {
      const stack = new ReadableStack(id === "one" ? new Construct(app, "group") : app, id);
      new AwsProvider(stack, "aws", { region: "eu-west-1" });
      new LocalBackend(stack, { path: `${id}.tfstate` });
      return stack;
    }) as [ReadableStack, ReadableStack];
    const cluster = new EcsCluster(one, "cluster", { name: "x" });
    new EcsCluster(other, "cluster", { name: cluster.name });
    one.prepareStack();
    other.prepareStack();
    expect(Object.keys(at(synthesized(other), "data", "terraform_remote_state") ?? {})).toHaveLength(1);
    expect(Object.keys(at(synthesized(one), "output") ?? {})).toHaveLength(1);
    expect(resource(synthesized(other), "aws_ecs_cluster.cluster").name).toMatch(/^\$\{data\.terraform_remote_state\./);
  });
});
