import { type Effects, effectsPage } from "../../../scripts/docs/effects-table";

const PAGE = "docs/changes.md";
const marked = (name: string, between = "") => `<!-- effects: ${name} -->\n${between}<!-- end of effects -->\n`;
/** Returns the rows of the table. */
const rowsOf = (effects: Effects): string[] =>
  effectsPage(PAGE, marked("Ec2Service", "old\n"), new Map([["Ec2Service", effects]]))
    .split("\n")
    .slice(4, -3);

describe("a table of effects", () => {
  it("has a row for each effect, most severe first, with its settings in their order", () => {
    const rows = rowsOf({
      cluster: { never: "a service stays on its cluster" },
      "healthCheck.path": { change: ["in place"] },
      image: { change: ["rolling deployment"] },
      targetProtocol: {
        change: ["gap", "replaced"],
        missing: ["route", "aws_ecs_service"],
        back: { change: ["2 applies"] },
      },
      tags: { change: ["in place"], back: { change: ["in place"] } },
    });
    expect(rows).toEqual([
      "| **gap** (route, `aws_ecs_service`), replaced. The way back: **2 applies** | `targetProtocol` |",
      "| rolling deployment | `image` |",
      "| in place | `healthCheck.path`, `tags` |",
      "| does not change: a service stays on its cluster | `cluster` |",
    ]);
  });

  it("has the error of a change that is rejected or fails, and what running tasks lose", () => {
    const rows = rowsOf({
      role: { change: ["loses"], lost: ["aws_iam_role used by aws_ecs_service"] },
      vpcId: { change: ["rejected"], message: "The VPC is a|b." },
    });
    expect(rows).toEqual([
      '| **rejected** ("The VPC is a\\|b.") | `vpcId` |',
      "| **loses** (`aws_iam_role` used by `aws_ecs_service`) | `role` |",
    ]);
  });

  it("replaces what was between the markers, and keeps the rest of the page", () => {
    const effects = new Map([["Ec2Service", { image: { change: ["in place"] } }]]);
    const page = effectsPage(PAGE, `# Title\n\n${marked("Ec2Service", "old\n")}\nText.\n`, effects);
    expect(page).toMatch(/^# Title\n\n<!-- effects: Ec2Service -->\n\n\| Effect \|.*\n[\s\S]+-->\n\nText\.\n$/);
    expect(page).not.toContain("old");
    expect(effectsPage(PAGE, page, effects)).toBe(page);
  });

  it("is on the page for each construct, and each construct of the page has effects", () => {
    expect(() => effectsPage(PAGE, "", new Map([["FileSystem", {}]]))).toThrow(
      "docs/changes.md needs <!-- effects: FileSystem --> and <!-- end of effects -->.",
    );
    expect(() => effectsPage(PAGE, marked("FileSystem"), new Map())).toThrow(
      "docs/changes.md: there are no effects of FileSystem in __tests__/transitions/effects.",
    );
  });
});
