import { CHECKS } from "./checks";
import { examine } from "./examine";
import { parseOptions, USAGE, UsageError } from "./options";
import { inJson, inWords } from "./print";

// The SDK warns of versions to come that will want a newer Node; the one that is used is pinned, and at night each line
// that isn't about the cluster is one too many.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { cluster, region, json, endpoint } = options;
  // A mistake in the options is told at once: AWS's SDK takes its time to load.
  const { AwsAccount } = await import("./aws/aws-account.js");
  const account = new AwsAccount({ clusterName: cluster, region, endpoint, now: new Date() });
  const report = await examine(account, CHECKS);
  if (json) process.stdout.write(inJson(report));
  else (report.error === undefined ? process.stdout : process.stderr).write(inWords(report));
  return report.exitCode;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof UsageError ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exitCode = 2;
  },
);
