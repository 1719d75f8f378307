import type { LaunchTemplateConfig } from "@cdktf/provider-aws/lib/launch-template";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { wholeNumber } from "../validation/rule";
import { boolean, choice, number, type Parsed, plain, schemaOf } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import type { InstanceRequirementsSettings, InstanceSelection } from "./instance-selection";

/** The cores of the CPU, for software with licenses by core and for jobs without multithreading. You pay for the whole instance. */
export interface CpuOptions {
  /** The number of CPU cores. Each instance type allows some numbers only. */
  readonly coreCount: number;
  /** The threads of each core. 1 disables multithreading. */
  readonly threadsPerCore: 1 | 2;
}

export const cpuOptionsSchema = schemaOf<CpuOptions>()({
  coreCount: plain(number(wholeNumber(1, 1024, "cores", "List the numbers: aws ec2 describe-instance-types"))),
  threadsPerCore: plain(choice(1, 2)),
});

/** What EC2 gives to each instance. A change replaces the instances. */
export interface InstanceOptions {
  /**
   * How burstable types, such as t3, use more CPU than they earn. `unlimited` costs extra: EC2 charges for each vCPU hour above
   * the baseline over 24 hours. `standard` costs nothing extra: an instance without credits is as slow as its baseline. Only for
   * types that earn credits.
   * @default - the default of EC2: "unlimited" for t3, t3a and t4g, "standard" for t2
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html
   */
  readonly cpuCredits?: "standard" | "unlimited";
  /**
   * The cores and the threads of the CPU. ECS registers 1024 CPU units for each thread. It requires instance types by name.
   * @default - all cores and threads of the type
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-optimize-cpu.html
   */
  readonly cpuOptions?: CpuOptions;
  /**
   * `dedicated` runs the instances on hardware of your account only. It costs more for each instance, and a fee for each hour in a
   * region.
   * @default "default"
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-instance.html
   */
  readonly tenancy?: "default" | "dedicated";
  /**
   * Bandwidth to EBS volumes that the network does not share. It costs extra for old types, which do not have it by default.
   * @default - the default of the type: true for current types
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-optimized.html
   */
  readonly ebsOptimized?: boolean;
  /**
   * Lets programs on the instance read its tags from the metadata service. The keys of tags then have only letters, digits, at signs and
   * `+ - = . , _ :`. To switch it off, set `false`: without the setting, the AWS provider keeps the last value.
   * @default - false
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
   */
  readonly instanceMetadataTags?: boolean;
  /**
   * The network hops that a response of the metadata service survives. With more than 1, containers in bridge mode can read the
   * credentials of the instance role. The library warns about it.
   * @default 1
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
   */
  readonly httpPutResponseHopLimit?: number;
  /**
   * Lets the instances run AWS Nitro Enclaves. Types with 2 vCPUs and burstable types have none. Install the allocator in
   * `extraUserData`, and pass the device `/dev/nitro_enclaves` to the container.
   * @default false
   * @see https://docs.aws.amazon.com/enclaves/latest/user/nitro-enclave.html
   */
  readonly nitroEnclaveEnabled?: boolean;
  /**
   * The IPv6 addresses of each instance, beside its IPv4 address. Each subnet of the instances needs an IPv6 network. Containers in `host` mode
   * use them. Containers in `bridge` mode have IPv4 only.
   * @default - none, unless the subnet assigns one
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
   */
  readonly ipv6AddressCount?: number;
}

export const instanceOptionsSchema = schemaOf<InstanceOptions>()({
  cpuCredits: plain(choice("standard", "unlimited")).optional(),
  cpuOptions: cpuOptionsSchema.optional(),
  tenancy: plain(choice("default", "dedicated")).default("default"),
  ebsOptimized: plain(boolean()).optional(),
  instanceMetadataTags: plain(boolean()).optional(),
  httpPutResponseHopLimit: plain(number(wholeNumber(1, 64, "hops", "For example 1."))).default(1),
  nitroEnclaveEnabled: plain(boolean()).default(false),
  ipv6AddressCount: plain(number(wholeNumber(1, 50, "addresses", "For example 1."))).optional(),
});

type Options = Parsed<typeof instanceOptionsSchema>;

/** What the instance requirements must select for the options. Types by name are checked at plan. */
export function* optionsWithRequirements(
  { cpuCredits, cpuOptions }: Known<InstanceOptions>,
  requirements: Known<InstanceRequirementsSettings> | undefined,
): Findings<InstanceOptions> {
  if (!requirements) return;
  if (cpuCredits !== undefined && requirements.burstablePerformance !== "required") {
    const fix = 'Only types that earn credits have an option. Set burstablePerformance to "required".';
    yield { at: "cpuCredits", must: "be used with burstable types only", fix };
  }
  if (cpuOptions !== undefined) {
    const fix = "Each type has other numbers of cores. Name the types in instance_types.";
    yield { at: "cpuOptions", must: "not be set with instanceRequirements", fix };
  }
}

/** Returns the warnings about the options. */
export const optionWarnings = ({ httpPutResponseHopLimit: hops }: Options): readonly string[] =>
  hops > 1
    ? [
        `httpPutResponseHopLimit is ${hops}: containers in bridge mode can read the credentials of the instance role from the metadata service. Use task roles, and set it to 1.`,
      ]
    : [];

/** Returns the arguments of a launch template. */
export const optionArguments = (options: Options): Partial<LaunchTemplateConfig> => ({
  creditSpecification: options.cpuCredits && { cpuCredits: options.cpuCredits },
  cpuOptions: options.cpuOptions && { ...options.cpuOptions },
  placement: options.tenancy === "default" ? undefined : { tenancy: options.tenancy },
  ebsOptimized: options.ebsOptimized === undefined ? undefined : String(options.ebsOptimized),
  enclaveOptions: options.nitroEnclaveEnabled ? { enabled: true } : undefined,
  // Containers in bridge mode are one hop further away than the instance, so the token never reaches them.
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
  metadataOptions: {
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: options.httpPutResponseHopLimit,
    instanceMetadataTags:
      options.instanceMetadataTags === undefined ? undefined : options.instanceMetadataTags ? "enabled" : "disabled",
  },
});

/** The keys of tags that the metadata service can return. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html */
const METADATA_KEY = "^[0-9A-Za-z+=.,_:@-]{1,255}$";

/** Returns the guards of what only Terraform knows: the instance types and the keys of tags. */
export function optionGuards(
  options: Options,
  { names, details, variable, subnetIds, subnetIdsWithoutIpv6 }: InstanceSelection,
  tags: unknown,
): readonly Guard[] {
  const each = (wrong: unknown, must: string, fix: string): Guard => {
    const found = hcl`[for name, type in ${details} : name if ${wrong}]`;
    return {
      condition: hcl`length(${found}) == 0`.string,
      errorMessage: `${variable} must ${must}; received ${hcl`join(", ", ${found})`}. ${fix}`,
    };
  };
  const ofTypes: readonly (Guard | false | undefined)[] = names
    ? [
        options.cpuCredits !== undefined &&
          each(
            hcl`!type.burstable_performance_supported`,
            "be types that earn CPU credits with cpuCredits",
            "Choose t3, t3a or t4g types, or remove cpuCredits.",
          ),
        options.cpuOptions &&
          each(
            hcl`!contains(type.valid_cores, ${options.cpuOptions.coreCount}) || !contains(type.valid_threads_per_core, ${options.cpuOptions.threadsPerCore})`,
            `allow ${options.cpuOptions.coreCount} cores with ${options.cpuOptions.threadsPerCore} threads each`,
            "List the numbers of a type: aws ec2 describe-instance-types --instance-types TYPE --query InstanceTypes[].VCpuInfo",
          ),
        options.ebsOptimized &&
          each(
            hcl`type.ebs_optimized_support == "unsupported"`,
            "support ebsOptimized",
            "Choose other types, or remove ebsOptimized.",
          ),
        options.nitroEnclaveEnabled &&
          each(
            hcl`type.nitro_enclaves_support != "supported"`,
            "support Nitro Enclaves with nitroEnclaveEnabled",
            "Choose types that do, such as m6i.xlarge.",
          ),
        options.ipv6AddressCount !== undefined &&
          each(
            hcl`!type.ipv6_supported || type.maximum_ipv6_addresses_per_interface < ${options.ipv6AddressCount}`,
            `support ${options.ipv6AddressCount} IPv6 addresses with ipv6AddressCount`,
            "Lower it, or choose other types.",
          ),
      ]
    : [];
  const wrongKeys = hcl`[for key in keys(${tags}) : key if !can(regex(${METADATA_KEY}, key)) || contains([".", "..", "_index"], key)]`;
  return [
    ...ofTypes.filter((guard): guard is Guard => typeof guard === "object"),
    ...(options.ipv6AddressCount !== undefined && subnetIdsWithoutIpv6
      ? [ipv6Guard(subnetIds, subnetIdsWithoutIpv6)]
      : []),
    ...(options.instanceMetadataTags
      ? [
          {
            condition: hcl`length(${wrongKeys}) == 0`.string,
            errorMessage: `The keys of tags must have only letters, digits and + - = . , _ : @ with instanceMetadataTags; received ${hcl`jsonencode(${wrongKeys})`}. Rename these tags, or remove instanceMetadataTags.`,
          },
        ]
      : []),
  ];
}

/** EC2 rejects the launch of an instance with an IPv6 address in a subnet without an IPv6 network. */
function ipv6Guard(subnetIds: string[], withoutIpv6: string[]): Guard {
  const wrong = hcl`[for id in ${withoutIpv6} : id if contains(${subnetIds}, id)]`;
  return {
    condition: hcl`length(${wrong}) == 0`.string,
    errorMessage: `ipv6AddressCount needs an IPv6 network in each subnet of the instances; received none in ${hcl`join(", ", ${wrong})`}. Associate an IPv6 network with each of them (aws ec2 associate-vpc-cidr-block --amazon-provided-ipv6-cidr-block, then aws ec2 associate-subnet-cidr-block), or remove ipv6AddressCount.`,
  };
}

/** Returns the types as the instances have them, with fewer cores than EC2 names. */
export const detailsWithOptions = (details: string, { cpuOptions }: Pick<Options, "cpuOptions">): string =>
  cpuOptions
    ? hcl`{ for name, type in ${details} : name => merge(type, { default_vcpus = ${cpuOptions.coreCount * cpuOptions.threadsPerCore} }) }`
        .string
    : details;
