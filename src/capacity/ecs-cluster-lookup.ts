import { DataAwsAutoscalingGroup } from "@cdktf/provider-aws/lib/data-aws-autoscaling-group";
import { DataAwsAutoscalingGroups } from "@cdktf/provider-aws/lib/data-aws-autoscaling-groups";
import { DataAwsEc2InstanceType } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type";
import { DataAwsEcsClusters } from "@cdktf/provider-aws/lib/data-aws-ecs-clusters";
import { DataAwsResourcegroupstaggingapiResources } from "@cdktf/provider-aws/lib/data-aws-resourcegroupstaggingapi-resources";
import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import type { EcsClusterTarget, InstanceCapacity } from "../cluster/ecs-cluster-target";
import { PortRange } from "../network/port-range";
import { Expression, hcl } from "../terraform/expression";
import { CAPACITY_PURPOSE } from "../terraform/purpose-tags";
import { checkProps } from "../validation/check-props";
import { matches, wholeNumber } from "../validation/rule";
import { nameRules, regionRule } from "../validation/values";
import { PROVIDER_NAME, providerNameRules } from "./capacity-rules";
import { MAIN_CAPACITY } from "./capacity-settings";

/** Which cluster to look for. */
export interface EcsClusterLookupProps {
  /** The cluster's name. */
  readonly clusterName: string;
  /** The region that it is in, which the provider has too. */
  readonly region: string;
  /** Look for the listener too. @default true */
  readonly loadBalancer?: boolean;
  /** Which of the cluster's capacity providers, by its name in `capacityProviders`. @default - the only one, or `main` among several */
  readonly capacity?: string;
  /** What AWS calls that capacity provider. @default - `cp-` and the name of its group without `-instances`, as the cluster's stack names it */
  readonly capacityProviderName?: string;
  /** The dynamic host ports that the cluster was given. @default - 31000-61000 */
  readonly portRange?: PortRange;
  /** `ECS_RESERVED_MEMORY` that the cluster was given, in MiB. @default 0 */
  readonly reservedMemoryMiB?: number;
  /** The key that the cluster was given for logs and ECS Exec sessions, by ARN. @default - AWS's own */
  readonly encryptionKeyArn?: string;
}

const capacityRules = [
  matches(
    PROVIDER_NAME.source,
    "be the name of a capacity provider",
    "Write it as the cluster's capacityProviders does.",
  ),
];
/** As cluster-capacity.ts calls a group. */
const GROUP_SUFFIX = "-instances";

/** What the listener says of itself in its tags; see load-balancer.ts. */
const LISTENER_PURPOSE = "Where services put their rules";

/**
 * A cluster that another state made, found by its name and its tags: no remote state, and no path of one. Everything is
 * looked up in the plural, so that what isn't there is said in words.
 */
export class EcsClusterLookup extends Construct implements EcsClusterTarget {
  readonly cluster: EcsClusterTarget["cluster"];
  readonly capacityProvider: EcsClusterTarget["capacityProvider"];
  readonly loadBalancer?: { readonly listenerArn: string };
  readonly vpc: { readonly vpcId: string };
  readonly portRules: EcsClusterTarget["portRules"];
  readonly region: string;
  readonly instanceCapacity: InstanceCapacity;

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: EcsClusterLookupProps) {
    super(scope, id);
    const { clusterName, region, loadBalancer = true, reservedMemoryMiB = 0 } = props;
    const { capacity, capacityProviderName, portRange = PortRange.defaultOf("amazon-linux-2023") } = props;
    checkProps(this, {
      clusterName: [clusterName, nameRules],
      region: [region, [regionRule]],
      capacity: [capacity, capacityRules],
      capacityProviderName: [capacityProviderName, providerNameRules],
      reservedMemoryMiB: [reservedMemoryMiB, [wholeNumber(0, 1_000_000, "MiB", "It is 0 unless the cluster sets it.")]],
    });
    this.region = region;
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
    this.cluster = {
      clusterName,
      clusterArn:
        hcl`one([for arn in ${clusters.fqn}.cluster_arns : arn if element(split("/", arn), 1) == ${clusterName}])`
          .string,
      logGroupName: `/ecs/${clusterName}`,
      executeCommandKeyArn: props.encryptionKeyArn,
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
            errorMessage: `There must be one security group ${tagged(`Name = ${clusterName}-instances`)}; there are ${found("ids")}. Apply the cluster's stack, which tags its own, and take those tags off other groups.`,
          },
        ],
      },
    });
    this.vpc = { vpcId: hcl`one(${groups.fqn}.vpc_ids)`.string };
    this.portRules = { instanceSecurityGroupId: hcl`one(${groups.fqn}.ids)`.string, portRange };

    if (loadBalancer) {
      const listeners = new DataAwsResourcegroupstaggingapiResources(this, "listeners", {
        resourceTypeFilters: ["elasticloadbalancing:listener"],
        tagFilter: [
          { key: "Cluster", values: [clusterName] },
          { key: "Purpose", values: [LISTENER_PURPOSE] },
        ],
        dependsOn: [clusters],
        lifecycle: {
          postcondition: [
            {
              condition: hcl`${found("resource_tag_mapping_list")} == 1`.string,
              errorMessage: `There must be one listener ${tagged(`Purpose = ${LISTENER_PURPOSE}`)}; there are ${found("resource_tag_mapping_list")}. Give the cluster's stack a load balancer and apply it, or set loadBalancer: false here, for services without a route.`,
            },
          ],
        },
      });
      this.loadBalancer = {
        listenerArn: hcl`one(${listeners.fqn}.resource_tag_mapping_list).resource_arn`.string,
      };
    }
    const { groupName, ...instances } = this.lookUpInstances(capacity, tagged, clusters);
    this.instanceCapacity = { ...instances, reservedMemoryMiB };
    this.capacityProvider = {
      capacityProviderName:
        capacityProviderName ?? hcl`format("cp-%s", trimsuffix(${groupName}, ${GROUP_SUFFIX}))`.string,
    };
  }

  /** The group of the instances says what the capacity is called, how many there may be and of which types. */
  private lookUpInstances(
    capacity: string | undefined,
    tagged: (what: string) => string,
    clusters: DataAwsEcsClusters,
  ): Pick<InstanceCapacity, "details" | "maxSize"> & { readonly groupName: Expression } {
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
            errorMessage: `There is no auto scaling group ${name} ${tagged(`Purpose = ${CAPACITY_PURPOSE}`)}. There are: ${hcl`length(self.names) == 0 ? "none" : join(", ", sort(self.names))`}. Apply the cluster's stack, which tags its own, or name the capacity provider (capacity), which stands between the cluster's name and ${GROUP_SUFFIX}.`,
          },
        ],
      },
    });
    // Whoever has a capacity of one name only needs not say it.
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
    return { groupName, details: types.fqn, maxSize: hcl`sum([for group in ${group.fqn} : group.max_size])`.number };
  }
}
