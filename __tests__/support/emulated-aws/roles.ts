import type { Answers } from "./clients";
import { lastPart, type Resources, text, texts, type Values } from "./resources";

/**
 * The actions of the policies of AWS that the examples attach.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  AmazonEC2ContainerServiceforEC2Role: [
    ...["ec2:DescribeTags", "ecs:CreateCluster", "ecs:DeregisterContainerInstance", "ecs:DiscoverPollEndpoint"],
    ...["ecs:Poll", "ecs:RegisterContainerInstance", "ecs:StartTelemetrySession", "ecs:UpdateContainerInstancesState"],
    ...["ecs:Submit*", "ecr:*", "logs:CreateLogStream", "logs:PutLogEvents", "ecs:TagResource"],
  ],
  AmazonECSTaskExecutionRolePolicy: [
    ...["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"],
    ...["ecr:BatchGetImage", "logs:CreateLogStream", "logs:PutLogEvents"],
  ],
};

/** A role of someone else, such as a platform team, which no stack has. */
const platformRole = (name: string): Values => ({
  name,
  arn: `arn:aws:iam::111122223333:role/${name}`,
  assume_role_policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: ["ec2", "ecs-tasks"].map((service) => ({
      ...{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: `${service}.amazonaws.com` } },
    })),
  }),
  managed_policy_arns: Object.keys(MANAGED).map((policy) => `arn:aws:iam::aws:policy/service-role/${policy}`),
});

export function roleAnswers(resources: Resources): Answers {
  const roleOf = (input: Values): Values => {
    const [role] = resources.where("aws_iam_role", "name", text(input, "RoleName"));
    return role ?? platformRole(text(input, "RoleName"));
  };
  const policiesOf = (input: Values) => resources.where("aws_iam_role_policy", "role", text(roleOf(input), "name"));
  const encoded = (document: string) => encodeURIComponent(document);
  return {
    GetCallerIdentity: () => ({ Account: "000000000000" }),
    GetInstanceProfile: (input) => {
      const name = text(input, "InstanceProfileName");
      const [profile] = resources.where("aws_iam_instance_profile", "name", name);
      return { InstanceProfile: { Roles: [{ RoleName: profile ? profile.role : name }] } };
    },
    GetRole: (input) => {
      const role = roleOf(input);
      const boundary = text(role, "permissions_boundary");
      return {
        Role: {
          ...{
            RoleName: role.name,
            Arn: role.arn,
            AssumeRolePolicyDocument: encoded(text(role, "assume_role_policy")),
          },
          ...(boundary && { PermissionsBoundary: { PermissionsBoundaryArn: boundary } }),
        },
      };
    },
    ListAttachedRolePolicies: (input) => ({
      AttachedPolicies: resources
        .where("aws_iam_role_policy_attachment", "role", text(roleOf(input), "name"))
        .map(({ policy_arn }) => ({ PolicyArn: policy_arn }))
        .concat(texts(roleOf(input), "managed_policy_arns").map((PolicyArn) => ({ PolicyArn }))),
    }),
    ListRolePolicies: (input) => ({ PolicyNames: policiesOf(input).map(({ name }) => name) }),
    GetRolePolicy: (input) => {
      const [found = {}] = policiesOf(input).filter(({ name }) => name === input.PolicyName);
      return { PolicyDocument: encoded(text(found, "policy")) };
    },
    GetPolicy: () => ({ Policy: { DefaultVersionId: "v1" } }),
    GetPolicyVersion: (input) => {
      const Action = MANAGED[lastPart(text(input, "PolicyArn"))] ?? ["*"];
      const Statement = [{ Effect: "Allow", Action, Resource: "*" }];
      return { PolicyVersion: { Document: encoded(JSON.stringify({ Version: "2012-10-17", Statement })) } };
    },
  };
}
