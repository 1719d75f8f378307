import { clusterTag } from "../iam/deploy-policy";
import { POLICY_LIMIT, policyFiles } from "../iam/policy-files";
import type { Stack } from "../stack";
import { block, code, listed, section, table } from "./markdown";

/** Placeholders that aren't a variable's. */
const MEANINGS: { readonly [placeholder: string]: string } = {
  PARTITION: "`aws`; `aws-cn` in China, `aws-us-gov` in GovCloud",
  ACCOUNT_ID: "the account's twelve digits",
};

/** What applying and destroying take of IAM, and how to give it. */
export function rights({ statements, variables, configuration, options }: Stack): string {
  const text = JSON.stringify(statements);
  const files = Object.keys(policyFiles(statements));
  const ofVariables = variables.map(
    ({ name }) => [name.toUpperCase(), `the value of the variable ${code(name)}`] as const,
  );
  const known = [...Object.entries(MEANINGS), ...ofVariables];
  const used = known.filter(([placeholder]) => new RegExp(`(?<![A-Za-z_])${placeholder}(?![A-Za-z_])`).test(text));
  // The longest first: one may be a part of another.
  const inOrder = [...used].sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  const tag = clusterTag(configuration);
  const rows = statements.map(({ Sid, Action, Resource, Condition }) => [
    code(Sid),
    Action.map(code).join(" "),
    [...Resource.map(code), ...(Condition ? [`where ${conditions(Condition)}`] : [])].join(" "),
  ]);
  return section(
    "Rights",
    `Whoever applies and destroys this needs what is in ${listed(files.map(code))}, no more. That is held to this stack's own names` +
      `${tag ? `, to the tag ${code(tag.key)}` : ""} and to one region, as far as AWS allows: reading knows no narrower scope ` +
      "than the region. Fill the placeholders in, and give it to the role that runs Terraform:",
    block(
      "sh",
      `for file in ${files.join(" ")}; do`,
      `  sed ${inOrder.map(([placeholder]) => `-e 's/${placeholder}/…/g'`).join(" ")} "$file" > "filled-$file"`,
      `  aws iam create-policy --policy-name "${options.name}-\${file%.json}" --policy-document "file://filled-$file" \\`,
      "    --query Policy.Arn --output text | xargs aws iam attach-role-policy --role-name DEPLOYER --policy-arn",
      "done",
    ),
    table(
      ["Placeholder", "Fill in"],
      inOrder.map(([placeholder, meaning]) => [code(placeholder), meaning]),
    ),
    (files.length > 1
      ? `IAM takes ${thousands(POLICY_LIMIT)} characters a policy, so there are ${files.length} files, and all of them are needed. `
      : "") +
      "With the state in S3 the role also needs `s3:ListBucket` on the bucket and `s3:GetObject`, " +
      "`s3:PutObject` and `s3:DeleteObject` on the state and on its lock, which is called like it with `.tflock` at the end.",
    table(["Statement", "Actions", "On"], rows),
  );
}

const thousands = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

const conditions = (condition: NonNullable<Stack["statements"][number]["Condition"]>): string =>
  listed(
    Object.values(condition).flatMap((keys) =>
      Object.entries(keys).map(([key, values]) => `${code(key)} is ${[values].flat().map(code).join(" or ")}`),
    ),
  );
