import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EcsClusterTarget } from "../cluster/ecs-cluster-target";
import { SERVICE_LIMITS } from "../services/service-rules";
import { type Expression, hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { propMistakes, refuse } from "../validation/check-props";
import { matches } from "../validation/rule";
import type { Secret } from "./secret";

/** What the agent needs to start a task. */
export interface ExecutionRoleProps {
  readonly cluster: EcsClusterTarget;
  /** What the role's name starts with: `<cluster>-<service>`, at most 32 characters. */
  readonly name: string;
  /** The log group that containers write to. */
  readonly logGroupArn: string;
  /** The images: for one of a private ECR repository, in whichever account, the role may pull that repository. */
  readonly images: readonly string[];
  /** The secrets that containers are given. @default - none */
  readonly secrets?: readonly Secret[];
}

/** Who may take a role: ECS tasks, by the same name in every partition. */
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

/** What pulling an image from ECR takes, beside logging in. */
export const PULL_ACTIONS = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** What a service's roles are named after: `<cluster>-<service>`. */
export const composedNameRules = [
  matches(
    "^[a-zA-Z0-9][a-zA-Z0-9-]*$",
    "hold letters, digits and hyphens only",
    "Put it together from the cluster's name and the service's.",
  ),
];

/** A message at plan for a name that is too long once it is composed: the cluster's part is known then. */
export const composedNameGuard = (name: string) => ({
  condition: hcl`length(${name}) <= ${SERVICE_LIMITS.composedName}`.string,
  errorMessage: `The names of the cluster and the service together, ${name}, must be at most ${SERVICE_LIMITS.composedName} characters long; received ${hcl`length(${name})`}. Shorten the service's name: the names of its roles start with both, and end at 64.`,
});

/**
 * The role that the agent starts a task with: it may write this task's logs, pull its images and read its secrets, and
 * nothing else.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export class ExecutionRole extends Construct {
  readonly roleArn: string;
  /** What the service depends on, so that its tasks can stop in order while it goes. */
  readonly policies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    super(scope, id);
    const { cluster, name, logGroupArn, images, secrets = [] } = props;
    refuse(this, [
      ...propMistakes({ name: [name, composedNameRules] }),
      ...secrets.flatMap((secret, index) => secret.mistakes(`secrets.${index}`)),
    ]);
    const purpose = "Lets the ECS agent write logs and pull images and read secrets";
    const role = new IamRole(this, "resource", {
      // Generated after it, since IAM's names are the same in every region.
      namePrefix: `${name}-exec-`,
      description: `${purpose} of ${name}`,
      assumeRolePolicy: JSON.stringify(assumedByTasks()),
      tags: purposeTags(`${name}-exec`, purpose),
      lifecycle: { precondition: [composedNameGuard(name)] },
    });
    this.roleArn = role.arn;

    const { clusterArn } = cluster.cluster;
    const allow = (action: readonly string[], resource: readonly unknown[]) =>
      resource.length === 0 ? [] : [{ Effect: "Allow", Action: action, Resource: resource }];
    const arns = (service: Secret["service"]) =>
      unique(secrets.filter((secret) => secret.service === service).map((secret) => secret.arn(clusterArn)));
    const keys = unique(secrets.flatMap(({ encryptionKeyArn }) => encryptionKeyArn ?? []));
    const statements = [
      ...allow(["logs:CreateLogStream", "logs:PutLogEvents"], [`${logGroupArn}:*`]),
      ...allow(["ssm:GetParameters"], arns("ssm")),
      ...allow(["secretsmanager:GetSecretValue"], arns("secretsmanager")),
      ...allow(["kms:Decrypt"], keys),
    ];
    const policy = new IamRolePolicy(this, "policy", {
      name: "start-tasks",
      role: role.name,
      policy:
        hcl`jsonencode({ Version = "2012-10-17", Statement = concat(${statements}, flatten([for arns in [${repositories(clusterArn, images)}] : [
        { Effect = "Allow", Action = ${PULL_ACTIONS}, Resource = arns },
        { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] },
      ] if length(arns) > 0])) })`.string,
    });
    this.policies = [policy];
  }
}

/**
 * The ARNs of the private repositories among the images, as an expression, since images are variables. Their account and
 * region are in the image's name.
 */
function repositories(clusterArn: string, images: readonly string[]): Expression {
  // Of each kind of endpoint: https://docs.aws.amazon.com/general/latest/gr/ecr.html
  const pattern =
    "^([0-9]{12})[.]dkr[.-]ecr(?:-fips)?[.]([a-z0-9-]+)[.](?:amazonaws|on[.]aws|on[.]amazonwebservices|c2s|sc2s)[a-z.]*/([^:@]+)";
  const partition = hcl`split(":", ${clusterArn})[1]`;
  return hcl`distinct(flatten([for image in ${images} : [for part in regexall(${pattern}, image) : "arn:\${${partition}}:ecr:\${part[1]}:\${part[0]}:repository/\${part[2]}"]]))`;
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
