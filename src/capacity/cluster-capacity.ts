import type { Cluster } from "../cluster/cluster";
import type { EncryptionKey } from "../cluster/encryption-key";
import type { InstanceRole } from "../iam/instance-role";
import { AgentConfig } from "../instances/agent-config";
import { EcsOptimizedImage } from "../instances/ecs-optimized-image";
import { InstanceRequirements } from "../instances/instance-requirements";
import type { InstanceSelection } from "../instances/instance-selection";
import { InstanceTypes } from "../instances/instance-types";
import type { KeyPair } from "../instances/key-pair";
import { LaunchTemplate } from "../instances/launch-template";
import { UserData } from "../instances/user-data";
import { mountLines } from "../instances/volumes";
import type { DefaultVpc } from "../network/default-vpc";
import type { PortRules } from "../network/port-rules";
import type { CapacityValues } from "../stacks/cluster-values";
import { capacityKey } from "../stacks/value-table";
import type { Expression } from "../terraform/expression";
import type { ReadableStack } from "../terraform/readable-stack";
import type { Variables } from "../validation/variables";
import { AsgCapacityProvider } from "./asg-capacity-provider";
import { MAIN_CAPACITY, prefixOf } from "./capacity-settings";
import { usesSpot } from "./instances-distribution";
import type { ResolvedCapacity } from "./resolve-capacity";

/** What the capacities of a stack share. */
export interface SharedParts {
  readonly name: string;
  readonly cluster: Cluster;
  readonly role: InstanceRole;
  readonly portRules: PortRules;
  readonly keyPair?: KeyPair;
  readonly encryptionKey?: EncryptionKey;
  readonly publicAddress: boolean;
  readonly securityGroupIds?: string[];
  readonly tags: Expression;
  /** Whether the group makes its provider the cluster's only one. */
  readonly association: boolean;
  readonly groupMetrics: boolean;
}

/** One capacity, made. */
export interface MadeCapacity {
  readonly name: string;
  readonly image: EcsOptimizedImage;
  readonly launchTemplate: LaunchTemplate;
  readonly group: AsgCapacityProvider;
  readonly adminContainer?: boolean;
}

/**
 * One capacity's part of the wiring: the stack makes one for each of its capacities, and calls each step where it stands
 * in the build order.
 */
export class ClusterCapacityParts {
  readonly instanceTypes: InstanceSelection;
  private readonly prefix: string;

  constructor(
    private readonly stack: ReadableStack,
    readonly capacity: ResolvedCapacity,
    private readonly variables: Variables,
    where: { readonly vpc: DefaultVpc; readonly region: string },
  ) {
    this.prefix = prefixOf(capacity.name);
    const { instanceRequirements } = capacity;
    this.instanceTypes = instanceRequirements
      ? new InstanceRequirements(instanceRequirements, where.vpc)
      : new InstanceTypes(stack, `${this.prefix}instance_types`, {
          instanceTypes: variables.list(this.key("instanceTypes")),
          variable: `${this.prefix}instance_types`,
          ...where,
        });
  }

  /** The fewest instances. */
  get minSize(): number {
    return this.variables.number(this.key("minSize"));
  }

  /** The most instances. */
  get maxSize(): number {
    return this.variables.number(this.key("maxSize"));
  }

  image(): EcsOptimizedImage {
    return new EcsOptimizedImage(this.stack, `${this.prefix}image`, {
      instanceTypes: this.instanceTypes,
      family: this.capacity.amiFamily,
      version: this.variables.string(this.key("amiVersion")),
    });
  }

  /** The launch template and the group, which is as far as one capacity goes by itself. */
  group(image: EcsOptimizedImage, shared: SharedParts): MadeCapacity {
    const launchTemplate = this.launchTemplate(image, shared);
    const { name, ...capacity } = this.capacity;
    const group = new AsgCapacityProvider(this.stack, `${this.prefix}capacity`, {
      cluster: shared.cluster,
      launchTemplate,
      name: this.named(shared.name),
      minSize: this.minSize,
      maxSize: this.maxSize,
      desiredSize: this.variables.number(this.key("desiredSize")),
      targetCapacity: capacity.targetCapacity,
      spot: capacity.spot,
      instancesDistribution: capacity.instancesDistribution,
      capacityRebalance: capacity.capacityRebalance,
      terminationProtection: capacity.terminationProtection,
      managedScaling: capacity.managedScaling,
      instanceRefresh: capacity.instanceRefresh,
      maxInstanceLifetimeDays: capacity.maxInstanceLifetimeDays,
      schedules: capacity.schedules,
      warmPool: capacity.warmPool,
      lifecycleHooks: capacity.lifecycleHooks,
      placementGroup: capacity.placementGroup,
      partitionCount: capacity.partitionCount,
      association: shared.association,
      groupMetrics: shared.groupMetrics,
      tags: shared.tags.map,
    });
    return { name, image, launchTemplate, group, adminContainer: capacity.bottlerocket?.adminContainer };
  }

  private launchTemplate(image: EcsOptimizedImage, shared: SharedParts): LaunchTemplate {
    const { volumes, detailedMonitoring, amiFamily, agent, warmPool, bottlerocket, extraUserData } = this.capacity;
    const { cluster, role, portRules, keyPair, encryptionKey, publicAddress, tags } = shared;
    const agentConfig = new AgentConfig({
      clusterName: cluster.clusterName,
      family: amiFamily,
      portRange: portRules.portRange,
      bottlerocket,
      spotDraining: usesSpot(this.capacity),
      // What waits in a warm pool must not join the cluster.
      options: warmPool ? { ...agent, warmPoolsCheck: true } : agent,
    });
    return new LaunchTemplate(this.stack, `${this.prefix}launch_template`, {
      name: this.named(shared.name),
      instanceTypes: this.instanceTypes,
      image,
      role,
      portRules,
      userData: new UserData({ agentConfig, extraLines: [...mountLines(volumes ?? {}), ...extraUserData] }),
      keyPair,
      volumes,
      detailedMonitoring,
      securityGroupIds: shared.securityGroupIds,
      publicAddress,
      encryptionKey,
      rootVolumeGib: this.variables.number(this.key("rootVolumeGib")),
      tags: tags.map,
    });
  }

  private key(key: keyof CapacityValues) {
    return capacityKey(this.capacity.name, key);
  }

  private named(name: string): string {
    return this.capacity.name === MAIN_CAPACITY ? name : `${name}-${this.capacity.name}`;
  }
}
