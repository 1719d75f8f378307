import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cell, table } from "./markdown";

/** What a change of a setting does to a running system. The tests in `__tests__/transitions` write and compare it. */
interface Effect {
  readonly change: readonly string[];
  readonly resources?: readonly string[];
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
  const named = namedSettings(text);
  const sections = [...effects].map(([name, own]) => `### ${name}\n\n${effectsTable(name, own, named)}\n\n`);
  return text.replace(MARKED, () => `<!-- effects -->\n\n${sections.join("")}<!-- end of effects -->`);
}

/** Returns the settings in the first column of the table of changes that need attention. */
export function namedSettings(text: string): ReadonlySet<string> {
  const [, table = ""] = /^## Changes that need attention$([\s\S]*?)^## /m.exec(text) ?? [];
  const changes = table.split("\n").map((row) => row.split(" | ")[0] ?? "");
  return new Set(changes.flatMap((change) => [...change.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)));
}

const LOAD_BALANCERS = ["loadBalancer", "loadBalancers", "networkLoadBalancers"];

/** Settings that have the name of a setting in the table of changes that need attention, but another subject. */
const HOMONYMS: Readonly<Record<string, readonly string[]>> = {
  Alarms: LOAD_BALANCERS,
  Dashboard: LOAD_BALANCERS,
  Ec2Service: LOAD_BALANCERS,
  EcsServiceStack: [...LOAD_BALANCERS, "awsvpcTrunking", "rolePath", "values.tags"],
  NetworkListener: LOAD_BALANCERS,
};

/**
 * Returns whether the table of changes that need attention names a setting of a construct: as `internal`, `FileSystem.name`, or
 * `loadBalancer.https`.
 */
export function isNamed(named: ReadonlySet<string>, construct: string, path: string): boolean {
  if (HOMONYMS[construct]?.includes(path)) return false;
  const owner = construct === "LoadBalancer" ? "loadBalancer" : construct;
  return [path, path.replace(/^(values|loadBalancer)[.]/, ""), `${owner}.${path}`].some((name) => named.has(name));
}

/**
 * Returns a table with a row for each setting, the most severe effect first. A setting inside another one has a row when its
 * effect differs.
 */
function effectsTable(construct: string, effects: Effects, named: ReadonlySet<string>): string {
  const seeAbove = (path: string) =>
    isNamed(named, construct, path) ? ". See [above](#changes-that-need-attention)" : "";
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
export function outerPaths(path: string): string[] {
  const ends = [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index));
  return ends.reverse();
}

const bothWays = (effect: Effect & { readonly back?: Effect }): string => {
  const [there, back] = [effectText(effect), effect.back ? effectText(effect.back) : ""];
  return back === "" || back === there ? there : `${there}. The way back: ${back}`;
};

/** The effects, most severe first. The table has the first ones in bold. */
const EFFECTS = [
  ...["rejected", "fails", "2 applies", "3 applies", "gap", "loses", "deletes", "recreated"],
  ...["replaced", "instance refresh", "rolling deployment", "in place", "none"],
];
const BOLD = EFFECTS.slice(0, EFFECTS.indexOf("replaced"));

/** What cannot be restored. A new log group, queue or repository is empty, and a new load balancer has another DNS name. */
const LOST =
  /^(?:(?:delete|replace|recreate) (aws_(?:cloudwatch_log_group|ecr_repository|kms_key|sqs_queue))|delete (aws_lb))$/;

/** Returns the types of the resources that a change deletes, and that nobody can restore. */
const deletedTypes = ({ resources = [] }: Effect): string[] =>
  resources.flatMap((one) => LOST.exec(one)?.slice(1).filter(Boolean) ?? []);

/** Returns the words for a change, most severe first. */
const wordsOf = (effect: Effect): string[] => {
  const deletes = deletedTypes(effect).length > 0 ? ["deletes"] : [];
  // A resource is never only updated in place when something is deleted for good.
  const words = deletes.length > 0 ? effect.change.filter((word) => word !== "in place") : effect.change;
  return [...words, ...deletes].sort((one, other) => EFFECTS.indexOf(one) - EFFECTS.indexOf(other));
};

/** Returns whether a change, or its way back, fails, interrupts something, or takes away what is in use or cannot be restored. */
export const needsAttention = (effect: Effect & { readonly back?: Effect }): boolean =>
  [effect, ...(effect.back ? [effect.back] : [])]
    .flatMap(wordsOf)
    .some((word) => BOLD.includes(word) && word !== "recreated");

const severity = (text: string): number => {
  const rank = EFFECTS.indexOf(/^[*]*([a-z0-9 ]+)/.exec(text)?.[1]?.trim() ?? "");
  return rank < 0 ? EFFECTS.length : rank;
};

/** Returns `**gap** (route), rolling deployment`. */
function effectText(effect: Effect): string {
  const { missing, lost, message } = effect;
  const asCode = (text: string) => text.replace(/\baws_\w+/g, "`$&`");
  const quoted = message === undefined ? [] : [`"${message}"`];
  const details: Readonly<Record<string, readonly string[] | undefined>> = {
    gap: missing?.map(asCode),
    loses: lost?.map(asCode),
    deletes: deletedTypes(effect).map(asCode),
    rejected: quoted,
    fails: quoted,
  };
  const words = wordsOf(effect).map((word) => {
    const shown = BOLD.includes(word) ? `**${word}**` : word;
    const detail = details[word]?.join(", ") ?? "";
    return detail === "" ? shown : `${shown} (${detail})`;
  });
  return words.join(", ");
}
