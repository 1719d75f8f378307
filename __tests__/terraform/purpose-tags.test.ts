import { purposeTags } from "../../src/terraform/purpose-tags";
import { clusterStack } from "../support/cluster";
import { type Part, synthesized } from "../support/synthesized";

/** What AWS takes in a tag. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TAKEN = /^[\p{L}\p{N} _.:/=+@-]{1,256}$/u;
/** A reference is filled in from a name, a region or a network, and those hold nothing else. */
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

function tagged(json: Part): Tagged[] {
  const byType = json.resource as Record<string, Record<string, Part>>;
  return Object.entries(byType).flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([name, block]) =>
      block.tags ? [{ address: `${type}.${name}`, tags: block.tags as Record<string, string> }] : [],
    ),
  );
}

/** Every quoted text of every expression that makes tags of instances, volumes and the group. */
const inExpressions = (json: Part): string[] =>
  [...JSON.stringify(json.resource).matchAll(/\\"(?:Name|Purpose|AmazonECSManaged)\\" = \\"((?:[^"\\])*)\\"/g)].map(
    ([, value]) => value as string,
  );

describe("the tags of the stack", () => {
  it("hold only characters that AWS takes, in every value", () => {
    const values = tagged(full()).flatMap(({ address, tags }) =>
      Object.values(tags).map((value) => ({ address, value: value.replace(REFERENCE, "x") })),
    );
    expect(values.length).toBeGreaterThan(20);
    expect(values.filter(({ value }) => !TAKEN.test(value))).toEqual([]);
  });

  it("hold only those in the expressions for instances, volumes and the group too", () => {
    const values = inExpressions(full()).map((value) => value.replace(REFERENCE, "x"));
    expect(values.length).toBeGreaterThan(5);
    expect(values.filter((value) => !TAKEN.test(value))).toEqual([]);
  });

  it("say a name and a purpose on every resource that has any", () => {
    const incomplete = tagged(full()).filter(({ tags }) => !tags.Name || !tags.Purpose);
    expect(incomplete).toEqual([]);
  });

  it("are on every resource that takes tags", () => {
    const untagged = Object.keys(full().resource as Part).filter(
      (type) => !tagged(full()).some(({ address }) => address.startsWith(`${type}.`)),
    );
    // These take none; the group's are its own `tag` blocks.
    expect(untagged.sort()).toEqual([
      "aws_autoscaling_group",
      "aws_ecs_cluster_capacity_providers",
      "aws_iam_role_policy_attachment",
      "aws_iam_service_linked_role",
    ]);
  });

  it("are a Name and a Purpose", () => {
    expect(purposeTags("prod", "Runs services")).toEqual({ Name: "prod", Purpose: "Runs services" });
  });
});
