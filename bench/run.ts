import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { errorText } from "../cli/command-line";
import { growing, REFERENCE, SERVICES, tests, ways } from "./cases";
import { type Case, measure, memory } from "./measure";
import { type Options, parseOptions, USAGE } from "./options";
import { plot } from "./plot";
import { limits, report } from "./report";

const ROOT = join(__dirname, "..");
const PACKAGES = ["cdktf", "@cdktf/provider-aws", "esbuild", "typescript", "tsx", "ts-node"];

/** `npm run bench` measures, prints the tables, and writes `bench/results.md` and `bench/growth.svg`. */
function run({ rounds }: Options): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
    execFileSync("npm", ["run", "build"], { cwd: ROOT, stdio: "ignore" });
    const services = (routed: boolean): Case[] => SERVICES.map((count) => growing(folder, count, routed));
    const grown = (routed: boolean) =>
      measure(services(routed), Math.min(rounds, 7), ROOT).map((one, index) => ({
        ...one,
        services: SERVICES[index] as number,
      }));
    const toJson = ways(folder);
    const measured = measure([...toJson, ...tests()], rounds, ROOT);
    const results = {
      versions: versions(),
      reference: REFERENCE,
      ways: measured.slice(0, toJson.length),
      tests: measured.slice(toJson.length),
      growth: grown(false),
      routed: grown(true),
      memory: new Map(SERVICES.map((count) => [count, memory(growing(folder, count, false), folder, ROOT)])),
    };
    const page = report(results);
    writeFileSync(join(ROOT, "bench/results.md"), page);
    const series = [
      { name: "one cluster, no routes", color: "#0b6", points: results.growth },
      { name: "a route each", color: "#06c", points: results.routed },
    ];
    writeFileSync(join(ROOT, "bench/growth.svg"), plot("From TypeScript to JSON, whole process", series));
    process.stdout.write(page);
    if (limits(results).some(({ measured, most }) => !(measured <= most))) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function versions(): Record<string, string> {
  const packages = PACKAGES.map((name) => {
    const manifest = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
    return [name, (JSON.parse(manifest) as { version: string }).version];
  });
  return {
    Node: process.versions.node,
    ...Object.fromEntries(packages),
    on: `${process.platform} with ${cpus().length} cores`,
  };
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(USAGE);
  else run(options);
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = 1;
}
