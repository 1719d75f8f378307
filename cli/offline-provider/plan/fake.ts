import { createHash } from "node:crypto";

/** The account that every ARN names: no account has it, so nothing made here can be taken for real. */
export const FAKE_ACCOUNT = "000000000000";

/** Where the provider pretends to be. */
export interface Place {
  readonly region: string;
  readonly partition: string;
  readonly account: string;
}

/** Equal text gives equal digits, in every run and on every machine. */
export function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** `lt-offline-1b2c…`: AWS has hexadecimal digits only after the prefix, so the word marks it as fake. */
export function fakeId(prefix: string, seed: string): string {
  return `${prefix}-offline-${digest(`${prefix} ${seed}`, 10)}`;
}

/** The form of an id that has to pass for AWS's own, as in a filter or a regular expression: `vpc-0ff11e…` ("offline"). */
export function fakeHexId(prefix: string, seed: string): string {
  return `${prefix}-0ff11e${digest(`${prefix} ${seed}`, 11)}`;
}

export function fakeArn(place: Place, service: string, resource: string, global = false): string {
  return `arn:${place.partition}:${service}:${global ? "" : place.region}:${place.account}:${resource}`;
}

export function dnsSuffix(partition: string): string {
  return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
