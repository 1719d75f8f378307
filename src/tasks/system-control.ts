import { matches } from "../validation/rule";
import { list, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { some, text } from "./ecs-json";

/** A parameter of the Linux kernel that a container has for itself. */
export interface SystemControl {
  /** The name: `net.…`, `fs.mqueue.…`, or a `kernel.…` of the IPC namespace such as `kernel.shmmax`. */
  readonly namespace: string;
  /** The value. */
  readonly value: string;
}

const IPC = "kernel\\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\\.mqueue\\..+";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html */
export const systemControlSchema = schemaOf<SystemControl>()({
  namespace: plain(
    string(
      matches(
        `^(net\\..+|${IPC})$`,
        "be a kernel parameter that a container can have for itself",
        "Use net.…, fs.mqueue.…, kernel.msgmax, kernel.msgmnb, kernel.msgmni, kernel.sem, kernel.shmall, kernel.shmmax, kernel.shmmni or kernel.shm_rmid_forced. Set the others on the instance, in extraUserData.",
      ),
    ),
  ),
  value: string(),
});

/** The kernel parameters of a container. */
export interface ContainerSystemControls {
  /**
   * Parameters of the Linux kernel for this container, such as `net.core.somaxconn`. With `networkMode: "host"` or
   * `ipcMode: "host"`, the container shares them with the instance, and ECS rejects them.
   * @default - the kernel's
   */
  readonly systemControls?: readonly SystemControl[];
}

export const containerSystemControlsSchema = schemaOf<ContainerSystemControls>()(
  { systemControls: list(systemControlSchema).default([]) },
  function* distinctNames({ systemControls = [] }: Known<ContainerSystemControls>): Findings<ContainerSystemControls> {
    const names = systemControls.map((control) => control?.namespace);
    for (const [index, name] of names.entries()) {
      if (name === undefined || names.indexOf(name) === index) continue;
      const must = "differ from the other system controls";
      yield { at: ["systemControls", index, "namespace"], must, fix: "Remove one of the two." };
    }
  },
);

/** Returns true for a parameter of the IPC namespace, and false for one of the network. */
export const isOfIpc = (namespace: string): boolean => new RegExp(`^(${IPC})$`).test(namespace);

/** Returns the parameters as the API of ECS names them. */
export const systemControlsJson = ({ systemControls }: Parsed<typeof containerSystemControlsSchema>) => ({
  systemControls: some(systemControls.map(({ namespace, value }) => ({ namespace, value: text(value) }))),
});
