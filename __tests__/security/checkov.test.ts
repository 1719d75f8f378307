import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Configuration } from "../../tools/offline-provider";
import { EXAMPLE_FIXTURES, exampleValues, synthesizeApp } from "../support/examples";
import { pythonPrograms } from "../support/python";
import { describeTerraform } from "../support/terraform";

/** The rows of the table in docs/security.md: a check, and the setting that closes it. */
const ROWS = [...readFileSync("docs/security.md", "utf8").matchAll(/^\| (CKV2?_AWS_\d+) \|.*\| ([^|]+) \|$/gm)].map(
  ([, check = "", closedBy = ""]) => ({ check, closedBy }),
);

/** Where checkov is, or why it can't be had. */
function checkov(): { readonly program: string } | { readonly reason: string } {
  try {
    return { program: join(pythonPrograms("checkov", "__tests__/security/requirements.txt"), "checkov") };
  } catch (error) {
    return { reason: `checkov can't be installed: ${(error as Error).message.split("\n")[0]}` };
  }
}

const found = checkov();
if ("reason" in found && process.env.CI !== "true")
  process.stderr.write(`skipped: the scans, because ${found.reason}\n`);
const scanning = "reason" in found && process.env.CI !== "true" ? describe.skip : describe;

scanning("checkov", () => {
  const folder = mkdtempSync(join(tmpdir(), "checkov-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The ids of the checks that fail, each once. */
  function failed(framework: "terraform_plan" | "terraform_json", content: unknown): string[] {
    if ("reason" in found) throw new Error(found.reason);
    const file = join(folder, framework === "terraform_plan" ? "plan.json" : "stack.tf.json");
    writeFileSync(file, JSON.stringify(content));
    const args = ["-f", file, "--framework", framework, "-o", "json", "--quiet", "--soft-fail", "--skip-download"];
    const out = execFileSync(found.program, args, { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 27 });
    const { results, summary } = JSON.parse(out.toString()) as {
      results: { failed_checks: { check_id: string }[] };
      summary: { passed: number; parsing_errors: number };
    };
    expect(summary.parsing_errors).toBe(0);
    expect(summary.passed).toBeGreaterThan(40);
    return [...new Set(results.failed_checks.map(({ check_id }) => check_id))].sort();
  }

  /** checkov 3.3 reads only blocks in a `terraform` block, and stops at the required version. */
  function readable({ terraform, ...rest }: Configuration): Configuration {
    const { required_version, ...blocks } = terraform as Record<string, unknown>;
    return { ...rest, terraform: blocks };
  }

  describeTerraform("on what real Terraform plans", (lab) => {
    it.each([
      ["main.ts", "ecs", ROWS.map(({ check }) => check)],
      ["examples/hardened.ts", "hardened", []],
    ])(
      "%s fails just the checks that docs/security.md explains",
      async (file, stack, explained) => {
        const { outdir, stacks } = synthesizeApp(file);
        rmSync(outdir, { recursive: true, force: true });
        const configuration = stacks[stack] as Configuration;
        const variables = exampleValues(configuration);
        const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
        expect(failed("terraform_plan", await terraform.planJson())).toEqual([...explained].sort());
        const inJson = failed("terraform_json", readable(configuration));
        expect(inJson.filter((check) => !explained.includes(check))).toEqual([]);
      },
      120_000,
    );
  });
});

describe("docs/security.md", () => {
  it("names for each check the setting that closes it", () => {
    expect(ROWS.length).toBeGreaterThan(0);
    const settings = readFileSync("docs/settings.md", "utf8");
    for (const { check, closedBy } of ROWS) {
      const names = [...closedBy.matchAll(/`([a-zA-Z_]+)/g)].map(([, name]) => String(name));
      expect([check, names.length > 0, names.filter((name) => !settings.includes(`\`${name}\``))]).toEqual([
        check,
        true,
        [],
      ]);
    }
  });
});
