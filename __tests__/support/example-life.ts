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
import {
  type OfflineSession,
  runTerraform,
  type Terraform,
  type TerraformResult,
  typesIn,
} from "../../cli/offline-provider";
import { expectSilentDoctor } from "./emulated-aws/silent-doctor";
import { type AppStack, distinctStacks, EXAMPLE_FIXTURES, synthesizeApp, writeApp } from "./examples";
import { expectSafe } from "./safe-state";
import type { TerraformLab } from "./terraform";

/** The parts of a state file that do not differ from run to run. */
export interface State {
  readonly outputs: unknown;
  readonly resources: readonly StateResource[];
  /** The results of checks, conditions and validations by address. */
  readonly checks: Readonly<Record<string, unknown>>;
}

export interface StateResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
}

const PLAN_FILE = "offline.tfplan";
/** The stacks that are destroyed. Other suites destroy the other kinds of clusters and services. */
const DESTROYED = ["hardened", "service-stack"];
/** A refresh would find nothing, because only Terraform changes the resources. */
const NO_REFRESH = "-refresh=false";

/**
 * Tests apps, each in the folder that it was synthesized into: CDKTF's matchers validate and plan it, Terraform applies the
 * plan, the doctor finds nothing wrong with the clusters, and the hand-over as HCL changes nothing.
 */
export function testExamples(lab: TerraformLab, apps: readonly string[]): void {
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
    "are valid, are applied as planned, are healthy for the doctor, and do not change with the hand-over as HCL: %s",
    async (app, stacks) => {
      // One session of the provider with the types of all stacks.
      const types = typesIn(...Object.values(synthesizeApp(app)));
      const { folder, session } = await lab.terraform({ types, fixtures: EXAMPLE_FIXTURES });
      writeApp(app, folder);
      // GOGC is what the class Terraform sets. The matcher writes its plan to PLAN_FILE.
      process.env.GOGC ??= "400";
      Object.assign(process.env, session.env, { TF_CLI_ARGS_plan: `-out=${PLAN_FILE}` });
      expect(folder).toBeValidTerraform();
      expect(folder).toPlanSuccessfully();
      for (const stack of stacks) {
        const own = join(folder, "stacks", stack[0]);
        await expectLife(stack, own, session, (...args) => runTerraform(args, own, session.env));
        handedOver.push(own);
      }
    },
  );

  it("have a hand-over that terraform fmt does not change", async () => {
    expect(handedOver).not.toEqual([]);
    const terraform = await lab.terraform({});
    const formatted = await terraform.run(["fmt", "-check", "-recursive", "-diff", ...handedOver]);
    expect(formatted).toMatchObject({ status: 0, stdout: "" });
  });
}

/** Stacks on roles and security groups that someone else created, of which the account has nothing. */
const PARTS_OF_OTHERS = ["existing-parts"];

type Run = (...args: string[]) => Promise<TerraformResult>;

/**
 * Applies the plan in a folder, replaces the app's JSON with the hand-over, and expects the same state after another apply:
 * the same resources, values, outputs, checks and conditions.
 */
async function expectLife(stack: AppStack, folder: string, session: OfflineSession, run: Run): Promise<void> {
  const [name, configuration] = stack;
  const succeeds = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(...args);
    expect([name, status, stderr]).toEqual([name, 0, ""]);
    return stdout;
  };
  await succeeds("apply", "-input=false", "-no-color", PLAN_FILE);
  const state = stateOf(folder);
  expectSafe(state);
  if (!PARTS_OF_OTHERS.includes(name)) await expectSilentDoctor(await session.account());
  rmSync(join(folder, "cdk.tf.json"));
  for (const [path, text] of Object.entries(handover(stack))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const auto = ["-input=false", "-no-color", "-auto-approve", NO_REFRESH];
  expect(await succeeds("apply", ...auto)).toContain("No changes.");
  expect(stateOf(folder)).toEqual(state);
  if (!DESTROYED.includes(name)) return;
  // A load balancer with deletion protection cannot be destroyed, so the test disables the protection first.
  const off = { enable_deletion_protection: false, lifecycle: { prevent_destroy: false } };
  const unprotected = { load_balancer: off };
  if ("aws_lb" in (configuration as { readonly resource: object }).resource) {
    writeFileSync(join(folder, "unprotected_override.tf.json"), JSON.stringify({ resource: { aws_lb: unprotected } }));
    await succeeds("apply", ...auto);
  }
  expect(await succeeds("destroy", ...auto)).toContain("Destroy complete!");
}

/** Returns the HCL of a hand-over, with its other HCL files in the folder `formatted`, for `terraform fmt`. */
function handover([name, configuration]: AppStack): Files {
  const stack = readStack(configuration as Json, { name, hcl: true });
  return {
    ...hcl(stack.portable),
    "tests/plan.tftest.hcl": planTest(stack),
    "formatted/json.tftest.hcl": planTest(readStack(configuration as Json, { name })),
    "formatted/backend.tf": backendExample(stack),
    "formatted/terraform.tfvars": tfvarsExample(stack.variables),
  };
}

/** Applies the configuration in a folder. Returns the state. */
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
