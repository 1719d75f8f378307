import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import { refuseSecrets } from "../../../../cli/handover/terraform-json/secrets";
import { SAMPLE_PUBLIC_KEY } from "../../../../cli/handover/terraform-json/variables";
import { stackJson } from "../../../support/handover";

// Put together here, so that no scanner takes this file for a leak.
const ACCESS_KEY = `AKIA${"IOSFODNN7EXAMPLE"}`;
const SECRET_KEY = `wJalrXUtnFEMI/K7MDENG/${"bPxRfiCYEXAMPLEKEY"}`;
const PRIVATE_KEY = `-----BEGIN OPENSSH ${"PRIVATE"} KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END`;

const refusal = (json: Json): string => {
  try {
    refuseSecrets(json);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
};
const variable = (body: Record<string, Json>): Json => ({ variable: { key: body } });
const resource = (body: Record<string, Json>): Json => ({ resource: { aws_ssm_parameter: { own: body } } });

describe("secrets in a stack", () => {
  it.each<[what: string, json: Json, secret: string, address: string]>([
    [
      "a sensitive default",
      variable({ sensitive: true, default: "hunter2" }),
      "hunter2",
      "var.key: a sensitive variable's default",
    ],
    [
      "a sensitive list",
      variable({ sensitive: true, default: ["hunter2"] }),
      "hunter2",
      "var.key: a sensitive variable's default",
    ],
    ["a private key in a sensitive default", variable({ sensitive: true, default: PRIVATE_KEY }), "b3Blbn", "var.key"],
    [
      "a private key in an ordinary default",
      variable({ default: PRIVATE_KEY }),
      "b3Blbn",
      "var.key.default: a private key",
    ],
    [
      "a PuTTY key",
      resource({ value: "PuTTY-User-Key-File-3: ssh-ed25519" }),
      "ed25519",
      "aws_ssm_parameter.own.value: a private key",
    ],
    [
      "an access key id",
      resource({ tags: { key: `x ${ACCESS_KEY}` } }),
      ACCESS_KEY,
      "aws_ssm_parameter.own.tags.key: an AWS access key id",
    ],
    [
      "an access key id as a key",
      resource({ tags: { [ACCESS_KEY]: "x" } }),
      ACCESS_KEY,
      "aws_ssm_parameter.own.tags.(a key)",
    ],
    [
      "a secret key in user data",
      resource({ list: ["a", `export AWS_SECRET_ACCESS_KEY=${SECRET_KEY}`] }),
      SECRET_KEY,
      "aws_ssm_parameter.own.list[1]: an AWS secret access key",
    ],
    [
      "a secret key in a container",
      resource({ text: `{"name":"AWS_SECRET_ACCESS_KEY","value":"${SECRET_KEY}"}` }),
      SECRET_KEY,
      "aws_ssm_parameter.own.text",
    ],
    [
      "a secret key alone",
      resource({ value: SECRET_KEY }),
      SECRET_KEY,
      "aws_ssm_parameter.own.value: an AWS secret access key",
    ],
    [
      "a password as text",
      resource({ master_password: "hunter2" }),
      "hunter2",
      "aws_ssm_parameter.own.master_password: a secret as plain text",
    ],
    ["a key in a lookup", { data: { aws_ami: { own: { name: ACCESS_KEY } } } }, ACCESS_KEY, "data.aws_ami.own.name"],
    [
      "a key in the backend",
      { terraform: { backend: { s3: { secret_key: "hunter2" } } } },
      "hunter2",
      "terraform.backend.s3.secret_key",
    ],
    [
      "a key in the provider",
      { provider: { aws: [{ access_key: ACCESS_KEY }] } },
      ACCESS_KEY,
      "provider.aws[0].access_key",
    ],
  ])("refuses %s by its address, without the value", (_, json, secret, address) => {
    const message = refusal(json);
    expect(message).toContain("The stack holds secrets, and a hand-over must not.");
    expect(message).toContain(`  ${address}`);
    expect(message).not.toContain(secret);
    expect(message).toContain("Give them as variables without a default");
  });

  it("shows all of them at once", () => {
    const message = refusal({
      ...(variable({ default: PRIVATE_KEY }) as object),
      ...(resource({ value: SECRET_KEY }) as object),
    });
    expect(message.split("\n").filter((line) => line.startsWith("  "))).toHaveLength(2);
  });

  it.each<[what: string, json: Json]>([
    ["a public key as a sensitive variable's default", variable({ sensitive: true, default: SAMPLE_PUBLIC_KEY })],
    ["a sensitive variable with an empty default", variable({ sensitive: true, default: null })],
    ["a message that warns of private keys", resource({ text: 'regex("PRIVATE KEY", var.key)' })],
    ["a digest in hexadecimals", resource({ value: "0123456789abcdef0123456789abcdef01234567" })],
    ["a password by reference", resource({ password: "${var.password}" })],
    ["the default app", stackJson("ecs") as Json],
    ["the microservices", stackJson("microservices") as Json],
  ])("accepts %s", (_, json) => {
    expect(() => refuseSecrets(json)).not.toThrow();
  });
});
