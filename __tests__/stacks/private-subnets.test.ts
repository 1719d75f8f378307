import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import type { EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { resourceCounts } from "../support/resource-counts";

Testing.setupJest();

const synthesize = (settings: EcsClusterSettings = {}): string => Testing.synth(clusterStack(settings), true);
const PRIVATE: EcsClusterSettings = { privateSubnets: true, loadBalancer: { https: true, redirectHttp: false } };

describe("privateSubnets", () => {
  const json = synthesize(PRIVATE);

  it("gives the instances no public address", () => {
    expect(json).toHaveResourceWithProperties(LaunchTemplate, {
      network_interfaces: [expect.objectContaining({ associate_public_ip_address: "false" })],
    });
  });

  it("starts the instances in the private subnets, and keeps the load balancer in the public subnets", () => {
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      vpc_zone_identifier: expect.stringContaining("in sort(keys(data.aws_subnet.vpc_private_subnet)) :"),
    });
    expect(json).toHaveResourceWithProperties(Lb, { subnets: "${sort(keys(data.aws_subnet.vpc_subnet))}" });
    expect(json).toHaveDataSourceWithProperties(DataAwsSubnets, {
      filter: [expect.objectContaining({ name: "vpc-id" }), { name: "subnet-id", values: "${var.private_subnet_ids}" }],
    });
  });

  it("connects by SSH to the private address", () => {
    expect(JSON.parse(json).output.ssh_command.value).toContain("PrivateIpAddress");
    expect(json).not.toContain("PublicIpAddress");
  });

  it("gives the instances a public address by default, because a subnet may give them none", () => {
    expect(synthesize()).toHaveResourceWithProperties(LaunchTemplate, {
      network_interfaces: [expect.objectContaining({ associate_public_ip_address: "true" })],
    });
  });
});

describe("redirectHttp", () => {
  it("creates no listener and no rule for port 80 with false", () => {
    const json = synthesize(PRIVATE);
    expect(resourceCounts(json)).toMatchObject({ aws_lb_listener: 1 });
    expect(json).not.toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { from_port: 80 });
  });

  it("redirects HTTP to HTTPS by default", () => {
    expect(synthesize({ loadBalancer: { https: true } })).toHaveResourceWithProperties(LbListener, {
      port: 80,
      default_action: [expect.objectContaining({ type: "redirect" })],
    });
  });
});
