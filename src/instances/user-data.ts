import { literal } from "../terraform/literal";
import type { Place } from "../validation/place";
import { Field, interfaceOf, list, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";
import { validate } from "../validation/validate";
import { AgentConfig, agentConfigField } from "./agent-config";
import { AMI_FAMILY_TRAITS } from "./ami-family";
import { commandsOf, type ShellCommand } from "./shell-commands";

/** The most bytes that EC2 accepts, before base64. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
export const USER_DATA_LIMIT_BYTES = 16_384;

const STARTS = /^(re)?start$|^(try-|cond)restart$|^(force-)?reload$|^(try-)?reload-or-(try-)?restart$/;
const UNIT = /^(ecs|docker)([.](service|socket))?$/;
/** https://github.com/aws/amazon-ecs-agent/issues/4818 */
const noDeadlock: Limit<ShellCommand> = {
  must: "not wait until ecs or docker starts, because systemd starts both after user data",
  fix: "Remove it, or use systemctl --no-block. The agent reads its variables when it starts: set them in agent.variables.",
  check: ({ words: [program, ...options], isInBackground }) => {
    if (isInBackground || options.includes("--no-block")) return true;
    const [first = "", ...others] = options.filter((option) => !option.startsWith("-"));
    if (program === "service") return !(UNIT.test(first) && STARTS.test(others[0] ?? ""));
    const isStart = STARTS.test(first) || (/^(re)?enable$/.test(first) && options.includes("--now"));
    return program !== "systemctl" || !isStart || !others.some((unit) => UNIT.test(unit));
  },
};

const FILE = "/etc/ecs/ecs.config";
const isFile = (word: string): boolean => word === FILE;
const isFolder = (word: string): boolean => /^[/]etc[/]ecs[/]?[.]?$/.test(word);
/** `-o FILE`, `-so FILE`, `-oFILE` and `--output=FILE`. */
const OUTPUT = /^(-\w*o|-\w*O|--output|--output-document)$/;
const isOutput = (word: string, before = ""): boolean =>
  isFile(word)
    ? OUTPUT.test(before)
    : word.endsWith(FILE) && OUTPUT.test(word.slice(0, -FILE.length).replace(/=$/, ""));
/** Whether a program replaces or removes the file, by the program's name. */
const WRITERS: Readonly<Record<string, (words: readonly string[]) => boolean>> = {
  tee: (words) => words.some(isFile) && !words.some((word) => /^(-\w*a\w*|--append)$/.test(word)),
  cp: copies,
  ln: copies,
  install: copies,
  rsync: copies,
  mv: (words) => words.some(isFile) || copies(words),
  aws: (words) => {
    const index = words.findIndex(isFile);
    return index >= 0 && words[index - 1] !== "--body" && !words.slice(index).some((word) => word.startsWith("s3://"));
  },
  rm: (words) => words.some((word) => isFile(word) || isFolder(word)),
  unlink: (words) => words.some(isFile),
  truncate: (words) => words.some(isFile),
  dd: (words) => words.includes(`of=${FILE}`),
};
function copies(words: readonly string[]): boolean {
  const [target = "", ...sources] = words.filter((word) => !word.startsWith("-")).reverse();
  return isFile(target) || (isFolder(target) && sources.some((source) => /(^|[/])ecs[.]config$/.test(source)));
}

const keepsAgentFile: Limit<ShellCommand> = {
  must: `not overwrite ${FILE}, which has the name of the cluster`,
  fix: "Set variables in agent.variables, or append to the file with >>.",
  check: ({ words: [program = "", ...words], overwrites }) =>
    !overwrites.some(isFile) &&
    !words.some((word, index) => isOutput(word, words[index - 1])) &&
    !(Object.hasOwn(WRITERS, program) && WRITERS[program]?.(words)),
};

const keepsCluster: Limit<ShellCommand> = {
  must: `not change ECS_CLUSTER in ${FILE}, which the library sets`,
  fix: "Remove it. An instance joins the cluster of its stack.",
  check: ({ words: [program, ...words], appends, input }) => {
    if (program === "sed" || program === "perl") return !words.some(isFile) || !/\bECS_CLUSTER\b/.test(words.join(" "));
    const isAppended = appends.some(isFile) || (program === "tee" && words.some(isFile));
    return !isAppended || !/\bECS_CLUSTER=/.test(`${words.join(" ")} ${input}`);
  },
};

const commandLimits = [noDeadlock, keepsAgentFile, keepsCluster];
const line = string();
const { facts, is } = list(line);

/** The field of shell lines that run at the first boot. The limits also apply to the text around a token. */
export const shellLinesField = plain(
  new Field<readonly string[]>(
    { ...facts, eachLimits: commandLimits },
    is,
    (values: readonly unknown[], place: Place) => {
      const read = Array.from(values, (value, index) => line.read(value, place, index));
      if (!read.every((value) => value !== undefined)) return read;
      const wrong = new Set<number>();
      for (const command of commandsOf(read)) {
        const limit = commandLimits.find(({ check }) => !check(command, {}));
        if (limit === undefined || wrong.has(command.line)) continue;
        wrong.add(command.line);
        place.at(command.line).report(limit.must, show(read[command.line]), limit.fix);
      }
      return read;
    },
  ),
);

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
