import { Ec2Service, type Ec2ServiceProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { at, mistakesOf, resource, synthesized } from "../support/synthesized";

function container(props: Partial<Ec2ServiceProps>): string {
  const stack = clusterStack();
  new Ec2Service(stack, "model", { cluster: stack, image: "model:1", ...props });
  return String(resource(synthesized(stack), "aws_ecs_task_definition.model_task_definition").container_definitions);
}

describe("a container with accelerators", () => {
  it("has GPUs kept for it, which places it where there are some", () => {
    expect(container({ gpuCount: 2 })).toContain('"resourceRequirements" = [{ "type" = "GPU", "value" = "2" }]');
    expect(container({})).not.toContain("resourceRequirements");
  });

  it("may use Neuron devices, beside the init process of ECS Exec", () => {
    const device = (index: number) =>
      `{ "hostPath" = "/dev/neuron${index}", "containerPath" = "/dev/neuron${index}", "permissions" = ["read", "write"] }`;
    expect(container({ neuronDeviceCount: 2, initProcessEnabled: true })).toContain(
      `"linuxParameters" = { "initProcessEnabled" = true, "devices" = [${device(0)}, ${device(1)}] }`,
    );
    expect(container({ neuronDeviceCount: 1, initProcessEnabled: false })).toContain(
      `"linuxParameters" = { "devices" = [${device(0)}] }`,
    );
  });

  it.each(["gpuCount", "neuronDeviceCount"])("has 1 to 16 of them: %s", (name) => {
    expect(mistakesOf(() => container({ [name]: 17 }))).toEqual([
      `${name} must be a whole number from 1 to 16 (devices); received 17. No instance type has more.`,
    ]);
    expect(mistakesOf(() => container({ [name]: 0 }))).toHaveLength(1);
  });
});

describe("the image of Neuron devices", () => {
  it("is chosen at plan, after GPUs, and refused where the family has none", () => {
    const image = (amiFamily: "amazon-linux-2023" | "bottlerocket") =>
      at(synthesized(clusterStack({ amiFamily })), "data", "aws_ssm_parameter", "image");
    expect(at(image("amazon-linux-2023"), "name")).toMatch(
      /\["gpu"\] : .*neuron_devices\) > 0.*\? \["neuron"\] : \[\]/,
    );
    expect(JSON.stringify(image("bottlerocket"))).toContain("bottlerocket has no ECS-optimized AMI for Neuron devices");
    expect(JSON.stringify(image("amazon-linux-2023"))).not.toContain("AMI for Neuron devices");
  });
});
