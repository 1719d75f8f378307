import { wholeNumber } from "../validation/rule";
import { number, type Parsed, schemaOf } from "../validation/schema";
import { amount } from "./ecs-json";

/** The CPU units and the memory of a container. */
export interface ContainerSize {
  /** CPU units to reserve; 1024 are one vCPU. @default 256 */
  readonly cpu?: number;
  /** MiB above which Docker kills the container. @default - 256, or no limit with `memoryReservationMiB` or `taskMemoryMiB` */
  readonly memoryLimitMiB?: number;
  /** MiB to reserve. It must be below `memoryLimitMiB`. @default - `memoryLimitMiB` */
  readonly memoryReservationMiB?: number;
}

const memory = wholeNumber(6, 25_165_824, "MiB", "Docker rejects less, and no instance type has more.");

export const containerSizeSchema = schemaOf<ContainerSize>()(
  {
    cpu: number(wholeNumber(2, 196_608, "CPU units", "1024 units are one vCPU.")).default(256),
    memoryLimitMiB: number(memory).optional(),
    memoryReservationMiB: number(memory).optional(),
  },
  function* reservationBelowLimit({ memoryLimitMiB: hard, memoryReservationMiB: soft }) {
    if (hard === undefined || soft === undefined || soft < hard) return;
    const must = `be below memoryLimitMiB, which is ${hard}`;
    yield { at: "memoryReservationMiB", must, fix: "Lower it, or raise the limit." };
  },
);

/** A container's size with its defaults. */
export type Size = Parsed<typeof containerSizeSchema>;

/** MiB of a container with neither a limit nor a reservation. */
export const DEFAULT_MEMORY_MIB = 256;

/** Returns the size as the API of ECS names it. @param taskMemoryMiB the memory of the whole task, if it has a limit */
export const sizeJson = ({ cpu, memoryLimitMiB, memoryReservationMiB }: Size, taskMemoryMiB?: number) => ({
  cpu: amount(cpu),
  memory: amount(
    memoryLimitMiB ?? ((memoryReservationMiB ?? taskMemoryMiB) === undefined ? DEFAULT_MEMORY_MIB : undefined),
  ),
  memoryReservation: amount(memoryReservationMiB),
});
