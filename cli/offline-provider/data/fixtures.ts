import type { Account } from "../account/account";
import { FAKE_ACCOUNT } from "../plan/fake";
import type { ObjectValue, Value } from "../wire/values";
import { INSTANCE_TYPES, type InstanceTypeFixture } from "./instance-types";

/** One answer of a data source that a test sets by hand. */
export interface FixedAnswer {
  /** The arguments that the configuration must have for this answer. @default - any */
  readonly when?: { readonly [argument: string]: unknown };
  /** Attributes that replace the usual ones. */
  readonly state?: { readonly [attribute: string]: unknown };
  /** AWS's refusal, in its words. */
  readonly error?: string;
}

/** The account that data sources look into. Plain data, so that it crosses to the provider's process. */
export interface Fixtures {
  /** @default "000000000000" */
  readonly account: string;
  /** @default "aws" */
  readonly partition: string;
  /** Whether the account still has its default VPC. @default true */
  readonly hasDefaultVpc: boolean;
  /** Ids of VPCs beside the default one, each with a subnet per zone. @default - none */
  readonly otherVpcs: readonly string[];
  /** Letters of the region's zones, or whole names. @default ["a", "b", "c", "d"] */
  readonly zones: readonly string[];
  /** Zones whose default subnet was deleted. @default - none */
  readonly zonesWithoutSubnet: readonly string[];
  /** Whether subnets give their instances a public address. @default true */
  readonly publicSubnets: boolean;
  /** What EC2 offers; given types replace the usual list, so that one that isn't given isn't offered. @default INSTANCE_TYPES */
  readonly instanceTypes: { readonly [type: string]: InstanceTypeFixture };
  /** SSM parameters beside AWS's public image paths, or in place of them; null is a parameter that doesn't exist. @default - none */
  readonly parameters: { readonly [name: string]: string | null };
  /** Instances that have registered with a cluster. @default 1 */
  readonly registeredContainerInstances: number;
  /**
   * Resources by type, which data sources find in place of those that were applied in this account.
   * @default - those that were applied
   */
  readonly existing: { readonly [type: string]: readonly { readonly [attribute: string]: unknown }[] };
  /** Answers by data source type that go before all others. @default - none */
  readonly answers: { readonly [type: string]: FixedAnswer | readonly FixedAnswer[] };
}

export const DEFAULT_FIXTURES: Fixtures = {
  account: FAKE_ACCOUNT,
  partition: "aws",
  hasDefaultVpc: true,
  otherVpcs: [],
  zones: ["a", "b", "c", "d"],
  zonesWithoutSubnet: [],
  publicSubnets: true,
  instanceTypes: INSTANCE_TYPES,
  parameters: {},
  registeredContainerInstances: 1,
  existing: {},
  answers: {},
};

/** @throws Error naming a key that is no fixture: a misspelt one would test nothing. */
export function resolveFixtures(given: Partial<Fixtures> = {}): Fixtures {
  const unknown = Object.keys(given).filter((key) => !(key in DEFAULT_FIXTURES));
  if (unknown.length > 0) {
    throw new Error(
      `No such fixture: ${unknown.join(", ")}. Fixtures of the offline provider are ${Object.keys(DEFAULT_FIXTURES).join(", ")}.`,
    );
  }
  return { ...DEFAULT_FIXTURES, ...given };
}

/** What a data source is asked, and of whom. */
export interface Question {
  readonly type: string;
  readonly config: ObjectValue;
  readonly fixtures: Fixtures;
  readonly region: string;
  readonly account: Account;
}

/** A data source's answer: the attributes that it computes. */
export type Answer = (question: Question) => { [attribute: string]: Value };

export function zoneNames({ fixtures, region }: Pick<Question, "fixtures" | "region">): string[] {
  return fixtures.zones.map((zone) => zoneName(zone, region));
}

/** `b` is `ap-northeast-2b` in Seoul. */
export function zoneName(zone: string, region: string): string {
  return zone.length === 1 ? `${region}${zone}` : zone;
}
