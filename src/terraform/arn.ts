import { type Expression, hcl } from "./expression";

/** Returns an ARN in the same partition, region and account as another one. @param resource for example `parameter/name` */
export function siblingArn(arn: string, service: string, resource: string): Expression {
  const part = (index: number) => hcl`split(":", ${arn})[${index}]`;
  return hcl`join(":", ["arn", ${part(1)}, ${service}, ${part(3)}, ${part(4)}, ${resource}])`;
}

/** Returns the partition of an ARN. */
export const partitionOf = (arn: string): Expression => hcl`split(":", ${arn})[1]`;

/** Returns the account of an ARN. */
export const accountOf = (arn: string): Expression => hcl`split(":", ${arn})[4]`;
