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

/** Returns the resources with tags. */
function tagged(json: Part): Tagged[] {
  const byType = json.resource as Record<string, Record<string, Part>>;
  return Object.entries(byType).flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([name, block]) =>
      block.tags ? [{ address: `${type}.${name}`, tags: block.tags as Record<string, string> }] : [],
    ),
  );
}

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
    const untagged = Object.keys(full().resource as Part).filter(
      (type) => !tagged(full()).some(({ address }) => address.startsWith(`${type}.`)),
    );
    // These cannot have tags. The Auto Scaling group has `tag` blocks instead.
    expect(untagged.sort()).toEqual([
      "aws_autoscaling_group",
      "aws_ecs_cluster_capacity_providers",
      "aws_iam_role_policy_attachment",
      "aws_iam_service_linked_role",
    ]);
  });

  it("are given by purposeTags", () => {
    expect(purposeTags("prod", "Runs services")).toEqual({ Name: "prod", Purpose: "Runs services" });
  });
});
