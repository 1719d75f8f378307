/* The previous form, which the capacity still uses. */
import { z } from "zod";
import { sentence } from "../validation/problem";
import { check } from "../validation/validate";
import { type InstanceVolume, instanceVolumesField } from "./instance-volume";

export { type InstanceVolume, mountLines } from "./instance-volume";

export const volumesShape = z
  .record(
    z.string(),
    z.strictObject({
      sizeGib: z.int().min(1).max(65_536),
      mountPath: z.string(),
      iops: z.int().min(3_000).max(80_000).optional(),
      throughputMiBs: z.int().min(125).max(2_000).optional(),
    }),
  )
  .optional();
export const volumeMistakes = (volumes: Readonly<Record<string, InstanceVolume>>, at: string): string[] =>
  check(instanceVolumesField, volumes).problems.map((one) =>
    sentence({ ...one, path: one.path ? `${at}.${one.path}` : at }),
  );
