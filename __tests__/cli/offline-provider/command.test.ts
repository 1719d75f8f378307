import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../cli/command-line";
import { DEFAULT_FIXTURES, type Fixtures, resolveFixtures } from "../../../cli/offline-provider/data/fixtures";
import { subnetId } from "../../../cli/offline-provider/data/network";
import { exampleValues } from "../../../cli/offline-provider/examples";
import { fixturesIn } from "../../../cli/offline-provider/fixtures-file";
import { type PlanOptions, terraformArguments } from "../../../cli/offline-provider/options";
import {
  supportedVersion,
  TerraformBinaryError,
  terraformBinary,
  terraformVersion,
} from "../../../cli/offline-provider/terraform-binary";
import { keyArnRule } from "../../../src/cluster/encryption-key";
import { instanceProfileArnRule } from "../../../src/iam/instance-role";
import { certificateArnRules, trustStoreArnRules } from "../../../src/load-balancing/load-balancer-values";
import { securityGroupIdRule } from "../../../src/network/port-rules";

describe("the arguments for Terraform", () => {
  it("are those after --, for a plan", () => {
    expect(terraformArguments({ stack: "web" }, ["-var", "name=demo"])).toEqual(["-var", "name=demo"]);
  });

  it("are a command for a folder, with or without the word terraform", () => {
    for (const command of [["terraform", "validate"], ["validate"]])
      expect(terraformArguments({ dir: "out", copy: true }, command)).toEqual(["validate"]);
  });

  it.each<[PlanOptions, string[], RegExp]>([
    [{ copy: true }, [], /^--copy requires --dir\. Set --dir to the folder to copy\.$/],
    [{ dir: "x", app: "y" }, ["plan"], /^--dir excludes --app, --output, --stack, --skip-synth and --json\. /],
    [{ dir: "x" }, [], /^--dir requires a Terraform command after "--"\. For example: --dir x -- terraform validate$/],
  ])("reject %j", (options, args, message) => {
    expect(() => terraformArguments(options, args)).toThrow(UsageError);
    expect(() => terraformArguments(options, args)).toThrow(message);
  });
});

describe("example values", () => {
  const values = (
    variable: object,
    { env = {}, args = [], fixtures = {} }: { env?: object; args?: string[]; fixtures?: Partial<Fixtures> } = {},
  ) => exampleValues({ variable }, resolveFixtures(fixtures), { env: { ...env }, args });

  it("exist for variables without a default, unless they have a value", () => {
    const variable = { ssh_public_key: { type: "string" }, certificate_arn: { default: null }, other: {} };
    expect(values(variable).env).toEqual({ TF_VAR_ssh_public_key: expect.stringMatching(/^ssh-ed25519 AAAA/) });
    expect(values(variable, { env: { TF_VAR_ssh_public_key: "mine" } }).env).toEqual({});
    expect(values(variable, { args: ["-var", "ssh_public_key=mine"] }).env).toEqual({});
    expect(values(variable, { args: ["-var=ssh_public_key=mine"] }).env).toEqual({});
  });

  it("depend on the end of the name", () => {
    const variable = { orders_image: {}, orders_image_tag: {}, imagery: {}, extra_security_group_ids: {} };
    expect(values(variable).env).toEqual({
      TF_VAR_orders_image: "public.ecr.aws/docker/library/nginx:1.29",
      TF_VAR_orders_image_tag: "1.0.0",
      TF_VAR_extra_security_group_ids: expect.stringMatching(/^\["sg-0ff11e/),
    });
  });

  it("exist for what the account has: a key, an instance profile, a security group and a trust store", () => {
    const variable = {
      ...{ customer_key_arn: {}, instance_profile_arn: {}, instance_security_group_id: {} },
      ...{ trust_store_arn: {}, internal_certificate_arn: {} },
    };
    const { env } = values(variable, { env: { TF_VAR_region: "eu-west-1" } });
    const all = { region: "eu-west-1" };
    expect(keyArnRule.check(env.TF_VAR_customer_key_arn as string, all)).toBe(true);
    expect(instanceProfileArnRule.check(env.TF_VAR_instance_profile_arn as string, all)).toBe(true);
    expect(securityGroupIdRule.check(env.TF_VAR_instance_security_group_id as string, all)).toBe(true);
    for (const rule of trustStoreArnRules) expect(rule.check(env.TF_VAR_trust_store_arn as string, all)).toBe(true);
    for (const rule of certificateArnRules)
      expect(rule.check(env.TF_VAR_internal_certificate_arn as string, all)).toBe(true);
  });

  it.each<[string, Parameters<typeof values>[1], string]>([
    ["the default", {}, "111122223333"],
    ["the environment", { env: { TF_VAR_allowed_account_ids: '["444455556666"]' } }, "444455556666"],
    ["the fixtures", { fixtures: { account: "777788889999" } }, "777788889999"],
  ])("are for an account that the stack allows, from %s", (_, given, account) => {
    const variable = { allowed_account_ids: { default: ["111122223333"] } };
    expect(values(variable, given).fixtures.account).toBe(account);
    expect(values({}).fixtures.account).toBe("000000000000");
  });

  const certificate = { region: { default: "eu-west-1" }, certificate_arn: {} };
  it.each<[string, Parameters<typeof values>[1], string]>([
    ["the region's default", {}, "aws:acm:eu-west-1"],
    ["the region in the environment", { env: { TF_VAR_region: "us-east-1" } }, "aws:acm:us-east-1"],
    ["the region in the arguments", { args: ["-var", "region=sa-east-1"] }, "aws:acm:sa-east-1"],
    ["the partition", { fixtures: { partition: "aws-cn" } }, "aws-cn:acm:eu-west-1"],
  ])("are ARNs of %s", (_, given, start) => {
    expect(values(certificate, given).env.TF_VAR_certificate_arn).toMatch(new RegExp(`^arn:${start}:000000000000:`));
  });

  it("are subnets of the VPC that the configuration names, which the account then has", () => {
    const variable = { vpc_id: { default: "vpc-12345678" }, subnet_ids: {} };
    const { env, fixtures } = values(variable, { fixtures: { zones: ["a"] } });
    expect(env.TF_VAR_subnet_ids).toBe(JSON.stringify([subnetId("vpc-12345678", "ap-northeast-2a")]));
    expect(fixtures.otherVpcs).toEqual(["vpc-12345678"]);
    expect(values({ subnet_ids: {} }).fixtures.otherVpcs).toEqual([]);
  });
});

describe("a file of fixtures", () => {
  const folder = mkdtempSync(join(tmpdir(), "fixtures-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "account.json");
  const read = (text: string) => () => {
    writeFileSync(file, text);
    return fixturesIn(file);
  };

  it("can set every fixture", () => {
    const instanceTypes = { "t3.nano": { vcpus: 2, memoryMiB: 512, zones: ["a"] } };
    const answers = { aws_lb: { error: "AccessDenied" }, aws_eip: [{ when: { id: "a" }, state: { public_ip: "1" } }] };
    const fixtures: Fixtures = { ...DEFAULT_FIXTURES, instanceTypes, answers, parameters: { "/a": null } };
    expect(read(JSON.stringify(fixtures))()).toEqual(fixtures);
  });

  it("has a row for each fixture in docs/offline-provider.md, with its default", () => {
    const page = readFileSync("docs/offline-provider.md", "utf8");
    for (const [name, value] of Object.entries(DEFAULT_FIXTURES)) {
      const [, shown = "no row"] = new RegExp(`^\\| \`${name}\` \\| ([^|]*) \\|`, "m").exec(page) ?? [];
      const isEmpty = typeof value === "object" && Object.keys(value).length === 0;
      const text = isEmpty ? "none" : JSON.stringify(value).replaceAll(",", ", ");
      expect([name, shown.replaceAll("`", "")]).toEqual([name, name === "instanceTypes" ? "common types" : text]);
    }
  });

  it("leaves the defaults of the other fixtures", () => {
    expect(resolveFixtures(read('{ "zones": ["a"] }')())).toEqual({ ...DEFAULT_FIXTURES, zones: ["a"] });
  });

  it("is rejected with every problem and the place of the description", () => {
    const rejected = read('{ "zones": "a", "otherVpcs": [1], "instanceTypes": { "x": { "vcpus": 0 } }, "vpcs": [] }');
    expect(rejected).toThrow(UsageError);
    expect(rejected).toThrow(
      new RegExp(
        [
          "^.*account\\.json has 5 problems:",
          "  - otherVpcs\\[0\\] must be a string; received 1\\. Write it in quotes\\.",
          '  - zones must be a list; received "a"\\. .*',
          "  - instanceTypes\\.x\\.vcpus must be a whole number .*",
          "  - instanceTypes\\.x\\.memoryMiB must be a number; received nothing\\. Set it\\.",
          '  - Unknown setting "vpcs"\\. .*',
          "docs/offline-provider\\.md describes the fixtures\\.$",
        ].join("\n"),
      ),
    );
    expect(read("[]")).toThrow(/account\.json has 1 problem:\n {2}- settings must be an object; received \[\]/);
    expect(read("{")).toThrow(/^--fixtures must be a JSON file; .* describes the fixtures\.$/s);
    expect(() => fixturesIn("none.json")).toThrow(/^--fixtures must be a JSON file; ENOENT/);
  });
});

describe("the Terraform binary", () => {
  it.each(["1.10.0", "1.11.4", "1.12.0-beta1", "2.0.0"])("can be %s", (version) => {
    expect(supportedVersion(version)).toBe(version);
  });

  it.each(["1.9.8", "1.0.0", "0.15.5"])("cannot be %s, and the error says which can", (version) => {
    expect(() => supportedVersion(version)).toThrow(TerraformBinaryError);
    expect(() => supportedVersion(version)).toThrow(
      `Terraform ${version} is too old. This project needs 1.10 or newer`,
    );
    expect(() => supportedVersion(version, "OpenTofu")).toThrow(
      new RegExp(`^OpenTofu ${version} is too old\\. .* https://opentofu\\.org/`),
    );
  });

  it.each([
    ["terraform", ["terraform"]],
    ["terraform", ["terraform", "tofu"]],
    ["tofu", ["tofu"]],
    ["terraform", []],
  ])("is %s when %j are installed", (expected, installed) => {
    const folder = mkdtempSync(join(tmpdir(), "binaries-"));
    const before = { ...process.env };
    for (const name of installed) writeFileSync(join(folder, name), "");
    delete process.env.TERRAFORM_BINARY_NAME;
    process.env.PATH = folder;
    try {
      expect(terraformBinary()).toBe(expected);
      process.env.TERRAFORM_BINARY_NAME = "mine";
      expect(terraformBinary()).toBe("mine");
    } finally {
      process.env = before;
      rmSync(folder, { recursive: true });
    }
  });

  it("is named in the error when it is not installed", async () => {
    await expect(terraformVersion("no-such-terraform")).rejects.toThrow(
      /"no-such-terraform" was not found\. Install Terraform 1\.10 or newer .* OpenTofu 1\.10 or newer .* tofu\. .* TERRAFORM_BINARY_NAME/,
    );
  });
});
