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
 * @param file the app's own file
 */
export function summary(outdir: string, file: string): string {
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
      ...(required.length > 0 ? [`  Needs ${required.map((variable) => `TF_VAR_${variable}`).join(", ")}.`] : []),
      ...stack.annotations.map(
        ({ level, constructPath, message }) => `  ${level.replace(/^@cdktf\//, "")} at ${constructPath}: ${message}`,
      ),
    ];
  });
  // The cdktf CLI runs main.ts unless it is told otherwise.
  const app = file === "main.ts" ? "" : ` --app "node --import tsx ${file}"`;
  const next = [
    ...(app === "" ? [["npm run plan:offline", "Terraform's plan with no account and no network"]] : []),
    [`npm run plan -- ${names[0]}${app}`, "Terraform's plan in your account"],
    [`npm run deploy -- ${names[0]}${app}`, "make it"],
  ];
  return [...lines, "Next:", ...next.map(([command, what]) => `  ${command}  # ${what}`), ""].join("\n");
}
