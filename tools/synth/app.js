const { runApp } = require("./load");
const { reporting } = require("./report");

// `node tools/synth/app.js FILE` runs a TypeScript app and says nothing: the cdktf CLI's `app`, in cdktf.json.
reporting((started) => runApp(process.argv[2] ?? "main.ts", started));
