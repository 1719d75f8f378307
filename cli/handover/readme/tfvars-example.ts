import { valueLines, withoutMarks } from "../hcl/value";
import type { Variable } from "../terraform-json/variables";
import { wrapped } from "../wrapped";

/** `terraform.tfvars.example`: every variable with what it means, what is accepted and its default. */
export function tfvarsExample(variables: readonly Variable[]): string {
  const paragraphs = variables.map((variable) => [
    ...wrapped(comment(variable), 118).map((line) => `# ${line}`),
    ...assignment(variable),
  ]);
  return withoutMarks([
    "# Copy this file to terraform.tfvars, which Terraform reads by itself, and change what should differ from the defaults.",
    ...paragraphs.flatMap((lines) => ["", ...lines]),
  ]);
}

function comment({ description, accepted, isRequired }: Variable): string {
  const rules = accepted.map((rule) => `${rule[0]?.toUpperCase()}${rule.slice(1)}.`);
  return [isRequired ? "Required." : "", description, ...rules].filter(Boolean).join(" ");
}

/** What must be given is given as a text that is refused, so that nobody applies a value that isn't theirs. */
function assignment({ name, isRequired, default: value }: Variable): string[] {
  if (isRequired) return [`${name} = "" # fill in`];
  const [first, ...rest] = valueLines(value, "literal");
  return [`${name} = ${first}`, ...rest];
}
