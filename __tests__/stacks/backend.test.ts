import { CloudBackend, HttpBackend, NamedCloudWorkspace, TerraformOutput, Testing } from "cdktf";
import { type BackendSettings, EcsClusterStack, EcsServiceStack } from "../../src";
import { at } from "../support/synthesized";
import { testApp } from "../support/test-app";

type Settings = { readonly backend?: false | BackendSettings };
const STACKS = [
  ["EcsClusterStack", (settings: Settings) => new EcsClusterStack(testApp(), "prod", settings)],
  ["EcsServiceStack", (settings: Settings) => new EcsServiceStack(testApp(), "prod", settings)],
] as const;

describe.each(STACKS)("the backend of %s", (_, create) => {
  const backendOf = (stack: ReturnType<typeof create>) =>
    at(JSON.parse(Testing.synth(stack, true)), "terraform", "backend");

  it("is a local file beside cdktf.json by default", () => {
    expect(backendOf(create({}))).toEqual({ local: { path: "../../../terraform.prod.tfstate" } });
  });

  it("is a local file at the given path", () => {
    expect(backendOf(create({ backend: { local: "state/prod.tfstate" } }))).toEqual({
      local: { path: "state/prod.tfstate" },
    });
  });

  it("is an encrypted object in S3 with a lock file, and a key that starts with the stack's id", () => {
    expect(backendOf(create({ backend: { s3: { bucket: "states", region: "eu-west-1" } } }))).toEqual({
      s3: { bucket: "states", region: "eu-west-1", key: "prod/terraform.tfstate", encrypt: true, use_lockfile: true },
    });
  });

  it("has the given key and KMS key in S3", () => {
    const s3 = { bucket: "states", region: "eu-west-1", key: "a/b", kmsKeyId: "alias/states" };
    expect(backendOf(create({ backend: { s3 } }))).toMatchObject({ s3: { key: "a/b", kms_key_id: "alias/states" } });
  });

  it("is the construct that a user adds", () => {
    const stack = create({});
    new HttpBackend(stack, { address: "https://example.com/state" });
    expect(backendOf(stack)).toEqual({ http: { address: "https://example.com/state" } });
  });

  it("is HCP Terraform when a user adds its construct", () => {
    const stack = create({});
    new CloudBackend(stack, { organization: "acme", workspaces: new NamedCloudWorkspace("prod") });
    expect(at(JSON.parse(Testing.synth(stack, true)), "terraform", "cloud")).toMatchObject({ organization: "acme" });
    expect(backendOf(stack)).toBeUndefined();
  });

  it("is absent with false, also after CDKTF prepared the stack", () => {
    const stack = create({ backend: false });
    stack.prepareStack();
    expect(backendOf(stack)).toBeUndefined();
  });
});

describe("a stack without a backend", () => {
  it("rejects references from other stacks", () => {
    const app = testApp();
    const cluster = new EcsClusterStack(app, "prod", { backend: false });
    const services = new EcsServiceStack(app, "services");
    new TerraformOutput(services, "arn", { value: cluster.cluster.clusterArn });
    expect(() => app.synth()).toThrow(
      'Stack "prod" has no backend, so other stacks cannot refer to its resources. Set its backend, or pass the values as variables.',
    );
  });
});
