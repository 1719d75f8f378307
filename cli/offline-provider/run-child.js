const { join } = require("node:path");
const { printUncaughtErrors } = require("../../scripts/synth/errors");
const { runApp } = require("../../scripts/synth/run-app");

// The process of the provider. Every worker of the tests starts one; with tsx the start would take three times as long.
printUncaughtErrors();
void runApp(join(__dirname, "child.ts"));
