import { AwsError } from "../aws-error";
import { equal, type ObjectValue, type Value } from "../wire/values";
import { cascadeOf, rejectionOf, type Surroundings, stillUsing } from "./rules";
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

/** Something that happened in the account. */
export interface Operation {
  /** `adopt` is the creation of a cluster whose name exists; `settle` is the end of a deployment or an instance refresh. */
  readonly operation: "create" | "adopt" | "update" | "delete" | "settle";
  readonly type: string;
  /** The name, or the id where it has no name. */
  readonly name: string;
  readonly id: string;
  /** AWS's error, when it rejected the operation. */
  readonly rejected?: string;
  /** What still used a resource that was deleted, although AWS allows that: `aws_ecs_service web`. */
  readonly stillUsedBy?: readonly string[];
}

/** The account as plain data, for tests. */
export interface AccountContents {
  readonly resources: readonly Resource[];
  /** Everything that happened, in order. */
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
 * What an AWS account holds after the applies of one session, whatever states they have. It lives as long as the session.
 * What only a state knows, because an earlier process applied it, is taken from there.
 */
export class Account {
  private readonly resources = new Map<string, Resource>();
  /** Resources that were deleted: ECS still runs tasks of those task definitions, and a state may still name them. */
  private readonly deleted = new Map<string, Resource>();
  /** What states brought, whose uses are not known before everything that they brought is here. */
  private unresolved: string[] = [];
  private readonly history: Operation[] = [];

  public contents(): AccountContents {
    this.resolve();
    return { resources: [...this.resources.values()], history: this.history };
  }

  /** How much happened: it tells ids of equal resources apart. */
  public size(): number {
    return this.history.length;
  }

  /** The types of the resources. */
  public types(): string[] {
    return [...new Set([...this.resources.values()].map(({ type }) => type))];
  }

  /** The resources of a type in a region. */
  public of(type: string, region: string): Resource[] {
    return [...this.resources.values()].filter((one) => one.type === type && (one.region === region || !one.region));
  }

  /** The resource of a type that another one names by its id, ARN or name. */
  public find(type: string, { region }: ObjectValue, handle: Value | undefined): Resource | undefined {
    if (typeof handle !== "string") return undefined;
    const isIt = (one: Resource) => one.type === type && handles(one).includes(use(type, text(region), handle));
    return [...this.resources.values()].find(isIt) ?? [...this.deleted.values()].find(isIt);
  }

  /** The capacity providers of a service's cluster. */
  public association({ region, cluster }: ObjectValue): Resource | undefined {
    return this.find("aws_ecs_cluster_capacity_providers", { region: region ?? null }, text(cluster).split("/").at(-1));
  }

  /** The resources that use this one. */
  public usersOf(resource: Resource): Resource[] {
    return this.usersOfAny(handles(resource));
  }

  /** The resources that have any of these uses. */
  public usersOfAny(uses: readonly Use[]): Resource[] {
    const among = (own: readonly Use[]) => own.some((one) => uses.includes(one));
    return [...this.resources.values()].filter((one) => among(one.uses) || among(one.held));
  }

  /** Whether there is, or was, a resource of this type with these ids. */
  public knows(type: string, values: ObjectValue): boolean {
    const key = keyOf(type, values);
    return this.resources.has(key) || this.deleted.has(key);
  }

  /** Takes over what a state has and this account does not know. */
  public learn(type: string, values: ObjectValue): void {
    const key = keyOf(type, values);
    if (!values.id || this.knows(type, values)) return;
    this.resources.set(key, { type, region: text(values.region), values, uses: [], held: [] });
    this.unresolved.push(key);
  }

  /** What a resource that a state knows is now, or nothing when it was deleted. */
  public read(type: string, values: ObjectValue): ObjectValue | null {
    this.learn(type, values);
    return this.resources.get(keyOf(type, values))?.values ?? null;
  }

  /**
   * Creates, updates or deletes a resource.
   * @returns what it is then: an existing cluster, when one of that name is created
   * @throws AwsError when AWS rejects that
   */
  public apply(
    type: string,
    before: ObjectValue | null,
    after: ObjectValue | null,
    around: Surroundings,
  ): ObjectValue | null {
    this.resolve();
    const values = (after ?? before) as ObjectValue;
    const existing = this.resources.get(keyOf(type, before ?? values));
    const adopts = !before && existing !== undefined && type === "aws_ecs_cluster";
    const operation = { operation: !after ? "delete" : before ? "update" : adopts ? "adopt" : "create", type } as const;
    const event: Operation = { ...operation, name: nameOf(values), id: text(values.id) };
    const region = text(values.region);
    const rejected = rejectionOf({ type, region, before, after, resource: existing, account: this, ...around });
    if (rejected !== undefined) {
      this.history.push({ ...event, rejected: rejected.split("\n")[0] });
      throw new AwsError(rejected);
    }
    // The provider then forgets a log group or a revision, and AWS keeps it.
    if (!after && before?.skip_destroy === true) return null;
    if (!after) {
      const users = existing ? stillUsing(existing, this).map(labelOf) : [];
      if (existing) this.remove(existing);
      this.history.push({ ...event, ...(users.length > 0 && { stillUsedBy: users }) });
      return null;
    }
    this.history.push(event);
    if (!adopts) this.put(type, region, after, existing);
    return adopts ? existing.values : after;
  }

  /** Ends all deployments and instance refreshes: what earlier tasks and instances used is free then. */
  public settle(): void {
    for (const [key, resource] of this.resources) {
      const { type, values, held } = resource;
      if (held.length === 0 || !ROLLING[type]?.ends(values)) continue;
      this.resources.set(key, { ...resource, held: [] });
      this.history.push({ operation: "settle", type, name: nameOf(values), id: text(values.id) });
    }
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

/** ARNs tell regions apart, and the revisions of a task definition, whose id is its family. */
const keyOf = (type: string, values: ObjectValue): string =>
  `${type} ${text(values.arn) || `${text(values.region)} ${text(values.id)}`}`;

/** All uses under which others can name a resource. */
const handles = ({ type, region, values }: Resource): Use[] =>
  [values.id, values.arn, values.name].flatMap((one) => (typeof one === "string" ? [use(type, region, one)] : []));
