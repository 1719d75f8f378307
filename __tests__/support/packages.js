const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Loads the packages that `src` imports as Node does it by itself: under tsx each is read for imports and for source maps,
 * of which theirs are full, and all of it takes twice as long.
 */
const SRC = join(__dirname, "../../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const texts = files.map((file) => readFileSync(join(SRC, file), "utf8"));
const names = texts.flatMap((text) => [...text.matchAll(/^(?:import (?!type )|\}).*from "([^."][^"]*)";$/gm)]);
for (const name of new Set(names.map(([, found]) => found))) require(/** @type {string} */ (name));
