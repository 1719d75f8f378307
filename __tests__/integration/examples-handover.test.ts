import { svgOf } from "../../cli/handover/diagram/draw";
import { policyFiles } from "../../cli/handover/iam/policy-files";
import { readme } from "../../cli/handover/readme";
import { readStack } from "../../cli/handover/stack";
import { type Json, readConfiguration, strings } from "../../cli/handover/terraform-json/configuration";
import { portable } from "../../cli/handover/terraform-json/portable";
import { portableJson } from "../../cli/handover/terraform-json/portable-json";
import { throwIfSecrets } from "../../cli/handover/terraform-json/secrets";
import { planTest } from "../../cli/handover/tests/plan-test";
import { drawn, isInside, overlap } from "../support/drawn";
import { APPS, type AppStack, HANDOVER_TESTS, synthesizeApp } from "../support/examples";

describe("the hand-over of an example", () => {
  it.each(allStacks())("has the same Terraform JSON as the stack: %s", (_, json) => {
    const stack = JSON.parse(JSON.stringify(json, (key, value) => (key === "//" ? undefined : value)));
    const files = Object.values(portableJson(portable(readConfiguration(json as Json))));
    const { terraform, ...written } = Object.assign({}, ...files.map((text) => JSON.parse(text)));
    const { terraform: versions, ...expected } = stack;
    // The hand-over omits empty validations.
    for (const variable of Object.values(expected.variable ?? {}) as { validation?: unknown[] }[])
      if (variable.validation?.length === 0) delete variable.validation;
    expect(written).toEqual(expected);
    // A stack of its own constructs can omit the version.
    expect(terraform.required_version).toEqual(versions.required_version ?? ">= 1.10");
    expect(terraform.required_providers.aws).toMatchObject({
      ...versions.required_providers.aws,
      source: "hashicorp/aws",
    });
  });

  it.each(allStacks())("has no secret, and diagrams whose arrows connect boxes: %s", async (name, json) => {
    throwIfSecrets(json as Json);
    const stack = readStack(json as Json, { name, hcl: true });
    for (const diagram of [stack.overview, ...(stack.requestPath ? [stack.requestPath] : [])]) {
      const ids = [...diagram.boxes, ...diagram.frames].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(diagram.arrows.flatMap(({ from, to }) => [from, to])));
      const framesOfBoxes = ["services", "instances", "aws"];
      expect(diagram.arrows.filter(({ from, to }) => [from, to].some((id) => framesOfBoxes.includes(id)))).toEqual([]);
      const svg = await svgOf(diagram, name, "");
      const { texts: all } = drawn(svg);
      const covered = all.filter((text, index) => all.slice(index + 1).some((other) => overlap(text, other)));
      expect(covered.map(({ text }) => text)).toEqual([]);
      for (const { at, texts } of drawn(svg).boxes)
        for (const text of texts) expect([text, isInside(text, at)]).toEqual([text, true]);
      expect(svg.match(/class="node"/g)).toHaveLength(diagram.boxes.length);
    }
    expect(readme(stack)).toContain(`# ${name}`);
    expect(Object.keys(policyFiles("deploy-policy", stack.statements))).toContain("deploy-policy.json");
  });

  it.each(allStacks())(
    "has no unused variable, and describes all variables and outputs, also as a module: %s",
    (_, json) => {
      for (const isModule of [false, true]) {
        const { "variables.tf.json": variables = "{}", ...files } = portableJson(
          portable(readConfiguration(json as Json), isModule),
        );
        const text = Object.values(files).join();
        const declared = Object.entries(JSON.parse(variables).variable ?? {}) as [string, Record<string, unknown>][];
        const unused = declared.filter(([name]) => !new RegExp(`\\bvar\\.${name}\\b`).test(text)).map(([name]) => name);
        expect(unused).toEqual([]);
        const outputs = Object.entries(JSON.parse(files["outputs.tf.json"] ?? "{}").output ?? {});
        for (const [name, { description }] of [...declared, ...outputs] as typeof declared)
          expect([name, description]).toEqual([name, expect.stringMatching(/\w/)]);
        for (const [name, { type }] of declared) expect([name, type]).toEqual([name, expect.stringMatching(/\w/)]);
      }
    },
  );

  it("has no mocks, runs or conditions that the tested examples do not have", () => {
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

/** An address, with its type as group. */
const ADDRESS = /\b((?:data\.)?aws_[a-z0-9_]+)\.[a-z0-9_]+/g;

/** Returns the mocks, runs and conditions of a stack's test, and the attributes that the stack's conditions read. */
function kindsOf([name, json]: AppStack): string[] {
  const text = planTest(readStack(json as Json, { name, hcl: true })).replace(ADDRESS, "$1");
  const [head = "", ...runs] = text.split(/^run /m);
  return [
    ...(head.match(/mock_data "\w+"|target += [^[\n]+/g) ?? []),
    runs.map((run) => /\w+/.exec(run)?.[0]).join(" "),
    ...runs.flatMap((run) => {
      const lines = run.match(/(condition|expect_failures) += .*/g) ?? [];
      // Sizes and lists of addresses differ from stack to stack.
      return lines.map((line) => line.replace(/"vpc-\w+"|var\.\w+|\b\d+\b|setsubtract\(\[for .*/g, "x"));
    }),
    ...conditionsOf(json as Json).flatMap(
      (text) => text.replace(ADDRESS, "$1").match(/\b(data\.aws_\w+|self|type|group|subnet)\.\w+/g) ?? [],
    ),
  ];
}

/** Returns all conditions in a stack's JSON. */
const conditionsOf = (json: Json): string[] =>
  strings(json)
    .filter(({ path }) => path.endsWith(".condition"))
    .map(({ text }) => text);
