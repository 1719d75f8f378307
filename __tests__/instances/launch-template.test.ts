import { LaunchTemplate as AwsLaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Testing } from "cdktf";
import {
  AgentConfig,
  hcl,
  InstanceRequirements,
  LaunchTemplate,
  type LaunchTemplateProps,
  PortRange,
  UserData,
} from "../../src";
import { Parts, type PartsProps } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

function synthesize(props: Partial<LaunchTemplateProps> = {}, parts: PartsProps = {}): string {
  const stack = emptyStack();
  void new Parts(stack, { ...parts, template: props }).launchTemplate;
  return Testing.synth(stack, true);
}
const template = (json: string) => JSON.parse(json).resource.aws_launch_template.template;

const EBS = { encrypted: "true", volume_type: "gp3", delete_on_termination: "true" };
const INTERFACE = {
  device_index: 0,
  associate_public_ip_address: "true",
  delete_on_termination: "true",
  security_groups: ["${aws_security_group.ports_instances.id}"],
};

describe("LaunchTemplate", () => {
  it("requires IMDSv2, and keeps its token from containers, which are one hop further away", () => {
    expect(synthesize()).toHaveResourceWithProperties(AwsLaunchTemplate, {
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
    });
  });

  it("encrypts a root volume of 30 GiB", () => {
    expect(synthesize()).toHaveResourceWithProperties(AwsLaunchTemplate, {
      block_device_mappings: [{ device_name: "/dev/xvda", ebs: { ...EBS, volume_size: 30 } }],
    });
  });

  it("encrypts every volume with the given key", () => {
    const encryptionKey = { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" } as never;
    const ebs = { ...EBS, kms_key_id: "arn:aws:kms:eu-west-1:123456789012:key/1" };
    const volumes = { data: { sizeGib: 10, mountPath: "/data" } };
    expect(synthesize({ encryptionKey, volumes })).toHaveResourceWithProperties(AwsLaunchTemplate, {
      block_device_mappings: [
        { device_name: "/dev/xvda", ebs: { ...ebs, volume_size: 30 } },
        { device_name: "/dev/xvdf", ebs: { ...ebs, volume_size: 10 } },
      ],
    });
  });

  it("sizes Bottlerocket's data volume, and encrypts its system volume, which keeps its size", () => {
    const json = synthesize({ rootVolumeGib: 50 }, { image: { family: "bottlerocket" } });
    expect(json).toHaveResourceWithProperties(AwsLaunchTemplate, {
      block_device_mappings: [
        { device_name: "/dev/xvdb", ebs: { ...EBS, volume_size: 50 } },
        { device_name: "/dev/xvda", ebs: EBS },
      ],
    });
  });

  it("accepts a size of the root volume that only Terraform knows", () => {
    expect(synthesize({ rootVolumeGib: hcl`var.gib`.number })).toHaveResourceWithProperties(AwsLaunchTemplate, {
      block_device_mappings: [{ device_name: "/dev/xvda", ebs: { ...EBS, volume_size: "${var.gib}" } }],
    });
  });

  it("always assigns a public address, because a default subnet may not, and uses the instances' security group", () => {
    expect(synthesize()).toHaveResourceWithProperties(AwsLaunchTemplate, { network_interfaces: [INTERFACE] });
  });

  it("assigns no public address with publicAddress false", () => {
    expect(synthesize({ publicAddress: false })).toHaveResourceWithProperties(AwsLaunchTemplate, {
      network_interfaces: [{ ...INTERFACE, associate_public_ip_address: "false" }],
    });
  });

  it.each<[readonly string[], string]>([
    [["sg-12345678"], '["sg-12345678"]'],
    [hcl`var.groups`.list, "var.groups"],
  ])("adds further security groups", (securityGroupIds, rendered) => {
    expect(synthesize({ securityGroupIds })).toHaveResourceWithProperties(AwsLaunchTemplate, {
      network_interfaces: [
        { ...INTERFACE, security_groups: `\${concat([aws_security_group.ports_instances.id], ${rendered})}` },
      ],
    });
  });

  it("uses the AMI, the role and the first type", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(AwsLaunchTemplate, {
      name: "prod-instance",
      description: "Starts the container instances of the ECS cluster",
      image_id: "${data.aws_ssm_parameter.image.insecure_value}",
      instance_type: '${["t3.small", "t3.large"][0]}',
      iam_instance_profile: { arn: "${aws_iam_instance_profile.role_profile.arn}" },
      update_default_version: true,
      tags: { Name: "prod-instance", Purpose: "Starts the container instances of the ECS cluster" },
    });
    expect(resourceCounts(json).aws_launch_template).toBe(1);
  });

  it("leaves the type to the Auto Scaling group with requirements", () => {
    const stack = emptyStack();
    const parts = new Parts(stack);
    const instanceTypes = new InstanceRequirements({ vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } }, parts.vpc);
    const { image, role, portRules, userData } = parts;
    const props = { name: "prod", instanceTypes, image, role, portRules, userData };
    const created = new LaunchTemplate(stack, "template", props);
    expect(created.instanceTypes).toBe(instanceTypes);
    expect(created.role).toBe(role);
    expect(template(Testing.synth(stack, true))).not.toHaveProperty("instance_type");
  });

  it("uses a key pair for SSH, and none by default", () => {
    expect(template(synthesize())).not.toHaveProperty("key_name");
    const keyPair = new Parts(emptyStack()).keyPair;
    expect(synthesize({ keyPair })).toHaveResourceWithProperties(AwsLaunchTemplate, { key_name: "me" });
  });

  it("publishes metrics every minute with detailedMonitoring", () => {
    expect(synthesize({ detailedMonitoring: true })).toHaveResourceWithProperties(AwsLaunchTemplate, {
      monitoring: { enabled: true },
    });
    expect(template(synthesize())).not.toHaveProperty("monitoring");
  });

  it.each<[LaunchTemplateProps["tags"], string]>([
    [{ team: "web" }, '{ "team" = "web" }'],
    [hcl`var.tags`.map, "var.tags"],
  ])("tags instances and volumes with the caller's tags, a name and a purpose", (tags, rendered) => {
    expect(synthesize({ tags })).toHaveResourceWithProperties(AwsLaunchTemplate, {
      tag_specifications: [
        {
          resource_type: "instance",
          tags: `\${merge(${rendered}, { "Name" = "prod-instance", "Purpose" = "Runs the containers of the ECS cluster" })}`,
        },
        {
          resource_type: "volume",
          tags: `\${merge(${rendered}, { "Name" = "prod-instance", "Purpose" = "Stores images and containers of the ECS cluster" })}`,
        },
      ],
    });
  });

  it("keeps the user data readable in a local, and encodes it", () => {
    const json = synthesize();
    expect(JSON.parse(json).locals.template_user_data).toContain("\nECS_CLUSTER=${aws_ecs_cluster.cluster.name}\n");
    expect(json).toHaveResourceWithProperties(AwsLaunchTemplate, {
      user_data: "${base64encode(local.template_user_data)}",
    });
  });

  it("fails at plan when Terraform's values make the user data too long", () => {
    // 16384 bytes are 21848 characters of base64.
    expect(synthesize()).toHaveResourceWithProperties(AwsLaunchTemplate, {
      lifecycle: {
        precondition: [
          {
            condition: "${length(base64encode(local.template_user_data)) <= 21848}",
            error_message:
              "The user data must not be longer than 16384 bytes, the most that EC2 accepts. Download long content from S3 instead.",
          },
        ],
      },
    });
  });

  it("returns its newest version as a number, which starts an instance refresh", () => {
    const stack = emptyStack();
    const { latestVersion, launchTemplateId } = new Parts(stack).launchTemplate;
    expect(resolved(stack, latestVersion)).toBe("${tostring(aws_launch_template.template.latest_version)}");
    expect(resolved(stack, launchTemplateId)).toBe("${aws_launch_template.template.id}");
  });

  it("returns whether its agent drains Spot instances", () => {
    expect(new Parts(emptyStack()).launchTemplate.spotDraining).toBe(false);
    expect(new Parts(emptyStack(), { agent: { spotDraining: true } }).launchTemplate.spotDraining).toBe(true);
  });

  const userData = (props: object) => new UserData({ agentConfig: new AgentConfig({ clusterName: "prod", ...props }) });

  it.each<[string, Partial<LaunchTemplateProps>, string]>([
    [
      "a root volume below 30 GiB",
      { rootVolumeGib: 29 },
      "rootVolumeGib must be a whole number from 30 to 65536 (GiB); received 29. The snapshot of the ECS-optimized AMI has 30 GiB.",
    ],
    [
      "five further security groups",
      { securityGroupIds: [1, 2, 3, 4, 5].map((digit) => `sg-1234567${digit}`) },
      'securityGroupIds must have 1 to 4 different security groups; received ["sg-12345671", "sg-12345672", "sg-12345673", "sg-12345674", "sg-12345675"]. An instance has at most 5, and the cluster adds one.',
    ],
    [
      "a public address that only Terraform knows",
      { publicAddress: hcl`var.public` as never },
      "publicAddress must be known when the code runs; received a token. Write the value itself instead of a token.",
    ],
    [
      "user data with ports that the security group does not admit",
      { userData: userData({ portRange: new PortRange({ from: 39_000, to: 50_000 }) }) },
      'userData must use host ports that portRules admits, which are 40000-50000; received "39000-50000". Create both with the same PortRange.',
    ],
    [
      "user data for another AMI family",
      { userData: userData({ family: "amazon-linux-2", portRange: new PortRange({ from: 41_000, to: 42_000 }) }) },
      'userData must be for the AMI\'s family, which is amazon-linux-2023; received "amazon-linux-2". Set the same family in AgentConfig.',
    ],
    [
      "user data that is text",
      { userData: "#!/bin/bash" as never },
      'userData must be user data; received "#!/bin/bash". Use new UserData({ agentConfig }).',
    ],
    [
      "an AMI that is an id",
      { image: "ami-12345678" as never },
      'image must be an EcsOptimizedImage or a LookupMachineImage; received "ami-12345678". Pass the construct, or an object with its attributes.',
    ],
    [
      "a key pair that is a name",
      { keyPair: "me" as never },
      'keyPair must be a KeyPair; received "me". Pass the construct, or an object with its attributes.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });
});
