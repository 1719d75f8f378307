import type { ITerraformDependable } from "cdktf";
import type { Cluster } from "../cluster/cluster";
import type { KeyReference } from "../cluster/encryption-key";
import type { InstanceProfileReference } from "../iam/instance-role";
import { AgentConfig } from "../instances/agent-config";
import { EcsOptimizedImage } from "../instances/ecs-optimized-image";
import { instanceOptionsSchema } from "../instances/instance-options";
import { InstanceRequirements } from "../instances/instance-requirements";
import type { InstanceSelection } from "../instances/instance-selection";
import { InstanceTypes } from "../instances/instance-types";
import type { KeyPair } from "../instances/key-pair";
import { LaunchTemplate } from "../instances/launch-template";
import { LookupMachineImage, type MachineImage } from "../instances/lookup-machine-image";
import { UserData } from "../instances/user-data";
import type { DefaultVpc } from "../network/default-vpc";
import type { PortRules } from "../network/port-rules";
import type { Expression } from "../terraform/expression";
import type { ReadableStack } from "../terraform/readable-stack";
import { partOf } from "../validation/schema";
import type { Variables } from "../validation/variables";
import { AsgCapacityProvider, groupSchema } from "./asg-capacity-provider";
import { agentConfigProps, hooksOf, type ResolvedCapacity, shellLines } from "./capacity-settings";
import { type CapacityValues, capacityKey, MAIN_CAPACITY, prefixOf } from "./capacity-values";

/** The constructs and settings that the capacities of a stack share. */
export interface SharedParts {
  readonly name: string;
  readonly cluster: Cluster;
  readonly role: InstanceProfileReference;
  readonly portRules: PortRules;
  readonly keyPair?: KeyPair;
  readonly encryptionKey?: KeyReference;
  readonly publicAddress: boolean;
  readonly securityGroupIds?: string[];
  readonly tags: Expression;
  /** Whether the group makes its capacity provider the only one of the cluster. */
  readonly association: boolean;
  readonly groupMetrics: boolean;
  /** What must exist before the instances. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The constructs of one capacity. */
export interface CreatedCapacity {
  readonly name: string;
  readonly image: MachineImage;
  readonly launchTemplate: LaunchTemplate;
  readonly group: AsgCapacityProvider;
  readonly adminContainer?: boolean;
}

/** Creates the constructs of one capacity. The stack calls each step at its place in the build order. */
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

  /** Looks up the AMI. */
  image(): MachineImage {
    const { ami, amiFamily: family } = this.capacity;
    if (ami !== "ecs-optimized") {
      return new LookupMachineImage(this.stack, `${this.prefix}image`, {
        instanceTypes: this.instanceTypes,
        family,
        ...(ami === "existing" ? { imageId: this.variables.string(this.key("amiId")) } : { filter: ami }),
      });
    }
    return new EcsOptimizedImage(this.stack, `${this.prefix}image`, {
      instanceTypes: this.instanceTypes,
      family,
      version: this.variables.string(this.key("amiVersion")),
    });
  }

  /** Creates the launch template and the group. */
  group(image: MachineImage, shared: SharedParts): CreatedCapacity {
    const { name, bottlerocket } = this.capacity;
    const { cluster, association, groupMetrics, tags, dependsOn } = shared;
    const launchTemplate = this.launchTemplate(image, shared);
    const group = new AsgCapacityProvider(this.stack, `${this.prefix}capacity`, {
      ...partOf(groupSchema, this.capacity),
      lifecycleHooks: hooksOf(this.capacity),
      cluster,
      launchTemplate,
      name: this.named(shared.name),
      minSize: this.minSize,
      maxSize: this.maxSize,
      desiredSize: this.variables.number(this.key("desiredSize")),
      association,
      groupMetrics,
      tags: tags.map,
      dependsOn,
    });
    return { name, image, launchTemplate, group, adminContainer: bottlerocket?.adminContainer };
  }

  private launchTemplate(image: MachineImage, shared: SharedParts): LaunchTemplate {
    const { volumes, detailedMonitoring } = this.capacity;
    const { cluster, role, portRules, keyPair, encryptionKey, publicAddress, securityGroupIds, tags } = shared;
    const { portRange } = portRules;
    const agentConfig = new AgentConfig(
      agentConfigProps(this.capacity, { clusterName: cluster.clusterName, portRange }),
    );
    return new LaunchTemplate(this.stack, `${this.prefix}launch_template`, {
      name: this.named(shared.name),
      instanceTypes: this.instanceTypes,
      image,
      role,
      portRules,
      userData: new UserData({
        agentConfig,
        extraLines: shellLines(this.capacity, `${this.named(shared.name)}-instances`),
      }),
      keyPair,
      volumes,
      detailedMonitoring,
      securityGroupIds,
      publicAddress,
      encryptionKey,
      rootVolumeGib: this.variables.number(this.key("rootVolumeGib")),
      tags: tags.map,
      ...partOf(instanceOptionsSchema, this.capacity),
    });
  }

  private key(value: keyof CapacityValues): string {
    return capacityKey(this.capacity.name, value);
  }

  private named(name: string): string {
    return this.capacity.name === MAIN_CAPACITY ? name : `${name}-${this.capacity.name}`;
  }
}
