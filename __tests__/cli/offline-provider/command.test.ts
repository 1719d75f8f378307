import { UsageError } from "../../../cli/command-line";
import { exampleVariables } from "../../../cli/offline-provider/examples";
import { parseOptions } from "../../../cli/offline-provider/options";
import {
  supportedVersion,
  TerraformBinaryError,
  terraformVersion,
} from "../../../cli/offline-provider/terraform-binary";

describe("the command line", () => {
  it("plans main.ts when nothing is given", () => {
    expect(parseOptions([])).toEqual({ copy: false, app: "main.ts", help: false, terraformArgs: [] });
  });

  it("passes on what comes after --", () => {
    expect(parseOptions(["--stack", "web", "--", "-var", "name=demo"])).toMatchObject({
      stack: "web",
      terraformArgs: ["-var", "name=demo"],
    });
  });

  it("takes a whole command for a folder, with or without the word terraform", () => {
    for (const command of [["terraform", "validate"], ["validate"]]) {
      expect(parseOptions(["--dir", "out", "--copy", "--", ...command])).toMatchObject({
        dir: "out",
        copy: true,
        terraformArgs: ["validate"],
      });
    }
  });

  it.each<[string[], RegExp]>([
    [["--dri", "x"], /Unknown option '--dri'/],
    [["plan"], /Unexpected argument 'plan'[\s\S]*go after "--"/],
    [["--copy"], /--copy copies the folder of --dir/],
    [["--dir", "x", "--app", "y", "--", "plan"], /--app and --stack don't go with it/],
    [["--dir", "x"], /--dir needs a Terraform command after "--", such as: --dir x -- terraform validate/],
  ])("refuses %j with the usage", (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
    expect(() => parseOptions(args)).toThrow(/npm run plan:offline/);
  });
});

describe("example values", () => {
  const variable = { ssh_public_key: { type: "string" }, certificate_arn: { default: null }, other: {} };

  it("are given for variables without a default alone", () => {
    expect(exampleVariables({ variable }, {})).toEqual({
      TF_VAR_ssh_public_key: expect.stringMatching(/^ssh-ed25519 AAAA/),
    });
  });

  it("go by the name, whatever stands before it", () => {
    const images = { orders_image: {}, orders_image_tag: {}, private_subnet_ids: {}, imagery: {} };
    expect(exampleVariables({ variable: images }, {})).toEqual({
      TF_VAR_orders_image: "public.ecr.aws/docker/library/nginx:1.29",
      TF_VAR_orders_image_tag: "1.0.0",
      TF_VAR_private_subnet_ids: expect.stringMatching(/^\["subnet-0ff11e/),
    });
  });

  it("give way to the environment", () => {
    expect(exampleVariables({ variable }, { TF_VAR_ssh_public_key: "mine" })).toEqual({});
  });
});

describe("the Terraform binary", () => {
  it.each(["1.10.0", "1.11.4", "1.12.0-beta1", "2.0.0"])("may be %s", (version) => {
    expect(supportedVersion(version)).toBe(version);
  });

  it.each(["1.9.8", "1.0.0", "0.15.5"])("may not be %s, and the message says which may", (version) => {
    expect(() => supportedVersion(version)).toThrow(TerraformBinaryError);
    expect(() => supportedVersion(version)).toThrow(
      `Terraform ${version} is too old: this project needs 1.10 or newer`,
    );
  });

  it("is asked for by name when it isn't there", async () => {
    await expect(terraformVersion("no-such-terraform")).rejects.toThrow(
      /"no-such-terraform" was not found\. Install Terraform 1\.10 or newer .* TERRAFORM_BINARY_NAME/,
    );
  });
});
