import { join, relative, resolve } from "node:path";
import { differences } from "../../src/handover/check";
import { handoverFolder } from "../../src/handover/folder";
import { writeFolder } from "../../src/handover/write-folder";
import { parseOptions, USAGE, UsageError } from "./options";
import { synthesize } from "./synthesize";

const ROOT = resolve(__dirname, "../..");

/** Synthesizes, makes the folder in memory, and writes it or compares it. */
async function run(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { stack, hcl, module } = options;
  // npm runs in the repository; INIT_CWD is where the person is.
  const folder = options.out
    ? resolve(process.env.INIT_CWD ?? process.cwd(), options.out)
    : join(ROOT, "handover", stack);
  const shown = relative(process.cwd(), folder) || ".";
  const files = await handoverFolder(synthesize(ROOT, stack), { name: stack, hcl, module });
  if (!options.check) {
    writeFolder(folder, files);
    process.stdout.write(
      `Wrote ${shown}: ${Object.keys(files).length} files. Its README.md says how to plan and apply it.\n`,
    );
    return;
  }
  const difference = differences(folder, files);
  if (difference === "") {
    process.stdout.write(`${shown} is what the code gives.\n`);
    return;
  }
  const flags = args.filter((arg) => arg !== "--check").join(" ");
  process.stdout.write(
    `${difference}\n${shown} differs from what the code gives. Write it anew: npm run handover${flags && ` -- ${flags}`}\n`,
  );
  process.exitCode = 1;
}

run(process.argv.slice(2)).catch((error: unknown) => {
  // A mistake in what was given is told in its own words; anything else is a defect, and its stack says where.
  const isMistake = error instanceof UsageError || (error instanceof Error && error.name === "HandoverError");
  process.stderr.write(`${isMistake ? (error as Error).message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
});
