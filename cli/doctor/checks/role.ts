import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, distinct, type Finding, found, isRunning } from "../check";
import type { InstanceFacts, PolicyFacts, RoleFacts, StatementFacts } from "../facts";
import { AGENT_DISCONNECTED } from "./agents";
import { NOT_REGISTERED } from "./registered";

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

/** The agent of an instance without these permissions does not register, or disconnects. */
const explains = [NOT_REGISTERED, AGENT_DISCONNECTED];

const NO_PROFILE: Cause = {
  id: "profile-missing",
  title: "A running instance has no instance profile.",
  fix: "Deploy the stack again, which restores the profile in the launch template. Then replace the instances that still have no profile.",
  explains,
};
const PROFILE_DELETED: Cause = {
  id: "profile-deleted",
  title: "The instance profile was deleted.",
  fix: "Deploy the stack again, which creates the profile. Then replace the instances one by one: running instances do not get the new profile.",
  explains,
};
const PROFILE_WITHOUT_ROLE: Cause = {
  id: "profile-without-role",
  title: "The instance profile has no role.",
  fix: "Deploy the stack again, which adds the role to the profile.",
  explains,
};
const NOT_TRUSTED: Cause = {
  id: "role-not-trusted",
  title: "EC2 is not allowed to assume the instance role.",
  fix: "Deploy the stack again, which restores the role's trust policy.",
  explains,
};
const DENIED: Cause = {
  id: "role-denies",
  title: "A policy of the instance role denies an action of the ECS agent.",
  fix: "Remove the statement that denies the action: a Deny overrides every Allow.",
  explains,
};
const BOUNDED: Cause = {
  id: "role-boundary",
  title: "The permissions boundary of the instance role does not allow an action of the ECS agent.",
  fix: "Ask the owner of the permissions boundary to add the action.",
  explains,
};
const POLICY_MISSING: Cause = {
  id: "role-policy-missing",
  title:
    "No policy of the instance role allows an action of the ECS agent: a policy is missing, or is for another cluster.",
  fix: "Deploy the stack again, which attaches the policy. To attach it now, run the command.",
  explains,
};

/**
 * Checks that the policies of the instance role allow the agent to register its instance. Calls none of the actions.
 */
export const roleCheck: Check<Facts> = {
  id: "role",
  question: "Does the instance role allow the ECS agent to register?",
  actions: actionsOf("instances", "cluster", "role"),
  causes: [NO_PROFILE, PROFILE_DELETED, PROFILE_WITHOUT_ROLE, NOT_TRUSTED, DENIED, BOUNDED, POLICY_MISSING],
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
      findings.push(
        found(NO_PROFILE, {
          problem: `${counted(bare.length, "running instance")} ${bare.length === 1 ? "has" : "have"} no instance profile, so the ECS agent has no permissions.`,
          evidence: bare.map(({ id }) => id),
          commands: [],
          about: { instances: bare.map(({ id }) => id) },
        }),
      );
    }
    for (const role of roles) {
      const instances = running.filter(({ profileArn }) => profileArn === role.profileArn).map(({ id }) => id);
      findings.push(...findingsOf(role, clusterArn).map((one) => ({ ...one, about: { instances } })));
    }
    return { findings, notes: roles.flatMap(({ name }) => (name ? [`role ${name}`] : [])) };
  },
};

function findingsOf(role: RoleFacts, clusterArn: string): Finding[] {
  const { name, profileArn, deleted = false, trustedServices, policies, boundary } = role;
  if (name === undefined) {
    return [
      found(deleted ? PROFILE_DELETED : PROFILE_WITHOUT_ROLE, {
        problem: `The instance profile ${deleted ? "was deleted" : "has no role"}.`,
        evidence: [profileArn],
        commands: [],
      }),
    ];
  }
  const findings: Finding[] = [];
  if (!trustedServices.some((service) => /^ec2\.amazonaws\.com(\.cn)?$/.test(service))) {
    findings.push(
      found(NOT_TRUSTED, {
        problem: `EC2 is not allowed to assume the role ${name}.`,
        evidence: [`trusted services: ${trustedServices.join(", ") || "none"}`],
        commands: [],
      }),
    );
  }
  const missing = AGENT_ACTIONS.filter((action) => !mayDo(action, resourceOf(action, clusterArn), policies, boundary));
  const [first] = missing;
  if (first !== undefined) {
    const resource = resourceOf(first, clusterArn);
    const attach = command`aws iam attach-role-policy --role-name ${name} --policy-arn ${`arn:${clusterArn.split(":")[1]}:iam::aws:policy/${MANAGED_POLICY}`}`;
    const denied = policies.some((policy) => decides("Deny", first, resource, policy));
    const bounded = boundary && !mayDo(first, resource, [boundary]);
    const cause = denied ? DENIED : bounded ? BOUNDED : POLICY_MISSING;
    findings.push(
      found(cause, {
        problem: `The role ${name} does not allow ${missing.join(", ")}.`,
        evidence: [
          `policies: ${policies.map((policy) => policy.name).join(", ") || "none"}`,
          ...(boundary ? [`permissions boundary: ${boundary.name}`] : []),
        ],
        ...(cause === POLICY_MISSING &&
          policies.some((policy) => policy.name === OWN_POLICY) && {
            fix: "Deploy the stack again, which restores the policy join-cluster. To let the instances register now, attach AWS's policy with the command, and detach it later.",
          }),
        commands: cause === POLICY_MISSING ? [attach] : [],
      }),
    );
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
