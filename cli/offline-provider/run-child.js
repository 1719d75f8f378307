const { join } = require("node:path");
const { printUncaughtErrors } = require("../../scripts/synth/errors");
const { runApp } = require("../../scripts/synth/run-app");

// Starts the process of the provider. Every test worker starts one. With tsx, the start would take three times as long.
printUncaughtErrors();
void runApp(join(__dirname, "child.ts"));
