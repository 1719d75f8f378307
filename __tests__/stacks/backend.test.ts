import type { BackendSettings } from "../../src";
import { declareBackend } from "../../src/stacks/backend";
import { at, emptyStack, synthesized } from "../support/synthesized";

function backend(settings: BackendSettings): unknown {
  const stack = emptyStack();
  declareBackend(stack, "prod", settings);
  return at(synthesized(stack), "terraform", "backend");
}

describe("the backend", () => {
  it("is a local file at the path that was given", () => {
    expect(backend({ local: "../../../terraform.prod.tfstate" })).toEqual({
      local: { path: "../../../terraform.prod.tfstate" },
    });
  });

  it("is an encrypted object in S3, locked by a file beside it, with a key of the stack's own", () => {
    expect(backend({ s3: { bucket: "states", region: "eu-west-1" } })).toEqual({
      s3: { bucket: "states", region: "eu-west-1", key: "prod/terraform.tfstate", encrypt: true, use_lockfile: true },
    });
  });

  it("takes the key in S3 and the KMS key that were given", () => {
    const s3 = { bucket: "states", region: "eu-west-1", key: "a/b", kmsKeyId: "alias/states" };
    expect(backend({ s3 })).toMatchObject({ s3: { key: "a/b", kms_key_id: "alias/states" } });
  });
});
