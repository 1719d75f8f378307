// The last step of `npm run build`, after the compiler.
const { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const esbuild = require("esbuild");

const ROOT = path.join(__dirname, "../..");
const DIST = path.join(ROOT, "dist");
const PROVIDER = "offline-provider";

/** Bundles the command: a small launcher, and one file for each command, which the launcher loads. @param {string} outdir */
async function bundleCommands(outdir) {
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20",
    minify: true,
    // Messages and stack traces show the names of classes and functions.
    keepNames: true,
    legalComments: "none",
    logLevel: "warning",
    outdir,
    // There are no tokens in a command, and a project has either cdktf or cdktn.
    alias: { cdktf: "./scripts/build/without-tokens.ts" },
  };
  const names = readdirSync(path.join(ROOT, "cli")).filter((name) =>
    existsSync(path.join(ROOT, `cli/${name}/command.ts`)),
  );
  const external = names.map((name) => `./${name}/command.js`);
  await esbuild.build({ ...options, entryPoints: ["cli/main.ts"], external });
  await esbuild.build({ ...options, entryPoints: names.map((name) => `cli/${name}/command.ts`), outbase: "cli" });
  // The process of the offline provider, and what tests of users import. Both are beside the protocol's definition.
  await esbuild.build({
    ...options,
    entryPoints: {
      [`${PROVIDER}/run-child`]: `cli/${PROVIDER}/child.ts`,
      [`${PROVIDER}/testing`]: "src/testing/index.ts",
    },
  });
  copyFileSync(path.join(ROOT, `cli/${PROVIDER}/wire/provider.proto`), path.join(outdir, PROVIDER, "provider.proto"));
}

/** Copies the compiled library with the imports of cdktn, which continues CDKTF. */
function copyForCdktn() {
  const files = readdirSync(DIST, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.(js|d\.ts)$/.test(file) && !/^(cli|types|cdktn)\b/.test(file),
  );
  for (const file of files) {
    const text = readFileSync(path.join(DIST, file), "utf8")
      .replaceAll(/"(@?)cdktf(?=[/"])/g, '"$1cdktn')
      // The source maps are of the copied files.
      .replace(/^\/\/# sourceMappingURL=.*$/m, "");
    const to = path.join(DIST, "cdktn", file);
    mkdirSync(path.dirname(to), { recursive: true });
    writeFileSync(to, text);
  }
}

if (require.main === module) {
  copyForCdktn();
  void bundleCommands(path.join(DIST, "cli"));
}

module.exports = { bundleCommands };
