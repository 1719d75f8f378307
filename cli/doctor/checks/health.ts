import { actionsOf } from "../actions";
import { inBatches } from "../aws/paging";
import { type Cause, type Check, command, distinct, type Finding, found } from "../check";
import type { LoadBalancerUse, ServiceFacts, TargetGroupFacts, TaskDefinitionFacts } from "../facts";
import { transportsOf } from "./port-ranges";

/** The number of calls at the same time. */
const AT_ONCE = 10;

interface Facts {
  readonly region: string;
  readonly services: readonly ServiceFacts[];
  readonly targetGroups: readonly TargetGroupFacts[];
  /** The task definitions of the services. @default - AWS denied reading them */
  readonly definitions?: readonly TaskDefinitionFacts[];
}

const SYMPTOMS = ["target-timeout", "target-no-connection", "target-unhealthy"];

const PORT: Cause = {
  id: "container-port-missing",
  title: "The load balancer of a service uses a port that the task definition does not map.",
  fix: "Set containerPort of the service to the port of the program, and deploy. It sets the port mapping and the load balancer.",
  explains: ["no-target", "task-not-registered"],
};

const TRANSPORT: Cause = {
  id: "target-protocol-mismatch",
  title: "The protocol of a target group differs from that of the container's port.",
  fix: "Deploy the stack again, which gives the target group and the port mapping the same protocol.",
  explains: SYMPTOMS,
};

const CHECK_PROTOCOL: Cause = {
  id: "health-check-protocol-mismatch",
  title: "The health checks of a target group use HTTPS where its requests use HTTP, or the reverse, on the same port.",
  fix: "Deploy the stack again, which sets the protocol of the health checks to that of the targets. To set it now, run the command.",
  explains: SYMPTOMS,
};

const CHECK_PORT: Cause = {
  id: "health-check-port-unmapped",
  title: "The health checks use a port that no container of the service has on its host.",
  fix: "Remove the port of the health check, so that they use the port of each target, and deploy. To set it now, run the command.",
  explains: SYMPTOMS,
};

const PATH: Cause = {
  id: "health-check-path-missing",
  title: "The program has no page at the path of the health checks.",
  fix: "Set healthCheck.path of the service to a path that returns 200, and deploy.",
  explains: ["target-status-code"],
};

const REDIRECT: Cause = {
  id: "health-check-redirected",
  title: "The program redirects the health checks.",
  fix: "Set healthCheck.path of the service to a path that returns 200, often with or without the last slash, and deploy. The load balancer does not follow redirects. If the program redirects to HTTPS, it must accept the header X-Forwarded-Proto or leave out the path.",
  explains: ["target-status-code"],
};

const UNAUTHORIZED: Cause = {
  id: "health-check-unauthorized",
  title: "The program requires a login for the health checks.",
  fix: "Set healthCheck.path of the service to a path without a login, and deploy. Health checks send no credentials.",
  explains: ["target-status-code"],
};

const FAILURE: Cause = {
  id: "health-check-program-error",
  title: "The program returns an error to the health checks.",
  fix: "Read the log of the container. The program often cannot reach a database or another service.",
  explains: ["target-status-code"],
};

const CODES: readonly (readonly [codes: RegExp, cause: Cause])[] = [
  [/^(404|405|410)$/, PATH],
  [/^3/, REDIRECT],
  [/^(401|403)$/, UNAUTHORIZED],
  [/^5/, FAILURE],
];

/** Compares the target groups and their health checks with the containers of each service. */
export const healthCheck: Check<Facts> = {
  id: "health",
  question: "Do the target groups and their health checks fit the containers?",
  actions: actionsOf("services", "targetGroups", "taskDefinition"),
  causes: [PORT, TRANSPORT, CHECK_PROTOCOL, CHECK_PORT, PATH, REDIRECT, UNAUTHORIZED, FAILURE],
  read: async (account, optional) => {
    const services = await account.services();
    const names = services
      .filter(({ loadBalancers = [] }) => loadBalancers.length > 0)
      .flatMap(({ taskDefinition }) => taskDefinition ?? []);
    const definitions = await inBatches(distinct(names), AT_ONCE, (some) =>
      Promise.all(some.map((name) => optional(account.taskDefinition(name)))),
    );
    return {
      region: account.region,
      services,
      targetGroups: await account.targetGroups(),
      definitions: definitions.flatMap((definition) => definition ?? []),
    };
  },
  decide: ({ region, services, targetGroups, definitions = [] }) => ({
    findings: services.flatMap((service) => {
      const definition = definitions.find(({ arn }) => arn === service.taskDefinition);
      return (service.loadBalancers ?? []).flatMap((use) => {
        const arns = [use.targetGroupArn, service.alternates?.[use.targetGroupArn]];
        const groups = targetGroups.filter(({ arn }) => arns.includes(arn));
        return [
          ...(definition ? mappingFindings({ service, use, groups, definition, region }) : []),
          ...groups.flatMap((group) => checkFindings(service, group, region)),
        ];
      });
    }),
    notes: targetGroups.map(({ name, healthCheck: text }) => `${name}: ${text}`),
  }),
};

interface Mapping {
  readonly service: ServiceFacts;
  readonly use: LoadBalancerUse;
  readonly groups: readonly TargetGroupFacts[];
  readonly definition: TaskDefinitionFacts;
  readonly region: string;
}

/** Compares the load balancer of a service with the port mappings of the task definition. */
function mappingFindings({ service, use, groups, definition, region }: Mapping): Finding[] {
  const about = { services: [service.name] };
  const ports = definition.containers.find(({ name }) => name === use.container)?.ports ?? [];
  const own = ports.filter(({ from, to }) => from <= use.port && use.port <= to);
  const mapped = `${definition.arn}: ${use.container} maps ${ports.map(({ from, to, protocol }) => `${from === to ? from : `${from}-${to}`}/${protocol}`).join(", ") || "no ports"}`;
  if (own.length === 0) {
    return [
      found(PORT, {
        problem: `The load balancer of the service ${service.name} uses port ${use.port} of the container ${use.container}, which the task definition does not map.`,
        evidence: [mapped],
        commands: [],
        about,
      }),
    ];
  }
  const all = definition.containers.flatMap(({ ports: others = [] }) => others);
  return groups.flatMap((group): Finding[] => {
    const lacks = transportsOf(group.protocol).filter(
      (transport) => !own.some(({ protocol }) => protocol === transport),
    );
    const { healthCheckPort: port } = group;
    const isMapped = all.some(({ from, to, host }) =>
      port === undefined ? true : definition.networkMode === "bridge" ? host === port : from <= port && port <= to,
    );
    return [
      ...(lacks.length === 0
        ? []
        : [
            found(TRANSPORT, {
              problem: `The target group ${group.name} of the service ${service.name} sends ${lacks.join(" and ").toUpperCase()} to port ${use.port}, which the container maps for ${distinct(
                own.map(({ protocol }) => protocol),
              )
                .join(" and ")
                .toUpperCase()}.`,
              evidence: [`${group.name}: protocol ${group.protocol ?? "HTTP"}`, mapped],
              commands: [],
              about,
            }),
          ]),
      // Another program of the instances can answer on the port.
      ...(isMapped || !group.targets.some(({ state }) => state === "unhealthy")
        ? []
        : [
            found(CHECK_PORT, {
              problem: `The health checks of the target group ${group.name} use port ${port}, which no container of the service ${service.name} has.`,
              evidence: [`health check: ${group.healthCheck}`, mapped],
              commands: [
                command`aws elbv2 modify-target-group --region ${region} --target-group-arn ${group.arn} --health-check-port traffic-port`,
              ],
              about,
            }),
          ]),
    ];
  });
}

/** Compares the health checks of a target group with its requests and with the answers of the program. */
function checkFindings({ name: service }: ServiceFacts, group: TargetGroupFacts, region: string): Finding[] {
  const { name, arn, protocol = "HTTP", healthCheckProtocol = protocol, healthCheckPort, targets } = group;
  const about = { services: [service], targetGroups: [arn] };
  const evidence = [`health check: ${group.healthCheck}`];
  const both = [protocol, healthCheckProtocol].sort().join(" ");
  const fromCodes = distinct(targets.flatMap((target) => codesOf(target))).flatMap((code): Finding[] => {
    const cause = CODES.find(([codes]) => codes.test(code))?.[1];
    if (!cause) return [];
    const these = targets.filter((target) => codesOf(target).includes(code));
    return [
      found(cause, {
        problem: `The program of the service ${service} answers the health checks with ${code}.`,
        evidence: [...these.map(({ id, port, description }) => `${id}:${port} ${description}`), ...evidence],
        commands: [],
        about,
      }),
    ];
  });
  if (both !== "HTTP HTTPS" || healthCheckPort !== undefined) return fromCodes;
  return [
    found(CHECK_PROTOCOL, {
      problem: `The target group ${name} of the service ${service} sends ${protocol} to the targets, and its health checks use ${healthCheckProtocol} on the same port.`,
      evidence,
      commands: [
        command`aws elbv2 modify-target-group --region ${region} --target-group-arn ${arn} --health-check-protocol ${protocol}`,
      ],
      about,
    }),
    ...fromCodes,
  ];
}

/** Returns the codes of the answers to failed health checks: `Health checks failed with these codes: [404]`. */
const codesOf = ({ reason, description }: TargetGroupFacts["targets"][number]): string[] =>
  reason === "Target.ResponseCodeMismatch" ? [...description.matchAll(/\b[1-5][0-9]{2}\b/g)].map(([code]) => code) : [];
