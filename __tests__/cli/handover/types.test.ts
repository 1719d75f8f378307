import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blockNames } from "../../../cli/handover/hcl/block-names";
import { deployStatements } from "../../../cli/handover/iam/deploy-policy";
import { purposeOf } from "../../../cli/handover/readme/purposes";
import { readConfiguration } from "../../../cli/handover/terraform-json/configuration";
import { portable } from "../../../cli/handover/terraform-json/portable";
import { referencesOf } from "../../../cli/handover/terraform-json/references";

/** Every type that a construct or an example can bring, by what they import. */
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

describe("every type that a construct can bring", () => {
  it("is found among the imports", () => {
    expect(TYPES.length).toBeGreaterThan(30);
  });

  it.each(TYPES)("is known to all of the hand-over's tables: %s", (name) => {
    const mode = name.startsWith("data-aws-") ? "data" : "resource";
    const type = `aws_${name.replace(/^data-aws-/, "").replaceAll("-", "_")}`;
    const configuration = readConfiguration({ [mode]: { [type]: { own: {} } } });
    const references = referencesOf(configuration);
    expect(portable(configuration).elements).toHaveLength(1);
    expect(deployStatements(configuration, references).length).toBeGreaterThan(0);
    expect(blockNames(mode, type)).toBeDefined();
    const [element] = configuration.elements;
    const isTold = element && purposeOf(element, references) !== "";
    // What takes tags tells its purpose itself.
    const source = readFileSync(require.resolve(`@cdktf/provider-aws/lib/${name}/index.js`), "utf8");
    expect(isTold || source.includes("resetTags()")).toBe(true);
  });
});
