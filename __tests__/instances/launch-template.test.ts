import { TerraformOutput } from "cdktf";
import { hcl, type LaunchTemplateProps } from "../../src";
import { Parts, type PartsProps } from "../support/parts";
import { at, emptyStack, mistakesOf, type Part, resolved, resource, synthesized } from "../support/synthesized";

function made(props: Partial<LaunchTemplateProps> = {}, parts: PartsProps = {}): { json: Part; block: Part } {
  const stack = emptyStack();
  void new Parts(stack, { ...parts, template: props }).launchTemplate;
  const json = synthesized(stack);
  return { json, block: resource(json, "aws_launch_template.template") };
}

describe("LaunchTemplate", () => {
  it("requires IMDSv2 and keeps its token from containers, which are one hop further", () => {
    expect(made().block.metadata_options).toEqual({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
  });

  it("encrypts the root volume, gp3, 30 GiB", () => {
    expect(made().block.block_device_mappings).toEqual([
      {
        device_name: "/dev/xvda",
        ebs: { encrypted: "true", volume_type: "gp3", delete_on_termination: "true", volume_size: 30 },
      },
    ]);
  });

  it("sizes Bottlerocket's data volume, and encrypts its system volume as it is", () => {
    const { block } = made({ rootVolumeGib: 50 }, { image: { family: "bottlerocket" } });
    const ebs = { encrypted: "true", volume_type: "gp3", delete_on_termination: "true" };
    expect(block.block_device_mappings).toEqual([
      { device_name: "/dev/xvdb", ebs: { ...ebs, volume_size: 50 } },
      { device_name: "/dev/xvda", ebs },
    ]);
  });

  it("asks for a public address itself, since a default subnet's flag may be off, and has the instances' group", () => {
    expect(made().block.network_interfaces).toEqual([
      {
        device_index: 0,
        associate_public_ip_address: "true",
        delete_on_termination: "true",
        security_groups: ["${aws_security_group.ports_instances.id}"],
      },
    ]);
  });

  it("has the image, the role and the first type", () => {
    expect(made().block).toMatchObject({
      name: "prod-instance",
      image_id: "${data.aws_ssm_parameter.image.insecure_value}",
      instance_type: '${["t3.small", "t3.large"][0]}',
      iam_instance_profile: { arn: "${aws_iam_instance_profile.role_profile.arn}" },
      update_default_version: true,
    });
  });

  it("has the key where there is one, and none where there is none", () => {
    expect(made().block).not.toHaveProperty("key_name");
    const stack = emptyStack();
    const parts = new Parts(stack);
    const { keyPair } = parts;
    void new Parts(stack, { template: { keyPair } }).launchTemplate;
    expect(resource(synthesized(stack), "aws_launch_template.template").key_name).toBe("me");
  });

  it("tags instances and volumes with the caller's tags, a name and a purpose", () => {
    const specifications = made({ tags: { team: "web" } }).block.tag_specifications as Part[];
    expect(specifications).toEqual([
      {
        resource_type: "instance",
        tags: '${merge({ "team" = "web" }, { "Name" = "prod-instance", "Purpose" = "Runs the containers of the ECS cluster" })}',
      },
      {
        resource_type: "volume",
        tags: '${merge({ "team" = "web" }, { "Name" = "prod-instance", "Purpose" = "Holds images and containers of the ECS cluster" })}',
      },
    ]);
  });

  it("keeps the user data readable in a local, names the cluster by the cluster's own attribute, and encodes it", () => {
    const { json, block } = made();
    expect(at(json, "locals", "template_user_data")).toContain("\nECS_CLUSTER=${aws_ecs_cluster.cluster.name}\n");
    expect(block.user_data).toBe("${base64encode(local.template_user_data)}");
  });

  it("fails at plan where what Terraform fills in makes the user data too long", () => {
    // 16384 bytes are 21848 characters of base64.
    expect(at(made().block, "lifecycle", "precondition")).toEqual([
      {
        condition: "${length(base64encode(local.template_user_data)) <= 21848}",
        error_message:
          "The user data must not be over 16384 bytes, which is what EC2 takes. Fetch what is long from S3 instead.",
      },
    ]);
  });

  it("hands out its newest version as a number, which starts a refresh where $Latest would not", () => {
    const stack = emptyStack();
    const { latestVersion } = new Parts(stack).launchTemplate;
    expect(resolved(stack, latestVersion)).toBe("${tostring(aws_launch_template.template.latest_version)}");
  });

  it("refuses a root volume under 30 GiB", () => {
    expect(mistakesOf(() => made({ rootVolumeGib: 29 }))).toEqual([
      "rootVolumeGib must be a whole number from 30 to 65536 (GiB); received 29. The ECS-optimized AMI's own snapshot takes 30.",
    ]);
  });

  it("leaves what Terraform alone knows to Terraform", () => {
    const stack = emptyStack();
    const rootVolumeGib = hcl`var.gib`.number;
    new TerraformOutput(stack, "gib", { value: rootVolumeGib });
    expect(() => new Parts(stack, { template: { rootVolumeGib } }).launchTemplate).not.toThrow();
  });
});
