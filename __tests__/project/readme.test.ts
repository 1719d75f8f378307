import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { transformSync } from "esbuild";
import { SettingsError } from "../../src";
import { clusterStack } from "../support/cluster";
import { EXAMPLES } from "../support/examples";
import { blocks, PAGES, pageApps, readPage } from "../support/pages";

/** Runs the code of a page as an app, which writes to its own folder. */
function runCode(code: string): void {
  const { code: js } = transformSync(code, { loader: "ts", format: "cjs", target: "es2022" });
  const outdir = mkdtempSync(join(tmpdir(), "readme-"));
  const before = process.env.CDKTF_OUTDIR;
  process.env.CDKTF_OUTDIR = outdir;
  try {
    const load = (id: string): unknown => (id === "ecs-default-vpc" ? require("../../src") : require(id));
    new Function("require", "exports", js)(load, {});
    expect(readdirSync(join(outdir, "stacks"))).not.toHaveLength(0);
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
    rmSync(outdir, { recursive: true, force: true });
  }
}

describe("the pages", () => {
  const apps = pageApps();

  it("show apps", () => expect(apps.map(([page]) => page)).toContain("README.md"));

  it.each(apps)("%s: its app runs", (_, code) => runCode(code));

  it("contain no TypeScript that no test runs", () => {
    // Other tests compare the generated declarations of docs/api.md, and run the code of docs/testing.md.
    const others = blocks("ts").filter(([page]) => !["docs/api.md", "docs/testing.md"].includes(page));
    const run = apps.map(([, code]) => code);
    expect(others.filter(([, code]) => !run.includes(code))).toEqual([]);
  });

  it.each(PAGES)("%s: names only npm scripts that exist", (page) => {
    const scripts = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).scripts);
    const named = [...readPage(page).matchAll(/npm (?:run )(?:-s )?([a-z][a-z:]*)/g)].map(([, name]) => name);
    expect(named.filter((name) => !scripts.includes(String(name)))).toEqual([]);
  });

  it.each(PAGES)("%s: links only to files and headings that exist", (page) => {
    const prose = readPage(page).replace(/^```[\s\S]*?^```/gm, "");
    const links = [...prose.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, path = "", anchor]) => {
      const file = path === "" ? page : join(dirname(page), path);
      return !existsSync(file) || (anchor !== undefined && !anchors(readPage(file)).includes(anchor));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it("README.md: quotes an error as the library writes it", () => {
    const quoted = blocks("text").find(([page, code]) => page === "README.md" && code.startsWith("EcsClusterStack"));
    const misspelt = { amiFamly: "bottlerocket", values: { sshCidrs: ["0.0.0.0/0"] } };
    expect(() => clusterStack(misspelt as object, "prod")).toThrow(SettingsError);
    try {
      clusterStack(misspelt as object, "prod");
    } catch (error) {
      expect((error as Error).message).toBe(quoted?.[1].trimEnd());
    }
    expect.assertions(2);
  });

  it("docs/README.md: lists every page and every example", () => {
    const index = readPage("docs/README.md");
    const pages = PAGES.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
    const files = [...pages.map((page) => relative("docs", page)), ...EXAMPLES.map((name) => `../examples/${name}.ts`)];
    expect(files.filter((file) => !index.includes(`](${file})`))).toEqual([]);
  });

  it("docs/testing.md: shows the code of testing-page.test.ts, which runs", () => {
    // newcomer.ts runs the code for Vitest.
    const shown = blocks("ts").filter(([page, code]) => page === "docs/testing.md" && !code.includes('from "vitest"'));
    const code = readFileSync(join(__dirname, "testing-page.test.ts"), "utf8");
    expect(shown.map(([, block]) => block).join("\n")).toBe(code.replaceAll('"../../src', '"ecs-default-vpc'));
  });
});

/** Returns the anchors that GitHub gives the headings of a page. */
const anchors = (page: string): string[] =>
  [...page.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, "")
      .replace(/ /g, "-"),
  );
