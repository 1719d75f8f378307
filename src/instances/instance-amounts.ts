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

/**
 * The network interfaces for tasks in awsvpc mode of an instance with a trunk, by size: the least of the families below.
 * Another type counts as a type without a trunk.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/eni-trunking-supported-instance-types.html
 */
const TRUNK_INTERFACES = {
  medium: 4,
  large: 10,
  xlarge: 20,
  "2xlarge": 40,
  "4xlarge": 60,
  "8xlarge": 50,
  "9xlarge": 50,
  "12xlarge": 50,
  "16xlarge": 98,
  "18xlarge": 98,
  "24xlarge": 98,
  "32xlarge": 98,
  "48xlarge": 98,
};
/** The families that support a trunk in all of these sizes, and the exceptions. */
const TRUNK_FAMILIES = "^[cmr](5|5a|5ad|5d|[6-8][a-z]*)[.]";
const WITHOUT_TRUNK = ["c5a.8xlarge", "c5ad.8xlarge", "r5.8xlarge"];

/** Returns the network interfaces of a type for tasks in awsvpc mode, as an expression of `type`. */
export function taskInterfaces(hasTrunk = false): Expression {
  const own = hcl`type.maximum_network_interfaces - 1`;
  if (!hasTrunk) return own;
  const supported = hcl`can(regex(${TRUNK_FAMILIES}, type.instance_type)) && !contains(${WITHOUT_TRUNK}, type.instance_type)`;
  return hcl`${supported} ? lookup(${TRUNK_INTERFACES}, split(".", type.instance_type)[1], ${own}) : ${own}`;
}

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
