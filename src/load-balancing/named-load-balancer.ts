import { loadBalancerNameRule } from "../cluster/ecs-cluster-target";
import { ipv6Networks } from "../network/load-balancer-rules";
import { matches, matchesNot } from "../validation/rule";
import { map, type Parsed, schemaOf, withDefaults } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import type { VariableDeclaration } from "../validation/variables";
import { type LoadBalancerSettings, loadBalancerSettingsSchema } from "./load-balancer-settings";
import {
  LOAD_BALANCER_NEEDS,
  type LoadBalancerValues,
  loadBalancerValuesSchema,
  loadBalancerVariables,
  secondCertificate,
} from "./load-balancer-values";

/** Another load balancer of a cluster. */
export interface NamedLoadBalancerSettings extends LoadBalancerSettings {
  /** Defaults of the load balancer's variables, whose names start with the name of the load balancer: `internal_http_cidrs`. @default - each variable's own default */
  readonly values?: LoadBalancerValues;
}

export const namedLoadBalancerSchema = schemaOf<NamedLoadBalancerSettings>()(
  { ...loadBalancerSettingsSchema.shape, values: withDefaults(loadBalancerValuesSchema) },
  ...loadBalancerSettingsSchema.rules,
  valuesWithTheirSettings,
);

type Named = NamedLoadBalancerSettings;

/** A value without a variable would have no effect. */
function* valuesWithTheirSettings(settings: Known<Named>, given: Given<Named>): Findings<Named> {
  for (const [value, [needs, holds]] of Object.entries(LOAD_BALANCER_NEEDS)) {
    if (!given("values", value) || holds(settings) !== false) continue;
    yield { at: ["values", value], must: `be used with ${needs}`, fix: `Set ${needs} too, or remove values.${value}.` };
  }
  yield* secondCertificate(settings, given("values", "certificateArn"));
  if (settings.dualStack !== false) return;
  for (const finding of ipv6Networks(settings.values?.httpCidrs)) yield { at: ["values", "httpCidrs"], ...finding };
}

/** The field of more load balancers, by name. */
export const namedLoadBalancersField = map(namedLoadBalancerSchema, {
  names: [
    loadBalancerNameRule,
    matchesNot("^main$", "not be named main", "That is the loadBalancer of the cluster. Choose another name."),
  ],
});

/** The longest name of a load balancer in AWS without its suffix, which is -alb or -int. */
const LONGEST_NAME = 28;

/** Returns a rule for the cluster's name, which begins the names of the load balancers. Undefined without a named load balancer. */
export function nameBeforeLoadBalancers(names: readonly string[]) {
  const longest = Math.max(0, ...names.map((name) => name.length));
  if (longest === 0) return undefined;
  const most = LONGEST_NAME - 1 - longest;
  return matches(
    `^.{1,${most}}$`,
    `have at most ${most} characters with a load balancer whose name has ${longest}`,
    "AWS limits the name of a load balancer to 32 characters: the cluster's name, its own and a suffix. Shorten one of the two.",
  );
}

/** Returns the key of a value of a load balancer among all values of a stack: `internal.httpCidrs`. */
export const balancerKey = (name: string, value: string): string => `${name}.${value}`;

/** Returns the declarations of the variables of a named load balancer, by {@link balancerKey}. */
export const namedLoadBalancerVariables = (
  name: string,
  settings: Parsed<typeof namedLoadBalancerSchema>,
): Readonly<Record<string, VariableDeclaration>> =>
  Object.fromEntries(
    Object.entries(loadBalancerVariables(settings, settings.values, name)).map(([value, declaration]) => [
      balancerKey(name, value as keyof LoadBalancerValues),
      { ...declaration, name: `${name}_${declaration.name}` },
    ]),
  );
