import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";

const ROOT = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

describe("the templates of issues and pull requests", () => {
  const bug = read(".github/ISSUE_TEMPLATE/bug.yml");

  it("ask for the JSON, the versions and the agent's log", () => {
    for (const name of Object.keys(manifest.peerDependencies)) expect(bug).toContain(name);
    for (const words of ["cdk.tf.json", "terraform version", "node -v", "agent_log_command"])
      expect(bug).toContain(words);
  });

  it("name only files and scripts that exist", () => {
    const pullRequest = read(".github/pull_request_template.md");
    for (const file of [".ci/run", "CHANGELOG.md", "__tests__/addresses.txt"]) {
      expect(pullRequest).toContain(file);
      expect(read(file)).not.toBe("");
    }
    const scripts = [...`${bug}${pullRequest}`.matchAll(/`npm run ([\w:]+)/g)].map(([, script]) => script);
    expect(scripts).not.toHaveLength(0);
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
  });
});

describe("dependabot.yml", () => {
  it("groups only packages that the project has", () => {
    const groups = [...read(".github/dependabot.yml").matchAll(/^ +(?:patterns|exclude-patterns): \[(.*)\]$/gm)];
    const names = groups.flatMap(([, list = ""]) => [...list.matchAll(/"([^"*]+)"/g)].map(([, name]) => name));
    expect(names).not.toHaveLength(0);
    for (const name of names) expect(Object.keys(manifest.devDependencies)).toContain(name);
  });

  it("updates every file of Python packages", () => {
    const [, list = ""] =
      /^ +- package-ecosystem: pip\n +directories: \[(.*)\]$/m.exec(read(".github/dependabot.yml")) ?? [];
    const named = list.split(", ").map((folder) => `${folder.slice(1)}/requirements.txt`);
    const tracked = execFileSync("git", ["ls-files", "*requirements*.txt"], { cwd: ROOT, encoding: "utf8" });
    expect(named.sort()).toEqual(tracked.trim().split("\n").sort());
  });
});

describe("CONTRIBUTING.md", () => {
  const contributing = read("CONTRIBUTING.md");

  it("lists every folder of the library", () => {
    const [, table = ""] = /^\| folder in `src` .*\n\|---.*\n((?:\|.*\n)+)/m.exec(contributing) ?? [];
    const rows = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, folder]) => folder);
    const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect([...rows].sort()).toEqual(folders.map(({ name }) => name).sort());
  });

  it("names only files and folders that exist", () => {
    const paths = [...contributing.matchAll(/(?:`|jest )((?:src|cli|scripts|__tests__|examples|docs)\/[\w/.-]+)/g)];
    const named = paths.map(([, path]) => String(path)).filter((path) => path !== "__tests__/stacks/addresses");
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
