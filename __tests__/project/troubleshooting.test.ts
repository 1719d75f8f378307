import { readdirSync, readFileSync } from "node:fs";

const PAGE = readFileSync("docs/troubleshooting.md", "utf8");
const [, ...SECTIONS] = PAGE.split(/^## /m);
const heading = (section: string): string => section.slice(0, section.indexOf("\n"));
const SOURCES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(`src/${file}`, "utf8"))
  .join("\n");

/** As GitHub makes anchors of headings. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replace(/ /g, "-");

describe("docs/troubleshooting.md", () => {
  it("starts with what the project came from, and has the rest that people ask for", () => {
    expect(SECTIONS.map(heading)).toEqual([
      "There is no AMI for the region",
      "Containers don't reach what is in the VPC",
      "SSH times out",
      "An instance is not in the cluster",
      "Containers are killed and restarted",
      "A target is unhealthy",
      "A service is stuck",
      "There is no capacity",
      "The image can't be pulled",
      "Destroy hangs",
    ]);
  });

  it.each(SECTIONS.map((section) => [heading(section), section]))(
    "%s: has a command and causes with their mend",
    (_, section) => {
      expect(section).toMatch(/^```sh\n(?:.+\n)+```$/m);
      const [head, line, ...rows] = section.split("\n").filter((text) => text.startsWith("|"));
      expect([head, line]).toEqual(["| what you read | cause | mend |", "|---|---|---|"]);
      expect(rows.length).toBeGreaterThan(2);
      // A pipe within a command would make a column of it.
      expect(rows.filter((row) => row.split("|").length !== 5)).toEqual([]);
    },
  );

  it.each(SECTIONS.map((section) => [heading(section), section]))(
    "%s: says what to read in the answer",
    (_, section) => {
      expect(section).toMatch(/^Read /m);
    },
  );

  it("breaks no command that stands in a sentence, of which half would be copied", () => {
    const prose = PAGE.replace(/^```[\s\S]*?^```/gm, "");
    const commands = [...prose.matchAll(/`((?:aws|sudo|npm|curl|terraform) [^`]*)`/g)].map(([, command]) => command);
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter((command) => command?.includes("\n"))).toEqual([]);
  });

  it("links to its own parts, each once from the top", () => {
    const links = [...PAGE.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    const anchors = SECTIONS.map(heading).map(anchor);
    expect(links.filter((link) => !anchors.includes(String(link)))).toEqual([]);
    expect(links.slice(0, anchors.length)).toEqual(anchors);
  });

  it("names settings, variables and outputs that there are", () => {
    const prose = PAGE.replace(/^```[\s\S]*?^```/gm, "");
    const names = [...prose.matchAll(/`([a-z]+(?:_[a-z]+)+|[a-z]+(?:[A-Z][A-Za-z]+)+)`/g)].map(([, name]) =>
      String(name),
    );
    // What AWS calls so in its answers, and Terraform in its state.
    const ofAws = ["stoppedReason", "image_id", "force_delete"];
    expect(names.length).toBeGreaterThan(40);
    const known = (name: string) => new RegExp(`\\b${name}\\b`).test(SOURCES);
    expect([...new Set(names)].filter((name) => !ofAws.includes(name) && !known(name))).toEqual([]);
  });
});

describe.each(["docs/troubleshooting.md", "docs/services.md"])("the commands of %s", (page) => {
  it("describe no more than the hundred that ECS takes, of which a service that restarts for ever has more", () => {
    const lists = readFileSync(page, "utf8").match(/--\S+ \$\(aws ecs list-[^)]*\)/g) ?? [];
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.filter((list) => !list.includes(" --no-paginate "))).toEqual([]);
  });

  it("work in zsh too, which takes a variable with several ids for one", () => {
    const commands = [...readFileSync(page, "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
      ([, block]) => block ?? "",
    );
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.join("").match(/--\S+ \$[A-Z]+\b/g)).toBeNull();
    // Nor is what follows a # a comment where somebody types it there.
    expect(commands.join("").match(/\s#.*/g)).toBeNull();
  });
});
