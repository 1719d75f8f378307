import { type Effects, effectsPage } from "../../../scripts/docs/effects-table";

const PAGE = "docs/changes.md";
const EMPTY = "# Title\n\n<!-- effects -->\n<!-- end of effects -->\n\nText.\n";
/** Returns the rows of the table. */
const rowsOf = (effects: Effects): string[] =>
  effectsPage(PAGE, EMPTY, new Map([["Ec2Service", effects]]))
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2);

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

  it("is between the markers of the page for each construct", () => {
    const effects = new Map<string, Effects>([
      ["Ec2Service", { image: { change: ["rolling deployment"] } }],
      ["FileSystem", { name: { change: ["in place"] } }],
    ]);
    const page = effectsPage(PAGE, EMPTY, effects);
    expect(page).toMatch(
      /^# Title\n\n<!-- effects -->\n\n### Ec2Service\n\n\| [^#]+\n\n### FileSystem\n\n\| [^#]+\n\n<!-- end of effects -->\n\nText\.\n$/,
    );
    expect(effectsPage(PAGE, page, effects)).toBe(page);
    expect(() => effectsPage(PAGE, "# Title\n", effects)).toThrow(
      "docs/changes.md needs <!-- effects --> and <!-- end of effects -->.",
    );
  });
});
