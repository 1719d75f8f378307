import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { roleArnRule } from "../iam/role";
import type { Expression } from "../terraform/expression";
import { distinctElements, each, length, matches, wholeNumber } from "../validation/rule";
import { list, number, plain, schemaOf, string, variable } from "../validation/schema";
import type { VariableDeclaration, Variables } from "../validation/variables";

/** The role that Terraform assumes, with the credentials of the user or role that runs it. */
export interface AssumeRole {
  /**
   * The ARN of the role. Adds the variable `assume_role_arn`, with this default. The account of the role is the account of
   * every resource. The role's trust policy must admit the user or role that runs Terraform.
   */
  readonly roleArn: string;
  /** The external id that the trust policy requires. Adds the variable `assume_role_external_id`, with this default. @default - none */
  readonly externalId?: string;
  /** The name of the session, which CloudTrail shows. @default - a name of the AWS provider */
  readonly sessionName?: string;
  /** How long the session lasts, in seconds: 900 to 43200, and at most what the role allows. @default - 3600 */
  readonly durationSeconds?: number;
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRoleSchema = schemaOf<AssumeRole>()({
  roleArn: variable(string(roleArnRule), "The ARN of the IAM role that Terraform assumes."),
  externalId: variable(
    string(
      length(2, 1224, "STS rejects other lengths."),
      matches(
        "^[A-Za-z0-9_+=,.@:/-]*$",
        "contain only letters, digits and _ + = , . @ : / -",
        "STS rejects other characters.",
      ),
    ).optional(),
    "The external id that the trust policy of the assumed role requires.",
  ),
  sessionName: plain(
    string(
      matches(
        "^[A-Za-z0-9_+=,.@-]{2,64}$",
        "have 2 to 64 letters, digits and _ + = , . @ -",
        "For example terraform. STS rejects other names.",
      ),
    ),
  ).optional(),
  durationSeconds: plain(
    number(wholeNumber(900, 43_200, "seconds", "The role's maximum session duration is a limit too.")),
  ).optional(),
});

/** The account of a stack. */
export interface AccountSettings {
  /**
   * The accounts in which Terraform may run. A plan in another account fails, so the wrong credentials change nothing. Adds the
   * variable `allowed_account_ids`, with this default.
   * @default - any account
   */
  readonly allowedAccountIds?: readonly string[];
  /** The role that Terraform assumes, for example in the account of an environment. @default - Terraform uses the credentials of its environment */
  readonly assumeRole?: AssumeRole;
}

export const accountSettingsSchema = schemaOf<AccountSettings>()({
  allowedAccountIds: variable(
    list(
      string(),
      distinctElements(1, 50, "accounts", "List each account once. Remove the setting for any account."),
      each(
        matches(
          "^[0-9]{12}$",
          "be AWS account ids of 12 digits",
          "Print the id of the account: aws sts get-caller-identity --query Account --output text",
        ),
      ),
    ).optional(),
    "The ids of the AWS accounts in which Terraform may run. A plan in another account fails.",
  ),
  assumeRole: assumeRoleSchema.optional(),
});

/** Returns the variables of the settings, by the names of their settings. */
export function accountVariables({
  allowedAccountIds,
  assumeRole,
}: AccountSettings): Record<string, VariableDeclaration> {
  const { roleArn, externalId } = assumeRoleSchema.shape;
  return {
    ...(allowedAccountIds && {
      allowedAccountIds: {
        name: "allowed_account_ids",
        field: accountSettingsSchema.shape.allowedAccountIds,
        value: allowedAccountIds,
      },
    }),
    ...(assumeRole && { assumeRoleArn: { name: "assume_role_arn", field: roleArn, value: assumeRole.roleArn } }),
    ...(assumeRole?.externalId !== undefined && {
      assumeRoleExternalId: { name: "assume_role_external_id", field: externalId, value: assumeRole.externalId },
    }),
  };
}

/** Creates the AWS provider of a stack that has `accountVariables` and the variable `region`. */
export function createAwsProvider(
  stack: TerraformStack,
  variables: Variables,
  { allowedAccountIds, assumeRole }: AccountSettings,
  tags: Expression,
): AwsProvider {
  return new AwsProvider(stack, "aws", {
    region: variables.string("region"),
    allowedAccountIds: allowedAccountIds && variables.list("allowedAccountIds"),
    assumeRole: assumeRole && [
      {
        roleArn: variables.string("assumeRoleArn"),
        externalId: assumeRole.externalId === undefined ? undefined : variables.string("assumeRoleExternalId"),
        sessionName: assumeRole.sessionName,
        duration: assumeRole.durationSeconds === undefined ? undefined : `${assumeRole.durationSeconds}s`,
      },
    ],
    defaultTags: [{ tags: tags.map }],
  });
}
