/** What most suites import and none changes: a worker loads these packages once. */
const LOADED_ONCE = "/node_modules/(@cdktf/provider-aws|cdktf|constructs|fast-check|zod)/";

const shared = {
  testEnvironment: "<rootDir>/__tests__/support/jest/environment.js",
  transform: {
    [`${LOADED_ONCE}.+\\.c?js$`]: "<rootDir>/__tests__/support/jest/shared-module.js",
    // A fast transpiler: the types are checked apart, by `npm run lint`.
    "^.+\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" } }],
  },
  transformIgnorePatterns: [`^(?!.*${LOADED_ONCE}).*/node_modules/`],
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
