import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { show } from "../validation/show";
import { throwIfInvalid } from "../validation/validate";

/**
 * Returns the id of a service or of a task.
 *
 * @param kind the name of the class @param setting the setting of the name
 * @param otherProblems returns the problems of the props
 * @throws {SettingsError} when it is no text or another construct of the scope has it, with the problems of the props
 */
export function unusedId(
  kind: string,
  setting: string,
  scope: Construct,
  id: string,
  otherProblems: () => readonly Problem[],
): string {
  const subject = `${kind} "${scope?.node?.path}/${show(id).replace(/^"|"$/g, "")}"`;
  if (typeof id !== "string") {
    throwIfInvalid(subject, [
      { path: "id", rule: "must be a string", received: show(id), fix: 'For example "users".' },
    ]);
  }
  const owner = ownerOf(scope, id);
  if (owner === undefined) return id;
  const canBeName = serviceNameRules.every((rule) => rule.check(id, {}));
  const fix = canBeName ? `Use another id, and set ${setting}: ${show(id)}.` : "Use another id.";
  throwIfInvalid(subject, [
    { path: "id", rule: "must be unused", received: `${show(id)}, which ${owner} has`, fix },
    ...otherProblems(),
  ]);
  return id;
}

/** Returns what has an id in a scope, or undefined. */
function ownerOf(scope: Construct, id: string): string | undefined {
  // The constructs library looks ids up among the properties of an object.
  if (id in Object.prototype) return "every scope";
  const other = scope?.node?.tryFindChild(id);
  if (other) return `${other.constructor.name} "${other.node.path}"`;
  // CDKTF creates the backend of a stack without one at synthesis.
  return id === "backend" && TerraformStack.isStack(scope) ? "the stack's backend" : undefined;
}

/** Terraform addresses have underscores in place of other characters, so `a-b` and `a_b` have the same addresses. */
export function addressProblems(service: Construct, name: string, setting: string): Problem[] {
  const stack = TerraformStack.of(service);
  try {
    stack.getLogicalId(service.node);
    return [];
  } catch {
    const rule = "must have Terraform addresses that no other service of the stack has";
    const fix = `Use another id, and set ${setting}: ${show(name)}.`;
    return [{ path: "id", rule, received: show(service.node.id), fix }];
  }
}
