import { type Command, InvalidArgumentError, Option } from "commander";

/** The options of commands that read a cluster in an AWS account. */
export interface ClusterOptions {
  readonly cluster: string;
  readonly region: string;
  readonly json?: boolean;
  /** The URL that replaces AWS, for tests. */
  readonly endpoint?: string;
}

/** Adds the options of commands that read a cluster in an AWS account. */
export const clusterOptions = (command: Command): Command =>
  command
    .requiredOption("--cluster <name>", "the name of the cluster: the output cluster_name")
    .requiredOption("--region <region>", "the region of the cluster")
    .option("--json", "print JSON")
    .addOption(new Option("--endpoint <url>").hideHelp().argParser(checkedUrl));

function checkedUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError("It must be a URL. Omit it to use AWS.");
  return text;
}
