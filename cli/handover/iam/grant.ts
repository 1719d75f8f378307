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
}

export type Condition =
  | { readonly kind: "region" | "newTagged" | "tagged" }
  | { readonly kind: "fixed"; readonly test: { readonly [operator: string]: { readonly [key: string]: Values } } };
type Values = string | readonly string[];

const fixed = (operator: string, key: string, value: Values): Condition => ({
  kind: "fixed",
  test: { [operator]: { [key]: value } },
});
const region: Condition = { kind: "region" };
const newTagged: Condition = { kind: "newTagged" };
const tagged: Condition = { kind: "tagged" };

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
    when: tagged,
  },
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
  ...{ fixed, region, newTagged, tagged, read, own, ec2, createdBy, serviceLinked, rule },
  ...{
    ROLE,
    passInstanceRole,
    passTaskRoles,
    passVolumeRole,
    passTlsRole,
    passSchedulerRole,
    passHookRole,
    passDeploymentRole,
  },
  TAGS: "TagResource UntagResource ListTagsForResource",
};
