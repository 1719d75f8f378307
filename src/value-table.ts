import type { AmiFamily } from "./ami-family";
import type { EcsClusterValues } from "./cluster-values";
import type { Rule } from "./rule";
import {
  amiVersionRule,
  certificateArnRules,
  desiredSizeRules,
  httpCidrsRules,
  instanceTypesRules,
  keyNameRule,
  maxSizeRules,
  nameRules,
  regionRule,
  reservationRule,
  retentionRule,
  rootVolumeRule,
  serverErrorsRule,
  sizeRule,
  sshCidrsRules,
  subnetIdsRules,
  tagsRules,
  topicArnRules,
  vpcIdRule,
  webAclArnRules,
} from "./values";

/** The settings that decide which variables there are. */
export interface ValueConditions {
  readonly alarms?: boolean;
  readonly amiFamily: AmiFamily;
  readonly keyPair: "import" | "existing" | "none";
  readonly loadBalancer: false | { readonly https?: boolean; readonly webAcl?: false | "managed" | "existing" };
  readonly privateSubnets?: boolean;
  readonly vpcId?: string;
}

/** One variable: what Terraform declares and what a value given in TypeScript is checked by. */
export interface ValueDefinition {
  /** The variable's name in Terraform. */
  readonly name: string;
  readonly type: "string" | "number" | "list(string)" | "map(string)";
  readonly description: string;
  /** `undefined`: the variable is required. */
  readonly default?: unknown;
  /** Whether null is a value too. */
  readonly nullable?: boolean;
  readonly rules: readonly Rule<never>[];
  /** What may be a secret pasted by mistake: never printed, and checked by a precondition where it is used. */
  readonly sensitive?: boolean;
}

/** By the name that the value has in TypeScript. */
export type ValueTable = Partial<Record<keyof EcsClusterValues | "vpcId", ValueDefinition>>;

/** What the alarms need. */
const ALARM_VALUES: ValueTable = {
  alarmTopicArn: {
    name: "alarm_topic_arn",
    type: "string",
    description: "The SNS topic that alarms are sent to. Its policy has to admit events.amazonaws.com.",
    rules: topicArnRules,
  },
  alarmReservationPercent: {
    name: "alarm_reservation_percent",
    type: "number",
    description: "Percent of the cluster's CPU or memory that tasks may keep until the alarm goes off.",
    default: 90,
    rules: [reservationRule],
  },
  alarmServerErrors: {
    name: "alarm_server_errors",
    type: "number",
    description: "Answers with 5xx in 5 minutes until the alarm goes off.",
    default: 10,
    rules: [serverErrorsRule],
  },
};

/** The variables of a stack with these settings, in the order in which they are declared. */
export function valueTable(settings: ValueConditions): ValueTable {
  const { keyPair, loadBalancer, amiFamily, vpcId, privateSubnets, alarms } = settings;
  return {
    region: {
      name: "region",
      type: "string",
      description: "The AWS region that everything is made in.",
      default: "ap-northeast-2",
      rules: [regionRule],
    },
    name: {
      name: "name",
      type: "string",
      description:
        "What the cluster and every other name start with. 3 to 24 letters, digits and hyphens. Changing it replaces everything.",
      default: "ecs",
      rules: nameRules,
    },
    ...(vpcId === undefined
      ? {}
      : {
          vpcId: {
            name: "vpc_id",
            type: "string",
            description: "The VPC that the cluster lives in.",
            default: vpcId,
            rules: [vpcIdRule],
          },
          subnetIds: {
            name: "subnet_ids",
            type: "list(string)",
            description: "The public subnets of that VPC for the load balancer and the instances, one a zone.",
            rules: subnetIdsRules,
          },
        }),
    ...(privateSubnets
      ? {
          privateSubnetIds: {
            name: "private_subnet_ids",
            type: "list(string)",
            description: "The VPC's private subnets for the instances, with a way to ECS by NAT or VPC endpoints.",
            rules: subnetIdsRules,
          },
        }
      : {}),
    instanceTypes: {
      name: "instance_types",
      type: "list(string)",
      description: "The instance types, in order of preference, all of one architecture. The AMI follows them.",
      default: ["t3.small"],
      rules: instanceTypesRules,
    },
    minSize: {
      name: "min_size",
      type: "number",
      description: "The fewest instances that the group keeps.",
      default: 1,
      rules: [sizeRule],
    },
    maxSize: {
      name: "max_size",
      type: "number",
      description: "The most instances that managed scaling may start.",
      default: 2,
      rules: maxSizeRules,
    },
    desiredSize: {
      name: "desired_size",
      type: "number",
      description: "The instances to start with; null means min_size. Managed scaling decides afterwards.",
      default: null,
      nullable: true,
      rules: desiredSizeRules,
    },
    ...(keyPair === "import"
      ? {
          sshPublicKey: {
            name: "ssh_public_key",
            type: "string",
            description:
              "The public key for SSH onto the instances: one line of OpenSSH text, ssh-ed25519 or ssh-rsa. Never a private key.",
            rules: [],
            sensitive: true,
          },
        }
      : {}),
    ...(keyPair === "existing"
      ? {
          keyName: {
            name: "key_name",
            type: "string",
            description: "The name of an EC2 key pair that the region has already.",
            rules: [keyNameRule],
          },
        }
      : {}),
    ...(keyPair === "none"
      ? {}
      : {
          sshCidrs: {
            name: "ssh_cidrs",
            type: "list(string)",
            description: "The IPv4 and IPv6 networks that may connect to the instances by SSH. None by default.",
            default: [],
            rules: sshCidrsRules,
          },
        }),
    ...(loadBalancer === false
      ? {}
      : {
          httpCidrs: {
            name: "http_cidrs",
            type: "list(string)",
            description: "The IPv4 and IPv6 networks that may reach the load balancer.",
            default: ["0.0.0.0/0"],
            rules: httpCidrsRules,
          },
        }),
    ...(loadBalancer !== false && loadBalancer.https
      ? {
          certificateArn: {
            name: "certificate_arn",
            type: "string",
            description: "The certificate of the HTTPS listener, from AWS Certificate Manager in the same region.",
            rules: certificateArnRules,
          },
        }
      : {}),
    ...(loadBalancer !== false && loadBalancer.webAcl === "existing"
      ? {
          webAclArn: {
            name: "web_acl_arn",
            type: "string",
            description: "The regional web ACL of AWS WAF that protects the load balancer.",
            rules: webAclArnRules,
          },
        }
      : {}),
    rootVolumeGib: {
      name: "root_volume_gib",
      type: "number",
      description: "The size of each instance's volume for images and containers, in GiB. At least 30.",
      default: 30,
      rules: [rootVolumeRule],
    },
    amiVersion: {
      name: "ami_version",
      type: "string",
      description:
        "The ECS-optimized AMI: recommended, which is looked up at each plan, or a published version to pin.",
      default: "recommended",
      rules: [amiVersionRule(amiFamily)],
    },
    logRetentionDays: {
      name: "log_retention_days",
      type: "number",
      description: "How many days the log group keeps what it has.",
      default: 14,
      rules: [retentionRule],
    },
    ...(alarms ? ALARM_VALUES : {}),
    tags: {
      name: "tags",
      type: "map(string)",
      description: "Tags for everything that takes tags, instances and volumes included.",
      default: {},
      rules: tagsRules,
    },
  };
}
