import { LaunchTemplate as AwsLaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Testing } from "cdktf";
import type { EcsClusterStack, LaunchTemplateProps } from "../../src";
import { Ec2Service } from "../../src";
import { clusterConfiguration, clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, synthesized } from "../support/synthesized";

Testing.setupJest();

function synthesize(props: Partial<LaunchTemplateProps> = {}): string {
  const stack = emptyStack();
  void new Parts(stack, { template: props }).launchTemplate;
  return Testing.synth(stack, true);
}
const warningsOf = (stack: EcsClusterStack): unknown[] =>
  stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === "@cdktf/warn").map(({ data }) => data));
const template = (props: Partial<LaunchTemplateProps> = {}) =>
  JSON.parse(synthesize(props)).resource.aws_launch_template.template;
const guards = (props: Partial<LaunchTemplateProps>): string[] =>
  template(props)
    .lifecycle.precondition.slice(1)
    .map(({ error_message }: { error_message: string }) => error_message);

describe("the options of instances", () => {
  it("are those of EC2 by default", () => {
    for (const argument of ["credit_specification", "cpu_options", "placement", "ebs_optimized", "enclave_options"]) {
      expect(template()).not.toHaveProperty(argument);
    }
    expect(template().network_interfaces[0]).not.toHaveProperty("ipv6_address_count");
    expect(template().metadata_options).not.toHaveProperty("instance_metadata_tags");
    expect(guards({})).toEqual([]);
  });

  it("become arguments of the launch template, and create no further resource", () => {
    const json = synthesize({
      cpuCredits: "standard",
      cpuOptions: { coreCount: 1, threadsPerCore: 1 },
      tenancy: "dedicated",
      ebsOptimized: true,
      instanceMetadataTags: true,
      httpPutResponseHopLimit: 2,
      nitroEnclaveEnabled: true,
      ipv6AddressCount: 2,
    });
    expect(json).toHaveResourceWithProperties(AwsLaunchTemplate, {
      credit_specification: { cpu_credits: "standard" },
      cpu_options: { core_count: 1, threads_per_core: 1 },
      placement: { tenancy: "dedicated" },
      ebs_optimized: "true",
      enclave_options: { enabled: true },
      network_interfaces: [expect.objectContaining({ ipv6_address_count: 2 })],
      metadata_options: {
        http_endpoint: "enabled",
        http_tokens: "required",
        http_put_response_hop_limit: 2,
        instance_metadata_tags: "enabled",
      },
    });
    expect(resourceCounts(json)).toEqual(resourceCounts(synthesize()));
  });

  it("switch off the tags in the metadata service only explicitly", () => {
    expect(template({ instanceMetadataTags: false }).metadata_options.instance_metadata_tags).toBe("disabled");
  });

  it("have a guard for each option that a type may not support", () => {
    const messages = guards({ cpuCredits: "unlimited", ebsOptimized: true, nitroEnclaveEnabled: true });
    expect(messages).toHaveLength(3);
    expect(guards({ ipv6AddressCount: 1 })).toEqual([
      expect.stringContaining("must support 1 IPv6 addresses"),
      expect.stringContaining("needs an IPv6 network in each subnet of the instances"),
    ]);
    expect(guards({ ebsOptimized: false, tenancy: "dedicated" })).toEqual([]);
    expect(guards({ instanceMetadataTags: true })[0]).toContain("The keys of tags must have only letters");
  });

  it("apply to each capacity provider of a stack", () => {
    const { resource } = clusterConfiguration({
      cpuCredits: "standard",
      capacityProviders: { main: {}, big: { cpuCredits: "unlimited" } },
    }) as { resource: { aws_launch_template: Record<string, object> } };
    expect(resource.aws_launch_template).toMatchObject({
      launch_template: { credit_specification: { cpu_credits: "standard" } },
      big_launch_template: { credit_specification: { cpu_credits: "unlimited" } },
    });
  });

  it("warn about a hop limit with which containers reach the credentials of the instance", () => {
    const warning =
      "httpPutResponseHopLimit is 2: containers in bridge mode can read the credentials of the instance role from the metadata service. Use task roles, and set it to 1.";
    expect(warningsOf(clusterStack({ httpPutResponseHopLimit: 2 }))).toContain(warning);
    expect(warningsOf(clusterStack())).not.toContain(warning);
  });

  it("reduce the CPU that services can use", () => {
    const stack = clusterStack({ cpuOptions: { coreCount: 1, threadsPerCore: 1 } });
    new Ec2Service(stack, "web", { cluster: stack, image: "web:1", cpu: 2048 });
    expect(JSON.stringify(synthesized(stack))).toContain("merge(type, { default_vcpus = 1 })");
  });

  it("are burstable types only with cpuCredits and requirements", () => {
    const requirements = { vCpuCount: { min: 2 }, memoryMiB: { min: 2048 } };
    const problems = (settings: object) =>
      problemsOf(() =>
        clusterStack({ cpuCredits: "standard", instanceRequirements: { ...requirements, ...settings } }),
      );
    expect(problems({ burstablePerformance: "required" })).toEqual([]);
    expect(problems({ burstablePerformance: "included" })).toHaveLength(1);
  });
});
