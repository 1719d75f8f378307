import { Cluster, type ClusterAttributes, Ec2Service, hcl, LaunchTemplate, type LaunchTemplateProps } from "../../src";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

const LISTENER =
  "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2";
const ATTRIBUTES: ClusterAttributes = {
  clusterArn: "arn:aws:ecs:eu-west-1:111122223333:cluster/platform",
  capacityProviderName: "platform-ec2",
  vpcId: "vpc-0123456789abcdef0",
  instanceSecurityGroupId: "sg-0123456789abcdef0",
};
const problems = (change: object) =>
  problemsOf(() => Cluster.fromClusterAttributes({ ...ATTRIBUTES, ...change } as ClusterAttributes));

/** Returns a stack with a service on a cluster. */
function service(change: Partial<ClusterAttributes> = {}) {
  const stack = emptyStack();
  const cluster = Cluster.fromClusterAttributes({ ...ATTRIBUTES, ...change });
  const route = change.listenerArn ? { containerPort: 80, paths: ["/*"] } : {};
  new Ec2Service(stack, "web", { cluster, image: "web:1", ...route });
  return stack;
}

describe("a cluster that someone else created", () => {
  it("has the name and the region of its ARN, and the host ports of the agent", () => {
    const { cluster, region, portRules } = Cluster.fromClusterAttributes(ATTRIBUTES);
    expect([cluster.clusterName, region, cluster.logGroupName]).toEqual(["platform", "eu-west-1", "/ecs/platform"]);
    expect(`${portRules.portRange}`).toBe("32768-60999");
  });

  it("runs services, and creates and looks up nothing for itself", () => {
    const { resource, data } = synthesized(service()) as {
      resource: Record<string, Record<string, object>>;
      data?: object;
    };
    expect(Object.values(resource.aws_ecs_service ?? {})[0]).toMatchObject({
      cluster: ATTRIBUTES.clusterArn,
      capacity_provider_strategy: [expect.objectContaining({ capacity_provider: "platform-ec2" })],
    });
    expect(Object.keys(resource)).not.toContain("aws_ecs_cluster");
    expect(data).toBeUndefined();
  });

  it("has the listener for routes", () => {
    const json = JSON.stringify(synthesized(service({ listenerArn: LISTENER })));
    expect(json).toContain(LISTENER);
    expect(resourceCounts(json).aws_lb_listener_rule).toBe(1);
  });

  it("can be a reference, with its name and its region", () => {
    const clusterArn = hcl`aws_ecs_cluster.mine.arn`.string;
    expect(problems({ clusterArn, clusterName: "mine", region: "eu-west-1" })).toEqual([]);
    expect(problems({ clusterArn })).toEqual([
      "clusterName must be set with a reference as clusterArn; received nothing. Only a plan knows the ARN. Set it too.",
      "region must be set with a reference as clusterArn; received nothing. Only a plan knows the ARN. Set it too.",
    ]);
  });

  it.each<[object, string]>([
    [{ clusterArn: "platform" }, "clusterArn must be the ARN of an ECS cluster"],
    [{ clusterName: "a b" }, "clusterName must be the name of an ECS cluster"],
    [{ capacityProviderName: "a b" }, "capacityProviderName must be the name of a capacity provider of the cluster"],
    [{ instanceSecurityGroupId: "default" }, "instanceSecurityGroupId must be the id of a security group"],
    [{ listenerArn: "arn:aws:s3:::x" }, "listenerArn must be the ARN of a listener of an Application Load Balancer"],
    [
      { loadBalancerSecurityGroupId: "sg-0123456789abcdef0" },
      "loadBalancerSecurityGroupId must be used with listenerArn",
    ],
    [{ logGroupName: "a b" }, "logGroupName must be the name of a log group"],
    [{ encryptionKeyArn: "alias/x" }, "encryptionKeyArn must be the ARN of a KMS key"],
    [{ vpc: "vpc-0123456789abcdef0" }, 'Unknown setting "vpc". Did you mean "vpcId"?'],
  ])("rejects %j", (change, message) => {
    expect(problems(change)).toEqual([expect.stringContaining(message)]);
  });
});

describe("instances with parts that exist", () => {
  it("have an instance profile, a key pair, a KMS key and a security group by their attributes", () => {
    const stack = emptyStack();
    const { instanceTypes, image, userData } = new Parts(stack);
    const props: LaunchTemplateProps = {
      name: "prod",
      instanceTypes,
      image,
      userData,
      role: { instanceProfileArn: "arn:aws:iam::111122223333:instance-profile/ecs" },
      keyPair: { keyName: "ops" },
      encryptionKey: { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/1" },
      portRules: { instanceSecurityGroupId: "sg-0123456789abcdef0", portRange: userData.agentConfig.portRange },
    };
    new LaunchTemplate(stack, "template", props);
    expect(synthesized(stack)).toMatchObject({
      resource: {
        aws_launch_template: {
          template: {
            iam_instance_profile: { arn: props.role.instanceProfileArn },
            key_name: "ops",
            block_device_mappings: [{ ebs: { kms_key_id: props.encryptionKey?.keyArn } }],
            network_interfaces: [{ security_groups: ["sg-0123456789abcdef0"] }],
          },
        },
      },
    });
  });
});

describeTerraform("a service on a cluster that someone else created", (lab) => {
  it("is planned by Terraform", async () => {
    const configuration = synthesized(service({ listenerArn: LISTENER }));
    const terraform = await lab.terraform({ configuration: configuration as never });
    expect(await terraform.plan()).toMatchObject({ status: 2, stderr: "" });
  });
});
