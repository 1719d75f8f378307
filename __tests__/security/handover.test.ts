import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hcl } from "../../cli/handover/hcl";
import { type HandoverOptions, readStack } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import { portableJson } from "../../cli/handover/terraform-json/portable-json";
import { planTest } from "../../cli/handover/tests/plan-test";
import { describeCheckov, type Framework, runCheckov, runPython } from "../support/checkov";
import { APPS, type AppStack, synthesizeApp } from "../support/examples";

type Flavor = Omit<HandoverOptions, "name">;

/** The module is HCL, because its JSON differs from that of the folder only by the configuration of the provider. */
const FLAVORS: readonly (readonly [name: string, framework: Framework, flavor: Flavor])[] = [
  ["HCL", "terraform", { hcl: true }],
  ["a module", "terraform", { hcl: true, module: true }],
  ["Terraform JSON", "terraform_json", {}],
];

/** The stacks that checkov scans. Together they have all types of resources. */
const SCANNED = [
  ...["ecs", "hardened", "bottlerocket", "capacity-providers", "existing-vpc", "gpu", "service-stack", "blue-green"],
  ...["queue-worker", "releases", "grpc", "shared-files", "domain", "network-load-balancer", "jobs", "scaling"],
  ...["scheduled-scaling", "operations", "private-instances", "existing-parts"],
];

/** Parses files with python-hcl2. Prints the path of each file that has no block. */
const PARSE = `
import hcl2, sys
for path in sys.argv[1:]:
    with open(path) as file:
        if not hcl2.load(file):
            print(path)
`;

describeCheckov("the folder of a hand-over", () => {
  const root = mkdtempSync(join(tmpdir(), "checkov-handover-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const stacks = (): AppStack[] =>
    [...APPS.others, ...APPS.capacity].flatMap((app) => Object.entries(synthesizeApp(app)));
  const scanned = (): AppStack[] => stacks().filter(([name]) => SCANNED.includes(name));

  /** Writes the Terraform files of stacks in one flavor. Returns their paths. */
  function write(written: readonly AppStack[], folder: string, flavor: Flavor): string[] {
    return written.flatMap(([name, json]) => {
      const stack = readStack(json as Json, { name, ...flavor });
      const files = {
        ...(flavor.hcl ? hcl(stack.portable) : portableJson(stack.portable)),
        "tests/plan.tftest.hcl": planTest(stack),
      };
      return Object.entries(files).map(([file, text]) => {
        const path = join(folder, name, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        return path;
      });
    });
  }

  it("has every type of resource in a stack that checkov scans", () => {
    const typesOf = (all: AppStack[]) => [
      ...new Set(all.flatMap(([, { resource }]) => Object.keys(resource as object))),
    ];
    expect(typesOf(scanned()).sort()).toEqual(typesOf(stacks()).sort());
    expect(scanned()).toHaveLength(SCANNED.length);
  });

  it.each(FLAVORS)("as %s fails only the checks that docs/security.md explains", (name, framework, flavor) => {
    const folder = join(root, name);
    const paths = write(scanned(), folder, flavor);
    const { results, summary } = runCheckov(framework, ["-d", folder]);
    expect(summary.parsing_errors).toBe(paths.filter((path) => path.endsWith("versions.tf.json")).length);
    // Without resources and findings, checkov read nothing, and it would succeed.
    const resources = scanned().flatMap(([, { resource }]) => Object.values(resource as object).flatMap(Object.keys));
    expect(summary.resource_count).toBe(framework === "terraform" ? resources.length : 0);
    expect(summary.passed).toBeGreaterThan(resources.length);
    const failed = [...new Set(results.failed_checks.map(({ check_id }) => check_id))];
    expect(failed).toContain("CKV_AWS_158");
    const explained = readFileSync("docs/security.md", "utf8").match(/CKV2?_AWS_\d+/g);
    expect(failed.filter((check) => !explained?.some((one) => one === check))).toEqual([]);
  });

  it.each([
    ["HCL", { hcl: true }],
    ["Terraform JSON", {}],
  ])("as %s can be read by python-hcl2, in all examples", (name, flavor) => {
    const paths = write(stacks(), join(root, `${name} for python-hcl2`), flavor).filter(
      (path) => !path.endsWith(".json"),
    );
    expect(paths.length).toBeGreaterThan(30);
    expect(runPython("-c", PARSE, ...paths)).toBe("");
  });
});
