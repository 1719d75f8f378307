import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import manifest from "../../package.json";

const ROOT = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

describe("what asks contributors for something", () => {
  const bug = read(".github/ISSUE_TEMPLATE/bug.yml");

  it("asks for what a maintainer needs: the JSON, the versions, the agent's log", () => {
    for (const name of Object.keys(manifest.peerDependencies)) expect(bug).toContain(name);
    for (const words of ["cdk.tf.json", "terraform version", "node -v", "agent_log_command"])
      expect(bug).toContain(words);
  });

  it("names files and scripts that there are", () => {
    const pullRequest = read(".github/pull_request_template.md");
    for (const file of [".ci/run", "CHANGELOG.md", "__tests__/addresses.txt"]) {
      expect(pullRequest).toContain(file);
      expect(read(file)).not.toBe("");
    }
    const scripts = [...`${bug}${pullRequest}`.matchAll(/`npm run ([\w:]+)/g)].map(([, script]) => script);
    expect(scripts).not.toHaveLength(0);
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
  });

  it("groups updates of packages that the project has", () => {
    const groups = [...read(".github/dependabot.yml").matchAll(/^ +(?:patterns|exclude-patterns): \[(.*)\]$/gm)];
    const names = groups.flatMap(([, list = ""]) => [...list.matchAll(/"([^"*]+)"/g)].map(([, name]) => name));
    expect(names).not.toHaveLength(0);
    for (const name of names) expect(Object.keys(manifest.devDependencies)).toContain(name);
  });

  it("updates Python's packages wherever there are some", () => {
    const [, list = ""] =
      /^ +- package-ecosystem: pip\n +directories: \[(.*)\]$/m.exec(read(".github/dependabot.yml")) ?? [];
    const named = list.split(", ").map((folder) => `${folder.slice(1)}/requirements.txt`);
    const tracked = execFileSync("git", ["ls-files", "*requirements*.txt"], { cwd: ROOT, encoding: "utf8" });
    expect(named.sort()).toEqual(tracked.trim().split("\n").sort());
  });

  it("draws and lists source files that there are", () => {
    const contributing = read("CONTRIBUTING.md");
    const named = [...contributing.matchAll(/\b([a-z][a-z-]*)\.ts\b/g)].map(([, name]) => name as string);
    expect(named.length).toBeGreaterThan(20);
    const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
    const tests = readdirSync(join(ROOT, "__tests__"), { recursive: true, encoding: "utf8" });
    const stems = [...sources, ...tests].map((file) => basename(file).replace(/(\.test)?\.ts$/, ""));
    expect(named.filter((name) => !stems.includes(name) && name !== "test")).toEqual([]);
  });
});
