/** A thing in AWS that a stack uses and does not create. */
export interface Existing {
  readonly what: string;
  /** The command that finds it. Undefined where AWS has no command for it. */
  readonly check?: string;
}

type Describe = (value: string) => Existing;

const found =
  (what: string, check: (value: string) => string): Describe =>
  (value) => ({ what: `${what} \`${value}\``, check: check(value) });

const text = (query: string): string => `--query '${query}' --output text`;
/** The last part of an ARN: the name of a role, a function or a stream. */
const lastOf = (value: string): string => value.replace(/^.*[:/]/, "");

const role = found("The IAM role", (arn) => `aws iam get-role --role-name ${lastOf(arn)} ${text("Role.Arn")}`);
const policy = found("The IAM policy", (arn) => `aws iam get-policy --policy-arn ${arn} ${text("Policy.Arn")}`);
const certificate = found(
  "An issued certificate",
  (arn) => `aws acm describe-certificate --certificate-arn ${arn} ${text("Certificate.Status")}`,
);
const topic = found(
  "The topic",
  (arn) => `aws sns get-topic-attributes --topic-arn ${arn} ${text("Attributes.TopicArn")}`,
);
const webAcl = found("The web ACL", (arn) => `aws wafv2 list-resources-for-web-acl --web-acl-arn ${arn}`);
const trustStore = found(
  "The trust store",
  (arn) => `aws elbv2 describe-trust-stores --trust-store-arns ${arn} ${text("TrustStores[].Status")}`,
);
const key = found("The enabled KMS key", (id) => `aws kms describe-key --key-id ${id} ${text("KeyMetadata.KeyState")}`);
const cluster = found(
  "The ECS cluster",
  (id) => `aws ecs describe-clusters --clusters ${id} ${text("clusters[].status")}`,
);
const subnets = found(
  "The subnets",
  (ids) => `aws ec2 describe-subnets --subnet-ids ${ids} ${text("Subnets[].[SubnetId,VpcId,AvailabilityZone]")}`,
);
const vpc = found("The VPC", (id) => `aws ec2 describe-vpcs --vpc-ids ${id} ${text("Vpcs[].[VpcId,State]")}`);
const groups = found(
  "The security groups",
  (ids) => `aws ec2 describe-security-groups --group-ids ${ids} ${text("SecurityGroups[].[GroupId,VpcId]")}`,
);
const keyPair = found(
  "The key pair",
  (name) => `aws ec2 describe-key-pairs --key-names ${name} ${text("KeyPairs[].KeyName")}`,
);
const zone = found(
  "The hosted zone",
  (name) => `aws route53 list-hosted-zones-by-name --dns-name ${name} --max-items 1 ${text("HostedZones[].[Name,Id]")}`,
);
const fileSystem = found(
  "The file system",
  (id) => `aws efs describe-file-systems --file-system-id ${lastOf(id)} ${text("FileSystems[].LifeCycleState")}`,
);
const loadBalancer = found(
  "The load balancer",
  (arn) => `aws elbv2 describe-load-balancers --load-balancer-arns ${arn} ${text("LoadBalancers[].State.Code")}`,
);
export const bucket = found("The bucket", (name) => `aws s3api head-bucket --bucket ${name}`);
export const parameter = found(
  "The SSM parameter",
  (name) => `aws ssm get-parameter --name ${name} ${text("Parameter.ARN")}`,
);
export const secret = found(
  "The secret",
  (arn) => `aws secretsmanager describe-secret --secret-id ${arn} ${text("ARN")}`,
);
export const object = found("The object", (path) => {
  const [, name = "", key = ""] = /^([^/]+)\/(.+)$/.exec(path) ?? [];
  return `aws s3api head-object --bucket ${name} --key ${key}`;
});
/** The bucket of a load balancer's logs: its policy must admit the service that writes them. */
export const logBucket: Describe = (name) => ({
  what: `The bucket \`${name}\`, with a policy that admits the logs of Elastic Load Balancing`,
  check: `aws s3api get-bucket-policy --bucket ${name} ${text("Policy")}`,
});

/** What a variable refers to, by the end of its name. */
export const OF_VARIABLES: readonly (readonly [ending: string, Describe])[] = [
  ["certificate_arn", certificate],
  ["trust_store_arn", trustStore],
  ["web_acl_arn", webAcl],
  ["topic_arn", topic],
  ["role_arn", role],
  ["key_arn", key],
  ["kms_key_id", key],
  ["key_name", keyPair],
  ["vpc_id", vpc],
  ["subnet_ids", subnets],
  ["security_group_ids", groups],
  ["zone_name", zone],
  ["cluster_name", cluster],
];

/** What a data source looks up, by its type and argument. */
export const OF_DATA_SOURCES: Readonly<Record<string, readonly [argument: string, Describe]>> = {
  aws_ecr_repository: [
    "name",
    found(
      "The repository",
      (name) => `aws ecr describe-repositories --repository-names ${name} ${text("repositories[].repositoryUri")}`,
    ),
  ],
  aws_ecs_cluster: ["cluster_name", cluster],
  aws_iam_role: ["name", role],
  aws_key_pair: ["key_name", keyPair],
  aws_lb: ["arn", loadBalancer],
  aws_route53_zone: ["name", zone],
  aws_secretsmanager_secret: ["arn", secret],
  aws_secretsmanager_secret_version: ["secret_id", secret],
  aws_secretsmanager_secret_versions: ["secret_id", secret],
  aws_security_group: ["id", groups],
  aws_sns_topic: [
    "name",
    found("The topic", (name) => `aws sns list-topics ${text(`Topics[?ends_with(TopicArn, \`:${name}\`)].TopicArn`)}`),
  ],
  aws_ssm_parameter: ["name", parameter],
  aws_vpc: ["id", vpc],
};

/** What an ARN in the code refers to, by the service in it and the start of its resource. */
const OF_ARNS: readonly (readonly [start: RegExp, Describe])[] = [
  [/^acm:certificate\//, certificate],
  [
    /^acm-pca:certificate-authority\//,
    found(
      "The active private certificate authority",
      (arn) =>
        `aws acm-pca describe-certificate-authority --certificate-authority-arn ${arn} ${text("CertificateAuthority.Status")}`,
    ),
  ],
  [/^ecs:cluster\//, cluster],
  [/^elasticfilesystem:file-system\//, fileSystem],
  [
    /^elasticloadbalancing:listener\//,
    found(
      "The listener",
      (arn) => `aws elbv2 describe-listeners --listener-arns ${arn} ${text("Listeners[].[Protocol,Port]")}`,
    ),
  ],
  [/^elasticloadbalancing:loadbalancer\//, loadBalancer],
  [/^elasticloadbalancing:truststore\//, trustStore],
  [
    /^firehose:/,
    found(
      "The delivery stream",
      (arn) =>
        `aws firehose describe-delivery-stream --delivery-stream-name ${lastOf(arn)} ${text("DeliveryStreamDescription.DeliveryStreamStatus")}`,
    ),
  ],
  [/^iam:policy\//, policy],
  [/^iam:role\//, role],
  [/^kms:/, key],
  [
    /^lambda:function:/,
    found("The function", (arn) => `aws lambda get-function --function-name ${arn} ${text("Configuration.State")}`),
  ],
  // Without the JSON key, the stage and the version, which a container can name.
  [/^secretsmanager:secret:/, (arn) => secret(arn.split(":").slice(0, 7).join(":"))],
  [
    /^servicediscovery:namespace\//,
    found("The namespace", (arn) => `aws servicediscovery get-namespace --id ${lastOf(arn)} ${text("Namespace.Name")}`),
  ],
  [/^sns:/, topic],
  [/^sqs:/, found("The queue", (arn) => `aws sqs get-queue-url --queue-name ${lastOf(arn)}`)],
  [/^ssm:parameter\//, (arn) => parameter(arn.replace(/^.*:parameter/, ""))],
  [/^wafv2:/, webAcl],
  [/^s3:[^/]+\//, (arn) => object(arn.replace(/^.*:::/, ""))],
  [/^s3:/, (arn) => bucket(arn.replace(/^.*:::/, ""))],
];

/** Returns what an ARN refers to. */
export function ofArn(arn: string): Existing {
  const [, , service = "", , , ...resource] = arn.split(":");
  const start = `${service}:${resource.join(":")}`;
  const [, describe] = OF_ARNS.find(([pattern]) => pattern.test(start)) ?? [];
  return describe?.(arn) ?? { what: `\`${arn}\`` };
}

/** What an id in the code refers to, by its prefix. */
export const OF_IDS: Readonly<Record<string, Describe>> = {
  ami: found("The AMI", (id) => `aws ec2 describe-images --image-ids ${id} ${text("Images[].State")}`),
  fs: fileSystem,
  sg: found(
    "The security group",
    (id) => `aws ec2 describe-security-groups --group-ids ${id} ${text("SecurityGroups[].VpcId")}`,
  ),
  subnet: found("The subnet", (id) => `aws ec2 describe-subnets --subnet-ids ${id} ${text("Subnets[].VpcId")}`),
  vpc,
};

/** The service-linked roles, by the service that assumes them. */
export const SERVICE_LINKED_ROLES: Readonly<Record<string, string>> = {
  "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
  "ecs.amazonaws.com": "AWSServiceRoleForECS",
  "ecs.application-autoscaling.amazonaws.com": "AWSServiceRoleForApplicationAutoScaling_ECSService",
  "elasticfilesystem.amazonaws.com": "AWSServiceRoleForAmazonElasticFileSystem",
  "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
  "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
  "wafv2.amazonaws.com": "AWSServiceRoleForWAFV2Logging",
};
