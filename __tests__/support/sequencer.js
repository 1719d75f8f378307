const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * The suites that take longest. Jest knows how long each took only where it has run before: in a fresh clone one of these
 * would begin last, and a core would wait for it.
 */
const LONGEST = [
  "integration/examples",
  "integration/capacity-examples",
  "package/package",
  "validation/any-input",
  "scripts/synth/command",
  "integration/services-life",
  "integration/services-guards",
  "cli/handover/command",
  "integration/services-lookup",
  "integration/settings-property",
  "integration/offline-provider-command",
  "integration/offline-provider-life",
];

class LongestFirst extends Sequencer {
  /**
   * @override
   * @param {import("@jest/test-result").Test[]} tests
   */
  async sort(tests) {
    const rank = (/** @type {{ path: string }} */ { path }) => {
      const at = LONGEST.findIndex((name) => path.endsWith(`__tests__/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    const sorted = await super.sort(tests);
    return [...sorted].sort((one, other) => rank(one) - rank(other));
  }
}

module.exports = Object.assign(LongestFirst, { LONGEST });
