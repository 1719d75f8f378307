import type { Conditions } from "./statement";

/**
 * A part of the deploy policy that a type needs. All grants with the same `sid` become one statement. In ARNs, `{name}` is
 * the name of the element as a pattern, and words in upper case are placeholders that the user fills in.
 */
export interface Grant {
  readonly sid: string;
  /** The actions after their service: `ecs:CreateCluster DeleteCluster`. */
  readonly actions: string;
  /** The ARNs, without `arn:PARTITION:`. `*` if the action supports no resource types. */
  readonly on: readonly string[];
  readonly when?: Condition;
  /** The condition instead of `when` if AWS generates the name, or if the JSON does not have it. */
  readonly ifUnknown?: Condition;
  /** Allows the action only on roles that have the permissions boundary of the code, in a statement of its own. */
  readonly isBounded?: boolean;
  /** @default "Allow" */
  readonly effect?: "Deny";
}

/**
 * - `region`: in the region of the stack.
 * - `newTagged`: the request has the tag of the stack.
 * - `tagged`: the resource has the tag of the stack. `as` is the type of the resource if it is not that of the element.
 * - `tagOnCreate`: the request has the tag of the stack, and the resource does not have it yet. For services that cannot limit
 *   tagging to the creation of a resource. Otherwise, the tag of the stack on a resource of others would admit all other actions.
 * - `foundByTag`: the resource has the tag of the stack, by which a data source finds it.
 */
export type Condition =
  | { readonly kind: "region" | "newTagged" | "tagOnCreate" | "foundByTag" }
  | { readonly kind: "tagged"; readonly as?: string }
  | { readonly kind: "fixed"; readonly test: Conditions };
type Values = string | readonly string[];

const fixed = (operator: string, key: string, value: Values): Condition => ({
  kind: "fixed",
  test: { [operator]: { [key]: [value].flat() } },
});
const region: Condition = { kind: "region" };
const newTagged: Condition = { kind: "newTagged" };
const tagged: Condition = { kind: "tagged" };
const taggedAs = (type: string): Condition => ({ kind: "tagged", as: type });

/** Most Describe actions support no resource types, so a condition limits them to the region. */
const read = (...actions: string[]): Grant[] =>
  actions.map((list) => ({ sid: "Read", actions: list, on: ["*"], when: region }));

const own = (type: string) => `ec2:REGION:ACCOUNT_ID:${type}/*`;

/** Resources of EC2 have generated IDs, so conditions match their tags. The create call sets the tags. */
const ec2 = (type: string, create: string, change: string, createAction: string): Grant[] => [
  { sid: "Ec2Create", actions: `ec2:${create}`, on: [own(type)], when: newTagged },
  { sid: "Ec2Change", actions: `ec2:${change} CreateTags DeleteTags`, on: [own(type)], when: tagged },
  { sid: "Ec2TagNew", actions: "ec2:CreateTags", on: [own(type)], when: createdBy(createAction) },
];

const createdBy = (...actions: string[]): Condition => fixed("StringEquals", "ec2:CreateAction", actions);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html */
const serviceLinked = (...services: string[]): Grant[] =>
  services.map((service) => ({
    sid: "ServiceLinkedRoles",
    actions: "iam:CreateServiceLinkedRole",
    on: [`iam::ACCOUNT_ID:role/aws-service-role/${service}/*`],
    when: fixed("StringEquals", "iam:AWSServiceName", [service]),
  }));

const ROLE = "iam::ACCOUNT_ID:role/{name}";

/**
 * Allows passing a role only to the service that uses it. Otherwise, the deployer could get the permissions of any
 * role.
 */
const passInstanceRole: Grant = {
  sid: "PassInstanceRole",
  actions: "iam:PassRole",
  on: ["iam::ACCOUNT_ID:role/{role}"],
  // The service is ec2.amazonaws.com.cn in China.
  when: fixed("StringLike", "iam:PassedToService", "ec2.amazonaws.com*"),
};
/** The role of an instance profile that exists. Only AWS knows its name, so the policy has a placeholder. */
const passProfileRole: Grant = { ...passInstanceRole, on: ["iam::ACCOUNT_ID:role/{profileRole}"] };
const passTaskRoles: Grant = {
  sid: "PassTaskRoles",
  actions: "iam:PassRole",
  on: ["iam::ACCOUNT_ID:role/{taskRole}"],
  when: fixed("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"),
};

const passVolumeRole: Grant = {
  sid: "PassVolumeRoles",
  actions: "iam:PassRole",
  on: ["iam::ACCOUNT_ID:role/{volumeRole}"],
  when: fixed("StringEquals", "iam:PassedToService", "ecs.amazonaws.com"),
};

const passTlsRole: Grant = {
  ...{ sid: "PassTlsRoles", actions: "iam:PassRole", on: ["iam::ACCOUNT_ID:role/{tlsRole}"] },
  when: fixed("StringEquals", "iam:PassedToService", "ecs.amazonaws.com"),
};
const passSchedulerRole: Grant = {
  ...{ sid: "PassSchedulerRoles", actions: "iam:PassRole", on: ["iam::ACCOUNT_ID:role/{schedulerRole}"] },
  when: fixed("StringEquals", "iam:PassedToService", "scheduler.amazonaws.com"),
};

const passDeploymentRole: Grant = {
  ...{ sid: "PassDeploymentRoles", actions: "iam:PassRole", on: ["iam::ACCOUNT_ID:role/{deploymentRole}"] },
  when: fixed("StringEquals", "iam:PassedToService", "ecs.amazonaws.com"),
};

const passHookRole: Grant = {
  sid: "PassHookRole",
  actions: "iam:PassRole",
  on: ["iam::ACCOUNT_ID:role/{hookRole}"],
  when: fixed("StringEquals", "iam:PassedToService", "autoscaling.amazonaws.com"),
};

const rule = (direction: "Egress" | "Ingress"): Grant[] => [
  ...read("ec2:DescribeSecurityGroupRules DescribeSecurityGroups"),
  {
    sid: "SecurityGroupRules",
    actions: `ec2:AuthorizeSecurityGroup${direction} RevokeSecurityGroup${direction} ModifySecurityGroupRules`,
    on: [own("security-group")],
    when: taggedAs("aws_security_group"),
  },
  // EC2 checks the group of the rule too.
  {
    sid: "SecurityGroupRuleResources",
    actions: `ec2:AuthorizeSecurityGroup${direction} RevokeSecurityGroup${direction} ModifySecurityGroupRules`,
    on: [own("security-group-rule")],
  },
  {
    sid: "Ec2TagNew",
    actions: "ec2:CreateTags",
    on: [own("security-group-rule")],
    when: createdBy(`AuthorizeSecurityGroup${direction}`),
  },
  { sid: "Ec2Change", actions: "ec2:CreateTags DeleteTags", on: [own("security-group-rule")], when: tagged },
];

/** Helpers to write grants. */
export const iam = {
  ...{ fixed, region, newTagged, tagged, taggedAs, read, own, ec2, createdBy, serviceLinked, rule },
  ...{
    ROLE,
    passInstanceRole,
    passProfileRole,
    passTaskRoles,
    passVolumeRole,
    passTlsRole,
    passSchedulerRole,
    passHookRole,
    passDeploymentRole,
  },
  TAGS: "TagResource UntagResource ListTagsForResource",
};
