const { join } = require("node:path");
const { runApp } = require("../../scripts/synth/load");
const { reporting } = require("../../scripts/synth/report");

// The provider's process, from its sources as they are now. Every worker of the tests starts one, and what
// `npm run synth` keeps of a build starts it in a quarter of the time that transpiling it takes.
reporting((started) => runApp(join(__dirname, "child.ts"), started, { ownPackages: true }));
