import { RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { ModifyTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { unhealthy } from "./moto-answers";
import { service } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";

/** Gives the service a task definition with another port mapping. */
const mapping =
  (containerPort: number, protocol: "tcp" | "udp"): Fault =>
  async ({ clients, targetGroupArn }) => {
    const container = { name: "web", image: "nginx", memory: 128 };
    const portMappings = [{ containerPort, hostPort: 0, protocol }];
    await clients.ecs.send(
      new RegisterTaskDefinitionCommand({ family: "web", containerDefinitions: [{ ...container, portMappings }] }),
    );
    await service(clients, targetGroupArn);
  };

/** Fails the health checks with a status code. The check of targets reports it without its meaning. */
const answers = (code: number, cause: string): Case => [
  `health checks that get ${code}, because ${cause}`,
  [
    `health: The program of the service web answers the health checks with ${code}.`,
    "targets: 2 of 2 targets of the service web are unhealthy: Target.ResponseCodeMismatch.",
  ],
  (_, { overlays }) =>
    overlays.set(
      "DescribeTargetHealth",
      unhealthy("Target.ResponseCodeMismatch", `Health checks failed with these codes: [${code}]`),
    ),
  ["targets: 2 of 2 targets of the service web are unhealthy: Target.ResponseCodeMismatch."],
];

/** Faults of target groups and health checks that do not fit the containers. */
export const HEALTH_FAULTS: readonly Case[] = [
  [
    "a load balancer with a port that the task definition does not map",
    [
      "health: The load balancer of the service web uses port 80 of the container web, which the task definition does not map.",
    ],
    mapping(8080, "tcp"),
  ],
  [
    "a target group with another protocol than the container",
    ["health: The target group ecs-web of the service web sends TCP to port 80, which the container maps for UDP."],
    mapping(80, "udp"),
  ],
  [
    "health checks with another protocol than the requests",
    [
      "health: The target group ecs-web of the service web sends HTTP to the targets, and its health checks use HTTPS on the same port.",
    ],
    ({ clients, targetGroupArn: TargetGroupArn }) =>
      clients.balancing.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckProtocol: "HTTPS" })),
  ],
  [
    "health checks on a port that no container has",
    [
      "ports: The instances' security group blocks ports 8081 from the load balancer ecs-alb.",
      "ports: The security group of the load balancer ecs-alb blocks port 8081 of the instances, which the target group ecs-web uses.",
      "health: The health checks of the target group ecs-web use port 8081, which no container of the service web has.",
      "targets: 2 of 2 targets of the service web are unhealthy: Target.FailedHealthChecks.",
    ],
    ({ clients, targetGroupArn: TargetGroupArn }, { overlays }) => {
      overlays.set("DescribeTargetHealth", unhealthy("Target.FailedHealthChecks", "Health checks failed"));
      return clients.balancing.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckPort: "8081" }));
    },
    ["targets: 2 of 2 targets of the service web are unhealthy: Target.FailedHealthChecks."],
  ],
  answers(404, "the path does not exist"),
  answers(301, "the program redirects"),
  answers(401, "the program requires a login"),
  answers(503, "the program fails"),
];
