import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { KeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Lazy, LocalBackend } from "cdktf";
import { Construct } from "constructs";
import { ReadableStack } from "../../src/terraform/readable-stack";
import { at, emptyStack, ofType, resource, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

describe("ReadableStack", () => {
  it("makes the address of a resource from its construct's path, without a hash", () => {
    const stack = emptyStack();
    new EcsCluster(new Construct(new Construct(stack, "outer"), "inner"), "mine", { name: "x" });
    expect(Object.keys(ofType(synthesized(stack), "aws_ecs_cluster"))).toEqual(["outer_inner_mine"]);
  });

  it("leaves a construct's main resource out of the address", () => {
    const stack = emptyStack();
    new EcsCluster(new Construct(stack, "cluster"), "resource", { name: "x" });
    expect(resource(synthesized(stack), "aws_ecs_cluster.cluster")).toMatchObject({ name: "x" });
  });

  it("keeps the id of a resource that is called resource at top level", () => {
    const stack = emptyStack();
    new EcsCluster(stack, "resource", { name: "x" });
    expect(resource(synthesized(stack), "aws_ecs_cluster.resource")).toMatchObject({ name: "x" });
  });

  it("writes what no address may hold as an underscore", () => {
    const stack = emptyStack();
    new EcsCluster(stack, "1 é-b", { name: "x" });
    expect(Object.keys(ofType(synthesized(stack), "aws_ecs_cluster"))).toEqual(["_1___b"]);
  });

  it("lets two types share a name, since those are two addresses", () => {
    const stack = emptyStack();
    const scope = new Construct(stack, "same");
    new EcsCluster(scope, "resource", { name: "x" });
    new KeyPair(stack, "same_", { publicKey: "x" }).overrideLogicalId("same");
    expect(() => synthesized(stack)).not.toThrow();
  });

  it("refuses two constructs of one address, naming both", () => {
    const stack = emptyStack();
    new EcsCluster(stack, "a_b", { name: "x" });
    new EcsCluster(new Construct(stack, "a"), "b", { name: "y" });
    expect(() => synthesized(stack)).toThrow(
      'Two constructs would have the Terraform address "a_b": test/a_b and test/a/b. Give one of them another id.',
    );
  });

  it("looks for nothing of other stacks where there is none", () => {
    const stack = emptyStack();
    const produce = jest.fn(() => "x");
    new EcsCluster(new Construct(stack, "mine"), "resource", { name: Lazy.stringValue({ produce }) });
    stack.prepareStack();
    expect(produce).not.toHaveBeenCalled();
    expect(resource(synthesized(stack), "aws_ecs_cluster.mine").name).toBe("x");
  });

  it("finds what it takes from another stack, which stands in that stack's state", () => {
    const app = testApp();
    // Wherever that one is: here it is within a construct.
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
