import type { Check, Finding } from "../check";
import { distinct, isRunning } from "../check";
import type { InstanceFacts, PolicyFacts, RoleFacts, StatementFacts } from "../facts";

interface Facts {
  readonly running: readonly InstanceFacts[];
  readonly roles: readonly RoleFacts[];
  /** What the rights are about: the cluster's ARN. */
  readonly clusterArn: string;
}

/** What the agent asks of ECS. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html */
export const AGENT_ACTIONS = [
  "ecs:RegisterContainerInstance",
  "ecs:DeregisterContainerInstance",
  "ecs:DiscoverPollEndpoint",
  "ecs:Poll",
  "ecs:StartTelemetrySession",
  "ecs:SubmitContainerStateChange",
  "ecs:SubmitTaskStateChange",
  // Without it an agent that hands its instance's tags on, as all do here, is refused when it registers.
  "ecs:TagResource",
] as const;

/** Those that are asked of a container instance and not of the cluster. */
const OF_INSTANCES: readonly string[] = ["ecs:Poll", "ecs:StartTelemetrySession", "ecs:TagResource"];

const MANAGED_POLICY = "service-role/AmazonEC2ContainerServiceforEC2Role";
/** What a role of `instancePolicy: "least-privilege"` has instead. */
export const OWN_POLICY = "join-cluster";

/**
 * What an action is asked of: an instance in the cluster whose id nobody knows before it is there, the cluster, or
 * nothing that has a name. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function resourceOf(action: (typeof AGENT_ACTIONS)[number], clusterArn: string): string {
  if (action === "ecs:DiscoverPollEndpoint") return "*";
  return OF_INSTANCES.includes(action)
    ? `${clusterArn.replace(":cluster/", ":container-instance/")}/${"0".repeat(32)}`
    : clusterArn;
}

/** May the instances' role register? Its policies are read, nothing is tried. */
export const roleCheck: Check<Facts> = {
  id: "role",
  question: "May their role register?",
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
        problem: `${bare.length} running instances have no instance profile, so that they may do nothing.`,
        evidence: bare.map(({ id }) => id),
        fix: "The launch template names the profile: npm run deploy puts it back and replaces the instances.",
        commands: [],
      });
    }
    findings.push(...roles.flatMap((role) => mistakesOf(role, clusterArn)));
    return { findings, notes: roles.flatMap(({ name }) => (name ? [`role ${name}`] : [])) };
  },
};

function mistakesOf(role: RoleFacts, clusterArn: string): Finding[] {
  const { name, profileArn, gone = false, trustedServices, policies, boundary } = role;
  if (name === undefined) {
    return [
      {
        problem: `The instances' profile ${gone ? "is gone" : "holds no role"}.`,
        evidence: [profileArn],
        fix: gone
          ? "npm run deploy makes it again; then replace the instances one by one, which would go on with the old one."
          : "npm run deploy puts the role into its profile.",
        commands: [],
      },
    ];
  }
  const findings: Finding[] = [];
  if (!trustedServices.some((service) => /^ec2\.amazonaws\.com(\.cn)?$/.test(service))) {
    findings.push({
      problem: `EC2 may not take on the role ${name}.`,
      evidence: [`trusted services: ${trustedServices.join(", ") || "none"}`],
      fix: "npm run deploy writes the role's trust again.",
      commands: [],
    });
  }
  const missing = AGENT_ACTIONS.filter((action) => !mayDo(action, resourceOf(action, clusterArn), policies, boundary));
  const [first] = missing;
  if (first !== undefined) {
    const resource = resourceOf(first, clusterArn);
    const attach = `aws iam attach-role-policy --role-name ${name} --policy-arn arn:${clusterArn.split(":")[1]}:iam::aws:policy/${MANAGED_POLICY}`;
    const denied = policies.some((policy) => decides("Deny", first, resource, policy));
    const fenced = boundary && !mayDo(first, resource, [boundary]);
    findings.push({
      problem: `The role ${name} lacks ${missing.join(", ")}.`,
      evidence: [
        `policies: ${policies.map((policy) => policy.name).join(", ") || "none"}`,
        ...(boundary ? [`permissions boundary: ${boundary.name}`] : []),
      ],
      fix: denied
        ? "A policy of the role denies it, and that wins over every right: take the statement out."
        : fenced
          ? "The permissions boundary doesn't hold it: whoever set the boundary has to add it."
          : policies.some((policy) => policy.name === OWN_POLICY)
            ? "npm run deploy writes the role's own policy again. Until then this lets the instances join by AWS's; detach it afterwards."
            : "npm run deploy puts the policy back; this does so at once.",
      commands: denied || fenced ? [] : [attach],
    });
  }
  return findings;
}

/** Whether policies allow an action; conditions are taken as met, since only AWS knows the request. */
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
      // A denial under a condition is for other requests more often than not, and would be a false alarm.
      !(effect === "Deny" && statement.conditional) &&
      applies(statement.actions, statement.notActions, action) &&
      applies(statement.resources, statement.notResources, resource),
  );
}

const applies = (patterns: readonly string[], notPatterns: readonly string[], value: string): boolean =>
  notPatterns.length > 0 ? !notPatterns.some((one) => like(one, value)) : patterns.some((one) => like(one, value));

/** IAM's wildcards: `*` for any text, `?` for one character; actions are compared without case. */
function like(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "i").test(value);
}
