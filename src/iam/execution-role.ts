import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { clusterTargetField, type EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { type Expression, hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { COMPOSED_NAME_LENGTH } from "../validation/aws-rules";
import { length, matches, type Rule } from "../validation/rule";
import { list, plain, schemaOf, sensitive, string } from "../validation/schema";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";
import { AFTER_USERS } from "./managed-policies";
import { allowed, type PolicyStatement, policyStatementsField } from "./policy-statement";
import { createRole } from "./role";
import { type Secret, secretField } from "./secret";

/** The name of a service's roles: `<cluster>-<service>`. */
export const composedNameRules: readonly Rule<string>[] = [
  length(1, COMPOSED_NAME_LENGTH, "Shorten the service's name."),
  matches(
    "^[a-zA-Z0-9][a-zA-Z0-9-]*$",
    "contain only letters, digits and hyphens, and not start with a hyphen",
    "Combine the cluster's name and the service's name.",
  ),
];

/** The permissions that the agent needs to start a task. */
export interface ExecutionRoleProps {
  /** The cluster of the tasks. */
  readonly cluster: EcsClusterTarget;
  /** The start of the role's name: `<cluster>-<service>`. */
  readonly name: string;
  /** The ARN of the log group that containers write to. */
  readonly logGroupArn: string;
  /** The images of the containers. The role can pull images of private ECR repositories, in any account. */
  readonly images: readonly string[];
  /**
   * The images that come through an ECR pull-through cache. The role can import them and create their repositories.
   * @default - none
   */
  readonly pullThroughCacheImages?: readonly string[];
  /** The secrets of the containers. @default - none */
  readonly secrets?: readonly Secret[];
  /** More permissions, in the same inline policy. @default - none */
  readonly statements?: readonly PolicyStatement[];
}

export const executionRolePropsSchema = schemaOf<ExecutionRoleProps>()({
  cluster: clusterTargetField,
  name: string(...composedNameRules),
  logGroupArn: string(),
  images: list(string()),
  pullThroughCacheImages: plain(list(string())).default([]),
  secrets: list(sensitive(secretField)).default([]),
  statements: policyStatementsField.default([]),
});

/** Returns the trust policy of a role for ECS tasks. The service's name is the same in every partition. */
export const assumedByTasks = (condition?: object): object => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      ...(condition ? { Condition: condition } : {}),
    },
  ],
});

/** The actions that pull an image from ECR, after the login. */
export const PULL_ACTIONS = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** The actions that import an image through a pull-through cache. https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html */
const IMPORT_ACTIONS = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

/** Returns the guard of a name that contains the cluster's, which is a variable and known only at plan. */
const composedNameGuard = (name: string) => ({
  condition: hcl`length(${name}) <= ${COMPOSED_NAME_LENGTH}`.string,
  errorMessage: `The names of the cluster and the service together, ${name}, must be at most ${COMPOSED_NAME_LENGTH} characters long; received ${hcl`length(${name})`}. Shorten the service's name. The names of its roles start with both names and have at most 64 characters.`,
});

/**
 * The role that the agent uses to start a task. It can write the task's logs, pull its images and read its secrets, and has
 * no other permission without `statements`.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export class ExecutionRole extends Construct {
  /** The role's ARN. */
  readonly roleArn: string;
  /** The role's policies. The service depends on them, so that its tasks stop in order on destroy. */
  readonly policies: readonly ITerraformDependable[];

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    const settings = validate(this, executionRolePropsSchema, props);
    const { cluster, name, logGroupArn, images, pullThroughCacheImages: cached, secrets } = settings;
    const purpose = "Lets the ECS agent start the tasks";
    const role = createRole(this, "resource", {
      // A generated name, because IAM's names are the same in every region.
      namePrefix: `${name}-exec-`,
      description: `${purpose} of ${name}`,
      assumeRolePolicy: JSON.stringify(assumedByTasks()),
      tags: purposeTags(`${name}-exec`, purpose),
      // The schema checks a name that is known. Terraform rejects a precondition that refers to nothing.
      lifecycle: { ...AFTER_USERS, precondition: isToken(name) ? [composedNameGuard(name)] : undefined },
    });
    this.node.defaultChild = role;
    this.roleArn = role.arn;

    const { clusterArn } = cluster.cluster;
    const allow = (action: readonly string[], resource: readonly unknown[]) =>
      resource.length === 0 ? [] : [{ Effect: "Allow", Action: action, Resource: resource }];
    const statements = [
      ...allow(["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroupArn}:*`]),
      ...secretStatements(secrets, clusterArn).map(allowed),
      ...settings.statements.map(allowed),
    ];
    const imports =
      cached.length === 0
        ? hcl``
        : hcl`, [{ Effect = "Allow", Action = ${IMPORT_ACTIONS}, Resource = ${repositories(clusterArn, cached)} }]`;
    const guards = cached.filter(isToken).map(cachedImageGuard);
    const policy = new IamRolePolicy(this, "policy", {
      name: "start-tasks",
      role: role.name,
      policy:
        hcl`jsonencode({ Version = "2012-10-17", Statement = concat(${statements}, flatten([for arns in [${repositories(clusterArn, images)}] : [
        { Effect = "Allow", Action = ${PULL_ACTIONS}, Resource = arns },
        { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
      ] if length(arns) > 0])${imports}) })`.string,
      lifecycle: { ...AFTER_USERS, precondition: guards.length > 0 ? guards : undefined },
    });
    this.policies = [policy];
  }
}

/** Returns the permissions to read secrets, with their keys. */
export function secretStatements(secrets: readonly Secret[], clusterArn: string): PolicyStatement[] {
  const arns = (service: Secret["service"]) =>
    unique(secrets.filter((secret) => secret.service === service).map((secret) => `${secret.arn(clusterArn)}`));
  const statements: PolicyStatement[] = [
    { actions: ["ssm:GetParameters"], resources: arns("ssm") },
    { actions: ["secretsmanager:GetSecretValue"], resources: arns("secretsmanager").flatMap(withSuffix) },
    {
      actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      resources: unique(secrets.flatMap((secret) => secret.referencedSecretArn(clusterArn)?.string ?? [])),
    },
    { actions: ["kms:Decrypt"], resources: unique(secrets.flatMap(({ encryptionKeyArn }) => encryptionKeyArn ?? [])) },
  ];
  return statements.filter(({ resources }) => resources.length > 0);
}

// Every kind of endpoint: https://docs.aws.amazon.com/general/latest/gr/ecr.html
const ECR_IMAGE =
  "^([0-9]{12})[.]dkr[.-]ecr(?:-fips)?[.]([a-z0-9-]+)[.](?:amazonaws|on[.]aws|on[.]amazonwebservices|c2s|sc2s)[a-z.]*/([^:@]+)";

/** The rule of an image that comes through a pull-through cache. */
export const cachedImageRule = matches(
  ECR_IMAGE,
  "be in a private registry of ECR with pullThroughCache",
  "Write the registry and the prefix of the cache rule before the name, such as 111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/docker-hub/library/nginx:1.27.",
);

/** Returns the ARN of the repository of an image in a private registry of ECR, or undefined for another image. */
export function repositoryArn(partition: string, image: string): string | undefined {
  const [, account, region, name] = new RegExp(ECR_IMAGE).exec(image) ?? [];
  return name && `arn:${partition}:ecr:${region}:${account}:repository/${name}`;
}

/** Returns true for an image in a private registry of ECR. */
export const isEcrImage = (image: string): boolean => new RegExp(ECR_IMAGE).test(image);

/**
 * Returns the ARNs of the images' private repositories. It is an expression, because images are variables. The image's
 * name contains the account and the region.
 */
function repositories(clusterArn: string, images: readonly string[]): Expression {
  const partition = hcl`split(":", ${clusterArn})[1]`;
  return hcl`distinct(flatten([for image in ${images} : [for part in regexall(${ECR_IMAGE}, image) : "arn:\${${partition}}:ecr:\${part[1]}:\${part[0]}:repository/\${part[2]}"]]))`;
}

const cachedImageGuard = (image: string) => ({
  condition: hcl`length(regexall(${ECR_IMAGE}, ${image})) > 0`.string,
  errorMessage: `The image must ${cachedImageRule.must}; received ${image}. ${cachedImageRule.fix}`,
});

/** IAM matches only a secret's whole ARN. The second pattern matches it when the ARN lacks its suffix. */
const withSuffix = (arn: string): readonly string[] => [arn, `${arn}-??????`];

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
