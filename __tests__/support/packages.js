const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

// The packages that `src` imports, loaded as Node does it by itself: tsx would read each for imports and for source maps, of
// which theirs are full, and all of it would take twice as long.
const SRC = join(__dirname, "../../src");
const IMPORT = /^(?:import (?!type )|\}).*from "([^."][^"]*)";$/gm;
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const found = files.flatMap((file) => [...readFileSync(join(SRC, file), "utf8").matchAll(IMPORT)]);
for (const name of new Set(found.map(([, name]) => name))) require(/** @type {string} */ (name));
