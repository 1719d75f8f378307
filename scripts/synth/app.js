const { runApp } = require("./load");
const { reporting } = require("./report");

// `node scripts/synth/app.js FILE` runs a TypeScript app and says nothing: the cdktf CLI's `app`, in cdktf.json.
reporting((started) => runApp(process.argv[2] ?? "main.ts", started));
