import { readdirSync, readFileSync } from "node:fs";

const PAGE = readFileSync("docs/troubleshooting.md", "utf8");
const [, ...SECTIONS] = PAGE.split(/^## /m);
const PROSE = PAGE.replace(/^```[\s\S]*?^```/gm, "");
const heading = (section: string): string => section.slice(0, section.indexOf("\n"));
const SOURCES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(`src/${file}`, "utf8"))
  .join("\n");

/** The anchor that GitHub gives a heading. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replace(/ /g, "-");

describe("docs/troubleshooting.md", () => {
  it("starts with the five problems of the tutorial", () => {
    expect(SECTIONS.map(heading)).toEqual([
      "There is no AMI for the region",
      "Containers cannot reach a database in the VPC",
      "SSH times out",
      "An instance is not in the cluster",
      "Containers are killed and restarted",
      "A task does not start",
      "A target is unhealthy",
      "A service is stuck",
      "A job does not run",
      "There is no capacity",
      "The image cannot be pulled",
      "An apply fails",
      "Destroy hangs",
    ]);
  });

  it.each(SECTIONS.map((section) => [heading(section), section]))(
    "%s: has a command, and at least three causes with their fixes",
    (_, section) => {
      expect(section).toMatch(/^```sh\n(?:.+\n)+```$/m);
      const [head, line, ...rows] = section.split("\n").filter((text) => text.startsWith("|"));
      expect([head, line?.replaceAll(" ", "")]).toEqual(["| what you read | cause | fix |", "|---|---|---|"]);
      expect(rows.length).toBeGreaterThan(2);
      // A pipe inside a command would start another column.
      expect(rows.filter((row) => row.split("|").length !== 5)).toEqual([]);
    },
  );

  it.each(SECTIONS.map((section) => [heading(section), section]))(
    "%s: says what to read in the answer",
    (_, section) => {
      expect(section).toMatch(/^Read /m);
    },
  );

  it("has no line break inside a command in a sentence", () => {
    const commands = [...PROSE.matchAll(/`((?:aws|sudo|npm|curl|terraform) [^`]*)`/g)].map(([, command]) => command);
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter((command) => command?.includes("\n"))).toEqual([]);
  });

  it("links to each section once from the top", () => {
    const links = [...PAGE.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    const anchors = SECTIONS.map(heading).map(anchor);
    expect(links.filter((link) => !anchors.includes(String(link)))).toEqual([]);
    expect(links.slice(0, anchors.length)).toEqual(anchors);
  });

  it("names only settings, variables and outputs that exist", () => {
    const names = [...PROSE.matchAll(/`([a-z]+(?:_[a-z]+)+|[a-z]+(?:[A-Z][A-Za-z]+)+)`/g)].map(([, name]) =>
      String(name),
    );
    // Names of AWS and of Terraform.
    const others = ["stoppedReason", "image_id", "force_delete"];
    expect(names.length).toBeGreaterThan(40);
    const exists = (name: string) => new RegExp(`\\b${name}\\b`).test(SOURCES);
    expect([...new Set(names)].filter((name) => !others.includes(name) && !exists(name))).toEqual([]);
  });

  it("quotes the messages of a plan and of the load balancer as the code writes them", () => {
    const plan = [...PAGE.matchAll(/^\| plan: (.+?) \|/gm)].flatMap(([, cell = ""]) => [
      ...cell.matchAll(/`([^`]+)`/g),
    ]);
    const messages = [...plan.map(([, message]) => String(message)), "No listener rule matches this request."];
    // The AWS provider and AWS write these two.
    const others = ["couldn't find resource", "ParameterNotFound"];
    expect(messages.length).toBeGreaterThan(4);
    expect(messages.filter((message) => !PAGE.includes(`\`${message}\``))).toEqual([]);
    // A rule's message is "must" and the rest, which the code has apart.
    const inCode = (message: string) => SOURCES.includes(message.replace(/^must /, ""));
    expect(messages.filter((message) => !others.includes(message) && !inCode(message))).toEqual([]);
  });
});

describe.each(["docs/troubleshooting.md", "docs/services.md"])("the commands of %s", (page) => {
  it("describe at most the hundred tasks that ECS accepts, although a service that keeps restarting has more", () => {
    const lists = readFileSync(page, "utf8").match(/--\S+ \$\(aws ecs list-[^)]*\)/g) ?? [];
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.filter((list) => !list.includes(" --no-paginate "))).toEqual([]);
  });

  it("work in zsh, which does not split a variable into words and does not know comments", () => {
    const commands = [...readFileSync(page, "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
      ([, block]) => block ?? "",
    );
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.join("").match(/--\S+ \$[A-Z]+\b/g)).toBeNull();
    expect(commands.join("").match(/\s#.*/g)).toBeNull();
  });
});
