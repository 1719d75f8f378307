import "cdktf/lib/testing/adapters/jest";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Testing } from "cdktf";
import { hcl } from "../../cli/handover/hcl";
import { backendExample } from "../../cli/handover/readme/backend-example";
import { tfvarsExample } from "../../cli/handover/readme/tfvars-example";
import { readStack } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import type { Files } from "../../cli/handover/terraform-json/portable-json";
import { planTest } from "../../cli/handover/tests/plan-test";
import { runTerraform, type Terraform, type TerraformResult, typesIn } from "../../cli/offline-provider";
import { type AppStack, distinctStacks, EXAMPLE_FIXTURES, HANDOVER_TESTS, synthesizeApp, writeApp } from "./examples";
import { expectSafe } from "./safe-state";
import type { TerraformLab } from "./terraform";

/** What Terraform's own file of a state holds, without what every run counts or orders anew. */
export interface State {
  readonly outputs: unknown;
  readonly resources: readonly StateResource[];
  /** What checks, conditions and validations came to, by address. */
  readonly checks: Readonly<Record<string, unknown>>;
}

export interface StateResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
}

const PLAN_FILE = "offline.tfplan";
/** Clusters and services of every other kind are destroyed by the suites of their lives. */
const DESTROYED = ["hardened", "service-stack"];
/** Nobody changes anything behind Terraform's back here: there is nothing to find by looking at what the state has. */
const UNCHANGED = "-refresh=false";

/**
 * Each app is accepted and planned by cdktf's own matchers; what they planned is applied, and taken over by the hand-over,
 * all in the folder that the app was synthesized into.
 */
export function itLives(lab: TerraformLab, apps: readonly string[]): void {
  Testing.setupJest();
  const before = { ...process.env };
  afterEach(() => {
    for (const name of ["TF_CLI_ARGS_plan", "GOGC", "TF_REATTACH_PROVIDERS"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  const handedOver: string[] = [];

  it.each(distinctStacks(apps))(
    "is valid, applied as cdktf's matcher planned it, and its hand-over as HCL changes nothing: %s",
    async (app, stacks) => {
      // One provider for all stacks of the app: their types taken together.
      const types = typesIn(...Object.values(synthesizeApp(app)));
      const { folder, session } = await lab.terraform({ types, fixtures: EXAMPLE_FIXTURES });
      writeApp(app, folder);
      // As every other Terraform of the tests has the first one; the second is where the matcher's plan goes.
      process.env.GOGC ??= "400";
      Object.assign(process.env, session.env, { TF_CLI_ARGS_plan: `-out=${PLAN_FILE}` });
      expect(folder).toBeValidTerraform();
      expect(folder).toPlanSuccessfully();
      for (const stack of stacks) {
        const own = join(folder, "stacks", stack[0]);
        await expectLife(stack, own, (...args) => runTerraform(args, own, session.env));
        handedOver.push(own);
      }
    },
  );

  it("is handed over as terraform fmt leaves it", async () => {
    expect(handedOver.length).toBeGreaterThan(5);
    const terraform = await lab.terraform({});
    const formatted = await terraform.run(["fmt", "-check", "-recursive", "-diff", ...handedOver]);
    expect(formatted).toMatchObject({ status: 0, stdout: "" });
  });
}

type Run = (...args: string[]) => Promise<TerraformResult>;

/**
 * What was planned in the folder is applied. Then the hand-over is there instead of the app's JSON, and has to leave the state
 * as it is: then the stack has settled, and what was handed over has its resources, values, outputs, checks and conditions.
 */
async function expectLife(stack: AppStack, folder: string, run: Run): Promise<void> {
  const [name, configuration] = stack;
  const succeeds = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(...args);
    expect([name, status, stderr]).toEqual([name, 0, ""]);
    return stdout;
  };
  await succeeds("apply", "-input=false", "-no-color", PLAN_FILE);
  const state = stateOf(folder);
  expectSafe(state);
  rmSync(join(folder, "cdk.tf.json"));
  for (const [path, text] of Object.entries(handover(stack))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const auto = ["-input=false", "-no-color", "-auto-approve", UNCHANGED];
  expect(await succeeds("apply", ...auto)).toContain("No changes.");
  expect(stateOf(folder)).toEqual(state);
  const tests = HANDOVER_TESTS[name];
  if (tests) expect(await succeeds("test", "-no-color")).toContain(`Success! ${tests} passed, 0 failed`);
  if (!DESTROYED.includes(name)) return;
  // A protected load balancer cannot be destroyed: as its users do, the test switches the protection off first.
  const unprotected = { load_balancer: { enable_deletion_protection: false } };
  if ("aws_lb" in (configuration as { readonly resource: object }).resource) {
    writeFileSync(join(folder, "unprotected_override.tf.json"), JSON.stringify({ resource: { aws_lb: unprotected } }));
    await succeeds("apply", ...auto);
  }
  expect(await succeeds("destroy", ...auto)).toContain("Destroy complete!");
}

/** What Terraform reads of a hand-over as HCL, and in `formatted` what else it formats, that of one as JSON too. */
function handover([name, configuration]: AppStack): Files {
  const stack = readStack(configuration as Json, { name, hcl: true });
  return {
    ...hcl(stack.portable),
    "tests/plan.tftest.hcl": planTest(stack),
    "formatted/json.tftest.hcl": planTest(readStack(configuration as Json, { name })),
    "formatted/backend.tf": backendExample(name, "ap-northeast-2"),
    "formatted/terraform.tfvars": tfvarsExample(stack.variables),
  };
}

/** Applies what a folder holds, without an error. */
export async function appliedState(terraform: Terraform): Promise<State> {
  const { status, stderr } = await terraform.apply();
  expect([status, stderr]).toEqual([0, ""]);
  return stateOf(terraform.folder);
}

function stateOf(folder: string): State {
  const { outputs, resources, check_results } = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8"));
  const checks = (check_results as { config_addr: string }[]).map((check) => [check.config_addr, check] as const);
  return { outputs, resources, checks: Object.fromEntries(checks) };
}
