import { InstanceRole, type InstanceRoleProps } from "../../src";
import {
  count,
  emptyStack,
  mistakesOf,
  ofType,
  type Part,
  resolved,
  resource,
  synthesized,
} from "../support/synthesized";

function role(props: Partial<InstanceRoleProps> = {}): Part {
  const stack = emptyStack();
  new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", ...props });
  return synthesized(stack);
}

const PARTITION = "${data.aws_partition.role_partition.partition}";

describe("InstanceRole", () => {
  it("lets instances register with ECS", () => {
    expect(resource(role(), "aws_iam_role_policy_attachment.role_ecs")).toMatchObject({
      role: "${aws_iam_role.role.name}",
      policy_arn: `arn:${PARTITION}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role`,
    });
  });

  it("lets Session Manager on", () => {
    expect(resource(role(), "aws_iam_role_policy_attachment.role_session_manager")).toMatchObject({
      policy_arn: `arn:${PARTITION}:iam::aws:policy/AmazonSSMManagedInstanceCore`,
    });
  });

  it("leaves Session Manager out by setting", () => {
    expect(Object.keys(ofType(role({ sessionManager: false }), "aws_iam_role_policy_attachment"))).toEqual([
      "role_ecs",
    ]);
  });

  it("attaches further policies, each once and at an address of its own", () => {
    const policyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/mine"];
    const json = role({ policyArns: [...policyArns, policyArns[0] as string] });
    const at = (address: string) => resource(json, `aws_iam_role_policy_attachment.${address}`).policy_arn;
    expect([at("role_further_aws_policy_ReadOnlyAccess"), at("role_further_123456789012_policy_mine")]).toEqual(
      policyArns,
    );
    expect(count(json, "aws_iam_role_policy_attachment")).toBe(4);
  });

  it("never makes an exclusive attachment, which would strip other roles of the policy", () => {
    const types = Object.keys(role({ policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }).resource as Part);
    expect(types.sort()).toEqual(["aws_iam_instance_profile", "aws_iam_role", "aws_iam_role_policy_attachment"]);
  });

  it("is trusted to EC2 of its own partition alone", () => {
    expect(JSON.parse(String(resource(role(), "aws_iam_role.role").assume_role_policy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "ec2.${data.aws_partition.role_partition.dns_suffix}" },
        },
      ],
    });
  });

  it("has the region in its name, since IAM's names are global", () => {
    const json = role();
    expect(resource(json, "aws_iam_role.role").name).toBe("prod-instance-eu-west-1");
    expect(resource(json, "aws_iam_instance_profile.role_profile")).toMatchObject({
      name: "prod-instance-eu-west-1",
      role: "${aws_iam_role.role.name}",
    });
    expect(count(json, "aws_iam_instance_profile")).toBe(1);
  });

  it("hands out every attachment, so that instances outlast none of their rights", () => {
    const stack = emptyStack();
    const policyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];
    const { attachments } = new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", policyArns });
    expect(attachments.map(({ fqn }) => resolved(stack, fqn))).toEqual([
      "${aws_iam_role_policy_attachment.role_ecs}",
      "${aws_iam_role_policy_attachment.role_session_manager}",
      "${aws_iam_role_policy_attachment.role_further_aws_policy_ReadOnlyAccess}",
    ]);
  });

  it("refuses what is no policy's ARN, and shows that one alone", () => {
    const policyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess"];
    expect(mistakesOf(() => role({ policyArns }))).toEqual([
      'policyArns must be ARNs of IAM policies; received ["ReadOnlyAccess"]. List those there are: aws iam list-policies --query Policies[].Arn',
    ]);
  });
});
