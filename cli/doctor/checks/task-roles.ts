import { actionsOf } from "../actions";
import { inBatches } from "../aws/paging";
import { type Cause, type Check, command, distinct, type Finding, found } from "../check";
import { ecrImage } from "../ecr-image";
import type { AccessFacts } from "../facts";
import { neededSecret, type Place, parameterArn, placeOf } from "../needed-secrets";
import { aboutStarted, nameOf, readStarted, STARTED, type Started, starters } from "../started";
import { causeBehind } from "../symptom-cause";
import { mayDo } from "./role";

interface Facts {
  readonly place: Place;
  readonly started: readonly Started[];
  /** The roles by their ARNs. Undefined for one that was deleted. */
  readonly roles: ReadonlyMap<string, AccessFacts | undefined>;
  /** Whether the agents write logs with the execution role, and not with the instance role. */
  readonly logsByRole: boolean;
  /** The ARNs of secrets and repositories whose own policies can admit roles. */
  readonly withPolicy: readonly string[];
}

/** An action that ECS or the agent calls with an execution role. */
interface Need {
  readonly action: string;
  readonly resource: string;
}

const DELETED: Cause = {
  ...causeBehind("role-not-assumable", "task-role-deleted"),
  title: "An execution role or a task role was deleted.",
};
const NOT_TRUSTED: Cause = {
  ...causeBehind("role-not-assumable", "task-role-not-trusted"),
  title: "The trust policy of an execution role or a task role does not admit ecs-tasks.amazonaws.com.",
};
const DENIED: Cause = {
  id: "execution-role-denied",
  title: "An execution role does not allow what ECS calls to start a task.",
  fix: "Deploy the stack again, which restores the role's policy. Add the actions to a role that you manage yourself.",
  explains: ["log-denied", "pull-denied", "secret-denied"],
};

/** The capability of agents that write logs with the execution role. */
const LOGS_BY_ROLE = "ecs.capability.execution-role-awslogs";

/** Checks the roles of tasks, and what the execution roles allow. Calls none of the actions. */
export const taskRolesCheck: Check<Facts> = {
  id: "task-roles",
  question: "Can ECS assume the roles of the tasks, and do the execution roles allow what it calls?",
  actions: actionsOf("cluster", "containerInstances", "hasRepositoryPolicy", "hasSecretPolicy", "taskRole", ...STARTED),
  causes: [DELETED, NOT_TRUSTED, DENIED],
  read: async (account, optional) => {
    const place = placeOf((await account.cluster())?.arn ?? "");
    const started = await readStarted(account, optional);
    const arns = distinct(started.flatMap(rolesOf)).sort();
    const roles = await inBatches(arns, 5, (some) =>
      Promise.all(some.map(async (arn) => [arn, await account.taskRole(arn)] as const)),
    );
    const registered = await account.containerInstances();
    const facts = {
      ...{ place, started, roles: new Map(roles), withPolicy: [] },
      logsByRole: registered.every(({ attributes = [] }) => attributes.includes(LOGS_BY_ROLE)),
    };
    // Few roles lack something, so that few policies of resources matter.
    const lacking = distinct(started.flatMap((one) => lacks(one, facts).map(({ resource }) => resource)));
    const hasPolicy = async (arn: string) => {
      const [, , service, region, owner, ...path] = arn.split(":");
      if (service === "secretsmanager") return account.hasSecretPolicy(arn);
      const isOwn = region === place.region && owner === place.account;
      return service === "ecr" && isOwn && account.hasRepositoryPolicy(path.join(":").replace("repository/", ""));
    };
    const withPolicy = lacking.map(async (arn) => ((await hasPolicy(arn)) ? [arn] : []));
    return { ...facts, withPolicy: ((await optional(Promise.all(withPolicy))) ?? [lacking]).flat() };
  },
  decide: (facts) => {
    const { started, roles } = facts;
    const findings = [...roles].flatMap(([arn, role]): Finding[] => {
      const by = started.filter((one) => rolesOf(one).includes(arn));
      const details = { commands: [], about: aboutStarted(by) };
      const definitions = by.map((one) => `task definition ${nameOf(one)}`);
      if (role === undefined) {
        const problem = `The role ${arn.split("/").at(-1)} of ${starters(by)} was deleted. Its tasks cannot start.`;
        return [found(DELETED, { problem, evidence: [arn, ...definitions], ...details })];
      }
      if (!role.trustedServices.includes("ecs-tasks.amazonaws.com")) {
        const trusted = `trusted services: ${role.trustedServices.join(", ") || "none"}`;
        const problem = `ECS is not allowed to assume the role ${role.name} of ${starters(by)}.`;
        return [found(NOT_TRUSTED, { problem, evidence: [trusted, ...definitions], ...details })];
      }
      const missing = by
        .filter(({ definition }) => definition.executionRoleArn === arn)
        .flatMap((one) => lacks(one, facts));
      if (missing.length === 0) return [];
      const { name, policies, boundary } = role;
      return [
        found(DENIED, {
          problem: `The execution role ${name} of ${starters(by)} does not allow ${distinct(missing.map(({ action }) => action)).join(", ")}.`,
          evidence: [
            ...distinct(missing.map(({ action, resource }) => `${action} on ${resource}`)),
            `policies: ${policies.map((policy) => policy.name).join(", ") || "none"}`,
            ...(boundary ? [`permissions boundary: ${boundary.name}`] : []),
          ],
          commands: [command`aws iam list-role-policies --role-name ${name}`],
          about: aboutStarted(by),
        }),
      ];
    });
    return { findings, notes: [...roles.values()].flatMap((role) => (role ? [`role ${role.name}`] : [])) };
  },
};

const rolesOf = ({ definition }: Started): string[] =>
  [definition.executionRoleArn, definition.taskRoleArn].filter((arn) => arn !== undefined);

/** Returns what the execution role of a task definition does not allow. */
function lacks({ definition }: Started, { place, roles, logsByRole, withPolicy }: Facts): Need[] {
  const role = roles.get(definition.executionRoleArn ?? "");
  if (role === undefined) return [];
  return needs(definition, place, logsByRole).filter(
    ({ action, resource }) => !mayDo(action, resource, role.policies, role.boundary) && !withPolicy.includes(resource),
  );
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html */
function needs({ containers }: Started["definition"], place: Place, logsByRole: boolean): Need[] {
  const { partition, region, account } = place;
  return containers.flatMap(({ image, logGroup, secrets }) => {
    const fromEcr = ecrImage(image, place);
    const logs = `arn:${partition}:logs:${logGroup?.region ?? region}:${account}:log-group:${logGroup?.name}:log-stream:x`;
    return [
      ...(fromEcr
        ? [
            { action: "ecr:GetAuthorizationToken", resource: "*" },
            { action: "ecr:BatchGetImage", resource: fromEcr.repositoryArn },
            { action: "ecr:GetDownloadUrlForLayer", resource: fromEcr.repositoryArn },
          ]
        : []),
      ...(logGroup && logsByRole
        ? [
            { action: "logs:CreateLogStream", resource: logs },
            { action: "logs:PutLogEvents", resource: logs },
          ]
        : []),
      ...secrets.flatMap((value): Need[] => {
        const needed = neededSecret(value, place);
        if (needed === undefined) return [];
        return "secret" in needed
          ? [{ action: "secretsmanager:GetSecretValue", resource: completeArn(needed.secret) }]
          : [{ action: "ssm:GetParameters", resource: parameterArn(needed.parameter, place) }];
      }),
    ];
  });
}

/** IAM compares with the whole ARN of a secret, also if a task definition has it without the six characters at the end. */
const completeArn = (secret: string): string => (/-\w{6}$/.test(secret) ? secret : `${secret}-000000`);
