import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../command-line";
import type { Json } from "./terraform-json/configuration";

interface Manifest {
  readonly stacks: { readonly [name: string]: { readonly synthesizedStackPath: string } };
}

/** The JSON of the stack of that name, out of what an app wrote. @throws UsageError when the app has no such stack */
export function readStackFile(outdir: string, name: string): Json {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  const stack = stacks[name];
  if (!stack) {
    throw new UsageError(
      `--stack must name an app with a stack of the same name; received "${name}", whose app has ${Object.keys(stacks).sort().join(", ")}. ` +
        "A hand-over is one stack's: give the stack an app of its own in examples/.",
    );
  }
  return JSON.parse(readFileSync(join(outdir, stack.synthesizedStackPath), "utf8")) as Json;
}
