import { literal } from "../terraform/literal";
import { interfaceOf, string } from "../validation/schema";
import { SettingsError } from "../validation/settings-error";
import type { AgentConfig } from "./agent-config";
import { agentConfigField } from "./agent-config";
import { AMI_FAMILY_TRAITS } from "./ami-family";

/** What EC2 takes, before base64. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
export const USER_DATA_LIMIT_BYTES = 16_384;

/** What {@link UserData} joins. */
export interface UserDataProps {
  /** The agent's configuration. */
  readonly agentConfig: AgentConfig;
  /** Shell lines that run after the agent's file is written, each as it is. Not on Bottlerocket, which has no shell. @default - none */
  readonly extraLines?: readonly string[];
}

/** What an instance does at its first boot: it writes the agent's configuration, then runs the caller's lines. */
export class UserData {
  /** The text, in Terraform's template syntax: callers' `${` and `%{` are text, tokens are references. */
  readonly template: string;
  /** The agent's configuration that it writes. */
  readonly agentConfig: AgentConfig;

  /** @throws {SettingsError} when lines are given to a family without a shell, or the text is too long for EC2 */
  constructor(props: UserDataProps) {
    const { agentConfig, extraLines = [] } = props;
    const mistakes = UserData.mistakes(agentConfig, extraLines, "extraLines");
    if (mistakes.length > 0) throw new SettingsError("UserData", mistakes);
    this.agentConfig = agentConfig;
    this.template = literal(UserData.text(agentConfig, extraLines));
  }

  /** Every reason why these lines can't be user data. */
  static mistakes(agentConfig: AgentConfig, extraLines: readonly string[], name: string): string[] {
    const { family } = agentConfig;
    if (AMI_FAMILY_TRAITS[family].userData === "toml" && extraLines.length > 0) {
      return [
        `${name} must be empty with ${family}, which runs no shell; received ${extraLines.length} ${extraLines.length === 1 ? "line" : "lines"}. Choose amazon-linux-2023, or a Bottlerocket bootstrap container.`,
      ];
    }
    const bytes = Buffer.byteLength(UserData.text(agentConfig, extraLines));
    if (bytes > USER_DATA_LIMIT_BYTES) {
      return [
        `${name} must leave the user data within ${USER_DATA_LIMIT_BYTES} bytes; received ${bytes} bytes in all. Fetch what is long from S3 instead.`,
      ];
    }
    return [];
  }

  private static text(agentConfig: AgentConfig, extraLines: readonly string[]): string {
    if (AMI_FAMILY_TRAITS[agentConfig.family].userData === "toml") return agentConfig.toml();
    return [
      "#!/bin/bash",
      "# The cluster that the ECS agent joins, and the host ports that the security groups admit.",
      "# Appended, because some ECS-optimized AMIs bring lines of their own.",
      // Quoted, so that the shell takes the lines as they are.
      "cat >> /etc/ecs/ecs.config <<'ECS_CONFIG'",
      ...agentConfig.environment(),
      "ECS_CONFIG",
      ...extraLines,
      "",
    ].join("\n");
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
