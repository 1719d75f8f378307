import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly synthesizedStackPath: string; readonly annotations: readonly Annotation[] }>
  >;
}

interface Annotation {
  readonly constructPath: string;
  readonly level: string;
  readonly message: string;
}

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const count = (blocks: Blocks = {}): number =>
  Object.values(blocks).reduce((sum, byName) => sum + Object.keys(byName).length, 0);

/**
 * What a synth wrote, in a few lines, and what to do next.
 *
 * @param outdir the folder that the app wrote into, as it stands in the printed paths
 */
export function summary(outdir: string): string {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as Manifest;
  const names = Object.keys(manifest.stacks).sort();
  const lines = names.flatMap((name) => {
    const stack = manifest.stacks[name] as Manifest["stacks"][string];
    const path = join(outdir, stack.synthesizedStackPath);
    const json = JSON.parse(readFileSync(path, "utf8"));
    const required = Object.entries((json.variable ?? {}) as Record<string, object>)
      .filter(([, variable]) => !("default" in variable))
      .map(([variable]) => variable);
    return [
      `Wrote ${path}: ${count(json.resource)} resources, ${count(json.data)} lookups, ${Object.keys(json.variable ?? {}).length} variables.`,
      ...(required.length > 0 ? [`  Needs a value for ${required.join(", ")}.`] : []),
      ...stack.annotations.map(
        ({ level, constructPath, message }) => `  ${level.replace(/^@cdktf\//, "")} at ${constructPath}: ${message}`,
      ),
    ];
  });
  const first = names[0];
  return [
    ...lines,
    "Next:",
    "  npm run plan:offline          Terraform's plan of the default app, with no account",
    `${`  npm run plan -- ${first}`.padEnd(32)}Terraform's plan in your account (set TF_VAR_ssh_public_key)`,
    `${`  npm run deploy -- ${first}`.padEnd(32)}make it`,
    "",
  ].join("\n");
}
