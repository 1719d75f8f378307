import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSnippet, shownJson, synthesize } from "../../../scripts/docs/snippet";

const CODE = `import { App } from "cdktf";
import { EcsClusterStack } from "ecs-default-vpc";

const app = new App();
new EcsClusterStack(app, "ecs");
app.synth();`;

describe("the file of a construct's page", () => {
  it("begins with what the page shows", () => {
    const head = "// Cluster\n// Settings: ClusterProps, Other\n// JSON: aws_ecs_cluster.cluster: name, setting\n";
    const { title, settings, shown, code } = readSnippet(
      `${head}\n${CODE.replace("ecs-default-vpc", "../../src")}\n`,
      "",
    );
    expect({ title, settings, shown }).toEqual({
      title: "Cluster",
      settings: ["ClusterProps", "Other"],
      shown: [["aws_ecs_cluster.cluster", ["name", "setting"]]],
    });
    expect(code).toBe(CODE);
  });

  it("shows the table of the construct's props by default", () => {
    expect(readSnippet(`// Cluster\n\n${CODE}`, "").settings).toEqual(["ClusterProps"]);
  });

  it("must begin with the name of the construct", () => {
    expect(() => readSnippet(CODE, "docs/constructs/cluster.ts")).toThrow(
      "docs/constructs/cluster.ts must begin with // NAME.",
    );
  });
});

describe("the code of a construct's page", () => {
  it("runs as an app, into a temporary folder", () => {
    const { CDKTF_OUTDIR, TMPDIR } = process.env;
    const folder = mkdtempSync(join(tmpdir(), "snippet-"));
    Object.assign(process.env, { CDKTF_OUTDIR: "elsewhere", TMPDIR: folder });
    try {
      expect(synthesize(CODE)).toMatchObject({ resource: { aws_ecs_cluster: { cluster: {} } } });
      expect(process.env.CDKTF_OUTDIR).toBe("elsewhere");
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      for (const [name, value] of Object.entries({ CDKTF_OUTDIR, TMPDIR })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      rmSync(folder, { recursive: true });
    }
  });

  it("must synthesize", () => {
    expect(() => synthesize(CODE.replace("app.synth();", ""))).toThrow("The app must have one stack.");
  });
});

describe("the JSON of a construct's page", () => {
  const json = {
    data: { aws_vpcs: { vpc: { filter: [] } } },
    resource: { aws_lb: { alb: { name: "ecs-alb", internal: false } } },
    variable: { name: { type: "string" } },
  };

  it("has the attributes that the file names, at their place", () => {
    expect(shownJson(json, [["data.aws_vpcs.vpc", ["filter"]]])).toEqual({
      data: { aws_vpcs: { vpc: { filter: [] } } },
    });
    expect(shownJson(json, [["aws_lb.alb", ["name"]]])).toEqual({ resource: { aws_lb: { alb: { name: "ecs-alb" } } } });
    expect(shownJson(json, [["var.name", ["type"]]])).toEqual({ variable: { name: { type: "string" } } });
  });

  it.each([
    ["a block", ["aws_lb.nlb", ["name"]], "The JSON has no aws_lb.nlb."],
    ["an attribute", ["aws_lb.alb", ["arn"]], "aws_lb.alb has no arn."],
  ] as const)("cannot name %s that the JSON does not have", (_, shown, message) => {
    expect(() => shownJson(json, [shown])).toThrow(message);
  });
});
