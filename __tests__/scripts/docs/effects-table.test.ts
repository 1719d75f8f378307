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
  it("has a row for each setting, with the most severe effect first", () => {
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
      "| `targetProtocol` | **gap** (route, `aws_ecs_service`), replaced. The way back: **2 applies** |",
      "| `image` | rolling deployment |",
      "| `healthCheck.path` | in place |",
      "| `tags` | in place |",
      "| `cluster` | does not change: a service stays on its cluster |",
    ]);
  });

  it("has a row for an inner setting only if its effect differs from the setting around it", () => {
    const [placed, deployed] = [{ change: ["in place"] }, { change: ["rolling deployment"] }];
    const effects = {
      ulimits: deployed,
      "ulimits[]": deployed,
      "ulimits[].name": deployed,
      a: placed,
      "a.*.b": deployed,
    };
    expect(rowsOf(effects)).toEqual([
      "| `ulimits` | rolling deployment |",
      "| `a.*.b` | rolling deployment |",
      "| `a` | in place |",
    ]);
  });

  it("links the settings that the table of changes that need attention names", () => {
    const page = `## Changes that need attention\n\n| \`portRange\` or \`values.name\` | b \`tags\` |\n\n## More\n${EMPTY}`;
    const inPlace = { change: ["in place"] };
    const effects = { portRange: inPlace, "values.name": inPlace, name: inPlace, tags: inPlace };
    const rows = effectsPage(PAGE, page, new Map([["A", effects]]))
      .split("\n")
      .filter((line) => line.includes("in place"));
    expect(rows).toEqual([
      "| `portRange` | in place. See [above](#changes-that-need-attention) |",
      "| `values.name` | in place. See [above](#changes-that-need-attention) |",
      "| `name` | in place |",
      "| `tags` | in place |",
    ]);
  });

  it("links a setting of the construct that the table of changes names, and none that only has the same name", () => {
    const changes = "| `loadBalancer.https`, `loadBalancer` or `FileSystem.name` | b |";
    const page = `## Changes that need attention\n\n${changes}\n\n## More\n${EMPTY}`;
    const inPlace = { change: ["in place"] };
    const effects = new Map<string, Effects>([
      ["Alarms", { name: inPlace, loadBalancer: inPlace }],
      ["EcsClusterStack", { loadBalancer: inPlace }],
      ["FileSystem", { name: inPlace }],
      ["LoadBalancer", { https: inPlace }],
    ]);
    const rows = effectsPage(PAGE, page, effects)
      .split("\n")
      .filter((line) => line.includes("in place"));
    expect(rows.map((row) => row.includes("See [above]"))).toEqual([false, false, true, true, true]);
  });

  it("has what a change deletes for good, in place of an update in place", () => {
    const rows = rowsOf({
      queue: { change: ["in place"], back: { change: ["in place"], resources: ["delete aws_sqs_queue"] } },
      name: { change: ["gap", "replaced"], resources: ["replace aws_cloudwatch_log_group", "replace aws_lb"] },
      loadBalancer: { change: ["rolling deployment"], resources: ["delete aws_lb", "delete aws_lb_listener"] },
    });
    expect(rows).toEqual([
      "| `name` | **gap**, **deletes** (`aws_cloudwatch_log_group`), replaced |",
      "| `loadBalancer` | **deletes** (`aws_lb`), rolling deployment |",
      "| `queue` | in place. The way back: **deletes** (`aws_sqs_queue`) |",
    ]);
  });

  it("has the error of a change that is rejected or fails, and what running tasks lose", () => {
    const rows = rowsOf({
      role: { change: ["loses"], lost: ["aws_iam_role used by aws_ecs_service"] },
      vpcId: { change: ["rejected"], message: "The VPC is a|b." },
    });
    expect(rows).toEqual([
      '| `vpcId` | **rejected** ("The VPC is a\\|b.") |',
      "| `role` | **loses** (`aws_iam_role` used by `aws_ecs_service`) |",
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
