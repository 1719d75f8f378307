import { ofType, type Stack } from "../stack";
import { type Element, objects } from "../terraform-json/configuration";
import { argument } from "./argument";
import { changes, variableEffects } from "./changes";
import { jobs } from "./jobs";
import { block, code, listed, paragraphs, section, table } from "./markdown";

/** The sections with commands, in the order in which users need them. */
export const operations = (stack: Stack): string[] => [
  stack.options.module ? module(stack) : plan(stack),
  state(stack),
  image(stack),
  jobs(stack),
  ami(stack),
  changes(stack),
  destroy(stack),
  test(stack),
  diagnosis(stack),
];

const requiredIn = ({ variables }: Stack): string[] =>
  variables.filter(({ isRequired }) => isRequired).map(({ name }) => name);

function plan(stack: Stack): string {
  const required = requiredIn(stack).map(code);
  const hasServices = ofType(stack, "aws_ecs_service").length > 0;
  const hasOutput = (output: string) => stack.portable.outputs.some(([name]) => name === output);
  const hasDomain = ofType(stack, "aws_route53_record").length > 0;
  const isHttps = !hasDomain && ofType(stack, "aws_lb_listener").some(({ body }) => body.protocol === "HTTPS");
  return section(
    "Plan and apply",
    block(
      "sh",
      "cp terraform.tfvars.example terraform.tfvars",
      `$EDITOR terraform.tfvars${required.length > 0 ? "       # set the required variables" : ""}`,
      "terraform init",
      "terraform plan -out=plan.tfplan",
      "terraform apply plan.tfplan",
    ),
    required.length > 0 && `Required: ${listed(required)}. All other variables have defaults.`,
    "Commit `.terraform.lock.hcl`, which `terraform init` writes. It pins the provider.",
    ...(hasOutput("url")
      ? [
          `The first apply takes a few minutes. Then check the URL${hasServices ? "" : ", which returns 404 until you add a service"}:`,
          ...(isHttps
            ? [
                block("sh", 'curl -ik "$(terraform output -raw url)"'),
                "`-k` accepts the certificate, which is for your domain and not for the load balancer's own name. Once a record of your domain refers to the load balancer, use the domain, without `-k`.",
              ]
            : [block("sh", 'curl -i "$(terraform output -raw url)"')]),
          !hasDomain &&
            hasOutput("load_balancer_dns_name") &&
            "To point a domain name at the load balancer, create an alias record with the outputs `load_balancer_dns_name` and " +
              "`load_balancer_zone_id` in Route 53. With another DNS provider, create a CNAME record with the value of " +
              "`load_balancer_dns_name`.",
        ]
      : []),
  );
}

function module(stack: Stack): string {
  const required = requiredIn(stack);
  const width = Math.max(0, ...required.map((name) => name.length));
  return section(
    "Use the module",
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
    "The module has no provider configuration. Configure the provider in your root module, for the region that you give the module.",
    "To use the module twice in one region, give each a different `name`: all names in AWS start with it. Also give each its own " +
      "provider (`alias`, and `providers = { aws = aws.shop }` in the `module` block): the deploy policy matches resources by the " +
      "tag that the provider sets.",
  );
}

function state({ options }: Stack): string {
  if (options.module) return "";
  return section(
    "State",
    "To share the state in a team, store it in S3:",
    block("sh", "cp backend.tf.example backend.tf", "$EDITOR backend.tf", "terraform init -migrate-state"),
    "Without a backend, Terraform stores the state in `terraform.tfstate` in this folder. Keep this file, and never commit it.",
    "To move the state of an existing stack to this folder:",
    block(
      "sh",
      `cp /path/to/terraform.${options.name}.tfstate terraform.tfstate`,
      "terraform init",
      "terraform plan             # must print: No changes",
    ),
    "The addresses are those of the stack, so Terraform replaces nothing. If the state is in S3, set the same bucket and key in " +
      "`backend.tf` instead of copying the file. Then run Terraform only in this folder.",
  );
}

function image(stack: Stack): string {
  const services = ofType(stack, "aws_ecs_service");
  const effects = variableEffects(stack);
  const images = stack.variables.map(({ name }) => name).filter((name) => /_image(_tag)?$/.test(name));
  const names = images.filter((name) => effects.get(name) !== "next deployment");
  const outputs = stack.portable.outputs.map(([name]) => name);
  const parameters = outputs.filter((name) => /_image(_tag)?_parameter$/.test(name));
  const external = outputs.filter((name) => name.endsWith("_task_definition_to_deploy"));
  if (services.length === 0 || names.length + parameters.length + external.length === 0) return "";
  const [name] = names;
  return section(
    "Deploy a new image",
    name !== undefined &&
      (stack.options.module
        ? `Change the image variable of the service, for example ${code(name)}, in the \`module\` block, and apply.`
        : "Write the images of all services to the file `images.auto.tfvars.json`, which Terraform reads automatically. To deploy one service, " +
          `change its line, for example ${code(name)}, and apply.`),
    parameters.length > 0 &&
      "These outputs are the names of SSM parameters. To deploy a service, write the new image to its parameter, or only the tag for an " +
        `output with \`image_tag\`, and apply: ${listed(parameters.map(code))}.`,
    parameters.length > 0 &&
      block(
        "sh",
        `aws ssm put-parameter --name ${argument(stack, parameters[0] as string, "PARAMETER")} --value 7f3a2b1 --overwrite`,
      ),
    external.length > 0 &&
      "Terraform ignores the revision that these services run. Your pipeline deploys a revision that it registers from the output: " +
        `${listed(external.map(code))}.`,
    "In the commands, `CLUSTER` is the output `cluster_name`, `SERVICE` is the service's name, and `ARN` is the ARN of its target group.",
    "Read the events of the service:",
    block(
      "sh",
      "aws ecs describe-services --cluster CLUSTER --services SERVICE --query 'services[0].events[:5].message'",
    ),
    "ECS starts new tasks, and stops the old ones when the new ones are healthy. If they do not become healthy, the deployment circuit " +
      "breaker rolls back. " +
      waiting(stack),
    ...shifts(stack),
    "To see the host port of each task, and why a target is unhealthy:",
    block(
      "sh",
      "aws elbv2 describe-target-health --target-group-arn ARN --query 'TargetHealthDescriptions[].[Target,TargetHealth]'",
    ),
  );
}

/** Returns the sentences about the wait for a deployment. */
function waiting(stack: Stack): string {
  const others = ofType(stack, "aws_ecs_service").filter(({ body }) => body.wait_for_steady_state !== true);
  const waits = "`terraform apply` waits for the deployment, and fails with the reason of ECS when it is rolled back.";
  if (others.length === 0) return waits;
  const names = others.map(({ name }) => code(name)).join(", ");
  return `${waits} It does not wait for these services, and succeeds even when their deployment is rolled back: ${names}.`;
}

const STRATEGIES: Readonly<Record<string, string>> = { BLUE_GREEN: "blue/green", LINEAR: "linear", CANARY: "canary" };

/** Returns the paragraphs about services whose requests ECS moves from one revision to another. */
function shifts(stack: Stack): string[] {
  const shifted = ofType(stack, "aws_ecs_service").flatMap(({ name, body }) => {
    const [{ strategy } = {}] = objects(body.deployment_configuration);
    const text = STRATEGIES[`${strategy}`];
    return text === undefined ? [] : [`${code(name)} (${text})`];
  });
  if (shifted.length === 0) return [];
  return [
    `These services have another deployment strategy: ${listed(shifted)}. ECS starts all new tasks beside the old ones, and then moves the ` +
      "requests to them. It stops the old tasks after the bake time. ECS changes the weights in the listener rules, so Terraform ignores them. " +
      "To see the deployment, or to roll it back before the old tasks stop:",
    block(
      "sh",
      "aws ecs list-service-deployments --cluster CLUSTER --service SERVICE --query 'serviceDeployments[0].[status,statusReason,serviceDeploymentArn]'",
      "aws ecs stop-service-deployment --stop-type ROLLBACK --service-deployment-arn DEPLOYMENT_ARN",
    ),
  ];
}

function ami(stack: Stack): string {
  const [group] = ofType(stack, "aws_autoscaling_group");
  if (!group || !stack.variables.some(({ name }) => name === "ami_version")) return "";
  const [refresh] = objects(group.body.instance_refresh);
  const [preferences] = objects(refresh?.preferences);
  return section(
    "Update the AMI",
    block(
      "sh",
      "terraform apply",
      ...(refresh
        ? [
            `aws autoscaling describe-instance-refreshes --auto-scaling-group-name ${argument(stack, "autoscaling_group_name", "GROUP")} --max-records 1`,
          ]
        : []),
    ),
    'AWS publishes a new ECS-optimized AMI every few weeks. With `ami_version = "recommended"`, each plan looks up the newest one. ' +
      "If it changed, the plan shows a new version of the launch template. " +
      (refresh
        ? `The apply starts an instance refresh, which replaces the instances and keeps at least ${preferences?.min_healthy_percentage ?? 90} % of them in service.`
        : "The apply changes no running instance. Instances that start later have the new AMI."),
    "To choose the time of the update, set `ami_version` to a version that AWS published. To go back, set it to the previous version.",
  );
}

function destroy(stack: Stack): string {
  const { module } = stack.options;
  return section(
    "Destroy",
    module && "Remove the `module` block and apply, or run:",
    block("sh", module ? "terraform destroy -target=module.NAME" : "terraform destroy"),
    ofType(stack, "aws_autoscaling_group").length > 0 &&
      "It takes a few minutes. Terraform deletes the services first, then the instances, then the cluster.",
    ...unprotect(stack),
    ofType(stack, "aws_ecr_repository").length > 0 &&
      "First delete the images in the repositories. AWS does not delete a repository that has images.",
  );
}

/** Returns how to destroy a stack with resources that Terraform must not destroy: without Node.js, a file overrides them. */
function unprotect(stack: Stack): (string | false)[] {
  const { module } = stack.options;
  const isProtected = ({ mode, body }: Element) =>
    mode === "resource" && objects(body.lifecycle).some(({ prevent_destroy }) => prevent_destroy === true);
  const all = stack.portable.elements.filter(isProtected);
  const balancers = all.filter(({ type }) => type === "aws_lb");
  const retained = all.filter(({ type }) => type !== "aws_lb").map(({ address }) => address);
  const off = { enable_deletion_protection: false, lifecycle: { prevent_destroy: false } };
  const override = { resource: { aws_lb: Object.fromEntries(balancers.map(({ name }) => [name, off])) } };
  return [
    balancers.length > 0 &&
      paragraphs(
        "The load balancer is protected, so `terraform destroy` fails at the plan and deletes nothing. To switch the protection off, " +
          `write this to \`override.tf.json\` in ${module ? "the folder of the module" : "this folder"}:`,
        block("json", JSON.stringify(override, null, 2)),
        "Run `terraform apply`, then `terraform destroy`. Delete the file afterwards, because it also switches the protection off for " +
          "the next apply.",
      ),
    retained.length > 0 &&
      paragraphs(
        `Terraform never destroys ${listed(retained.map(code))}, so \`terraform destroy\` fails at the plan. To keep ` +
          `${retained.length > 1 ? "them" : "it"} in AWS and destroy the rest, remove ${retained.length > 1 ? "them" : "it"} from the state first:`,
        block("sh", ...retained.map((address) => `terraform state rm ${module ? `module.NAME.${address}` : address}`)),
      ),
  ];
}

function test({ options }: Stack): string {
  return section(
    "Test without an AWS account",
    block("sh", "terraform init", "terraform test"),
    "`tests/plan.tftest.hcl` plans with a mocked provider. It needs no credentials and creates nothing. It checks that:",
    [
      "- the stack creates no network;",
      "- the security groups open the port range of the ECS agent;",
      "- the instances require IMDSv2;",
      "- SSH is open only to the networks that you set.",
    ].join("\n"),
    options.module && "Run it in this folder, not in the root module.",
  );
}

function diagnosis(stack: Stack): string {
  if (ofType(stack, "aws_autoscaling_group").length === 0) return "";
  const cluster = argument(stack, "cluster_name", "CLUSTER");
  const group = argument(stack, "autoscaling_group_name", "GROUP");
  const agent = argument(stack, "agent_log_command", "");
  return section(
    "If an instance does not join the cluster",
    paragraphs(
      "1. Check whether the instance started. A failed activity shows the reason, for example no capacity or a quota.",
      block("sh", `aws autoscaling describe-scaling-activities --auto-scaling-group-name ${group} --max-items 5`),
      "2. List the instances that joined.",
      block("sh", `aws ecs list-container-instances --cluster ${cluster}`),
      agent ? "3. Read the log of the ECS agent." : "3. Read the log of the ECS agent on the instance.",
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
          "`/etc/ecs/ecs.config` names another cluster.",
          "Run `terraform apply`. New instances get the right name from the launch template.",
        ],
        [
          "None: the command finds no agent",
          "The AMI is not ECS-optimized, or the user data failed.",
          "Check `ami_version`. On the instance, run `sudo cat /var/log/cloud-init-output.log`.",
        ],
      ],
    ),
    "If the instance is registered, tasks do not start for another reason, such as too little memory. Run `aws ecs describe-services`, " +
      "and read the events.",
  );
}
