import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Testing } from "cdktf";
import { type EcsClusterSettings, LookupMachineImage, type LookupMachineImageProps } from "../../src";
import { clusterConfiguration, clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

const AMI = "ami-0123456789abcdef0";
function created(props: Partial<LookupMachineImageProps> = { imageId: AMI }) {
  const stack = emptyStack();
  const image = new LookupMachineImage(stack, "image", { instanceTypes: new Parts(stack).instanceTypes, ...props });
  return { stack, image, json: () => Testing.synth(stack, true) };
}
const json = (settings: EcsClusterSettings) => JSON.stringify(clusterConfiguration(settings));

describe("LookupMachineImage", () => {
  it("reads an AMI by its id, and checks its architecture", () => {
    const { json } = created();
    expect(json()).toHaveDataSourceWithProperties(DataAwsAmi, {
      filter: [{ name: "image-id", values: [AMI] }],
      lifecycle: expect.objectContaining({
        postcondition: [expect.objectContaining({ condition: expect.stringContaining("self.architecture ==") })],
      }),
    });
  });

  it("finds the newest AMI of a name, an owner and tags", () => {
    const filter = { name: "golden-*-1", owners: ["111122223333"], tags: { Stage: "prod" } };
    expect(created({ filter }).json()).toHaveDataSourceWithProperties(DataAwsAmi, {
      most_recent: true,
      owners: ["111122223333"],
      filter: [
        { name: "name", values: ["golden-*-1"] },
        { name: "state", values: ["available"] },
        { name: "tag:Stage", values: ["prod"] },
      ],
    });
    expect(created({ filter: { name: "golden-*" } }).json()).toHaveDataSourceWithProperties(DataAwsAmi, {
      owners: ["self"],
    });
  });

  it("has the root device of the AMI, or the data device of Bottlerocket", () => {
    const { stack, image } = created();
    expect(resolved(stack, image.dataDevice)).toBe("${data.aws_ami.image.root_device_name}");
    expect(created({ imageId: AMI, family: "bottlerocket" }).image.dataDevice).toBe("/dev/xvdb");
  });

  it.each<[Partial<LookupMachineImageProps>, string]>([
    [{}, "imageId must be set, or filter; received nothing. Set one of the two."],
    [{ imageId: "ami-1" }, 'imageId must be the id of an AMI; received "ami-1".'],
    [{ filter: { name: "*" } }, "filter.name must have 3 to 128 letters, digits, spaces and"],
    [
      { filter: { name: "golden-*", owners: ["amazon"] } },
      "filter.owners[0] must be AWS account ids of 12 digits, or self",
    ],
  ])("rejects %j", (props, message) => {
    expect(problemsOf(() => created(props))).toEqual([expect.stringContaining(message)]);
  });
});

describe("an AMI of your own in a cluster", () => {
  it("replaces the ECS-optimized AMI, and the variable of its version", () => {
    const configuration = clusterConfiguration({ ami: "existing" }) as {
      variable: Record<string, object>;
      data: Record<string, Record<string, object>>;
    };
    expect(configuration.variable.ami_id).toMatchObject({ type: "string" });
    expect(configuration.variable.ami_id).not.toHaveProperty("default");
    expect(configuration.variable).not.toHaveProperty("ami_version");
    expect(configuration.data).not.toHaveProperty("aws_ssm_parameter");
    expect(configuration.data.aws_ami?.image).toMatchObject({ filter: [{ values: ["${var.ami_id}"] }] });
  });

  it("creates the same resources, with the root device of the AMI and at least its size", () => {
    const own = Testing.synth(clusterStack({ ami: { name: "golden-*" } }), true);
    const { "data.aws_ssm_parameter": _, ...others } = resourceCounts(Testing.synth(clusterStack(), true));
    expect(resourceCounts(own)).toEqual({ ...others, "data.aws_ami": 1 });
    expect(own).toHaveResourceWithProperties(LaunchTemplate, {
      image_id: "${data.aws_ami.image.id}",
      block_device_mappings: [expect.objectContaining({ device_name: "${data.aws_ami.image.root_device_name}" })],
    });
    expect(own).toContain("The volume for images and containers must be at least as large as in the AMI");
    expect(JSON.stringify(synthesized(clusterStack()))).not.toContain("aws_ami");
  });

  it("can differ between capacity providers", () => {
    const text = json({ capacityProviders: { main: {}, golden: { ami: "existing" } } });
    expect(text).toContain("${var.golden_ami_id}");
    expect(text).toContain("ami_version");
    expect(text).not.toContain("golden_ami_version");
  });

  it.each<[EcsClusterSettings, string]>([
    [{ values: { amiId: AMI } }, 'values.amiId must be used with ami "existing"'],
    [
      { ami: "existing", values: { amiVersion: "recommended" } },
      "values.amiVersion must not be set with an AMI of your own",
    ],
    [
      { ami: "newest" as "existing" },
      'ami must be one of "ecs-optimized", "existing" or an object; received "newest".',
    ],
  ])("rejects %j", (settings, message) => {
    expect(problemsOf(() => clusterStack(settings))).toEqual([expect.stringContaining(message)]);
  });
});
