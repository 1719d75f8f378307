const { join } = require("node:path");

/** @type {typeof import("../../scripts/synth/run-app")} */
const { runApp } = require(join(String(process.argv[2]), "scripts/synth/run-app"));

// Runs one app after another, as the command does, and answers with what each one printed.
process.on("message", async (/** @type {string} */ app) => {
  /** @type {string[]} */
  const said = [];
  console.log = (...words) => said.push(words.join(" "));
  try {
    await runApp(app);
    process.send?.({ said: said.join("\n") });
  } catch (error) {
    process.send?.({ failed: /** @type {Error} */ (error).message });
  }
});
