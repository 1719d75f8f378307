import { MAIN_CAPACITY } from "../capacity/capacity-settings";
import { type Rule, violation } from "../validation/rule";
import { show } from "../validation/show";
import type { ValueDefinition } from "../validation/value-definition";
import { publicKeyRules } from "../validation/values";
import { suggestion } from "../validation/zod-mistakes";
import type { EcsClusterValues } from "./cluster-values";
import { capacityKey, type ValueConditions, type ValueTable, valueTable } from "./value-table";

/** Which setting brings a variable that this stack doesn't have, and how a message says it. */
const BROUGHT_BY: Readonly<Record<string, readonly [setting: string, condition: string]>> = {
  certificateArn: ["loadBalancer", "loadBalancer.https"],
  httpCidrs: ["loadBalancer", "a load balancer (loadBalancer is false)"],
  keyName: ["keyPair", 'keyPair "existing"'],
  sshPublicKey: ["keyPair", 'keyPair "import"'],
  sshCidrs: ["keyPair", "a key pair (keyPair is none)"],
  subnetIds: ["vpcId", "the vpcId setting"],
  extraSecurityGroupIds: ["extraSecurityGroups", "extraSecurityGroups"],
  privateSubnetIds: ["privateSubnets", "privateSubnets"],
  alarmTopicArn: ["alarms", "alarms"],
  alarmReservationPercent: ["alarms", "alarms"],
  alarmServerErrors: ["alarms", "alarms"],
  webAclArn: ["loadBalancer", 'loadBalancer.webAcl "existing"'],
};

const TYPE_CHECKS: Readonly<Record<ValueDefinition["type"], { must: string; check: (value: unknown) => boolean }>> = {
  string: { must: "be a string", check: (value) => typeof value === "string" },
  number: { must: "be a number", check: (value) => typeof value === "number" && Number.isFinite(value) },
  "list(string)": {
    must: "be a list of strings",
    check: (value) => Array.isArray(value) && value.every((element) => typeof element === "string"),
  },
  "map(string)": {
    must: "be a map of strings",
    check: (value) =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((element) => typeof element === "string"),
  },
};

/**
 * The variables of a stack with the given values as their defaults, and every mistake in those values. A mistake's words
 * are those that Terraform prints at plan, with the setting's name before them.
 *
 * @param refused settings that are wrong themselves: no value is blamed for what those would have brought
 */
export function resolveValues(
  settings: ValueConditions & { readonly values?: EcsClusterValues },
  refused: ReadonlySet<string> = new Set(),
): {
  readonly table: ValueTable;
  readonly mistakes: readonly string[];
} {
  const declared = valueTable(settings);
  const given: Record<string, unknown> = Object.fromEntries(
    [
      ...Object.entries(settings.values ?? {}),
      ...(settings.capacities ?? []).flatMap(({ name, values }) =>
        name === MAIN_CAPACITY
          ? []
          : Object.entries(values ?? {}).map(([key, value]) => [capacityKey(name, key as never), value] as const),
      ),
    ].filter(([, value]) => value !== undefined),
  );
  const table = Object.fromEntries(
    Object.entries(declared).map(([key, definition]) => [
      key,
      Object.hasOwn(given, key) && key !== "vpcId" ? { ...definition, default: given[key] } : definition,
    ]),
  ) as ValueTable;

  const mistakes = Object.keys(given)
    .filter((key) => !Object.hasOwn(declared, key) || key === "vpcId")
    .filter((key) => !refused.has(BROUGHT_BY[key]?.[0] ?? ""))
    .map((key) => unknownValue(key, given[key], Object.keys(declared)));

  const mistyped = new Set<string>();
  for (const [key, definition] of Object.entries(table)) {
    const { must, check } = TYPE_CHECKS[definition.type];
    const isNull = definition.nullable && definition.default === null;
    if (definition.default === undefined || isNull || check(definition.default)) continue;
    mistyped.add(key);
    const received = definition.sensitive ? "a value of another type" : show(definition.default);
    mistakes.push(
      `${settingOf(key)}: ${definition.name} must ${must}; received ${received}. Write a value of that type.`,
    );
  }
  // A rule may look at other variables, so it is asked only where all of those have a value of their type.
  const all = Object.fromEntries(
    Object.entries(table).flatMap(([key, { name, default: value }]) => (mistyped.has(key) ? [] : [[name, value]])),
  );
  const unknown = new Set(Object.values(table).flatMap(({ name }) => (name in all ? [] : [name])));
  for (const [key, definition] of Object.entries(table)) {
    if (mistyped.has(key) || definition.default === undefined) continue;
    // What a version may be depends on the family.
    const families = ["amiFamily", `capacityProviders.${key.split(".")[0]}.amiFamily`];
    if (/(^|\.)amiVersion$/.test(key) && families.some((family) => refused.has(family))) continue;
    const setting = key === "vpcId" ? key : settingOf(key);
    const broken = brokenRules(definition, all, unknown);
    mistakes.push(...broken.map((mistake) => `${setting}: ${mistake}`));
  }
  return { table, mistakes };
}

/** Where a value is given: `arm.minSize` is among the provider's own values. */
function settingOf(key: string): string {
  const [provider, value] = key.split(".");
  return value === undefined ? `values.${key}` : `capacityProviders.${provider}.values.${value}`;
}

function brokenRules(
  definition: ValueDefinition,
  all: Readonly<Record<string, unknown>>,
  unknown: ReadonlySet<string>,
): string[] {
  const value = definition.default as never;
  if (definition.sensitive) {
    const text = String(value).trim();
    return publicKeyRules
      .filter((rule) => new RegExp(rule.pattern).test(text) !== rule.accepts)
      .map((rule) => rule.message);
  }
  return (definition.rules as readonly Rule<never>[])
    .filter((rule) => !rule.reads?.some((name) => unknown.has(name)) && !rule.check(value, all))
    .map((rule) => violation(definition.name, rule, value, all));
}

function unknownValue(key: string, value: unknown, known: readonly string[]): string {
  const received = key === "sshPublicKey" ? "a value" : show(value);
  const setting = settingOf(key);
  const condition = BROUGHT_BY[key]?.[1];
  if (condition)
    return `${setting} must come with ${condition}; received ${received}. Set that too, or leave the value out.`;
  const [provider, name] = key.split(".");
  if ((name ?? key) === "instanceTypes" && known.includes(key.replace("instanceTypes", "minSize"))) {
    return `${setting} must be left out with instanceRequirements, which choose the types; received ${received}. Keep one of the two.`;
  }
  if (name !== undefined) {
    const siblings = known
      .filter((other) => other.startsWith(`${provider}.`))
      .map((other) => other.split(".")[1] ?? "");
    return `${setting} must be a variable that a capacity provider has; received ${received}. ${suggestion(name, siblings)}`;
  }
  const owners = known.filter((other) => other.endsWith(`.${key}`)).map((other) => settingOf(other));
  if (owners.length > 0)
    return `${setting} must come with a capacity provider named main; received ${received}. Write it in ${owners.join(" or ")}.`;
  const own = known.filter((other) => !other.includes("."));
  return `${setting} must be a variable that there is; received ${received}. ${suggestion(key, own)}`;
}
