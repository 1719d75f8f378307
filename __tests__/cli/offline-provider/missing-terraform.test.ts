import { describeTerraform } from "../../support/terraform";

/** The calls of Jest's functions, and the output. */
interface Asked {
  readonly suites: readonly (readonly [how: string, name: string])[];
  readonly tests: readonly (readonly [name: string, body: () => unknown])[];
  readonly printed: string;
}

/** Describes a suite without Terraform, with a Jest that only records calls. */
function withoutTerraform(ci: string, body: () => void): Asked {
  const suites: [string, string][] = [];
  const tests: [string, () => unknown][] = [];
  let printed = "";
  const suite = (how: string, enter: boolean) => (name: string, described: () => void) => {
    suites.push([how, name]);
    if (enter) described();
  };
  const { describe, it } = globalThis;
  const { TERRAFORM_BINARY_NAME, CI } = process.env;
  const write = process.stderr.write;
  const stand = Object.assign(suite("run", true), { skip: suite("skipped", false) });
  Object.assign(globalThis, { describe: stand, it: (...test: [string, () => unknown]) => tests.push(test) });
  Object.assign(process.env, { TERRAFORM_BINARY_NAME: "no-such-terraform", CI: ci });
  process.stderr.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
  try {
    describeTerraform("plans", body);
  } finally {
    process.stderr.write = write;
    for (const [name, value] of Object.entries({ TERRAFORM_BINARY_NAME, CI })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    Object.assign(globalThis, { describe, it });
  }
  return { suites, tests, printed };
}

describe("a suite that needs Terraform, without Terraform", () => {
  const never = () => {
    throw new Error("The tests of the suite must not be described.");
  };

  it("is skipped with a message", () => {
    expect(withoutTerraform("", never)).toEqual({
      suites: [["skipped", "plans"]],
      tests: [],
      printed: 'skipped: "plans", because terraform is not installed\n',
    });
  });

  it("fails in CI", () => {
    const { suites, tests, printed } = withoutTerraform("true", never);
    expect([suites, printed]).toEqual([[["run", "plans"]], ""]);
    expect(tests.map(([name]) => name)).toEqual(["needs Terraform"]);
    expect(tests[0]?.[1]).toThrow("terraform is not installed");
  });
});
