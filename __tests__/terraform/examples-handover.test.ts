import { type Json, readConfiguration, strings } from "../../src/handover/configuration";
import { planTest } from "../../src/handover/plan-test";
import { portable } from "../../src/handover/portable";
import { portableJson } from "../../src/handover/portable-json";
import { readStack } from "../../src/handover/stack";
import { typesInFolder } from "../../tools/offline-provider";
import { APPS, type AppStack, synthesizeApp } from "../support/examples";
import { folderOf, removeFolders } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** The stacks whose hand-over's own test is run, with the number of its runs: together they have all that the others have. */
const TESTED: Readonly<Record<string, number>> = {
  "shared-files": 7,
  hardened: 4,
  bottlerocket: 3,
  constructs: 2,
  "service-stack": 1,
};

describeTerraform("an example's hand-over", (lab) => {
  afterAll(removeFolders);

  it.each(Object.entries(TESTED))("passes its own test as HCL: %s", async (name, runs) => {
    const folder = await folderOf(name, { hcl: true });
    const terraform = await lab.terraform({ folder, types: typesInFolder(folder) });
    const { status, stdout, stderr } = await terraform.test();
    expect(stderr).toBe("");
    expect(stdout).toContain(`Success! ${runs} passed, 0 failed`);
    expect(status).toBe(0);
  });

  it.each(allStacks())("says as Terraform JSON what the stack says: %s", (_, json) => {
    const stack = JSON.parse(JSON.stringify(json, (key, value) => (key === "//" ? undefined : value)));
    const files = Object.values(portableJson(portable(readConfiguration(json as Json))));
    const { terraform, ...written } = Object.assign({}, ...files.map((text) => JSON.parse(text)));
    const { terraform: versions, ...expected } = stack;
    // An empty list of validations says nothing.
    for (const variable of Object.values(expected.variable ?? {}) as { validation?: unknown[] }[])
      if (variable.validation?.length === 0) delete variable.validation;
    expect(written).toEqual(expected);
    expect(terraform.required_version).toEqual(versions.required_version);
    expect(terraform.required_providers.aws).toMatchObject({
      ...versions.required_providers.aws,
      source: "hashicorp/aws",
    });
  });

  it("has nothing in its test, and looks at nothing, that those don't", () => {
    const stacks = allStacks();
    const tested = new Set(stacks.filter(([name]) => name in TESTED).flatMap(kindsOf));
    const missing = stacks.map((stack) => [stack[0], kindsOf(stack).filter((kind) => !tested.has(kind))]);
    expect(missing.filter(([, kinds = []]) => kinds.length > 0)).toEqual([]);
    expect(tested.size).toBeGreaterThan(40);
  });
});

function allStacks(): AppStack[] {
  return [...APPS.others, ...APPS.capacity].flatMap((file) => Object.entries(synthesizeApp(file)));
}

/** An address, without the name of what is there. */
const ADDRESS = /\b((?:data\.)?aws_[a-z0-9_]+)\.[a-z0-9_]+/g;

/** What kinds of things a test consists of, and what the stack's own conditions read of what it mocks. */
function kindsOf([name, json]: AppStack): string[] {
  const text = planTest(readStack(json as Json, { name, hcl: true })).replace(ADDRESS, "$1");
  const [head = "", ...runs] = text.split(/^run /m);
  return [
    ...(head.match(/mock_data "\w+"|target += [^[\n]+/g) ?? []),
    runs.map((run) => /\w+/.exec(run)?.[0]).join(" "),
    ...runs.flatMap((run) => {
      const lines = run.match(/(condition|expect_failures) += .*/g) ?? [];
      return lines.map((line) => line.replace(/"vpc-\w+"|var\.\w+/g, "x"));
    }),
    ...conditionsOf(json as Json).flatMap(
      (text) => text.replace(ADDRESS, "$1").match(/\b(data\.aws_\w+|self|type|group|subnet)\.\w+/g) ?? [],
    ),
  ];
}

/** The conditions of everything in a stack's JSON. */
const conditionsOf = (json: Json): string[] =>
  strings(json)
    .filter(({ path }) => path.endsWith(".condition"))
    .map(({ text }) => text);
