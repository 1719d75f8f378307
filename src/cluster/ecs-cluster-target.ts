import type { ITerraformDependable } from "cdktf";
import type { PortRange } from "../network/port-range";
import { type Expression, hcl } from "../terraform/expression";

/** What an instance of the cluster has, for the guards that compare it with what services want. */
export interface InstanceCapacity {
  /** `data.aws_ec2_instance_type` by type, as an expression. */
  readonly details: string;
  /** The most instances there may be. */
  readonly maxSize: number;
  /** What the agent keeps from tasks (`ECS_RESERVED_MEMORY`), in MiB. */
  readonly reservedMemoryMiB: number;
  /** Whether any of the instances can mount EFS with encryption. @default - taken to be so */
  readonly mountsFileSystems?: boolean;
  /** Of several capacities, what each one has. @default - one capacity, which has all of it */
  readonly capacities?: readonly (Omit<InstanceCapacity, "capacities"> & {
    /** What it is called among the settings, for messages. */
    readonly name?: string;
    /** As strategies name it. @default - not known: no strategy is held against what its instances can */
    readonly capacityProviderName?: string;
  })[];
}

/**
 * What a service needs to know of its cluster. `EcsClusterStack` and `EcsClusterLookup` are ones; so is an object of
 * constructs that were made one by one.
 */
export interface EcsClusterTarget {
  /** The cluster. */
  readonly cluster: {
    readonly clusterName: string;
    readonly clusterArn: string;
    /** The log group of ECS Exec sessions. */
    readonly logGroupName: string;
    /** The customer's key for logs and ECS Exec sessions. @default - AWS's own */
    readonly executeCommandKeyArn?: string;
  };
  /** The capacity that services run on by default. */
  readonly capacityProvider: {
    readonly capacityProviderName: string;
    readonly association?: ITerraformDependable;
  };
  /** How services spread over several capacities where they name none. @default - `capacityProvider` alone */
  readonly defaultStrategy?: readonly {
    readonly capacityProvider: string;
    readonly base?: number;
    readonly weight?: number;
  }[];
  /** The listener that routes go to. @default - none: services with a route are refused */
  readonly loadBalancer?: { readonly listenerArn: string };
  /** The VPC that the instances are in. */
  readonly vpc: { readonly vpcId: string };
  /** The instances' security group and the host ports that containers get. */
  readonly portRules: { readonly instanceSecurityGroupId: string; readonly portRange: PortRange };
  /** The region that the cluster is in. */
  readonly region: string;
  /** What the instances have. @default - not known: nothing is compared with it */
  readonly instanceCapacity?: InstanceCapacity;
}

/** The ARN of something in the same partition, region and account as something else. */
export function siblingArn(arn: string, service: string, resource: string): Expression {
  const part = (index: number) => hcl`split(":", ${arn})[${index}]`;
  return hcl`join(":", ["arn", ${part(1)}, ${service}, ${part(3)}, ${part(4)}, ${resource}])`;
}

/** The account that something is in. */
export const accountOf = (arn: string): Expression => hcl`split(":", ${arn})[4]`;
