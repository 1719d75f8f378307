import { type Configuration, DEFAULT_VPC_ID, type Fixtures, imageId, subnetId } from "../../cli/offline-provider";
import { reading, readings } from "../support/reading";
import { describeTerraform } from "../support/terraform";

const REGION = "ap-northeast-2";

const isDefault = { filter: [{ name: "is-default", values: ["true"] }] };
const inDefault = (...filters: object[]) => ({ filter: [{ name: "vpc-id", values: [DEFAULT_VPC_ID] }, ...filters] });
const offerings = (type: string) => ({
  location_type: "availability-zone",
  filter: [{ name: "instance-type", values: [type] }],
});
const AL2023 = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";
const BOTTLEROCKET = "/aws/service/bottlerocket/aws-ecs-2/arm64/latest/image_id";

/** The account of a test case without fixtures. */
const ACCOUNT: Partial<Fixtures> = {
  parameters: { "/me": "x" },
  existing: {
    aws_lb: [
      { arn: "arn:lb", name: "web", dns_name: "web.example", tags: { cluster: "ecs" } },
      { arn: "arn:aws:elasticloadbalancing:r:0:loadbalancer/app/a/1", name: "other", tags: { team: "a" } },
    ],
    aws_security_group: [
      { id: "sg-1", name: "ecs-lb", vpc_id: DEFAULT_VPC_ID },
      { id: "sg-2", name: "ecs-lb", vpc_id: "vpc-2" },
    ],
    aws_ecs_cluster: [
      { arn: "arn:aws:ecs:r:0:cluster/a", tags: { team: "a" } },
      { arn: "arn:aws:ecs:r:0:cluster/b", tags: { team: "b" } },
    ],
  },
  answers: {
    aws_eip: [
      { when: { id: "eipalloc-1" }, state: { public_ip: "203.0.113.1" } },
      { when: { id: "eipalloc-2" }, state: { public_ip: "203.0.113.2" } },
    ],
  },
};

const TWO_ZONES: Partial<Fixtures> = { zones: ["a", "c"] };
const NO_DEFAULT_VPC: Partial<Fixtures> = { hasDefaultVpc: false, otherVpcs: ["vpc-1"] };
/** Several differences in one account. Each affects other data sources. */
const OTHER: Partial<Fixtures> = {
  ...{ zonesWithoutSubnet: ["b"], publicSubnets: false, partition: "aws-cn", registeredContainerInstances: 0 },
  instanceTypes: {
    "t3.small": { vcpus: 2, memoryMiB: 2048, zones: ["b"] },
    "m5.large": { vcpus: 2, memoryMiB: 8192 },
  },
  answers: { aws_vpc: { state: { cidr_block: "10.9.0.0/16" } } },
};

describeTerraform("data sources that read fixtures", (lab) => {
  const answers: [string, Configuration, unknown, Partial<Fixtures>?][] = [
    ["the default VPC", reading("aws_vpcs", isDefault, "@.ids"), [DEFAULT_VPC_ID]],
    ["no default VPC", reading("aws_vpcs", isDefault, "@.ids"), [], NO_DEFAULT_VPC],
    [
      "another VPC by its id",
      reading("aws_vpcs", { filter: [{ name: "vpc-id", values: ["vpc-1"] }] }, "@.ids"),
      ["vpc-1"],
      NO_DEFAULT_VPC,
    ],
    ["one VPC", reading("aws_vpc", { default: true }, "@.cidr_block"), "172.31.0.0/16"],
    [
      "a default subnet in each zone",
      reading("aws_subnets", inDefault({ name: "default-for-az", values: ["true"] }), "sort(@.ids)"),
      ["a", "c"].map((zone) => subnetId(DEFAULT_VPC_ID, `${REGION}${zone}`)).sort(),
      TWO_ZONES,
    ],
    [
      "subnets by zone, without a deleted one",
      reading("aws_subnets", inDefault({ name: "availability-zone", values: [`${REGION}a`, `${REGION}b`] }), "@.ids"),
      [subnetId(DEFAULT_VPC_ID, `${REGION}a`)],
      OTHER,
    ],
    [
      "a subnet by its id",
      reading(
        "aws_subnet",
        { id: subnetId(DEFAULT_VPC_ID, `${REGION}c`) },
        "[@.availability_zone, @.map_public_ip_on_launch]",
      ),
      [`${REGION}c`, false],
      OTHER,
    ],
    [
      "zones",
      reading("aws_availability_zones", { state: "available" }, "@.names"),
      [`${REGION}a`, `${REGION}c`],
      TWO_ZONES,
    ],
    [
      "zones that offer a type",
      reading("aws_ec2_instance_type_offerings", offerings("t2.micro"), "@.locations"),
      [`${REGION}a`, `${REGION}c`],
    ],
    [
      "parallel lists of offerings",
      reading("aws_ec2_instance_type_offerings", offerings("t3.*"), "zipmap(@.locations, @.instance_types)"),
      { [`${REGION}b`]: "t3.small" },
      OTHER,
    ],
    [
      "an instance type that the region does not offer",
      reading(
        "aws_ec2_instance_type_offerings",
        { filter: [{ name: "instance-type", values: ["p9.huge"] }] },
        "@.instance_types",
      ),
      [],
    ],
    [
      "an x86 type",
      reading(
        "aws_ec2_instance_type",
        { instance_type: "t3.small" },
        "[@.supported_architectures, @.memory_size, @.default_vcpus, length(@.gpus)]",
      ),
      [["x86_64"], 2048, 2, 0],
    ],
    [
      "an arm64 type",
      reading("aws_ec2_instance_type", { instance_type: "t4g.small" }, "@.supported_architectures"),
      ["arm64"],
    ],
    [
      "a GPU type",
      reading("aws_ec2_instance_type", { instance_type: "g4dn.xlarge" }, "@.gpus[*].manufacturer"),
      ["NVIDIA"],
    ],
    [
      "an AMD GPU type",
      reading("aws_ec2_instance_type", { instance_type: "g4ad.xlarge" }, "@.gpus[*].manufacturer"),
      ["AMD"],
    ],
    [
      "a Neuron type",
      reading("aws_ec2_instance_type", { instance_type: "inf2.xlarge" }, "@.neuron_devices[*].name"),
      ["Inferentia2"],
    ],
    ["an ECS image", reading("aws_ssm_parameter", { name: AL2023 }, "@.insecure_value"), imageId(AL2023)],
    [
      "a Bottlerocket image",
      reading("aws_ssm_parameter", { name: BOTTLEROCKET }, "@.insecure_value"),
      imageId(BOTTLEROCKET),
    ],
    ["a parameter of the fixtures", reading("aws_ssm_parameter", { name: "/me" }, "nonsensitive(@.value)"), "x"],
    [
      "the partition",
      reading("aws_partition", {}, "[@.partition, @.dns_suffix]"),
      ["aws-cn", "amazonaws.com.cn"],
      OTHER,
    ],
    ["the region", reading("aws_region", {}, "@.region"), REGION],
    ["the account", reading("aws_caller_identity", {}, "@.account_id"), "000000000000"],
    [
      "a cluster's registered instances",
      reading("aws_ecs_cluster", { cluster_name: "ecs" }, "[@.registered_container_instances_count, @.arn]"),
      [0, `arn:aws-cn:ecs:${REGION}:000000000000:cluster/ecs`],
      OTHER,
    ],
    ["a load balancer by name", reading("aws_lb", { name: "web" }, "@.dns_name"), "web.example"],
    ["load balancers by tag", reading("aws_lbs", { tags: { cluster: "ecs" } }, "@.arns"), ["arn:lb"]],
    [
      "security groups by name and VPC",
      reading("aws_security_groups", inDefault({ name: "group-name", values: ["ecs-*"] }), "@.ids"),
      ["sg-1"],
    ],
    [
      "resources by tag and type",
      reading(
        "aws_resourcegroupstaggingapi_resources",
        { resource_type_filters: ["ecs:cluster"], tag_filter: [{ key: "team", values: ["a"] }] },
        "@.resource_tag_mapping_list[*].resource_arn",
      ),
      ["arn:aws:ecs:r:0:cluster/a"],
    ],
    [
      "an answer of the fixtures, which replaces the usual one",
      reading("aws_vpc", { default: true }, "[@.cidr_block, @.default]"),
      ["10.9.0.0/16", true],
      OTHER,
    ],
    [
      "an answer of the fixtures for some arguments",
      reading("aws_eip", { id: "eipalloc-2" }, "@.public_ip"),
      "203.0.113.2",
    ],
    [
      "a policy document",
      reading(
        "aws_iam_policy_document",
        {
          statement: [
            {
              actions: ["sts:AssumeRole"],
              principals: [{ type: "Service", identifiers: ["ec2.amazonaws.com"] }],
              condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["1", "2"] }],
            },
          ],
        },
        "jsondecode(@.json)",
      ),
      {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "ec2.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": ["1", "2"] } },
          },
        ],
      },
    ],
  ];

  // The cases of one account share a plan.
  const accountOf = (fixtures: Partial<Fixtures> = ACCOUNT) => JSON.stringify(fixtures);
  const answered = new Map<string, unknown>();
  beforeAll(async () => {
    for (const account of new Set(answers.map(([, , , fixtures]) => accountOf(fixtures)))) {
      const cases = answers.filter(([, , , fixtures]) => accountOf(fixtures) === account);
      const configuration = readings(cases.map(([, one]) => one));
      const terraform = await lab.terraform({ configuration, fixtures: JSON.parse(account) });
      const { output_changes = {} } = await terraform.planJson();
      for (const [index, [what]] of cases.entries()) answered.set(what, output_changes[`answer_${index}`]?.after);
    }
  });

  it.each(answers)("return %s", (what, _, expected) => {
    expect(answered.get(what)).toEqual(expected);
  });
});
