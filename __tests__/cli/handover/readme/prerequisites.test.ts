import { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { TerraformResource } from "cdktf";
import { prerequisites } from "../../../../cli/handover/readme/prerequisites";
import { readStack } from "../../../../cli/handover/stack";
import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import { Ec2Service, type EcsClusterSettings, type EcsClusterStack } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { stackJson } from "../../../support/handover";
import { synthesized } from "../../../support/synthesized";

const textOf = (json: unknown): string => prerequisites(readStack(json as Json, { name: "ecs" }));
/** Returns the prerequisites of an example as rows: what must exist, what uses it, and the check. */
const rowsOf = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.includes("| --- |"))
    .slice(1)
    .map((line) => line.slice(2, -2).split(" | "));
const ofExample = (name: string) => rowsOf(textOf(stackJson(name)));
const ofCluster = (settings: EcsClusterSettings = {}, add: (stack: EcsClusterStack) => void = () => {}) => {
  const stack = clusterStack(settings);
  add(stack);
  return rowsOf(textOf(synthesized(stack)));
};
const checks = (rows: string[][], what: string) => rows.filter(([text]) => text?.startsWith(what)).map((row) => row[2]);

describe("the prerequisites of a hand-over", () => {
  it("are the default VPC and the service-linked roles, with the commands that create them", () => {
    const rows = ofExample("ecs");
    expect(rows.map(([what]) => what)).toEqual([
      "The default VPC. To create it: `aws ec2 create-default-vpc`",
      ...["AutoScaling", "ECS", "ElasticLoadBalancing"].map((service) =>
        expect.stringContaining(`AWSServiceRoleFor${service}\``),
      ),
    ]);
    expect(rows[2]?.[0]).toContain("`aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`");
    const own = ofCluster({}, (stack) => {
      new IamServiceLinkedRole(stack, "ecs_role", { awsServiceName: "ecs.amazonaws.com" });
    });
    expect(own.map(([what]) => what).join()).not.toContain("AWSServiceRoleForECS");
  });

  it("are what the variables refer to: a word in capitals without a default, and otherwise the default", () => {
    const rows = ofExample("hardened");
    expect(checks(rows, "An issued certificate `CERTIFICATE_ARN`")).toEqual([
      "`aws acm describe-certificate --certificate-arn CERTIFICATE_ARN --query 'Certificate.Status' --output text`",
    ]);
    expect(checks(rows, "The subnets `PRIVATE_SUBNET_IDS`")[0]).toContain(
      "describe-subnets --subnet-ids PRIVATE_SUBNET_IDS ",
    );
    expect(checks(rows, "The VPC")[0]).toContain("describe-vpcs --vpc-ids vpc-0123456789abcdef0 ");
    expect(checks(ofExample("service-stack"), "The ECS cluster `ecs`")[0]).toContain(
      "describe-clusters --clusters ecs ",
    );
    expect(checks(ofExample("releases"), "The topic `ALARM_TOPIC_ARN`")[0]).toContain("sns get-topic-attributes");
    expect(checks(ofCluster({ keyPair: "existing" }), "The key pair `KEY_NAME`")[0]).toContain("describe-key-pairs");
  });

  it("are the images without a default, in one row", () => {
    const rows = ofExample("operations").filter(([what]) => what?.startsWith("The images"));
    expect(rows).toEqual([
      ["The images of these variables", "`var.web_image`, `var.worker_image`", "`docker manifest inspect IMAGE`"],
    ]);
    expect(ofExample("jobs").map(([what]) => what)).not.toContain("The images of these variables");
  });

  it("are the buckets of logs and sessions, with the policy that logs need", () => {
    expect(checks(ofExample("hardened"), "The bucket `example-load-balancer-logs`, with a policy")).toEqual([
      "`aws s3api get-bucket-policy --bucket example-load-balancer-logs --query 'Policy' --output text`",
    ]);
  });

  it("are a NAT gateway or VPC endpoints for instances without a public address", () => {
    const settings = { vpcId: "vpc-0123456789abcdef0", privateSubnets: true } as const;
    const [way = ""] = checks(ofCluster(settings), "A NAT gateway, or VPC endpoints");
    expect(way).toContain("Name=association.subnet-id,Values=PRIVATE_SUBNET_IDS");
    const withEndpoint = ofCluster(settings, (stack) => {
      new VpcEndpoint(stack, "ecr", { vpcId: "vpc-0123456789abcdef0", serviceName: "com.amazonaws.eu-west-1.ecr.api" });
    });
    expect(checks(withEndpoint, "A NAT gateway in the routes")).toHaveLength(1);
    expect(checks(ofExample("ecs"), "A NAT gateway")).toEqual([]);
  });

  it("are the ARNs and ids in the code, but not those that a policy allows", () => {
    const rows = ofExample("existing-cluster");
    expect(checks(rows, "The IAM role `arn:aws:iam::111122223333:role/orders`")[0]).toContain(
      "get-role --role-name orders ",
    );
    expect(checks(rows, "The ECS cluster `arn:aws:ecs:eu-west-1:111122223333:cluster/platform`")).toHaveLength(1);
    expect(checks(rows, "The listener")[0]).toContain(
      "describe-listeners --listener-arns arn:aws:elasticloadbalancing:",
    );
    expect(checks(ofExample("blue-green"), "The function")[0]).toContain(
      "aws lambda get-function --function-name arn:",
    );
    expect(
      ofExample("jobs")
        .map((row) => row.join())
        .join(),
    ).not.toContain("books-reports");
  });

  it("have no command for an ARN of another service", () => {
    const rows = ofCluster({}, (stack) => {
      const service = new Ec2Service(stack, "web", { cluster: stack });
      (service.node.defaultChild as TerraformResource).addOverride(
        "lifecycle_hook",
        "arn:aws:states:eu-west-1:111122223333:stateMachine:checks",
      );
    });
    expect(rows).toContainEqual([
      "`arn:aws:states:eu-west-1:111122223333:stateMachine:checks`",
      "`aws_ecs_service.web`",
      "",
    ]);
  });

  it("have what needs them, of which a long list is cut", () => {
    const rows = ofCluster({}, (stack) => {
      for (const name of ["a", "b", "c", "d", "e", "f", "g"]) {
        const roleArn = "arn:aws:iam::111122223333:role/tasks";
        const service = new Ec2Service(stack, name, { cluster: stack });
        (service.node.defaultChild as TerraformResource).addOverride("role", roleArn);
      }
    });
    expect(rows.find(([what]) => what?.includes("role/tasks"))?.[1]).toBe(
      "`aws_ecs_service.a`, `aws_ecs_service.b`, `aws_ecs_service.c`, `aws_ecs_service.d`, `aws_ecs_service.e` and 2 more",
    );
  });
});
