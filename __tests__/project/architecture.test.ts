import { existsSync, readdirSync } from "node:fs";
import { cycle, importsIn, importsOf, sources, textOf } from "../support/imports";

/** The folders of `src`. A folder imports itself and the folders after it. */
const ROOMS = [
  "testing",
  "stacks",
  "observability",
  "services",
  "load-balancing",
  "tasks",
  "capacity",
  "instances",
  "iam",
  "cluster",
  "network",
  "validation",
  "terraform",
];

const SRC = sources("src");
const EVERYWHERE = [...sources("src", "examples", "cli", "scripts", "__tests__"), "main.ts"];
const isCdktf = (target: string) => /^(cdktf|constructs|@cdktf\/)/.test(target);

/** Returns the position of a file's folder in the order, or -1 for the public API. */
const rank = (file: string): number => ROOMS.indexOf(file.split("/")[1] ?? "");

describe("the architecture", () => {
  it("finds the files and their imports, on which the other tests depend", () => {
    expect(SRC.length).toBeGreaterThan(50);
    expect(importsOf("src/cluster/cluster.ts")).toContainEqual({
      file: "src/cluster/cluster.ts",
      target: "@cdktf/provider-aws/lib/ecs-cluster",
      typeOnly: false,
    });
    expect(importsOf("src/instances/user-data.ts")).toContainEqual(
      expect.objectContaining({ target: "src/instances/agent-config.ts" }),
    );
  });

  it.each([
    ['import { x } from "../b";', false],
    ["import type { x } from '../b';", true],
    ['export { x } from "../b";', false],
    ['import "../b";', false],
    ['const x = await import("../b");', false],
    ["const x = await import(`../b`);", false],
    ['const x = require("../b");', false],
    ["const x = require(`../b`);", false],
  ])("finds the import in %s", (text, typeOnly) => {
    expect(importsIn("src/a/a.ts", text)).toEqual([{ file: "src/a/a.ts", target: "src/b", typeOnly }]);
  });

  it("has one folder for each subject, and index.ts", () => {
    expect(readdirSync("src").sort()).toEqual([...ROOMS, "index.ts"].sort());
  });

  it("imports only down the order of folders, types included", () => {
    const up = SRC.filter((file) => file !== "src/index.ts")
      .flatMap(importsOf)
      .filter(({ file, target }) => target.startsWith("src/") && rank(target) < rank(file));
    expect(up.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it("has no import cycle, not even of types", () => {
    expect(cycle(SRC.filter((file) => !file.startsWith("src/testing/")))).toBeUndefined();
  });

  it("imports nothing from the command, the scripts, the examples or the tests into the library", () => {
    const outside = SRC.flatMap(importsOf).filter(({ target }) => /^(cli|scripts|__tests__|examples)\//.test(target));
    // What users import in tests plans with the offline provider. The public API does not import it.
    const isTesting = ({ file, target }: { file: string; target: string }) =>
      file.startsWith("src/testing/") && target.startsWith("cli/offline-provider/");
    expect(outside.filter((one) => !isTesting(one))).toEqual([]);
    expect(importsOf("src/index.ts").filter(({ target }) => target.startsWith("src/testing/"))).toEqual([]);
  });

  it("imports nothing from the scripts and the tests into the command", () => {
    const outside = sources("cli")
      .flatMap(importsOf)
      .filter(({ target }) => /^(scripts|__tests__|examples)\//.test(target));
    expect(outside.map(({ file }) => file)).toEqual([]);
  });

  it("imports neither the library nor CDKTF into the hand-over, which reads only JSON", () => {
    const wrong = sources("cli/handover")
      .flatMap(importsOf)
      .filter(({ target }) => isCdktf(target) || target.startsWith("src/"));
    expect(wrong).toEqual([]);
  });

  it("imports each resource of the provider by itself, because its index takes seconds and a gigabyte", () => {
    const provider = EVERYWHERE.flatMap(importsOf).filter(({ target }) => target.startsWith("@cdktf/provider-aws"));
    expect(provider.length).toBeGreaterThan(20);
    const wrong = provider.filter(
      ({ target }) => !/^@cdktf\/provider-aws\/(lib\/([a-z0-9-]+|\$\{\w+\}\/index\.js)|package\.json)$/.test(target),
    );
    expect(wrong).toEqual([]);
  });

  it("lists the public API by name in src/index.ts, which has nothing else", () => {
    const text = textOf("src/index.ts");
    expect(text).not.toMatch(/export\s+\*|export\s+default|export\s+(const|class|function|interface|type)\s+\w/);
    expect(text.replace(/export (type )?\{[^}]*\} from "\.\/[a-z0-9/-]+";/g, "").trim()).toBe("");
  });

  it("has a folder of tests for each folder of the library", () => {
    expect(ROOMS.filter((room) => !existsSync(`__tests__/${room}`))).toEqual([]);
  });
});
