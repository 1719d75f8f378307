import { KeyPair as AwsKeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { type TerraformStack, TerraformVariable, Testing } from "cdktf";
import { KeyPair, type KeyPairProps, SettingsError } from "../../src";
import { PUBLIC_KEY } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";

Testing.setupJest();

const synthesize = (props: KeyPairProps | ((stack: TerraformStack) => KeyPairProps)): string =>
  Testing.synthScope((stack) => {
    const own = stack as TerraformStack;
    new KeyPair(own, "key", typeof props === "function" ? props(own) : props);
  });

const fromVariable = (stack: TerraformStack): KeyPairProps => {
  const variable = new TerraformVariable(stack, "ssh_public_key", { type: "string", sensitive: true });
  return { name: "prod", publicKey: variable.stringValue };
};

const FIX_PRIVATE =
  "Create another key pair, because this private key can be stored in logs by now. Use the public key: the text of the .pub file.";
const FIX_KIND =
  "EC2 accepts no other kinds. Use the text of the .pub file. ssh-keygen -t ed25519 creates one, and ssh-keygen -i converts other formats.";
const NO_PRIVATE = "must not be a private key";
const KIND = "must be one line of OpenSSH text, ssh-ed25519 or ssh-rsa";
const RECEIVED = "received a value that is not shown";
const EITHER = "Set name and publicKey to import a key, or keyName for an existing key pair.";

describe("KeyPair", () => {
  it("imports a public key with a name prefix, so that another key replaces the instances", () => {
    const json = synthesize({ name: "prod", publicKey: ` ${PUBLIC_KEY}\n` });
    expect(json).toHaveResourceWithProperties(AwsKeyPair, {
      key_name_prefix: "prod-",
      public_key: PUBLIC_KEY,
      lifecycle: { create_before_destroy: true },
      tags: { Name: "prod", Purpose: "SSH access to the container instances" },
    });
    expect(resourceCounts(json)).toEqual({ aws_key_pair: 1 });
  });

  it("uses an existing key pair, and creates none", () => {
    const json = Testing.synthScope((stack) => {
      expect(new KeyPair(stack, "key", { keyName: "me" }).keyName).toBe("me");
    });
    expect(resourceCounts(json)).toEqual({});
  });

  it("checks the key of a variable in preconditions, which print only their message", () => {
    const key = "trimspace(nonsensitive(var.ssh_public_key))";
    expect(synthesize(fromVariable)).toHaveResourceWithProperties(AwsKeyPair, {
      public_key: `\${${key}}`,
      lifecycle: {
        create_before_destroy: true,
        precondition: [
          {
            condition: `\${!can(regex("PRIVATE KEY", ${key}))}`,
            error_message: `ssh_public_key ${NO_PRIVATE}. The value given is not shown. ${FIX_PRIVATE}`,
          },
          {
            condition: `\${can(regex("^\\\\s*((ssh-ed25519|ssh-rsa) AAAA[0-9A-Za-z+/]{16,}={0,3}( [^\\\\r\\\\n]*)?\\\\s*$|.*PRIVATE KEY)", ${key}))}`,
            error_message: `ssh_public_key ${KIND}. The value given is not shown. ${FIX_KIND}`,
          },
        ],
      },
    });
  });

  it.each([
    "",
    "nonsense",
    "ssh-dss AAAAB3NzaC1kc3MAAACBAOeB",
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI",
    "---- BEGIN SSH2 PUBLIC KEY ----",
    `${PUBLIC_KEY}\n${PUBLIC_KEY}`,
    "ssh-ed25519 AAAA",
  ])("rejects text in another format, and does not show it: %j", (publicKey) => {
    expect(problemsOf(() => synthesize({ name: "prod", publicKey }))).toEqual([
      `publicKey ${KIND}; ${RECEIVED}. ${FIX_KIND}`,
    ]);
  });

  it.each(["OPENSSH ", "RSA ", "EC ", "ENCRYPTED ", ""])("rejects a private key, and does not show it: %s", (kind) => {
    const secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
    const publicKey = `-----BEGIN ${kind}PRIVATE KEY-----\n${secret}\n-----END ${kind}PRIVATE KEY-----\n`;
    const action = () => synthesize({ name: "prod", publicKey });
    expect(problemsOf(action)).toEqual([`publicKey ${NO_PRIVATE}; ${RECEIVED}. ${FIX_PRIVATE}`]);
    expect(action).toThrow(SettingsError);
    expect(action).not.toThrow(secret);
  });

  it("does not show a public key of another type", () => {
    const publicKey = { key: "secret" } as never;
    expect(problemsOf(() => synthesize({ name: "prod", publicKey }))).toEqual([
      "publicKey must be a string; received a value that is not shown. Write it in quotes.",
    ]);
  });

  it("keeps a template sequence in the key's comment and in the key pair's name as text", () => {
    expect(synthesize({ name: "prod", publicKey: `${PUBLIC_KEY}-\${x}` })).toHaveResourceWithProperties(AwsKeyPair, {
      public_key: `${PUBLIC_KEY}-$\${x}`,
    });
    Testing.synthScope((stack) => {
      expect(new KeyPair(stack, "key", { keyName: "me-${x}" }).keyName).toBe("me-$${x}");
    });
  });

  it.each<[KeyPairProps, string]>([
    [
      { keyName: " me" },
      'keyName must be the name of an EC2 key pair; received " me". List the names: aws ec2 describe-key-pairs --query KeyPairs[].KeyName',
    ],
    [{}, `keyName must be set, or name and publicKey; received nothing. ${EITHER}`],
    [{ name: "prod" }, `keyName must be set, or name and publicKey; received nothing. ${EITHER}`],
    [{ publicKey: PUBLIC_KEY }, `keyName must be set, or name and publicKey; received nothing. ${EITHER}`],
    [
      { keyName: "me", name: "prod", publicKey: PUBLIC_KEY },
      `keyName must not be set with name or publicKey; received "me". ${EITHER}`,
    ],
  ])("rejects %j", (props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });
});
