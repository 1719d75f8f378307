import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { Construct } from "constructs";
import { anchor } from "../../../scripts/docs/markdown";
import { generatedPages } from "../../../scripts/docs/pages";
import * as library from "../../../src";
import { clusterConfiguration } from "../../support/cluster";

const GENERATED = generatedPages();
const WRITTEN = readdirSync("docs")
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
/** All pages of docs, by their paths. `npm run docs -- --check` compares the generated ones with the files in CI. */
const PAGES = new Map([...WRITTEN.map((page) => [page, readFileSync(page, "utf8")] as const), ...GENERATED]);

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, "");
const anchors = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));

describe("the generated pages", () => {
  it.each([...GENERATED])("%s links only to pages and headings that exist", (page, text) => {
    const links = [...withoutCode(text).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
    const broken = links.filter(([, path = "", heading]) => {
      const target = path === "" ? page : posix.join(posix.dirname(page), path);
      const targetText = PAGES.get(target) ?? (existsSync(target) && heading === undefined ? "" : undefined);
      return targetText === undefined || (heading !== undefined && !anchors(targetText).includes(heading));
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it("have a page for each construct, with code, JSON and a table of settings", () => {
    const constructs = Object.entries(library as Readonly<Record<string, { prototype?: unknown } | readonly unknown[]>>)
      .filter(
        ([name, value]) => "prototype" in value && value.prototype instanceof Construct && !name.endsWith("Stack"),
      )
      .map(([name]) => name);
    const pages = [...GENERATED].filter(([page]) => page.startsWith("docs/constructs/") && !page.endsWith("README.md"));
    expect(pages.map(([, text]) => /^# (\w+)$/m.exec(text)?.[1]).sort()).toEqual(constructs.sort());
    for (const [page, text] of pages) {
      expect([page, text]).toEqual([
        page,
        expect.stringMatching(/^```ts\n[\s\S]+^```json\n[\s\S]+^## Settings\n[\s\S]+^\| `/m),
      ]);
      expect([page, text]).not.toEqual([page, expect.stringContaining("```json\n{}\n")]);
    }
  });

  it("list every export on the API page", () => {
    const api = GENERATED.get("docs/api.md") ?? "";
    const listed = [...api.matchAll(/^\| \[`(\w+)`\]/gm)].map(([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(Object.keys(library)));
    expect(new Set(listed).size).toBe(listed.length);
  });

  it("have the settings of other classes on the API page", () => {
    const api = GENERATED.get("docs/api.md") ?? "";
    expect(api).toMatch(/^### UserDataProps\n\n.+\n\n\| Setting \|.*\| Limits \|$/m);
  });
});

describe("docs/settings.md", () => {
  const text = GENERATED.get("docs/settings.md") ?? "";
  const names = [...text.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", "));

  it("has every output", () => {
    const outputs = Object.keys(clusterConfiguration().output as object);
    expect(outputs.filter((name) => !names.includes(name))).toEqual([]);
  });

  it("has every variable", () => {
    const settings = { vpcId: "vpc-0123456789abcdef0", privateSubnets: true, loadBalancer: { https: true } } as const;
    const variables = Object.keys(clusterConfiguration({ ...settings, alarms: true }).variable as object);
    expect(variables.filter((name) => !text.includes(`| \`${name}\` |`) && name !== "vpc_id")).toEqual([]);
  });
});
