const { printUncaughtErrors } = require("./errors");
const { runApp } = require("./run-app");

// `node scripts/synth/app.js FILE` runs a TypeScript app and prints nothing. It is the `app` of cdktf.json.
printUncaughtErrors();
void runApp(process.argv[2] ?? "main.ts");
