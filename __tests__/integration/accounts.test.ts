import type { Fixtures } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

describeTerraform("the account and the region of a stack", (lab) => {
  const plan = async (
    settings: EcsClusterSettings,
    { variables, fixtures }: { variables?: Record<string, unknown>; fixtures?: Partial<Fixtures> } = {},
  ) => {
    const configuration = clusterConfiguration({ keyPair: "none", ...settings });
    return (await lab.terraform({ configuration, fixtures, variables })).plan();
  };
  const account = { account: "111122223333" };

  it.each<[string, EcsClusterSettings, Parameters<typeof plan>[1]]>([
    ["in an allowed account", { allowedAccountIds: ["444455556666", "111122223333"] }, { fixtures: account }],
    [
      "in the account of the assumed role",
      {
        allowedAccountIds: ["444455556666"],
        assumeRole: { roleArn: "arn:aws:iam::444455556666:role/deploy", externalId: "acme", durationSeconds: 900 },
      },
      { fixtures: account },
    ],
    ["in a region of another partition", { values: { region: "eusc-de-east-1" } }, {}],
  ])("plans %s", async (_, settings, given) => {
    expect(await plan(settings, given)).toMatchObject({ status: 2, stderr: "" });
  });

  it.each<[string, EcsClusterSettings, Parameters<typeof plan>[1], RegExp]>([
    [
      "an account that is not allowed",
      { allowedAccountIds: ["444455556666"] },
      { fixtures: account },
      /Error: AWS account ID not allowed: 111122223333[\s\S]*with provider\["registry\.terraform\.io\/hashicorp\/aws"\]/,
    ],
    [
      "the account of a role that is not allowed",
      { allowedAccountIds: ["111122223333"], assumeRole: { roleArn: "arn:aws:iam::444455556666:role/deploy" } },
      { fixtures: account },
      /Error: AWS account ID not allowed: 444455556666/,
    ],
    [
      "a wrong account in the variable",
      { allowedAccountIds: ["111122223333"] },
      { fixtures: account, variables: { allowed_account_ids: ["prod"] } },
      /allowed_account_ids must be AWS account ids of 12 digits/,
    ],
    ["a region that does not exist", { values: { region: "eu-west-9" } }, {}, /Error: Invalid AWS Region: eu-west-9/],
  ])("rejects %s", async (_, settings, given, message) => {
    const { status, stderr } = await plan(settings, given);
    expect(status).toBe(1);
    expect(stderr.replace(/^[│╷╵] ?/gm, "")).toMatch(message);
  });
});
