import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fc, SEED } from "../support/seeded";

const generated = (): unknown[] => fc.sample(fc.string(), 20);

describe("values that tests generate", () => {
  it("are the same each time", () => {
    expect(generated()).toEqual(generated());
    expect(fc.sample(fc.string(), { numRuns: 20, seed: SEED })).toEqual(generated());
    expect(fc.sample(fc.string(), { numRuns: 20, seed: SEED + 1 })).not.toEqual(generated());
  });

  it("follow FC_SEED", () => {
    const printed = execFileSync(
      process.execPath,
      ["--require", "tsx/cjs", "-e", "console.log(require('./__tests__/support/seeded.ts').SEED)"],
      { env: { ...process.env, FC_SEED: "7" } },
    );
    expect(printed.toString().trim()).toBe("7");
  });

  it("come from the seeded generator alone", () => {
    const files = readdirSync("__tests__", { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const importing = files.filter((file) =>
      /^import .* from "fast-check"/m.test(readFileSync(`__tests__/${file}`, "utf8")),
    );
    expect(importing.filter((file) => !file.startsWith("support/"))).toEqual([]);
  });
});
