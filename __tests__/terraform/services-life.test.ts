import type { Configuration } from "../../tools/offline-provider";
import { PUBLIC_KEY } from "../support/cluster";
import { exampleValues, synthesizeApp } from "../support/examples";
import { existingCluster } from "../support/existing-cluster";
import { describeTerraform } from "../support/terraform";

describeTerraform("services, in real Terraform", (lab) => {
  const microservices = () => synthesizeApp("examples/microservices.ts").stacks.microservices as Configuration;
  const serviceStack = () => synthesizeApp("examples/service-stack.ts").stacks["service-stack"] as Configuration;

  it("makes the tutorial's services with their cluster, settles and destroys in one run", async () => {
    const configuration = microservices();
    const variables = { ...exampleValues(configuration), ssh_public_key: PUBLIC_KEY };
    const terraform = await lab.terraform({ configuration, variables });
    expect(await terraform.validate()).toMatchObject({ status: 0, stderr: "" });
    const applied = await terraform.apply();
    expect(applied.stderr).toBe("");
    expect(applied.status).toBe(0);
    const again = await terraform.plan();
    expect(again.stdout).toContain("No changes.");
    expect(again.status).toBe(0);
    const destroyed = await terraform.destroy();
    expect(destroyed.stdout).toContain("Destroy complete!");
  });

  it("makes services in a state of their own, settles and destroys", async () => {
    const configuration = serviceStack();
    const variables = exampleValues(configuration);
    const terraform = await lab.terraform({ configuration, variables, fixtures: existingCluster() });
    expect(await terraform.validate()).toMatchObject({ status: 0, stderr: "" });
    const applied = await terraform.apply();
    expect(applied.stderr).toBe("");
    expect(applied.status).toBe(0);
    expect((await terraform.plan()).stdout).toContain("No changes.");
    expect((await terraform.destroy()).stdout).toContain("Destroy complete!");
  });
});
