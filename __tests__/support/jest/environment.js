const { TestEnvironment } = require("jest-environment-node");
const { skipTokenStacks } = require("../../../tools/synth/token-stacks");

// A stack of each token, with its sources' positions, would take a third of all the time.
skipTokenStacks();

/** Node, in which test files share what `shared-module.js` stands in for: a worker loads it once, not once a file. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.requireShared = require;
    // cdktf extends it by its own matchers.
    Object.defineProperty(globalThis, "expect", { configurable: true, get: () => this.global.expect });
    // What is shared reads the worker's own environment: a test file that changes it has to mean that one.
    this.before = { ...process.env };
    this.global.process.env = process.env;
  }

  async teardown() {
    const before = this.before ?? {};
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await super.teardown();
  }
};
