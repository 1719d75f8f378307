import { isDeepStrictEqual } from "node:util";
import { TerraformStack } from "cdktf";
import {
  type Configuration,
  type Fixtures,
  type OfflineSession,
  type Operation,
  type Resource,
  Terraform,
  type TerraformResult,
} from "../../cli/offline-provider";
import type { ObjectValue } from "../../cli/offline-provider/wire/values";
import { missingBetween } from "./availability";
import { unwrapped } from "./cluster";
import { exampleValues } from "./examples";
import { synthesized } from "./synthesized";
import type { TerraformLab } from "./terraform";

/** A version of the code of one state: a stack, a function that builds it, or its Terraform JSON. */
export type Version = Configuration | TerraformStack | (() => Configuration | TerraformStack);

export interface ApplyOptions {
  /** Values of the variables. @default - example values of the variables that have no default */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The number of applies after which the system is as the version says. Earlier applies must not be enough. @default 1 */
  readonly applies?: number;
}

/** What happened in the account, by Terraform address: `aws_lb.load_balancer`. */
export interface Changes {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  /** Deleted and created, in either order. */
  readonly replaced: readonly string[];
  readonly deleted: readonly string[];
  /** The names of the attributes that updates changed, by address. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** What was there before and after, but not at each moment between: see `missingBetween`. */
  readonly missing: readonly string[];
  /** What AWS deleted while others used it: `aws_iam_role.task <- aws_ecs_service web`. */
  readonly lost: readonly string[];
  /** AWS's errors. */
  readonly rejected: readonly string[];
  /** All operations, in order. */
  readonly operations: readonly Operation[];
  /** Returns the address of the resource of an operation. */
  addressOf(operation: Operation): string;
}

/** An emulated account with any number of states. Applies change it, as they change a running system. */
export class RunningSystem {
  private readonly states: RunningState[] = [];
  private fixtures: Partial<Fixtures> = {};

  /** @param fixtures what the account has besides: another VPC, a certificate */
  public static async start(lab: TerraformLab, fixtures: Partial<Fixtures> = {}): Promise<RunningSystem> {
    const system = new RunningSystem(lab, await lab.provider().open({ fixtures }));
    system.fixtures = fixtures;
    return system;
  }

  private constructor(
    private readonly lab: TerraformLab,
    public readonly session: OfflineSession,
  ) {}

  /** Returns a new, empty state: a working folder of Terraform. */
  public state(): RunningState {
    const terraform = new Terraform({ env: this.session.env, within: this.lab.provider().folder });
    const state = new RunningState(this, terraform);
    this.states.push(state);
    return state;
  }

  /** Ends the deployments and instance refreshes that no apply waited for. */
  public settle(): Promise<void> {
    return this.session.settle();
  }

  /** Changes attributes of a resource of the account, as another client of AWS does. */
  public change(type: string, id: string, values: ObjectValue): Promise<void> {
    return this.session.change(type, id, values);
  }

  /** Returns what happens in the account during some steps, until the last deployment has ended. */
  public async during(steps: () => Promise<unknown>): Promise<Changes> {
    const before = await this.session.account();
    const addresses = this.addresses();
    await steps();
    await this.settle();
    const { history } = await this.session.account();
    for (const [id, address] of this.addresses()) addresses.set(id, address);
    return changesOf(before.resources, history.slice(before.history.length), addresses);
  }

  /** Serves the types of a configuration. The provider keeps the earlier ones. */
  public serve(configuration: Configuration): Promise<void> {
    return this.session.serve({ configuration, fixtures: this.fixtures });
  }

  private addresses(): Map<string, string> {
    return new Map(this.states.flatMap((state) => state.addresses()));
  }
}

/** One state of the account, which changes from version to version. */
export class RunningState {
  private isApplied = false;

  public constructor(
    private readonly system: RunningSystem,
    public readonly terraform: Terraform,
  ) {}

  /** Applies a version. Expects success in the given number of applies, and no changes in the next plan. */
  public apply(version: Version, { applies = 1, ...options }: ApplyOptions = {}): Promise<Changes> {
    return this.system.during(async () => {
      await this.configure(version, options);
      for (let count = 1; count < applies; count++) {
        const early = (await this.run()).status === 0 && (await this.terraform.plan()).status === 0;
        if (early) throw new Error(`Apply ${count} of ${applies} leaves nothing to do. Expect fewer applies.`);
      }
      expectSuccess(await this.run());
      await this.expectNoChanges();
    });
  }

  /** Expects that the plan of a version fails with a text, before anything changes. */
  public async expectRejected(version: Version, text: string, options: ApplyOptions = {}): Promise<void> {
    await this.configure(version, options);
    const { status, stdout, stderr } = await this.terraform.plan();
    expect(unwrapped(status === 1 ? stderr : stdout)).toContain(text);
    expect(status).toBe(1);
  }

  /** Expects that the apply of a version fails with a text, such as AWS's error. The caller repairs the system. */
  public expectFailure(version: Version, text: string, options: ApplyOptions = {}): Promise<Changes> {
    return this.system.during(async () => {
      await this.configure(version, options);
      const planned = await this.terraform.plan();
      expect([planned.status, unwrapped(planned.stderr)]).toEqual([2, ""]);
      const { status, stdout, stderr } = await this.run();
      expect(unwrapped(status === 1 ? stderr : stdout)).toContain(text);
      expect(status).toBe(1);
    });
  }

  /** Expects that the last applied version is what runs. */
  public async expectNoChanges(): Promise<void> {
    const { status, stdout, stderr } = await this.terraform.plan();
    if (status !== 0) throw new Error(`The next plan has changes:\n${stderr || actionsIn(stdout)}`);
  }

  /** Destroys everything in the state. */
  public destroy(): Promise<Changes> {
    return this.system.during(async () => expectSuccess(await this.terraform.destroy()));
  }

  /** Writes a version and its variables into the folder, for other commands than these. */
  public async configure(version: Version, { variables = {} }: ApplyOptions = {}): Promise<void> {
    const built = typeof version === "function" ? version() : version;
    const configuration = built instanceof TerraformStack ? (synthesized(built) as Configuration) : built;
    await this.system.serve(configuration);
    this.terraform.configure(configuration);
    this.terraform.setVariables({ ...exampleValues(configuration, variables), ...variables });
  }

  /** Returns the Terraform addresses of the state's resources by type and id. */
  public addresses(): [id: string, address: string][] {
    if (!this.isApplied) return [];
    const { resources } = this.terraform.state();
    return resources.flatMap(({ mode, type, address, values }) =>
      mode === "managed" ? [[`${type} ${values.id}`, address]] : [],
    );
  }

  private async run(): Promise<TerraformResult> {
    const result = await this.terraform.apply();
    this.isApplied = true;
    return result;
  }
}

/** Returns the part of a plan after the lines about what Terraform reads. */
const actionsIn = (plan: string): string => plan.slice(Math.max(plan.indexOf("Terraform will perform"), 0));

function expectSuccess({ status, stderr }: TerraformResult): void {
  expect([status, unwrapped(stderr)]).toEqual([0, ""]);
}

function changesOf(
  before: readonly Resource[],
  operations: readonly Operation[],
  addresses: ReadonlyMap<string, string>,
): Changes {
  const addressOf = ({ type, name, id }: Operation) => addresses.get(`${type} ${id}`) ?? `${type} ${name}`;
  const done = operations.filter(({ rejected }) => rejected === undefined);
  const those = (...kinds: Operation["operation"][]) =>
    unique(done.filter(({ operation }) => kinds.includes(operation)).map(addressOf));
  const [created, updated, deleted] = [those("create", "adopt"), those("update"), those("delete")];
  const replaced = created.filter((address) => deleted.includes(address));
  const others = (addresses: readonly string[]) => addresses.filter((address) => !replaced.includes(address));
  return {
    created: others(created),
    updated: others(updated),
    replaced,
    deleted: others(deleted),
    attributes: attributesOf(before, done, addressOf),
    missing: missingBetween(before, operations),
    lost: done.flatMap((one) => (one.stillUsedBy ?? []).map((user) => `${addressOf(one)} <- ${user}`)),
    rejected: operations.flatMap(({ rejected }) => rejected ?? []),
    operations,
    addressOf,
  };
}

function attributesOf(
  before: readonly Resource[],
  operations: readonly Operation[],
  addressOf: (operation: Operation) => string,
): Changes["attributes"] {
  const known = new Map(before.map(({ type, values }) => [`${type} ${values.id}`, values]));
  const changed: Record<string, string[]> = {};
  for (const operation of operations) {
    const { type, id, values } = operation;
    if (!values) continue;
    const [key, address] = [`${type} ${id}`, addressOf(operation)];
    const earlier = known.get(key) ?? {};
    const names = Object.keys(values).filter((name) => !isDeepStrictEqual(values[name], earlier[name]));
    if (operation.operation === "update") changed[address] = unique([...(changed[address] ?? []), ...names]);
    known.set(key, values);
  }
  return changed;
}

const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();
