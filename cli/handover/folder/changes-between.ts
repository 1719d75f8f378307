import { code, listed, paragraphs } from "../readme/markdown";
import type { Snapshot, Texts } from "./snapshot";

/** Returns what changed from one snapshot to another, as Markdown. Empty if nothing changed. */
export function changesBetween(before: Snapshot, after: Snapshot): string {
  return paragraphs(
    ...requirements(before, after),
    ...variables(before, after),
    ...permissions(before, after),
    ...resources(before, after),
    ...outputs(before, after),
  );
}

interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The names that are in both, with another text. */
  readonly changed: readonly string[];
}

function differenceOf(before: Texts, after: Texts): Difference {
  return {
    added: Object.keys(after).filter((name) => !(name in before)),
    removed: Object.keys(before).filter((name) => !(name in after)),
    changed: Object.keys(after).filter((name) => name in before && before[name] !== after[name]),
  };
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

function requirements({ requirements: before }: Snapshot, { requirements: after }: Snapshot): (string | false)[] {
  const { added, removed, changed } = differenceOf(before, after);
  const lines = [
    ...changed.map(
      (name) => `${code(name)}: ${code(before[name] as string)} before, now ${code(after[name] as string)}`,
    ),
    ...added.map((name) => `${code(name)}: now ${code(after[name] as string)}`),
    ...removed.map((name) => `${code(name)}: no longer required`),
  ];
  return [
    lines.length > 0 &&
      "Versions that Terraform requires. Run `terraform init -upgrade`, and commit `.terraform.lock.hcl`:",
    list(lines),
  ];
}

function variables(before: Snapshot, after: Snapshot): (string | false)[] {
  const { added, removed } = differenceOf(before.variables, after.variables);
  const required = added.filter((name) => after.defaults[name] === null);
  const optional = added.filter((name) => after.defaults[name] !== null);
  const changed = Object.keys(after.variables)
    .filter((name) => name in before.variables)
    .flatMap((name) => {
      const [old, now] = [before.defaults[name], after.defaults[name]];
      const texts = [
        ...(old === now
          ? []
          : [
              now === null
                ? "now required"
                : `default ${old === null ? "none" : code(String(old))} before, now ${code(String(now))}`,
            ]),
        ...changedArguments(before.variables[name] as string, after.variables[name] as string),
      ];
      return texts.length > 0 ? [`${code(name)}: ${texts.join(", ")}`] : [];
    });
  return [
    required.length > 0 && `New variables that you must set before the next plan: ${listed(required.map(code))}.`,
    optional.length > 0 && `New variables with a default: ${listed(optional.map(code))}.`,
    removed.length > 0 && `Variables that no longer exist. Remove their values: ${listed(removed.map(code))}.`,
    changed.length > 0 && "Changed variables:",
    list(changed),
  ];
}

function outputs({ outputs: before }: Snapshot, { outputs: after }: Snapshot): (string | false)[] {
  const { added, removed, changed } = differenceOf(before, after);
  return [
    added.length > 0 && `New outputs: ${listed(added.map(code))}.`,
    removed.length > 0 && `Outputs that no longer exist: ${listed(removed.map(code))}.`,
    changed.length > 0 && `Changed outputs: ${listed(changed.map(code))}.`,
  ];
}

function permissions({ permissions: before }: Snapshot, { permissions: after }: Snapshot): (string | false)[] {
  const { added, removed, changed } = differenceOf(before, after);
  const lines = [
    ...(added.length > 0 ? [`new statements: ${listed(added.map(code))}`] : []),
    ...(changed.length > 0 ? [`changed statements: ${listed(changed.map(code))}`] : []),
    ...(removed.length > 0 ? [`statements that no longer exist: ${listed(removed.map(code))}`] : []),
  ];
  return [
    lines.length > 0 &&
      "The deploy policies changed. Update the policies of the role before the apply, as the section Permissions of the README says:",
    list(lines),
  ];
}

function resources(before: Snapshot, after: Snapshot): (string | false)[] {
  const moves = after.moves.filter((move) => !before.moves.includes(move)).map((move) => move.split(" "));
  const moved = moves.filter(
    ([kind, from = "", to = ""]) => kind === "moved" && from in before.elements && to in after.elements,
  );
  // A resource with another address is neither new nor gone.
  const olds = moved.map(([, from]) => from);
  const news = moved.map(([, , to]) => to);
  const { added, removed, changed } = differenceOf(before.elements, after.elements);
  const isOther = (address: string) => /^(data|check|provider)\./.test(address);
  const kept = moves.filter(([kind]) => kind === "forgotten").map(([, from = ""]) => from);
  const gone = removed.filter((address) => !olds.includes(address) && !kept.includes(address));
  const created = added.filter((address) => !news.includes(address));
  const lines = [
    ...changed.map((address) => [address, before.elements[address], after.elements[address]]),
    ...moved.map(([, from = "", to = ""]) => [to, before.elements[from], after.elements[to]]),
  ].flatMap(([address = "", old = "", now = ""]) => {
    const names = changedArguments(old, now);
    return names.length > 0 ? [`${code(address)}: ${names.join(", ")}`] : [];
  });
  const titled = (title: string, addresses: readonly string[]): (string | false)[] => [
    addresses.length > 0 && title,
    list(addresses.map(code)),
  ];
  return [
    ...titled(
      "Resources that the next apply deletes:",
      gone.filter((address) => !isOther(address)),
    ),
    ...titled("Resources that Terraform forgets, and that stay in AWS:", kept),
    moved.length > 0 &&
      "Resources with another address. Terraform moves them in the state, and replaces none of them for it:",
    list(moved.map(([, from = "", to = ""]) => `${code(from)} to ${code(to)}`)),
    ...titled(
      "New resources:",
      created.filter((address) => !isOther(address)),
    ),
    lines.length > 0 &&
      "Changed resources, with the arguments that changed. The plan says whether Terraform updates or replaces them:",
    list(lines),
    ...titled("New data sources, checks and provider configurations:", created.filter(isOther)),
    ...titled("Data sources, checks and provider configurations that no longer exist:", gone.filter(isOther)),
    ...titled(
      "Resources that the next apply imports:",
      moves.filter(([kind]) => kind === "import").map(([, to = ""]) => to),
    ),
  ];
}

/** Returns the names of the arguments whose digests differ. */
function changedArguments(before: string, after: string): string[] {
  const read = (text: string): Texts =>
    Object.fromEntries(
      text
        .split(" ")
        .filter(Boolean)
        .map((pair) => pair.split("=") as [string, string]),
    );
  const { added, removed, changed } = differenceOf(read(before), read(after));
  return [...added, ...removed, ...changed].sort().map(code);
}
