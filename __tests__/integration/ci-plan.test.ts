import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { offlineEnv, type Terraform } from "../../cli/offline-provider";
import { smallStack } from "../support/small-stack";
import { describeTerraform } from "../support/terraform";

const SCRIPT = join(__dirname, "../../.ci/plan");

/** Returns the JSON of the small stack with a backend, which the test's override file replaces with a local one. */
function synthesized(backend: string, change: object = {}): string {
  const { terraform, ...rest } = smallStack();
  return JSON.stringify({ ...rest, ...change, terraform: { ...(terraform as object), backend: { [backend]: {} } } });
}

/** Runs the script of the CI workflow. Returns its exit code and the comment that it wrote. */
async function plan(terraform: Terraform) {
  const { folder } = terraform;
  const comment = join(folder, "comment.md");
  const env = offlineEnv(await terraform.env());
  return new Promise<{ status: number | null; comment: string }>((resolve) => {
    const child = spawn(SCRIPT, [folder, comment], { env, stdio: "ignore" });
    child.on("close", (status) => resolve({ status, comment: readFileSync(comment, "utf8") }));
  });
}

describeTerraform("the plan that CI posts as a comment", (lab) => {
  const open = async (text: string) => {
    const terraform = await lab.terraform({ configuration: smallStack() });
    writeFileSync(join(terraform.folder, "main.tf.json"), "{}");
    writeFileSync(join(terraform.folder, "cdk.tf.json"), text);
    return terraform;
  };

  it("passes with changes, and has their number", async () => {
    const { status, comment } = await plan(await open(synthesized("s3")));
    expect(comment).toMatch(
      /^<!-- terraform plan -->\n\*\*terraform plan\*\*: Plan: 7 to add, 0 to change, 0 to destroy\.\n/,
    );
    expect(comment).toContain("# aws_ecs_cluster.ecs will be created");
    expect(status).toBe(0);
  });

  it("passes with no changes", async () => {
    const terraform = await open(synthesized("s3"));
    await terraform.apply();
    const { status, comment } = await plan(terraform);
    expect(comment).toContain("**terraform plan**: no changes\n");
    expect(status).toBe(0);
  });

  it("fails with Terraform's message when there is no plan", async () => {
    const { status, comment } = await plan(
      await open(synthesized("s3", { resource: { aws_ecs_cluster: { x: {} } }, output: undefined })),
    );
    expect(comment).toContain("**terraform plan**: failed\n");
    expect(comment).toContain('The argument "name" is required');
    expect(status).toBe(1);
  });

  it("fails with local state, which CI does not have", async () => {
    const { status, comment } = await plan(await open(synthesized("local")));
    expect(comment).toContain("no plan, because the state is local");
    expect(comment).toContain("Give the stack an S3 backend: docs/ci.md");
    expect(status).toBe(1);
  });
});
