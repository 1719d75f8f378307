import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { EcsClusterLookup } from "../capacity/ecs-cluster-lookup";
import { PortRange, type PortRangeProps } from "../network/port-range";
import { hcl } from "../terraform/expression";
import { ReadableStack } from "../terraform/readable-stack";
import { propMistakes } from "../validation/check-props";
import { SettingsError } from "../validation/settings-error";
import { tagsRules } from "../validation/tag-rules";
import { nameRules, regionRule } from "../validation/values";
import { declare } from "../validation/variables";
import { declareBackend } from "./backend";
import type { BackendSettings } from "./settings";

/** Versions that the synthesized JSON needs. */
const REQUIRED_TERRAFORM_VERSION = ">= 1.10";

/** Structure of a stack of services, and values for the defaults of its variables. */
export interface EcsServiceStackSettings {
  /** Values for the variables' defaults, each checked by the variable's own rule. */
  readonly values?: {
    /** `region`. @default "ap-northeast-2" */
    readonly region?: string;
    /** `cluster_name`: the cluster that another state made. @default "ecs" */
    readonly clusterName?: string;
    /** `tags`: for everything that takes tags. @default {} */
    readonly tags?: Readonly<Record<string, string>>;
  };
  /** Look for the cluster's listener too. @default true */
  readonly loadBalancer?: boolean;
  /** Which of the cluster's capacity providers, by its name in `capacityProviders`. @default - the only one, or `main` among several */
  readonly capacity?: string;
  /** What AWS calls that capacity provider. @default - as the cluster's stack names it */
  readonly capacityProviderName?: string;
  /** The dynamic host ports that the cluster was given. @default - 31000-61000 */
  readonly portRange?: PortRangeProps;
  /** `ECS_RESERVED_MEMORY` that the cluster was given, in MiB. @default 0 */
  readonly reservedMemoryMiB?: number;
  /** The key that the cluster was given for logs and ECS Exec sessions, by ARN. @default - AWS's own */
  readonly encryptionKeyArn?: string;
  /** Where Terraform keeps the state. @default - local: `terraform.<stack id>.tfstate` beside `cdktf.json` */
  readonly backend?: BackendSettings;
}

/**
 * Services in a state of their own, on a cluster that another state made.
 *
 * @example
 * const stack = new EcsServiceStack(app, "orders", { values: { clusterName: "prod" } });
 * new Ec2Service(stack, "orders", { cluster: stack.cluster, containerPort: 3000, paths: ["/api/orders*"] });
 */
export class EcsServiceStack extends ReadableStack {
  /** The cluster, to give to each service. */
  readonly cluster: EcsClusterLookup;

  /** @throws {SettingsError} with every mistake at once, before any construct exists */
  constructor(scope: Construct, id: string, settings: EcsServiceStackSettings = {}) {
    const { values = {}, portRange, backend } = settings;
    const { region = "ap-northeast-2", clusterName = "ecs", tags = {} } = values;
    const mistakes = [
      ...propMistakes({
        "values.region: region": [region, [regionRule]],
        "values.clusterName: cluster_name": [clusterName, nameRules],
        "values.tags: tags": [tags, tagsRules],
      }),
      ...(portRange ? PortRange.mistakes(portRange) : []),
    ];
    if (mistakes.length > 0) throw new SettingsError(`EcsServiceStack "${id}"`, mistakes);
    super(scope, id);
    // Relative to cdktf.out/stacks/<id>, where Terraform runs.
    declareBackend(this, id, backend ?? { local: `../../../terraform.${id}.tfstate` });
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM_VERSION);

    const regionVariable = declare(this, {
      name: "region",
      type: "string",
      description: "The AWS region that the cluster is in.",
      default: region,
      rules: [regionRule],
    }).stringValue;
    const clusterNameVariable = declare(this, {
      name: "cluster_name",
      type: "string",
      description: "The ECS cluster that the services run on, which has a state of its own.",
      default: clusterName,
      rules: nameRules,
    }).stringValue;
    const tagsVariable = declare(this, {
      name: "tags",
      type: "map(string)",
      description: "Tags for everything that takes tags.",
      default: tags,
      rules: tagsRules,
    });
    new AwsProvider(this, "aws", {
      region: regionVariable,
      defaultTags: [{ tags: hcl`merge({ Cluster = ${clusterNameVariable} }, ${tagsVariable.value})`.map }],
    });
    this.cluster = new EcsClusterLookup(this, "cluster", {
      clusterName: clusterNameVariable,
      region: regionVariable,
      loadBalancer: settings.loadBalancer,
      capacity: settings.capacity,
      capacityProviderName: settings.capacityProviderName,
      portRange: portRange && new PortRange(portRange),
      reservedMemoryMiB: settings.reservedMemoryMiB,
      encryptionKeyArn: settings.encryptionKeyArn,
    });
  }
}
