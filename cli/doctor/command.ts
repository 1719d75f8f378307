import { regionRule } from "../../src/validation/aws-rules";
import { show } from "../../src/validation/show";
import { type CommandResult, errorText, parseArguments, UsageError } from "../command-line";
import { CHECKS } from "./checks";
import { runChecks } from "./report";
import { reportJson, reportText } from "./report-text";

const USAGE = `Usage: npm run doctor -- --cluster NAME --region REGION [--json]

Checks an ECS cluster in your AWS account, and prints each problem with its fix. It changes nothing.

  --cluster NAME   the name of the cluster: the output cluster_name
  --region REGION  the region of the cluster
  --json           print the report as JSON
  --help           print this help

Exit code: 0 if nothing is wrong, 1 if something is wrong, 2 if it cannot check.
Credentials are those of the AWS CLI. docs/doctor.md has the IAM policy that they need.
`;

export interface Options {
  readonly cluster: string;
  readonly region: string;
  readonly json: boolean;
  /** The URL that replaces AWS, for tests. */
  readonly endpoint?: string;
}

/** Runs `npm run doctor`. */
export async function doctor(args: readonly string[]): Promise<CommandResult> {
  try {
    const options = parseOptions(args);
    if (options === undefined) return { status: 0, stdout: USAGE, stderr: "" };
    const { cluster, region, json, endpoint } = options;
    // The AWS SDK loads slowly. An error in the options must not wait for it.
    const [{ AwsAccount }, { clientsOf }] = await Promise.all([
      import("./aws/aws-account.js"),
      import("./aws/clients.js"),
    ]);
    const clients = clientsOf(region, endpoint);
    const report = await runChecks(new AwsAccount({ clusterName: cluster, region, clients, now: new Date() }), CHECKS);
    const text = json ? reportJson(report) : reportText(report);
    const isError = report.error !== undefined && !json;
    return { status: report.exitCode, stdout: isError ? "" : text, stderr: isError ? text : "" };
  } catch (error) {
    return { status: 2, stdout: "", stderr: `${errorText(error)}\n` };
  }
}

/** Returns undefined for `--help`. @throws UsageError */
export function parseOptions(args: readonly string[]): Options | undefined {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  const options = { cluster: string, region: string, endpoint: string, json: boolean } as const;
  const values = parseArguments(args, { ...options, help: { ...boolean, short: "h" } }, USAGE);
  if (values.help) return undefined;
  const { cluster, region, json = false, endpoint } = values;
  if (!cluster) throw new UsageError(`--cluster is required. Give the output cluster_name.\n\n${USAGE}`);
  if (!region) throw new UsageError(`--region is required. Give the region of the cluster.\n\n${USAGE}`);
  if (!regionRule.check(region, {}))
    throw new UsageError(`--region must ${regionRule.must}; received ${show(region)}. ${regionRule.fix}`);
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UsageError(`--endpoint must be a URL; received "${endpoint}". Omit it to use AWS.`);
  }
  return { cluster, region, json, endpoint };
}
