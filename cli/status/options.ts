import type { Command } from "commander";
import { type ClusterOptions, clusterOptions } from "../cluster-options";

/** The options of `status`. */
export interface StatusOptions extends ClusterOptions {
  readonly watch?: boolean;
}

/** Defines the command `status`. */
export const defineStatus = (command: Command): Command =>
  clusterOptions(
    command
      .summary("show services, deployments, instances and events of a cluster")
      .description("Shows the services, deployments, instances and last events of an ECS cluster in your AWS account."),
  )
    .option("--watch", "refresh every 5 seconds, until Ctrl-C")
    .addHelpText(
      "after",
      "\nExit code: 0 if every service runs its tasks and every agent is connected, 1 if not, 2 if it cannot read the cluster.",
    );
