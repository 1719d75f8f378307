import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clusterStack } from "../support/cluster";
import { OTHER_STACKS } from "../support/other-stacks";
import { type Part, synthesized } from "../support/synthesized";

const FILE = "__tests__/addresses.txt";
const HOW = `Terraform replaces a resource whose address changes. If you want the new addresses, it is a breaking change: describe it in
CHANGELOG.md with the \`moved\` blocks that keep the resources. Then write the new list:
  UPDATE_ADDRESSES=1 npx jest __tests__/stacks/addresses`;

/** Every address of a stack, sorted: resources, lookups, variables, outputs, locals and checks. */
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

describe("the addresses of the default stack", () => {
  /** The file's two parts, with what is between them. */
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

  it(`are those of ${FILE}, since they are contract, with those that settings and services bring`, () => {
    const now = current();
    if (process.env.UPDATE_ADDRESSES === "1") {
      writeFileSync(join(__dirname, "../..", FILE), `${now.own.join("\n")}${BETWEEN}${now.others.join("\n")}\n`);
    }
    const before = committed();
    const parts = ["own", "others"] as const;
    const change = {
      gone: parts.flatMap((part) => before[part].filter((address) => !now[part].includes(address))),
      come: parts.flatMap((part) => now[part].filter((address) => !before[part].includes(address))),
    };
    const told = change.gone.length + change.come.length > 0 ? { ...change, how: HOW } : change;
    expect(told).toEqual({ gone: [], come: [] });
  });

  it("hold no hash, so that people can type them", () => {
    const { own, others } = committed();
    expect([...own, ...others].filter((address) => /_[0-9A-F]{8}$/.test(address))).toEqual([]);
  });

  it("stay the same for every id of the stack", () => {
    const types = (id: string) => Object.keys(synthesized(clusterStack({}, id)).resource as Part);
    const names = (id: string) =>
      Object.values(synthesized(clusterStack({}, id)).resource as Record<string, Part>).flatMap(Object.keys);
    expect([types("prod"), names("prod")]).toEqual([types("ecs"), names("ecs")]);
  });
});
