import { HandoverError, isObject, type Json } from "./configuration";

/** An OpenSSH public key, which is no secret. Its variable is sensitive in case a user pastes a private key. */
const PUBLIC_KEY = /^\s*(ssh-(ed25519|rsa)|ecdsa-sha2-nistp\d+) AAAA[0-9A-Za-z+/=]+( [^\r\n]*)?\s*$/;

const TEXTS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File-/],
  ["an AWS access key id", /(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  [
    "an AWS secret access key",
    /secret[_-]?(access[_-]?)?key[^A-Za-z0-9/+]+(value[^A-Za-z0-9/+]+)?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i,
  ],
  // A value that is only the key: 40 characters of all kinds. A hexadecimal digest has no upper case.
  ["an AWS secret access key", /^\s*(?=\S*[A-Z])(?=\S*[a-z])(?=\S*[0-9])[A-Za-z0-9/+]{40}\s*$/],
];

/** Arguments whose literal value is always a secret. */
const NAMES = /^((master_|admin_)?password|secret_key|secret_string|auth_token|private_key)$/;

interface Finding {
  readonly address: string;
  readonly what: string;
}

/** @throws HandoverError with the address, but not the value, of each secret in the JSON */
export function throwIfSecrets(json: Json): void {
  const findings = found(json, []);
  if (findings.length === 0) return;
  throw new HandoverError(
    [
      "The stack contains secrets, which the hand-over would spread. This message does not show their values.",
      ...findings.map(({ address, what }) => `  ${address}: ${what}`),
      "Remove them from the code, and rotate them. Use variables without a default, or read the secrets from Secrets Manager or " +
        "the SSM Parameter Store at run time.",
    ].join("\n"),
  );
}

function found(value: Json, path: readonly string[]): Finding[] {
  if (typeof value === "string") return inText(value, path);
  if (Array.isArray(value)) return value.flatMap((inner, index) => found(inner, [...path, String(index)]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    // The address must not contain a key that is a secret.
    const inKey = inText(key, [...path, "(a key)"]);
    if (inKey.length > 0) return inKey;
    const below = [...path, key];
    if (path.length === 1 && path[0] === "variable" && isObject(inner) && hasSecretDefault(inner)) {
      return [{ address: `var.${key}`, what: "a sensitive variable's default" }];
    }
    return found(inner, below);
  });
}

function hasSecretDefault({ sensitive, default: value }: { readonly [key: string]: Json }): boolean {
  const isSensitive = sensitive === true || sensitive === "true";
  const isEmpty = value === undefined || value === null || value === "";
  return isSensitive && !isEmpty && !(typeof value === "string" && PUBLIC_KEY.test(value));
}

function inText(text: string, path: readonly string[]): Finding[] {
  const byText = TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
  const isNamed = NAMES.test(path.at(-1) ?? "") && text !== "" && !text.includes("${");
  const what = byText ?? (isNamed ? "a secret as plain text" : undefined);
  return what === undefined ? [] : [{ address: addressOf(path), what }];
}

/** Returns the address as Terraform prints it: `aws_lb.x.name`, `data.aws_ami.x.owners[0]`, `var.x.default`. */
function addressOf([kind = "", ...rest]: readonly string[]): string {
  const prefix = { resource: [], variable: ["var"], data: ["data"] }[kind] ?? [kind];
  return [...prefix, ...rest].reduce((address, part) =>
    /^\d+$/.test(part) ? `${address}[${part}]` : `${address}.${part}`,
  );
}
