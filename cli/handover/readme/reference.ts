import { valueLines } from "../hcl/value";
import { ofType, type Stack } from "../stack";
import type { End } from "../terraform-json/open-ports";
import { TOPICS, type Topic } from "../terraform-json/topics";
import type { Variable } from "../terraform-json/variables";
import { costsOf } from "./costs";
import { code, listed, section, table } from "./markdown";
import { purposeOf } from "./purposes";

/** The tables of variables, outputs, resources, ports and costs. */
export const reference = (stack: Stack): string[] => [
  variables(stack),
  outputs(stack),
  resources(stack),
  ports(stack),
  costs(stack),
];

function variables({ variables: all, options }: Stack): string {
  const rows = all.map(({ name, type, description, rules, ...variable }) => [
    code(name),
    code(type),
    variable.isRequired ? "required" : code(valueLines(variable.default, "literal").join(" ")),
    description,
    rules.join(" "),
  ]);
  const where = options.module ? "as arguments of the `module` block" : "in `terraform.tfvars`";
  return section(
    "Variables",
    rows.length > 0 && `Set them ${where}. Terraform rejects an invalid value before it creates anything.`,
    table(["Name", "Type", "Default", "Description", "Rules"], rows),
  );
}

function outputs({ portable: { outputs: all }, options }: Stack): string {
  const rows = all.map(([name, { description }]) => [code(name), typeof description === "string" ? description : ""]);
  return section(
    "Outputs",
    rows.length > 0 &&
      (options.module
        ? "Read an output in the root module as `module.MODULE.NAME`. To print it, declare an output in the root module."
        : "Print an output with `terraform output NAME`. To use text in a command, add `-raw`."),
    table(["Name", "Description"], rows),
  );
}

function resources({ portable: { elements }, topics, references, configuration }: Stack): string {
  const groups = (Object.keys(TOPICS) as Topic[]).flatMap((topic) => {
    const rows = elements
      .filter((element) => topics.get(element) === topic)
      .map((element) => {
        const isMany = element.body.for_each !== undefined || element.body.count !== undefined;
        const kind = element.mode === "data" ? "data source" : isMany ? "resource, 0 or more" : "resource";
        return [code(element.address), kind, purposeOf(element, references)];
      });
    return rows.length > 0 ? [`### ${TOPICS[topic]}`, table(["Address", "Kind", "Purpose"], rows)] : [];
  });
  const checks = Object.keys(configuration.checks).map((name) => code(`check.${name}`));
  return section(
    "Resources",
    groups.length > 0 && "If you change the address of a resource, Terraform replaces the resource.",
    ...groups,
    checks.length > 0 &&
      `${listed(checks)} can print a warning after a plan or an apply, and does not stop it. In the first minutes after the first ` +
        "apply, the warning is normal, because the instances need time to join.",
  );
}

function ports({ ports: all, variables: known }: Stack): string {
  const rows = all.map(({ from, to, ports: open, purpose, address }) => [
    endText(from, known),
    endText(to, known),
    open,
    purpose,
    code(address),
  ]);
  return section(
    "Open ports",
    rows.length > 0 && "The security groups allow only these connections, also inside the VPC.",
    table(["From", "To", "Ports", "Purpose", "Rule"], rows),
  );
}

/** Returns the text of an end, with the defaults of its variables. */
function endText({ text, variables: names }: End, known: readonly Variable[]): string {
  const defaults = known.filter(({ name }) => names.includes(name)).map((variable) => defaultText(variable));
  return defaults.length > 0 ? `${text} (${listed(defaults)})` : text;
}

function defaultText({ isRequired, default: value }: Variable): string {
  if (isRequired) return "required";
  const networks = Array.isArray(value) ? value.map(String) : [];
  return `default: ${networks.length > 0 ? listed(networks) : "none"}`;
}

function costs(stack: Stack): string {
  const all = costsOf(stack);
  const rows = (isWanted: boolean) =>
    all
      .filter(({ isByUse }) => isByUse === isWanted)
      .map(({ item, unit, addresses }) => [item, unit, addresses.map(code).join(", ")]);
  const [fixed, byUse] = [rows(false), rows(true)];
  const heads = ["Item", "Charged per", "Resource"];
  const isPrivate = ofType(stack, "aws_launch_template").some(({ body }) =>
    /"associate_public_ip_address":"?false/.test(JSON.stringify(body)),
  );
  return section(
    "Costs",
    fixed.length > 0 && "AWS charges these while the stack exists:",
    table(heads, fixed),
    byUse.length > 0 && "AWS charges these by use:",
    table(heads, byUse),
    isPrivate &&
      "The instances have no public address, so their traffic passes a NAT gateway or VPC endpoints. AWS charges those by the hour and by the GB, also if " +
        "this folder does not create them.",
    "All other resources are free, such as security groups, roles, key pairs, and ECS on EC2 instances. For prices, see " +
      "https://aws.amazon.com/pricing/. `terraform destroy` ends the charges, except for what [it keeps](#destroy).",
  );
}
