import { valueLines } from "../hcl/value";
import type { Stack } from "../stack";
import type { End } from "../terraform-json/open-ports";
import { ROLES, type Role } from "../terraform-json/topics";
import type { Variable } from "../terraform-json/variables";
import { costsOf } from "./costs";
import { code, listed, section, table } from "./markdown";
import { purposeOf } from "./purposes";

/** The tables: what goes in, what comes out, what is made, what it costs. */
export function reference(stack: Stack): string[] {
  return [variables(stack), outputs(stack), resources(stack), ports(stack), costs(stack)];
}

function variables({ variables: all, options }: Stack): string {
  const rows = all.map(({ name, type, description, accepted, ...variable }) => [
    code(name),
    code(type),
    variable.isRequired ? "required" : code(valueLines(variable.default, "literal").join(" ")),
    description,
    accepted.map((rule) => `${rule[0]?.toUpperCase()}${rule.slice(1)}.`).join(" "),
  ]);
  return section(
    "Variables",
    options.module
      ? "Give them as arguments of the `module` block."
      : "Copy `terraform.tfvars.example` to `terraform.tfvars` and change what should differ. Terraform refuses a value that is " +
          "not accepted before anything is made, and says why.",
    table(["Name", "Type", "Default", "Meaning", "Accepted"], rows),
  );
}

function outputs({ portable: { outputs: all }, options }: Stack): string {
  const rows = all.map(([name, { description }]) => [code(name), typeof description === "string" ? description : ""]);
  return section(
    "Outputs",
    table(["Name", "Meaning"], rows),
    rows.length > 0 &&
      (options.module
        ? "The root module reads one as `module.MODULE.NAME`, and passes on what should be printed."
        : "Print one with `terraform output NAME`; text alone, for a command, with `-raw`."),
  );
}

function resources({ portable: { elements }, roles, references, configuration }: Stack): string {
  const groups = (Object.keys(ROLES) as Role[]).flatMap((role) => {
    const rows = elements
      .filter((element) => roles.get(element) === role)
      .map((element) => [
        code(element.address),
        element.mode === "data"
          ? "looked up"
          : repeated(element.body.for_each !== undefined || element.body.count !== undefined),
        purposeOf(element, references),
      ]);
    return rows.length > 0 ? [`### ${ROLES[role]}`, table(["Address", "How", "What it is for"], rows)] : [];
  });
  const checks = Object.keys(configuration.checks).map((name) => code(`check.${name}`));
  return section(
    "What is in it",
    "Each part by its Terraform address, grouped by what it is for. Changing an address replaces the resource.",
    ...groups,
    checks.length > 0 &&
      `${checks.join(", ")} warns after a plan or an apply without stopping it: in the first minutes after the first apply ` +
        "that is expected, since instances take a while to start and join.",
  );
}

const repeated = (isMany: boolean): string => (isMany ? "made, one or more" : "made");

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
    "All that the security groups let through. Nothing else can connect, from inside the VPC either.",
    table(["From", "To", "Ports", "What for", "Rule"], rows),
  );
}

/** A network's variable with what it admits when nothing is changed. */
function endText({ text, variables: names }: End, known: readonly Variable[]): string {
  const defaults = known.filter(({ name }) => names.includes(name)).map((variable) => defaultText(variable));
  return defaults.length > 0 ? `${text} (${listed(defaults)})` : text;
}

function defaultText({ isRequired, default: value }: Variable): string {
  if (isRequired) return "required";
  const networks = Array.isArray(value) ? value.map(String) : [];
  return networks.length > 0 ? `by default ${listed(networks)}` : "none by default";
}

function costs({ portable: { elements } }: Stack): string {
  const rows = costsOf(elements).map(({ what, unit, addresses }) => [what, unit, addresses.map(code).join(", ")]);
  return section(
    "What costs money",
    table(["What", "Charged by", "From"], rows),
    "Of everything else AWS charges nothing: ECS itself on instances, security groups, roles, key pairs and lookups. Prices are " +
      "on https://aws.amazon.com/pricing/; `terraform destroy` ends all of it.",
  );
}
