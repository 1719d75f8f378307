import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { documentedActions } from "../../support/doctor-policy";

/** IAM's name for each client's calls. */
const PREFIXES: Readonly<Record<string, string>> = {
  "client-auto-scaling": "autoscaling",
  "client-ec2": "ec2",
  "client-ecs": "ecs",
  "client-elastic-load-balancing-v2": "elasticloadbalancing",
  "client-iam": "iam",
  "client-sts": "sts",
};

/** The calls that the doctor's source imports, as IAM names them. */
function calls(folder = "cli/doctor"): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) => {
    const source = readFileSync(join(folder, file), "utf8");
    return [...source.matchAll(/import (?:type )?\{([^}]*)\} from "@aws-sdk\/([^"]+)"/g)].flatMap(
      ([, names = "", client = ""]) =>
        [...names.matchAll(/(\w+)Command\b/g)].map(([, action]) => `${PREFIXES[client]}:${action}`),
    );
  });
}

describe("the doctor's IAM policy in docs/doctor.md", () => {
  it("lists exactly the calls that the source makes, in order", () => {
    expect(documentedActions()).toEqual([...new Set(calls())].sort());
  });

  it("holds nothing that could change the account", () => {
    expect(documentedActions().filter((action) => !/:(Describe|Get|List)[A-Z]/.test(action))).toEqual([]);
  });
});
