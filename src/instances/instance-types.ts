import { DataAwsEc2InstanceType } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type";
import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import { TerraformIterator, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import type { DefaultVpc } from "../network/default-vpc";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { checkProps } from "../validation/check-props";
import { instanceTypesRules } from "../validation/values";
import type { InstanceSelection } from "./instance-selection";

/** The types to look up, and where they are to run. */
export interface InstanceTypesProps {
  /** The instance types, in order of preference. 1 to 40. */
  readonly instanceTypes: string[];
  /** The VPC whose subnets the instances may run in. */
  readonly vpc: DefaultVpc;
  /** The region, for messages. */
  readonly region: string;
  /** What the caller calls the types, for messages. @default "instance_types" */
  readonly variable?: string;
}

/**
 * What EC2 says of the instance types at plan: where they are offered, their architecture, their GPUs. Whatever takes
 * them takes the guards too, so that a type that isn't there is named with what to do about it.
 */
export class InstanceTypes extends Construct implements InstanceSelection {
  /** What the caller calls the types. */
  readonly variable: string;
  /** The types as they were asked for. */
  readonly names: string[];
  /** The VPC's subnets in zones that offer at least one of the types. */
  readonly subnetIds: string[];
  /** The zones that those subnets are in, sorted. */
  readonly zones: string[];
  /** Whether they are arm64, as an expression. */
  readonly isArm64: string;
  /** Whether they have NVIDIA GPUs, as an expression. */
  readonly hasGpu: string;
  /** Whether they have AWS Neuron devices (Inferentia, Trainium), as an expression. */
  readonly hasNeuron: string;
  /** Every type is known to the region, and they agree on architecture, GPUs and Neuron devices. */
  readonly guards: readonly Guard[];
  /** At least one of the VPC's zones offers at least one of the types. */
  readonly zoneGuard: Guard;
  /** `data.aws_ec2_instance_type` by type, for those that the region knows. */
  readonly details: string;

  constructor(scope: Construct, id: string, props: InstanceTypesProps) {
    super(scope, id);
    const { instanceTypes, vpc, region, variable = "instance_types" } = props;
    checkProps(this, { instanceTypes: [instanceTypes, instanceTypesRules] });
    this.names = instanceTypes;
    this.variable = variable;

    // Answers with an empty list for a type that the region doesn't know, where a lookup of the type itself would fail.
    const offerings = new DataAwsEc2InstanceTypeOfferings(this, "offerings", {
      filter: [{ name: "instance-type", values: instanceTypes }],
      locationType: "availability-zone",
    });
    const each = TerraformIterator.fromList(hcl`distinct(${offerings.fqn}.instance_types)`.list);
    const types = new DataAwsEc2InstanceType(this, "resource", { forEach: each, instanceType: each.value });
    this.details = types.fqn;

    const architecture = new TerraformLocal(
      this,
      "architecture",
      hcl`{ for name, type in ${types.fqn} : name => contains(type.supported_architectures, "arm64") ? "arm64" : "x86_64" }`,
    );
    const gpu = new TerraformLocal(
      this,
      "gpu",
      hcl`{ for name, type in ${types.fqn} : name => anytrue([for gpu in type.gpus : gpu.manufacturer == "NVIDIA"]) }`,
    );
    this.isArm64 = hcl`contains(values(${architecture.fqn}), "arm64")`.string;
    this.hasGpu = hcl`contains(values(${gpu.fqn}), true)`.string;
    // Not a local, which would be one address more in every stack.
    const neuron = hcl`{ for name, type in ${types.fqn} : name => length(type.neuron_devices) > 0 }`;
    this.hasNeuron = hcl`contains(values(${neuron}), true)`.string;
    const list = (map: TerraformLocal) => hcl`join(", ", [for name, value in ${map.fqn} : "\${name} \${value}"])`;
    this.guards = [
      {
        condition: hcl`length(setsubtract(${instanceTypes}, ${offerings.fqn}.instance_types)) == 0`.string,
        errorMessage: `These of ${variable} are not offered in ${region}: ${hcl`join(", ", setsubtract(${instanceTypes}, ${offerings.fqn}.instance_types))`}. List those that are: aws ec2 describe-instance-type-offerings --region ${region} --query InstanceTypeOfferings[].InstanceType`,
      },
      {
        condition: hcl`length(distinct(values(${architecture.fqn}))) <= 1`.string,
        errorMessage: `${variable} must be of one architecture, since one AMI serves them all: ${list(architecture)}. Keep the types of one architecture.`,
      },
      {
        condition: hcl`length(distinct(values(${gpu.fqn}))) <= 1`.string,
        errorMessage: `${variable} must all have NVIDIA GPUs or none, since one AMI serves them all; which has: ${list(gpu)}. Keep the types of one kind.`,
      },
      {
        condition: hcl`length(distinct(values(${neuron}))) <= 1`.string,
        errorMessage: `${variable} must all have Neuron devices or none, since one AMI serves them all; which has: ${hcl`join(", ", [for name, value in ${neuron} : "\${name} \${value}"])`}. Keep the types of one kind.`,
      },
    ];

    this.zones = hcl`[for zone in ${vpc.instanceZones} : zone if contains(${offerings.fqn}.locations, zone)]`.list;
    this.subnetIds = vpc.instanceSubnetIdsIn(hcl`${offerings.fqn}.locations`.list);
    this.zoneGuard = {
      condition: hcl`length(${this.subnetIds}) > 0`.string,
      errorMessage: `No subnet is in a zone that offers any of ${hcl`join(", ", ${instanceTypes})`}: the subnets are in ${hcl`join(", ", ${vpc.instanceZones})`}, the types are offered in ${hcl`join(", ", sort(distinct(${offerings.fqn}.locations)))`}. Choose other ${variable}.`,
    };
  }
}
