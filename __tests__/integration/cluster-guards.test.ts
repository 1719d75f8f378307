import type { Fixtures, PlanJson, TerraformResult } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration, unwrapped } from "../support/cluster";
import { casesAsModules, errorTextOf, planOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

interface Case {
  readonly settings?: EcsClusterSettings;
  readonly fixtures?: Partial<Fixtures>;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The address that has the precondition. @default - the AMI, the Auto Scaling group, and the load balancer if there is one */
  readonly address?: string;
}

const IMAGE = "data.aws_ssm_parameter.image";
const AMI_ID = "output.ami_id";
const GROUP = "aws_autoscaling_group.capacity";
const TEMPLATE = "aws_launch_template.launch_template";
const BALANCER = "aws_lb.load_balancer";

const VPC = "vpc-0123456789abcdef0";
const SUBNETS = ["subnet-0a1a1a1a1a1a1a1a1", "subnet-0a2a2a2a2a2a2a2a2"];

/** An account with a second VPC, whose subnets are in one zone, and with AMIs. */
const ACCOUNT: Partial<Fixtures> = {
  otherVpcs: [VPC],
  existing: {
    aws_subnet: SUBNETS.map((id) => ({
      ...{ id, vpc_id: VPC, availability_zone: "ap-northeast-2a", default_for_az: false },
    })),
    aws_ami: [
      { id: "ami-0123456789abcdef0", name: "arm-1", architecture: "arm64" },
      {
        id: "ami-0123456789abcdef1",
        name: "golden-1",
        root_device_name: "/dev/sda1",
        block_device_mappings: [{ device_name: "/dev/sda1", ebs: { volume_size: "60" } }],
      },
    ],
  },
};

const stackCase = ({ settings = {}, variables, address }: Case) => {
  const addresses = address ? [address] : [AMI_ID, GROUP, ...(settings.loadBalancer === false ? [] : [BALANCER])];
  return { configuration: partOf(clusterConfiguration({ keyPair: "none", ...settings }), ...addresses), variables };
};

describeTerraform("settings of a cluster in an account", (lab) => {
  async function plan({ fixtures, ...given }: Case) {
    return (await lab.terraform({ ...stackCase(given), fixtures })).plan();
  }

  // One plan with a module for each case, so that no case hides another.
  const rejected: [string, Case, string][] = [
    [
      "an agent that reserves more memory than an instance has",
      { address: TEMPLATE, settings: { agent: { reservedMemoryMiB: 1884 } } },
      "agent.reservedMemoryMiB must be below the memory that ECS registers of each instance type; received 1884, and the types have t3.small 1884. Lower it, or choose larger instance_types.",
    ],
    [
      "an agent that reserves more memory than instance requirements demand",
      {
        address: TEMPLATE,
        settings: {
          agent: { reservedMemoryMiB: 4096 },
          instanceRequirements: { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } },
        },
      },
      "agent.reservedMemoryMiB must be below the memory that ECS registers of each instance type; received 4096, and the types have instanceRequirements' minimum 3768. Lower it, or choose larger instanceRequirements.",
    ],
    [
      "an AMI of another architecture",
      {
        settings: { ami: "existing" },
        variables: { ami_id: "ami-0123456789abcdef0" },
        address: AMI_ID,
      },
      "The AMI ami-0123456789abcdef0 must have the architecture of the instances, x86_64; received arm64. Choose another AMI, or other instance_types.",
    ],
    [
      "a volume that is smaller than in the AMI",
      {
        settings: { ami: { name: "golden-*" } },
        address: TEMPLATE,
      },
      "The volume for images and containers must be at least as large as in the AMI ami-0123456789abcdef1, which is 60 GiB; received 30. Raise root_volume_gib.",
    ],
    [
      "an AMI that does not exist",
      {
        settings: { ami: "existing" },
        variables: { ami_id: "ami-0fedcba9876543210" },
        address: AMI_ID,
      },
      "Your query returned no results. Please change your search criteria and try again.",
    ],
    [
      "CPU credits for types that earn none",
      {
        address: TEMPLATE,
        settings: { cpuCredits: "standard" },
        variables: { instance_types: ["t3.large", "m5.large"] },
      },
      "instance_types must be types that earn CPU credits with cpuCredits; received m5.large. Choose t3, t3a or t4g types, or remove cpuCredits.",
    ],
    [
      "more cores than a type has",
      { address: TEMPLATE, settings: { cpuOptions: { coreCount: 2, threadsPerCore: 1 } } },
      "instance_types must allow 2 cores with 1 threads each; received t3.small. List the numbers of a type: aws ec2 describe-instance-types --instance-types TYPE --query InstanceTypes[].VCpuInfo",
    ],
    [
      "EBS optimization for a type without it",
      {
        address: TEMPLATE,
        settings: { ebsOptimized: true },
        fixtures: { zones: ["a", "c"] },
        variables: { instance_types: ["t2.small"] },
      },
      "instance_types must support ebsOptimized; received t2.small. Choose other types, or remove ebsOptimized.",
    ],
    [
      "IPv6 addresses in subnets without an IPv6 network",
      { address: TEMPLATE, settings: { ipv6AddressCount: 1 } },
      "ipv6AddressCount needs an IPv6 network in each subnet of the instances; received none in subnet-",
    ],
    [
      "more IPv6 addresses than a type has",
      { address: TEMPLATE, settings: { ipv6AddressCount: 5 }, fixtures: { ipv6Subnets: true } },
      "instance_types must support 5 IPv6 addresses with ipv6AddressCount; received t3.small. Lower it, or choose other types.",
    ],
    [
      "enclaves on a type without them",
      { address: TEMPLATE, settings: { nitroEnclaveEnabled: true } },
      "instance_types must support Nitro Enclaves with nitroEnclaveEnabled; received t3.small. Choose types that do, such as m6i.xlarge.",
    ],
    [
      "a key of a tag that the metadata service cannot return",
      { address: TEMPLATE, settings: { instanceMetadataTags: true }, variables: { tags: { "cost center": "a" } } },
      'The keys of tags must have only letters, digits and + - = . , _ : @ with instanceMetadataTags; received ["cost center"]. Rename these tags, or remove instanceMetadataTags.',
    ],
    [
      "a VPC that does not exist",
      {
        address: BALANCER,
        settings: { vpcId: "vpc-0fedcba9876543210", values: { subnetIds: ["subnet-0123456789abcdef0"] } },
      },
      "There is no VPC vpc-0fedcba9876543210 in ap-northeast-2. Set vpc_id to one of: aws ec2 describe-vpcs --region ap-northeast-2 --query Vpcs[].VpcId",
    ],
    [
      "a subnet of another VPC",
      { address: BALANCER, settings: { vpcId: VPC, values: { subnetIds: ["subnet-0123456789abcdef0"] } } },
      "The VPC vpc-0123456789abcdef0 does not have these subnets of subnet_ids: subnet-0123456789abcdef0. List its subnets: aws ec2 describe-subnets --region ap-northeast-2 --filters Name=vpc-id,Values=vpc-0123456789abcdef0",
    ],
    [
      "an instance type that the region does not offer",
      { address: IMAGE, variables: { instance_types: ["t3.small", "t9.mega"] } },
      "instance_types must be instance types that EC2 offers in ap-northeast-2; received t9.mega. List them: aws ec2 describe-instance-type-offerings --region ap-northeast-2 --query InstanceTypeOfferings[].InstanceType",
    ],
    [
      "only instance types that the region does not offer",
      { address: IMAGE, variables: { instance_types: ["t9.mega"] } },
      "instance_types must be instance types that EC2 offers in ap-northeast-2; received t9.mega.",
    ],
    [
      "types of mixed architectures",
      { address: IMAGE, variables: { instance_types: ["m7g.large", "m7i.large"] } },
      "instance_types must be of one architecture, because one AMI serves all of them; received m7g.large arm64, m7i.large x86_64. Keep the types of one architecture.",
    ],
    [
      "types with and without GPUs",
      { address: IMAGE, variables: { instance_types: ["g5.xlarge", "m5.large"] } },
      "instance_types must all have NVIDIA GPUs, or none, because one AMI serves all of them; received g5.xlarge true, m5.large false. Keep the types of one kind.",
    ],
    [
      "arm64 with GPUs and a family that has no AMI for them",
      { address: IMAGE, variables: { instance_types: ["g5g.xlarge"] } },
      "amazon-linux-2023 has no ECS-optimized AMI for arm64 with GPUs; instance_types are g5g.xlarge. Choose x86 types with GPUs, or Bottlerocket.",
    ],
    [
      "two subnets in one zone for a load balancer",
      { address: BALANCER, settings: { vpcId: VPC, values: { subnetIds: SUBNETS } } },
      "The load balancer needs exactly one subnet in each zone; received 2 subnets in ap-northeast-2a. Set subnet_ids to one subnet of each zone.",
    ],
    [
      "a pinned version of another architecture",
      { address: IMAGE, variables: { ami_version: "al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-arm64" } },
      "ami_version must be of the instances' architecture, x86_64; received al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-arm64. Pin a version whose name ends with it, or choose other instance types.",
    ],
    [
      "a customer managed key in an account without the role of Auto Scaling",
      { address: "aws_kms_key.encryption_key", settings: { customerKey: true } },
      "This account has no role AWSServiceRoleForAutoScaling, which the key's policy must name. Create it: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com",
    ],
  ];
  describe("in one plan", () => {
    let planned: TerraformResult;
    beforeAll(async () => {
      const cases = rejected.map(([, given]) => stackCase(given));
      planned = await (await casesAsModules(lab, cases, { fixtures: ACCOUNT })).plan();
    });

    it.each(rejected.map(([what, , message], index) => [what, message, index] as const))(
      "are rejected: %s",
      (_, message, index) => {
        expect(errorTextOf(planned.stderr, index)).toContain(message);
        expect(planned.status).toBe(1);
      },
    );
  });

  it.each<[string, Case, string]>([
    [
      "an account without a default VPC",
      { address: BALANCER, fixtures: { hasDefaultVpc: false } },
      "There is no default VPC in ap-northeast-2. Create one, which costs nothing: aws ec2 create-default-vpc --region ap-northeast-2. Or set vpcId to use another VPC.",
    ],
    [
      "no subnet in a zone that offers the types",
      { address: GROUP, variables: { instance_types: ["t2.micro"] }, fixtures: { zonesWithoutSubnet: ["a", "c"] } },
      "No subnet is in a zone that offers any of t2.micro: the subnets are in ap-northeast-2b, ap-northeast-2d, and the types are offered in ap-northeast-2a, ap-northeast-2c. Choose other instance_types.",
    ],
    [
      "a load balancer in a single zone",
      { address: BALANCER, fixtures: { zonesWithoutSubnet: ["b", "c", "d"] } },
      "The load balancer needs subnets in at least two zones; received subnets in ap-northeast-2a only. Create the missing default subnet (aws ec2 create-default-subnet --availability-zone ZONE), or remove the load balancer (loadBalancer: false).",
    ],
  ])("are rejected: %s", async (_, given, message) => {
    const { status, stderr } = await plan(given);
    expect(unwrapped(stderr)).toContain(message);
    expect(status).toBe(1);
  });

  it.each<[string, Case]>([
    ["two zones", { fixtures: { zones: ["a", "c"] } }],
    ["a single zone without a load balancer", { settings: { loadBalancer: false }, fixtures: { zones: ["a"] } }],
    ["another partition", { fixtures: { partition: "aws-cn" }, variables: { region: "cn-north-1" } }],
  ])("are accepted: %s", async (_, given) => {
    const { status, stderr } = await plan(given);
    expect(stderr.replace(/Warning: Check block assertion[\s\S]*/, "")).not.toContain("Error");
    expect(status).toBe(2);
  });

  describe("in one plan", () => {
    const accepted: [string, Case][] = [
      ["the default VPC with all its zones", {}],
      ["types that some zones do not offer", { variables: { instance_types: ["t2.micro"] } }],
    ];
    let planned: PlanJson;
    beforeAll(async () => {
      // Throws with Terraform's output if a case is rejected.
      planned = await (
        await casesAsModules(
          lab,
          accepted.map(([, given]) => stackCase(given)),
        )
      ).planJson();
    });
    const valuesOf = (index: number, address: string) =>
      planOf(planned, index).resources.find((change) => change.address === address)?.change.after;

    it.each(accepted.map(([what], index) => [what, index] as const))("are accepted: %s", (_, index) => {
      expect(planOf(planned, index).outputs.ami_id).toMatch(/^ami-/);
    });

    it("have instances only in zones that offer their type, and the load balancer in every zone", () => {
      expect(valuesOf(1, "aws_autoscaling_group.capacity")?.vpc_zone_identifier).toHaveLength(2);
      expect(valuesOf(1, "aws_lb.load_balancer")?.subnets).toHaveLength(4);
      expect(valuesOf(0, "aws_autoscaling_group.capacity")?.vpc_zone_identifier).toHaveLength(4);
    });
  });
});
