import { matches } from "../validation/rule";
import { boolean, choice, list, map, type Parsed, schemaOf, string } from "../validation/schema";
import type { Limit } from "../validation/settings-rule";
import { flag, some, sortedEntries, text, texts } from "./ecs-json";

/** Options that Docker gets for a container. */
export interface DockerOptions {
  /** Labels of the container, which tools on the instance read. @default - none */
  readonly dockerLabels?: Readonly<Record<string, string>>;
  /**
   * Options of SELinux and AppArmor: `no-new-privileges`, `apparmor:PROFILE` or `label:VALUE`. For the last two, set
   * `ECS_APPARMOR_CAPABLE` or `ECS_SELINUX_CAPABLE` in `agent.variables`. Otherwise no instance runs the task.
   * @default - none
   */
  readonly dockerSecurityOptions?: readonly string[];
  /** Keep standard input open. @default - false */
  readonly interactive?: boolean;
  /** Give the process a terminal (TTY). @default - false */
  readonly pseudoTerminal?: boolean;
  /**
   * `disabled` runs the tag of the image as it is when a task starts. Otherwise, ECS resolves the tag once for each deployment,
   * so that all tasks run the same image.
   * @default - enabled
   */
  readonly versionConsistency?: "enabled" | "disabled";
  /**
   * A credential spec of Active Directory: `credentialspecdomainless:ARN` or `credentialspec:ARN`, with the ARN of an SSM
   * parameter or of an S3 object. Set `ECS_GMSA_SUPPORTED` in `agent.variables`, and give the execution role access with
   * `executionRoleStatements`.
   * @default - none
   */
  readonly credentialSpecs?: readonly string[];
}

const securityOption = matches(
  "^(no-new-privileges(:(true|false))?|apparmor:.+|label:.+|credentialspec:.+)$",
  "be a security option that ECS accepts",
  "Use no-new-privileges, apparmor:PROFILE, label:VALUE or credentialspec:PATH.",
);
const credentialSpec = matches(
  "^credentialspec(domainless)?:arn:.+$",
  "be credentialspecdomainless: or credentialspec: and an ARN",
  "Write the ARN of the SSM parameter or of the S3 object that has the credential spec.",
);
const one: Limit<readonly unknown[]> = {
  must: "have at most one credential spec",
  fix: "ECS accepts one for each container.",
  check: (specs) => specs.length <= 1,
  offending: { of: (specs) => specs.length },
};
const labelName = matches("^.+$", "not have an empty name", "Rename the label.");

export const dockerOptionsSchema = schemaOf<DockerOptions>()({
  dockerLabels: map(string(), { names: [labelName] }).default({}),
  dockerSecurityOptions: list(string(securityOption)).default([]),
  interactive: boolean().optional(),
  pseudoTerminal: boolean().optional(),
  versionConsistency: choice("enabled", "disabled").optional(),
  credentialSpecs: list(string(credentialSpec), one).default([]),
});

/** Returns the options as the API of ECS names them. */
export const dockerOptionsJson = (options: Parsed<typeof dockerOptionsSchema>) => ({
  dockerLabels: labelsJson(options.dockerLabels),
  dockerSecurityOptions: texts(some(options.dockerSecurityOptions)),
  interactive: flag(options.interactive),
  pseudoTerminal: flag(options.pseudoTerminal),
  versionConsistency: text(options.versionConsistency),
  credentialSpecs: texts(some(options.credentialSpecs)),
});

function labelsJson(labels: Readonly<Record<string, string>>): object | undefined {
  const entries = sortedEntries(labels).map(([name, value]) => [name, text(value)]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
