import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";
import { type EcsClusterSettings, EcsClusterStack, SettingsError } from "../../src";
import { clusterConfiguration, clusterStack } from "../support/cluster";
import { EXAMPLES } from "../support/examples";
import { blocks, PAGES, pageApps, readPage } from "../support/pages";

/** A page's code, run as an app would run it, into a folder of its own. */
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

  it("show apps at all", () => expect(apps.map(([page]) => page)).toContain("README.md"));

  it.each(apps)("%s: its app runs", (_, code) => runCode(code));

  it.each(PAGES)("%s: every npm script that it names is there", (page) => {
    const scripts = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).scripts);
    const named = [...readPage(page).matchAll(/npm (?:run )(?:-s )?([a-z][a-z:]*)/g)].map(([, name]) => name);
    expect(named.filter((name) => !scripts.includes(String(name)))).toEqual([]);
  });

  it.each(PAGES)("%s: every file that it links to is there", (page) => {
    const links = [...readPage(page).matchAll(/\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g)].map(([, link]) => String(link));
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  it("README.md: lists every example", () => {
    expect(EXAMPLES.filter((name) => !readPage("README.md").includes(`(examples/${name}.ts)`))).toEqual([]);
  });

  it("README.md: quotes an error as it is", () => {
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
});

describe("docs/settings.md", () => {
  const page = readPage("docs/settings.md");
  /** The names in the first column of the tables. */
  const rows = [...page.matchAll(/^\| ((?:`[a-zA-Z_]+`(?:, )?)+) \|/gm)].flatMap(([, names = ""]) =>
    names.replace(/`/g, "").split(", "),
  );

  it("has every setting", () => {
    let known: string[] = [];
    try {
      new EcsClusterStack(null as never, "x", { thereIsNoSuchSetting: 1 } as object);
    } catch (error) {
      known = /Known are ([^.]+)\./.exec((error as Error).message)?.[1]?.split(", ") ?? [];
    }
    expect(known).toContain("amiFamily");
    expect(known.filter((name) => !rows.includes(name))).toEqual([]);
  });

  it("has every variable, with its default", () => {
    const variables = clusterConfiguration().variable as Record<string, { default?: unknown }>;
    for (const [name, definition] of Object.entries(variables)) {
      const shown =
        "default" in definition ? `\`${JSON.stringify(definition.default).replace(/^"|"$/g, "")}\`` : "required";
      expect(page).toMatch(
        new RegExp(`^\\| \`${name}\` \\| \\w+ \\| ${shown.replace(/[[\]{}.()/]/g, "\\$&")} \\|`, "m"),
      );
    }
  });

  it("names the variables that settings bring", () => {
    const settings: EcsClusterSettings = {
      vpcId: "vpc-0123456789abcdef0",
      privateSubnets: true,
      keyPair: "existing",
      loadBalancer: { https: true, webAcl: "existing" },
    };
    const brought = Object.keys(clusterConfiguration(settings).variable as object);
    expect(brought.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("has every output", () => {
    const outputs = Object.keys(clusterConfiguration().output as object);
    expect(outputs.filter((name) => !rows.includes(name))).toEqual([]);
  });
});
