import { readFileSync } from "node:fs";
import { SettingsError } from "../../src/validation/problem";
import { matches, wholeNumber } from "../../src/validation/rule";
import {
  anyOf,
  boolean,
  choice,
  custom,
  list,
  map,
  number,
  plain,
  schemaOf,
  string,
} from "../../src/validation/schema";
import { isPlainObject } from "../../src/validation/token";
import { validate } from "../../src/validation/validate";
import { UsageError } from "../command-line";
import type { FixedAnswer, Fixtures } from "./data/fixtures";
import type { InstanceTypeFixture } from "./data/instance-types";

const KEYS = "docs/offline-provider.md describes the fixtures.";

const attributes = custom<Readonly<Record<string, unknown>>>(
  "attributes of a resource",
  "Write them in braces: { name: value }.",
  isPlainObject,
);
const zones = list(plain(string(matches("^([a-z]|[a-z0-9-]{5,})$", "be zones", 'For example "a" or "eu-west-1a".'))));
const positive = (unit: string, example: string) =>
  number(wholeNumber(1, 1_000_000_000, unit, `For example ${example}.`));

const instanceTypeSchema = schemaOf<InstanceTypeFixture>()({
  architecture: choice("x86_64", "arm64").optional(),
  vcpus: positive("vCPUs", "2"),
  memoryMiB: positive("MiB", "2048"),
  gpu: schemaOf<NonNullable<InstanceTypeFixture["gpu"]>>()({
    manufacturer: choice("NVIDIA", "AMD"),
    name: string(),
    memoryMiB: positive("MiB", "16384"),
  }).optional(),
  networkInterfaces: positive("network interfaces", "3").optional(),
  ipv6Addresses: positive("IPv6 addresses", "4").optional(),
  neuron: boolean().optional(),
  zones: zones.optional(),
});

const answerSchema = schemaOf<FixedAnswer>()({
  when: attributes.optional(),
  state: attributes.optional(),
  error: string().optional(),
});

const fixturesSchema = schemaOf<Partial<Fixtures>>()({
  account: string(matches("^[0-9]{12}$", "have 12 digits", 'For example "000000000000".')).optional(),
  partition: choice("aws", "aws-cn", "aws-us-gov").optional(),
  hasDefaultVpc: boolean().optional(),
  otherVpcs: list(string()).optional(),
  zones: zones.optional(),
  zonesWithoutSubnet: zones.optional(),
  publicSubnets: boolean().optional(),
  ipv6Subnets: boolean().optional(),
  instanceTypes: map(instanceTypeSchema).optional(),
  parameters: map(string().nullable()).optional(),
  registeredContainerInstances: number(wholeNumber(0, 5000, "instances", "For example 1.")).optional(),
  existing: map(list(attributes)).optional(),
  answers: map(anyOf(answerSchema, list(answerSchema))).optional(),
});

/** Reads a file of fixtures. @throws {UsageError} for a file that is not valid JSON, or with every problem of the fixtures */
export function fixturesIn(file: string): Partial<Fixtures> {
  try {
    const fixtures = JSON.parse(readFileSync(file, "utf8")) as Partial<Fixtures>;
    validate(file, fixturesSchema, fixtures);
    return fixtures;
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(`${error.message}\n${KEYS}`);
    throw new UsageError(`--fixtures must be a JSON file; ${(error as Error).message}. ${KEYS}`);
  }
}
