import { cycle, importsOf, reachable, sources, textOf } from "../support/imports";

const SRC = sources("src");
const CORE = SRC.filter((file) => !file.startsWith("cli/handover/"));
const EVERYWHERE = [...sources("src", "examples", "cli", "scripts", "__tests__"), "main.ts"];

/** The files in which everything meets; nothing but the public API may import them. */
const STACKS = ["src/ecs-cluster-stack.ts", "src/ecs-service-stack.ts"];

/** Each file that defines a construct. */
const CONSTRUCTS = CORE.filter(
  (file) => /extends (Construct|ReadableStack)\b/.test(textOf(file)) && !STACKS.includes(file),
);

/** Those of them that are made: `ReadableStack` is only extended. */
const PEERS = CONSTRUCTS.filter((file) => file !== "src/readable-stack.ts");

/**
 * A construct takes its peers as props, by their types; only a stack makes several and joins them. These few make
 * another construct themselves, because it has no meaning without them.
 */
const MAKES: Readonly<Record<string, readonly string[]>> = {
  "src/ec2-service.ts": [
    "src/ecr-repository.ts",
    "src/listener-rule.ts",
    "src/service-connect.ts",
    "src/service-image.ts",
    "src/service-scaling.ts",
    "src/target-group.ts",
    "src/task-definition.ts",
  ],
  // The variable of its tag, and the repository where it makes one.
  "src/service-image.ts": ["src/ecr-repository.ts", "src/variables.ts"],
  "src/task-definition.ts": ["src/execution-role.ts", "src/task-role.ts"],
  // The trust that both have.
  "src/task-role.ts": ["src/execution-role.ts"],
};

/** What may know of the settings: the files that resolve them, the stacks, and the backend, which is a setting. */
const KNOWS_SETTINGS = ["src/backend.ts", "src/index.ts", "src/settings.ts", ...STACKS];

const isCdktf = (target: string) => /^(cdktf|constructs|@cdktf\/)/.test(target);

describe("the architecture", () => {
  it("sees the files and their imports, or every test here would pass for nothing", () => {
    expect(CONSTRUCTS.length).toBeGreaterThan(12);
    expect(importsOf("src/cluster.ts")).toEqual(
      expect.arrayContaining([
        { file: "src/cluster.ts", target: "@cdktf/provider-aws/lib/ecs-cluster", typeOnly: false },
        { file: "src/cluster.ts", target: "src/values.ts", typeOnly: false },
      ]),
    );
    expect(importsOf("src/user-data.ts")).toContainEqual({
      file: "src/user-data.ts",
      target: "src/agent-config.ts",
      typeOnly: true,
    });
  });

  it("has no import cycle among the source files, not even of types", () => {
    expect(cycle(SRC)).toBeUndefined();
  });

  it("checks settings without CDKTF: nothing that settings.ts imports, however far, loads it", () => {
    const ways = [...reachable("src/settings.ts")].filter(([target]) => isCdktf(target)).map(([, way]) => way);
    expect(ways).toEqual([]);
  });

  it("keeps the settings from the constructs: only the stacks know both", () => {
    const known = CORE.flatMap(importsOf).filter(({ target }) => target === "src/settings.ts");
    expect(known.map(({ file }) => file).filter((file) => !KNOWS_SETTINGS.includes(file))).toEqual([]);
  });

  it("keeps the stacks on top: only the public API imports one", () => {
    const importers = SRC.flatMap(importsOf).filter(({ target }) => STACKS.includes(target));
    expect([...new Set(importers.map(({ file }) => file))]).toEqual(["src/index.ts"]);
  });

  it("lets constructs meet in a stack alone: one knows another by its type and never makes it", () => {
    const edges = PEERS.flatMap(importsOf).filter(
      ({ file, target, typeOnly }) => !typeOnly && PEERS.includes(target) && !MAKES[file]?.includes(target),
    );
    expect(edges.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it("names no edge between constructs that isn't there any more", () => {
    const stale = Object.entries(MAKES).flatMap(([file, targets]) => {
      const imported = importsOf(file).map(({ target }) => target);
      return targets.filter((target) => !imported.includes(target)).map((target) => `${file} -> ${target}`);
    });
    expect(stale).toEqual([]);
  });

  it("lets the hand-over read the JSON alone: it imports no construct and no CDKTF", () => {
    const handover = SRC.filter((file) => file.startsWith("cli/handover/")).flatMap(importsOf);
    const wrong = handover.filter(
      ({ target }) => isCdktf(target) || CONSTRUCTS.includes(target) || STACKS.includes(target),
    );
    expect(wrong).toEqual([]);
  });

  it("loads the provider one resource at a time: its barrel costs seconds and a gigabyte", () => {
    const provider = EVERYWHERE.flatMap(importsOf).filter(({ target }) => target.startsWith("@cdktf/provider-aws"));
    expect(provider.length).toBeGreaterThan(20);
    const wrong = provider.filter(
      ({ target }) => !/^@cdktf\/provider-aws\/(lib\/[a-z0-9-]+|package\.json)$/.test(target),
    );
    expect(wrong).toEqual([]);
  });

  it("exports by name: src/index.ts says what is public, and holds nothing else", () => {
    const text = textOf("src/index.ts");
    expect(text).not.toMatch(/export\s+\*|export\s+default|export\s+(const|class|function|interface|type)\s+\w/);
    expect(text.replace(/export (type )?\{[^}]*\} from "\.\/[a-z0-9/-]+";/g, "").trim()).toBe("");
  });

  it("imports no test and no tool from the library", () => {
    const outside = SRC.flatMap(importsOf).filter(({ target }) => /^(cli|scripts|__tests__|examples)\//.test(target));
    expect(outside).toEqual([]);
  });

  it("has no source file over 250 lines", () => {
    const long = SRC.map((file) => ({ file, lines: textOf(file).split("\n").length - 1 })).filter(
      ({ lines }) => lines > 250,
    );
    expect(long).toEqual([]);
  });

  it("has a median of at most 110 lines a source file", () => {
    const lengths = SRC.map((file) => textOf(file).split("\n").length - 1).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(110);
  });
});
