import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CDKTN_PACKAGES } from "../../tools/cdktn/versions";

const ROOT = join(__dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/cdktn.md"), "utf8");
const MOVED = ["main.ts", "src", "examples", "tools", "__tests__", "docs/constructs"];

describe("docs/cdktn.md", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "moving-"));
    const filter = (path: string) => statSync(path).isDirectory() || /\.[jt]s$/.test(path);
    for (const path of MOVED) cpSync(join(ROOT, path), join(folder, path), { recursive: true, filter });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("renames every import with the command that it gives", () => {
    const [, command = ""] = /^3\. `(git grep .+)` renames/m.exec(PAGE) ?? [];
    const bash = (script: string) => execFileSync("bash", ["-euc", script], { cwd: folder, encoding: "utf8" });
    // `git grep` reads the folder's files, so that git need not keep what they hold.
    bash("git init --quiet && git add --intent-to-add .");
    bash(command);
    const files = MOVED.flatMap((path) =>
      statSync(join(folder, path)).isFile()
        ? [path]
        : readdirSync(join(folder, path), { recursive: true, encoding: "utf8" }).map((file) => join(path, file)),
    ).filter((file) => /\.[jt]s$/.test(file));
    const text = (file: string) => readFileSync(join(folder, file), "utf8");
    expect(files.filter((file) => /\b(from|import|require\() ?"@?cdktf["/]/.test(text(file)))).toEqual([]);
    expect(text("src/readable-stack.ts")).toContain('from "cdktn"');
    expect(text("src/cluster.ts")).toContain('from "@cdktn/provider-aws/lib/ecs-cluster"');
  });

  it("names the versions that are compared", () => {
    for (const [name, version] of Object.entries(CDKTN_PACKAGES)) {
      expect(PAGE).toContain(`\`${name}\` ${version}`);
      expect(PAGE).toContain(`${name}@${version}`);
    }
  });
});
