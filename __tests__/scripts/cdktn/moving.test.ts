import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CDKTN_PACKAGES } from "../../../scripts/cdktn/versions";

const ROOT = join(__dirname, "../../..");
const PAGE = readFileSync(join(ROOT, "docs/cdktn.md"), "utf8");
const MOVED = ["main.ts", "README.md", "src", "examples", "cli", "scripts", "bench", "__tests__", "docs"];

const isSource = (file: string): boolean => /\.([jt]s|md)$/.test(file);
const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" });

describe("docs/cdktn.md", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "moving-"));
    // The command does not change files that do not name cdktf.
    const files = MOVED.flatMap((path) =>
      isSource(path) ? [path] : filesIn(join(ROOT, path)).map((file) => join(path, file)),
    );
    for (const file of files.filter(isSource)) {
      const text = readFileSync(join(ROOT, file), "utf8");
      if (!text.includes("cdktf")) continue;
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has a command that renames every import", () => {
    const [, command = ""] = /^3\. `(git grep .+)` renames/m.exec(PAGE) ?? [];
    const bash = (script: string) => execFileSync("bash", ["-euc", script], { cwd: folder, encoding: "utf8" });
    // `git grep` reads the files of the folder, so git does not have to store them.
    bash("git init --quiet && git add --intent-to-add .");
    bash(command);
    const files = filesIn(folder).filter((file) => isSource(file) && file !== "docs/cdktn.md");
    const text = (file: string) => readFileSync(join(folder, file), "utf8");
    expect(files).toEqual(expect.arrayContaining(["main.ts", "src/cluster/cluster.ts", "examples/regions.ts"]));
    expect(files.filter((file) => /\b(from|import|require\() ?"@?cdktf["/]/.test(text(file)))).toEqual([]);
    expect(text("README.md")).toContain('from "cdktn"');
    expect(text("src/terraform/readable-stack.ts")).toContain('from "cdktn"');
    expect(text("src/cluster/cluster.ts")).toContain('from "@cdktn/provider-aws/lib/ecs-cluster"');
  });

  it("names the versions that test:cdktn compares", () => {
    for (const [name, version] of Object.entries(CDKTN_PACKAGES)) {
      expect(PAGE).toContain(`\`${name}\` ${version}`);
      expect(PAGE).toContain(`${name}@${version}`);
    }
  });
});
