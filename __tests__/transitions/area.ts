import type { TerraformStack } from "cdktf";
import type { Configuration, Fixtures } from "../../cli/offline-provider";
import type { Schema } from "../../src/validation/schema";
import { synthesized } from "../support/synthesized";
import type { TerraformLab } from "../support/terraform";
import { type Changes, type RunningState, RunningSystem } from "../support/transition";
import { CommittedEffects, type Effect, effectOf, type NoEffect, type OneWay, shortJson } from "./effects";
import { type Setting, settingsOf } from "./settings";

/** A value, or a function that gets it from the constructs of the stack. */
// biome-ignore lint/suspicious/noExplicitAny: each setting has another type, and the construct validates the values
export type Given = any;

/** The transition of a setting: from its default, or from another value, to a value and back. */
export type Sample = NoEffect | Change;

export interface Change {
  /** The other value. */
  readonly to: Given;
  /** The value before. @default - the setting is not set */
  readonly from?: Given;
  /** Other settings, in both versions. */
  readonly with?: Given;
  /** Settings that change together with it. */
  readonly also?: Given;
  /** The variable that changes, in place of the setting. @default - the variable of a value */
  readonly variable?: string | false;
  /** Changes resources that other instances of the construct share, so it runs alone. */
  readonly alone?: true;
  /** The plan of the change fails with this text, before anything changes. */
  readonly rejected?: string;
  /** The number of applies that the change, and the way back, take. @default 1 */
  readonly applies?: number;
  readonly backApplies?: number;
}

/** Samples by the path of the setting. */
export type Samples = Readonly<Record<string, Sample>>;

/** A construct with settings. */
export interface Area<C> {
  readonly name: string;
  readonly schema: Schema;
  readonly samples: Samples;
  /** Settings that the samples of another area cover. */
  readonly covered?: (path: string) => boolean;
  /** The number of instances of the construct in one stack. With 1, the stack is the construct. */
  readonly size: number;
  readonly fixtures?: Partial<Fixtures>;
  /** Applies other states of the account first. */
  prepare?(system: RunningSystem): Promise<void>;
  /** Returns a stack with an instance for each id. `propsOf` gets what the instances share. */
  build(ids: readonly string[], propsOf: (id: string, shared: C) => object): TerraformStack;
  /** Returns the name of an instance's variable. */
  variable?(id: string, path: string): string;
}

/** One sample in a stack. */
interface Member {
  readonly id: string;
  readonly setting: Setting;
  readonly sample: Change;
}

/** Tests all settings of a construct: each has a sample, and each change and its way back converges. */
export function testSettings<C>(lab: TerraformLab, area: Area<C>): void {
  const settings = settingsOf(area.schema).filter(({ path }) => !area.covered?.(path));
  const paths = settings.map(({ path }) => path);
  const committed = new CommittedEffects(area.name, paths);
  const runner = new Runner(lab, area);

  it(`${area.name}: each setting has a sample`, () => {
    const missing = paths.filter((path) => !(path in area.samples));
    const unknown = Object.keys(area.samples).filter((path) => !paths.includes(path));
    if (missing.length + unknown.length > 0) throw new Error(howToAdd(area.name, missing, unknown));
    expect(committed.stale).toEqual([]);
  });

  const members = settings.flatMap((setting, index): Member[] => {
    const sample = area.samples[setting.path];
    if (!sample) return [];
    if (!("never" in sample)) return [{ id: `x${index}`, setting, sample }];
    it(`${area.name}: ${setting.path} never changes`, () => committed.expect(setting.path, sample));
    return [];
  });
  for (const group of groupsOf(members, area.size)) {
    it(`${area.name}: ${group.map(({ setting }) => setting.path).join(", ")}`, async () => {
      for (const [path, effect] of await runner.run(group)) committed.expect(path, effect);
    });
  }
}

const howToAdd = (area: string, missing: readonly string[], unknown: readonly string[]) =>
  [
    ...missing.map((path) => `The setting ${path} of ${area} has no sample of a change.`),
    ...unknown.map((path) => `${area} has no setting ${path}, but there is a sample of it.`),
    `Add samples to __tests__/transitions/samples: { "${missing[0] ?? "path"}": { to: <another value> } }. Set from when the ` +
      "setting must have a value, and with for the settings that it needs. Remove samples of settings that no longer exist.",
    "Then run UPDATE_CHANGES=1 npm run test:transitions, and npm run docs.",
  ].join("\n");

/** Returns groups of members that share a stack. */
function groupsOf(members: readonly Member[], size: number): Member[][] {
  const isAlone = ({ sample }: Member) => sample.alone || sample.rejected || sample.applies || sample.backApplies;
  const together = members.filter((member) => !isAlone(member));
  const chunks = Math.ceil(together.length / size);
  const groups = Array.from({ length: chunks }, (_, index) => together.slice(index * size, (index + 1) * size));
  return [...groups, ...members.filter(isAlone).map((member) => [member])];
}

interface Version {
  readonly configuration: Configuration;
  readonly variables: Readonly<Record<string, unknown>>;
}

class Runner<C> {
  /** Systems that run the base of several settings, by the base. */
  private readonly bases = new Map<string, { readonly system: RunningSystem; readonly state: RunningState }>();

  public constructor(
    private readonly lab: TerraformLab,
    private readonly area: Area<C>,
  ) {}

  /** Returns the effects of the settings of a group. Names those that fail. */
  public async run(group: readonly Member[]): Promise<[path: string, Effect][]> {
    try {
      return await this.transition(group);
    } catch (error) {
      if (group.length === 1) throw error;
      const text = (error as Error).message;
      const named = group.filter(({ id }) => isOf(text, id));
      const failures = [...this.invalid(group)];
      for (const member of failures.length > 0 ? [] : named.length > 0 ? named : group) {
        await this.transition([member]).catch((own: Error) => failures.push(`${member.setting.path}: ${own.message}`));
      }
      const paths = named.map(({ setting }) => setting.path).join(", ");
      if (failures.length === 0) throw new Error(`Each setting works alone, but not together: ${paths}\n${text}`);
      throw new Error(failures.join("\n\n"));
    }
  }

  /** Returns the samples that have errors. */
  private invalid(group: readonly Member[]): string[] {
    return group.flatMap((member) => {
      try {
        this.version([member], "from");
        this.version([member], "to");
        return [];
      } catch (error) {
        return [`${member.setting.path}: ${(error as Error).message}`];
      }
    });
  }

  private async transition(group: readonly Member[]): Promise<[path: string, Effect][]> {
    const [before, after] = [this.version(group, "from"), this.version(group, "to")];
    const key = JSON.stringify(before);
    const isShared = this.area.size === 1;
    const running = (isShared && this.bases.get(key)) || (await this.start(before));
    this.bases.delete(key);
    const { state } = running;
    const [only] = group as [Member];
    const { rejected, applies, backApplies } = only.sample;
    const { configuration, variables } = after;
    if (rejected) {
      await state.expectRejected(configuration, rejected, { variables });
      await state.apply(before.configuration, { variables: before.variables });
      this.bases.set(key, running);
      return [effect(only, { change: ["rejected"], resources: [], message: rejected })];
    }
    const there = await state.apply(configuration, { variables, applies });
    const back = await state.apply(before.configuration, { variables: before.variables, applies: backApplies });
    if (isShared) this.bases.set(key, running);
    this.expectOwnChanges(group, [...touched(there), ...touched(back)]);
    return group.map((member) => {
      const isAlone = group.length === 1;
      const own = (changes: Changes) => (isAlone ? changes : changesOf(changes, member.id));
      const differs = argumentsDiffer(before.configuration, after.configuration, isAlone ? undefined : member.id);
      return effect(member, effectOf(own(there), differs, applies), effectOf(own(back), differs, backApplies));
    });
  }

  private async start({ configuration, variables }: Version) {
    const system = await RunningSystem.start(this.lab, this.area.fixtures);
    await this.area.prepare?.(system);
    const state = system.state();
    await state.apply(configuration, { variables });
    return { system, state };
  }

  /** Expects that no setting changes resources that belong to none of the instances. */
  private expectOwnChanges(group: readonly Member[], addresses: readonly string[]): void {
    if (group.length === 1) return;
    const others = addresses.filter((address) => !group.some(({ id }) => isOf(address, id)));
    if (others.length === 0) return;
    throw new Error(
      `These resources belong to no instance. Set alone for the setting that changes them: ${others.join(", ")}`,
    );
  }

  private version(group: readonly Member[], side: "from" | "to"): Version {
    const { area } = this;
    const byId = new Map(group.map((member) => [member.id, member]));
    const propsOf = (id: string, shared: C) => {
      const { setting, sample } = byId.get(id) as Member;
      return propsOnSide(sample, setting.path, side, shared, this.variableOf(byId.get(id) as Member) !== undefined);
    };
    const stack = area.build([...byId.keys()], propsOf);
    const variables = group.flatMap((member): [string, unknown][] => {
      const [name, value] = [this.variableOf(member), member.sample[side]];
      return name === undefined || value === undefined ? [] : [[name, value]];
    });
    const configuration = synthesized(stack) as Configuration;
    const unknown = variables.filter(([name]) => !(name in (configuration.variable as object)));
    if (unknown.length > 0) {
      const names = unknown.map(([name]) => name).join(", ");
      throw new Error(`There is no variable ${names}. Set variable: false, if the setting decides whether it exists.`);
    }
    return { configuration, variables: Object.fromEntries(variables) };
  }

  private variableOf({ id, setting, sample }: Member): string | undefined {
    if (sample.variable !== undefined) return sample.variable === false ? undefined : sample.variable.replace("ID", id);
    return setting.isVariable ? this.area.variable?.(id, setting.path) : undefined;
  }
}

/**
 * Returns true when an argument of a resource of both versions differs, except what only Terraform reads.
 * @param id the instance whose resources count. @default - all resources
 */
function argumentsDiffer(before: Configuration, after: Configuration, id: string | undefined): boolean {
  const [one, other] = [argumentsOf(before), argumentsOf(after)];
  return [...one].some(
    ([address, json]) => (id === undefined || isOf(address, id)) && (other.get(address) ?? json) !== json,
  );
}

function argumentsOf({ resource = {} }: Configuration): ReadonlyMap<string, string> {
  const resources = Object.entries(resource as Record<string, Record<string, object>>);
  const withoutTerraform = (key: string, value: unknown) =>
    key === "lifecycle" || key === "depends_on" ? undefined : value;
  return new Map(
    resources.flatMap(([type, named]) =>
      Object.entries(named).map(([name, body]) => [`${type}.${name}`, JSON.stringify(body, withoutTerraform)] as const),
    ),
  );
}

const touched = ({ created, updated, replaced, deleted }: Changes) => [...created, ...updated, ...replaced, ...deleted];

/** Returns true when an address, or a name, has the id of an instance as a part. */
const isOf = (text: string, id: string): boolean => new RegExp(`(?<![a-z0-9])${id}(?![a-z0-9])`).test(text);

function changesOf(changes: Changes, id: string): Changes {
  const own = (texts: readonly string[]) => texts.filter((text) => isOf(text, id));
  const { created, updated, replaced, deleted, missing, lost } = changes;
  return {
    ...changes,
    ...{ created: own(created), updated: own(updated), replaced: own(replaced), deleted: own(deleted) },
    ...{ missing: own(missing), lost: own(lost) },
    attributes: Object.fromEntries(Object.entries(changes.attributes).filter(([address]) => isOf(address, id))),
  };
}

function effect({ setting, sample }: Member, there: OneWay, back?: OneWay): [string, Effect] {
  const values = { from: shortJson(sample.from ?? setting.fallback), to: shortJson(sample.to) };
  const isDifferent = back !== undefined && JSON.stringify(there) !== JSON.stringify(back);
  return [setting.path, { ...values, ...there, ...(isDifferent && { back }) }];
}

/** Returns the props of one side of a change. @param byVariable whether the setting changes by a variable */
export function propsOnSide(
  change: Change,
  path: string,
  side: "from" | "to",
  shared: unknown,
  byVariable = false,
): Given {
  const base = { ...resolve(change.with, shared), ...(side === "to" && resolve(change.also, shared)) };
  return byVariable ? base : withValue(base, path, resolve(change[side], shared));
}

const resolve = (given: Given, shared: unknown): Given => (typeof given === "function" ? given(shared) : given);

/** Returns a copy of props with a value at the path of a setting. An empty map of the path gets the name `x`. */
export const withValue = (props: Given, path: string, value: unknown): Given =>
  replaced(props, path.replaceAll("[]", ".[]").split("."), value);

function replaced(props: Given, [head, ...rest]: readonly string[], value: unknown): Given {
  if (head === undefined) return value;
  if (head === "[]") return [replaced(props?.[0], rest, value), ...(props ?? []).slice(1)];
  const key = head === "*" ? (Object.keys(props ?? {})[0] ?? "x") : head;
  const { [key]: existing, ...others } = props ?? {};
  const inner = replaced(existing, rest, value);
  return inner === undefined ? others : { ...props, [key]: inner };
}
