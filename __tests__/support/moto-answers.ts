import type { Overlay } from "./moto-proxy";

/** Overlays for facts that moto does not simulate. */

type Json = Record<string, unknown>;

/** Changes each element of a list in a JSON answer. */
export const each =
  (list: string, change: (element: Json, index: number) => Json): Overlay =>
  ({ status, body }) => {
    const answer = JSON.parse(body) as Json;
    const elements = (answer[list] as Json[]).map(change);
    return { status, body: JSON.stringify({ ...answer, [list]: elements }) };
  };

/** Starts each task that has not stopped, and sets its host port by its container instance. */
export const hostPorts = (ports: ReadonlyMap<unknown, number>): Overlay =>
  each("tasks", (task) => ({
    ...task,
    ...(task.lastStatus !== "STOPPED" && { lastStatus: "RUNNING", startedAt: Date.now() / 1000 }),
    containers: [
      {
        name: "web",
        networkBindings: [
          { bindIP: "0.0.0.0", containerPort: 80, hostPort: ports.get(task.containerInstanceArn), protocol: "tcp" },
        ],
      },
    ],
  }));

/** Disconnects the agent of an instance. */
export const disconnected = (instanceId: string): Overlay =>
  each("containerInstances", (one) => (one.ec2InstanceId === instanceId ? { ...one, agentConnected: false } : one));

/** Sets the events of each service. */
export const events = (...messages: string[]): Overlay =>
  each("services", (service) => ({ ...service, events: messages.map((message) => ({ message })) }));

/** Adds a failed deployment to each service. */
export const failedDeployment = (reason: string): Overlay =>
  each("services", (service) => ({
    ...service,
    deployments: [{ id: "ecs-svc/1", rolloutState: "FAILED", rolloutStateReason: reason, failedTasks: 3 }],
  }));

/** Makes all targets unhealthy. */
export const unhealthy = (reason: string, description: string): Overlay => {
  const health = `<State>unhealthy</State><Reason>${reason}</Reason><Description>${description}</Description>`;
  return replaced(/<State>healthy<\/State>/g, health);
};

/** Replaces text in an XML answer. @throws if the answer does not contain the text */
export const replaced =
  (text: RegExp, by: string): Overlay =>
  ({ status, body }) => {
    const changed = body.replace(text, by);
    if (changed === body) throw new Error(`${text} is not in ${body}`);
    return { status, body: changed };
  };

/** Changes an answer in several ways. */
export const all =
  (...overlays: readonly Overlay[]): Overlay =>
  (answer) =>
    overlays.reduce((changed, overlay) => overlay(changed), answer);

/** Adds a failed launch to a group. */
export const failedLaunch = (message: string): Overlay =>
  replaced(
    /<Activities ?\/>|<Activities>\s*<\/Activities>/,
    `<Activities><member><StatusCode>Failed</StatusCode><StatusMessage>${message}</StatusMessage></member></Activities>`,
  );

/** Denies a call, as services with XML answers do. */
export const denied =
  (action: string): Overlay =>
  () => ({
    status: 403,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: moto is not authorized to perform: ${action}</Message></Error></ErrorResponse>`,
  });
