import { Testing } from "cdktf";
import { Ec2Service, type EcsClusterSettings } from "../../src";
import { clusterConfiguration, clusterStack, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

const variables = { ssh_public_key: PUBLIC_KEY };
const PREFIX = "/aws/service/ecs/optimized-ami";

describeTerraform("images of accelerators and Bottlerocket", (lab) => {
  it.each<[string, EcsClusterSettings, readonly string[], string]>([
    ["Inferentia", {}, ["inf2.xlarge"], `${PREFIX}/amazon-linux-2023/neuron/recommended/image_id`],
    ["the first Inferentia", {}, ["inf1.xlarge"], `${PREFIX}/amazon-linux-2023/neuron/recommended/image_id`],
    ["GPUs", {}, ["g5.xlarge"], `${PREFIX}/amazon-linux-2023/gpu/recommended/image_id`],
    ["neither", {}, ["t3.small"], `${PREFIX}/amazon-linux-2023/recommended/image_id`],
    ["arm64", {}, ["m7g.large"], `${PREFIX}/amazon-linux-2023/arm64/recommended/image_id`],
  ])("are looked up: %s", async (_, settings, types, path) => {
    const answers = { aws_ssm_parameter: { when: { name: path }, state: { insecure_value: "ami-0thisone" } } };
    const configuration = clusterConfiguration(settings);
    const given = { ...variables, instance_types: types };
    const terraform = await lab.terraform({ configuration, variables: given, fixtures: { answers } });
    expect((await terraform.planJson()).output_changes?.ami_id?.after).toBe("ami-0thisone");
  });

  it.each<[string, EcsClusterSettings, readonly string[], string]>([
    [
      "types with and without Neuron devices",
      {},
      ["inf2.xlarge", "m5.large"],
      "instance_types must all have Neuron devices or none, since one AMI serves them all; which has: inf2.xlarge true, m5.large false. Keep the types of one kind.",
    ],
    [
      "Neuron devices on a family without their image",
      { amiFamily: "bottlerocket" },
      ["inf2.xlarge"],
      "bottlerocket has no ECS-optimized AMI for Neuron devices; instance_types are inf2.xlarge. Choose amazon-linux-2023, or other types.",
    ],
  ])("refuse %s", async (_, settings, types, message) => {
    const configuration = clusterConfiguration(settings);
    const terraform = await lab.terraform({ configuration, variables: { ...variables, instance_types: types } });
    const { status, stderr } = await terraform.plan();
    expect(unwrapped(stderr)).toContain(message);
    expect(status).toBe(1);
  });

  it("are applied with a service that wants a GPU and a quiet Bottlerocket, and then plan no changes", async () => {
    const stack = clusterStack({
      keyPair: "none",
      capacityProviders: {
        main: { amiFamily: "bottlerocket", bottlerocket: { adminContainer: false, settings: { motd: "${x}" } } },
        gpu: { values: { instanceTypes: ["g5.xlarge"], minSize: 0 } },
      },
      defaultStrategy: [{ capacityProvider: "main" }],
    });
    const capacityProvider = stack.capacityProviders.gpu?.capacityProviderName ?? "";
    const image = "model:1";
    const capacityProviderStrategies = [{ capacityProvider }];
    new Ec2Service(stack, "model", { cluster: stack, image, gpuCount: 1, capacityProviderStrategies });
    const terraform = await lab.terraform({ configuration: JSON.parse(Testing.synth(stack, true)) });
    const { status, stderr } = await terraform.apply();
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    const again = await terraform.plan();
    expect(again.stdout).toContain("No changes.");
    expect(again.status).toBe(0);
  });
});
