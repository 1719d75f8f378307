import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { differences } from "../../../../cli/handover/folder/differences";
import { type FileSystem, MARKER, recover, writeFolder } from "../../../../cli/handover/folder/write-folder";
import { removeFolders, temporaryFolder } from "../../../support/handover";

const OLD = { "main.tf.json": "old\n", "gone.tf.json": "gone\n", "tests/plan.tftest.hcl": "old test\n" };
const NEW = { "main.tf.json": "new\n", "README.md": "readme\n", "tests/plan.tftest.hcl": "new test\n" };

/** Returns the files of a folder by path. */
function contents(folder: string, below = ""): Record<string, string> {
  return Object.fromEntries(
    fs.readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry): [string, string][] => {
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return Object.entries(contents(folder, path));
      return path === MARKER ? [] : [[path, fs.readFileSync(join(folder, path), "utf8")]];
    }),
  );
}

/** A file system without fsync. */
const quick: FileSystem = { ...fs, fsyncSync: () => {} };

/** A file system that fails from a step on, like a full disk or a kill. */
function failingAt(step: number): FileSystem {
  let left = step;
  return new Proxy(quick, {
    get: (target, name) => {
      const method = (target as unknown as Record<string, unknown>)[name as string];
      if (typeof method !== "function" || !/Sync$/.test(String(name))) return method;
      return (...args: unknown[]) => {
        left -= 1;
        if (left < 0) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
        return method.apply(target, args);
      };
    },
  }) as unknown as FileSystem;
}

describe("writing a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = join(temporaryFolder(), "ecs");
  });
  afterAll(removeFolders);

  it("creates the folder and its parents, and lists its files in the marker", () => {
    const deep = join(folder, "a", "b");
    writeFolder(deep, NEW);
    expect(contents(deep)).toEqual(NEW);
    expect(JSON.parse(fs.readFileSync(join(deep, MARKER), "utf8"))).toEqual({
      handover: 1,
      files: ["README.md", "main.tf.json", "tests/plan.tftest.hcl"],
    });
  });

  it("replaces an earlier hand-over, and leaves no other folder", () => {
    writeFolder(folder, OLD);
    writeFolder(folder, NEW);
    expect(contents(folder)).toEqual(NEW);
    expect(fs.readdirSync(join(folder, ".."))).toEqual(["ecs"]);
  });

  it("keeps the user's files: values, a state, a provider, a link", () => {
    writeFolder(folder, OLD);
    const others = {
      "terraform.tfvars": "a = 1\n",
      "terraform.tfstate": "{}\n",
      ".terraform/x/provider": "binary",
      "tests/mine.tftest.hcl": "#\n",
    };
    for (const [path, text] of Object.entries(others)) {
      fs.mkdirSync(join(folder, path, ".."), { recursive: true });
      fs.writeFileSync(join(folder, path), text);
    }
    fs.symlinkSync("terraform.tfvars", join(folder, "link"));
    fs.mkdirSync(join(folder, "empty"));
    writeFolder(folder, NEW);
    expect(contents(folder)).toEqual({ ...NEW, ...others, link: "a = 1\n" });
    expect(fs.readlinkSync(join(folder, "link"))).toBe("terraform.tfvars");
    expect(fs.readdirSync(folder)).toContain("empty");
  });

  it("throws the error if a folder cannot be created", () => {
    const failure = Object.assign(new Error("ENOENT: no such file or directory"), { code: "ENOENT" });
    // /proc answers like this, and Node's `recursive` loops forever.
    const mkdirSync = ((_: string, options?: { recursive?: boolean }) => {
      throw options?.recursive ? new Error("This would never end.") : failure;
    }) as FileSystem["mkdirSync"];
    expect(() => writeFolder(join(folder, "deep"), NEW, { ...quick, mkdirSync })).toThrow(failure);
  });

  it("writes to an empty folder", () => {
    fs.mkdirSync(folder);
    writeFolder(folder, NEW);
    expect(contents(folder)).toEqual(NEW);
  });

  it.each([
    ["has no marker", { "notes.txt": "mine" }],
    ["has another program's marker", { [MARKER]: '{"other":true}' }],
    ["has a marker that is not JSON", { [MARKER]: "no" }],
  ])("rejects a folder that %s", (_, files) => {
    fs.mkdirSync(folder);
    for (const [path, text] of Object.entries(files)) fs.writeFileSync(join(folder, path), text);
    expect(() => writeFolder(folder, NEW)).toThrow(
      `--out must be a new folder, an empty folder or an earlier hand-over with a ${MARKER}; received "ecs", which \`handover\` did not write. Give another folder, or move this one.`,
    );
    expect(fs.readdirSync(folder)).toEqual(Object.keys(files));
  });

  it("rejects a file", () => {
    fs.writeFileSync(folder, "mine");
    expect(() => writeFolder(folder, NEW)).toThrow("--out must be a new folder");
    expect(fs.readFileSync(folder, "utf8")).toBe("mine");
  });

  it("leaves either the old or the new files if any step fails", () => {
    // One replaced, one removed and one new file. More files would add many steps.
    const before = { "main.tf.json": "old\n", "gone.tf.json": "gone\n" };
    const after = { "main.tf.json": "new\n", "tests/plan.tftest.hcl": "test\n" };
    const seen = new Set<string>();
    for (let step = 0; ; step += 1) {
      const target = join(folder, String(step), "ecs");
      writeFolder(target, before, quick);
      fs.writeFileSync(join(target, "terraform.tfstate"), "state\n");
      let failed = false;
      try {
        writeFolder(target, after, failingAt(step));
      } catch (error) {
        failed = true;
        expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
      }
      recover(target);
      const { "terraform.tfstate": state, ...files } = contents(target);
      expect([step, state]).toEqual([step, "state\n"]);
      expect([before, after]).toContainEqual(files);
      seen.add("gone.tf.json" in files ? "old" : "new");
      writeFolder(target, after, quick);
      expect(fs.readdirSync(join(target, ".."))).toEqual(["ecs"]);
      if (!failed) break;
    }
    expect([...seen]).toEqual(["old", "new"]);
  });

  it("restores the folder of a run that stopped between the renames, with the user's files", () => {
    writeFolder(folder, OLD, quick);
    fs.writeFileSync(join(folder, "terraform.tfstate"), "state\n");
    let renames = 0;
    const renameSync: FileSystem["renameSync"] = (...paths) => {
      renames += 1;
      if (renames > 1) throw new Error("EIO");
      fs.renameSync(...paths);
    };
    expect(() => writeFolder(folder, NEW, { ...quick, renameSync })).toThrow("EIO");
    expect(fs.existsSync(folder)).toBe(false);
    writeFolder(folder, NEW, quick);
    expect(contents(folder)).toEqual({ ...NEW, "terraform.tfstate": "state\n" });
    expect(fs.readdirSync(join(folder, ".."))).toEqual(["ecs"]);
  });

  it.each([
    ["writeFileSync", 2],
    ["linkSync", 1],
    ["renameSync", 2],
  ] as const)("cleans up after an error in %s, call %i", (name, nth) => {
    writeFolder(folder, OLD);
    fs.writeFileSync(join(folder, "terraform.tfstate"), "state\n");
    const real: Record<string, (...all: unknown[]) => unknown> = Object.fromEntries(Object.entries(fs)) as never;
    let calls = 0;
    const failing = (...args: unknown[]): unknown => {
      calls += 1;
      if (calls === nth) throw new Error("EIO");
      return real[name]?.(...args);
    };
    expect(() => writeFolder(folder, NEW, { ...fs, [name]: failing } as FileSystem)).toThrow("EIO");
    expect(contents(folder)).toEqual({ ...OLD, "terraform.tfstate": "state\n" });
    const beside = fs.readdirSync(join(folder, ".."));
    expect(beside.filter((entry) => entry !== "ecs" && name !== "renameSync")).toEqual([]);
  });

  it("keeps the old files if the process is killed at any rename", () => {
    const bundle = join(temporaryFolder(), "write-folder.js");
    buildSync({
      entryPoints: ["cli/handover/folder/write-folder.ts"],
      outfile: bundle,
      bundle: true,
      platform: "node",
    });
    for (const nth of [1, 2]) {
      const target = join(temporaryFolder(), "ecs");
      writeFolder(target, OLD);
      const script = `
        const fs = require("node:fs");
        const rename = fs.renameSync;
        let count = 0;
        fs.renameSync = (...args) => {
          count += 1;
          if (count === ${nth}) process.kill(process.pid, "SIGKILL");
          rename(...args);
        };
        const { writeFolder } = require(process.argv[1]);
        writeFolder(process.argv[2], ${JSON.stringify(NEW)}, { ...fs });
      `;
      const { signal } = spawnSync(process.execPath, ["--eval", script, bundle, target]);
      expect(signal).toBe("SIGKILL");
      recover(target);
      expect(contents(target)).toEqual(OLD);
    }
  });
});

describe("comparing a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = join(temporaryFolder(), "ecs");
    writeFolder(folder, OLD);
  });
  afterAll(removeFolders);

  it("finds no difference in an unchanged folder, and ignores the user's files", () => {
    fs.writeFileSync(join(folder, "terraform.tfvars"), "a = 1\n");
    expect(differences(folder, OLD)).toBe("");
  });

  it("shows changed lines, and removed and new files", () => {
    const shown = differences(folder, NEW);
    expect(shown).toContain(
      "--- main.tf.json\ton disk\n+++ main.tf.json\tfrom the code\n@@ -1,1 +1,1 @@\n-old\n+new\n",
    );
    expect(shown).toContain("--- gone.tf.json\ton disk\n+++ /dev/null\tfrom the code\n@@ -1,1 +0,0 @@\n-gone\n");
    expect(shown).toContain("--- /dev/null\ton disk\n+++ README.md\tfrom the code\n@@ -0,0 +1,1 @@\n+readme\n");
  });

  it("finds a manual change", () => {
    fs.appendFileSync(join(folder, "main.tf.json"), "more\n");
    expect(differences(folder, OLD)).toContain("-more\n");
  });

  it("shows all files of a missing folder", () => {
    expect(differences(join(folder, "none"), NEW)).toContain("+readme");
  });

  it("rejects a folder that is not a hand-over", () => {
    fs.rmSync(join(folder, MARKER));
    expect(() => differences(folder, NEW)).toThrow("which `handover` did not write");
  });
});
