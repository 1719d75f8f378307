import type { ContainerProps } from "../../src";
import {
  type Container,
  type ContainerContext,
  containerDefinition,
  containerPropsSchema,
} from "../../src/tasks/container";
import { validate } from "../../src/validation/validate";

/** The task of the containers that {@link defined} returns. */
export const context: ContainerContext = {
  clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/prod",
  log: { logGroupName: "/ecs/prod/users", region: "eu-west-1", logMode: "non-blocking", streamPrefix: "users" },
  enableExecuteCommand: false,
  volumes: {},
  networkMode: "bridge",
};

/** Returns a container with the defaults of its settings. @throws {SettingsError} with every problem */
export const parsed = (settings: object = {}): Container =>
  validate("Container", containerPropsSchema, { name: "users", image: "users:7", ...settings });

/** Returns a container as the API of ECS names it. */
export const defined = (settings: Partial<ContainerProps> = {}, change: Partial<ContainerContext> = {}): object =>
  containerDefinition(parsed(settings), { ...context, ...change });
