import { literal } from "../terraform/literal";
import type { Place } from "../validation/place";
import { Field, interfaceOf, list, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { validate } from "../validation/validate";
import { AgentConfig, agentConfigField } from "./agent-config";
import { AMI_FAMILY_TRAITS } from "./ami-family";

/** The most bytes that EC2 accepts, before base64. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
export const USER_DATA_LIMIT_BYTES = 16_384;

/** Returns the commands of shell lines without comments. */
const commandsOf = (lines: string): string[] =>
  lines
    .replace(/\\\n/g, " ")
    .split(/\n|;|&&|\|\|/)
    .filter((command) => !/^\s*#/.test(command));

/** `systemctl start ecs`, `systemctl enable --now docker.service` and `service ecs restart`. */
const STARTS = [
  /\bsystemctl\b(?=.*\s(start|restart|try-restart|reload-or-restart|--now)\s)(?=.*\s["']?(ecs|docker)(\.service|\.socket)?["']?(\s|$))/,
  /\bservice\s+(ecs|docker)\s+(start|restart|reload)\b/,
];
const IN_BACKGROUND = /\s--no-block\b|&\s*$/;
/** https://github.com/aws/amazon-ecs-agent/issues/4818 */
const noDeadlock: Limit<string> = {
  must: "not wait until ecs or docker starts, because systemd starts both after user data",
  fix: "Remove it, or use systemctl --no-block. The agent reads its variables when it starts: set them in agent.variables.",
  check: (lines) =>
    !commandsOf(lines).some(
      (command) => STARTS.some((pattern) => pattern.test(command)) && !IN_BACKGROUND.test(command),
    ),
};

const FILE = `["']?/etc/ecs/ecs\\.config["']?(?=\\s|$)`;
/** `> FILE`, `tee FILE`, `curl -o FILE`, and `cp`, `mv` or another download with the file at the end. */
const OVERWRITES = [
  `(^|[^>])>\\|?\\s*${FILE}`,
  `\\btee\\s+(?!.*(-a|--append)\\b)${FILE}`,
  `\\s(-o|-O|--output)\\s*${FILE}`,
  `\\b(cp|mv|install)\\s.*\\s${FILE}\\s*$`,
].map((pattern) => new RegExp(pattern));
const keepsAgentFile: Limit<string> = {
  must: "not overwrite /etc/ecs/ecs.config, which has the name of the cluster",
  fix: "Set variables in agent.variables, or append to the file with >>.",
  check: (lines) => !commandsOf(lines).some((command) => OVERWRITES.some((pattern) => pattern.test(command))),
};

const lineLimits = [noDeadlock, keepsAgentFile];

/** A shell line. Its limits also apply to the text around a token. */
class ShellLine extends Field<string> {
  override readToken(token: unknown, place: Place): string | undefined {
    for (const { must, fix, check } of lineLimits) {
      if (typeof token === "string" && !check(token, {})) return place.report(must, show(token), fix);
    }
    return super.readToken(token, place);
  }
}
const { facts, is } = string(...lineLimits);

/** The field of shell lines that run at the first boot. */
export const shellLinesField = plain(list(new ShellLine(facts, is)));

/** What an instance does at its first boot. */
export interface UserDataProps {
  /** The agent's configuration. */
  readonly agentConfig: AgentConfig;
  /** Shell lines that run after the agent's file is written. Bottlerocket has no shell and rejects them. @default - none */
  readonly extraLines?: readonly string[];
}

export const userDataPropsSchema = schemaOf<UserDataProps>()(
  { agentConfig: agentConfigField, extraLines: shellLinesField.default([]) },
  userDataWithinLimits,
);

/** Finds lines that the family cannot run, and user data that is too long for EC2. */
export function* userDataWithinLimits(props: Known<UserDataProps>): Findings<UserDataProps> {
  const { agentConfig, extraLines = [] } = props as { agentConfig?: AgentConfig; extraLines?: readonly string[] };
  if (!(agentConfig instanceof AgentConfig)) return;
  const { family } = agentConfig;
  if (AMI_FAMILY_TRAITS[family].userData === "toml" && extraLines.length > 0) {
    const must = `be empty with ${family}, which has no shell`;
    const fix = "Use amazon-linux-2023, or a bootstrap container of Bottlerocket.";
    yield { at: "extraLines", must, received: extraLines, fix };
    return;
  }
  const bytes = Buffer.byteLength(userDataText(agentConfig, extraLines));
  if (bytes <= USER_DATA_LIMIT_BYTES) return;
  const must = `leave the user data within ${USER_DATA_LIMIT_BYTES} bytes`;
  const at = extraLines.length > 0 ? "extraLines" : "agentConfig";
  yield { at, must, received: bytes, fix: "Download long content from S3 instead." };
}

function userDataText(agentConfig: AgentConfig, extraLines: readonly string[]): string {
  if (AMI_FAMILY_TRAITS[agentConfig.family].userData === "toml") return agentConfig.toml();
  return [
    "#!/bin/bash",
    "# The cluster that the ECS agent joins, and the host ports that the security groups admit.",
    "# The lines are appended, because some ECS-optimized AMIs already have lines in this file.",
    // In quotes, so that the shell expands nothing in the lines.
    "cat >> /etc/ecs/ecs.config <<'ECS_CONFIG'",
    ...agentConfig.environment(),
    "ECS_CONFIG",
    ...extraLines,
    "",
  ].join("\n");
}

/** The script or the TOML that an instance reads at its first boot. */
export class UserData {
  /** The text in Terraform's template syntax. A caller's `${` and `%{` stay text, and tokens are references. */
  readonly template: string;
  /** The agent's configuration in it. */
  readonly agentConfig: AgentConfig;

  /** @throws {SettingsError} with every problem of the props */
  constructor(props: UserDataProps) {
    const { agentConfig, extraLines } = validate("UserData", userDataPropsSchema, props);
    this.agentConfig = agentConfig;
    this.template = literal(userDataText(agentConfig, extraLines));
  }
}

/** The field of a `userData` property. */
export const userDataField = interfaceOf<UserData>(
  "user data",
  "Use new UserData({ agentConfig }).",
)({
  template: string(),
  agentConfig: agentConfigField,
});
