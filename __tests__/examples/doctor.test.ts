import type { AccountContents } from "../../cli/offline-provider";
import { expectSilentDoctor, reportsOf } from "../support/emulated-aws/silent-doctor";
import { EXAMPLE_FIXTURES, synthesizeApp } from "../support/examples";
import { describeTerraform, type TerraformLab } from "../support/terraform";
import { RunningSystem } from "../support/transition";
import { deploy } from "../support/upgrade";

/** An account in which lookups find what the stacks create. */
const { existing: _, ...FIXTURES } = EXAMPLE_FIXTURES;

/** Deploys the default app, and the example with a service on its cluster. */
async function withService(lab: TerraformLab): Promise<AccountContents> {
  const system = await RunningSystem.start(lab, FIXTURES);
  await deploy(system, synthesizeApp("main.ts"));
  await deploy(system, synthesizeApp("examples/service-stack.ts"));
  return system.session.account();
}

// __tests__/support/example-life.ts runs the doctor on the examples with a cluster. The cluster of examples/existing-cluster.ts is
// someone else's, so the account has nothing of it.
describeTerraform("the doctor", (lab) => {
  let contents: AccountContents;
  const reports = (without?: string) =>
    reportsOf({ ...contents, resources: contents.resources.filter(({ type }) => type !== without) });

  it("finds no problem in a cluster with the service of another stack", async () => {
    contents = await withService(lab);
    await expectSilentDoctor(contents);
    const [report] = await reports();
    expect(report?.checks.find(({ id }) => id === "services")?.notes).toEqual([
      expect.stringMatching(/^orders: [12] of [12] tasks? running; last event: /),
    ]);
  });

  it("finds a problem in an emulated account in which something is missing", async () => {
    const [report] = await reports("aws_vpc_security_group_ingress_rule");
    expect(report?.causes.map(({ finding }) => finding.cause.id)).toEqual(["inbound-closed", "listener-closed"]);
  });
});
