import { createHash } from "node:crypto";

/** The account in every ARN. No AWS account has this number, so readers see that a resource is not real. */
export const FAKE_ACCOUNT = "000000000000";

/** The place of the resources that the provider makes up. */
export interface Place {
  readonly region: string;
  readonly partition: string;
  readonly account: string;
}

/** Returns hexadecimal digits. Equal text returns equal digits, in every run and on every machine. */
export function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/** Returns an id such as `lt-offline-1b2c…`. An id of AWS has only hexadecimal digits, so readers see that it is not real. */
export function fakeId(prefix: string, seed: string): string {
  return `${prefix}-offline-${digest(`${prefix} ${seed}`, 10)}`;
}

/** Returns an id in AWS's format, such as `vpc-0ff11e…` ("offline"). Filters and regular expressions need this format. */
export function fakeHexId(prefix: string, seed: string): string {
  return `${prefix}-0ff11e${digest(`${prefix} ${seed}`, 11)}`;
}

export function fakeArn(place: Place, service: string, resource: string, global = false): string {
  return `arn:${place.partition}:${service}:${global ? "" : place.region}:${place.account}:${resource}`;
}

export function dnsSuffix(partition: string): string {
  return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
