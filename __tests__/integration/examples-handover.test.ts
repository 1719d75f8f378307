import { svgOf } from "../../cli/handover/diagram/draw";
import { policyFiles } from "../../cli/handover/iam/policy-files";
import { readme } from "../../cli/handover/readme";
import { readStack } from "../../cli/handover/stack";
import { type Json, readConfiguration, strings } from "../../cli/handover/terraform-json/configuration";
import { portable } from "../../cli/handover/terraform-json/portable";
import { portableJson } from "../../cli/handover/terraform-json/portable-json";
import { refuseSecrets } from "../../cli/handover/terraform-json/secrets";
import { planTest } from "../../cli/handover/tests/plan-test";
import { APPS, type AppStack, HANDOVER_TESTS, synthesizeApp } from "../support/examples";

describe("an example's hand-over", () => {
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

  it.each(allStacks())("contains no secret, and diagrams whose arrows lead from box to box: %s", async (name, json) => {
    refuseSecrets(json as Json);
    const stack = readStack(json as Json, { name, hcl: true });
    for (const diagram of [stack.overview, ...(stack.requestPath ? [stack.requestPath] : [])]) {
      const ids = [...diagram.boxes, ...diagram.frames].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(diagram.arrows.flatMap(({ from, to }) => [from, to])));
      const svg = await svgOf(diagram, name, "");
      expect(svg.match(/class="node"/g)).toHaveLength(diagram.boxes.length);
    }
    expect(readme(stack)).toContain(`# ${name}`);
    expect(Object.keys(policyFiles(stack.statements))).toContain("deploy-policy.json");
  });

  it("has nothing in its test, and looks at nothing, that those whose tests are run don't", () => {
    const stacks = allStacks();
    const tested = new Set(stacks.filter(([name]) => name in HANDOVER_TESTS).flatMap(kindsOf));
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
