import type { Overlay } from "./moto-proxy";

/** What moto doesn't know, laid over what it answers. */

type Json = Record<string, unknown>;

/** Changes each element of a list in an answer of ECS. */
const each =
  (list: string, change: (element: Json, index: number) => Json): Overlay =>
  ({ status, body }) => {
    const answer = JSON.parse(body) as Json;
    const elements = (answer[list] as Json[]).map(change);
    return { status, body: JSON.stringify({ ...answer, [list]: elements }) };
  };

/** The host port that each task got. */
export const hostPorts = (ports: readonly number[]): Overlay =>
  each("tasks", (task, index) => ({
    ...task,
    containers: [
      {
        name: "web",
        networkBindings: [{ bindIP: "0.0.0.0", containerPort: 80, hostPort: ports[index], protocol: "tcp" }],
      },
    ],
  }));

/** An agent that lost its connection. */
export const disconnected = (instanceId: string): Overlay =>
  each("containerInstances", (one) => (one.ec2InstanceId === instanceId ? { ...one, agentConnected: false } : one));

/** What ECS wrote into a service's log of events. */
export const events = (...messages: string[]): Overlay =>
  each("services", (service) => ({ ...service, events: messages.map((message) => ({ message })) }));

/** A deployment that the circuit breaker gave up. */
export const failedDeployment = (reason: string): Overlay =>
  each("services", (service) => ({
    ...service,
    deployments: [{ id: "ecs-svc/1", rolloutState: "FAILED", rolloutStateReason: reason, failedTasks: 3 }],
  }));

/** Targets that the load balancer gave up. */
export const unhealthy = (reason: string, description: string): Overlay => {
  const health = `<State>unhealthy</State><Reason>${reason}</Reason><Description>${description}</Description>`;
  return replaced(/<State>healthy<\/State>/g, health);
};

/** Other text in an answer in XML. @throws where that text isn't in it: the overlay would do nothing */
export const replaced =
  (words: RegExp, by: string): Overlay =>
  ({ status, body }) => {
    const changed = body.replace(words, by);
    if (changed === body) throw new Error(`${words} is not in ${body}`);
    return { status, body: changed };
  };

/** The last launch of a group failed. */
export const failedLaunch = (message: string): Overlay =>
  replaced(
    /<Activities ?\/>|<Activities>\s*<\/Activities>/,
    `<Activities><member><StatusCode>Failed</StatusCode><StatusMessage>${message}</StatusMessage></member></Activities>`,
  );

/** A refusal of IAM, as the services with XML write it. */
export const denied =
  (action: string): Overlay =>
  () => ({
    status: 403,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: moto is not authorized to perform: ${action}</Message></Error></ErrorResponse>`,
  });
