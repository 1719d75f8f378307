import { ofType, type Stack } from "../stack";
import { objects } from "../terraform-json/configuration";
import { planTest, RUNS } from "../tests/plan-test";
import { groupArgument } from "./argument";
import { changes } from "./changes";
import { destroy } from "./destroy";
import { jobs } from "./jobs";
import { block, code, section, table } from "./markdown";
import { newImage } from "./new-image";
import { afterApply, planAndApply, requiredIn } from "./plan-and-apply";
import { provider } from "./provider";
import { firstApply } from "./repositories";
import { state } from "./state";
import { troubleshooting } from "./troubleshooting";

/** The sections with commands, in the order in which users need them. */
export const operations = (stack: Stack): string[] => [
  stack.options.module ? module(stack) : planAndApply(stack),
  state(stack),
  newImage(stack),
  jobs(stack),
  ami(stack),
  provider(stack),
  changes(stack),
  destroy(stack),
  test(stack),
  ...troubleshooting(stack),
];

function module(stack: Stack): string {
  const required = requiredIn(stack);
  const width = Math.max(0, ...required.map((name) => name.length));
  return section(
    "Use the module",
    block(
      "hcl",
      'provider "aws" {',
      '  region = "eu-west-1"',
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
    hasTags(stack) &&
      "The module sets its tags itself, `tags` too: on every resource that can have tags, and on the instances and their volumes. The default tags of your " +
        "provider are added to them.",
    "To use the module twice in one region, give each a different `name`: all names in AWS start with it.",
    firstApply(stack),
    ...afterApply(stack),
  );
}

const hasTags = ({ portable: { locals }, configuration }: Stack): boolean =>
  Object.keys(locals).length > Object.keys(configuration.locals).length;

function ami(stack: Stack): string {
  const [group] = ofType(stack, "aws_autoscaling_group");
  const names = stack.variables.map(({ name }) => name).filter((name) => name.endsWith("ami_version"));
  if (!group || names.length === 0) return "";
  const [refresh] = objects(group.body.instance_refresh);
  const [preferences] = objects(refresh?.preferences);
  const variable = names.length === 1 ? code(names[0] as string) : `a variable such as ${code(names[0] as string)}`;
  return section(
    "Update the AMI",
    `AWS publishes a new ECS-optimized AMI every few weeks. With the value "recommended" of ${variable}, each plan looks up the newest one. ` +
      "If it changed, the plan shows a new version of the launch template. " +
      (refresh
        ? `The apply starts an instance refresh, which replaces the instances and keeps at least ${preferences?.min_healthy_percentage ?? 90} % of them in service.`
        : "The apply changes no running instance. Instances that start later have the new AMI."),
    block(
      "sh",
      "terraform plan -out=plan.tfplan",
      "terraform apply plan.tfplan",
      ...(refresh
        ? [
            `aws autoscaling describe-instance-refreshes --auto-scaling-group-name ${groupArgument(stack)} --max-records 1`,
          ]
        : []),
    ),
    `To choose the time of the update, set ${variable} to a version that AWS published. To go back, set it to the previous version.`,
  );
}

function test(stack: Stack): string {
  const runs = [...planTest(stack).matchAll(/^run "(\w+)"/gm)].map(([, name = ""]) => name);
  if (runs.length === 0) return "";
  return section(
    "Test without an AWS account",
    block("sh", "terraform init", "terraform test"),
    "`tests/plan.tftest.hcl` plans with a mocked provider and the defaults of the variables. It needs no credentials and creates nothing. It fails if somebody " +
      "changes the files so that one of these is not true anymore:",
    table(
      ["run", "what it checks"],
      runs.map((name) => [code(name), RUNS[name] ?? ""]),
    ),
    stack.options.module && "Run it in this folder, not in the root module.",
  );
}
