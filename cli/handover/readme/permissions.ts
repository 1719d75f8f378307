import { clusterTag, POLICY_LIMIT, policyFiles } from "../iam/deploy-policy";
import type { Stack } from "../stack";
import { block, code, listed, section, table } from "./markdown";

/** The placeholders that are no variables. */
const MEANINGS: { readonly [placeholder: string]: string } = {
  PARTITION: "`aws`, `aws-cn` in China, or `aws-us-gov` in GovCloud",
  ACCOUNT_ID: "the 12-digit ID of the account",
};

/** The IAM permissions to apply and destroy the stack, and how to grant them. */
export function permissions({ statements, variables, configuration, options }: Stack): string {
  const text = JSON.stringify(statements);
  const files = Object.keys(policyFiles(statements));
  const ofVariables = variables.map(
    ({ name }) => [name.toUpperCase(), `the value of the variable ${code(name)}`] as const,
  );
  const known = [...Object.entries(MEANINGS), ...ofVariables, ...zoneIds(text)];
  const used = known.filter(([placeholder]) => new RegExp(`(?<![A-Za-z_])${placeholder}(?![A-Za-z_])`).test(text));
  // The longest first, because a placeholder can contain another.
  const inOrder = [...used].sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  const tag = clusterTag(configuration);
  const rows = statements.map(({ Sid, Action, Resource, Condition }) => [
    code(Sid),
    Action.map(code).join(" "),
    [...Resource.map(code), ...(Condition ? [`where ${conditions(Condition)}`] : [])].join(" "),
  ]);
  return section(
    "Permissions",
    `The role that runs Terraform needs the permissions in ${listed(files.map(code))}. Replace each \`…\` with the value of its ` +
      `placeholder, and attach the ${files.length > 1 ? "policies" : "policy"} to the role:`,
    block(
      "sh",
      `for file in ${files.join(" ")}; do`,
      `  sed ${inOrder.map(([placeholder]) => `-e 's/${placeholder}/…/g'`).join(" ")} "$file" > "filled-$file"`,
      `  aws iam create-policy --policy-name "${options.name}-\${file%.json}" --policy-document "file://filled-$file" \\`,
      "    --query Policy.Arn --output text | xargs aws iam attach-role-policy --role-name DEPLOYER --policy-arn",
      "done",
    ),
    table(
      ["Placeholder", "Value"],
      inOrder.map(([placeholder, meaning]) => [code(placeholder), meaning]),
    ),
    files.length > 1 &&
      `The role needs ${files.length > 2 ? `all ${files.length}` : "both"} policies. IAM limits a policy to ${POLICY_LIMIT.toLocaleString("en-US")} characters.`,
    `Where AWS supports it, the permissions are limited to the names of this stack${tag ? `, to the tag ${code(tag.key)}` : ""} ` +
      "and to the region. For most actions that read, AWS supports only the region.",
    "If the state is in S3, the role also needs `s3:ListBucket` on the bucket, and `s3:GetObject`, `s3:PutObject` and " +
      "`s3:DeleteObject` on the state file and its lock file. The name of the lock file ends in `.tflock`.",
    table(["Statement", "Actions", "Resources"], rows),
  );
}

/** Returns the placeholders of hosted zones, which have the name of their variable: `INTERNAL_ZONE_ID` for `internal_zone_name`. */
const zoneIds = (text: string): [string, string][] =>
  [...new Set([...text.matchAll(/hostedzone\/([A-Z0-9_]*ZONE_ID)"/g)].map(([, id = ""]) => id))].map((id) => [
    id,
    `the id of the hosted zone ${code(id.toLowerCase().replace(/id$/, "name"))}, which ` +
      "`aws route53 list-hosted-zones-by-name --query HostedZones[].[Name,Id]` shows after `/hostedzone/`",
  ]);

const conditions = (condition: NonNullable<Stack["statements"][number]["Condition"]>): string =>
  listed(
    Object.values(condition).flatMap((keys) =>
      Object.entries(keys).map(([key, values]) => `${code(key)} is ${[values].flat().map(code).join(" or ")}`),
    ),
  );
