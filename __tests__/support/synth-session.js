const { join } = require("node:path");

/** @type {typeof import("../../scripts/synth/run-app")} */
const { runApp } = require(join(String(process.argv[2]), "scripts/synth/run-app"));

// Runs one app after another like the command, and answers with what each one printed.
process.on("message", async (/** @type {string} */ app) => {
  /** @type {string[]} */
  const lines = [];
  console.log = (...words) => lines.push(words.join(" "));
  try {
    await runApp(app);
    process.send?.({ printed: lines.join("\n") });
  } catch (error) {
    process.send?.({ failed: /** @type {Error} */ (error).message });
  }
});
