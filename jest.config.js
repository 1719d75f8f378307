const shared = {
  // Bare Node, as the code will run: no sandbox is built for each file, and what files import is loaded once a worker.
  // It knows no time limit for a test: what waits for something has its own.
  runner: "jest-light-runner",
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup.mjs"],
  // The types are checked apart, by `npm run lint`; the setup has TypeScript transpiled as it is loaded.
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
};

/**
 * `unit` needs Node alone; `terraform` runs the real `terraform` binary on what the unit suites only look at; `doctor` needs Python, for a
 * moto server, and so does `security`, for checkov: it is run by `npm run test:security`, since it takes its time.
 */
module.exports = {
  // Jest leaves one core to whoever watches; these suites wait for other processes much of the time.
  maxWorkers: "100%",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: [
        "/node_modules/",
        "<rootDir>/__tests__/terraform/",
        "<rootDir>/__tests__/doctor/live/",
        "<rootDir>/__tests__/security/",
      ],
    },
    {
      ...shared,
      displayName: "terraform",
      testMatch: ["<rootDir>/__tests__/terraform/**/*.test.ts"],
    },
    {
      ...shared,
      displayName: "doctor",
      testMatch: ["<rootDir>/__tests__/doctor/live/**/*.test.ts"],
    },
    {
      ...shared,
      displayName: "security",
      testMatch: ["<rootDir>/__tests__/security/**/*.test.ts"],
    },
  ],
};
