import { securityGroupIdsRules } from "../capacity/capacity-rules";
import { MAIN_CAPACITY } from "../capacity/capacity-settings";
import { type CapacityConditions, capacityValueTable } from "../capacity/capacity-value-table";
import type { AmiFamily } from "../instances/ami-family";
import { tagsRules } from "../validation/tag-rules";
import type { ValueDefinition } from "../validation/value-definition";
import {
  certificateArnRules,
  httpCidrsRules,
  keyNameRule,
  nameRules,
  regionRule,
  reservationRule,
  retentionRule,
  serverErrorsRule,
  sshCidrsRules,
  subnetIdsRules,
  topicArnRules,
  vpcIdRule,
  webAclArnRules,
} from "../validation/values";
import type { CapacityValues, EcsClusterValues } from "./cluster-values";

export type { ValueDefinition } from "../validation/value-definition";

/** The settings that decide which variables there are. */
export interface ValueConditions {
  readonly alarms?: boolean;
  readonly amiFamily: AmiFamily;
  readonly keyPair: "import" | "existing" | "none";
  readonly loadBalancer: false | { readonly https?: boolean; readonly webAcl?: false | "managed" | "existing" };
  readonly privateSubnets?: boolean;
  readonly extraSecurityGroups?: boolean;
  readonly vpcId?: string;
  /** @default - main alone, with `amiFamily` */
  readonly capacities?: readonly CapacityConditions[];
}

/** How a named provider's value is called: `arm.minSize`. */
export const capacityKey = (provider: string, key: keyof CapacityValues): keyof ValueTable =>
  provider === MAIN_CAPACITY ? key : `${provider}.${key}`;

/** By the name that the value has in TypeScript. */
export type ValueTable = Partial<Record<keyof EcsClusterValues | "vpcId", ValueDefinition>> &
  Readonly<Record<`${string}.${keyof CapacityValues}`, ValueDefinition>>;

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
  const capacities = settings.capacities ?? [{ name: MAIN_CAPACITY, amiFamily }];
  const main = capacities.find(({ name }) => name === MAIN_CAPACITY);
  const { rootVolumeGib, amiVersion, ...sizes } = main ? capacityValueTable(main) : {};
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
    ...(settings.extraSecurityGroups
      ? {
          extraSecurityGroupIds: {
            name: "extra_security_group_ids",
            type: "list(string)",
            description: "Further security groups of the instances, of the same VPC. 1 to 4.",
            rules: securityGroupIdsRules,
          },
        }
      : {}),
    ...sizes,
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
    ...(main ? { rootVolumeGib, amiVersion } : {}),
    ...Object.assign({}, ...capacities.filter((capacity) => capacity !== main).map(prefixed)),
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

const prefixed = (capacity: CapacityConditions): ValueTable =>
  Object.fromEntries(
    Object.entries(capacityValueTable(capacity)).map(([key, definition]) => [
      capacityKey(capacity.name, key as keyof CapacityValues),
      definition,
    ]),
  );
