import { TerraformVariable } from "cdktf";
import { KeyPair, type KeyPairProps, SettingsError } from "../../src";
import { PUBLIC_KEY } from "../support/cluster";
import { at, count, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function key(props: KeyPairProps): Part {
  const stack = emptyStack();
  new KeyPair(stack, "key", props);
  return synthesized(stack);
}

function fromVariable(): Part {
  const stack = emptyStack();
  const variable = new TerraformVariable(stack, "ssh_public_key", { type: "string", sensitive: true });
  new KeyPair(stack, "key", { name: "prod", publicKey: variable.stringValue });
  return resource(synthesized(stack), "aws_key_pair.key");
}

const NOT_A_KEY =
  "ssh_public_key must be one line of OpenSSH text, ssh-ed25519 or ssh-rsa, which are the kinds that EC2 takes. What was received is not shown, in case it is a secret. Give the text of the .pub file (ssh-keygen -t ed25519 makes one; ssh-keygen -i converts other formats).";
const A_PRIVATE_KEY =
  "ssh_public_key holds a private key. It is not shown here; replace that key, since it may have been stored by now. Give the public half: the text of the .pub file beside it.";

describe("KeyPair", () => {
  it("imports a public key under a name of its own, so that another key replaces the instances", () => {
    const json = key({ name: "prod", publicKey: ` ${PUBLIC_KEY}\n` });
    expect(resource(json, "aws_key_pair.key")).toMatchObject({
      key_name_prefix: "prod-",
      public_key: PUBLIC_KEY,
      lifecycle: { create_before_destroy: true },
      tags: { Name: "prod", Purpose: "Who may connect to the container instances by SSH" },
    });
  });

  it("takes a key pair that is there, and makes none", () => {
    const stack = emptyStack();
    const { keyName } = new KeyPair(stack, "key", { keyName: "me" });
    expect(keyName).toBe("me");
    expect(count(synthesized(stack), "aws_key_pair")).toBe(0);
  });

  it("checks the variable's key where it is used, in preconditions, which print their message only", () => {
    const block = fromVariable();
    expect(block.public_key).toBe("${trimspace(nonsensitive(var.ssh_public_key))}");
    const preconditions = at(block, "lifecycle", "precondition") as { condition: string; error_message: string }[];
    expect(preconditions.map((one) => one.error_message)).toEqual([A_PRIVATE_KEY, NOT_A_KEY]);
    expect(preconditions[0]?.condition).toBe(
      '${!can(regex("PRIVATE KEY", trimspace(nonsensitive(var.ssh_public_key))))}',
    );
  });

  it("prints no part of the key in a message that Terraform gives", () => {
    const preconditions = at(fromVariable(), "lifecycle", "precondition") as { error_message: string }[];
    expect(preconditions.filter((one) => /\$\{|ssh_public_key\)/.test(one.error_message))).toEqual([]);
  });

  it.each([
    "",
    "nonsense",
    "ssh-dss AAAAB3NzaC1kc3MAAACBAOeB",
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI",
    "---- BEGIN SSH2 PUBLIC KEY ----",
    `${PUBLIC_KEY}\n${PUBLIC_KEY}`,
    "ssh-ed25519 AAAA",
  ])("refuses what isn't OpenSSH text, without showing it: %j", (publicKey) => {
    expect(mistakesOf(() => key({ name: "prod", publicKey }))).toEqual([NOT_A_KEY]);
  });

  it.each(["OPENSSH ", "RSA ", "EC ", "ENCRYPTED ", ""])("says so when a private key is pasted: %s", (kind) => {
    const secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU";
    const publicKey = `-----BEGIN ${kind}PRIVATE KEY-----\n${secret}\n-----END ${kind}PRIVATE KEY-----\n`;
    const action = () => key({ name: "prod", publicKey });
    expect(mistakesOf(action)).toEqual([A_PRIVATE_KEY]);
    expect(action).toThrow(SettingsError);
    expect(action).not.toThrow(secret);
  });

  it("keeps a template sequence in the key's comment or the key pair's name a text", () => {
    const json = key({ name: "prod", publicKey: `${PUBLIC_KEY}-\${x}` });
    expect(resource(json, "aws_key_pair.key").public_key).toBe(`${PUBLIC_KEY}-$\${x}`);
    expect(new KeyPair(emptyStack(), "key", { keyName: "me-${x}" }).keyName).toBe("me-$${x}");
  });

  it("refuses a name that no key pair can have", () => {
    expect(mistakesOf(() => key({ keyName: " me" }))).toEqual([
      'keyName must be the name of an EC2 key pair; received " me". List those there are: aws ec2 describe-key-pairs --query KeyPairs[].KeyName',
    ]);
  });
});
