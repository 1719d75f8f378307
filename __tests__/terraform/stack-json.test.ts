import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn, TerraformOutput, TerraformStack, Tokenization } from "cdktf";
import { Construct } from "constructs";
import { stackJson } from "../../src/terraform/stack-json";
import { OTHER_STACKS } from "../support/other-stacks";
import { emptyStack, resource } from "../support/synthesized";

/** Returns the JSON that CDKTF writes without this library. */
const jsonOfCdktf = (stack: TerraformStack): unknown => TerraformStack.prototype.toTerraform.call(stack);

/** Two clusters, one inside a construct, in a stack with a list of providers, references, a function and escaped text. */
function twoClusters() {
  const stack = emptyStack();
  const provider = new AwsProvider(stack, "us", { region: "us-east-1", alias: "us" });
  const other = new EcsCluster(new Construct(stack, "group"), "other", { name: "other", provider });
  const mine = new EcsCluster(stack, "mine", {
    name: other.name,
    tags: { empty: "", escaped: "$${a} %%{b}" },
    setting: [{ name: "containerInsights", value: Fn.lower(other.arn) }],
  });
  return { stack, other, mine };
}

describe("stackJson", () => {
  it.each(OTHER_STACKS.map((make, index) => [index, make] as const))(
    "returns the same bytes as CDKTF for the stack %i of OTHER_STACKS",
    (_, make) => {
      const stack = make();
      expect(JSON.stringify(stackJson(stack))).toBe(JSON.stringify(jsonOfCdktf(stack)));
    },
  );

  it("does so with two providers, outputs inside constructs, imports, moves and a stack within the stack", () => {
    const { stack, other, mine } = twoClusters();
    new TerraformOutput(stack, "top", { value: mine.arn });
    for (const id of ["one", "two"]) new TerraformOutput(other, id, { value: other.arn, staticId: id === "two" });
    mine.importFrom("arn:aws:ecs:eu-west-1:111122223333:cluster/mine");
    other.moveFromId("aws_ecs_cluster.before");
    new EcsCluster(stack, "also", { name: "also" }).moveFromId("aws_ecs_cluster.also_before");
    new EcsCluster(new TerraformStack(stack, "within"), "its", { name: "its" });
    const json = stackJson(stack);
    expect(JSON.stringify(json)).toBe(JSON.stringify(jsonOfCdktf(stack)));
    expect(json).toMatchObject({ provider: { aws: [{}, { alias: "us" }] }, moved: [{}, {}], import: [{}] });
    expect(json).toHaveProperty("//.outputs.test.top", "top");
    expect(json).toHaveProperty("//.outputs.test.group.other.two", "two");
    expect(json).not.toHaveProperty("resource.aws_ecs_cluster.its");
  });

  it("adds overrides that change no element", () => {
    const { stack, other } = twoClusters();
    stack.addOverride("terraform.required_version", ">= 1.10");
    stack.addOverride("check.exists", { assert: [{ condition: `\${${other.arn} != ""}`, error_message: "None." }] });
    const json = stackJson(stack);
    expect(JSON.stringify(json)).toBe(JSON.stringify(jsonOfCdktf(stack)));
    expect(json).toMatchObject({
      "//": { metadata: { overrides: { stack: ["terraform", "check"] } } },
      terraform: { required_version: ">= 1.10", required_providers: { aws: {} } },
      check: { exists: { assert: [{}] } },
    });
  });

  it.each<[string, unknown]>([
    ["resource.aws_ecs_cluster.mine.name", "overridden"],
    ["resource.aws_ecs_cluster.mine.tags", undefined],
    ["resource.aws_ecs_cluster.mine.tags", Fn.merge([{ a: "b" }])],
    ["resource.aws_ecs_cluster.mine.setting", [{ name: "t", value: "off" }]],
    ["provider.aws.1.region", "us-west-2"],
    ["resource", { aws_ecs_cluster: { mine: { tags: { empty: "not" } } } }],
  ])("leaves the stack to CDKTF if an override changes an element: %s", (path, value) => {
    const { stack } = twoClusters();
    const before = JSON.stringify(jsonOfCdktf(stack));
    stack.addOverride(path, value);
    expect(stackJson(stack)).toBeUndefined();
    const written = JSON.stringify(stack.toTerraform());
    expect(written).toBe(JSON.stringify(jsonOfCdktf(stack)));
    expect(written.replace(/,"overrides":\{"stack":\[[^\]]*\]\}/, "")).not.toBe(before);
  });

  it("resolves each token once, and no text without a token", () => {
    const { stack, mine } = twoClusters();
    const { arn } = mine;
    const { tags } = new EcsCluster(stack, "third", { name: "third", tags: { a: arn, b: arn } });
    new EcsCluster(stack, "fourth", { name: arn, tags });
    const resolve = jest.spyOn(Tokenization, "resolve");
    stackJson(stack);
    const texts = resolve.mock.calls.map(([value]) => value);
    resolve.mockRestore();
    expect(texts.filter((text) => text === arn)).toHaveLength(1);
    expect(texts).not.toContain("third");
  });

  it("names the path of a value that cannot be resolved", () => {
    const { stack, mine } = twoClusters();
    mine.addOverride("tags", { a: [() => "b"] });
    expect(() => stack.toTerraform()).toThrow("at '/resource/aws_ecs_cluster/mine/tags/a/0'");
  });

  it("uses the address that an element's logical id was overridden with", () => {
    const { stack, mine } = twoClusters();
    mine.overrideLogicalId("named");
    expect(resource(stackJson(stack) ?? {}, "aws_ecs_cluster.named").name).toBe("${aws_ecs_cluster.group_other.name}");
  });
});
