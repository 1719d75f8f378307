import { PROVIDER_NAME } from "../capacity/capacity-rules";
import {
  CAPACITY_DEFAULTS,
  type CapacityProvidersSettings,
  type DefaultStrategyItem,
  type OptionalCapacitySetting,
} from "../capacity/capacity-settings";
import { type ResolvedCapacity, resolveCapacities } from "../capacity/resolve-capacity";
import { withoutControlContainer } from "../instances/bottlerocket";
import type { LoadBalancerSettings } from "../load-balancing/application-load-balancer";
import type { PortRange, PortRangeProps } from "../network/port-range";
import { SettingsError } from "../validation/settings-error";
import { show } from "../validation/show";
import type { CONTAINER_INSIGHTS } from "../validation/values";
import { zodMistakes } from "../validation/zod-mistakes";
import type { EcsClusterValues } from "./cluster-values";
import { resolveValues } from "./resolve-values";
import { type INSTANCE_POLICIES, type KEY_PAIRS, ruleMistakes, settingsSchema } from "./settings-schema";
import { usableSettings } from "./usable-settings";
import type { ValueTable } from "./value-table";

/** Where Terraform keeps the state. */
export type BackendSettings =
  | {
      /** A file, relative to where Terraform runs. */
      readonly local: string;
    }
  | {
      /** An S3 bucket, locked by a file beside the state (Terraform 1.10 or newer). */
      readonly s3: {
        /** The bucket, which has to be there. */
        readonly bucket: string;
        /** The bucket's region, which need not be the cluster's. */
        readonly region: string;
        /** The state's key. @default "<stack id>/terraform.tfstate" */
        readonly key?: string;
        /** The KMS key that the state is encrypted with. @default - the bucket's own encryption */
        readonly kmsKeyId?: string;
      };
    };

/** Structure: what these decide is which resources exist. What differs between environments is a variable, see {@link EcsClusterValues}. */
export interface EcsClusterSettings extends CapacityProvidersSettings {
  /** Values for the variables' defaults. @default - each variable's own default */
  readonly values?: EcsClusterValues;
  /** Another VPC than the default one: brings the variables `vpc_id`, with this default, and `subnet_ids`. @default - the account's default VPC */
  readonly vpcId?: string;
  /** Run the instances in private subnets, with no public address: brings the variable `private_subnet_ids`. They need NAT or VPC endpoints to reach ECS. @default false */
  readonly privateSubnets?: boolean;
  /** Put the instances into security groups of yours too, such as one that databases admit: brings the variable `extra_security_group_ids`. @default false */
  readonly extraSecurityGroups?: boolean;
  /** Make a KMS key for volumes, the log group and ECS Exec sessions, in place of AWS's own keys. @default false */
  readonly customerKey?: boolean;
  /** `import` makes a key pair of the variable `ssh_public_key`; `existing` takes the variable `key_name`; `none` leaves SSH out altogether. @default "import" */
  readonly keyPair?: (typeof KEY_PAIRS)[number];
  /** The dynamic host ports, for the agent and the security groups. 1024 to 65535, at least 100. @default - 31000-61000; 32768-65535 with Bottlerocket */
  readonly portRange?: PortRangeProps;
  /** Let Session Manager onto the instances. @default true */
  readonly sessionManager?: boolean;
  /**
   * `managed` gives the instance role AWS's `AmazonEC2ContainerServiceforEC2Role` and `AmazonSSMManagedInstanceCore`;
   * `least-privilege` a policy of its own, for this cluster alone and with no right that execution roles have too. Tasks
   * that other tools start then need an execution role. @default "managed"
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
   */
  readonly instancePolicy?: (typeof INSTANCE_POLICIES)[number];
  /** Further IAM policies of the instance role. @default - none */
  readonly instancePolicyArns?: readonly string[];
  /** CloudWatch Container Insights. @default "enabled" */
  readonly containerInsights?: (typeof CONTAINER_INSIGHTS)[number];
  /** Alarms on capacity, registration, targets, errors and failed deployments: brings the variable `alarm_topic_arn`. @default false */
  readonly alarms?: boolean;
  /** A CloudWatch dashboard of the cluster, its capacity, requests and services. @default false */
  readonly dashboard?: boolean;
  /** Log what ECS Exec sessions print. @default true */
  readonly executeCommandLogging?: boolean;
  /** Make `AWSServiceRoleForECS`, for an account that never used ECS; it fails where the role is there. @default false */
  readonly serviceLinkedRole?: boolean;
  /** The application load balancer; `false` for none. @default - HTTP only, see {@link LoadBalancerSettings} */
  readonly loadBalancer?: false | LoadBalancerSettings;
  /** The Terraform backend. @default - local: `terraform.<stack id>.tfstate` beside `cdktf.json` */
  readonly backend?: BackendSettings;
}

/** Each setting's default, once. */
export const DEFAULTS = {
  ...CAPACITY_DEFAULTS,
  privateSubnets: false,
  extraSecurityGroups: false,
  customerKey: false,
  keyPair: "import",
  sessionManager: true,
  instancePolicy: "managed",
  instancePolicyArns: [],
  containerInsights: "enabled",
  alarms: false,
  dashboard: false,
  executeCommandLogging: true,
  serviceLinkedRole: false,
} as const satisfies EcsClusterSettings;

/** Each load balancer setting's default, once. */
export const LOAD_BALANCER_DEFAULTS = {
  https: false,
  redirectHttp: true,
  webAcl: false,
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  idleTimeoutSeconds: 60,
  deletionProtection: false,
} as const satisfies LoadBalancerSettings;

/** The agent's option that the ECS-optimized AMI turns on: the execution role writes the logs. */
const LOGS_BY_EXECUTION_ROLE = "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE";

/** Settings with every default filled in. */
export interface ResolvedSettings
  extends Required<
    Omit<
      EcsClusterSettings,
      | "vpcId"
      | "backend"
      | "portRange"
      | "loadBalancer"
      | "capacityProviders"
      | "defaultStrategy"
      | OptionalCapacitySetting
    >
  > {
  readonly vpcId?: string;
  /** The variables, with the values given as their defaults. */
  readonly table: ValueTable;
  /** The capacities, the stack's first one first. */
  readonly capacities: readonly ResolvedCapacity[];
  /** How tasks are spread over several capacities; undefined where nothing but `main` is asked for. */
  readonly defaultStrategy?: readonly Required<DefaultStrategyItem>[];
  readonly backend: BackendSettings;
  readonly portRange: PortRange;
  readonly loadBalancer:
    | false
    | (Required<Omit<LoadBalancerSettings, "accessLogs">> & Pick<LoadBalancerSettings, "accessLogs">);
}

/**
 * Checks settings and fills the defaults in, before any construct exists.
 *
 * @param stackId what the error calls the stack: `EcsClusterStack "prod"`
 * @throws {SettingsError} with every mistake at once
 */
export function resolveSettings(settings: EcsClusterSettings = {}, stackId = "ecs"): ResolvedSettings {
  const subject = `EcsClusterStack "${stackId}"`;
  if (typeof settings !== "object" || settings === null || Array.isArray(settings)) {
    throw new SettingsError(subject, [
      `settings must be an object; received ${show(settings)}. Leave them out for the default app.`,
    ]);
  }
  const parsed = settingsSchema.safeParse(settings);
  const mistakes = parsed.success ? [] : zodMistakes(parsed.error, settingsSchema, settings);
  const { usable, refused } = usableSettings(settings, parsed.success ? [] : parsed.error.issues);

  const merged = { ...DEFAULTS, ...usable };
  // A strategy over providers that were refused can't be held against them.
  const defaultStrategy = refused.has("capacityProviders") ? undefined : usable.defaultStrategy;
  const {
    capacities,
    strategy,
    portRange,
    mistakes: capacityMistakes,
  } = resolveCapacities({ ...usable, defaultStrategy });
  // Without a name there is nothing to prefix: the wrong name is told already.
  const named = capacities.filter(({ name }) => PROVIDER_NAME.test(name));
  const { table, mistakes: valueMistakes } = resolveValues(
    { ...merged, loadBalancer: usable.loadBalancer ?? {}, capacities: named },
    refused,
  );
  mistakes.push(...valueMistakes, ...ruleMistakes(usable), ...capacityMistakes);
  const withoutAdmin = capacities.find(({ bottlerocket }) => bottlerocket?.adminContainer === false);
  if (withoutAdmin && merged.keyPair !== "none") {
    mistakes.push(
      `bottlerocket.adminContainer must be true with a key pair, since SSH leads into it; received false and keyPair "${merged.keyPair}". Set keyPair to "none", or leave the admin container on.`,
    );
  }
  if (merged.instancePolicy === "least-privilege") {
    const overrides = capacities.map(({ agent }) => agent.variables?.[LOGS_BY_EXECUTION_ROLE]);
    for (const value of overrides.filter((one) => one !== undefined && one !== "true")) {
      mistakes.push(
        `agent.variables.${LOGS_BY_EXECUTION_ROLE} must be "true" with instancePolicy "least-privilege", since the instance may not write containers' logs; received ${show(value)}. Leave it out.`,
      );
    }
  }
  if (merged.sessionManager && capacities.some(({ bottlerocket }) => withoutControlContainer(bottlerocket))) {
    mistakes.push(
      "bottlerocket.settings.host-containers.control.enabled must be true with sessionManager, which leads into it; received false. Set sessionManager to false, or leave the control container on.",
    );
  }
  if (mistakes.length > 0) throw new SettingsError(subject, mistakes);

  return {
    ...merged,
    values: usable.values ?? {},
    table,
    capacities,
    defaultStrategy: usable.capacityProviders || usable.defaultStrategy ? strategy : undefined,
    portRange,
    // Relative to cdktf.out/stacks/<id>, where Terraform runs: beside cdktf.json, not in the folder that is thrown away.
    backend: usable.backend ?? { local: `../../../terraform.${stackId}.tfstate` },
    loadBalancer: usable.loadBalancer === false ? false : { ...LOAD_BALANCER_DEFAULTS, ...usable.loadBalancer },
  };
}
