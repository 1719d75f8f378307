import { AMI_FAMILIES } from "../../src";
import { AMI_FAMILY_TRAITS } from "../../src/instances/ami-family";
import { amiVersionRule } from "../../src/validation/values";

describe("the AMI families", () => {
  it("are Amazon Linux 2023, Bottlerocket and Amazon Linux 2", () => {
    expect(AMI_FAMILIES).toEqual(["amazon-linux-2023", "bottlerocket", "amazon-linux-2"]);
  });

  it.each(AMI_FAMILIES)("have an example of a pinned version that their own rule takes: %s", (family) => {
    expect(amiVersionRule(family).check(AMI_FAMILY_TRAITS[family].pinnedVersion.example, {})).toBe(true);
  });

  it.each(AMI_FAMILIES)("take no pinned version of another family: %s", (family) => {
    const others = AMI_FAMILIES.filter((other) => other !== family);
    const taken = others.filter((other) =>
      amiVersionRule(family).check(AMI_FAMILY_TRAITS[other].pinnedVersion.example, {}),
    );
    expect(taken).toEqual([]);
  });

  it("warn of Amazon Linux 2 alone, which reached its end of life", () => {
    const warned = AMI_FAMILIES.filter((family) => AMI_FAMILY_TRAITS[family].deprecation !== undefined);
    expect(warned).toEqual(["amazon-linux-2"]);
  });
});
