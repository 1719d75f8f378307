/**
 * One project, so that all suites share the workers and what those have loaded. `npm test` leaves out what needs Python, and
 * packages of its that are fetched first: `npm run test:doctor` and `npm run test:security`. The other scripts name the
 * folders of what they run.
 */
module.exports = {
  // Bare Node, as the code will run: no sandbox is built for each file, and what files import is loaded once a worker.
  // It knows no time limit for a test: what waits for something has its own.
  runner: "jest-light-runner",
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup.mjs"],
  testSequencer: "<rootDir>/__tests__/support/sequencer.js",
  // The types are checked apart, by `npm run lint`; the setup has TypeScript transpiled as it is loaded.
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/cli/doctor/live/", "<rootDir>/__tests__/security/"],
  // Jest leaves one core to whoever watches; these suites wait for other processes much of the time.
  maxWorkers: "100%",
};
