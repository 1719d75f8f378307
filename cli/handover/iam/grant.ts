/**
 * What a type takes of IAM. Grants of one `sid` become one statement, so they name the same kind of thing.
 * `{name}` is the element's own name as a pattern; upper-case words are placeholders that whoever deploys fills in.
 */
export interface Grant {
  readonly sid: string;
  /** Actions with the service before them: `ecs:CreateCluster DeleteCluster`. */
  readonly actions: string;
  /** ARNs after `arn:PARTITION:`; `*` where AWS knows no narrower resource for the action. */
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

/** Reading takes `*`: most Describe actions know no resource. The region is the one thing to hold them to. */
const read = (...actions: string[]): Grant[] =>
  actions.map((list) => ({ sid: "Read", actions: list, on: ["*"], when: region }));

const own = (type: string) => `ec2:REGION:ACCOUNT_ID:${type}/*`;

/** EC2's things have generated ids: they are told by their tag, which they get in the call that makes them. */
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

/** Passing a role on is how one's rights grow: only to the service that the role is for. */
const passInstanceRole: Grant = {
  sid: "PassInstanceRole",
  actions: "iam:PassRole",
  on: ["iam::ACCOUNT_ID:role/{role}"],
  // In China the service is ec2.amazonaws.com.cn.
  when: fixed("StringLike", "iam:PassedToService", "ec2.amazonaws.com*"),
};
const passTaskRoles: Grant = {
  sid: "PassTaskRoles",
  actions: "iam:PassRole",
  on: ["iam::ACCOUNT_ID:role/{taskRole}"],
  when: fixed("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"),
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
    sid: "SecurityGroupRulesThemselves",
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

/** The words that the tables of types are written in. */
export const iam = {
  ...{ fixed, region, newTagged, tagged, read, own, ec2, createdBy, serviceLinked, rule },
  ...{ ROLE, passInstanceRole, passTaskRoles, passHookRole },
  TAGS: "TagResource UntagResource ListTagsForResource",
};
