import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { Aspects, AssetType, TerraformAsset, TerraformOutput, TerraformStack } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../../src";
import { OfflinePlanError, planOffline } from "../../src/testing";
import { bindingsOf } from "../../src/testing/stack-bindings";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

function shop(id = "shop"): EcsClusterStack {
  const stack = new EcsClusterStack(testApp(), id, { keyPair: "none", values: { name: "shop" } });
  new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, paths: ["/*"], memoryLimitMiB: 256 });
  return stack;
}

// Terraform must be installed.
describeTerraform("planOffline", () => {
  it("returns the resources and the outputs of the plan, with example values of variables", async () => {
    const plan = await planOffline(shop());
    expect(plan.resource("aws_ecs_cluster.cluster")).toMatchObject({ name: "shop" });
    expect(plan.ofType("aws_lb_listener_rule").map(({ address }) => address)).toEqual([
      "aws_lb_listener_rule.web_rule",
    ]);
    expect(plan.outputs.cluster_name).toBe("shop");
    const addresses = plan.created.map(({ address }) => address);
    expect(addresses).toEqual([...addresses].sort());
    expect(plan.json.resource_changes?.length).toBeGreaterThanOrEqual(plan.created.length);
  });

  it("plans with given variables and fixtures", async () => {
    const plan = await planOffline(shop(), {
      variables: { max_size: 4, web_image: "web:2", tags: { Team: "shop" } },
      fixtures: { zones: ["a", "b"] },
    });
    expect(plan.resource("aws_autoscaling_group.capacity")).toMatchObject({ max_size: 4 });
    expect(JSON.stringify(plan.resource("aws_ecs_task_definition.web_task_definition"))).toContain("web:2");
    expect(JSON.stringify(plan.resource("aws_lb.load_balancer"))).toContain("shop");
  });

  it("throws Terraform's message when the account or a variable does not fit", async () => {
    const without = planOffline(shop(), { fixtures: { hasDefaultVpc: false } });
    await expect(without).rejects.toThrow(OfflinePlanError);
    await expect(without).rejects.toThrow("There is no default VPC in ap-northeast-2.");
    await expect(planOffline(shop(), { variables: { max_size: -1 } })).rejects.toThrow("max_size");
  });

  it("plans what the app would synthesize: Aspects run, and assets exist", async () => {
    const stack = shop();
    Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof EcsCluster) node.addOverride("name", "renamed");
      },
    });
    const asset = new TerraformAsset(stack, "asset", { path: __filename, type: AssetType.FILE });
    new TerraformOutput(stack, "text", { value: `\${file("${asset.path}")}` });
    const plan = await planOffline(stack);
    expect(plan.resource("aws_ecs_cluster.cluster").name).toBe("renamed");
    expect(plan.outputs.text).toContain("Aspects run, and assets exist");
  });

  it("plans types that the library does not create", async () => {
    const stack = shop();
    new DynamodbTable(stack, "table", { name: "shop", hashKey: "id", attribute: [{ name: "id", type: "S" }] });
    expect((await planOffline(stack)).resource("aws_dynamodb_table.table")).toMatchObject({ hash_key: "id" });
  });

  it("runs the validations of constructs", async () => {
    const stack = shop();
    stack.node.addValidation({ validate: () => ["The shop is closed."] });
    await expect(planOffline(stack)).rejects.toThrow("The shop is closed.");
  });

  it("ignores variables of the environment, and rejects those that the stack does not have", async () => {
    process.env.TF_VAR_name = "other";
    try {
      expect((await planOffline(shop())).resource("aws_ecs_cluster.cluster").name).toBe("shop");
    } finally {
      delete process.env.TF_VAR_name;
    }
    await expect(planOffline(shop(), { variables: { maxSize: 4 } })).rejects.toThrow(
      /^The stack has no variable "maxSize"\. Its variables are .*max_size/,
    );
  });

  it("returns the checks that fail, and asserts that none does", async () => {
    const stack = shop();
    const passing = await planOffline(stack);
    expect(passing.failedChecks).toEqual([]);
    passing.assertChecks();
    const assert = ["At most 3 instances.", "At most 2 instances."].map((error_message, index) => ({
      ...{ condition: `\${var.max_size <= ${3 - index}}`, error_message },
    }));
    stack.addOverride("check.budget", { assert });
    const plan = await planOffline(stack, { variables: { max_size: 4 } });
    expect(plan.failedChecks).toEqual([{ name: "budget", messages: ["At most 2 instances.", "At most 3 instances."] }]);
    expect(() => plan.assertChecks()).toThrow(
      "Checks of the plan fail:\n  - check.budget: At most 2 instances.\n  - check.budget: At most 3 instances.",
    );
  });

  it("reads the schema of the package that the stack has its resources from, and says when it is not found", async () => {
    const folder = mkdtempSync(join(tmpdir(), "other-project-"));
    const other = join(folder, "node_modules/@cdktf/provider-aws");
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, "package.json"), JSON.stringify({ name: "@cdktf/provider-aws", version: "1.0.0" }));
    const own = resolve("node_modules/@cdktf/provider-aws");
    expect(realpathSync(bindingsOf(shop(), [folder, process.cwd()]) ?? "")).toBe(realpathSync(own));
    expect(bindingsOf(new TerraformStack(testApp(), "empty"), [])).toBeUndefined();
    const { version } = JSON.parse(readFileSync(join(own, "package.json"), "utf8"));
    const message = `The resources of the stack are from @cdktf/provider-aws ${version}, which is neither in the current folder nor beside ecs-default-vpc. Set projectDirectory to the folder whose node_modules has it.`;
    expect(() => bindingsOf(shop(), [folder])).toThrow(message);
    // The folder of the package is one level below.
    symlinkSync(resolve("."), join(folder, "app"));
    const plan = await planOffline(shop(), { projectDirectory: join(folder, "app") });
    expect(plan.created.length).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
  });

  it("names the resources of the plan when one does not exist", async () => {
    const plan = await planOffline(shop());
    expect(() => plan.resource("aws_lb.other")).toThrow(
      /^The plan creates no resource aws_lb\.other\. It creates aws_autoscaling_group\.capacity, /,
    );
  });
});
