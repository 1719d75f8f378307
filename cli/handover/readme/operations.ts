import { ofType, type Stack } from "../stack";
import { objects } from "../terraform-json/configuration";
import { block, code, listed, paragraphs, section } from "./markdown";

/** What people do with the folder, in the order in which they come to it. */
export function operate(stack: Stack): string[] {
  return [plan(stack), state(stack), images(stack), ami(stack), destroy(stack), test(stack)];
}

function plan({ variables, options, portable: { outputs } }: Stack): string {
  if (options.module) return useAsModule(variables.filter(({ isRequired }) => isRequired).map(({ name }) => name));
  const required = variables.filter(({ isRequired }) => isRequired).map(({ name }) => code(name));
  return section(
    "Plan and apply",
    block(
      "sh",
      "cp terraform.tfvars.example terraform.tfvars",
      `$EDITOR terraform.tfvars${required.length > 0 ? "       # fill in what is required" : ""}`,
      "terraform init",
      "terraform plan -out=plan.tfplan",
      "terraform apply plan.tfplan",
    ),
    required.length > 0 && `Required: ${listed(required)}. Everything else has a default.`,
    "`terraform init` also writes `.terraform.lock.hcl`, which holds the provider to what was fetched: commit it.",
    outputs.some(([name]) => name === "url") &&
      'The first apply takes a few minutes, most of them for the load balancer. Then `curl -i "$(terraform output -raw url)"` answers.',
  );
}

function useAsModule(required: readonly string[]): string {
  const width = Math.max(0, ...required.map((name) => name.length));
  return section(
    "Use it",
    "This folder is a module: the provider is configured by whoever uses it, with the region that the module is given.",
    block(
      "hcl",
      'provider "aws" {',
      '  region = "eu-west-1"',
      "",
      "  default_tags {",
      '    tags = { Cluster = "shop" }',
      "  }",
      "}",
      "",
      'module "shop" {',
      '  source = "./this-folder"',
      "",
      '  region = "eu-west-1"',
      '  name   = "shop"',
      ...(required.length > 0 ? ["", ...required.map((name) => `  ${name.padEnd(width)} = var.${name}`)] : []),
      "}",
    ),
    "Used twice in one region, give each another `name`: every name in AWS starts with it. The deploy policy tells what is whose by the " +
      "tag, so give each a provider of its own too (`alias`, and `providers = { aws = aws.shop }` in the `module` block).",
  );
}

function state({ options }: Stack): string {
  if (options.module) return "";
  return section(
    "The state",
    "Terraform keeps what it made in a state. Without a backend that is the file `terraform.tfstate` in this folder: keep it, and " +
      "never commit it. For more than one person, keep it in S3: `backend.tf.example` shows how.",
    block("sh", "cp backend.tf.example backend.tf", "$EDITOR backend.tf", "terraform init -migrate-state"),
    "**Move an existing state here.** The addresses in this folder are those of the stack that it was made from, so nothing " +
      "is replaced. From a local state, copy the file; from S3, write the same bucket and key into `backend.tf`:",
    block(
      "sh",
      `cp /path/to/terraform.${options.name}.tfstate terraform.tfstate`,
      "terraform init",
      "terraform plan             # must say: No changes",
    ),
    "From then on run Terraform in one of the two places only.",
  );
}

function images(stack: Stack): string {
  const names = stack.variables.map(({ name }) => name).filter((name) => /_image(_tag)?$/.test(name));
  if (ofType(stack, "aws_ecs_service").length === 0 || names.length === 0) return "";
  return section(
    "Roll out an image",
    `Change ${listed(names.map(code))} and apply. ECS starts new tasks beside the old ones and stops those when the new ones ` +
      "are healthy; with the deployment circuit breaker it goes back to the old image when they don't get so. Terraform doesn't wait for " +
      "that unless the service says so: watch it with",
    block(
      "sh",
      "aws ecs describe-services --cluster CLUSTER --services SERVICE --query 'services[0].events[:5].message'",
    ),
    "Which host port a task got, and why a target is unhealthy, are both in the target group:",
    block(
      "sh",
      "aws elbv2 describe-target-health --target-group-arn ARN --query 'TargetHealthDescriptions[].[Target,TargetHealth]'",
    ),
  );
}

function ami(stack: Stack): string {
  const [group] = ofType(stack, "aws_autoscaling_group");
  if (!group || !stack.variables.some(({ name }) => name === "ami_version")) return "";
  const [refresh] = objects(group.body.instance_refresh);
  const [preferences] = objects(refresh?.preferences);
  return section(
    "Roll the AMI",
    'AWS publishes new ECS-optimized AMIs every few weeks. With `ami_version = "recommended"` each plan looks the newest up: when ' +
      "there is one, the plan shows a new version of the launch template, and applying it " +
      (refresh
        ? `replaces the instances one after the other (an instance refresh that keeps at least ${preferences?.min_healthy_percentage ?? 90} % of them).`
        : "serves instances that start from then on."),
    refresh &&
      block(
        "sh",
        `aws autoscaling describe-instance-refreshes --auto-scaling-group-name ${shown(stack, "autoscaling_group_name", "GROUP")} --max-records 1`,
      ),
    "To decide yourself when that is, pin `ami_version` to a version that AWS published. To go back, pin the version before.",
  );
}

/** An output as a command takes it, or a word to fill in: a module's outputs are its root module's to pass on. */
const shown = ({ portable: { outputs }, options }: Stack, output: string, otherwise: string): string =>
  !options.module && outputs.some(([name]) => name === output) ? `"$(terraform output -raw ${output})"` : otherwise;

function destroy(stack: Stack): string {
  const hasInstances = ofType(stack, "aws_autoscaling_group").length > 0;
  const isProtected = ofType(stack, "aws_lb").some(({ body }) => body.enable_deletion_protection === true);
  return section(
    "Destroy",
    stack.options.module ? "Take the `module` block out and apply, or:" : undefined,
    block("sh", stack.options.module ? "terraform destroy -target=module.NAME" : "terraform destroy"),
    hasInstances &&
      "One run is enough: services go first, then the instances, then the cluster. It takes some minutes, until the instances are gone." +
        (isProtected ? " The load balancer refuses to be deleted until its deletion protection is off." : ""),
    ofType(stack, "aws_ecr_repository").length > 0 &&
      "A repository with images in it is not deleted: delete the images first.",
  );
}

function test({ options }: Stack): string {
  return section(
    "Test without an account",
    block("sh", "terraform init", "terraform test"),
    "runs `tests/plan.tftest.hcl`: Terraform plans with a mocked provider, makes nothing, needs no credentials, and asserts that no " +
      "network is made, that the agent and both security groups have the same ports, that instances want IMDSv2, and that SSH is open to what was " +
      `asked for only.${options.module ? " Run it in this folder, not in the root module." : ""}`,
  );
}

/** Why an instance didn't join, as a ladder from what is seen to what to do. */
export function diagnose(stack: Stack): string {
  if (ofType(stack, "aws_autoscaling_group").length === 0) return "";
  const cluster = shown(stack, "cluster_name", "CLUSTER");
  const group = shown(stack, "autoscaling_group_name", "GROUP");
  const agent = shown(stack, "agent_log_command", "");
  return section(
    "When an instance didn't join",
    paragraphs(
      "1. Did it start? The group says why it couldn't (no capacity, a quota, a key that it may not use):",
      block("sh", `aws autoscaling describe-scaling-activities --auto-scaling-group-name ${group} --max-items 5`),
      "2. Who has joined?",
      block("sh", `aws ecs list-container-instances --cluster ${cluster}`),
      agent
        ? "3. What does the ECS agent say? The command for that is in an output, and looks an instance up when it runs:"
        : "3. What does the ECS agent say? On the instance:",
      block("sh", agent ? `eval ${agent}` : "sudo docker logs --tail 100 ecs-agent"),
    ),
    "| The agent says | It means | Do |\n| --- | --- | --- |\n" +
      "| `AccessDeniedException` | The instance role lacks rights | `terraform plan` shows what is gone: `AmazonEC2ContainerServiceforEC2Role`, or the policy `join-cluster` in its place; `terraform apply` puts it back |\n" +
      "| a timeout, `RequestError: send request failed` | No way to ECS | The subnet needs a route to the internet and the instance a public address, or the VPC endpoints of ECS; the rules to anywhere must be there |\n" +
      "| `ClusterNotFoundException` | Another cluster's name in `/etc/ecs/ecs.config` | Apply again, so that instances start from the newest template |\n" +
      "| nothing: the command finds no agent | The AMI is no ECS-optimized one, or its user data failed | `sudo cat /var/log/cloud-init-output.log`; look at `ami_version` |\n" +
      "| it has registered | It joined; tasks don't start for another reason | `aws ecs describe-services` says why, such as too little memory |",
  );
}
