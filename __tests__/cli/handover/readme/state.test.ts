import { AzurermBackend, CloudBackend, HttpBackend, LocalBackend, NamedCloudWorkspace, PgBackend } from "cdktf";
import { backendExample } from "../../../../cli/handover/readme/backend-example";
import { planAndApply } from "../../../../cli/handover/readme/plan-and-apply";
import { state } from "../../../../cli/handover/readme/state";
import { type HandoverOptions, readStack, type Stack } from "../../../../cli/handover/stack";
import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import type { EcsClusterSettings, EcsClusterStack } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { synthesized } from "../../../support/synthesized";

const s3 = { bucket: "acme-states", region: "eu-west-1", key: "prod/shop.tfstate", kmsKeyId: "alias/states" };

/** Returns the stack of a hand-over. @param add adds another backend */
function stackOf(
  settings: EcsClusterSettings = {},
  add: (stack: EcsClusterStack) => void = () => {},
  options: Partial<HandoverOptions> = {},
): Stack {
  const stack = clusterStack(settings);
  add(stack);
  return readStack(synthesized(stack) as Json, { name: "ecs", ...options });
}

describe("the backend of a hand-over", () => {
  it("is the S3 backend of the app, which needs no change before the first plan", () => {
    const stack = stackOf({ backend: { s3 } });
    expect(
      backendExample(stack),
    ).toBe(`# The backend of the app. Copy this file to backend.tf before the first terraform init.
terraform {
  backend "s3" {
    key          = "prod/shop.tfstate"
    bucket       = "acme-states"
    encrypt      = true
    kms_key_id   = "alias/states"
    region       = "eu-west-1"
    use_lockfile = true
  }
}
`);
    expect(state(stack)).toContain("the bucket `acme-states`, the key `prod/shop.tfstate`, the region `eu-west-1`.");
    expect(state(stack)).toContain("aws s3api get-bucket-versioning --bucket acme-states --region eu-west-1\n");
    expect(state(stack)).not.toContain("BUCKET");
    expect(planAndApply(stack)).toContain("```sh\ncp backend.tf.example backend.tf ");
  });

  it("is a bucket to choose if the app has a file, whose path in the project the README names", () => {
    const pathOf = (path?: string) =>
      /cp PROJECT\/(\S+) /.exec(state(stackOf(path ? { backend: { local: path } } : {})))?.[1];
    expect(backendExample(stackOf())).toContain('bucket       = "BUCKET"');
    expect(backendExample(stackOf())).toContain('key          = "ecs/terraform.tfstate"');
    expect(planAndApply(stackOf())).not.toContain("backend.tf.example");
    expect([undefined, "../../../states/prod.tfstate", "./prod.tfstate"].map(pathOf)).toEqual([
      ...["terraform.ecs.tfstate", "states/prod.tfstate", "cdktf.out/stacks/ecs/prod.tfstate"],
    ]);
    // A path of a machine stays on the machine.
    const absolute = stackOf({}, (stack) => new LocalBackend(stack, { path: "/srv/states/prod.tfstate" }));
    expect(state(absolute)).toContain("cp PROJECT/prod.tfstate terraform.tfstate\n");
    expect(state(absolute)).not.toContain("/srv");
  });

  it("is a bucket to choose if the app has no backend", () => {
    const stack = stackOf({ backend: false });
    expect(backendExample(stack)).toContain("BUCKET");
    expect(state(stack)).toContain(
      "If the pipeline that deploys the app adds one, write the same backend to `backend.tf`",
    );
    expect(state(stack)).not.toContain("PROJECT");
  });

  it("is any other backend of the app", () => {
    const azure = { resourceGroupName: "states", storageAccountName: "acme", containerName: "tf", key: "shop" };
    const stack = stackOf({}, (own) => new AzurermBackend(own, azure));
    expect(backendExample(stack)).toContain('  backend "azurerm" {\n    key                  = "shop"\n');
    expect(state(stack)).toContain("in the backend `azurerm`.");
    expect(state(stack)).not.toContain("aws s3api");
    const cloud = stackOf({}, (own) => {
      new CloudBackend(own, { organization: "acme", workspaces: new NamedCloudWorkspace("shop") });
    });
    expect(backendExample(cloud)).toContain(
      '  cloud {\n    organization = "acme"\n\n    workspaces {\n      name = "shop"\n',
    );
  });

  it("has no credentials, and says how to give them", () => {
    const http = stackOf({}, (own) => new HttpBackend(own, { address: "https://states.example.com", username: "ops" }));
    expect(backendExample(http)).toContain('username = "ops"');
    const postgres = stackOf({}, (own) => new PgBackend(own, { connStr: "postgres://ops:hunter2@db/states" }));
    for (const text of [backendExample(postgres), state(postgres)]) {
      expect(text).toContain("The app also sets conn_str, which can contain credentials. Give it to terraform init");
      expect(text).not.toContain("hunter2");
    }
    expect(backendExample(postgres)).toContain('  backend "pg" {}\n');
  });

  it("belongs to the root module of a module, with the steps that move each address", () => {
    const text = state(stackOf({ backend: { s3 } }, () => {}, { module: true }));
    expect(text).toContain("The app has this backend, which the root module can continue to use:");
    expect(text).toContain('    bucket       = "acme-states"\n');
    expect(text).toContain('terraform state mv "$address" "module.MODULE.$address"');
    expect(state(stackOf({}, () => {}, { module: true }))).toContain("give the root module a backend, for example:");
  });

  it("warns that a plan without the state creates everything a second time", () => {
    expect(planAndApply(stackOf())).toContain("If the stack exists, continue with its [state](#state).");
  });
});
