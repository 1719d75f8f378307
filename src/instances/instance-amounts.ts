import { type Expression, hcl } from "../terraform/expression";

/**
 * ECS registers less memory than an instance has: of 8,192 MiB about 7,985. It registers at least 92 % at any size.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
 */
export const USABLE_MEMORY = 0.92;

/** Returns the memory of a type for tasks in MiB, as an expression of `type`. @param reserved MiB that the agent reserves */
export const memoryOf = (reserved = 0): Expression =>
  reserved === 0
    ? hcl`floor(type.memory_size * ${USABLE_MEMORY})`
    : hcl`floor(type.memory_size * ${USABLE_MEMORY}) - ${reserved}`;

/** An amount of each instance type, as an expression of `type`. */
interface TypeAmount {
  /** `data.aws_ec2_instance_type` by type, as an expression. */
  readonly details: string;
  readonly amount: Expression;
}

/** Returns the amount of the type that has the least. Without a known type it is huge: then other guards fail. */
export const least = ({ details, amount }: TypeAmount): Expression =>
  hcl`try(min([for type in ${details} : ${amount}]...), 1e15)`;

/** Returns the amount of the type that has the most. */
export const most = ({ details, amount }: TypeAmount): Expression =>
  hcl`try(max([for type in ${details} : ${amount}]...), 1e15)`;

/** Returns each type with its amount, for messages: `t3.small 1884, t3.large 7536`. */
export const listed = ({ details, amount }: TypeAmount): string =>
  hcl`join(", ", [for name, type in ${details} : "\${name} \${${amount}}"])`.string;
