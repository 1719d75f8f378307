import { type CapacityValues, capacityValueFields } from "../capacity/capacity-values";
import { keyArnRule } from "../cluster/encryption-key";
import { instanceProfileArnRule } from "../iam/instance-role";
import { keyNameRule, publicKeyField } from "../instances/key-pair";
import { type LoadBalancerValues, loadBalancerValuesSchema } from "../load-balancing/load-balancer-values";
import { subnetIdsRules } from "../network/default-vpc";
import { securityGroupIdRule, securityGroupIdsRules, sshCidrsRules } from "../network/port-rules";
import { reservationRule, serverErrorsRule } from "../observability/alarms";
import { clusterNameRules, inTheRegion, logRetentionRule, regionRule, topicArnRules } from "../validation/aws-rules";
import { list, number, referable, schemaOf, string, variable } from "../validation/schema";
import { tagsField } from "../validation/tags";

/**
 * Values of a cluster: each is the default of the Terraform variable with the same name in snake case. Terraform
 * validates it again at plan. ARNs, the key's name and security group ids can be references to resources of the app, which
 * replace the variable.
 */
export interface EcsClusterValues extends CapacityValues, LoadBalancerValues {
  /** `region`: the AWS region. @default "ap-northeast-2" */
  readonly region?: string;
  /** `name`: the start of every resource name. @default "ecs" */
  readonly name?: string;
  /** `subnet_ids`, with `vpcId`: public subnets, one in each zone. @default - none: the variable is required */
  readonly subnetIds?: readonly string[];
  /** `private_subnet_ids`, with `privateSubnets`: the subnets of the instances. @default - none: the variable is required */
  readonly privateSubnetIds?: readonly string[];
  /** `extra_security_group_ids`, with `extraSecurityGroups`: 1 to 4 security groups of the VPC. @default - none: the variable is required */
  readonly extraSecurityGroupIds?: readonly string[];
  /** `instance_security_group_id`, with `instanceSecurityGroup: "existing"`: a security group of the VPC. @default - none: the variable is required */
  readonly instanceSecurityGroupId?: string;
  /** `instance_profile_arn`, with `instanceProfile: "existing"`: an instance profile of the account. @default - none: the variable is required */
  readonly instanceProfileArn?: string;
  /** `customer_key_arn`, with `customerKey: "existing"`: a KMS key of the region. @default - none: the variable is required */
  readonly customerKeyArn?: string;
  /** `ssh_public_key`: one line of OpenSSH text, ssh-ed25519 or ssh-rsa. A change replaces every instance. @default - none: the variable is required */
  readonly sshPublicKey?: string;
  /** `key_name`, with `keyPair: "existing"`: an EC2 key pair of the region. @default - none: the variable is required */
  readonly keyName?: string;
  /** `ssh_cidrs`: networks that can connect by SSH, IPv4 (/8 or narrower) or IPv6 (/16 or narrower). @default [] */
  readonly sshCidrs?: readonly string[];
  /** `log_retention_days`: the days that log groups keep their events. @default 14 */
  readonly logRetentionDays?: number;
  /** `alarm_topic_arn`, with `alarms`: an SNS topic in the region. @default - none: the variable is required */
  readonly alarmTopicArn?: string;
  /** `alarm_reservation_percent`, with `alarms`: the reserved CPU or memory, in percent, that raises the alarm. @default 90 */
  readonly alarmReservationPercent?: number;
  /** `alarm_server_errors`, with `alarms`: the number of 5xx responses in 5 minutes above which the alarm starts. @default 10 */
  readonly alarmServerErrors?: number;
  /** `tags`: tags for every resource that supports tags. A change replaces every instance. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
}

const { rootVolumeGib, amiVersion, amiId, ...sizes } = capacityValueFields();

/** The variables have the order of these fields in the JSON. */
export const ecsClusterValuesSchema = schemaOf<EcsClusterValues>()({
  region: variable(string(regionRule).default("ap-northeast-2"), "The AWS region of every resource."),
  name: variable(
    string(...clusterNameRules).default("ecs"),
    "The name of the cluster, and the start of every other name. It has 3 to 24 letters, digits and hyphens. Changing it replaces every resource.",
  ),
  subnetIds: variable(
    list(string(), ...subnetIdsRules).optional(),
    "The public subnets of the VPC, one in each zone, for the load balancer, and for the instances unless they have private subnets.",
  ),
  privateSubnetIds: variable(
    list(string(), ...subnetIdsRules).optional(),
    "The private subnets of the VPC for the instances. They need a NAT gateway or VPC endpoints to reach ECS.",
  ),
  extraSecurityGroupIds: referable(
    variable(
      list(string(), ...securityGroupIdsRules).optional(),
      "1 to 4 additional security groups of the instances, in the same VPC.",
    ),
  ),
  instanceSecurityGroupId: referable(
    variable(
      string(securityGroupIdRule).optional(),
      "The security group of the instances, in the same VPC. It must allow outbound traffic.",
    ),
  ),
  instanceProfileArn: referable(
    variable(
      string(instanceProfileArnRule).optional(),
      "The ARN of the instance profile. Its role must let the ECS agent register the instances.",
    ),
  ),
  customerKeyArn: referable(
    variable(
      string(
        keyArnRule,
        inTheRegion(
          "KMS key",
          "Volumes and log groups can only use keys of their own region. Use a key of that region.",
        ),
      ).optional(),
      "The ARN of the KMS key. Its policy must admit AWSServiceRoleForAutoScaling and CloudWatch Logs.",
    ),
  ),
  ...sizes,
  sshPublicKey: variable(
    publicKeyField.optional(),
    "The public key for SSH to the instances: one line of OpenSSH text, ssh-ed25519 or ssh-rsa. Never a private key. A change replaces every instance.",
  ),
  keyName: referable(variable(string(keyNameRule).optional(), "The name of an existing EC2 key pair in the region.")),
  sshCidrs: variable(
    list(string(), ...sshCidrsRules).default([]),
    "The IPv4 and IPv6 networks that can connect to the instances by SSH. None by default.",
  ),
  ...loadBalancerValuesSchema.shape,
  rootVolumeGib,
  amiVersion,
  amiId,
  logRetentionDays: variable(number(logRetentionRule).default(14), "The days that log groups keep their events."),
  alarmTopicArn: referable(
    variable(
      string(...topicArnRules).optional(),
      "The ARN of the SNS topic for alarms. Its policy must allow cloudwatch.amazonaws.com and events.amazonaws.com to publish.",
    ),
  ),
  alarmReservationPercent: variable(
    number(reservationRule).default(90),
    "The percentage of the cluster's CPU or memory at which reservations of tasks set off the alarm.",
  ),
  alarmServerErrors: variable(
    number(serverErrorsRule).default(10),
    "The HTTP 5xx responses in 5 minutes above which the alarm goes off.",
  ),
  tags: variable(
    tagsField.default({}),
    "Tags for every resource that supports tags, including instances and volumes. A change replaces every instance.",
  ),
});
