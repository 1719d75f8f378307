// `node scripts/synth/app.js FILE` runs a TypeScript app and prints nothing. It is the `app` of cdktf.json.
require("./errors").printUncaughtErrors();
void require("./run-app").runApp(process.argv[2] ?? "main.ts");
