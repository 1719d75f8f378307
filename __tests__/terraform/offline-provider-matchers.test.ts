import "cdktf/lib/testing/adapters/jest";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

/** A stack of one cluster, with a mistake. */
function stackWith(override: [path: string, value: unknown]): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "matchers");
  new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
  const cluster = new EcsCluster(stack, "cluster", { name: "ecs" });
  cluster.addOverride(...override);
  return stack;
}

describeTerraform("cdktf's jest matchers, with the offline provider", (lab) => {
  Testing.setupJest();

  it("find a good stack valid, and plan it", async () => {
    const stack = clusterStack({ keyPair: "none" });
    await lab.serve({ configuration: JSON.parse(Testing.synth(stack, true)) });
    expect(Testing.fullSynth(stack)).toBeValidTerraform();
    expect(Testing.fullSynth(stack)).toPlanSuccessfully();
  });

  it.each<[string, unknown]>([
    ["nmae", "x"],
    ["name", []],
  ])("find a stack with %s = %p neither valid nor fit to plan", async (path, value) => {
    const stack = stackWith([path, value]);
    await lab.serve({ configuration: JSON.parse(Testing.synth(stack, true)) });
    expect(Testing.fullSynth(stack)).not.toBeValidTerraform();
    expect(Testing.fullSynth(stack)).not.toPlanSuccessfully();
  });
});
