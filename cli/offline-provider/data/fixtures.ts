import type { Account } from "../account/account";
import { FAKE_ACCOUNT } from "../plan/fake";
import type { ObjectValue, Value } from "../wire/values";
import { INSTANCE_TYPES, type InstanceTypeFixture } from "./instance-types";

/** One answer of a data source, in place of the usual one. */
export interface FixedAnswer {
  /** The arguments that the configuration must have for this answer. @default - any */
  readonly when?: { readonly [argument: string]: unknown };
  /** Attributes that replace the usual ones. */
  readonly state?: { readonly [attribute: string]: unknown };
  /** The error that AWS returns. */
  readonly error?: string;
}

/** The account that data sources read. It is plain data, because it is sent to the provider's process. */
export interface Fixtures {
  /** @default "000000000000" */
  readonly account: string;
  /** @default "aws" */
  readonly partition: "aws" | "aws-cn" | "aws-us-gov";
  /** Whether the account has a default VPC. @default true */
  readonly hasDefaultVpc: boolean;
  /** The ids of more VPCs, each with one subnet in each zone. @default - none */
  readonly otherVpcs: readonly string[];
  /** The region's zones, by letter or by name. @default ["a", "b", "c", "d"] */
  readonly zones: readonly string[];
  /** Zones without a subnet. @default - none */
  readonly zonesWithoutSubnet: readonly string[];
  /** Whether instances in the subnets get a public address. @default true */
  readonly publicSubnets: boolean;
  /** Whether the subnets have IPv6 networks. @default false */
  readonly ipv6Subnets: boolean;
  /** The instance types that EC2 offers. They replace the default list. @default INSTANCE_TYPES */
  readonly instanceTypes: { readonly [type: string]: InstanceTypeFixture };
  /** SSM parameters. They add to AWS's public parameters of AMIs, or replace them. null is a parameter that does not exist. @default - none */
  readonly parameters: { readonly [name: string]: string | null };
  /** Instances that have registered with a cluster. @default 1 */
  readonly registeredContainerInstances: number;
  /**
   * Resources by type. Data sources find them in place of the resources that were applied in this account. A repository has
   * images if one of `aws_ecr_image` has its `repository_name`.
   * @default - those that were applied
   */
  readonly existing: { readonly [type: string]: readonly { readonly [attribute: string]: unknown }[] };
  /** Answers by the type of the data source. They replace all others. @default - none */
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
  ipv6Subnets: false,
  instanceTypes: INSTANCE_TYPES,
  parameters: {},
  registeredContainerInstances: 1,
  existing: {},
  answers: {},
};

/** Returns fixtures with the defaults. @throws {Error} for an unknown key: a misspelt fixture would test nothing */
export function resolveFixtures(given: Partial<Fixtures> = {}): Fixtures {
  const unknown = Object.keys(given).filter((key) => !(key in DEFAULT_FIXTURES));
  if (unknown.length > 0) {
    throw new Error(
      `Unknown fixture ${unknown.join(", ")}. The fixtures are ${Object.keys(DEFAULT_FIXTURES).join(", ")}.`,
    );
  }
  return { ...DEFAULT_FIXTURES, ...given };
}

/** The arguments of a data source, and the account that it reads. */
export interface Question {
  readonly type: string;
  readonly config: ObjectValue;
  readonly fixtures: Fixtures;
  readonly region: string;
  readonly account: Account;
}

/** Returns the attributes that a data source computes. */
export type Answer = (question: Question) => { [attribute: string]: Value };

export function zoneNames({ fixtures, region }: Pick<Question, "fixtures" | "region">): string[] {
  return fixtures.zones.map((zone) => zoneName(zone, region));
}

/** `b` is `ap-northeast-2b` in Seoul. */
export function zoneName(zone: string, region: string): string {
  return zone.length === 1 ? `${region}${zone}` : zone;
}
