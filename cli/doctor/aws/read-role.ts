import {
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import type { AccessFacts, PolicyFacts, RoleFacts, StatementFacts } from "../facts";
import { allPages } from "./paging";

export async function readRole(iam: IAMClient, profileArn: string): Promise<RoleFacts> {
  const InstanceProfileName = profileArn.split("/").at(-1);
  const nothing = { profileArn, trustedServices: [], policies: [] };
  const request = new GetInstanceProfileCommand({ InstanceProfileName });
  // The profile of running instances can be deleted. The check reports that.
  const answer = await iam.send(request).catch((error) => (isNotFound(error) ? undefined : Promise.reject(error)));
  if (answer === undefined) return { ...nothing, deleted: true };
  const RoleName = answer.InstanceProfile?.Roles?.[0]?.RoleName;
  if (RoleName === undefined) return nothing;
  return { profileArn, ...(await readAccess(iam, RoleName)) };
}

/** Reads a role by its ARN. Returns undefined if it was deleted. */
export async function readTaskRole(iam: IAMClient, arn: string): Promise<AccessFacts | undefined> {
  try {
    return await readAccess(iam, arn.split("/").at(-1) ?? arn);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Reads the trust policy, the policies and the permissions boundary of a role. */
async function readAccess(iam: IAMClient, RoleName: string): Promise<AccessFacts> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const attached = await allPages(
    paginateListAttachedRolePolicies({ client: iam }, { RoleName }),
    (page) => page.AttachedPolicies,
  );
  const inline = await allPages(
    paginateListRolePolicies({ client: iam }, { RoleName }),
    ({ PolicyNames }) => PolicyNames,
  );
  const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    name: RoleName,
    trustedServices: trustedServices(Role?.AssumeRolePolicyDocument ?? ""),
    policies: await Promise.all([
      ...attached.map(({ PolicyArn = "" }) => managedPolicy(iam, PolicyArn)),
      ...inline.map(async (PolicyName) => {
        const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        return { name: PolicyName, statements: statements(PolicyDocument) };
      }),
    ]),
    boundary: boundary === undefined ? undefined : await managedPolicy(iam, boundary),
  };
}

const isNotFound = (error: unknown): boolean => /^NoSuchEntity/.test((error as Error).name);

async function managedPolicy(iam: IAMClient, PolicyArn: string): Promise<PolicyFacts> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return { name: PolicyArn, statements: statements(PolicyVersion?.Document ?? "") };
}

type OneOrMany = string | readonly string[] | undefined;

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: object;
  readonly Principal?: { readonly Service?: OneOrMany } | string;
}

const many = (value: OneOrMany): readonly string[] => (value === undefined ? [] : [value].flat());

/** Parses a policy document, which IAM returns percent-encoded. A single statement needs no list. */
function parsed(document: string): readonly Statement[] {
  if (document === "") return [];
  const { Statement = [] } = JSON.parse(decodeURIComponent(document)) as { Statement?: Statement | Statement[] };
  return [Statement].flat();
}

/** Returns the statements of a policy document. */
export function statements(document: string): StatementFacts[] {
  return parsed(document).map((statement) => ({
    effect: statement.Effect,
    actions: many(statement.Action),
    notActions: many(statement.NotAction),
    resources: many(statement.Resource),
    notResources: many(statement.NotResource),
    conditional: statement.Condition !== undefined,
  }));
}

/** The patterns that contain sts:AssumeRole. */
const ASSUME = /^([*]|sts:([*]|Assume([*]|Role[*]?)))$/i;

/** Returns the services that may assume a role with this trust policy. */
export function trustedServices(document: string): string[] {
  return parsed(document)
    .filter(({ Effect, Action }) => Effect === "Allow" && many(Action).some((action) => ASSUME.test(action)))
    .flatMap(({ Principal }) => (typeof Principal === "object" ? many(Principal.Service) : []));
}
