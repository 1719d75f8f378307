import { Account, type AccountContents } from "./account/account";
import { AwsError } from "./aws-error";
import type { TypesInUse } from "./configuration";
import { unionOf } from "./configuration";
import { type Fixtures, resolveFixtures } from "./data/fixtures";
import { subnetWithId } from "./data/lookup";
import { isRegion } from "./data/regions";
import { readDataSource } from "./data/sources";
import { conform } from "./plan/conform";
import { policyError, problemsInJson } from "./plan/json-arguments";
import { applyChange, type Planned, type ProviderSettings, planChange } from "./plan/planner";
import { type Problem, problemsIn } from "./plan/validate";
import { hasBindings } from "./schema/bindings";
import { deriveBlock } from "./schema/derive";
import type { ProviderSchema } from "./schema/types";
import { isObject, type ObjectValue, type Value } from "./wire/values";

/** The region when the provider block has none. */
const DEFAULT_REGION = "ap-northeast-2";

/** Returns the account of the last role that a configuration assumes, or undefined without a role. */
function assumedAccount({ assume_role: roles }: ObjectValue): string | undefined {
  const last = Array.isArray(roles) ? roles.at(-1) : undefined;
  return isObject(last) && typeof last.role_arn === "string" ? last.role_arn.split(":")[4] : undefined;
}

/** The types and the account that the provider serves. */
export interface Served {
  readonly types: TypesInUse;
  readonly fixtures?: Partial<Fixtures>;
}

/** The provider without Terraform's protocol: schema, plan, apply and data sources with plain values. */
export class OfflineProvider {
  private types: TypesInUse = { resources: [], dataSources: [] };
  private fixtures: Fixtures = resolveFixtures();
  private region = DEFAULT_REGION;
  /** The account of the role that the provider assumes. */
  private assumed?: string;
  private defaultTags: { readonly [key: string]: string } = {};
  private readonly account = new Account();

  public constructor(served: Served) {
    this.serve(served);
  }

  /** Changes the account and adds types. Earlier types stay, because Terraform reads their resources to destroy them. */
  public serve({ types, fixtures }: Served): void {
    this.fixtures = resolveFixtures(fixtures);
    this.types = unionOf(this.types, types);
  }

  /**
   * Returns the schema of the types in use, without unknown types. Terraform reports those.
   * @throws {UnknownTypeError} when the schema of a known type cannot be derived
   */
  public schema(): ProviderSchema {
    const blocks = (kind: "resource" | "data", types: readonly string[]) =>
      Object.fromEntries(
        types.filter((type) => hasBindings(kind, type)).map((type) => [type, deriveBlock(kind, type)]),
      );
    return {
      provider: deriveBlock("provider", "aws"),
      resources: blocks("resource", this.types.resources),
      dataSources: blocks("data", this.types.dataSources),
    };
  }

  /** Ends all deployments and instance refreshes of the account. */
  public settle(): void {
    this.account.settle();
  }

  /** Changes attributes of a resource, as another client of AWS does. @throws {Error} for a resource that does not exist */
  public change(type: string, id: string, values: ObjectValue): void {
    this.account.change(type, id, values);
  }

  /** Returns the resources of the account and its history. */
  public contents(): AccountContents {
    return this.account.contents();
  }

  /** @throws {AwsError} for a region that does not exist, and for an account that the configuration does not allow */
  public configure(config: Value): void {
    if (!isObject(config)) return;
    this.region = typeof config.region === "string" ? config.region : DEFAULT_REGION;
    if (!isRegion(this.region)) throw new AwsError(`Invalid AWS Region: ${this.region}`);
    this.assumed = assumedAccount(config);
    const { allowed_account_ids: allowed, forbidden_account_ids: forbidden } = config;
    const isAllowed = !Array.isArray(allowed) || allowed.length === 0 || allowed.includes(this.accountId);
    if (!isAllowed || (Array.isArray(forbidden) && forbidden.includes(this.accountId)))
      throw new AwsError(`AWS account ID not allowed: ${this.accountId}`);
    const [block] = Array.isArray(config.default_tags) ? config.default_tags : [];
    const tags = isObject(block) && isObject(block.tags) ? block.tags : {};
    this.defaultTags = Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
  }

  public validate(kind: "resource" | "data", type: string, config: Value): Problem[] {
    const json = kind === "resource" && isObject(config) ? problemsInJson(type, config) : [];
    return [...problemsIn(deriveBlock(kind, type), config), ...json];
  }

  /** @param imported whether the prior state comes from an import, which knows only the id */
  public plan(type: string, prior: Value, proposed: Value, imported = false): Planned {
    const planned = planChange(type, deriveBlock("resource", type), prior, proposed, this.settings(proposed));
    return imported ? { ...planned, replaces: [] } : planned;
  }

  /** @throws {AwsError} when AWS or the AWS provider rejects the change */
  public apply(type: string, prior: Value, planned: Value): Value {
    const block = deriveBlock("resource", type);
    const settings = this.settings(planned);
    const error = isObject(planned) && (problemsInJson(type, planned)[0]?.summary ?? policyError(type, planned));
    if (error) throw new AwsError(error);
    const before = isObject(prior) ? prior : null;
    let after = applyChange(type, block, prior, planned, settings) as ObjectValue | null;
    // An equal resource exists or existed. The new one must have other ids.
    if (!before && after && this.account.knows(type, after)) {
      after = applyChange(type, block, prior, planned, settings, this.account.size()) as ObjectValue;
    }
    const hasImages = (repository: string) =>
      (this.fixtures.existing.aws_ecr_image ?? []).some(({ repository_name: name }) => name === repository);
    return this.account.apply(type, before, after, { ...settings, hasImages });
  }

  /** Returns the current attributes of a resource in a state, or null for a deleted resource. */
  public readResource(type: string, state: Value): Value {
    return isObject(state) ? this.withOwnTags(this.account.read(type, state)) : null;
  }

  /** Returns a state with all tags that are no default tags as the resource's own, as the AWS provider reads them. */
  private withOwnTags(state: Value): Value {
    if (!isObject(state) || !isObject(state.tags_all)) return state;
    const tags = isObject(state.tags) ? state.tags : {};
    const others = Object.entries(state.tags_all).filter(([key]) => !(key in this.defaultTags) && !(key in tags));
    return others.length === 0 ? state : { ...state, tags: { ...tags, ...Object.fromEntries(others) } };
  }

  /** Reads a data source. @throws {AwsError} */
  public read(type: string, config: Value): ObjectValue {
    if (!isObject(config)) throw new AwsError(`The data source ${type} was read without arguments.`);
    const region = typeof config.region === "string" ? config.region : this.region;
    const { account } = this;
    const fixtures = { ...this.fixtures, account: this.accountId };
    return readDataSource(deriveBlock("data", type), { type, config, fixtures, region, account });
  }

  /** Returns a state in the form of the schema. */
  public upgrade(type: string, state: Value): Value {
    if (!isObject(state)) return null;
    const upgraded = conform(deriveBlock("resource", type), state);
    this.account.learn(type, upgraded);
    return upgraded;
  }

  /** Returns the state of an imported resource. Of a resource that the account does not have, only the id is known. */
  public import(type: string, id: string): ObjectValue {
    const place = { id, region: this.region };
    return this.account.find(type, place, id)?.values ?? conform(deriveBlock("resource", type), place);
  }

  private get accountId(): string {
    return this.assumed ?? this.fixtures.account;
  }

  private settings(state: Value): ProviderSettings {
    const own = isObject(state) && typeof state.region === "string" ? state.region : this.region;
    const { partition } = this.fixtures;
    const account = this.accountId;
    const subnetOf = (id: string) => subnetWithId(id, { fixtures: this.fixtures, region: own });
    return { place: { region: own, partition, account }, defaultTags: this.defaultTags, subnetOf };
  }
}
