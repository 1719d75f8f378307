import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Changes } from "../support/transition";

/** What a change of one setting does to a running system. */
export interface Effect {
  /** The value before and after, as short JSON, or `none`. */
  readonly from: string;
  readonly to: string;
  /** What it does, most severe first. */
  readonly change: readonly string[];
  /** Each kind of change with a type of resource: `update aws_ecs_service`. */
  readonly resources: readonly string[];
  /** The kinds of things that do not exist at some moment between: `route`, `aws_autoscaling_group`. */
  readonly missing?: readonly string[];
  /** What AWS deletes while others use it. */
  readonly lost?: readonly string[];
  /** The error, for `rejected`. */
  readonly message?: string;
  /** The way back, where it differs. */
  readonly back?: Omit<Effect, "from" | "to" | "back">;
}

/** A setting that has no transition, with the reason. */
export interface NoEffect {
  readonly never: string;
}

export type OneWay = Omit<Effect, "from" | "to" | "back">;

/**
 * Returns what a change does.
 * @param differs whether the arguments of resources differ
 * @param applies the number of applies that it takes
 */
export function effectOf(changes: Changes, differs: boolean, applies = 1): OneWay {
  const { created, updated, replaced, deleted, missing, lost, attributes, operations } = changes;
  const isRecreated = (address: string) => {
    const own = operations
      .filter(({ rejected }) => rejected === undefined)
      .map((one) => [changes.addressOf(one), one.operation]);
    const first = (kind: string) => own.findIndex(([at, operation]) => at === address && operation === kind);
    return first("delete") < first("create");
  };
  const recreated = replaced.filter(isRecreated);
  const kinds = { create: created, update: updated, delete: deleted, recreate: recreated };
  const resources = Object.entries({ ...kinds, replace: replaced.filter((one) => !recreated.includes(one)) });
  const words = [
    applies > 1 && `${applies} applies`,
    missing.length > 0 && "gap",
    lost.length > 0 && "loses",
    recreated.length > 0 && "recreated",
    replaced.length > recreated.length && "replaced",
    refreshesInstances(attributes, operations) && "instance refresh",
    updated.some((address) => startsDeployment(address, attributes[address])) && "rolling deployment",
  ].filter((word) => word !== false);
  const change =
    words.length > 0
      ? words
      : resources.some(([, some]) => some.length > 0)
        ? ["in place"]
        : [differs ? "kept" : "none"];
  return {
    change,
    resources: unique(resources.flatMap(([kind, some]) => some.map((address) => `${kind} ${typeOf(address)}`))),
    ...(missing.length > 0 && { missing: unique(missing.map((one) => one.split(" ")[0] ?? "")) }),
    ...(lost.length > 0 && { lost: unique(lost.map((one) => one.replace(/^(\w+)\S* <- (\w+).*/, "$1 used by $2"))) }),
  };
}

/**
 * Each update of a service forces a new deployment, except one of its tags, of `force_delete`, and of the timeouts, which are not
 * sent to ECS.
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v6.25.0/internal/service/ecs/service.go
 */
const startsDeployment = (address: string, attributes: readonly string[] = []): boolean =>
  typeOf(address) === "aws_ecs_service" &&
  attributes.some((name) => !/^(tags(_all)?|force_delete|timeouts)$/.test(name));

/** Only a change of the launch template, the policy of instances, or a trigger starts an instance refresh. */
function refreshesInstances(attributes: Changes["attributes"], operations: Changes["operations"]): boolean {
  return operations.some(({ type, operation, name, values }) => {
    if (type !== "aws_autoscaling_group" || operation !== "update") return false;
    const [refresh] = (values?.instance_refresh ?? []) as { triggers?: string[] | null }[];
    const starts = ["launch_template", "mixed_instances_policy", ...(refresh?.triggers ?? [])];
    const changed = Object.entries(attributes)
      .filter(([address]) => typeOf(address) === type)
      .flatMap(([, names]) => names);
    return refresh !== undefined && name !== "" && changed.some((one) => starts.includes(one));
  });
}

const typeOf = (address: string): string => /\baws_\w+/.exec(address)?.[0] ?? address;
const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** Returns a value as short JSON. */
export function shortJson(value: unknown): string {
  if (value === undefined) return "none";
  if (typeof value === "function") return "a reference";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const UPDATE = process.env.UPDATE_CHANGES === "1";

/** The committed effects of the settings of a construct. `UPDATE_CHANGES=1` writes them. */
export class CommittedEffects {
  private readonly file: string;
  private readonly committed: Record<string, Effect | NoEffect>;

  /** @param settings the paths of all settings of the construct */
  public constructor(
    name: string,
    private readonly settings: readonly string[],
  ) {
    this.file = join(__dirname, "effects", `${name}.json`);
    this.committed = JSON.parse(readOr(this.file, "{}"));
  }

  /** Expects the committed effect of a setting, or writes it. */
  public expect(path: string, effect: Effect | NoEffect): void {
    if (!UPDATE) expect({ [path]: this.committed[path] }).toEqual({ [path]: effect });
    this.committed[path] = effect;
    const kept = this.settings.filter((one) => this.committed[one] !== undefined);
    const lines = kept.map((one) => `  ${JSON.stringify(one)}: ${JSON.stringify(this.committed[one])}`);
    if (UPDATE) writeFileSync(this.file, `{\n${lines.join(",\n")}\n}\n`);
  }

  /** The settings that no longer exist. `UPDATE_CHANGES=1` removes them. */
  public get stale(): string[] {
    return UPDATE ? [] : Object.keys(this.committed).filter((path) => !this.settings.includes(path));
  }
}

function readOr(file: string, text: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return text;
  }
}
