import { DataAwsAutoscalingGroup } from "@cdktf/provider-aws/lib/data-aws-autoscaling-group";
import { DataAwsAutoscalingGroups } from "@cdktf/provider-aws/lib/data-aws-autoscaling-groups";
import { DataAwsEc2InstanceType } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type";
import { DataAwsEcsCluster } from "@cdktf/provider-aws/lib/data-aws-ecs-cluster";
import { DataAwsEcsClusters } from "@cdktf/provider-aws/lib/data-aws-ecs-clusters";
import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbListener } from "@cdktf/provider-aws/lib/data-aws-lb-listener";
import { DataAwsResourcegroupstaggingapiResources } from "@cdktf/provider-aws/lib/data-aws-resourcegroupstaggingapi-resources";
import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { identifyCluster } from "../cluster/cluster-identity";
import {
  type EcsClusterTarget,
  type InstanceCapacity,
  loadBalancerNameRule,
  type NetworkLoadBalancerTarget,
  type PlannedListener,
  ruleQuotaField,
  type ServiceNamespace,
} from "../cluster/ecs-cluster-target";
import { type ExecuteCommandS3, executeCommandS3Schema } from "../cluster/execute-command-s3";
import { allowFrom, allowTo } from "../network/connections";
import { PortRange, portRangeField } from "../network/port-range";
import type { PortRules } from "../network/port-rules";
import { Expression, hcl } from "../terraform/expression";
import {
  CAPACITY_PURPOSE,
  FOR_LISTENERS,
  FOR_ROUTES,
  FOR_SERVICES,
  HTTPS_OUTBOUND_TAG,
  LOAD_BALANCER_TAG,
} from "../terraform/purpose-tags";
import { clusterNameRules, kmsKeyArnRule, regionRule, topicArnRules } from "../validation/aws-rules";
import { distinctElements, wholeNumber } from "../validation/rule";
import { boolean, deferReads, list, number, plain, schemaOf, string } from "../validation/schema";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import { capacityProviderNameRules } from "./asg-capacity-provider";
import { capacityNameRule, MAIN_CAPACITY } from "./capacity-values";

/** How to find the parts of a cluster of another state. */
export interface ClusterLookupSettings {
  /** Looks up the listener of the load balancer. Without it, services cannot have a route. @default true */
  readonly loadBalancer?: boolean;
  /** Looks up the listeners of other load balancers, by their names in `loadBalancers` of the cluster. @default - none */
  readonly loadBalancers?: readonly string[];
  /**
   * The most rules of each of these load balancers. AWS raises its quota "Rules per Application Load Balancer" on request, for all load
   * balancers of the account in a region.
   * @default 100
   */
  readonly ruleQuota?: number;
  /** Looks up Network Load Balancers, by their names in `networkLoadBalancers` of the cluster. @default - none */
  readonly networkLoadBalancers?: readonly string[];
  /** The capacity provider that services use, by its name in `capacityProviders`. @default - the only one, or `main` of several */
  readonly capacity?: string;
  /** The name of that capacity provider in AWS. @default - `cp-` and the name of its group without `-instances` */
  readonly capacityProviderName?: string;
  /** The memory in MiB that the agent of the cluster reserves (`ECS_RESERVED_MEMORY`). @default 0 */
  readonly reservedMemoryMiB?: number;
  /**
   * Compare services with what the instances have, at plan. `false` is for a cluster that is over-committed on purpose.
   * @default true
   */
  readonly capacityGuards?: boolean;
  /** Whether the instances have a trunk network interface (`awsvpcTrunking` of the cluster). @default false */
  readonly awsvpcTrunking?: boolean;
  /** The customer managed key of the cluster for logs and ECS Exec sessions, by ARN. @default - a key that AWS owns */
  readonly encryptionKeyArn?: string;
  /** The bucket for the output of ECS Exec sessions (`executeCommandS3` of the cluster). @default - none */
  readonly executeCommandS3?: ExecuteCommandS3;
  /** The key of the EBS volumes of tasks that name no key, by ARN (`managedStorageEncryption` of the cluster). @default - the account's key for EBS, `aws/ebs` */
  readonly managedStorageKeyArn?: string;
  /**
   * The SNS topic of the cluster's alarms, which also get failed deployments of all services. `alarms` of services, and scheduled and
   * one-off tasks use it too. With `EcsServiceStack`, it adds the variable `alarm_topic_arn`, with this default. A reference to a topic
   * of the app replaces the variable.
   * @default - none: each service with `alarms` has a topic of its own, and tasks report nothing
   */
  readonly alarmTopicArn?: string;
}

/** The field of the names of load balancers. @param setting the setting of the cluster that has the names */
function balancerNames(setting: string) {
  const must = `be the name of a load balancer in ${setting} of the cluster`;
  return list(
    plain(string({ ...loadBalancerNameRule, must })),
    distinctElements(0, 50, "load balancers", "List each name once."),
  ).default([]);
}

export const clusterLookupSettingsSchema = schemaOf<ClusterLookupSettings>()({
  loadBalancer: plain(boolean()).default(true),
  loadBalancers: balancerNames("loadBalancers"),
  networkLoadBalancers: balancerNames("networkLoadBalancers"),
  ruleQuota: ruleQuotaField,
  capacity: string({ ...capacityNameRule, must: "be the name of a capacity provider in capacityProviders" }).optional(),
  capacityProviderName: string(...capacityProviderNameRules).optional(),
  reservedMemoryMiB: number(
    wholeNumber(0, 65_535, "MiB", "Use the cluster's reservedMemoryMiB, or remove it for 0."),
  ).default(0),
  capacityGuards: plain(boolean()).default(true),
  awsvpcTrunking: plain(boolean()).default(false),
  encryptionKeyArn: string().optional(),
  executeCommandS3: executeCommandS3Schema.optional(),
  managedStorageKeyArn: string(kmsKeyArnRule).optional(),
  alarmTopicArn: string(...topicArnRules.slice(0, 1)).optional(),
});

/** The cluster to look up. */
export interface EcsClusterLookupProps extends ClusterLookupSettings {
  /** The name of the cluster. */
  readonly clusterName: string;
  /** The region of the cluster, which is also the region of the provider. */
  readonly region: string;
  /** The dynamic host ports of the cluster. @default - 31000 to 61000 */
  readonly portRange?: PortRange;
  /** The range of instances that are being replaced. Service Connect uses it too. @default - none */
  readonly previousPortRange?: PortRange;
}

export const ecsClusterLookupPropsSchema = schemaOf<EcsClusterLookupProps>()({
  clusterName: string(...clusterNameRules),
  region: string(regionRule),
  ...clusterLookupSettingsSchema.shape,
  portRange: portRangeField.optional(),
  previousPortRange: portRangeField.optional(),
});

/** The end of the name of a group. {@link AsgCapacityProvider} uses it too. */
const GROUP_SUFFIX = "-instances";

/** The load balancer of a cluster of another state. Its lookups exist only if you use more than the listener. */
export class LoadBalancerLookup {
  /** The listener that receives the rules of services. */
  readonly listenerArn: string;
  private listener?: DataAwsLbListener;
  private balancer?: DataAwsLb;

  constructor(
    private readonly scope: Construct,
    /** The start of the ids of the lookups. */
    private readonly prefix: string,
    /** The listener, as an element of `resource_tag_mapping_list`. */
    private readonly mapping: Expression,
    /** The most rules of the load balancer. */
    readonly ruleQuota: number,
  ) {
    this.listenerArn = hcl`${mapping}.resource_arn`.string;
    deferReads(this);
  }

  /** What a plan compares routes with that need HTTPS, or an identity provider. */
  get planned(): PlannedListener {
    return {
      protocol: this.lookUpListener().protocol,
      allowHttpsOutbound: hcl`lookup(${this.mapping}.tags, ${HTTPS_OUTBOUND_TAG}, "false")`.string,
    };
  }

  /** The DNS name of the load balancer, for a CNAME or alias record. */
  get loadBalancerDnsName(): string {
    return this.lookUp().dnsName;
  }

  /** The id of the load balancer's hosted zone, for an alias record in Route 53. */
  get loadBalancerCanonicalHostedZoneId(): string {
    return this.lookUp().zoneId;
  }

  /** The id of the load balancer's security group. */
  get securityGroupId(): string {
    return hcl`sort(${this.lookUp().fqn}.security_groups)[0]`.string;
  }

  private lookUpListener(): DataAwsLbListener {
    this.listener ??= new DataAwsLbListener(this.scope, `${this.prefix}listener`, { arn: this.listenerArn });
    return this.listener;
  }

  private lookUp(): DataAwsLb {
    this.balancer ??= new DataAwsLb(this.scope, `${this.prefix}load_balancer`, {
      arn: this.lookUpListener().loadBalancerArn,
    });
    return this.balancer;
  }
}

/**
 * A cluster of another Terraform state. It is found by its name and its tags, so it needs neither remote state nor the
 * path of the other state. Most lookups are plural, because only those can report a missing resource with a fix.
 */
export class EcsClusterLookup extends Construct implements EcsClusterTarget {
  readonly cluster: EcsClusterTarget["cluster"];
  readonly capacityProvider: EcsClusterTarget["capacityProvider"];
  readonly loadBalancer?: LoadBalancerLookup;
  readonly loadBalancers: Readonly<Record<string, LoadBalancerLookup>>;
  readonly networkLoadBalancers: Readonly<Record<string, NetworkLoadBalancerTarget>>;
  readonly vpc: { readonly vpcId: string; readonly instanceSubnetIds: string[] };
  readonly portRules: EcsClusterTarget["portRules"] & Pick<PortRules, "allowTo" | "allowFrom">;
  readonly region: string;
  readonly instanceCapacity: InstanceCapacity;
  readonly capacityGuards: boolean;
  readonly alarmTopicArn?: string;
  private namespace?: ServiceNamespace;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: EcsClusterLookupProps) {
    super(scope, id);
    deferReads(this);
    const settings = validate(this, ecsClusterLookupPropsSchema, props);
    const { clusterName, region, loadBalancer, capacity, capacityProviderName, reservedMemoryMiB } = settings;
    const { portRange = PortRange.defaultOf("amazon-linux-2023"), previousPortRange } = settings;
    this.region = region;
    this.capacityGuards = settings.capacityGuards;
    this.alarmTopicArn = settings.alarmTopicArn;
    const tagged = (what: string) => `tagged Cluster = ${clusterName} in ${region}, ${what}`;

    const clusters = new DataAwsEcsClusters(this, "resource", {
      lifecycle: {
        postcondition: [
          {
            condition: hcl`contains([for arn in self.cluster_arns : element(split("/", arn), 1)], ${clusterName})`
              .string,
            errorMessage: `There is no ECS cluster ${clusterName} in ${region}. There are: ${hcl`length(self.cluster_arns) == 0 ? "none" : join(", ", [for arn in self.cluster_arns : element(split("/", arn), 1)])`}. Apply the cluster's stack first, or correct cluster_name or region.`,
          },
        ],
      },
    });
    this.node.defaultChild = clusters;
    this.cluster = {
      clusterName,
      clusterArn:
        hcl`one([for arn in ${clusters.fqn}.cluster_arns : arn if element(split("/", arn), 1) == ${clusterName}])`
          .string,
      logGroupName: `/ecs/${clusterName}`,
      executeCommandKeyArn: settings.encryptionKeyArn,
      executeCommandS3: settings.executeCommandS3,
      managedStorageKeyArn: settings.managedStorageKeyArn,
    };
    const found = (list: string) => new Expression([`length(self.${list})`], []);
    const groups = new DataAwsSecurityGroups(this, "security_groups", {
      filter: [
        { name: "tag:Cluster", values: [clusterName] },
        { name: "tag:Name", values: [`${clusterName}-instances`] },
      ],
      dependsOn: [clusters],
      lifecycle: {
        postcondition: [
          {
            condition: hcl`${found("ids")} == 1`.string,
            errorMessage: `There must be one security group ${tagged(`Name = ${clusterName}-instances`)}; there are ${found("ids")}. Apply the cluster's stack, which sets these tags, and remove them from other security groups.`,
          },
        ],
      },
    });
    const instanceSecurityGroupId = hcl`one(${groups.fqn}.ids)`.string;
    this.portRules = {
      instanceSecurityGroupId,
      portRange,
      previousPortRange,
      allowTo: (...connection) => allowTo(this, instanceSecurityGroupId, ...connection),
      allowFrom: (...connection) => allowFrom(this, instanceSecurityGroupId, ...connection),
    };

    /** Returns the only resource of a kind with tags, with its ARN and all its tags. */
    const lookUpTagged = (id: string, kind: string, tags: Readonly<Record<string, string>>, fix: string) => {
      const resources = new DataAwsResourcegroupstaggingapiResources(this, id, {
        resourceTypeFilters: [`elasticloadbalancing:${kind.replace(" ", "")}`],
        tagFilter: Object.entries({ Cluster: clusterName, ...tags }).map(([key, value]) => ({ key, values: [value] })),
        dependsOn: [clusters],
        lifecycle: {
          postcondition: [
            {
              condition: hcl`${found("resource_tag_mapping_list")} == 1`.string,
              errorMessage: `There must be one ${kind} ${tagged(
                Object.entries(tags)
                  .map(([key, value]) => `${key} = ${value}`)
                  .join(", "),
              )}; there are ${found("resource_tag_mapping_list")}. ${fix}`,
            },
          ],
        },
      });
      return hcl`one(${resources.fqn}.resource_tag_mapping_list)`;
    };
    const addTo = (setting: string, name: string) =>
      `Add ${name} to ${setting} of the cluster's stack and apply it, or remove it from ${setting} of the lookup.`;
    const lookUpListener = (name?: string) => {
      const prefix = name === undefined ? "" : `${name}_`;
      const mapping =
        name === undefined
          ? lookUpTagged(
              "listeners",
              "listener",
              { Purpose: FOR_SERVICES },
              "Enable the load balancer of the cluster's stack and apply it, or set loadBalancer to false for services without a route.",
            )
          : lookUpTagged(
              `${prefix}listeners`,
              "listener",
              { Purpose: FOR_ROUTES, [LOAD_BALANCER_TAG]: name },
              addTo("loadBalancers", name),
            );
      return new LoadBalancerLookup(this, prefix, mapping, settings.ruleQuota);
    };
    const lookUpNetworkLoadBalancer = (name: string): NetworkLoadBalancerTarget => {
      const mapping = lookUpTagged(
        `${name}_load_balancers`,
        "load balancer",
        { Purpose: FOR_LISTENERS, [LOAD_BALANCER_TAG]: name },
        addTo("networkLoadBalancers", name),
      );
      const loadBalancerArn = hcl`${mapping}.resource_arn`.string;
      const balancer = new DataAwsLb(this, `${name}_load_balancer`, { arn: loadBalancerArn });
      return { loadBalancerArn, securityGroupId: hcl`sort(${balancer.fqn}.security_groups)[0]`.string };
    };
    if (loadBalancer) this.loadBalancer = lookUpListener();
    this.loadBalancers = Object.fromEntries(settings.loadBalancers.map((name) => [name, lookUpListener(name)]));
    this.networkLoadBalancers = Object.fromEntries(
      settings.networkLoadBalancers.map((name) => [name, lookUpNetworkLoadBalancer(name)]),
    );
    const { groupName, subnetIds, ...instances } = this.lookUpInstances(capacity, tagged, clusters);
    this.vpc = { vpcId: hcl`one(${groups.fqn}.vpc_ids)`.string, instanceSubnetIds: subnetIds };
    this.instanceCapacity = { ...instances, reservedMemoryMiB, awsvpcTrunking: settings.awsvpcTrunking };
    this.capacityProvider = {
      capacityProviderName:
        capacityProviderName ?? hcl`format("cp-%s", trimsuffix(${groupName}, ${GROUP_SUFFIX}))`.string,
    };
    if (!isToken(region) && !isToken(clusterName)) identifyCluster(this, this, region, clusterName);
  }

  /** The default namespace of the cluster, which is looked up when a service names none. */
  get serviceConnectNamespace(): ServiceNamespace {
    this.namespace ??= this.lookUpNamespace();
    return this.namespace;
  }

  private lookUpNamespace(): ServiceNamespace {
    const { clusterName, clusterArn } = this.cluster;
    const cluster = new DataAwsEcsCluster(this, "cluster", {
      // The name in the ARN, so that a missing cluster is reported first.
      clusterName: hcl`element(split("/", ${clusterArn}), 1)`.string,
      lifecycle: {
        postcondition: [
          {
            condition: hcl`length(self.service_connect_defaults) == 1`.string,
            errorMessage: `The ECS cluster ${clusterName} in ${this.region} has no default namespace. Set defaultCloudMapNamespace of the cluster's stack and apply it, or name the namespace in the service.`,
          },
        ],
      },
    });
    return { namespaceArn: hcl`one(${cluster.fqn}.service_connect_defaults).namespace`.string };
  }

  /** Looks up the group of the instances: its name, its largest size and its instance types. */
  private lookUpInstances(
    capacity: string | undefined,
    tagged: (what: string) => string,
    clusters: DataAwsEcsClusters,
  ): Pick<InstanceCapacity, "details" | "maxSize" | "spot"> & {
    readonly groupName: Expression;
    readonly subnetIds: string[];
  } {
    const { clusterName } = this.cluster;
    const wanted = capacity === undefined || capacity === MAIN_CAPACITY ? clusterName : `${clusterName}-${capacity}`;
    const name = `${wanted}${GROUP_SUFFIX}`;
    const groups = new DataAwsAutoscalingGroups(this, "autoscaling_groups", {
      filter: [
        { name: "tag:Cluster", values: [clusterName] },
        { name: "tag:Purpose", values: [CAPACITY_PURPOSE] },
      ],
      dependsOn: [clusters],
      lifecycle: {
        postcondition: [
          {
            condition: (capacity === undefined
              ? hcl`length(self.names) == 1 || contains(self.names, ${name})`
              : hcl`contains(self.names, ${name})`
            ).string,
            errorMessage: `There is no Auto Scaling group ${name} ${tagged(`Purpose = ${CAPACITY_PURPOSE}`)}. There are: ${hcl`length(self.names) == 0 ? "none" : join(", ", sort(self.names))`}. Apply the cluster's stack, which sets these tags, or set capacity to the part between the cluster's name and ${GROUP_SUFFIX}.`,
          },
        ],
      },
    });
    // A cluster with a single group needs no `capacity`, whatever the name of the group.
    const groupName =
      capacity === undefined
        ? hcl`contains(${groups.fqn}.names, ${name}) ? ${name} : one(${groups.fqn}.names)`
        : hcl`${name}`;
    const chosen = hcl`[for name in ${groups.fqn}.names : name if name == (${groupName})]`;
    const each = TerraformIterator.fromList(chosen.list);
    const group = new DataAwsAutoscalingGroup(this, "autoscaling_group", { forEach: each, name: each.value });
    const names = hcl`distinct(compact(flatten([for group in ${group.fqn} : group.mixed_instances_policy[*].launch_template[*].override[*].instance_type])))`;
    const eachType = TerraformIterator.fromList(names.list);
    const types = new DataAwsEc2InstanceType(this, "instance_types", {
      forEach: eachType,
      instanceType: eachType.value,
    });
    const onDemand = hcl`flatten([for group in ${group.fqn} : group.mixed_instances_policy[*].instances_distribution[*].on_demand_percentage_above_base_capacity])`;
    const subnets = hcl`flatten([for group in ${group.fqn} : split(",", group.vpc_zone_identifier)])`;
    return {
      groupName,
      subnetIds: hcl`sort(distinct(${subnets}))`.list,
      details: types.fqn,
      maxSize: hcl`sum([for group in ${group.fqn} : group.max_size])`.number,
      spot: hcl`anytrue([for percentage in ${onDemand} : percentage < 100])` as unknown as boolean,
    };
  }
}
