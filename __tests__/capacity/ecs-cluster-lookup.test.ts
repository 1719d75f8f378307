import { DataAwsAutoscalingGroup } from "@cdktf/provider-aws/lib/data-aws-autoscaling-group";
import { DataAwsAutoscalingGroups } from "@cdktf/provider-aws/lib/data-aws-autoscaling-groups";
import { DataAwsResourcegroupstaggingapiResources } from "@cdktf/provider-aws/lib/data-aws-resourcegroupstaggingapi-resources";
import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformOutput, Testing } from "cdktf";
import { EcsClusterLookup, type EcsClusterLookupProps, hcl, PortRange, ServiceConnectNamespace } from "../../src";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

function created(props: Partial<EcsClusterLookupProps> = {}) {
  const stack = emptyStack();
  const lookup = new EcsClusterLookup(stack, "cluster", { clusterName: "prod", region: "eu-west-1", ...props });
  return { lookup, stack };
}
const synthesize = (props: Partial<EcsClusterLookupProps> = {}): string => Testing.synth(created(props).stack, true);

// services-lookup.test.ts and services-missing.test.ts run the lookups and their messages in Terraform.
describe("EcsClusterLookup", () => {
  it("uses plural lookups, and singular ones only for what a plural one found", () => {
    const json = synthesize();
    expect(resourceCounts(json)).toEqual({
      "data.aws_autoscaling_group": 1,
      "data.aws_autoscaling_groups": 1,
      "data.aws_ec2_instance_type": 1,
      "data.aws_ecs_clusters": 1,
      "data.aws_resourcegroupstaggingapi_resources": 1,
      "data.aws_security_groups": 1,
    });
    expect(json).toHaveDataSourceWithProperties(DataAwsAutoscalingGroup, {
      for_each: expect.stringMatching(
        /^\$\{toset\(\[for name in data\.aws_autoscaling_groups\.cluster_autoscaling_groups\.names : name if /,
      ),
    });
  });

  it("finds resources by the tags that the cluster's stack sets, after the cluster", () => {
    const json = synthesize();
    expect(json).toHaveDataSourceWithProperties(DataAwsAutoscalingGroups, {
      filter: [
        { name: "tag:Cluster", values: ["prod"] },
        { name: "tag:Purpose", values: ["The container instances of the ECS cluster"] },
      ],
      depends_on: ["data.aws_ecs_clusters.cluster"],
    });
    expect(json).toHaveDataSourceWithProperties(DataAwsSecurityGroups, {
      filter: [
        { name: "tag:Cluster", values: ["prod"] },
        { name: "tag:Name", values: ["prod-instances"] },
      ],
      depends_on: ["data.aws_ecs_clusters.cluster"],
    });
    expect(json).toHaveDataSourceWithProperties(DataAwsResourcegroupstaggingapiResources, {
      resource_type_filters: ["elasticloadbalancing:listener"],
      tag_filter: [
        { key: "Cluster", values: ["prod"] },
        { key: "Purpose", values: ["Where services put their rules"] },
      ],
      depends_on: ["data.aws_ecs_clusters.cluster"],
    });
  });

  it("looks up the default namespace of the cluster only for a service that names none", () => {
    const { lookup, stack } = created();
    const { namespaceArn } = lookup.serviceConnectNamespace;
    expect(lookup.serviceConnectNamespace.namespaceArn).toBe(namespaceArn);
    new TerraformOutput(stack, "namespace", { value: namespaceArn, staticId: true });
    const json = JSON.parse(Testing.synth(stack, true));
    expect(json.output.namespace.value).toBe(
      "${one(data.aws_ecs_cluster.cluster_cluster.service_connect_defaults).namespace}",
    );
    expect(resourceCounts(JSON.stringify(json))).toMatchObject({ "data.aws_ecs_cluster": 1 });
  });

  it("looks up the load balancer only for its DNS name and its hosted zone", () => {
    const { lookup, stack } = created();
    const [name, zone] = [
      lookup.loadBalancer?.loadBalancerDnsName,
      lookup.loadBalancer?.loadBalancerCanonicalHostedZoneId,
    ];
    new TerraformOutput(stack, "record", { value: [name, zone], staticId: true });
    const json = JSON.parse(Testing.synth(stack, true));
    expect(json.output.record.value).toEqual([
      "${data.aws_lb.cluster_load_balancer.dns_name}",
      "${data.aws_lb.cluster_load_balancer.zone_id}",
    ]);
    expect(json.data.aws_lb.cluster_load_balancer.arn).toBe(
      "${data.aws_lb_listener.cluster_listener.load_balancer_arn}",
    );
    expect(json.data.aws_lb_listener.cluster_listener.arn).toMatch(/^\$\{one\(.*\)\.resource_arn\}$/);
  });

  it("compares routes with the protocol and the tag of the listener, and looks the listener up for them only", () => {
    const { lookup, stack } = created({ ruleQuota: 200, loadBalancers: ["internal"] });
    const { loadBalancer, loadBalancers } = lookup;
    expect([loadBalancer?.ruleQuota, loadBalancers.internal?.ruleQuota]).toEqual([200, 200]);
    expect(JSON.parse(Testing.synth(stack, true)).data.aws_lb_listener).toBeUndefined();
    const planned = loadBalancers.internal?.planned;
    new TerraformOutput(stack, "planned", { value: [planned?.protocol, planned?.allowHttpsOutbound], staticId: true });
    const { data, output } = JSON.parse(Testing.synth(stack, true));
    expect(Object.keys(data.aws_lb_listener)).toEqual(["cluster_internal_listener"]);
    const tags =
      "one(data.aws_resourcegroupstaggingapi_resources.cluster_internal_listeners.resource_tag_mapping_list)";
    expect(output.planned.value).toEqual([
      "${data.aws_lb_listener.cluster_internal_listener.protocol}",
      `\${lookup(${tags}.tags, "AllowHttpsOutbound", "false")}`,
    ]);
  });

  it("looks up no listener with loadBalancer false", () => {
    const { lookup, stack } = created({ loadBalancer: false });
    expect(resourceCounts(Testing.synth(stack, true))["data.aws_resourcegroupstaggingapi_resources"]).toBeUndefined();
    expect(lookup.loadBalancer).toBeUndefined();
  });

  it.each<[Partial<EcsClusterLookupProps>, string]>([
    [
      {},
      '${format("cp-%s", trimsuffix(contains(data.aws_autoscaling_groups.cluster_autoscaling_groups.names, "prod-instances") ? "prod-instances" : one(data.aws_autoscaling_groups.cluster_autoscaling_groups.names), "-instances"))}',
    ],
    [{ capacity: "arm" }, '${format("cp-%s", trimsuffix("prod-arm-instances", "-instances"))}'],
    [{ capacity: "main" }, '${format("cp-%s", trimsuffix("prod-instances", "-instances"))}'],
    [{ capacity: "arm", capacityProviderName: "arm-of-prod" }, "arm-of-prod"],
  ])("names the capacity provider like the cluster's stack, or as given: %j", (props, name) => {
    const { stack, lookup } = created(props);
    new TerraformOutput(stack, "name", { value: lookup.capacityProvider.capacityProviderName });
    expect(JSON.parse(Testing.synth(stack, true)).output.name.value).toBe(name);
  });

  it("has the defaults of the cluster's stack", () => {
    const { lookup } = created();
    expect(`${lookup.portRules.portRange}`).toBe("31000-61000");
    expect(lookup.cluster.logGroupName).toBe("/ecs/prod");
    expect(lookup.instanceCapacity.reservedMemoryMiB).toBe(0);
    expect(lookup.cluster.executeCommandKeyArn).toBeUndefined();
  });

  it("accepts values that only Terraform knows", () => {
    const names = { clusterName: hcl`var.name`.string, region: hcl`var.region`.string };
    expect(synthesize({ ...names, reservedMemoryMiB: hcl`var.memory`.number })).toHaveDataSourceWithProperties(
      DataAwsSecurityGroups,
      {
        filter: [
          { name: "tag:Cluster", values: ["${var.name}"] },
          { name: "tag:Name", values: ["${var.name}-instances"] },
        ],
      },
    );
  });

  it("reports every problem at once", () => {
    expect(
      problemsOf(() =>
        created({
          ...{ clusterName: "x", region: "Ireland", reservedMemoryMiB: -1 },
          ...{ capacity: "my arm", capacityProviderName: "ecs-arm", portRange: { from: 1, to: 2 } as PortRange },
        }),
      ),
    ).toEqual([
      'clusterName must be 3 to 24 characters long; received "x". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
      'region must be the code of an AWS region; received "Ireland". Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.',
      'capacity must be the name of a capacity provider in capacityProviders; received "my arm". The name is part of variables, addresses and names in AWS. For example arm.',
      'capacityProviderName must not start with aws, ecs or fargate; received "ecs-arm". ECS reserves these prefixes. Put cp- before the name.',
      "reservedMemoryMiB must be a whole number from 0 to 65535 (MiB); received -1. Use the cluster's reservedMemoryMiB, or remove it for 0.",
      'portRange must be a PortRange; received {"from": 1, "to": 2}. Use new PortRange({ from, to }).',
    ]);
  });

  it("opens the ports of instances that are being replaced to Service Connect", () => {
    const previousPortRange = new PortRange({ from: 32_768, to: 65_535 });
    const { stack, lookup } = created({ previousPortRange });
    new ServiceConnectNamespace(stack, "namespace", { cluster: lookup, name: "internal" });
    expect(Testing.synth(stack)).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      from_port: 31_000,
      to_port: 65_535,
    });
  });

  it("compares its port range with the ports of Service Connect", () => {
    const { stack, lookup } = created({ portRange: new PortRange({ from: 40_000, to: 61_000 }) });
    expect(
      problemsOf(() => new ServiceConnectNamespace(stack, "namespace", { cluster: lookup, name: "internal" })),
    ).toHaveLength(1);
  });
});
