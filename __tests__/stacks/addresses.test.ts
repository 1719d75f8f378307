import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterStack } from "../support/cluster";
import { OTHER_STACKS } from "../support/other-stacks";
import { type Part, synthesized } from "../support/synthesized";

const FILE = "__tests__/addresses.txt";
const HOW = `Terraform replaces a resource whose address changes. If the change is intended, it is a breaking change: describe
it in CHANGELOG.md, with the \`moved\` blocks or \`terraform state mv\` commands that keep the resource. Then update the list:
  UPDATE_ADDRESSES=1 npx jest __tests__/stacks/addresses`;

/** Returns the sorted addresses of a stack: resources, data sources, variables, outputs, locals and checks. */
function addresses(stack = clusterStack()): string[] {
  const json = synthesized(stack);
  const names = (block: unknown) => Object.keys((block ?? {}) as Part);
  const nested = (block: unknown, prefix: string) =>
    names(block).flatMap((type) => names((block as Part)[type]).map((name) => `${prefix}${type}.${name}`));
  return [
    ...nested(json.resource, ""),
    ...nested(json.data, "data."),
    ...names(json.variable).map((name) => `var.${name}`),
    ...names(json.output).map((name) => `output.${name}`),
    ...names(json.locals).map((name) => `local.${name}`),
    ...names(json.check).map((name) => `check.${name}`),
  ].sort();
}

describe("the addresses of EcsClusterStack", () => {
  /** The line between the addresses of the default stack and those that other settings and services add. */
  const BETWEEN = "\n\n# What settings and services bring beside these\n";
  const committed = () => {
    const [own = "", others = ""] = readFileSync(join(__dirname, "../..", FILE), "utf8")
      .trimEnd()
      .split(BETWEEN);
    return { own: own.split("\n"), others: others.split("\n") };
  };
  const current = () => {
    const own = addresses();
    const others = new Set(
      OTHER_STACKS.flatMap((make) => addresses(make())).filter((address) => !own.includes(address)),
    );
    return { own, others: [...others].sort() };
  };

  it(`are those in ${FILE}`, () => {
    const now = current();
    if (process.env.UPDATE_ADDRESSES === "1") {
      writeFileSync(join(__dirname, "../..", FILE), `${now.own.join("\n")}${BETWEEN}${now.others.join("\n")}\n`);
    }
    const before = committed();
    const parts = ["own", "others"] as const;
    const change = {
      removed: parts.flatMap((part) => before[part].filter((address) => !now[part].includes(address))),
      added: parts.flatMap((part) => now[part].filter((address) => !before[part].includes(address))),
    };
    const isChanged = change.removed.length + change.added.length > 0;
    expect(isChanged ? { ...change, how: HOW } : change).toEqual({ removed: [], added: [] });
  });

  it("have no hash", () => {
    const { own, others } = committed();
    expect([...own, ...others].filter((address) => /_[0-9A-F]{8}$/.test(address))).toEqual([]);
  });

  it("do not depend on the id of the stack", () => {
    const types = (id: string) => Object.keys(synthesized(clusterStack({}, id)).resource as Part);
    const names = (id: string) =>
      Object.values(synthesized(clusterStack({}, id)).resource as Record<string, Part>).flatMap(Object.keys);
    expect([types("prod"), names("prod")]).toEqual([types("ecs"), names("ecs")]);
  });
});
