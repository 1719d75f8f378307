const { runApp } = require("../../scripts/synth/load");

// Runs one app after another, as the command does, and answers what each one said.
process.on("message", async (/** @type {[string, { readonly ownPackages?: boolean }]} */ [file, options]) => {
  /** @type {string[]} */
  const said = [];
  console.log = (...words) => said.push(words.join(" "));
  try {
    await runApp(file, undefined, options);
    process.send?.({ said: said.join("\n") });
  } catch (error) {
    process.send?.({ failed: /** @type {Error} */ (error).message });
  }
});
