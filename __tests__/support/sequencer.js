const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * The suites that take longest, which start first. Jest does the same, but only after a first run, which has the times.
 */
const LONGEST = [
  "validation/any-input",
  "integration/services-life",
  "integration/services-guards",
  "cli/handover/command",
  "integration/services-lookup",
  "integration/settings-property",
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
