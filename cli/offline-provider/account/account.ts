import { AwsError } from "../aws-error";
import { equal, type ObjectValue, type Value } from "../wire/values";
import { cascadeOf, type FixtureFacts, rejectionOf, stillUsing } from "./rules";
import { shiftedRules } from "./shift";
import { labelOf, nameOf, type Use, use, usesOf } from "./uses";

/** A resource of the emulated account, as its last apply left it. */
export interface Resource {
  readonly type: string;
  /** Empty for resources that have no region. */
  readonly region: string;
  readonly values: ObjectValue;
  readonly uses: readonly Use[];
  /** What earlier tasks or instances of it still use, until their deployment or refresh ends. */
  readonly held: readonly Use[];
}

/** An operation in the account. */
export interface Operation {
  /**
   * `adopt` is the creation of a cluster whose name exists; `change` is an update by another client than Terraform; `settle` is the
   * end of a deployment or an instance refresh.
   */
  readonly operation: "create" | "adopt" | "update" | "change" | "delete" | "settle";
  readonly type: string;
  /** The name, or the id of a resource without a name. */
  readonly name: string;
  readonly id: string;
  /** The attributes of the resource after the operation. */
  readonly values?: ObjectValue;
  /** AWS's error, when it rejected the operation. */
  readonly rejected?: string;
  /** What still used a resource that AWS deleted: `aws_ecs_service web`. */
  readonly stillUsedBy?: readonly string[];
}

/** The account as plain data, for tests. */
export interface AccountContents {
  readonly resources: readonly Resource[];
  /** All operations, in order. */
  readonly history: readonly Operation[];
}

/** Types whose update leaves earlier tasks or instances running for a while, and whether the apply waits for their end. */
const ROLLING: {
  readonly [type: string]: { waits(values: ObjectValue): boolean; ends(values: ObjectValue): boolean };
} = {
  aws_ecs_service: { waits: ({ wait_for_steady_state }) => wait_for_steady_state === true, ends: () => true },
  // An apply never waits for an instance refresh. Without one, instances stay as they are.
  aws_autoscaling_group: {
    waits: () => false,
    ends: ({ instance_refresh }) => Array.isArray(instance_refresh) && instance_refresh.length > 0,
  },
};

/**
 * The resources of an AWS account after the applies of one session, for all its states. It exists as long as the session.
 * Resources that an earlier process applied come from the state.
 */
export class Account {
  private readonly resources = new Map<string, Resource>();
  /** Resources that were deleted: ECS still runs tasks of those task definitions, and a state may still name them. */
  private readonly deleted = new Map<string, Resource>();
  /** Resources that came from states. Their uses can be resolved only when all of them are in the account. */
  private unresolved: string[] = [];
  private readonly history: Operation[] = [];

  public contents(): AccountContents {
    this.resolve();
    return { resources: [...this.resources.values()], history: this.history };
  }

  /** Returns the number of operations. It makes the ids of equal resources differ. */
  public size(): number {
    return this.history.length;
  }

  /** Returns the types of the resources. */
  public types(): string[] {
    return [...new Set([...this.resources.values()].map(({ type }) => type))];
  }

  /** Returns the resources of a type in a region. */
  public of(type: string, region: string): Resource[] {
    return [...this.resources.values()].filter((one) => one.type === type && (one.region === region || !one.region));
  }

  /** Returns the resource with this id, ARN or name. */
  public find(type: string, { region }: ObjectValue, handle: Value | undefined): Resource | undefined {
    if (typeof handle !== "string") return undefined;
    const isIt = (one: Resource) => one.type === type && handles(one).includes(use(type, text(region), handle));
    return [...this.resources.values()].find(isIt) ?? [...this.deleted.values()].find(isIt);
  }

  /** Returns the capacity providers of a service's cluster. */
  public association({ region, cluster }: ObjectValue): Resource | undefined {
    return this.find("aws_ecs_cluster_capacity_providers", { region: region ?? null }, text(cluster).split("/").at(-1));
  }

  /** Returns the resources that use this one. */
  public usersOf(resource: Resource): Resource[] {
    return this.usersOfAny(handles(resource));
  }

  /** Returns the resources that have any of these uses. */
  public usersOfAny(uses: readonly Use[]): Resource[] {
    const among = (own: readonly Use[]) => own.some((one) => uses.includes(one));
    return [...this.resources.values()].filter((one) => among(one.uses) || among(one.held));
  }

  /** Returns whether a resource of this type with these ids exists or existed. */
  public knows(type: string, values: ObjectValue): boolean {
    const key = keyOf(type, values);
    return this.resources.has(key) || this.deleted.has(key);
  }

  /** Adds a resource of a state that the account does not have yet. */
  public learn(type: string, values: ObjectValue): void {
    const key = keyOf(type, values);
    if (!values.id || this.knows(type, values)) return;
    this.resources.set(key, { type, region: text(values.region), values, uses: [], held: [] });
    this.unresolved.push(key);
  }

  /** Returns the current attributes of a resource in a state, or null for a deleted resource. */
  public read(type: string, values: ObjectValue): ObjectValue | null {
    this.learn(type, values);
    return this.resources.get(keyOf(type, values))?.values ?? null;
  }

  /**
   * Creates, updates or deletes a resource.
   * @returns the new attributes, or those of the existing cluster with the same name
   * @throws {AwsError} when AWS rejects the operation
   */
  public apply(
    type: string,
    before: ObjectValue | null,
    after: ObjectValue | null,
    facts: FixtureFacts,
  ): ObjectValue | null {
    this.resolve();
    const values = (after ?? before) as ObjectValue;
    const existing = this.resources.get(keyOf(type, before ?? values));
    const adopts = !before && existing !== undefined && type === "aws_ecs_cluster";
    const operation = { operation: !after ? "delete" : before ? "update" : adopts ? "adopt" : "create", type } as const;
    const event: Operation = { ...operation, name: nameOf(values), id: text(values.id) };
    const region = text(values.region);
    const rejected = rejectionOf({ type, region, before, after, resource: existing, account: this, ...facts });
    if (rejected !== undefined) {
      this.history.push({ ...event, rejected: rejected.split("\n")[0] });
      throw new AwsError(rejected);
    }
    // AWS keeps this log group or revision. The AWS provider only removes it from the state.
    if (!after && before?.skip_destroy === true) return null;
    if (!after) {
      const users = existing ? stillUsing(existing, this).map(labelOf) : [];
      if (existing) this.remove(existing);
      this.history.push({ ...event, ...(users.length > 0 && { stillUsedBy: users }) });
      return null;
    }
    const result = adopts ? existing.values : after;
    this.history.push({ ...event, values: result });
    if (!adopts) this.put(type, region, after, existing);
    if (type === "aws_ecs_service") this.shift(after, existing?.values);
    return result;
  }

  /**
   * Changes attributes of a resource, as another client of AWS does. Terraform sees them when it reads its state.
   * @throws {Error} for a resource that does not exist
   */
  public change(type: string, id: string, values: ObjectValue): void {
    const found = [...this.resources.values()].find((one) => one.type === type && one.values.id === id);
    if (!found) throw new Error(`The account has no ${type} with the id ${id}.`);
    const changed = { ...found.values, ...values };
    this.history.push({ operation: "change", type, name: nameOf(changed), id, values: changed });
    this.put(type, found.region, changed, found);
  }

  /** Ends all deployments and instance refreshes. Nothing uses the resources of earlier tasks and instances then. */
  public settle(): void {
    for (const [key, resource] of this.resources) {
      const { type, values, held } = resource;
      if (held.length === 0 || !ROLLING[type]?.ends(values)) continue;
      this.resources.set(key, { ...resource, held: [] });
      this.history.push({ operation: "settle", type, name: nameOf(values), id: text(values.id) });
    }
  }

  /** Changes the weights of listener rules as a deployment of ECS does. */
  private shift(service: ObjectValue, before: ObjectValue | undefined): void {
    const ruleOf = (arn: Value | undefined) => this.find("aws_lb_listener_rule", service, arn)?.values;
    for (const rule of shiftedRules(service, before, ruleOf)) this.change("aws_lb_listener_rule", text(rule.id), rule);
  }

  private put(type: string, region: string, values: ObjectValue, existing: Resource | undefined): void {
    const uses = usesOf({ type, region, values }, this);
    const rolling = ROLLING[type];
    const earlier = existing && rolling && !rolling.waits(values) ? [...existing.uses, ...existing.held] : [];
    const held = earlier.filter((one) => !uses.includes(one));
    const key = keyOf(type, values);
    this.deleted.delete(key);
    this.resources.set(key, { type, region, values, uses, held });
  }

  private remove(resource: Resource): void {
    const key = keyOf(resource.type, resource.values);
    this.resources.delete(key);
    this.deleted.set(key, resource);
    for (const [type, attribute] of cascadeOf(resource.type)) {
      for (const one of this.of(type, resource.region))
        if (equal(one.values[attribute], resource.values.id)) this.remove(one);
    }
  }

  private resolve(): void {
    for (const key of this.unresolved) {
      const resource = this.resources.get(key);
      if (resource) this.resources.set(key, { ...resource, uses: usesOf(resource, this) });
    }
    this.unresolved = [];
  }
}

const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");

/** The types whose `arn` is the one of another resource, or is the same for several resources here. */
const WITHOUT_OWN_ARN = ["aws_cloudwatch_event_target"];

/** Returns a unique key. It uses the ARN, because equal ids exist in other regions and for revisions of a family. */
const keyOf = (type: string, values: ObjectValue): string =>
  `${type} ${(!WITHOUT_OWN_ARN.includes(type) && text(values.arn)) || `${text(values.region)} ${text(values.id)}`}`;

/** Returns the uses with which other resources refer to this one. */
const handles = ({ type, region, values }: Resource): Use[] =>
  [values.id, values.arn, values.name].flatMap((one) => (typeof one === "string" ? [use(type, region, one)] : []));
