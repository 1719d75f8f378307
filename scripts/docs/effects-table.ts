import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cell, table } from "./markdown";

/** What a change of a setting does to a running system. The tests in `__tests__/transitions` write and compare it. */
interface Effect {
  readonly change: readonly string[];
  readonly missing?: readonly string[];
  readonly lost?: readonly string[];
  readonly message?: string;
}

/** The effects of the settings of a construct: a change and its way back, or the reason why a setting never changes. */
export type Effects = Readonly<Record<string, (Effect & { readonly back?: Effect }) | { readonly never: string }>>;

const MARKED = /^<!-- effects -->$[\s\S]*^<!-- end of effects -->$/m;

/** Returns the effects in a folder by the name of the construct. */
export function readEffects(folder: string): ReadonlyMap<string, Effects> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(files.sort().map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(folder, file), "utf8"))]));
}

/** Returns a page with a table for each construct between its markers. @throws {Error} for a page without markers */
export function effectsPage(page: string, text: string, effects: ReadonlyMap<string, Effects>): string {
  if (!MARKED.test(text)) throw new Error(`${page} needs <!-- effects --> and <!-- end of effects -->.`);
  const sections = [...effects].map(([name, own]) => `### ${name}\n\n${effectsTable(own, namedSettings(text))}\n\n`);
  return text.replace(MARKED, () => `<!-- effects -->\n\n${sections.join("")}<!-- end of effects -->`);
}

/** Returns the settings in the first column of the table of changes that need attention. */
export function namedSettings(text: string): ReadonlySet<string> {
  const [, table = ""] = /^## Changes that need attention$([\s\S]*?)^## /m.exec(text) ?? [];
  const changes = table.split("\n").map((row) => row.split(" | ")[0] ?? "");
  return new Set(changes.flatMap((change) => [...change.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)));
}

/**
 * Returns a table with a row for each setting, the most severe effect first. A setting inside another one has a row when its
 * effect differs.
 */
function effectsTable(effects: Effects, named: ReadonlySet<string>): string {
  const seeAbove = (path: string) =>
    named.has(path) || named.has(path.replace(/^(values|loadBalancer)[.]/, ""))
      ? ". See [above](#changes-that-need-attention)"
      : "";
  const texts = new Map(
    Object.entries(effects).map(([path, effect]) => [
      path,
      "never" in effect ? `does not change: ${effect.never}` : `${bothWays(effect)}${seeAbove(path)}`,
    ]),
  );
  const differs = (path: string) => {
    const outer = outerPaths(path).find((one) => texts.has(one));
    return outer === undefined || texts.get(outer) !== texts.get(path);
  };
  const rows = [...texts.keys()]
    .filter(differs)
    .map((path) => ({ Setting: `\`${path}\``, Effect: cell(texts.get(path) ?? "") }));
  return table(rows.sort((one, other) => severity(one.Effect) - severity(other.Effect)));
}

/** Returns the paths of the settings around a setting, from the inside: `a.b[]`, `a.b` and `a` of `a.b[].c`. */
function outerPaths(path: string): string[] {
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index));
  return ends.reverse();
}

const bothWays = (effect: Effect & { readonly back?: Effect }): string => {
  const [there, back] = [effectText(effect), effect.back ? effectText(effect.back) : ""];
  return back === "" || back === there ? there : `${there}. The way back: ${back}`;
};

/** The effects, most severe first. The table has the first ones in bold. */
const EFFECTS = [
  ...["rejected", "fails", "2 applies", "3 applies", "gap", "loses", "recreated"],
  ...["replaced", "instance refresh", "rolling deployment", "in place", "none"],
];
const BOLD = EFFECTS.slice(0, EFFECTS.indexOf("replaced"));

/** Returns whether a change, or its way back, fails, interrupts something, or takes away what is in use. */
export const needsAttention = ({ change, back }: Effect & { readonly back?: Effect }): boolean =>
  [...change, ...(back?.change ?? [])].some((word) => BOLD.includes(word) && word !== "recreated");

const severity = (text: string): number => {
  const rank = EFFECTS.indexOf(/^[*]*([a-z0-9 ]+)/.exec(text)?.[1]?.trim() ?? "");
  return rank < 0 ? EFFECTS.length : rank;
};

/** Returns `**gap** (route), rolling deployment`. */
function effectText({ change, missing, lost, message }: Effect): string {
  const asCode = (text: string) => text.replace(/\baws_\w+/g, "`$&`");
  const quoted = message === undefined ? [] : [`"${message}"`];
  const details: Readonly<Record<string, readonly string[] | undefined>> = {
    gap: missing?.map(asCode),
    loses: lost?.map(asCode),
    rejected: quoted,
    fails: quoted,
  };
  const words = change.map((word) => {
    const shown = BOLD.includes(word) ? `**${word}**` : word;
    const detail = details[word]?.join(", ") ?? "";
    return detail === "" ? shown : `${shown} (${detail})`;
  });
  return words.join(", ");
}
