import type { Construct } from "constructs";
import {
  type ClusterLookupSettings,
  clusterLookupSettingsSchema,
  EcsClusterLookup,
} from "../capacity/ecs-cluster-lookup";
import { identifyCluster } from "../cluster/cluster-identity";
import { type RoleSettings, roleSettingsSchema, roleVariables, setRoleSettings } from "../iam/role";
import { PortRange, type PortRangeProps, portRangeSchema } from "../network/port-range";
import { hcl } from "../terraform/expression";
import { ReadableStack } from "../terraform/readable-stack";
import { clusterNameRules, regionRule, topicArnRules } from "../validation/aws-rules";
import { referable, schemaOf, string, variable, withDefaults } from "../validation/schema";
import { variableName } from "../validation/settings-rule";
import { tagsField } from "../validation/tags";
import { validate } from "../validation/validate";
import { Variables } from "../validation/variables";
import { type AccountSettings, accountSettingsSchema, accountVariables, createAwsProvider } from "./aws-provider";
import { type BackendSettings, backendField, createBackend, REQUIRED_TERRAFORM_VERSION } from "./backend";
import { type RetainSettings, retainSchema } from "./retain";

/** Values of a stack of services: each is the default of a Terraform variable. Terraform validates it again at plan. */
export interface EcsServiceStackValues {
  /** `region`: the region of the cluster. @default "ap-northeast-2" */
  readonly region?: string;
  /** `cluster_name`: the cluster, which another state creates. @default "ecs" */
  readonly clusterName?: string;
  /** `tags`: tags for every resource that supports tags. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
}

export const ecsServiceStackValuesSchema = schemaOf<EcsServiceStackValues>()({
  region: variable(string(regionRule).default("ap-northeast-2"), "The AWS region of the cluster."),
  clusterName: variable(
    string(...clusterNameRules).default("ecs"),
    "The name of the ECS cluster, which another Terraform state creates.",
  ),
  tags: variable(tagsField.default({}), "Tags for every resource that supports tags."),
});

/** Settings of a stack of services. */
export interface EcsServiceStackSettings extends ClusterLookupSettings, RoleSettings, AccountSettings, RetainSettings {
  /** Defaults of the Terraform variables. @default - each variable's own default */
  readonly values?: EcsServiceStackValues;
  /** The dynamic host ports of the cluster. @default - 31000 to 61000 */
  readonly portRange?: PortRangeProps;
  /** The cluster's `previousPortRange`, if this stack has the namespace of Service Connect. @default - none */
  readonly previousPortRange?: PortRangeProps;
  /**
   * The Terraform backend. `false` writes no backend, for a pipeline that adds one. Other
   * stacks of the app then cannot refer to this stack. For any other backend, add CDKTF's construct: `new HttpBackend(stack, { address })`.
   * @default - a local file: `terraform.<stack id>.tfstate` beside `cdktf.json`
   */
  readonly backend?: false | BackendSettings;
}

export const ecsServiceStackSettingsSchema = schemaOf<EcsServiceStackSettings>()({
  values: withDefaults(ecsServiceStackValuesSchema),
  ...clusterLookupSettingsSchema.shape,
  alarmTopicArn: referable(
    variable(
      string(...topicArnRules).optional(),
      "The ARN of the SNS topic for failures of tasks. Its policy must allow events.amazonaws.com and cloudwatch.amazonaws.com to publish.",
    ),
  ),
  ...roleSettingsSchema.shape,
  ...accountSettingsSchema.shape,
  portRange: portRangeSchema.optional(),
  previousPortRange: portRangeSchema.optional(),
  ...retainSchema.shape,
  backend: backendField.optional(),
});

/**
 * Services with a state of their own, on a cluster that another state creates.
 *
 * @example
 * const stack = new EcsServiceStack(app, "orders", { values: { clusterName: "prod" } });
 * new Ec2Service(stack, "orders", { cluster: stack.cluster, containerPort: 3000, paths: ["/api/orders*"] });
 */
export class EcsServiceStack extends ReadableStack {
  /** The cluster, for the `cluster` property of each service. */
  readonly cluster: EcsClusterLookup;

  /** @throws {SettingsError} with every problem of the settings, before any resource exists */
  constructor(scope: Construct, id: string, settings: EcsServiceStackSettings = {}) {
    const { values, backend, retain, portRange, previousPortRange, ...others } = validate(
      `EcsServiceStack "${id}"`,
      ecsServiceStackSettingsSchema,
      settings,
    );
    const { permissionsBoundary, rolePath, allowedAccountIds, assumeRole, ...lookup } = others;
    super(scope, id);
    this.setDefaultBackend(backend === false ? false : () => createBackend(this, id, backend));
    this.setRetained(retain);
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM_VERSION);
    const declarations = Object.entries(ecsServiceStackValuesSchema.shape).map(([key, field]) => [
      key,
      { name: variableName(key), field, value: values[key as keyof typeof values] },
    ]);
    const ofRoles = { permissionsBoundary, rolePath };
    const ofAccount = { allowedAccountIds, assumeRole };
    const topic = { name: "alarm_topic_arn", field: ecsServiceStackSettingsSchema.shape.alarmTopicArn };
    const variables = new Variables(this, "variables", {
      ...Object.fromEntries(declarations),
      ...(lookup.alarmTopicArn === undefined ? {} : { alarmTopicArn: { ...topic, value: lookup.alarmTopicArn } }),
      ...roleVariables(ofRoles),
      ...accountVariables(ofAccount),
    });
    setRoleSettings(this, variables, ofRoles);
    const [region, clusterName] = [variables.string("region"), variables.string("clusterName")];
    const tags = hcl`merge({ Cluster = ${clusterName} }, ${variables.variable("tags").value})`;
    createAwsProvider(this, variables, ofAccount, tags);
    this.cluster = new EcsClusterLookup(this, "cluster", {
      ...lookup,
      alarmTopicArn: lookup.alarmTopicArn === undefined ? undefined : variables.string("alarmTopicArn"),
      clusterName,
      region,
      portRange: portRange && new PortRange(portRange),
      previousPortRange: previousPortRange && new PortRange(previousPortRange),
    });
    identifyCluster(this.cluster, this, values.region, values.clusterName);
  }
}
