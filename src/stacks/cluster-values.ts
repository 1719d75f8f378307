/** Values of one capacity: its types, its sizes, its image. A named capacity provider's variables start with its name. */
export interface CapacityValues {
  /** `instance_types`: in order of preference, all of one architecture. @default ["t3.small"] */
  readonly instanceTypes?: readonly string[];
  /** `min_size`: the fewest instances. @default 1 */
  readonly minSize?: number;
  /** `max_size`: the most instances. @default 2 */
  readonly maxSize?: number;
  /** `desired_size`: the instances to start with; managed scaling decides afterwards. @default null: `min_size` */
  readonly desiredSize?: number | null;
  /** `root_volume_gib`: the volume that holds images and containers, in GiB, at least 30. @default 30 */
  readonly rootVolumeGib?: number;
  /** `ami_version`: `recommended`, or a published version to pin. @default "recommended" */
  readonly amiVersion?: string;
}

/** Values for the defaults of a cluster's variables, by their names in camel case; each is checked by the variable's own rule. */
export interface EcsClusterValues extends CapacityValues {
  /** `region`: the AWS region. @default "ap-northeast-2" */
  readonly region?: string;
  /** `name`: what every resource name starts with; 3 to 24 letters, digits and hyphens. @default "ecs" */
  readonly name?: string;
  /** `ssh_public_key`: one line of OpenSSH text, ssh-ed25519 or ssh-rsa. @default - none: the variable is required */
  readonly sshPublicKey?: string;
  /** `key_name`, with `keyPair: "existing"`: an EC2 key pair of the region. @default - none: the variable is required */
  readonly keyName?: string;
  /** `ssh_cidrs`: who may connect by SSH, IPv4 (/8 or narrower) or IPv6 (/16 or narrower); the whole internet is refused. @default [] */
  readonly sshCidrs?: readonly string[];
  /** `http_cidrs`: who may reach the load balancer, IPv4 or IPv6. @default ["0.0.0.0/0"] */
  readonly httpCidrs?: readonly string[];
  /** `certificate_arn`, with `https`: a certificate of the region. @default - none: the variable is required */
  readonly certificateArn?: string;
  /** `log_retention_days`: one of CloudWatch's retentions. @default 14 */
  readonly logRetentionDays?: number;
  /** `alarm_topic_arn`, with `alarms`: an SNS topic of the region. @default - none: the variable is required */
  readonly alarmTopicArn?: string;
  /** `alarm_reservation_percent`, with `alarms`: CPU or memory that tasks may keep, in percent. @default 90 */
  readonly alarmReservationPercent?: number;
  /** `alarm_server_errors`, with `alarms`: answers with 5xx in 5 minutes that are still well. @default 10 */
  readonly alarmServerErrors?: number;
  /** `tags`: for everything that takes tags. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
  /** `extra_security_group_ids`, with `extraSecurityGroups`: 1 to 4 groups of the VPC. @default - none: the variable is required */
  readonly extraSecurityGroupIds?: readonly string[];
  /** `private_subnet_ids`, with `privateSubnets`: where the instances run. @default - none: the variable is required */
  readonly privateSubnetIds?: readonly string[];
  /** `web_acl_arn`, with `loadBalancer.webAcl: "existing"`: a regional web ACL. @default - none: the variable is required */
  readonly webAclArn?: string;
  /** `subnet_ids`, with `vpcId`: public subnets, one a zone. @default - none: the variable is required */
  readonly subnetIds?: readonly string[];
}
