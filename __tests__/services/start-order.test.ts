import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, hcl, ReadableStack } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack, resource, synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

Testing.setupJest();

const stackOf = (app: App, id: string): ReadableStack => {
  const stack = new ReadableStack(app, id);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
};
const add = (stack: ReadableStack, id: string, props: Partial<Ec2ServiceProps> = {}) =>
  new Ec2Service(stack, id, { cluster: clusterTarget(), ...props });

describe("a service that starts after others", () => {
  it("depends on them, each once", () => {
    const stack = emptyStack();
    const [users, posts] = [add(stack, "users"), add(stack, "posts")];
    add(stack, "web", { startAfter: [users, posts, users] });
    const dependencies = (name: string) =>
      resource(synthesized(stack), `aws_ecs_service.${name}`).depends_on as string[];
    const services = dependencies("web").filter((address) => address.startsWith("aws_ecs_service."));
    expect(services).toEqual(["aws_ecs_service.users", "aws_ecs_service.posts"]);
    expect(dependencies("users")).not.toContain("aws_ecs_service.posts");
  });

  it("accepts a service whose steady state only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const cluster = clusterTarget();
      const waitForSteadyState = hcl`var.wait` as unknown as boolean;
      const users = new Ec2Service(stack, "users", { cluster, waitForSteadyState });
      new Ec2Service(stack, "web", { cluster, startAfter: [users] });
    });
    expect(json).toHaveResourceWithProperties(EcsService, { name: "web", depends_on: expect.any(Array) });
  });

  it("makes its stack depend on the stack of another service", () => {
    const app = testApp();
    const [one, other] = [stackOf(app, "one"), stackOf(app, "other")];
    add(other, "web", { startAfter: [add(one, "users")] });
    expect(other.dependencies).toEqual([one]);
    expect(JSON.stringify(synthesized(other))).not.toContain("aws_ecs_service.users");
  });
});

describe("what a service cannot start after", () => {
  it("is a service that does not wait for its deployment", () => {
    const stack = emptyStack();
    const users = add(stack, "users", { waitForSteadyState: false });
    expect(problemsOf(() => add(stack, "web", { startAfter: [users] }))).toEqual([
      "startAfter[0] must wait for a steady state; received test/users. Remove waitForSteadyState: false of users. Without it, Terraform does not wait for its deployment.",
    ]);
  });

  it("is a service of a stack that depends on the stack of the service", () => {
    const app = testApp();
    const [one, other] = [stackOf(app, "one"), stackOf(app, "other")];
    const web = add(other, "web", { startAfter: [add(one, "users")] });
    expect(problemsOf(() => add(one, "posts", { startAfter: [web] }))).toEqual([
      "startAfter[0] must not be in a stack that depends on the stack of this service; received other/web. The stack other already depends on this one, so Terraform can apply neither first. Move one of the services.",
    ]);
    expect(one.dependencies).toEqual([]);
  });

  it("is a service of another app", () => {
    const users = add(emptyStack("one"), "users");
    expect(problemsOf(() => add(emptyStack("other"), "web", { startAfter: [users] }))).toEqual([
      "startAfter[0] must be a service of the same app; received one/users. Apply the other app first, and remove it here.",
    ]);
  });

  it.each([
    ["the name of a service", "users"],
    ["another construct", emptyStack()],
  ])("is %s", (_, value) => {
    expect(problemsOf(() => add(emptyStack(), "web", { startAfter: [value as unknown as Ec2Service] }))).toEqual([
      expect.stringMatching(
        /^startAfter\[0\] must be an Ec2Service; received .* Use an Ec2Service that you create before this one[.]$/,
      ),
    ]);
  });
});
