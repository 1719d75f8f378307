import { HandoverError, isObject, type Json } from "./configuration";

/** One OpenSSH public key: not a secret, though its variable may be sensitive in case a private one is pasted there. */
const PUBLIC_KEY = /^\s*(ssh-(ed25519|rsa)|ecdsa-sha2-nistp\d+) AAAA[0-9A-Za-z+/=]+( [^\r\n]*)?\s*$/;

const TEXTS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File-/],
  ["an AWS access key id", /(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  [
    "an AWS secret access key",
    /secret[_-]?(access[_-]?)?key[^A-Za-z0-9/+]+(value[^A-Za-z0-9/+]+)?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i,
  ],
  // Alone, it is known by its form: 40 characters of all kinds, which no digest in hexadecimals has.
  ["an AWS secret access key", /^\s*(?=\S*[A-Z])(?=\S*[a-z])(?=\S*[0-9])[A-Za-z0-9/+]{40}\s*$/],
];

/** Arguments that hold nothing but secrets. As an expression, they hold a reference. */
const NAMES = /^((master_|admin_)?password|secret_key|secret_string|auth_token|private_key)$/;

interface Finding {
  readonly address: string;
  readonly what: string;
}

/**
 * Refuses a stack that has a secret in it: the folder is handed on, committed, mailed.
 *
 * @throws HandoverError with the address of every secret, and none of their values
 */
export function refuseSecrets(json: Json): void {
  const findings = found(json, []);
  if (findings.length === 0) return;
  throw new HandoverError(
    [
      "The stack holds secrets, and a hand-over must not. Their values are not shown here.",
      ...findings.map(({ address, what }) => `  ${address}: ${what}`),
      "Take them out of the code and replace them, since they may have been stored by now. Give them as variables without " +
        "a default, or read them from Secrets Manager or the SSM Parameter Store where they are needed.",
    ].join("\n"),
  );
}

function found(value: Json, path: readonly string[]): Finding[] {
  if (typeof value === "string") return inText(value, path);
  if (Array.isArray(value)) return value.flatMap((inner, index) => found(inner, [...path, String(index)]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    // A key that is a secret must not be shown as part of an address either.
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

/** As Terraform would write it: `aws_lb.x.name`, `data.aws_ami.x.owners[0]`, `var.x.default`. */
function addressOf([kind = "", ...rest]: readonly string[]): string {
  const prefix = { resource: [], variable: ["var"], data: ["data"] }[kind] ?? [kind];
  return [...prefix, ...rest].reduce((address, part) =>
    /^\d+$/.test(part) ? `${address}[${part}]` : `${address}.${part}`,
  );
}
