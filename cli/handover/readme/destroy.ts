import { ofType, type Stack } from "../stack";
import { type Element, objects } from "../terraform-json/configuration";
import { block, code, listed, paragraphs, section, table } from "./markdown";

/** How to destroy the stack: what to do first, what is lost, and what stays. */
export function destroy(stack: Stack): string {
  const { module } = stack.options;
  const [first, lost, kept] = [toDoFirst(stack), whatIsLost(stack), whatStays(stack)];
  return section(
    "Destroy",
    first.length > 0 && "Before you destroy:",
    ...first,
    module && "Remove the `module` block and apply, or run:",
    block("sh", module ? "terraform destroy -target=module.MODULE" : "terraform destroy"),
    ofType(stack, "aws_autoscaling_group").length > 0 &&
      "It takes a few minutes. Terraform deletes the services first, then the instances, then the cluster." +
        (ofType(stack, "aws_autoscaling_group").some(({ body }) => body.protect_from_scale_in === true)
          ? " Protection from scale-in does not stop it: instances that run tasks are terminated too."
          : ""),
    lost.length > 0 && `Terraform deletes for good: ${listed(lost)}.`,
    kept.length > 0 && "These stay in AWS:",
    table(["What stays", "To delete it"], kept),
  );
}

const addresses = (elements: readonly Element[]): string => listed(elements.map(({ address }) => code(address)));

/** Returns the steps without which a destroy fails. */
function toDoFirst(stack: Stack): string[] {
  const hasCluster = ofType(stack, "aws_ecs_cluster").length > 0;
  const repositories = ofType(stack, "aws_ecr_repository").filter(({ body }) => body.force_delete !== true);
  const buckets = ofType(stack, "aws_s3_bucket").filter(({ body }) => body.force_destroy !== true);
  return [
    ...(hasCluster
      ? [
          "- Destroy the services of other states that use this cluster. AWS does not delete a cluster that has services.",
        ]
      : []),
    ...(repositories.length > 0
      ? [
          paragraphs(
            `- Delete the images in ${addresses(repositories)}. AWS does not delete a repository that has images. \`REPOSITORY\` is the name in AWS:`,
            block(
              "sh",
              "# Again, until there is no image.",
              "aws ecr batch-delete-image --repository-name REPOSITORY --image-ids \\",
              "  \"$(aws ecr list-images --repository-name REPOSITORY --query 'imageIds[:100]' --output json)\"",
            ),
          ),
        ]
      : []),
    ...(buckets.length > 0
      ? [`- Delete the objects in ${addresses(buckets)}. AWS does not delete a bucket that has objects.`]
      : []),
    ...unprotect(stack),
  ];
}

/** Returns the data that a destroy deletes. */
function whatIsLost(stack: Stack): string[] {
  const groups = ofType(stack, "aws_cloudwatch_log_group").filter(({ body }) => body.skip_destroy !== true);
  const systems = ofType(stack, "aws_efs_file_system").filter((element) => !isProtected(element));
  const queues = ofType(stack, "aws_sqs_queue");
  const parameters = ofType(stack, "aws_ssm_parameter");
  return [
    ...(groups.length > 0
      ? [`the events in ${groups.length === 1 ? "one log group" : `${groups.length} log groups`}`]
      : []),
    ...(systems.length > 0 ? [`the files in ${addresses(systems)}`] : []),
    ...(queues.length > 0 ? [`the messages in ${addresses(queues)}`] : []),
    ...(parameters.length > 0 ? [`the values of ${addresses(parameters)}`] : []),
  ];
}

/** Returns what AWS keeps after a destroy, with the command that deletes it. */
function whatStays(stack: Stack): string[][] {
  const of = (type: string, test: (element: Element) => boolean = () => true) => ofType(stack, type).filter(test);
  const groups = of("aws_cloudwatch_log_group", ({ body }) => body.skip_destroy === true);
  const insights = of("aws_ecs_cluster", ({ body }) =>
    objects(body.setting).some(({ name, value }) => name === "containerInsights" && value !== "disabled"),
  );
  const systems = of("aws_efs_file_system", isProtected);
  const backups = of("aws_efs_backup_policy");
  const keys = of("aws_kms_key");
  const secrets = of("aws_secretsmanager_secret", ({ body }) => body.recovery_window_in_days !== 0);
  const volumes = of("aws_launch_template", ({ body }) => /"delete_on_termination":"?false/.test(JSON.stringify(body)));
  const logs = of("aws_lb", ({ body }) => objects([body.access_logs ?? null, body.connection_logs ?? null]).length > 0);
  const tasks = of("aws_ecs_task_definition");
  const row = (elements: readonly Element[], what: string, how: string) => (elements.length > 0 ? [[what, how]] : []);
  return [
    ...row(
      groups,
      `The log groups ${addresses(groups)}, whose events expire`,
      "`aws logs delete-log-group --log-group-name NAME`",
    ),
    ...row(
      insights,
      "The log group of Container Insights, which AWS created",
      "`aws logs delete-log-group --log-group-name /aws/ecs/containerinsights/CLUSTER/performance`",
    ),
    ...row(
      systems,
      `The file systems ${addresses(systems)}`,
      "`aws efs delete-file-system --file-system-id ID`, after their mount targets",
    ),
    ...row(
      backups,
      "The backups of the file systems, until they expire",
      "`aws backup delete-recovery-point --backup-vault-name aws/efs/automatic-backup-vault --recovery-point-arn ARN`",
    ),
    ...row(
      keys,
      "The KMS key, which AWS deletes after its waiting period. Nobody can read what it encrypts afterwards",
      "To keep it: `aws kms cancel-key-deletion --key-id ID`",
    ),
    ...row(
      secrets,
      "The secrets, which AWS deletes after their recovery window. Until then, a new secret cannot have the same name",
      "`aws secretsmanager delete-secret --secret-id NAME --force-delete-without-recovery`",
    ),
    ...row(volumes, "The EBS volumes that outlive their instances", "`aws ec2 delete-volume --volume-id ID`"),
    ...row(logs, "The logs of the load balancer in S3", "`aws s3 rm s3://BUCKET/PREFIX --recursive`"),
    ...row(
      tasks,
      "The revisions of the task definitions, which are inactive and free",
      "`aws ecs delete-task-definitions --task-definitions FAMILY:REVISION`",
    ),
    ["The service-linked roles, which other stacks use too", "Keep them."],
  ];
}

const isProtected = ({ mode, body }: Element): boolean =>
  mode === "resource" && objects(body.lifecycle).some(({ prevent_destroy }) => prevent_destroy === true);

/**
 * Returns how to destroy a stack with resources that Terraform or AWS must not delete. Without Node.js, a file overrides the
 * protection.
 */
function unprotect(stack: Stack): string[] {
  const { module } = stack.options;
  const balancers = ofType(stack, "aws_lb").filter(
    (element) => isProtected(element) || element.body.enable_deletion_protection === true,
  );
  const retained = stack.portable.elements
    .filter((element) => isProtected(element) && element.type !== "aws_lb")
    .map(({ address }) => address);
  const off = { enable_deletion_protection: false, lifecycle: { prevent_destroy: false } };
  const override = { resource: { aws_lb: Object.fromEntries(balancers.map(({ name }) => [name, off])) } };
  const it = retained.length > 1 ? "them" : "it";
  return [
    ...(balancers.length > 0
      ? [
          paragraphs(
            `- ${addresses(balancers)} ${balancers.length > 1 ? "are" : "is"} protected, so \`terraform destroy\` fails` +
              `${balancers.every(isProtected) ? " at the plan and deletes nothing" : ""}. To switch the protection off, write this to ` +
              `\`override.tf.json\` in ${module ? "the folder of the module" : "this folder"}:`,
            block("json", JSON.stringify(override, null, 2)),
            "Run `terraform apply`. Delete the file after the destroy, because it also switches the protection off for the next apply.",
          ),
        ]
      : []),
    ...(retained.length > 0
      ? [
          paragraphs(
            `- Terraform never destroys ${listed(retained.map(code))}, so \`terraform destroy\` fails at the plan. To keep ${it} in AWS and destroy ` +
              `the rest, remove ${it} from the state:`,
            block(
              "sh",
              ...retained.map((address) => `terraform state rm ${module ? `module.MODULE.${address}` : address}`),
            ),
          ),
        ]
      : []),
  ];
}
