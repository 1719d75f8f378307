import { KeyPair as AwsKeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { Construct } from "constructs";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules } from "../validation/aws-rules";
import { matches } from "../validation/rule";
import { interfaceOf, schemaOf, sensitive, string } from "../validation/schema";
import type { Findings, Given, Known, Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { validate } from "../validation/validate";

/** A public key to import, or an existing key pair: set `name` and `publicKey`, or `keyName`. */
export interface KeyPairProps {
  /** The start of the name of the imported key pair. @default - none: `keyName` names an existing key pair */
  readonly name?: string;
  /** The public key to import: one line of OpenSSH text, ssh-ed25519 or ssh-rsa, or the token of a sensitive variable. @default - none: `keyName` names an existing key pair */
  readonly publicKey?: string;
  /** The name of an existing EC2 key pair in the region. @default - none: `publicKey` is imported */
  readonly keyName?: string;
}

export const keyNameRule = matches(
  "^[!-~]([ -~]{0,253}[!-~])?$",
  "be the name of an EC2 key pair",
  "List the names: aws ec2 describe-key-pairs --query KeyPairs[].KeyName",
);

/** A rule of a public key. It has no Terraform condition of a variable, whose validation would print the value. */
interface PublicKeyRule extends Limit<string> {
  readonly pattern: string;
  /** Whether a valid key matches the pattern. */
  readonly accepts: boolean;
}

const publicKeyRule = (pattern: string, accepts: boolean, must: string, fix: string): PublicKeyRule => ({
  ...{ pattern, accepts, must, fix },
  check: (key) => new RegExp(pattern).test(key.trim()) === accepts,
});

/**
 * The rules of an OpenSSH public key that EC2 accepts. A message shows no part of it, because it can be a private key.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html
 */
export const publicKeyRules: readonly PublicKeyRule[] = [
  publicKeyRule(
    "PRIVATE KEY",
    false,
    "not be a private key",
    "Create another key pair, because this private key can be stored in logs by now. Use the public key: the text of the .pub file.",
  ),
  publicKeyRule(
    "^\\s*((ssh-ed25519|ssh-rsa) AAAA[0-9A-Za-z+/]{16,}={0,3}( [^\\r\\n]*)?\\s*$|.*PRIVATE KEY)",
    true,
    "be one line of OpenSSH text, ssh-ed25519 or ssh-rsa",
    "EC2 accepts no other kinds. Use the text of the .pub file. ssh-keygen -t ed25519 creates one, and ssh-keygen -i converts other formats.",
  ),
];

/** The field of a public key. */
export const publicKeyField = sensitive(string(...publicKeyRules));

export const keyPairPropsSchema = schemaOf<KeyPairProps>()(
  {
    name: string(...clusterNameRules).optional(),
    publicKey: publicKeyField.optional(),
    keyName: string(keyNameRule).optional(),
  },
  importedOrExisting,
);

const EITHER = "Set name and publicKey to import a key, or keyName for an existing key pair.";

function* importedOrExisting(_: Known<KeyPairProps>, given: Given<KeyPairProps>): Findings<KeyPairProps> {
  const [name, publicKey, keyName] = [given("name"), given("publicKey"), given("keyName")];
  if (keyName && (name || publicKey)) yield { at: "keyName", must: "not be set with name or publicKey", fix: EITHER };
  if (!keyName && !(name && publicKey)) yield { at: "keyName", must: "be set, or name and publicKey", fix: EITHER };
}

/** The key for SSH. No message shows any part of the public key, because a private key may be given in its place. */
export class KeyPair extends Construct implements KeyPairReference {
  /** The key pair's name, for launch templates. */
  readonly keyName: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: KeyPairProps) {
    super(scope, id);
    const { name, publicKey, keyName } = validate(this, keyPairPropsSchema, props);
    if (publicKey === undefined) {
      this.keyName = literal(keyName ?? "");
      return;
    }
    const known = !isToken(publicKey);
    const text = hcl`trimspace(nonsensitive(${publicKey}))`;
    const resource = new AwsKeyPair(this, "resource", {
      // A prefix, so that another key gets another name. The launch template names the key, so the instances are replaced.
      keyNamePrefix: `${name}-`,
      publicKey: known ? literal(publicKey.trim()) : text.string,
      tags: purposeTags(name ?? "", "SSH access to the container instances"),
      lifecycle: {
        createBeforeDestroy: true,
        // The validation of a variable prints the value, even of a sensitive variable. A precondition prints its message only.
        precondition: known
          ? undefined
          : publicKeyRules.map(({ pattern, accepts, must, fix }) => ({
              condition: (accepts ? hcl`can(regex(${pattern}, ${text}))` : hcl`!can(regex(${pattern}, ${text}))`)
                .string,
              errorMessage: `ssh_public_key must ${must}. The value given is not shown. ${fix}`,
            })),
      },
    });
    this.node.defaultChild = resource;
    this.keyName = resource.keyName;
  }
}

/** A key pair: a {@link KeyPair}, or one that exists, such as `{ keyName: "ops" }`. */
export interface KeyPairReference {
  /** The name of the EC2 key pair. */
  readonly keyName: string;
}

/** The field of a `keyPair` property. */
export const keyPairField = interfaceOf<KeyPairReference>(
  "a KeyPair",
  "Pass the construct, or an object with its attributes.",
)({ keyName: string() });
