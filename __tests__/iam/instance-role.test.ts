import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Testing } from "cdktf";
import { type InstanceProfileReference, InstanceRole, type InstanceRoleProps } from "../../src";
import { instanceRoleField } from "../../src/iam/instance-role";
import { schemaOf } from "../../src/validation/schema";
import { validate } from "../../src/validation/validate";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

/** Synthesizes a stack with readable addresses. */
function synthesize(props: Partial<InstanceRoleProps> = {}): string {
  const stack = emptyStack();
  new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", ...props });
  return JSON.stringify(synthesized(stack));
}

const problems = (props: object) => problemsOf(() => synthesize(props));

const PARTITION = "${data.aws_partition.role_partition.partition}";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

describe("InstanceRole", () => {
  it("lets instances register with ECS, and lets Session Manager connect", () => {
    for (const policy of ["service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonSSMManagedInstanceCore"]) {
      expect(synthesize()).toHaveResourceWithProperties(IamRolePolicyAttachment, {
        role: "${aws_iam_role.role.name}",
        policy_arn: `arn:${PARTITION}:iam::aws:policy/${policy}`,
      });
    }
  });

  it("does not let Session Manager connect with sessionManager false", () => {
    const json = synthesize({ sessionManager: false });
    expect(Object.keys(ofType(JSON.parse(json), "aws_iam_role_policy_attachment"))).toEqual(["role_ecs"]);
  });

  it("has additional permissions in a policy of its own", () => {
    const statements = [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::setup/*"] }];
    const policies = ofType(JSON.parse(synthesize({ statements })), "aws_iam_role_policy");
    expect(policies.role_further).toMatchObject({ name: "further", policy: expect.stringContaining("s3:GetObject") });
    expect(ofType(JSON.parse(synthesize()), "aws_iam_role_policy")).not.toHaveProperty("role_further");
  });

  it("attaches additional policies, each once and at its own address", () => {
    const policyArns = [READ_ONLY, "arn:aws:iam::123456789012:policy/mine"];
    const json = synthesize({ policyArns: [...policyArns, READ_ONLY] });
    const attachments = ofType(JSON.parse(json), "aws_iam_role_policy_attachment");
    expect(attachments).toMatchObject({
      role_further_aws_policy_ReadOnlyAccess: { policy_arn: policyArns[0] },
      role_further_123456789012_policy_mine: { policy_arn: policyArns[1] },
    });
    expect(Object.keys(attachments)).toHaveLength(4);
  });

  it("attaches policies whose names differ only in punctuation", () => {
    const policyArns = ["a-b", "a.b"].map((name) => `arn:aws:iam::aws:policy/${name}`);
    const attachments = ofType(JSON.parse(synthesize({ policyArns })), "aws_iam_role_policy_attachment");
    expect(Object.keys(attachments)).toEqual([
      "role_ecs",
      "role_session_manager",
      "role_further_aws_policy_a_b",
      "role_further_aws_policy_a_b_1",
    ]);
  });

  it("never creates an exclusive attachment, which would detach the policy from other roles", () => {
    expect(resourceCounts(synthesize({ policyArns: [READ_ONLY] }))).toEqual({
      aws_iam_instance_profile: 1,
      aws_iam_role: 1,
      aws_iam_role_policy_attachment: 3,
      "data.aws_partition": 1,
    });
  });

  it("lets only EC2 of its partition assume it", () => {
    expect(synthesize()).toHaveResourceWithProperties(IamRole, {
      assume_role_policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "ec2.${data.aws_partition.role_partition.dns_suffix}" },
          },
        ],
      }),
    });
  });

  it("has the region in its name, because IAM's names are global", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(IamRole, { name: "prod-instance-eu-west-1" });
    expect(json).toHaveResourceWithProperties(IamInstanceProfile, {
      name: "prod-instance-eu-west-1",
      role: "${aws_iam_role.role.name}",
    });
  });

  it("returns every attachment, so that instances keep their permissions until they stop", () => {
    const stack = emptyStack();
    const role = new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", policyArns: [READ_ONLY] });
    expect(role.attachments.map(({ fqn }) => resolved(stack, fqn))).toEqual([
      "${aws_iam_role_policy_attachment.role_ecs}",
      "${aws_iam_role_policy_attachment.role_session_manager}",
      "${aws_iam_role_policy_attachment.role_further_aws_policy_ReadOnlyAccess}",
    ]);
    expect(role.policyName).toBe("AmazonEC2ContainerServiceforEC2Role");
  });

  it.each<[string, object, string]>([
    [
      "the name of a policy in place of its ARN",
      { policyArns: [READ_ONLY, "ReadOnlyAccess"] },
      'policyArns[1] must be the ARN of an IAM policy; received "ReadOnlyAccess". List the policies: aws iam list-policies --query Policies[].Arn',
    ],
    [
      "more policies than IAM attaches",
      { policyArns: Array.from({ length: 9 }, (_, index) => `arn:aws:iam::aws:policy/p${index}`) },
      "policyArns must have at most 8 policies; received 9. A role has at most 10, and 2 are this library's. Combine some of them in one policy.",
    ],
    [
      "a cluster without its ARN",
      { onlyCluster: { clusterName: "prod" } },
      "onlyCluster.clusterArn must be a string; received nothing. Set it.",
    ],
    [
      "a cluster that is a name",
      { onlyCluster: "prod" },
      'onlyCluster must be a cluster; received "prod". Use a Cluster construct.',
    ],
    [
      "text in place of true or false",
      { sessionManager: "no" },
      'sessionManager must be true or false; received "no". Write it without quotes.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });
});

describe("the field of an instance role", () => {
  const schema = schemaOf<{ readonly role: InstanceProfileReference }>()({ role: instanceRoleField });
  const problemsWith = (role: unknown) =>
    problemsOf(() => validate("Construct", schema, { role: role as InstanceProfileReference }));

  it("accepts the construct", () => {
    expect(problemsWith(new InstanceRole(emptyStack(), "role", { name: "prod", region: "eu-west-1" }))).toEqual([]);
  });

  it("accepts an instance profile that exists", () => {
    expect(problemsWith({ instanceProfileArn: "arn:aws:iam::111122223333:instance-profile/ecs" })).toEqual([]);
  });

  it("rejects the name of a role, and attachments that are not resources", () => {
    expect(problemsWith("ecsInstanceRole")).toEqual([
      'role must be an InstanceRole; received "ecsInstanceRole". Pass the construct, or an object with its attributes.',
    ]);
    const attributes = { roleName: "a", instanceProfileArn: "b", policyName: "c", attachments: [READ_ONLY] };
    expect(problemsWith(attributes)).toEqual([
      `role.attachments[0] must be a resource; received "${READ_ONLY}". Use a Terraform resource or data source.`,
    ]);
  });
});
