import { AMI_FAMILY_TRAITS, type AmiFamily } from "../instances/ami-family";
import { cidr, noHostBits, noPartOfTheInternet, notTheWholeInternet } from "../network/cidr-rules";
import {
  bounded,
  distinctElements,
  each,
  length,
  matches,
  matchesNot,
  nullable,
  oneOf,
  oneOfWords,
  type Rule,
  wholeNumber,
} from "./rule";

/** Every limit of AWS that a value is held against, each once: checks, messages and docs read it here. */
export const LIMITS = {
  /** The name leaves room for the suffixes: the load balancer's name may have 32 characters. */
  name: { min: 3, max: 24 },
  /** Overrides of a mixed instances policy. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
  instanceTypes: { min: 1, max: 40 },
  groupSize: { min: 0, max: 5000 },
  /** The AMI's snapshot has 30 GiB; a gp3 volume ends at 64 TiB. */
  rootVolumeGib: { min: 30, max: 65536 },
  /**
   * Networks make rules, and a security group holds 60 of them. The instances' group has rules of its own beside SSH,
   * and the load balancer's makes two of each network where it listens on two ports.
   * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
   */
  sshCidrs: { min: 0, max: 50 },
  httpCidrs: { min: 0, max: 30 },
} as const;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html */
export const CONTAINER_INSIGHTS = ["enhanced", "enabled", "disabled"] as const;
/** Policies of HTTPS listeners that offer TLS 1.3. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const SSL_POLICIES = [
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04",
  "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
] as const;

export const sslPolicyRule = oneOfWords(SSL_POLICIES, "Others admit TLS that is out of date.");
export const containerInsightsRule = oneOfWords(CONTAINER_INSIGHTS, "ECS knows no other setting.");

export const regionRule = matches(
  "^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$",
  "be the code of an AWS region",
  "Use a code such as ap-northeast-2; a zone such as ap-northeast-2a is not a region.",
);

export const nameRules: readonly Rule<string>[] = [
  length(LIMITS.name.min, LIMITS.name.max, "Shorten it: the load balancer's name is made from it and ends at 32."),
  matches(
    "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$",
    "hold letters, digits and hyphens only, with no hyphen at either end",
    "Load balancers accept nothing else.",
  ),
  matchesNot(
    "^([iI][nN][tT][eE][rR][nN][aA][lL]|[sS][gG])-",
    "not start with internal- or sg-",
    "AWS keeps those prefixes; choose another name.",
  ),
];

export const instanceTypesRules: readonly Rule<never>[] = [
  distinctElements(LIMITS.instanceTypes.min, LIMITS.instanceTypes.max, "instance types", 'For example ["t3.small"].'),
  each(
    matches(
      "^[a-z][a-z0-9-]*\\.[a-z0-9-]+$",
      "be instance types",
      'Write family and size, such as "t3.small" or "m7g.large".',
    ),
  ),
];

const cidrs = ({ min, max }: { min: number; max: number }, ...rules: Rule<string>[]): readonly Rule<never>[] => [
  distinctElements(min, max, "networks", "Each makes rules, and a security group holds 60."),
  ...[cidr, noHostBits, ...rules].map((rule) => each(rule)),
];
export const sshCidrsRules = cidrs(LIMITS.sshCidrs, notTheWholeInternet, noPartOfTheInternet);
export const httpCidrsRules = cidrs(LIMITS.httpCidrs);

export const rootVolumeRule = wholeNumber(
  LIMITS.rootVolumeGib.min,
  LIMITS.rootVolumeGib.max,
  "GiB",
  "The ECS-optimized AMI's own snapshot takes 30.",
);

export const retentionRule = oneOf(LOG_RETENTION_DAYS, "CloudWatch Logs knows no other retention in days.");

export const someSizeRule = wholeNumber(
  1,
  LIMITS.groupSize.max,
  "instances",
  "A group of none could never run a task.",
);
export const sizeRule = wholeNumber(LIMITS.groupSize.min, LIMITS.groupSize.max, "instances", "For example 2.");

const atLeastMinSize = (prefix: string, name: string) =>
  bounded(`${prefix}${name}`, ">=", `${prefix}min_size`, `Raise it, or lower ${prefix}min_size.`);
/** @param prefix what the names of the capacity's variables start with */
export const desiredSizeRules = (prefix = "") =>
  [
    sizeRule,
    atLeastMinSize(prefix, "desired_size"),
    bounded(`${prefix}desired_size`, "<=", `${prefix}max_size`, `Lower it, or raise ${prefix}max_size.`),
  ].map((rule) => nullable(rule));
/** @param prefix what the names of the capacity's variables start with */
export const maxSizeRules = (prefix = "") => [someSizeRule, atLeastMinSize(prefix, "max_size")];

export const amiVersionRule = (family: AmiFamily): Rule<string> => {
  const { pattern, example } = AMI_FAMILY_TRAITS[family].pinnedVersion;
  return matches(
    `^(recommended|${pattern})$`,
    `be "recommended" or a published version of ${family}`,
    `Pin with a version such as ${example}.`,
  );
};

export const keyNameRule = matches(
  "^[!-~]([ -~]{0,253}[!-~])?$",
  "be the name of an EC2 key pair",
  "List those there are: aws ec2 describe-key-pairs --query KeyPairs[].KeyName",
);

/** An ARN whose region is the variable `region`. */
function ofTheRegion(what: string, fix: string): Rule<string> {
  return {
    must: `name a ${what} of the cluster's own region`,
    fix,
    reads: ["region"],
    check: (value, all) => value.split(":")[3] === all.region,
    condition: (reference) => `try(split(":", ${reference})[3] == var.region, false)`,
  };
}

export const certificateArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-zA-Z0-9-]+$",
    "be the ARN of a certificate in AWS Certificate Manager",
    "List those there are: aws acm list-certificates",
  ),
  ofTheRegion("certificate", "A load balancer takes no certificate from another region: request one there."),
];

export const policyArnRule = matches(
  "^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/[A-Za-z0-9_+=,.@/-]+$",
  "be ARNs of IAM policies",
  "List those there are: aws iam list-policies --query Policies[].Arn",
);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketRule = matches(
  "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
  "be the name of an S3 bucket",
  "3 to 63 lower-case letters, digits, dots and hyphens.",
);
export const bucketRules: readonly Rule<string>[] = [
  bucketRule,
  matchesNot(
    "[.][.]|^[0-9]+([.][0-9]+){3}$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$",
    "be a name that S3 lets people choose",
    "No two dots in a row, no IP address, and none of the beginnings and endings that AWS keeps: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
  ),
];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-file-format */
export const logPrefixRules: readonly Rule<string>[] = [
  matchesNot("AWSLogs", "not contain AWSLogs", "The load balancer adds that itself, after the prefix."),
  // AWS refuses it. https://github.com/ansible/ansible/pull/55148
  matchesNot("^/|/$|^$", "neither begin nor end with a slash", 'Write it like "alb" or "logs/alb", or leave it out.'),
];

/** Terraform evaluates nothing in a backend, and an absolute path would tie the JSON to one machine. */
export const statePathRules: readonly Rule<string>[] = [
  matchesNot("[$%\\x00-\\x1f]|^$", "be text without $ and %", "Terraform evaluates nothing in a backend."),
  matchesNot(
    "^([/\\\\~]|[A-Za-z]:)",
    "be relative",
    "It is relative to where Terraform runs, cdktf.out/stacks/<stack id>, so that it is the same on every machine.",
  ),
];

export const vpcIdRule = matches(
  "^vpc-[0-9a-f]{8,17}$",
  "be the id of a VPC",
  "List those there are: aws ec2 describe-vpcs --query Vpcs[].VpcId",
);

export const webAclArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[a-zA-Z0-9_-]+/[a-f0-9-]+$",
    "be the ARN of a regional web ACL of AWS WAF",
    "List those there are: aws wafv2 list-web-acls --scope REGIONAL",
  ),
  ofTheRegion("web ACL", "One for CloudFront, or from another region, can't protect a load balancer."),
];

export const topicArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
    "be the ARN of an SNS topic, and not a FIFO one",
    "List those there are: aws sns list-topics",
  ),
  ofTheRegion("topic", "Alarms and events are told within their own region: make a topic there."),
];
export const reservationRule = wholeNumber(1, 100, "percent", "90 leaves a little room.");
export const serverErrorsRule = wholeNumber(0, 1_000_000, "answers in 5 minutes", "For example 10.");

export const subnetIdsRules: readonly Rule<never>[] = [
  distinctElements(1, 100, "subnets", "Give one a zone, in at least two zones where there is a load balancer."),
  each(matches("^subnet-[0-9a-f]{8,17}$", "be ids of subnets", "List those there are: aws ec2 describe-subnets")),
];

/**
 * An OpenSSH public key of a kind that EC2 takes. Where the key is checked no part of it may be printed, since what is
 * pasted by mistake is a private key: these rules have messages of their own.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html
 */
export const publicKeyRules = [
  {
    pattern: "PRIVATE KEY",
    accepts: false,
    message:
      "ssh_public_key holds a private key. It is not shown here; replace that key, since it may have been stored by now. Give the public half: the text of the .pub file beside it.",
  },
  {
    pattern: "^\\s*((ssh-ed25519|ssh-rsa) AAAA[0-9A-Za-z+/]{16,}={0,3}( [^\\r\\n]*)?\\s*$|.*PRIVATE KEY)",
    accepts: true,
    message:
      "ssh_public_key must be one line of OpenSSH text, ssh-ed25519 or ssh-rsa, which are the kinds that EC2 takes. What was received is not shown, in case it is a secret. Give the text of the .pub file (ssh-keygen -t ed25519 makes one; ssh-keygen -i converts other formats).",
  },
] as const;
