import { type Check, counted, distinct, type Finding, isRunning } from "../check";
import type { InstanceFacts, PolicyFacts, RoleFacts, StatementFacts } from "../facts";

interface Facts {
  readonly running: readonly InstanceFacts[];
  readonly roles: readonly RoleFacts[];
  /** The ARN of the cluster that the instances join. */
  readonly clusterArn: string;
}

/**
 * The ECS actions that the agent calls.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
export const AGENT_ACTIONS = [
  "ecs:RegisterContainerInstance",
  "ecs:DeregisterContainerInstance",
  "ecs:DiscoverPollEndpoint",
  "ecs:Poll",
  "ecs:StartTelemetrySession",
  "ecs:SubmitContainerStateChange",
  "ecs:SubmitTaskStateChange",
  // The agents of this project pass on their instance's tags, so ECS requires this action to register them.
  "ecs:TagResource",
] as const;

/** The actions on a container instance. */
const OF_INSTANCES: readonly string[] = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:TagResource"];

const MANAGED_POLICY = "service-role/AmazonEC2ContainerServiceforEC2Role";
/** The inline policy of a role with `instancePolicy: "least-privilege"`. */
export const OWN_POLICY = "join-cluster";

/**
 * Returns the resource of an action: a container instance of the cluster with any ID, the cluster, or `*`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function resourceOf(action: (typeof AGENT_ACTIONS)[number], clusterArn: string): string {
  if (action === "ecs:DiscoverPollEndpoint") return "*";
  return OF_INSTANCES.includes(action)
    ? `${clusterArn.replace(":cluster/", ":container-instance/")}/${"0".repeat(32)}`
    : clusterArn;
}

/**
 * Checks that the policies of the instance role allow the agent to register its instance. Calls none of the actions.
 */
export const roleCheck: Check<Facts> = {
  id: "role",
  question: "Does the instance role allow the ECS agent to register?",
  read: async (account) => {
    const running = (await account.instances()).filter(isRunning);
    const profiles = distinct(running.flatMap(({ profileArn }) => profileArn ?? []));
    const clusterArn = (await account.cluster())?.arn ?? "";
    return { running, roles: await Promise.all(profiles.map((arn) => account.role(arn))), clusterArn };
  },
  decide: ({ running, roles, clusterArn }) => {
    const bare = running.filter(({ profileArn }) => profileArn === undefined);
    const findings: Finding[] = [];
    if (bare.length > 0) {
      findings.push({
        problem: `${counted(bare.length, "running instance")} ${bare.length === 1 ? "has" : "have"} no instance profile, so the ECS agent has no permissions.`,
        evidence: bare.map(({ id }) => id),
        fix: "Deploy the stack again, which restores the profile in the launch template. Then replace the instances that still have no profile.",
        commands: [],
      });
    }
    findings.push(...roles.flatMap((role) => findingsOf(role, clusterArn)));
    return { findings, notes: roles.flatMap(({ name }) => (name ? [`role ${name}`] : [])) };
  },
};

function findingsOf(role: RoleFacts, clusterArn: string): Finding[] {
  const { name, profileArn, deleted = false, trustedServices, policies, boundary } = role;
  if (name === undefined) {
    return [
      {
        problem: `The instance profile ${deleted ? "was deleted" : "has no role"}.`,
        evidence: [profileArn],
        fix: deleted
          ? "Deploy the stack again, which creates the profile. Then replace the instances one by one: running instances do not get the new profile."
          : "Deploy the stack again, which adds the role to the profile.",
        commands: [],
      },
    ];
  }
  const findings: Finding[] = [];
  if (!trustedServices.some((service) => /^ec2\.amazonaws\.com(\.cn)?$/.test(service))) {
    findings.push({
      problem: `EC2 is not allowed to assume the role ${name}.`,
      evidence: [`trusted services: ${trustedServices.join(", ") || "none"}`],
      fix: "Deploy the stack again, which restores the role's trust policy.",
      commands: [],
    });
  }
  const missing = AGENT_ACTIONS.filter((action) => !mayDo(action, resourceOf(action, clusterArn), policies, boundary));
  const [first] = missing;
  if (first !== undefined) {
    const resource = resourceOf(first, clusterArn);
    const attach = `aws iam attach-role-policy --role-name ${name} --policy-arn arn:${clusterArn.split(":")[1]}:iam::aws:policy/${MANAGED_POLICY}`;
    const denied = policies.some((policy) => decides("Deny", first, resource, policy));
    const bounded = boundary && !mayDo(first, resource, [boundary]);
    findings.push({
      problem: `The role ${name} does not allow ${missing.join(", ")}.`,
      evidence: [
        `policies: ${policies.map((policy) => policy.name).join(", ") || "none"}`,
        ...(boundary ? [`permissions boundary: ${boundary.name}`] : []),
      ],
      fix: denied
        ? "A policy of the role denies the action. Remove the statement: a Deny overrides every Allow."
        : bounded
          ? "The permissions boundary does not allow the action. Ask its owner to add the action."
          : policies.some((policy) => policy.name === OWN_POLICY)
            ? "Deploy the stack again, which restores the policy join-cluster. To let the instances register now, attach AWS's policy with the command, and detach it later."
            : "Deploy the stack again, which attaches the policy. To attach it now, run the command.",
      commands: denied || bounded ? [] : [attach],
    });
  }
  return findings;
}

/**
 * Whether policies allow an action. Assumes that conditions of an Allow are met, because only AWS knows the request.
 */
export function mayDo(
  action: string,
  resource: string,
  policies: readonly PolicyFacts[],
  boundary?: PolicyFacts,
): boolean {
  const allowed = policies.some((policy) => decides("Allow", action, resource, policy));
  const denied = policies.some((policy) => decides("Deny", action, resource, policy));
  return allowed && !denied && (boundary === undefined || mayDo(action, resource, [boundary]));
}

function decides(effect: StatementFacts["effect"], action: string, resource: string, policy: PolicyFacts): boolean {
  return policy.statements.some(
    (statement) =>
      statement.effect === effect &&
      // Assumes that conditions of a Deny are not met, because most are for other requests.
      !(effect === "Deny" && statement.conditional) &&
      applies(statement.actions, statement.notActions, action) &&
      applies(statement.resources, statement.notResources, resource),
  );
}

const applies = (patterns: readonly string[], notPatterns: readonly string[], value: string): boolean =>
  notPatterns.length > 0 ? !notPatterns.some((one) => like(one, value)) : patterns.some((one) => like(one, value));

/** Compares with IAM's wildcards: `*` for any text, `?` for one character. Ignores case, as IAM does for actions. */
function like(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "i").test(value);
}
