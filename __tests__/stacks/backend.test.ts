import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type App, Aspects, CloudBackend, HttpBackend, NamedCloudWorkspace, TerraformOutput, Testing } from "cdktf";
import { type BackendSettings, EcsClusterStack, EcsServiceStack } from "../../src";
import { at } from "../support/synthesized";
import { testApp } from "../support/test-app";

type Settings = { readonly backend?: false | BackendSettings };
const STACKS = [
  ["EcsClusterStack", (settings: Settings, app = testApp()) => new EcsClusterStack(app, "prod", settings)],
  ["EcsServiceStack", (settings: Settings, app = testApp()) => new EcsServiceStack(app, "prod", settings)],
] as const;

describe.each(STACKS)("the backend of %s", (_, create) => {
  const backendOf = (stack: ReturnType<typeof create>) =>
    at(JSON.parse(Testing.synth(stack, true)), "terraform", "backend");

  it("is a local file beside cdktf.json by default", () => {
    expect(backendOf(create({}))).toEqual({ local: { path: "../../../terraform.prod.tfstate" } });
  });

  it.each([
    ["a short path", "node_modules", "../../../terraform.prod.tfstate"],
    ["a long path", "node_modules/.cache", "../../../../terraform.prod.tfstate"],
    ["an absolute path", resolve("node_modules"), "../../../terraform.prod.tfstate"],
    ["a path outside the project", tmpdir(), "../../../terraform.prod.tfstate"],
  ])("stays beside cdktf.json with an output folder of %s", (_, outdir, path) => {
    expect(backendOf(create({}, testApp(outdir)))).toEqual({ local: { path } });
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

  it.each([
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "mrk-1234abcd12ab34cd56ef1234567890ab",
    "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:kms:eu-west-1:123456789012:alias/states",
  ])("accepts the KMS key %s", (kmsKeyId) => {
    const s3 = { bucket: "states", region: "eu-west-1", kmsKeyId };
    expect(backendOf(create({ backend: { s3 } }))).toMatchObject({ s3: { kms_key_id: kmsKeyId } });
  });

  it.each([
    [{ key: "/a" }, 's3.key must not start with /; received "/a". For example prod/terraform.tfstate.'],
    [
      { kmsKeyId: "my key" },
      's3.kmsKeyId must be the ID or the ARN of a KMS key; received "my key". List them: aws kms list-keys.',
    ],
    [
      { kmsKeyId: "arn:aws:s3:::states" },
      's3.kmsKeyId must be the ID or the ARN of a KMS key; received "arn:aws:s3:::states". List them: aws kms list-keys.',
    ],
  ])("rejects %j in S3", (other, message) => {
    const s3 = { bucket: "states", region: "eu-west-1", ...other };
    expect(() => create({ backend: { s3 } })).toThrow(message);
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

  it("is that of an override, alone", () => {
    const stack = create({});
    stack.addOverride("terraform.backend.http", { address: "https://example.com/state" });
    stack.prepareStack();
    expect(backendOf(stack)).toEqual({ http: { address: "https://example.com/state" } });
    const cloud = create({});
    cloud.addOverride("terraform.cloud", { organization: "acme" });
    expect(backendOf(cloud)).toBeUndefined();
  });

  it("keeps the default when an override changes a part of it", () => {
    const stack = create({ backend: { local: "a.tfstate" } });
    stack.addOverride("terraform.backend.local.workspace_dir", "b");
    expect(backendOf(stack)).toEqual({ local: { path: "a.tfstate", workspace_dir: "b" } });
  });

  it("is the construct that an Aspect adds", () => {
    const stack = create({});
    Aspects.of(stack).add({
      visit: (node) => {
        if (node === stack) new HttpBackend(stack, { address: "https://example.com/state" });
      },
    });
    (stack.node.root as App).synth();
    const { outdir } = stack.node.root as App;
    const json = readFileSync(join(outdir, "stacks", stack.node.id, "cdk.tf.json"), "utf8");
    expect(at(JSON.parse(json), "terraform", "backend")).toEqual({ http: { address: "https://example.com/state" } });
  });

  it("is absent with false, also after CDKTF prepared the stack", () => {
    const stack = create({ backend: false });
    stack.prepareStack();
    expect(backendOf(stack)).toBeUndefined();
  });
});

describe("a stack without a backend", () => {
  it("rejects references from other stacks when its backend is an override", () => {
    const app = testApp();
    const cluster = new EcsClusterStack(app, "prod");
    cluster.addOverride("terraform.backend.http.address", "https://example.com/state");
    new TerraformOutput(new EcsServiceStack(app, "services"), "arn", { value: cluster.cluster.clusterArn });
    expect(() => app.synth()).toThrow(
      'Stack "prod" has its backend in an override, so other stacks cannot refer to its resources. Add CDKTF\'s construct of the backend in place of the override.',
    );
  });

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
