const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

// Loads the packages that `src` imports without tsx, which would read their imports and source maps and take twice as long.
const SRC = join(__dirname, "../../src");
const IMPORT = /^(?:import (?!type )|\}).*from "([^."][^"]*)";$/gm;
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const found = files.flatMap((file) => [...readFileSync(join(SRC, file), "utf8").matchAll(IMPORT)]);
for (const name of new Set(found.map(([, name]) => name))) require(/** @type {string} */ (name));
