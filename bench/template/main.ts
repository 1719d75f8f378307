// An app as CDKTF's own TypeScript template has one: the provider by its barrel, run and checked by ts-node. About as
// many blocks as the default app has.
import {
  cloudwatchLogGroup,
  dataAwsSubnets,
  dataAwsVpc,
  ecsCluster,
  iamInstanceProfile,
  iamRole,
  iamRolePolicyAttachment,
  lb,
  lbListener,
  provider,
  securityGroup,
  vpcSecurityGroupIngressRule,
} from "@cdktf/provider-aws";
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

class TemplateStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new provider.AwsProvider(this, "aws", { region: "ap-northeast-2" });
    const name = new TerraformVariable(this, "name", { type: "string", default: "ecs" }).stringValue;
    const vpc = new dataAwsVpc.DataAwsVpc(this, "vpc", { default: true });
    const subnets = new dataAwsSubnets.DataAwsSubnets(this, "subnets", {
      filter: [{ name: "vpc-id", values: [vpc.id] }],
    });
    const cluster = new ecsCluster.EcsCluster(this, "cluster", { name });
    new cloudwatchLogGroup.CloudwatchLogGroup(this, "logs", { name, retentionInDays: 14 });
    const role = new iamRole.IamRole(this, "role", { assumeRolePolicy: "{}" });
    for (const policy of ["one", "two"]) {
      new iamRolePolicyAttachment.IamRolePolicyAttachment(this, policy, { role: role.name, policyArn: policy });
    }
    new iamInstanceProfile.IamInstanceProfile(this, "profile", { role: role.name });
    const groups = ["balancer", "instances"].map(
      (group) => new securityGroup.SecurityGroup(this, group, { vpcId: vpc.id, description: group }),
    );
    for (const [index, group] of groups.entries()) {
      for (const port of [22, 80, 443, 8080]) {
        new vpcSecurityGroupIngressRule.VpcSecurityGroupIngressRule(this, `rule-${index}-${port}`, {
          securityGroupId: group.id,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          cidrIpv4: "10.0.0.0/8",
        });
      }
    }
    const balancer = new lb.Lb(this, "lb", { name, subnets: subnets.ids, securityGroups: [groups[0].id] });
    new lbListener.LbListener(this, "http", {
      loadBalancerArn: balancer.arn,
      port: 80,
      defaultAction: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } }],
    });
    new TerraformOutput(this, "cluster_arn", { value: cluster.arn });
  }
}

const app = new App();
new TemplateStack(app, "template");
app.synth();
