#!/usr/bin/env node
import { dirname } from "node:path";
import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { type CommandResult, errorText, printResult, withJsonError } from "./command-line";
import { defineDoctor } from "./doctor/options";
import { defineHandover } from "./handover/options";
import { defineInit } from "./init/options";
import type { Dependencies } from "./offline-provider/command";
import { definePlan } from "./offline-provider/options";
import { defineRun } from "./run/options";
import { defineStatus } from "./status/options";

/** The exit code for an error: wrong options, or something that the command cannot do. */
const ERROR = 2;

/** Each command: its options, and the bundle that runs it. This file is small, so that `--help` is fast. */
function program(
  root: string,
  passed: readonly string[],
  finish: (result: CommandResult) => void,
  dependencies?: Dependencies,
): Command {
  const place = { root, cwd: root, from: callersFolder(root) };
  const name = "ecs-default-vpc";
  const commands = new Command(name).description("Tools for ECS clusters in the default VPC.").version(version);
  definePlan(commands.command("plan")).action(async (options) => {
    const { plan } = await import("./offline-provider/command.js");
    finish(await plan(root, options, passed, dependencies));
  });
  defineHandover(commands.command("handover")).action(async (options) => {
    const { handover } = await import("./handover/command.js");
    finish(await handover(options, place));
  });
  defineDoctor(commands.command("doctor")).action(async (options) => {
    const { doctor } = await import("./doctor/command.js");
    finish(await doctor(options));
  });
  defineStatus(commands.command("status")).action(async (options) => {
    const { status } = await import("./status/command.js");
    finish(await status(options));
  });
  defineRun(commands.command("run")).action(async (family, options) => {
    const { run } = await import("./run/command.js");
    finish(await run(family, options, passed));
  });
  defineInit(commands.command("init")).action(async (dir, options) => {
    const { init } = await import("./init/command.js");
    finish(await init(dir, options, place.from));
  });
  return commands;
}

/** npm runs scripts in the folder of package.json. INIT_CWD is the folder in which the user called npm. */
function callersFolder(root: string): string {
  const { INIT_CWD, npm_package_json: manifest } = process.env;
  return INIT_CWD !== undefined && manifest !== undefined && dirname(manifest) === root ? INIT_CWD : root;
}

/** The commands that pass the arguments after `--` on. */
const PASSING = ["plan", "run"];

/**
 * Runs the command `ecs-default-vpc`, and returns what it prints, and its exit code. Terraform prints by itself. With `--json`,
 * errors are JSON too.
 * @param args the arguments. Those after `--` are for Terraform
 * @param root the folder of the project
 * @param dependencies where `plan` writes, for tests
 */
export async function main(args: readonly string[], root: string, dependencies?: Dependencies): Promise<CommandResult> {
  const end = args.indexOf("--");
  const [own, passed] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  const result = await resultOf(own, passed, root, dependencies);
  // Wrong options have no parsed options.
  return own.includes("--json") ? withJsonError(result) : result;
}

async function resultOf(
  own: readonly string[],
  passed: readonly string[],
  root: string,
  dependencies: Dependencies | undefined,
): Promise<CommandResult> {
  if (passed.length > 0 && !PASSING.includes(own[0] ?? "")) {
    const stderr = `Arguments after "--" are only for ${PASSING.join(" and ")}; received ${passed.join(" ")}. Remove "--".\n`;
    return { status: ERROR, stdout: "", stderr };
  }
  let result: CommandResult = { status: 0, stdout: "", stderr: "" };
  const commands = program(
    root,
    passed,
    (finished) => {
      result = finished;
    },
    dependencies,
  );
  const written = { stdout: "", stderr: "" };
  for (const command of [commands, ...commands.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(`Run ${command.parent ? `${commands.name()} ` : ""}${command.name()} --help for the options.`)
      .configureOutput({
        writeOut: (text) => {
          written.stdout += text;
        },
        writeErr: (text) => {
          written.stderr += text;
        },
        getOutHelpWidth: () => 120,
        getErrHelpWidth: () => 120,
      });
  }
  try {
    await commands.parseAsync([...own], { from: "user" });
    return result;
  } catch (error) {
    if (error instanceof CommanderError) return { status: error.exitCode === 0 ? 0 : ERROR, ...written };
    return { status: ERROR, stdout: "", stderr: `${errorText(error)}\n` };
  }
}

if (require.main === module) {
  // The AWS SDK warns that later versions require a newer Node. The package pins its version.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  printResult(main(process.argv.slice(2), process.cwd()));
}
