import { boolean, type Parsed, plain, schemaOf } from "../validation/schema";
import { type containerDevicesSchema, neuronDevices } from "./container-devices";
import { some, withoutUndefined } from "./ecs-json";

/** Options of the Linux kernel for a container. */
export interface LinuxParameters {
  /** Run an init process, which reaps zombies. @default - true with ECS Exec */
  readonly initProcessEnabled?: boolean;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html */
export const linuxParametersSchema = schemaOf<LinuxParameters>()({
  initProcessEnabled: plain(boolean()).optional(),
});

/** Returns the options as the API of ECS names them. @param initProcessEnabled for a container that does not set it */
export function linuxParametersJson(
  container: Parsed<typeof linuxParametersSchema> & Parsed<typeof containerDevicesSchema>,
  initProcessEnabled: boolean,
) {
  const parameters = withoutUndefined({
    initProcessEnabled: (container.initProcessEnabled ?? initProcessEnabled) || undefined,
    devices: some(neuronDevices(container)),
  });
  return { linuxParameters: Object.keys(parameters).length > 0 ? parameters : undefined };
}
