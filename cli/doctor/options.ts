import { regionRule } from "../../src/validation/aws-rules";
import { show } from "../../src/validation/show";
import { UsageError, valuesOf } from "../command-line";

/** What the doctor was asked. */
export interface Options {
  readonly cluster: string;
  readonly region: string;
  readonly json: boolean;
  readonly endpoint?: string;
}

export const USAGE = `Reads a live account and says, in order, what is wrong with an ECS cluster and how to mend it.

npm run doctor -- --cluster NAME --region REGION [--json]

It only reads; docs/doctor.md has the IAM policy of its calls. Credentials are the environment's, as for the AWS CLI.
Exit code: 0 nothing is wrong, 1 something is, 2 it could not look.
`;

const OPTIONS = {
  cluster: { type: "string" },
  region: { type: "string" },
  json: { type: "boolean" },
  endpoint: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** @returns undefined where help was asked for @throws UsageError */
export function parseOptions(args: readonly string[]): Options | undefined {
  const values = valuesOf(args, OPTIONS, USAGE);
  if (values.help) return undefined;
  const { cluster, region, json = false, endpoint } = values;
  if (!cluster) throw new UsageError(`--cluster must name the cluster: the output cluster_name.\n\n${USAGE}`);
  if (!region) throw new UsageError(`--region must name the cluster's region.\n\n${USAGE}`);
  if (!regionRule.check(region, {}))
    throw new UsageError(`--region must ${regionRule.must}; received ${show(region)}. ${regionRule.fix}`);
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new UsageError(`--endpoint must be a URL; received "${endpoint}". It is for tests; leave it out for AWS.`);
  }
  return { cluster, region, json, endpoint };
}
