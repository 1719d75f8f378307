import { KeyPair as AwsKeyPair } from "@cdktf/provider-aws/lib/key-pair";
import { Construct } from "constructs";
import { hcl, literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { checkProps, isToken } from "../validation/check-props";
import { interfaceOf, string } from "../validation/schema";
import { SettingsError } from "../validation/settings-error";
import { keyNameRule, nameRules, publicKeyRules } from "../validation/values";

/** A public key to import, or a key pair that is there. */
export type KeyPairProps =
  | {
      /** What the imported key pair's name starts with. */
      readonly name: string;
      /** One line of OpenSSH text, ssh-ed25519 or ssh-rsa: plain, or the token of a sensitive variable. */
      readonly publicKey: string;
    }
  | {
      /** The name of an EC2 key pair of the region. */
      readonly keyName: string;
    };

/**
 * The key that SSH asks for. What is pasted in the place of a public key may be a private one, so no message ever shows
 * any of it.
 */
export class KeyPair extends Construct {
  /** The key pair's name, for launch templates. */
  readonly keyName: string;

  /** @throws {SettingsError} when a plain public key isn't one; the message holds no part of it */
  constructor(scope: Construct, id: string, props: KeyPairProps) {
    super(scope, id);
    if ("keyName" in props) {
      checkProps(this, { keyName: [props.keyName, [keyNameRule]] });
      this.keyName = literal(props.keyName);
      return;
    }
    const { name, publicKey } = props;
    checkProps(this, { name: [name, nameRules] });
    const known = !isToken(publicKey);
    if (known) {
      const broken = publicKeyRules.filter((rule) => new RegExp(rule.pattern).test(publicKey.trim()) !== rule.accepts);
      if (broken.length > 0)
        throw new SettingsError(
          `KeyPair "${this.node.path}"`,
          broken.map((rule) => rule.message),
        );
    }
    // A variable's validation would print the value even of a sensitive variable; a precondition prints its message only.
    const text = known ? hcl`${publicKey.trim()}` : hcl`trimspace(nonsensitive(${publicKey}))`;
    const resource = new AwsKeyPair(this, "resource", {
      // A prefix, so that another key has another name: instances follow, because the launch template names the key.
      keyNamePrefix: `${name}-`,
      publicKey: known ? literal(publicKey.trim()) : text.string,
      tags: purposeTags(name, "Who may connect to the container instances by SSH"),
      lifecycle: {
        createBeforeDestroy: true,
        precondition: known
          ? undefined
          : publicKeyRules.map(({ pattern, accepts, message }) => ({
              condition: (accepts ? hcl`can(regex(${pattern}, ${text}))` : hcl`!can(regex(${pattern}, ${text}))`)
                .string,
              errorMessage: message,
            })),
      },
    });
    this.keyName = resource.keyName;
  }
}

/** The field of a `keyPair` property. */
export const keyPairField = interfaceOf<KeyPair>("a key pair", "Use a KeyPair.")({ keyName: string() });
