import { imageId, type PlanJson, type TerraformResult } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { casesAsModules, errorTextOf, planOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

const AL2023 = "/aws/service/ecs/optimized-ami/amazon-linux-2023";
const BOTTLEROCKET = "/aws/service/bottlerocket";

const PINNED = "al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64";

describeTerraform("the AMI of the instances", (lab) => {
  const accepted: readonly (readonly [string, EcsClusterSettings, object, string])[] = [
    ["Inferentia", {}, { instance_types: ["inf2.xlarge"] }, `${AL2023}/neuron/recommended`],
    ["the first generation of Inferentia", {}, { instance_types: ["inf1.xlarge"] }, `${AL2023}/neuron/recommended`],
    ["GPUs", {}, { instance_types: ["g4dn.xlarge", "g5.xlarge"] }, `${AL2023}/gpu/recommended`],
    ["types without accelerators", {}, { instance_types: ["t3.small"] }, `${AL2023}/recommended`],
    ["arm64", {}, { instance_types: ["t4g.small", "m7g.large"] }, `${AL2023}/arm64/recommended`],
    ["a pinned version", {}, { ami_version: PINNED }, `${AL2023}/${PINNED}`],
    ["Bottlerocket", { amiFamily: "bottlerocket" }, {}, `${BOTTLEROCKET}/aws-ecs-2/x86_64/latest`],
    [
      "a pinned version of Bottlerocket on arm64 with GPUs",
      { amiFamily: "bottlerocket" },
      { instance_types: ["g5g.xlarge"], ami_version: "1.49.0" },
      `${BOTTLEROCKET}/aws-ecs-2-nvidia/arm64/1.49.0`,
    ],
    [
      "Amazon Linux 2",
      { amiFamily: "amazon-linux-2" },
      {},
      "/aws/service/ecs/optimized-ami/amazon-linux-2/recommended",
    ],
  ];
  const rejected: readonly (readonly [string, EcsClusterSettings, object, string])[] = [
    [
      "types with and without Neuron devices",
      {},
      { instance_types: ["inf2.xlarge", "m5.large"] },
      "instance_types must all have Neuron devices, or none, because one AMI serves all of them; received inf2.xlarge true, m5.large false. Keep the types of one kind.",
    ],
    [
      "Neuron devices with a family that has no AMI for them",
      { amiFamily: "bottlerocket" },
      { instance_types: ["inf2.xlarge"] },
      "bottlerocket has no ECS-optimized AMI for Neuron devices; instance_types are inf2.xlarge. Choose amazon-linux-2023, or other types.",
    ],
  ];
  const stackCase = ([, settings, given]: readonly [string, EcsClusterSettings, object, string]) => ({
    configuration: partOf(clusterConfiguration({ keyPair: "none", ...settings }), "output.ami_id"),
    variables: given as Record<string, unknown>,
  });
  let planned: PlanJson;
  let failed: TerraformResult;
  beforeAll(async () => {
    planned = await (await casesAsModules(lab, accepted.map(stackCase))).planJson();
    failed = await (await casesAsModules(lab, rejected.map(stackCase))).plan();
  });

  it.each(accepted.map(([what, , , path], index) => [what, path, index] as const))(
    "is looked up for %s",
    (_, path, index) => {
      expect(planOf(planned, index).outputs.ami_id).toBe(imageId(`${path}/image_id`));
    },
  );

  it.each(rejected.map(([what, , , message], index) => [what, message, index] as const))(
    "fails the plan for %s",
    (_, message, index) => {
      expect(errorTextOf(failed.stderr, index)).toContain(message);
      expect(failed.status).toBe(1);
    },
  );
});
