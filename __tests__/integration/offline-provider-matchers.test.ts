import "cdktf/lib/testing/adapters/jest";
import { rmSync } from "node:fs";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { clusterStack } from "../support/cluster";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

/** Returns a stack with a cluster and an override of it. */
function stackWith(override: [path: string, value: unknown]): TerraformStack {
  const stack = new TerraformStack(testApp(), "matchers");
  new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
  const cluster = new EcsCluster(stack, "cluster", { name: "ecs" });
  cluster.addOverride(...override);
  return stack;
}

describeTerraform("CDKTF's Jest matchers with the offline provider", (lab) => {
  Testing.setupJest();
  const servedFolder = async (stack: TerraformStack) => {
    await lab.serve({ configuration: synthesized(stack) });
    const folder = Testing.fullSynth(stack);
    folders.push(folder);
    return folder;
  };
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it("accept a valid stack, and plan it", async () => {
    const folder = await servedFolder(clusterStack({ keyPair: "none", loadBalancer: false }));
    expect(folder).toBeValidTerraform();
    expect(folder).toPlanSuccessfully();
  });

  it.each<[string, unknown]>([
    ["nmae", "x"],
    ["name", []],
  ])("reject a stack with %s = %p, and its plan", async (path, value) => {
    const folder = await servedFolder(stackWith([path, value]));
    expect(folder).not.toBeValidTerraform();
    expect(folder).not.toPlanSuccessfully();
  });
});
