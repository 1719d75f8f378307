/**
 * One project, so that all suites share the workers and the modules that these have loaded. `npm test` leaves out the suites
 * that take longest, and those that install Python packages. The scripts `test:…` of package.json run them.
 */
module.exports = {
  // This runner builds no sandbox for each file and loads each module once per worker. It has no time limit for tests.
  runner: "jest-light-runner",
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup.mjs"],
  testSequencer: "<rootDir>/__tests__/support/sequencer.js",
  // The setup file compiles TypeScript when it is loaded. `npm run lint` checks the types.
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/__tests__/examples/",
    "<rootDir>/__tests__/package/",
    "<rootDir>/__tests__/cdktn/",
    "<rootDir>/__tests__/scripts/synth/",
    "<rootDir>/__tests__/cli/doctor/live/",
    "<rootDir>/__tests__/security/",
    "<rootDir>/__tests__/transitions/",
    "<rootDir>/__tests__/workflows/",
  ],
  // One worker for each core, because suites often wait for other processes. By default, Jest leaves one core unused.
  maxWorkers: "100%",
};
