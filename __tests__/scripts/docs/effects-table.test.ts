import { type Effects, effectsPage } from "../../../scripts/docs/effects-table";

const PAGE = "docs/changes.md";
const marked = (name: string, between = "") => `<!-- effects: ${name} -->\n${between}<!-- end of effects -->\n`;
const pageOf = (effects: Effects) =>
  effectsPage(PAGE, marked("Ec2Service", "old\n"), new Map([["Ec2Service", effects]]));

describe("a table of effects", () => {
  it("has a row for each setting that can change, with the way back only where it differs", () => {
    const text = pageOf({
      cluster: { never: "A service stays on its cluster." },
      "healthCheck.path": {
        ...{ from: '"/"', to: '"/a|b"', change: ["in place"] },
        resources: ["update aws_lb", "update aws_lb_target_group"],
      },
      targetProtocol: {
        ...{ from: "none", to: '"HTTPS"', change: ["gap", "replaced"], missing: ["route", "aws_ecs_service"] },
        resources: ["replace aws_lb_target_group", "update aws_ecs_service"],
        back: { change: ["2 applies"], resources: [] },
      },
    });
    expect(text).toBe(
      marked(
        "Ec2Service",
        [
          "",
          "| Setting | Tested change | Effect | Resources | Way back |",
          "| --- | --- | --- | --- | --- |",
          '| `healthCheck.path` | `"/"` → `"/a\\|b"` | in place | update `aws_lb`, `aws_lb_target_group` |  |',
          '| `targetProtocol` | `none` → `"HTTPS"` | **gap** (route, `aws_ecs_service`), replaced | ' +
            "replace `aws_lb_target_group`; update `aws_ecs_service` | **2 applies** |",
          "",
          "",
        ].join("\n"),
      ),
    );
  });

  it("has the error of a change that is rejected or fails, and what running tasks lose", () => {
    const change = { from: "none", to: "true", resources: [] };
    const text = pageOf({
      vpcId: { ...change, change: ["rejected"], message: "The VPC cannot change." },
      role: { ...change, change: ["loses"], lost: ["aws_iam_role used by aws_ecs_service"] },
    });
    expect(text).toContain('| **rejected** ("The VPC cannot change.") |');
    expect(text).toContain("| **loses** (`aws_iam_role` used by `aws_ecs_service`) |");
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
