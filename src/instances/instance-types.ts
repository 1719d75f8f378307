import { DataAwsEc2InstanceType } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type";
import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import { TerraformIterator, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { type DefaultVpc, defaultVpcField } from "../network/default-vpc";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { regionRule } from "../validation/aws-rules";
import { distinctElements, each, matches, type Rule } from "../validation/rule";
import { list, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";
import { type InstanceSelection, variableField } from "./instance-selection";

/**
 * A mixed instances policy has at most 40 overrides.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html
 */
export const instanceTypesRules: readonly Rule<readonly string[]>[] = [
  distinctElements(1, 40, "instance types", 'For example ["t3.small"].'),
  each(
    matches(
      "^[a-z][a-z0-9-]*\\.[a-z0-9-]+$",
      "be names of instance types",
      'Write family and size, such as "t3.small" or "m7g.large".',
    ),
  ),
];

/** The types to look up, and the VPC that they run in. */
export interface InstanceTypesProps {
  /** The instance types in order of preference. */
  readonly instanceTypes: readonly string[];
  /** The VPC whose subnets the instances can start in. */
  readonly vpc: DefaultVpc;
  /** The region, for messages. */
  readonly region: string;
  /** The variable or setting that selects the types, for messages. @default "instance_types" */
  readonly variable?: string;
}

export const instanceTypesPropsSchema = schemaOf<InstanceTypesProps>()({
  instanceTypes: list(string(), ...instanceTypesRules),
  vpc: defaultVpcField,
  region: string(regionRule),
  variable: variableField.default("instance_types"),
});

/**
 * The facts that EC2 returns about instance types at plan: where it offers them, their architecture and their GPUs. A
 * resource that uses the types adds the guards to its preconditions, so that an unknown type fails with a fix.
 */
export class InstanceTypes extends Construct implements InstanceSelection {
  readonly variable: string;
  readonly names: string[];
  /** The VPC's subnets in zones that offer at least one of the types. */
  readonly subnetIds: string[];
  readonly subnetIdsWithoutIpv6?: string[];
  readonly zones: string[];
  readonly isArm64: string;
  readonly hasGpu: string;
  readonly hasNeuron: string;
  /** The region offers every type, and all types have the same architecture, and GPUs and Neuron devices all or none. */
  readonly guards: readonly Guard[];
  /** At least one of the VPC's zones offers at least one of the types. */
  readonly zoneGuard: Guard;
  /** `data.aws_ec2_instance_type` by type, for the types that the region offers. */
  readonly details: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: InstanceTypesProps) {
    super(scope, id);
    const { vpc, region, variable, ...settings } = validate(this, instanceTypesPropsSchema, props);
    const instanceTypes = [...settings.instanceTypes];
    this.names = instanceTypes;
    this.variable = variable;

    // It returns an empty list for a type that the region does not offer. A lookup of the type itself would fail.
    const offerings = new DataAwsEc2InstanceTypeOfferings(this, "offerings", {
      filter: [{ name: "instance-type", values: instanceTypes }],
      locationType: "availability-zone",
    });
    const each = TerraformIterator.fromList(hcl`distinct(${offerings.fqn}.instance_types)`.list);
    const types = new DataAwsEc2InstanceType(this, "resource", { forEach: each, instanceType: each.value });
    this.node.defaultChild = types;
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
    // A local would add an address to every stack.
    const neuron = hcl`{ for name, type in ${types.fqn} : name => length(type.neuron_devices) > 0 }`;
    this.hasNeuron = hcl`contains(values(${neuron}), true)`.string;
    const entries = (map: unknown) => hcl`join(", ", [for name, value in ${map} : "\${name} \${value}"])`;
    const missing = hcl`setsubtract(${instanceTypes}, ${offerings.fqn}.instance_types)`;
    const oneValue = (map: unknown, must: string, fix: string): Guard => ({
      condition: hcl`length(distinct(values(${map}))) <= 1`.string,
      errorMessage: `${variable} must ${must}, because one AMI serves all of them; received ${entries(map)}. ${fix}`,
    });
    this.guards = [
      {
        condition: hcl`length(${missing}) == 0`.string,
        errorMessage: `${variable} must be instance types that EC2 offers in ${region}; received ${hcl`join(", ", ${missing})`}. List them: aws ec2 describe-instance-type-offerings --region ${region} --query InstanceTypeOfferings[].InstanceType`,
      },
      oneValue(architecture.fqn, "be of one architecture", "Keep the types of one architecture."),
      oneValue(gpu.fqn, "all have NVIDIA GPUs, or none", "Keep the types of one kind."),
      oneValue(neuron, "all have Neuron devices, or none", "Keep the types of one kind."),
    ];

    this.zones = hcl`[for zone in ${vpc.instanceZones} : zone if contains(${offerings.fqn}.locations, zone)]`.list;
    this.subnetIds = vpc.instanceSubnetIdsIn(hcl`${offerings.fqn}.locations`.list);
    this.subnetIdsWithoutIpv6 = vpc.instanceSubnetIdsWithoutIpv6;
    this.zoneGuard = {
      condition: hcl`length(${this.subnetIds}) > 0`.string,
      errorMessage: `No subnet is in a zone that offers any of ${hcl`join(", ", ${instanceTypes})`}: the subnets are in ${hcl`join(", ", ${vpc.instanceZones})`}, and the types are offered in ${hcl`join(", ", sort(distinct(${offerings.fqn}.locations)))`}. Choose other ${variable}.`,
    };
  }
}
