import {
  type CapacityProvidersSettings,
  capacityProvidersSchema,
  type ResolvedCapacities,
  resolveCapacities,
} from "../capacity/capacity-settings";
import { capacityValuesSchema, capacityVariables, MAIN_CAPACITY } from "../capacity/capacity-values";
import { type CloudMapNamespaceSettings, cloudMapNamespaceSchema } from "../cluster/cloud-map-namespace";
import { bucketWithLogging, CONTAINER_INSIGHTS } from "../cluster/cluster";
import { type ExecuteCommandS3, executeCommandS3Schema } from "../cluster/execute-command-s3";
import { instancePolicyArnsField } from "../iam/instance-role";
import { type RoleSettings, roleSettingsSchema, roleVariables } from "../iam/role";
import { withoutControlContainer } from "../instances/bottlerocket";
import { type LoadBalancerSettings, loadBalancerSettingsSchema } from "../load-balancing/load-balancer-settings";
import {
  LOAD_BALANCER_NEEDS,
  type LoadBalancerConditions,
  loadBalancerValuesSchema,
  loadBalancerVariables,
  secondCertificate,
} from "../load-balancing/load-balancer-values";
import {
  type NamedLoadBalancerSettings,
  nameBeforeLoadBalancers,
  namedLoadBalancersField,
  namedLoadBalancerVariables,
} from "../load-balancing/named-load-balancer";
import {
  type NetworkLoadBalancerSettings,
  networkLoadBalancersField,
  networkLoadBalancerVariables,
} from "../load-balancing/network-load-balancer-settings";
import { vpcIdRule } from "../network/default-vpc";
import { ipv6Networks } from "../network/load-balancer-rules";
import { type PortRangeProps, portRangeSchema } from "../network/port-range";
import { type VpcEndpointsSettings, vpcEndpointsSettingsSchema } from "../network/vpc-endpoints";
import {
  anyOf,
  boolean,
  choice,
  type Parsed,
  plain,
  type Schema,
  schemaOf,
  string,
  variable,
  withDefaults,
} from "../validation/schema";
import {
  type Finding,
  type Findings,
  type Given,
  type Known,
  type SettingsRule,
  variableName,
} from "../validation/settings-rule";
import { validate } from "../validation/validate";
import type { VariableDeclaration } from "../validation/variables";
import { type AccountSettings, accountSettingsSchema, accountVariables } from "./aws-provider";
import { type BackendSettings, backendField } from "./backend";
import { type EcsClusterValues, ecsClusterValuesSchema } from "./ecs-cluster-values";
import { type RetainSettings, retainSchema } from "./retain";

/**
 * Settings of a cluster. Each decides which resources exist. What differs between environments is a value, see
 * {@link EcsClusterValues}.
 */
export interface EcsClusterSettings extends CapacityProvidersSettings, RoleSettings, AccountSettings, RetainSettings {
  /** Defaults of the Terraform variables. @default - each variable's own default */
  readonly values?: EcsClusterValues;
  /** Another VPC than the default one. Adds the variables `vpc_id`, with this default, and `subnet_ids`. @default - the account's default VPC */
  readonly vpcId?: string;
  /** Run the instances in private subnets, without a public address. Adds the variable `private_subnet_ids`. The subnets need NAT or VPC endpoints to reach ECS. @default false */
  readonly privateSubnets?: boolean;
  /**
   * Create VPC endpoints, so that instances without public addresses reach ECS, ECR, CloudWatch Logs, Systems Manager and S3 without NAT. All
   * clusters of a VPC share them, so only one of them sets this. AWS charges for each interface endpoint in each zone.
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
   */
  readonly vpcEndpoints?: boolean | VpcEndpointsSettings;
  /** Add your own security groups to the instances, such as one that databases admit. Adds the variable `extra_security_group_ids`. @default false */
  readonly extraSecurityGroups?: boolean;
  /**
   * Create a KMS key for volumes, log groups, ECS Exec sessions and new repositories. Without it, AWS owns the keys. When you
   * remove it, AWS deletes the key after 30 days. Log events and images that it encrypts are unreadable from the removal on.
   * `retain` keeps the key. `existing` adds the variable `customer_key_arn` for a key of your own, whose policy you manage.
   * @default false
   */
  readonly customerKey?: boolean | "existing";
  /**
   * `existing` adds the variable `instance_profile_arn`, and creates no role. Its role must have AWS's policies
   * `AmazonEC2ContainerServiceforEC2Role` and, for Session Manager, `AmazonSSMManagedInstanceCore`, or the same permissions.
   * @default "managed"
   */
  readonly instanceProfile?: "managed" | "existing";
  /**
   * `existing` adds the variable `instance_security_group_id`, and creates no security group for the instances. The rules of the load balancer and of
   * SSH are added to it. It must allow outbound traffic.
   * @default "managed"
   */
  readonly instanceSecurityGroup?: "managed" | "existing";
  /** `import` creates a key pair from the variable `ssh_public_key`. `existing` adds the variable `key_name`. `none` disables SSH. @default "import" */
  readonly keyPair?: "import" | "existing" | "none";
  /** The dynamic host ports, for the agent and the security groups. @default - 31000 to 61000; 32768 to 65535 with Bottlerocket */
  readonly portRange?: PortRangeProps;
  /**
   * The range before a change of `portRange` or `amiFamily`, until all instances are replaced. The security groups then open
   * the smallest range that contains both, so that the load balancer also reaches tasks on the old instances.
   * @default - none
   */
  readonly previousPortRange?: PortRangeProps;
  /** Allow Session Manager to open sessions on the instances. @default true */
  readonly sessionManager?: boolean;
  /**
   * The policies of the instance role. `managed` attaches AWS's `AmazonEC2ContainerServiceforEC2Role` and
   * `AmazonSSMManagedInstanceCore`. `least-privilege` creates a policy for this cluster only, without the rights that
   * execution roles have. Tasks that other tools start then need an execution role.
   * @default "managed"
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
   */
  readonly instancePolicy?: "managed" | "least-privilege";
  /** Further managed policies of the instance role, by ARN. @default - none */
  readonly instancePolicyArns?: readonly string[];
  /** CloudWatch Container Insights. @default "enabled" */
  readonly containerInsights?: (typeof CONTAINER_INSIGHTS)[number];
  /**
   * Compare services with what the instances have, at plan. `false` is for a cluster that is over-committed on purpose. A
   * service can set it itself.
   * @default true
   */
  readonly capacityGuards?: boolean;
  /** Create alarms on capacity, registration, targets, errors and failed deployments. Adds the variable `alarm_topic_arn`. @default false */
  readonly alarms?: boolean;
  /** Create a CloudWatch dashboard of the cluster, its capacity, requests and services. @default false */
  readonly dashboard?: boolean;
  /**
   * Keep why tasks stopped, and what services and deployments report, in a log group for `log_retention_days`. ECS forgets
   * stopped tasks after an hour.
   * @default false
   */
  readonly eventArchive?: boolean;
  /** Log the output of ECS Exec sessions. @default true */
  readonly executeCommandLogging?: boolean;
  /** Log the output of ECS Exec sessions to an existing bucket too. @default - only to the log group */
  readonly executeCommandS3?: ExecuteCommandS3;
  /**
   * Encrypt the EBS volumes of tasks that name no key with the key of `customerKey`. It applies to volumes of new tasks.
   * @default false
   */
  readonly managedStorageEncryption?: boolean;
  /**
   * Keep the log group of ECS Exec sessions in AWS when the stack is destroyed. Apply it before you destroy the stack. To
   * create the cluster again, import the log group, because its name exists.
   * @default - false: the output is deleted with the cluster
   */
  readonly retainLogGroup?: boolean;
  /**
   * Create `AWSServiceRoleForECS`, for an account that never used ECS. It fails where the role exists. IAM does not delete the
   * role while a cluster exists, so add it to `retain` when you remove this.
   * @default false
   */
  readonly serviceLinkedRole?: boolean;
  /**
   * More tasks in awsvpc mode on each instance, for types that support it. `managed` switches the ECS account setting
   * `awsvpcTrunking` on for the whole account in the region. Use it in one stack of the account, because Terraform switches
   * the setting off when that stack is destroyed. `existing` is for an account that has it on. Only instances that start
   * afterwards have it.
   * @default - tasks in awsvpc mode have the network interfaces of the instance type
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
   */
  readonly awsvpcTrunking?: "managed" | "existing";
  /**
   * The namespace of services that call each other, and that name no namespace of their own. It is also the default of the
   * cluster in AWS, so services of other stacks use it too. To remove it, see docs/changes.md.
   * @default - none
   */
  readonly defaultCloudMapNamespace?: CloudMapNamespaceSettings;
  /** The Application Load Balancer, or `false` for none. @default - a load balancer with HTTP only */
  readonly loadBalancer?: false | LoadBalancerSettings;
  /**
   * Other load balancers, by name, for example an internal one beside the public one. A route names one with its `loadBalancer`.
   * Variables, outputs and addresses start with the name.
   * @default - none
   */
  readonly loadBalancers?: Readonly<Record<string, NamedLoadBalancerSettings>>;
  /**
   * Network Load Balancers, by name, for TCP, UDP and TLS. A listener of a service names one with its `loadBalancer`. Variables, outputs and
   * addresses start with the name.
   * @default - none
   */
  readonly networkLoadBalancers?: Readonly<Record<string, NetworkLoadBalancerSettings>>;
  /**
   * The Terraform backend. `false` writes no backend, for a pipeline that adds one. Other
   * stacks of the app then cannot refer to this stack. For any other backend, add CDKTF's construct: `new HttpBackend(stack, { address })`.
   * @default - a local file: `terraform.<stack id>.tfstate` beside `cdktf.json`
   */
  readonly backend?: false | BackendSettings;
}

/** The settings that decide which variables exist. */
interface Conditions {
  readonly vpcId?: boolean;
  readonly privateSubnets?: boolean;
  readonly extraSecurityGroups?: boolean;
  readonly customerKey?: boolean | "existing";
  readonly instanceProfile?: "managed" | "existing";
  readonly instanceSecurityGroup?: "managed" | "existing";
  readonly keyPair?: "import" | "existing" | "none";
  readonly loadBalancer?: false | LoadBalancerConditions;
  readonly alarms?: boolean;
}

/** A condition, which is unknown when its setting has a problem, and its words. */
type Condition = readonly [needs: string, holds: (settings: Conditions) => boolean | undefined];

const withAlarms: Condition = ["alarms", ({ alarms }) => alarms];
const ofLoadBalancer = (holds: (settings: LoadBalancerConditions) => boolean | undefined) => {
  return ({ loadBalancer }: Conditions) => (loadBalancer ? holds(loadBalancer) : loadBalancer);
};

/** Returns undefined for a setting with a problem. */
const isExisting = (setting?: boolean | string) => (setting === undefined ? undefined : setting === "existing");

/** The setting that each of these values needs. The others always have a variable. */
const NEEDS: Readonly<Partial<Record<keyof EcsClusterValues, Condition>>> = {
  subnetIds: ["vpcId", ({ vpcId }) => vpcId],
  privateSubnetIds: ["privateSubnets", ({ privateSubnets }) => privateSubnets],
  extraSecurityGroupIds: ["extraSecurityGroups", ({ extraSecurityGroups }) => extraSecurityGroups],
  ...Object.fromEntries(
    (
      [
        ["customerKeyArn", "customerKey"],
        ["instanceProfileArn", "instanceProfile"],
        ["instanceSecurityGroupId", "instanceSecurityGroup"],
      ] as const
    ).map(([value, setting]): [string, Condition] => [
      value,
      [`${setting} "existing"`, (settings) => isExisting(settings[setting])],
    ]),
  ),
  sshPublicKey: ['keyPair "import"', ({ keyPair }) => keyPair && keyPair === "import"],
  keyName: ['keyPair "existing"', ({ keyPair }) => keyPair && keyPair === "existing"],
  sshCidrs: ['keyPair "import" or "existing"', ({ keyPair }) => keyPair && keyPair !== "none"],
  httpCidrs: ["loadBalancer", ofLoadBalancer(() => true)],
  ...Object.fromEntries(
    Object.entries(LOAD_BALANCER_NEEDS).map(([value, [needs, holds]]): [string, Condition] => [
      value,
      [`loadBalancer.${needs}`, ofLoadBalancer(holds)],
    ]),
  ),
  alarmTopicArn: withAlarms,
  alarmReservationPercent: withAlarms,
  alarmServerErrors: withAlarms,
};

export const ecsClusterSettingsSchema = schemaOf<EcsClusterSettings>()(
  {
    values: withDefaults(ecsClusterValuesSchema),
    vpcId: variable(string(vpcIdRule).optional(), "The id of the VPC of the cluster."),
    privateSubnets: plain(boolean()).default(false),
    vpcEndpoints: anyOf(plain(boolean()), vpcEndpointsSettingsSchema).default(false),
    extraSecurityGroups: plain(boolean()).default(false),
    customerKey: plain(anyOf(boolean(), choice("existing"))).default(false),
    instanceProfile: plain(choice("managed", "existing")).default("managed"),
    instanceSecurityGroup: plain(choice("managed", "existing")).default("managed"),
    ...capacityProvidersSchema.shape,
    keyPair: plain(choice("import", "existing", "none")).default("import"),
    portRange: portRangeSchema.optional(),
    previousPortRange: portRangeSchema.optional(),
    sessionManager: plain(boolean()).default(true),
    instancePolicy: plain(choice("managed", "least-privilege")).default("managed"),
    instancePolicyArns: plain(instancePolicyArnsField).default([]),
    ...roleSettingsSchema.shape,
    ...accountSettingsSchema.shape,
    containerInsights: plain(choice(...CONTAINER_INSIGHTS)).default("enabled"),
    capacityGuards: plain(boolean()).default(true),
    alarms: plain(boolean()).default(false),
    dashboard: plain(boolean()).default(false),
    eventArchive: plain(boolean()).default(false),
    executeCommandLogging: plain(boolean()).default(true),
    executeCommandS3: executeCommandS3Schema.optional(),
    managedStorageEncryption: plain(boolean()).default(false),
    retainLogGroup: boolean().optional(),
    ...retainSchema.shape,
    serviceLinkedRole: plain(boolean()).default(false),
    awsvpcTrunking: plain(choice("managed", "existing")).optional(),
    defaultCloudMapNamespace: cloudMapNamespaceSchema.optional(),
    loadBalancer: withDefaults(anyOf(plain(choice(false)), loadBalancerSettingsSchema)),
    loadBalancers: namedLoadBalancersField.default({}),
    networkLoadBalancers: networkLoadBalancersField.default({}),
    backend: backendField.optional(),
  },
  ...(capacityProvidersSchema.rules as unknown as readonly SettingsRule<EcsClusterSettings>[]),
  valuesWithTheirSettings,
  function* ipv6WithDualStack({ values, loadBalancer }): Findings<EcsClusterSettings> {
    const { dualStack } = loadBalancer || {};
    if (dualStack !== false) return;
    for (const finding of ipv6Networks(values?.httpCidrs)) yield { at: ["values", "httpCidrs"], ...finding };
  },
  nameWithLoadBalancers,
  waysOntoBottlerocket,
  policiesOfRole,
  bucketWithLogging,
  function* keyOfVolumes({ customerKey, managedStorageEncryption }): Findings<EcsClusterSettings> {
    if (!managedStorageEncryption || customerKey !== false) return;
    yield {
      at: "managedStorageEncryption",
      must: "be used with customerKey",
      fix: "Set customerKey too, or remove it.",
    };
  },
);

/** The role of an instance profile that exists has its own policies. */
function* policiesOfRole(
  { instanceProfile }: Known<EcsClusterSettings>,
  given: Given<EcsClusterSettings>,
): Findings<EcsClusterSettings> {
  if (instanceProfile !== "existing") return;
  for (const at of ["instancePolicy", "instancePolicyArns"] as const) {
    if (!given(at)) continue;
    const fix = "The stack creates no role. Remove it, and attach the policies to the role of the profile.";
    yield { at, must: 'not be set with instanceProfile "existing"', fix };
  }
}

/** Terraform checks the variable `name` with the same rule. */
function* nameWithLoadBalancers({
  values,
  loadBalancers = {},
  networkLoadBalancers = {},
}: Known<EcsClusterSettings>): Findings<EcsClusterSettings> {
  for (const name of Object.keys(networkLoadBalancers)) {
    if (!Object.hasOwn(loadBalancers, name)) continue;
    const must = "have a name that no load balancer in loadBalancers has";
    yield { at: ["networkLoadBalancers", name], must, fix: "Outputs start with the name. Rename one.", received: name };
  }
  const rule = nameBeforeLoadBalancers([...Object.keys(loadBalancers), ...Object.keys(networkLoadBalancers)]);
  if (!rule || values?.name === undefined || rule.check(values.name, {})) return;
  yield { at: ["values", "name"], must: rule.must, fix: rule.fix };
}

/** A value without a variable would have no effect. */
function* valuesWithTheirSettings(
  settings: Known<EcsClusterSettings>,
  given: Given<EcsClusterSettings>,
): Findings<EcsClusterSettings> {
  const conditions: Conditions = { ...(settings as Conditions), vpcId: given("vpcId") };
  for (const [value, [needs, holds]] of Object.entries(NEEDS)) {
    if (!given("values", value) || holds(conditions) !== false) continue;
    yield { at: ["values", value], must: `be used with ${needs}`, fix: `Set ${needs} too, or remove values.${value}.` };
  }
  yield* secondCertificate(settings.loadBalancer || {}, given("values", "certificateArn"), "loadBalancer.");
}

/** Returns the settings of Bottlerocket of the stack and of each capacity provider that sets them, with their path. */
function bottlerockets({ bottlerocket, capacityProviders = {} }: Known<EcsClusterSettings>) {
  const providers = Object.entries(capacityProviders);
  return [
    { at: ["bottlerocket"] as const, value: bottlerocket },
    ...providers.map(([name, own]) => ({
      at: ["capacityProviders", name, "bottlerocket"] as const,
      value: own?.bottlerocket,
    })),
  ];
}

/** SSH connects to the admin container, and Session Manager to the control container. */
function* waysOntoBottlerocket(settings: Known<EcsClusterSettings>): Findings<EcsClusterSettings> {
  const { keyPair = "none", sessionManager } = settings;
  for (const { at, value } of bottlerockets(settings)) {
    if (value?.adminContainer === false && keyPair !== "none") {
      const fix = 'SSH connects to the admin container. Set keyPair to "none", or remove it.';
      yield { at: [...at, "adminContainer"], must: "be true with a key pair", fix };
    }
    if (sessionManager && withoutControlContainer(value as never)) {
      const path = [...at, "settings", "host-containers", "control", "enabled"] as Finding<EcsClusterSettings>["at"];
      const fix = "Session Manager connects to the control container. Set sessionManager to false, or remove it.";
      yield { at: path, must: "be true with sessionManager", fix };
    }
  }
}

/** The settings of a cluster with all defaults, and its capacities. */
export interface ResolvedClusterSettings
  extends Omit<Parsed<typeof ecsClusterSettingsSchema>, keyof ResolvedCapacities>,
    ResolvedCapacities {}

/** Validates the settings of a stack and fills in the defaults. @throws {SettingsError} with every problem */
export function resolveClusterSettings(settings: EcsClusterSettings, stackId: string): ResolvedClusterSettings {
  const parsed = validate(`EcsClusterStack "${stackId}"`, ecsClusterSettingsSchema, settings);
  return { ...parsed, ...resolveCapacities(parsed) };
}

/** Returns the variables of a stack by the names of their settings. Their order is the order in the JSON. */
export function clusterVariables(settings: ResolvedClusterSettings): Readonly<Record<string, VariableDeclaration>> {
  const { values, vpcId, capacities } = settings;
  const conditions: Conditions = { ...settings, vpcId: vpcId !== undefined };
  const ofMain = capacities.filter(({ name }) => name === MAIN_CAPACITY).map(capacityVariables)[0] ?? {};
  const ofOthers = capacities.filter(({ name }) => name !== MAIN_CAPACITY).map(capacityVariables);
  const vpc = { name: "vpc_id", field: ecsClusterSettingsSchema.shape.vpcId as Schema, value: vpcId };
  const ofLoadBalancer = settings.loadBalancer ? loadBalancerVariables(settings.loadBalancer, values) : {};
  const declared: Readonly<Record<string, VariableDeclaration>> = { ...ofMain, ...ofLoadBalancer };
  const named = Object.entries(settings.loadBalancers);
  const network = Object.entries(settings.networkLoadBalancers);
  const nameRule = nameBeforeLoadBalancers([...named, ...network].map(([name]) => name));
  const ownFields = { ...capacityValuesSchema.shape, ...loadBalancerValuesSchema.shape };
  const declarations: Record<string, VariableDeclaration> = {};
  for (const [key, field] of Object.entries(ecsClusterValuesSchema.shape) as [keyof EcsClusterValues, Schema][]) {
    if (key === "subnetIds" && vpcId !== undefined) declarations.vpcId = vpc;
    if (key === "logRetentionDays") {
      Object.assign(declarations, ...ofOthers, ...named.map((entry) => namedLoadBalancerVariables(...entry)));
      Object.assign(declarations, ...network.map((entry) => networkLoadBalancerVariables(...entry)));
    }
    if (key in ownFields) Object.assign(declarations, declared[key] && { [key]: declared[key] });
    else if (NEEDS[key]?.[1](conditions) ?? true) {
      const own =
        key === "name" && nameRule ? field.with({ limits: [...(field.facts.limits ?? []), nameRule] }) : field;
      declarations[key] = { name: variableName(key), field: own, value: values[key] };
    }
  }
  return { ...declarations, ...roleVariables(settings), ...accountVariables(settings) };
}
