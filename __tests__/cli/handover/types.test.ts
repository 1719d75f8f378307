import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blockNames } from "../../../cli/handover/hcl/block-names";
import { deployStatements } from "../../../cli/handover/iam/deploy-policy";
import { purposeOf } from "../../../cli/handover/readme/purposes";
import { readConfiguration } from "../../../cli/handover/terraform-json/configuration";
import { portable } from "../../../cli/handover/terraform-json/portable";
import { referencesOf } from "../../../cli/handover/terraform-json/references";

/** All types that the constructs and the examples import. */
const TYPES = [
  ...new Set(
    ["src", "examples"].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.startsWith("handover"))
        .flatMap((file) =>
          [...readFileSync(join(folder, file), "utf8").matchAll(/@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g)].flatMap(
            ([, name = ""]) => (name === "provider" ? [] : [name]),
          ),
        ),
    ),
  ),
].sort();

/** Types that users create beside the constructs, such as the secrets of their services. */
const OF_USERS = [
  ...["efs-access-point", "ecr-repository-policy", "s3-bucket", "s3-object", "secretsmanager-secret"],
  ...["secretsmanager-secret-version", "ssm-parameter", "vpc-endpoint"],
];

describe("the tables of the hand-over", () => {
  it("are compared with the types that the constructs import", () => {
    expect(TYPES.length).toBeGreaterThan(30);
  });

  it.each([...new Set([...TYPES, ...OF_USERS])])("have %s", (name) => {
    const mode = name.startsWith("data-aws-") ? "data" : "resource";
    const type = `aws_${name.replace(/^data-aws-/, "").replaceAll("-", "_")}`;
    const configuration = readConfiguration({
      [mode]: { [type]: { own: { bucket: "b", policy_arn: "arn:aws:iam::aws:policy/p" } } },
    });
    const references = referencesOf(configuration);
    expect(portable(configuration).elements).toHaveLength(1);
    expect(deployStatements(configuration, references).length).toBeGreaterThan(0);
    expect(blockNames(mode, type)).toBeDefined();
    const [element] = configuration.elements;
    const hasPurpose = element && purposeOf(element, references) !== "";
    // The purpose of a resource with tags is its tag.
    const source = readFileSync(require.resolve(`@cdktf/provider-aws/lib/${name}/index.js`), "utf8");
    expect(hasPurpose || source.includes("resetTags()")).toBe(true);
  });
});
