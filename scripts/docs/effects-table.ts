import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cell, table } from "./markdown";

/** What a change of a setting does to a running system. The tests in `__tests__/transitions` write and compare it. */
interface Effect {
  readonly change: readonly string[];
  readonly resources: readonly string[];
  readonly missing?: readonly string[];
  readonly lost?: readonly string[];
  readonly message?: string;
}

/** The effects of the settings of a construct: a change and its way back, or the reason why a setting never changes. */
export type Effects = Readonly<
  Record<string, (Effect & { readonly from: string; readonly to: string; readonly back?: Effect }) | { never: string }>
>;

const MARKED = /^<!-- effects: (\w+) -->$[\s\S]*?^<!-- end of effects -->$/gm;

/** Returns the effects in a folder by the name of the construct. */
export function readEffects(folder: string): ReadonlyMap<string, Effects> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return new Map(files.map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(folder, file), "utf8"))]));
}

/** Returns a page with the tables of effects between its markers. @throws {Error} for a construct without a table */
export function effectsPage(page: string, text: string, effects: ReadonlyMap<string, Effects>): string {
  const onPage = new Set<string>();
  const written = text.replace(MARKED, (_, name: string) => {
    const own = effects.get(name);
    if (!own) throw new Error(`${page}: there are no effects of ${name} in __tests__/transitions/effects.`);
    onPage.add(name);
    return `<!-- effects: ${name} -->\n\n${effectsTable(own)}\n\n<!-- end of effects -->`;
  });
  const missing = [...effects.keys()].filter((name) => !onPage.has(name));
  if (missing.length > 0) throw new Error(`${page} needs <!-- effects: ${missing[0]} --> and <!-- end of effects -->.`);
  return written;
}

function effectsTable(effects: Effects): string {
  const rows = Object.entries(effects).flatMap(([path, effect]) =>
    "never" in effect
      ? []
      : [
          {
            Setting: `\`${path}\``,
            "Tested change": cell(`\`${effect.from}\` → \`${effect.to}\``),
            Effect: effectText(effect),
            Resources: resourcesText(effect.resources),
            "Way back": effect.back ? effectText(effect.back) : "",
          },
        ],
  );
  return table(rows);
}

/** Returns `**gap** (route), rolling deployment`. */
function effectText({ change, missing, lost, message }: Effect): string {
  const details: Readonly<Record<string, readonly string[] | undefined>> = {
    gap: missing?.map((kind) => (kind.startsWith("aws_") ? `\`${kind}\`` : kind)),
    loses: lost?.map((one) => one.replace(/\b(aws_\w+)/g, "`$1`")),
    rejected: message === undefined ? undefined : [`"${message}"`],
    fails: message === undefined ? undefined : [`"${message}"`],
  };
  return cell(
    change
      .map((word) => {
        const detail = details[word];
        const shown = ATTENTION.test(word) ? `**${word}**` : word;
        return detail && detail.length > 0 ? `${shown} (${detail.join(", ")})` : shown;
      })
      .join(", "),
  );
}

/** The effects that the table shows in bold. */
const ATTENTION = /^(rejected|fails|gap|loses|recreated|\d+ applies)$/;

/** Returns `update aws_lb, aws_lb_listener; replace aws_lb_target_group`. */
function resourcesText(resources: readonly string[]): string {
  const byAction = new Map<string, string[]>();
  for (const resource of resources) {
    const [action = "", type = ""] = resource.split(" ");
    byAction.set(action, [...(byAction.get(action) ?? []), `\`${type}\``]);
  }
  return [...byAction].map(([action, types]) => `${action} ${types.join(", ")}`).join("; ");
}
