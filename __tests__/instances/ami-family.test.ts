import { AgentConfig, AMI_FAMILIES, type AmiFamily } from "../../src";
import { AMI_FAMILY_TRAITS } from "../../src/instances/ami-family";
import { amiVersionRule } from "../../src/instances/ecs-optimized-image";
import { problemsOf } from "../support/problems";

const example = (family: AmiFamily) => AMI_FAMILY_TRAITS[family].pinnedVersion.example;

describe("AmiFamily", () => {
  it("is Amazon Linux 2023, Bottlerocket or Amazon Linux 2", () => {
    expect(AMI_FAMILIES).toEqual(["amazon-linux-2023", "bottlerocket", "amazon-linux-2"]);
  });

  it("rejects another family", () => {
    const family = "amazonlinux" as AmiFamily;
    expect(problemsOf(() => new AgentConfig({ clusterName: "prod", family }))).toEqual([
      'family must be one of "amazon-linux-2023", "bottlerocket", "amazon-linux-2"; received "amazonlinux". Choose one of these. Windows instances are out of scope.',
    ]);
  });

  it.each(AMI_FAMILIES)("has an example of a pinned version that its own rule accepts: %s", (family) => {
    expect(amiVersionRule(family).check(example(family), {})).toBe(true);
  });

  it.each(AMI_FAMILIES)("rejects the pinned versions of the other families: %s", (family) => {
    const others = AMI_FAMILIES.filter((other) => other !== family);
    expect(others.filter((other) => amiVersionRule(family).check(example(other), {}))).toEqual([]);
  });

  it("warns only about Amazon Linux 2, which reached its end of life", () => {
    const deprecated = AMI_FAMILIES.filter((family) => AMI_FAMILY_TRAITS[family].deprecation !== undefined);
    expect(deprecated).toEqual(["amazon-linux-2"]);
  });
});
