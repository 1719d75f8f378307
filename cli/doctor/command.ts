import { toldOf } from "../command-line";
import { CHECKS } from "./checks";
import { parseOptions, USAGE } from "./options";
import { examine } from "./report";
import { inJson, inWords } from "./report-text";

/** Where it says something: the process's own, or a test's. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Does what `npm run doctor` is asked to. @returns the exit code */
export async function doctor(args: readonly string[], streams: Streams): Promise<number> {
  try {
    return await look(args, streams);
  } catch (error) {
    streams.stderr.write(`${toldOf(error)}\n`);
    return 2;
  }
}

async function look(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    stdout.write(USAGE);
    return 0;
  }
  const { cluster, region, json, endpoint } = options;
  // A mistake in the options is told at once: AWS's SDK takes its time to load.
  const [{ AwsAccount }, { clientsOf }] = await Promise.all([
    import("./aws/aws-account.js"),
    import("./aws/clients.js"),
  ]);
  const clients = clientsOf(region, endpoint);
  const report = await examine(new AwsAccount({ clusterName: cluster, region, clients, now: new Date() }), CHECKS);
  if (json) stdout.write(inJson(report));
  else (report.error === undefined ? stdout : stderr).write(inWords(report));
  return report.exitCode;
}
