import { clusterTag } from "../iam/conditions";
import { planStatements } from "../iam/deploy-policy";
import { LOWERCASE, placeholder } from "../iam/name-patterns";
import { POLICIES_OF_ROLE, POLICY_LIMIT, policyFiles } from "../iam/policy-files";
import { ofType, type Stack } from "../stack";
import { block, code, listed, section, table } from "./markdown";

/** The placeholders that are no variables. */
const MEANINGS: readonly (readonly [placeholder: string, meaning: string])[] = [
  ["PARTITION", "`aws`, `aws-cn` in China, or `aws-us-gov` in GovCloud"],
  ["ACCOUNT_ID", "the 12-digit ID of the account"],
  ["REGION", "the region of the stack"],
  [
    "PROFILE_ROLE",
    "the role of the instance profile, which `aws iam get-instance-profile --instance-profile-name PROFILE --query InstanceProfile.Roles[].[Path,RoleName]` shows",
  ],
];

/** The IAM permissions to plan, apply and destroy the stack, how to grant them, and what a person with them can do. */
export function permissions(stack: Stack): string {
  const { statements, configuration } = stack;
  const files = Object.keys(policyFiles("deploy-policy", statements));
  const planFiles = Object.keys(policyFiles("plan-policy", planStatements(statements)));
  const used = placeholders(stack);
  const policyName = `${nameOfPolicies(stack)}-\${file%.json}`;
  const tag = clusterTag(configuration);
  const rows = statements.map(({ Sid, Effect, Action, Resource, Condition }) => [
    `${code(Sid)}${Effect === "Deny" ? ", which denies" : ""}`,
    Action.map(code).join(" "),
    [...Resource.map(code), ...(Condition ? [`where ${conditions(Condition)}`] : [])].join(" "),
  ]);
  return section(
    "Permissions",
    `The role that runs \`terraform apply\` needs the permissions in ${listed(files.map(code))}. A role that only plans needs only ` +
      `${listed(planFiles.map(code))}. Replace each \`…\` with the value of its placeholder:`,
    block("sh", "fill() {", `  sed ${used.map(([name]) => `-e 's|${name}|…|g'`).join(" ")}`, "}"),
    table(
      ["Placeholder", "Value"],
      used.map(([name, meaning]) => [code(name), meaning]),
    ),
    `Create the ${files.length > 1 ? "policies, and attach them" : "policy, and attach it"} to the role. For a role that only plans, ` +
      `use ${listed(planFiles.map(code))} instead:`,
    block(
      "sh",
      `for file in ${files.join(" ")}; do`,
      '  fill < "$file" > "filled-$file"',
      `  policy=$(echo "${policyName}" | fill)`,
      '  aws iam create-policy --policy-name "$policy" --policy-document "file://filled-$file" --query Policy.Arn --output text |',
      "    xargs aws iam attach-role-policy --role-name DEPLOYER --policy-arn",
      "done",
    ),
    files.length > 1 &&
      `The role needs ${files.length > 2 ? `all ${files.length}` : "both"} policies. IAM limits a policy to ${POLICY_LIMIT.toLocaleString("en-US")} characters` +
        `${files.length > POLICIES_OF_ROLE ? `, and a role to ${POLICIES_OF_ROLE} policies. Ask AWS to raise the quota "Managed policies attached to an IAM role"` : ""}.`,
    "To update the policies after a change of this folder, replace their versions. IAM keeps at most five versions of a policy, so the " +
      "commands first delete those that are not in use:",
    block(
      "sh",
      `for file in ${files.join(" ")}; do`,
      '  fill < "$file" > "filled-$file"',
      `  arn=$(echo "arn:PARTITION:iam::ACCOUNT_ID:policy/${policyName}" | fill)`,
      "  for version in $(aws iam list-policy-versions --policy-arn \"$arn\" --query 'Versions[?!IsDefaultVersion].VersionId' --output text); do",
      '    aws iam delete-policy-version --policy-arn "$arn" --version-id "$version"',
      "  done",
      '  aws iam create-policy-version --policy-arn "$arn" --policy-document "file://filled-$file" --set-as-default',
      "done",
    ),
    "If the folder has a new policy file, create its policy first. If a file is gone, detach and delete its policy: " +
      "`aws iam detach-role-policy`, `aws iam delete-policy`.",
    escalation(stack),
    `Where AWS supports it, the permissions are limited to the names of this stack${tag ? `, to the tag ${code(tag.key)}` : ""} ` +
      "and to the region. For most actions that read, AWS supports only the region.",
    "If the state is in S3, the role also needs `s3:ListBucket` on the bucket, and `s3:GetObject`, `s3:PutObject` and " +
      "`s3:DeleteObject` on the state file and its lock file. The name of the lock file ends in `.tflock`. With `-lock=false`, a role " +
      "that only plans needs only `s3:ListBucket`, and `s3:GetObject` on the state file.",
    table(["Statement", "Actions", "Resources"], rows),
  );
}

/** Returns the placeholders of the policies with their meanings. The longest is first, because a placeholder can contain another. */
function placeholders({ statements, variables }: Stack): [string, string][] {
  const text = JSON.stringify(statements);
  const ofVariables = variables.flatMap(({ name }): [string, string][] => [
    [placeholder(name), `the value of the variable ${code(name)}`],
    [`${LOWERCASE}${placeholder(name)}`, `the value of the variable ${code(name)} in lower case`],
  ]);
  const known = new Map([...MEANINGS, ...ofVariables, ...zoneIds(text)]);
  return [...known]
    .filter(([name]) => new RegExp(`(?<![A-Za-z_])${name}(?![A-Za-z_])`).test(text))
    .sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
}

/** Returns the start of the names of the policies. IAM's names are the same in every region. */
function nameOfPolicies(stack: Stack): string {
  const { configuration, options } = stack;
  const tag = clusterTag(configuration);
  if (!tag) return `${options.name}-REGION`;
  const isOfCluster = ofType(stack, "aws_ecs_cluster").length > 0;
  return `${tag.value}-${isOfCluster ? "" : `${options.name}-`}REGION`;
}

/** Says that roles are a way to all permissions, and what closes it. */
function escalation(stack: Stack): string | false {
  const roles = ofType(stack, "aws_iam_role");
  if (roles.length === 0) return false;
  const isOpen = roles.some(({ body }) => !body.permissions_boundary);
  const denied = stack.statements.filter(({ Effect }) => Effect === "Deny").flatMap(({ Action }) => Action);
  const way =
    "With `iam:CreateRole`, `iam:PutRolePolicy`, `iam:AttachRolePolicy` and `iam:UpdateAssumeRolePolicy`, a deployer can write any " +
    "permission into a role of this stack. With `iam:PassRole` or a changed trust policy, the deployer can use that role.";
  if (isOpen)
    return (
      `**A deployer can get all permissions of the account.** ${way} Protect the deployer like an administrator. To close this, set ` +
      "`permissionsBoundary` in the code. Then this policy allows roles only with that boundary, and denies removing it."
    );
  const closed = `${way} The permissions boundary limits what such a role can do. The policy allows roles only with this boundary, and denies removing it.`;
  return denied.includes("iam:CreatePolicyVersion")
    ? `${closed} It also denies changing the boundary.`
    : `${closed} **The boundary is a policy of this stack, so a deployer can change it**, and get all permissions of the account. To close this, create the boundary outside this stack.`;
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
    Object.entries(condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) =>
        operator === "Null" ? `${code(key)} does not exist` : `${code(key)} is ${values.map(code).join(" or ")}`,
      ),
    ),
  );
