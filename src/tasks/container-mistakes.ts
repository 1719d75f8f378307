import { sentence } from "../validation/problem";
import { partOf } from "../validation/schema";
import { check } from "../validation/validate";
import { type ContainerProps, type ContainerSettings, containerSettingsSchema } from "./container";

/* The previous form, which services still use. */

export const containerSettingsMistakes = (settings: ContainerSettings, prefix = ""): string[] =>
  check(containerSettingsSchema, partOf(containerSettingsSchema, settings)).problems.map(
    (problem) => prefix + sentence(problem),
  );

/** TaskDefinition validates the containers against each other. */
export const containersMistakes = (_: readonly ContainerProps[]): string[] => [];

export const taskSize = (containers: readonly ContainerSettings[]) => ({
  cpu: containers.map(({ cpu = 256 }) => cpu),
  memoryMiB: containers.map(
    ({ memoryLimitMiB, memoryReservationMiB }) => memoryReservationMiB ?? memoryLimitMiB ?? 256,
  ),
});
