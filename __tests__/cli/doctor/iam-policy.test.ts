import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { documentedActions } from "../../support/doctor-policy";

/** The IAM prefix of each client's calls. */
const PREFIXES: Readonly<Record<string, string>> = {
  "client-acm": "acm",
  "client-application-auto-scaling": "application-autoscaling",
  "client-auto-scaling": "autoscaling",
  "client-cloudwatch-logs": "logs",
  "client-cloudwatch": "cloudwatch",
  "client-ec2": "ec2",
  "client-ecr": "ecr",
  "client-ecs": "ecs",
  "client-elastic-load-balancing-v2": "elasticloadbalancing",
  "client-iam": "iam",
  "client-kms": "kms",
  "client-scheduler": "scheduler",
  "client-secrets-manager": "secretsmanager",
  "client-sqs": "sqs",
  "client-ssm": "ssm",
  "client-sts": "sts",
};

/** Returns the calls that the doctor imports, with their names in IAM. */
function calls(folder = "cli/doctor"): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) => {
    const source = readFileSync(join(folder, file), "utf8");
    return [...source.matchAll(/import (?:type )?\{([^}]*)\} from "@aws-sdk\/([^"]+)"/g)].flatMap(
      ([, names = "", client = ""]) =>
        [...names.matchAll(/\b(?:paginate(\w+)|(\w+)Command)\b/g)].map(
          ([, list, action]) => `${PREFIXES[client]}:${list ?? action}`,
        ),
    );
  });
}

describe("the doctor's IAM policy in docs/doctor.md", () => {
  it("lists exactly the calls that the doctor imports, in order", () => {
    expect(documentedActions()).toEqual([...new Set(calls())].sort());
  });

  it("allows only calls that read", () => {
    expect(documentedActions().filter((action) => !/:(BatchGet|Describe|Filter|Get|List)[A-Z]/.test(action))).toEqual(
      [],
    );
  });
});
