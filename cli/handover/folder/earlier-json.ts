import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Statement } from "../iam/statement";
import { type HandoverOptions, readStack } from "../stack";
import type { Json } from "../terraform-json/configuration";
import type { History } from "./history";
import { snapshotOf } from "./snapshot";
import { ownFiles } from "./write-folder";

/**
 * Returns the history of a folder in JSON that an earlier version of this command wrote, whose marker has none. Undefined for
 * HCL, and for files that someone changed so that they cannot be read.
 */
export function historyOfJson(folder: string, options: HandoverOptions): History | undefined {
  const files = ownFiles(folder) ?? [];
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  const parts = files.filter((file) => file.endsWith(".tf.json") && existsSync(join(folder, file)));
  if (!parts.includes("main.tf.json")) return undefined;
  try {
    const stack = readStack(Object.assign({}, ...parts.map(read)) as Json, options);
    const policies = files.filter((file) => /^deploy-policy(-\d+)?\.json$/.test(file)).map(read);
    const statements = policies.flatMap(({ Statement }: { Statement: Statement[] }) => Statement);
    return { base: snapshotOf({ ...stack, statements }), versions: [] };
  } catch {
    return undefined;
  }
}
