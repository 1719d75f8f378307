import {
  IMAGE_PULLS,
  NO_CAPACITY,
  STOPPED_TASKS,
  STUCK_SERVICES,
  type Symptom,
  TARGETS,
  TASK_STARTS,
} from "../../troubleshooting";
import { ofType, type Stack } from "../stack";
import { objects } from "../terraform-json/configuration";
import { argument, clusterArgument, groupArgument } from "./argument";
import { block, code, listed, paragraphs, section, table } from "./markdown";
import { newImage } from "./new-image";
import { serviceNames } from "./services";

/** What to do if services, tasks or instances do not run. */
export const troubleshooting = (stack: Stack): string[] => [
  servicesThatDoNotRun(stack),
  missingCapacity(stack),
  instancesThatDoNotJoin(stack),
  failedApplies(),
];

function servicesThatDoNotRun(stack: Stack): string {
  const names = serviceNames(stack);
  if (names.length === 0) return "";
  const cluster = clusterArgument(stack);
  return section(
    "If a service does not run",
    `In the commands, \`SERVICE\` is ${names.length === 1 ? code(names[0] as string) : `one of ${listed(names.map(code))}`}. A fix that names a setting ` +
      "which is no variable of this folder, such as `healthCheckGracePeriodSeconds`, is a change of the code.",
    "### A deployment does not end",
    block(
      "sh",
      `aws ecs describe-services --cluster ${cluster} --services SERVICE \\`,
      "  --query 'services[0].[deployments[].[status,rolloutState,rolloutStateReason,runningCount,desiredCount],events[:5].message]'",
    ),
    "Read the newest deployment, `PRIMARY`, with its state and reason. Then read the events, which start with the newest.",
    symptoms(stack, STUCK_SERVICES),
    "### Tasks stop or do not start",
    block(
      "sh",
      `aws ecs describe-tasks --cluster ${cluster} --query 'tasks[].[stoppedReason,containers[].[name,exitCode,reason]]' \\`,
      `  --tasks $(aws ecs list-tasks --cluster ${cluster} --service-name SERVICE --desired-status STOPPED --no-paginate --query taskArns --output text)`,
    ),
    "ECS keeps stopped tasks for about an hour. An error that tasks cannot be empty means that no task stopped since then.",
    symptoms(stack, [...STOPPED_TASKS, ...TASK_STARTS, ...IMAGE_PULLS]),
    ...(hasTargetGroups(stack)
      ? [
          "### A target is unhealthy",
          block(
            "sh",
            `TARGETS="$(aws ecs describe-services --cluster ${cluster} --services SERVICE --query 'services[0].loadBalancers[0].targetGroupArn' --output text)"`,
            'aws elbv2 describe-target-health --target-group-arn "$TARGETS" \\',
            "  --query 'TargetHealthDescriptions[].[Target.Id,Target.Port,TargetHealth.Reason,TargetHealth.Description]' --output text",
          ),
          "Read the reason. The port is the host port of the task. On the instance, `curl -i localhost:PORT/` shows the response that the load " +
            "balancer gets.",
          symptoms(stack, TARGETS),
        ]
      : []),
  );
}

function missingCapacity(stack: Stack): string {
  const groups = ofType(stack, "aws_autoscaling_group");
  if (!hasGroups(stack)) return "";
  const group = groupArgument(stack);
  const others = stack.portable.outputs
    .map(([name]) => name)
    .filter((name) => name.endsWith("_autoscaling_group_name"));
  return section(
    "If there is no capacity",
    block(
      "sh",
      `aws autoscaling describe-scaling-activities --auto-scaling-group-name ${group} --max-items 5 \\`,
      "  --query 'Activities[].[StatusCode,StatusMessage,Cause]' --output text",
      `aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names ${group} \\`,
      "  --query 'AutoScalingGroups[].[MinSize,DesiredCapacity,MaxSize]' --output text",
    ),
    groups.length > 1 && others.length > 0 && `The groups are the outputs ${listed(others.map(code))}.`,
    "Read the sizes first. If the desired capacity is the maximum size, the group is full.",
    symptoms(stack, NO_CAPACITY),
  );
}

/** The symptoms of features that a stack may not have. */
export const OF_FEATURES: Readonly<Record<string, (stack: Stack) => boolean>> = {
  "no-network-interface": hasInterfaces,
  "no-public-address": hasInterfaces,
  "no-first-image": (stack) => ofType(stack, "aws_ssm_parameter").length > 0,
  "strategy-waits": hasStrategy,
  "requests-to-empty-group": hasStrategy,
  "name-not-resolved": (stack) =>
    contains(stack, "aws_ecs_service", /service_connect_configuration|service_registries/),
  "network-listener-closed": hasNetworkBalancer,
  "own-load-balancer": hasNetworkBalancer,
  "health-check-blocked": hasTargetGroups,
  "health-check-fails": hasTargetGroups,
  "no-rule-matches": (stack) => ofType(stack, "aws_lb_listener_rule").length > 0,
  "launch-kms-key": (stack) => contains(stack, "aws_launch_template", /kms_key_id/),
  "launch-key-pair": (stack) => contains(stack, "aws_launch_template", /"key_name":"/),
  "environment-file": (stack) => contains(stack, "aws_ecs_task_definition", /environmentFiles/),
  "log-router": (stack) => contains(stack, "aws_ecs_task_definition", /firelensConfiguration/),
  "ebs-volume": (stack) => contains(stack, "aws_ecs_service", /"volume_configuration":\[/),
  "tls-certificate": (stack) => contains(stack, "aws_ecs_service", /aws_pca_authority_arn/),
  "efs-mount": (stack) => contains(stack, "aws_ecs_task_definition", /efs_volume_configuration/),
};

function contains(stack: Stack, type: string, pattern: RegExp): boolean {
  return ofType(stack, type).some(({ body }) => pattern.test(JSON.stringify(body)));
}

function hasTargetGroups(stack: Stack): boolean {
  return ofType(stack, "aws_lb_target_group").length > 0;
}

function hasInterfaces(stack: Stack): boolean {
  return ofType(stack, "aws_ecs_task_definition").some(({ body }) => body.network_mode === "awsvpc");
}

function hasNetworkBalancer(stack: Stack): boolean {
  return ofType(stack, "aws_lb").some(({ body }) => body.load_balancer_type === "network");
}

function hasStrategy(stack: Stack): boolean {
  return ofType(stack, "aws_ecs_service").some(({ body }) =>
    objects(body.deployment_configuration).some(
      ({ strategy }) => typeof strategy === "string" && strategy !== "ROLLING",
    ),
  );
}

function symptoms(stack: Stack, all: readonly Symptom[]): string {
  const rows = all
    .filter(({ id }) => OF_FEATURES[id]?.(stack) ?? true)
    .map(({ seen, cause, fix, commands = [] }) =>
      [seen, cause, [fix, ...commands.map((command) => code(withValues(stack, command)))].join(" ")].map((text) =>
        withoutProject(stack, text),
      ),
    );
  return table(["What you read", "Cause", "Fix"], rows);
}

const withValues = (stack: Stack, command: string): string =>
  command
    .replace(/--cluster CLUSTER\b/, `--cluster ${clusterArgument(stack)}`)
    .replace(/\bGROUP\b/, groupArgument(stack))
    .replace(/(?<=--capacity-providers )PROVIDER\b/, argument(stack, "capacity_provider_name", "PROVIDER"));

/** The sections of this README, by the links of docs/troubleshooting.md to other sections and pages. */
const SECTIONS: Readonly<Record<string, string>> = {
  "#an-instance-is-not-in-the-cluster": "#if-an-instance-does-not-join-the-cluster",
  "#there-is-no-capacity": "#if-there-is-no-capacity",
  "#a-service-is-stuck": "#a-deployment-does-not-end",
  "#a-target-is-unhealthy": "#a-target-is-unhealthy",
  "#containers-are-killed-and-restarted": "#tasks-stop-or-do-not-start",
  "#the-image-cannot-be-pulled": "#tasks-stop-or-do-not-start",
  "#tasks-do-not-start": "#tasks-stop-or-do-not-start",
  "containers.md#awsvpc": "#tasks-without-a-public-address",
  "deployments.md#the-parameter-way": "#deploy-a-new-image",
  "deployments.md#rollbacks-that-people-see": "#deploy-a-new-image",
};

/** The sections that a README may not have. */
const OPTIONAL: Readonly<Record<string, (stack: Stack) => boolean>> = {
  "#if-an-instance-does-not-join-the-cluster": hasGroups,
  "#if-there-is-no-capacity": hasGroups,
  "#a-target-is-unhealthy": hasTargetGroups,
  "#tasks-without-a-public-address": hasInterfaces,
  "#deploy-a-new-image": (stack) => newImage(stack) !== "",
};

function hasGroups(stack: Stack): boolean {
  return ofType(stack, "aws_autoscaling_group").length > 0;
}

/** Returns Markdown without links to the pages of this project, and without its npm scripts. */
const withoutProject = (stack: Stack, markdown: string): string =>
  markdown
    .replace(/\[([^\]]+)\]\((?!https:)([^)]+)\)/g, (_, text: string, link: string) => {
      const section = SECTIONS[link];
      return section !== undefined && (OPTIONAL[section]?.(stack) ?? true) ? `[${text}](${section})` : text;
    })
    .replace(/\b([Tt])his library\b/g, "$1his folder")
    .replaceAll("`npm run deploy`", "`terraform apply`")
    .replace(/\b(Deploy|deploy) the stack again\b/g, (_, verb: string) =>
      verb === "Deploy" ? "Run `terraform apply`" : "run `terraform apply`",
    );

function instancesThatDoNotJoin(stack: Stack): string {
  if (!hasGroups(stack)) return "";
  const cluster = clusterArgument(stack);
  const group = groupArgument(stack);
  const agent = argument(stack, "agent_log_command", "");
  return section(
    "If an instance does not join the cluster",
    paragraphs(
      "1. Check whether the instance started. If an activity failed, see [If there is no capacity](#if-there-is-no-capacity).",
      block("sh", `aws autoscaling describe-scaling-activities --auto-scaling-group-name ${group} --max-items 5`),
      "2. List the instances that joined.",
      block(
        "sh",
        `aws ecs describe-container-instances --cluster ${cluster} --query 'containerInstances[].[ec2InstanceId,agentConnected]' --output text \\`,
        `  --container-instances $(aws ecs list-container-instances --cluster ${cluster} --no-paginate --query containerInstanceArns --output text)`,
      ),
      agent
        ? "3. Read the log of the ECS agent. The command opens the first running instance that it finds."
        : "3. Read the log of the ECS agent on the instance.",
      block("sh", agent ? `eval ${agent}` : "sudo docker logs --tail 100 ecs-agent"),
    ),
    table(
      ["Message in the log", "Cause", "Fix"],
      [
        [
          "`AccessDeniedException`",
          "The instance role lacks a permission.",
          "Run `terraform apply`, which restores the policy `AmazonEC2ContainerServiceforEC2Role` or `join-cluster`.",
        ],
        [
          "A timeout, or `RequestError: send request failed`",
          "The instance cannot reach ECS.",
          "Give the subnet a route to the internet and the instance a public IP address, or create the VPC endpoints of ECS. Run `terraform apply`, which restores the outbound rules.",
        ],
        [
          "`ClusterNotFoundException`",
          "`/etc/ecs/ecs.config` of the instance names another cluster. The instance is old, or someone changed the file.",
          "Replace the instance: `aws autoscaling terminate-instance-in-auto-scaling-group --no-should-decrement-desired-capacity --instance-id ID`. If the new instance has the wrong name too, run `terraform apply`, which restores the launch template, and replace it again.",
        ],
        [
          "`NoCredentialProviders`",
          "The instance has no instance profile.",
          "Run `terraform apply`, which restores the launch template. Replace the instance as above.",
        ],
        [
          "None: the command finds no agent",
          "The AMI is not ECS-optimized, or the user data failed.",
          "Check `ami_version`. On the instance, run `sudo cat /var/log/cloud-init-output.log`.",
        ],
      ],
    ),
    serviceNames(stack).length > 0
      ? "If the instance is registered, tasks do not start for another reason: see [If a service does not run](#if-a-service-does-not-run)."
      : "If the instance is registered, tasks do not start for another reason, such as too little memory. Read the events of the service with `aws ecs describe-services`.",
  );
}

/** Errors of Terraform itself. */
const failedApplies = (): string =>
  section(
    "If an apply fails",
    "Run `terraform apply` again after you fixed the cause. Terraform continues where it stopped. The messages of this stack's own checks say what to do.",
    table(
      ["What you read", "Cause", "Fix"],
      [
        [
          "`Error acquiring the state lock`",
          "Another apply runs, or was killed.",
          "Wait for it. If nobody runs Terraform, take the `ID` of the message: `terraform force-unlock ID`.",
        ],
        [
          "`ExpiredToken`, `No valid credential sources found`",
          "The AWS credentials are missing, or are too old.",
          "Log in again, and check the account: `aws sts get-caller-identity`.",
        ],
        [
          "`AccessDenied`, `UnauthorizedOperation`",
          "The role lacks a permission, or a service control policy denies the action.",
          "Attach the policies of this version of the folder: see [Permissions](#permissions).",
        ],
        [
          "`already exists`, `EntityAlreadyExists`, `ResourceAlreadyExistsException`",
          "The resource is in AWS, and not in the state: the state is another one, or an earlier destroy kept it.",
          "Check that Terraform uses the right [state](#state). If it does, import the resource: `terraform import ADDRESS ID`.",
        ],
        [
          "`Inconsistent dependency lock file`, `Failed to query available provider packages`",
          "This version of the folder needs another version of the provider.",
          "Run `terraform init -upgrade`, and commit `.terraform.lock.hcl`.",
        ],
        [
          "`Instance cannot be destroyed`",
          "`prevent_destroy` protects the resource.",
          "Read why the plan replaces it. To remove it on purpose, see [Destroy](#destroy).",
        ],
      ],
    ),
  );
