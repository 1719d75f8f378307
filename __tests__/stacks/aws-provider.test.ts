import type { EcsClusterSettings } from "../../src";
import { EcsServiceStack } from "../../src";
import { clusterConfiguration } from "../support/cluster";
import { synthesized } from "../support/synthesized";
import { testApp } from "../support/test-app";

const provider = (settings: EcsClusterSettings) => {
  const { provider, variable } = clusterConfiguration(settings) as {
    provider: { aws: [object] };
    variable: Record<string, object>;
  };
  return { aws: provider.aws[0], variable };
};
const ROLE = "arn:aws:iam::111122223333:role/deploy";

describe("the AWS provider of a stack", () => {
  it("has only the region and the tags without further settings", () => {
    const { aws, variable } = provider({});
    expect(Object.keys(aws)).toEqual(["region", "default_tags"]);
    expect(variable).not.toHaveProperty("allowed_account_ids");
    expect(variable).not.toHaveProperty("assume_role_arn");
  });

  it("allows the accounts of a variable", () => {
    const { aws, variable } = provider({ allowedAccountIds: ["111122223333"] });
    expect(aws).toMatchObject({ allowed_account_ids: "${var.allowed_account_ids}" });
    expect(variable.allowed_account_ids).toMatchObject({ type: "list(string)", default: ["111122223333"] });
  });

  it("assumes the role of a variable", () => {
    const { aws, variable } = provider({ assumeRole: { roleArn: ROLE } });
    expect(aws).toMatchObject({ assume_role: [{ role_arn: "${var.assume_role_arn}" }] });
    expect(variable.assume_role_arn).toMatchObject({ default: ROLE });
    expect(variable).not.toHaveProperty("assume_role_external_id");
  });

  it("passes on each argument of the role, in a stack of services too", () => {
    const assumeRole = { roleArn: ROLE, externalId: "acme", sessionName: "terraform", durationSeconds: 7200 };
    const stack = new EcsServiceStack(testApp(), "orders", { allowedAccountIds: ["111122223333"], assumeRole });
    expect(synthesized(stack)).toMatchObject({
      provider: {
        aws: [
          {
            allowed_account_ids: "${var.allowed_account_ids}",
            assume_role: [
              {
                role_arn: "${var.assume_role_arn}",
                external_id: "${var.assume_role_external_id}",
                session_name: "terraform",
                duration: "7200s",
              },
            ],
          },
        ],
      },
      variable: { assume_role_external_id: { default: "acme" } },
    });
  });
});
