import { length, matches, matchesNot, oneOf, type Rule } from "./rule";

/** The rules of values that several folders use. */

/** The name of a cluster leaves room for suffixes: a load balancer's name has at most 32 characters. */
export const CLUSTER_NAME_LENGTH = { min: 3, max: 24 } as const;

/** `<cluster>-<service>`: followed by `-exec-` it is the prefix of a role's name, which has at most 38 characters. */
export const COMPOSED_NAME_LENGTH = 32;

/** The shortest cluster name leaves 28 characters of the composed name. */
export const SERVICE_NAME_LENGTH = { min: 1, max: 28 } as const;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** The code of an AWS region. */
export const regionRule = matches(
  "^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$",
  "be the code of an AWS region",
  "Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.",
);

/** The load balancer's and the security groups' names are the cluster's and a suffix. */
export const reservedPrefixRule = matchesNot(
  "^([iI][nN][tT][eE][rR][nN][aA][lL]|[sS][gG])(-|$)",
  "not be internal or sg, nor start with internal- or sg-",
  "The load balancer's name is <name>-alb, and AWS reserves these prefixes. Choose another name.",
);

/** The name of a cluster, which is the start of every other name. */
export const clusterNameRules: readonly Rule<string>[] = [
  length(
    CLUSTER_NAME_LENGTH.min,
    CLUSTER_NAME_LENGTH.max,
    "The load balancer's name adds a suffix, and AWS limits it to 32 characters.",
  ),
  matches(
    "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$",
    "contain only letters, digits and hyphens, and neither start nor end with a hyphen",
    "AWS rejects other names of load balancers.",
  ),
  reservedPrefixRule,
];

/** The name of a service, without the cluster's. */
export const serviceNameRules: readonly Rule<string>[] = [
  length(
    SERVICE_NAME_LENGTH.min,
    SERVICE_NAME_LENGTH.max,
    `Shorten it: together with the cluster's name it has at most ${COMPOSED_NAME_LENGTH} characters.`,
  ),
  matches(
    "^[a-z]([a-z0-9-]*[a-z0-9])?$",
    "contain only lower-case letters, digits and hyphens, start with a letter and not end with a hyphen",
    'For example "users" or "order-history". Target groups, repositories and variables are named after it.',
  ),
];

/** The retention of a log group. */
export const logRetentionRule = oneOf(LOG_RETENTION_DAYS, "CloudWatch Logs accepts only these numbers of days.");

/** The name of an S3 bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketRules: readonly Rule<string>[] = [
  matches(
    "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    "be the name of an S3 bucket",
    "Use 3 to 63 lower-case letters, digits, dots and hyphens.",
  ),
  matchesNot(
    "[.][.]|^[0-9]+([.][0-9]+){3}$|^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$",
    "be a name that S3 accepts",
    "S3 rejects two dots in a row, IP addresses, and the prefixes and suffixes that AWS reserves: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
  ),
];

/** A KMS key by ARN, which a policy can name. IAM does not accept an alias there. */
export const kmsKeyArnRule = matches(
  "^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$",
  "be the ARN of a KMS key",
  "Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn",
);

/** An ARN in the region of the variable `region`. */
export function inTheRegion(what: string, fix: string): Rule<string> {
  return {
    must: `be the ARN of a ${what} in the cluster's region`,
    fix,
    reads: ["region"],
    check: (value, all) => value.split(":")[3] === all.region,
    condition: (reference) => `try(split(":", ${reference})[3] == var.region, false)`,
  };
}

/** The SNS topic of alarms. */
export const topicArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
    "be the ARN of an SNS topic that is not a FIFO topic",
    "List your topics: aws sns list-topics",
  ),
  inTheRegion("topic", "Alarms and events can only use topics of their own region. Create a topic there."),
];
