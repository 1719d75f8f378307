import { TerraformElement, TerraformResource } from "cdktf";
import { Construct } from "constructs";
import * as library from "../../src";
import { emptyStack } from "../support/synthesized";
import { VALID_PROPS } from "../support/valid-props";

/** The public constructs except stacks. */
const CONSTRUCTS = Object.entries(library as Readonly<Record<string, unknown>>).filter(
  ([name, value]) => typeof value === "function" && value.prototype instanceof Construct && !/Stack$/.test(name),
) as unknown as [name: string, Class: new (scope: Construct, id: string, props: unknown) => Construct][];

/** Props with which a construct creates resources, where its least props create none. */
const WITH_RESOURCES: Readonly<Record<string, object>> = {
  KeyPair: { name: "prod", publicKey: `ssh-ed25519 ${"A".repeat(68)} me` },
  ServiceImage: { clusterName: "prod", name: "users", ecrRepository: true },
};

describe("node.defaultChild", () => {
  it.each(CONSTRUCTS)("of %s is its resource, or the data source that it looks up", (name, Class) => {
    const [, props] = VALID_PROPS[name] ?? [];
    const stack = emptyStack();
    const construct = new Class(stack, "subject", WITH_RESOURCES[name] ?? props?.(stack));
    const created = construct.node.findAll().filter((child) => TerraformResource.isTerraformResource(child));
    const { defaultChild } = construct.node;
    expect(TerraformElement.isTerraformElement(defaultChild)).toBe(true);
    expect(construct.node.findAll()).toContain(defaultChild);
    if (created.length > 0) expect(created).toContain(defaultChild);
  });

  it("changes an argument that no setting covers", () => {
    const stack = emptyStack();
    const repository = new library.EcrRepository(stack, "repository", { clusterName: "prod", name: "users" });
    (repository.node.defaultChild as TerraformResource).addOverride("force_delete", true);
    expect(stack.toTerraform().resource.aws_ecr_repository).toMatchObject({ repository: { force_delete: true } });
  });
});
