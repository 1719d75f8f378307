import { createHash } from "node:crypto";
import { IamInstanceProfile, type IamInstanceProfileConfig } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole, type IamRoleConfig } from "@cdktf/provider-aws/lib/iam-role";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { length, matches } from "../validation/rule";
import { anyOf, attributeOf, interfaceOf, plain, referable, schemaOf, string, variable } from "../validation/schema";
import type { VariableDeclaration, Variables } from "../validation/variables";
import { policyArnRule } from "./managed-policies";

/** An IAM role that exists, such as a role of another module or a resource of the app. */
export interface RoleReference {
  /** The role's ARN. */
  readonly roleArn: string;
}

/** The ARN of a role. */
export const roleArnRule = matches(
  "^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$",
  "be the ARN of an IAM role",
  "List the roles: aws iam list-roles --query Roles[].Arn",
);

const roleArn = string(roleArnRule);

/** The field of an existing role: its ARN, or an object that has it. A construct reads the ARN. */
export const roleReferenceField = anyOf(
  roleArn,
  attributeOf(
    interfaceOf<RoleReference>("a role", "Use the ARN of a role, or an object with roleArn.")({ roleArn }),
    "roleArn",
  ),
);

/** The settings of a stack that apply to each role and each instance profile of the library. */
export interface RoleSettings {
  /**
   * The ARN of the IAM policy that is the permissions boundary of each role. Adds the variable `permissions_boundary`, with
   * this default. A reference to a policy of the app replaces the variable.
   * @default - no boundary
   */
  readonly permissionsBoundary?: string;
  /**
   * The path of each role and instance profile, such as `/teams/orders/`. A change replaces them. The names of the instances'
   * role and of its instance profile end with a hash of the path.
   * @default - `/`
   */
  readonly rolePath?: string;
}

export const roleSettingsSchema = schemaOf<RoleSettings>()({
  permissionsBoundary: referable(
    variable(
      string(policyArnRule).optional(),
      "The ARN of the IAM policy that is the permissions boundary of each role.",
    ),
  ),
  rolePath: plain(
    string(
      matches(
        "^/([A-Za-z0-9_+=,.@-]+/)+$",
        "start and end with a slash, and contain only letters, digits, slashes and _ + = , . @ -",
        "For example /teams/orders/.",
      ),
      length(1, 512, "IAM rejects longer paths."),
    ),
  ).optional(),
});

const OF_STACKS = new WeakMap<TerraformStack, RoleSettings>();

/** Returns the variable of the settings, by the name of its setting. */
export const roleVariables = ({ permissionsBoundary: value }: RoleSettings): Record<string, VariableDeclaration> =>
  value === undefined
    ? {}
    : {
        permissionsBoundary: {
          name: "permissions_boundary",
          field: roleSettingsSchema.shape.permissionsBoundary,
          value,
        },
      };

/** Sets the boundary and the path of the roles of a stack that has `roleVariables`. Call it before the stack has roles. */
export function setRoleSettings(stack: TerraformStack, variables: Variables, settings: RoleSettings): void {
  const { permissionsBoundary, rolePath } = settings;
  OF_STACKS.set(stack, {
    permissionsBoundary: permissionsBoundary && variables.string("permissionsBoundary"),
    rolePath,
  });
}

const settingsOf = (scope: Construct): RoleSettings => OF_STACKS.get(TerraformStack.of(scope)) ?? {};

/**
 * Returns the name of a role or a profile with a fixed name, with a hash of the path. A changed path replaces the role. IAM
 * rejects a second role with the same name, whatever its path, and Terraform may create the new role first.
 */
function nameFor(name: string | undefined, path: string | undefined): string | undefined {
  if (name === undefined || path === undefined) return name;
  return `${name}-${createHash("sha256").update(path).digest("hex").slice(0, 6)}`;
}

/** Creates a role with the boundary and the path of its stack. */
export function createRole(scope: Construct, id: string, config: IamRoleConfig): IamRole {
  const { permissionsBoundary, rolePath: path } = settingsOf(scope);
  return new IamRole(scope, id, { ...config, name: nameFor(config.name, path), path, permissionsBoundary });
}

/** Creates an instance profile with the path of its stack. */
export function createInstanceProfile(
  scope: Construct,
  id: string,
  config: IamInstanceProfileConfig,
): IamInstanceProfile {
  const { rolePath: path } = settingsOf(scope);
  return new IamInstanceProfile(scope, id, { ...config, name: nameFor(config.name, path), path });
}
