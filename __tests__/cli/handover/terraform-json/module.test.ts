import { hcl } from "../../../../cli/handover/hcl";
import { readConfiguration } from "../../../../cli/handover/terraform-json/configuration";
import { TAGGED } from "../../../../cli/handover/terraform-json/module";
import { portable } from "../../../../cli/handover/terraform-json/portable";
import { portableJson } from "../../../../cli/handover/terraform-json/portable-json";
import { KNOWN_TYPES } from "../../../../cli/handover/terraform-json/topics";
import { deriveBlock } from "../../../../cli/offline-provider/schema/derive";

const filesOf = (json: object) =>
  portableJson(portable(readConfiguration({ terraform: {}, ...json } as never), true)) as Record<string, string>;

const PROVIDER = {
  aws: [{ region: "eu-west-1", default_tags: [{ tags: "${merge({ Cluster = var.name }, var.tags)}" }] }],
};

describe("a module", () => {
  it("knows the types with tags", () => {
    const resources = KNOWN_TYPES.filter((type) => type.startsWith("resource aws_")).map((type) => type.split(" ")[1]);
    const withTags = resources.filter((type) => "tags" in deriveBlock("resource", type as string).attributes);
    expect([...TAGGED].sort()).toEqual(withTags.sort());
  });

  const resource = {
    aws_sqs_queue: { none: { name: "a" }, nothing: { tags: null } },
    aws_lb: { map: { tags: { Name: "${var.name}-lb", "a b": 'say "${var.x}"' } } },
    aws_key_pair: { expression: { tags: "${var.own}" } },
    aws_s3_object: { own: { override_provider: { default_tags: { tags: {} } } } },
    aws_iam_role_policy: { untagged: { name: "b" } },
  };
  const data = { aws_vpcs: { all: { tags: { Tier: "web" } } } };

  it("has the default tags of the provider on each resource that can have tags, below its own", () => {
    const main = JSON.parse(filesOf({ provider: PROVIDER, resource, data })["main.tf.json"] ?? "");
    expect(main.provider).toBeUndefined();
    expect(main.locals).toEqual({ default_tags: "${merge({ Cluster = var.name }, var.tags)}" });
    expect(main.data).toEqual(data);
    expect(main.resource).toEqual({
      ...resource,
      aws_sqs_queue: {
        none: { name: "a", tags: "${local.default_tags}" },
        nothing: { tags: "${local.default_tags}" },
      },
      aws_lb: {
        map: { tags: '${merge(local.default_tags, { "Name" = "${var.name}-lb", "a b" = "say \\"${var.x}\\"" })}' },
      },
      aws_key_pair: { expression: { tags: "${merge(local.default_tags, (var.own))}" } },
    });
  });

  it("has the same tags in HCL, and a local of another name if the stack has one", () => {
    const json = {
      terraform: {},
      provider: PROVIDER,
      resource: { aws_lb: resource.aws_lb },
      locals: { default_tags: 1 },
    };
    const files = hcl(portable(readConfiguration(json as never), true));
    expect(files["main.tf"]).toContain(
      'tags = merge(local.default_tags_, { "Name" = "${var.name}-lb", "a b" = "say \\"${var.x}\\"" })',
    );
    expect(files["main.tf"]).toContain("default_tags_ = merge({ Cluster = var.name }, var.tags)");
  });

  it("has no tags of a provider without default tags", () => {
    const main = JSON.parse(filesOf({ provider: { aws: [{}] }, resource })["main.tf.json"] ?? "");
    expect(main).toEqual({ resource });
  });

  it.each([
    ["6.25.0", ">= 6.25.0, < 7.0.0"],
    ["= 10.1.2", ">= 10.1.2, < 11.0.0"],
    ["~> 6.0", "~> 6.0"],
  ])("accepts the later versions of a provider with the same major version: %s", (version, range) => {
    const versions = filesOf({ terraform: { required_providers: { aws: { source: "aws", version } } } })[
      "versions.tf.json"
    ];
    expect(JSON.parse(versions ?? "").terraform.required_providers.aws).toEqual({
      source: "hashicorp/aws",
      version: range,
    });
  });
});
