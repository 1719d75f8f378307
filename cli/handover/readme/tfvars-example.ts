import { wrapText } from "../../wrap-text";
import { valueLines, withoutMarks } from "../hcl/value";
import type { Variable } from "../terraform-json/variables";

/** Renders `terraform.tfvars.example`: each variable with its description, its rules and its default. */
export function tfvarsExample(variables: readonly Variable[]): string {
  const assignments = variables.flatMap((variable) => [
    "",
    ...wrapText(comment(variable), 118).map((line) => `# ${line}`),
    ...assignment(variable),
  ]);
  return withoutMarks([
    "# Copy this file to terraform.tfvars, which Terraform reads automatically, and change the values.",
    ...assignments,
  ]);
}

const comment = ({ isRequired, description, rules }: Variable): string =>
  [isRequired && "Required.", description, ...rules].filter(Boolean).join(" ");

/** A required variable gets an empty value of its type, which Terraform rejects until the user sets a value. */
function assignment({ name, type, isRequired, default: value }: Variable): string[] {
  if (isRequired) return [`${name} = ${emptyValue(type)} # required`];
  const [first, ...rest] = valueLines(value, "literal");
  return [`${name} = ${first}`, ...rest];
}

function emptyValue(type: string): string {
  if (/^(list|set|tuple)/.test(type)) return "[]";
  if (/^(map|object)/.test(type)) return "{}";
  return type === "string" ? '""' : "null";
}
