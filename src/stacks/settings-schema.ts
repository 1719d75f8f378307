import { z } from "zod";
import { capacityShape } from "../capacity/capacity-schema";
import { instancePolicyArnsRules } from "../iam/policy-rules";
import { type Rule, violation } from "../validation/rule";
import { show } from "../validation/show";
import {
  bucketRules,
  CONTAINER_INSIGHTS,
  logPrefixRules,
  regionRule,
  SSL_POLICIES,
  statePathRules,
} from "../validation/values";

/** How a person gets onto an instance by SSH. */
export const KEY_PAIRS = ["import", "existing", "none"] as const;
/** What the instance role may do by itself. */
export const INSTANCE_POLICIES = ["managed", "least-privilege"] as const;
/** Where the web ACL comes from. */
export const WEB_ACLS = ["managed", "existing"] as const;

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
  instancePolicy: z.enum(INSTANCE_POLICIES).optional(),
  instancePolicyArns: z.array(z.string()).optional(),
  containerInsights: z.enum(CONTAINER_INSIGHTS).optional(),
  alarms: z.boolean().optional(),
  dashboard: z.boolean().optional(),
  executeCommandLogging: z.boolean().optional(),
  serviceLinkedRole: z.boolean().optional(),
  loadBalancer: z.union([z.literal(false), loadBalancer]).optional(),
  backend: z
    .strictObject({ local: text.optional(), s3: s3.optional() })
    .refine(({ local, s3 }) => (local === undefined) !== (s3 === undefined), "either { local } or { s3 }")
    .optional(),
});

type Immutable<T> = {
  readonly [K in keyof T]: T[K] extends readonly (infer E)[] | undefined ? readonly E[] | undefined : T[K];
};
type SettingsShape = Immutable<Pick<z.infer<typeof settingsSchema>, "instancePolicyArns" | "loadBalancer" | "backend">>;

/** What is checked by a rule and not by its shape alone. */
export function ruleMistakes(settings: SettingsShape): string[] {
  const { instancePolicyArns, loadBalancer, backend } = settings;
  const accessLogs = loadBalancer ? loadBalancer.accessLogs : undefined;
  const s3Backend = backend?.s3;
  const checks: [name: string, rules: readonly Rule<never>[], value: unknown][] = [
    ["instancePolicyArns", instancePolicyArnsRules, instancePolicyArns],
    ["loadBalancer.accessLogs.bucket", bucketRules, accessLogs?.bucket],
    ["loadBalancer.accessLogs.prefix", logPrefixRules, accessLogs?.prefix],
    ["backend.local", statePathRules, backend?.local],
    ["backend.s3.bucket", bucketRules, s3Backend?.bucket],
    ["backend.s3.region", [regionRule], s3Backend?.region],
    ["backend.s3.key", statePathRules, s3Backend?.key],
    ["backend.s3.kmsKeyId", statePathRules, s3Backend?.kmsKeyId],
  ];
  const mistakes = checks.flatMap(([name, rules, value]) =>
    value === undefined
      ? []
      : rules.filter((rule) => !rule.check(value as never, {})).map((rule) => violation(name, rule, value as never)),
  );
  if (loadBalancer && !loadBalancer.https) {
    for (const name of ["redirectHttp", "sslPolicy"] as const) {
      if (loadBalancer[name] === undefined) continue;
      mistakes.push(
        `loadBalancer.${name} must come with loadBalancer.https; received ${show(loadBalancer[name])}. Set that too, or leave it out.`,
      );
    }
  }
  return mistakes;
}
