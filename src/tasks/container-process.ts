import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { boolean, list, type Parsed, schemaOf, string } from "../validation/schema";
import { isToken } from "../validation/token";
import { flag, some, text, texts } from "./ecs-json";

/** What a container runs, and the rights of the process. */
export interface ContainerProcess {
  /** Overrides the image's `CMD`. @default - the image's own */
  readonly command?: readonly string[];
  /** Overrides the image's `ENTRYPOINT`. @default - the image's own */
  readonly entryPoint?: readonly string[];
  /** The folder that the process starts in. @default - the image's own */
  readonly workingDirectory?: string;
  /** The user, or `user:group`. @default - the image's own */
  readonly user?: string;
  /** Give the container full access to the instance. @default false */
  readonly privileged?: boolean;
  /** Make the container's file system read-only. ECS Exec needs a writable one. @default - writable */
  readonly readonlyRootFilesystem?: boolean;
}

export const containerProcessSchema = schemaOf<ContainerProcess>()({
  command: list(string()).optional(),
  entryPoint: list(string()).optional(),
  workingDirectory: string().optional(),
  user: string().optional(),
  privileged: boolean().default(false),
  readonlyRootFilesystem: boolean().optional(),
});

type Process = Parsed<typeof containerProcessSchema>;

/** Returns the process as the API of ECS names it. */
export const processJson = (process: Process) => ({
  command: texts(some(process.command)),
  entryPoint: texts(some(process.entryPoint)),
  workingDirectory: text(process.workingDirectory),
  user: text(process.user),
  privileged: flag(process.privileged || undefined),
  readonlyRootFilesystem: flag(process.readonlyRootFilesystem),
});

/** Returns the guard of a file system that only Terraform knows to be read-only. */
export function processGuards(
  name: string,
  { readonlyRootFilesystem: isReadOnly }: Process,
  enableExecuteCommand: boolean,
): Guard[] {
  if (!enableExecuteCommand || !isToken(isReadOnly)) return [];
  return [
    {
      condition: hcl`!${isReadOnly}`.string,
      errorMessage: `readonlyRootFilesystem of container ${name} must not be true with enableExecuteCommand; received true. ECS Exec writes to the container's file system. Remove one of the two.`,
    },
  ];
}
