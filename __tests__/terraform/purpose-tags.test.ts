import { purposeTags } from "../../src/terraform/purpose-tags";
import { clusterStack } from "../support/cluster";
import { type Part, synthesized } from "../support/synthesized";

/** The tag values that AWS accepts. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const ACCEPTED = /^[\p{L}\p{N} _.:/=+@-]{1,256}$/u;
/** References to a name, a region or a network, whose values have only accepted characters. */
const REFERENCE = /\$\{(var\.(name|region)|each\.value)\}/g;

const full = () =>
  synthesized(
    clusterStack({
      spot: true,
      serviceLinkedRole: true,
      loadBalancer: { https: true },
      instancePolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    }),
  );

interface Tagged {
  readonly address: string;
  readonly tags: Record<string, string>;
}

/** Returns the resources. */
function resourcesOf(json: Part) {
  const byType = json.resource as Record<string, Record<string, Part>>;
  return Object.entries(byType).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, block]) => ({ address: `${type}.${name}`, type, block })),
  );
}

/** Returns the resources with tags. */
const tagged = (json: Part): Tagged[] =>
  resourcesOf(json).flatMap(({ address, block }) =>
    block.tags ? [{ address, tags: block.tags as Record<string, string> }] : [],
  );

/** Returns the values in the expressions that give the tags of instances, volumes and the Auto Scaling group. */
const valuesInExpressions = (json: Part): string[] =>
  [...JSON.stringify(json.resource).matchAll(/\\"(?:Name|Purpose|AmazonECSManaged)\\" = \\"((?:[^"\\])*)\\"/g)].map(
    ([, value]) => value as string,
  );

describe("the tags of the stack", () => {
  it("have only values that AWS accepts", () => {
    const values = tagged(full()).flatMap(({ address, tags }) =>
      Object.values(tags).map((value) => ({ address, value: value.replace(REFERENCE, "x") })),
    );
    expect(values.length).toBeGreaterThan(20);
    expect(values.filter(({ value }) => !ACCEPTED.test(value))).toEqual([]);
  });

  it("have only values that AWS accepts in the expressions for instances, volumes and the Auto Scaling group", () => {
    const values = valuesInExpressions(full()).map((value) => value.replace(REFERENCE, "x"));
    expect(values.length).toBeGreaterThan(5);
    expect(values.filter((value) => !ACCEPTED.test(value))).toEqual([]);
  });

  it("include a Name and a Purpose on every resource with tags", () => {
    const incomplete = tagged(full()).filter(({ tags }) => !tags.Name || !tags.Purpose);
    expect(incomplete).toEqual([]);
  });

  it("are on every resource that can have tags", () => {
    // These cannot have tags. The Auto Scaling group has `tag` blocks instead.
    const types = [
      "aws_autoscaling_group",
      "aws_ecs_cluster_capacity_providers",
      "aws_iam_role_policy_attachment",
      "aws_iam_service_linked_role",
    ];
    const json = full();
    const withTags = tagged(json).map(({ address }) => address);
    const untagged = resourcesOf(json).filter(({ address }) => !withTags.includes(address));
    expect(untagged.flatMap(({ address, type }) => (types.includes(type) ? [] : [address]))).toEqual([]);
    expect(new Set(untagged.map(({ type }) => type))).toEqual(new Set(types));
  });

  it("are given by purposeTags", () => {
    expect(purposeTags("prod", "Runs services")).toEqual({ Name: "prod", Purpose: "Runs services" });
  });
});
