import type { Command } from "commander";
import { type ClusterOptions, clusterOptions } from "../cluster-options";

export type DoctorOptions = ClusterOptions;

/** Defines the command `doctor`. */
export const defineDoctor = (command: Command): Command =>
  clusterOptions(
    command
      .summary("find out why something does not work, in your AWS account")
      .description(
        "Checks an ECS cluster in your AWS account, and prints each problem with its fix. It changes nothing. Credentials are " +
          "those of the AWS CLI. docs/doctor.md has the IAM policy that they need.",
      ),
  ).addHelpText("after", "\nExit code: 0 if nothing is wrong, 1 if something is wrong, 2 if it cannot check.");
