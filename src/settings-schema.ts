import { z } from "zod";
import { capacityShape } from "./capacity-schema";
import { each, type Rule, violation } from "./rule";
import { bucketRule, policyArnRule, regionRule, statePathRules } from "./values";

/** How a person gets onto an instance by SSH. */
export const KEY_PAIRS = ["import", "existing", "none"] as const;
/** Where the web ACL comes from. */
export const WEB_ACLS = ["managed", "existing"] as const;
/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html */
export const CONTAINER_INSIGHTS = ["enhanced", "enabled", "disabled"] as const;
/** Policies of HTTPS listeners that offer TLS 1.3. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const SSL_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
] as const;

const text = z.string();
const loadBalancer = z.strictObject({
  https: z.boolean().optional(),
  redirectHttp: z.boolean().optional(),
  webAcl: z.union([z.literal(false), z.enum(WEB_ACLS)]).optional(),
  sslPolicy: z.enum(SSL_POLICIES).optional(),
  idleTimeoutSeconds: z.int().min(1).max(4000).optional(),
  deletionProtection: z.boolean().optional(),
  accessLogs: z.strictObject({ bucket: text, prefix: text.optional() }).optional(),
});
const s3 = z.strictObject({ bucket: text, region: text, key: text.optional(), kmsKeyId: text.optional() });
/** The shape of the settings; what a rule decides is in {@link ruleMistakes}. */
export const settingsSchema = z.strictObject({
  values: z.record(z.string(), z.unknown()).optional(),
  vpcId: z.string().optional(),
  privateSubnets: z.boolean().optional(),
  extraSecurityGroups: z.boolean().optional(),
  customerKey: z.boolean().optional(),
  ...capacityShape,
  keyPair: z.enum(KEY_PAIRS).optional(),
  portRange: z.strictObject({ from: z.number(), to: z.number() }).optional(),
  sessionManager: z.boolean().optional(),
  instancePolicyArns: z.array(z.string()).optional(),
  containerInsights: z.enum(CONTAINER_INSIGHTS).optional(),
  alarms: z.boolean().optional(),
  dashboard: z.boolean().optional(),
  executeCommandLogging: z.boolean().optional(),
  serviceLinkedRole: z.boolean().optional(),
  loadBalancer: z.union([z.literal(false), loadBalancer]).optional(),
  backend: z.union([z.strictObject({ local: text }), z.strictObject({ s3 })]).optional(),
});

type Immutable<T> = {
  readonly [K in keyof T]: T[K] extends readonly (infer E)[] | undefined ? readonly E[] | undefined : T[K];
};
type SettingsShape = Immutable<
  Pick<
    z.infer<typeof settingsSchema>,
    "alarms" | "containerInsights" | "instancePolicyArns" | "loadBalancer" | "backend"
  >
>;

/** What is checked by a rule and not by its shape alone. */
export function ruleMistakes(settings: SettingsShape): string[] {
  const { alarms, containerInsights, instancePolicyArns, loadBalancer, backend } = settings;
  const accessLogs = loadBalancer ? loadBalancer.accessLogs : undefined;
  const s3Backend = backend && "s3" in backend ? backend.s3 : undefined;
  const checks: [name: string, rules: readonly Rule<never>[], value: unknown][] = [
    ["instancePolicyArns", [each(policyArnRule)], instancePolicyArns],
    ["loadBalancer.accessLogs.bucket", [bucketRule], accessLogs?.bucket],
    ["backend.local", statePathRules, backend && "local" in backend ? backend.local : undefined],
    ["backend.s3.bucket", [bucketRule], s3Backend?.bucket],
    ["backend.s3.region", [regionRule], s3Backend?.region],
    ["backend.s3.key", statePathRules, s3Backend?.key],
    ["backend.s3.kmsKeyId", statePathRules, s3Backend?.kmsKeyId],
  ];
  const mistakes = checks.flatMap(([name, rules, value]) =>
    value === undefined
      ? []
      : rules.filter((rule) => !rule.check(value as never, {})).map((rule) => violation(name, rule, value as never)),
  );
  if (alarms && containerInsights === "disabled") {
    mistakes.push(
      'alarms must come with Container Insights, which counts the registered instances; received containerInsights "disabled". Set it to "enabled", or leave alarms out.',
    );
  }
  return mistakes;
}
