import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const synthesize = (settings: Partial<Ec2ServiceProps>): string =>
  Testing.synthScope((stack) => {
    new Ec2Service(stack, "users", { cluster: clusterTarget(), ...settings });
  });

describe("the platform of a task", () => {
  it("renders the platform, constraints whose text stays literal, and fault injection", () => {
    const json = synthesize({
      runtimePlatform: { cpuArchitecture: "ARM64" },
      taskPlacementConstraints: ["attribute:ecs.instance-type =~ ${x}.*"],
      enableFaultInjection: true,
      networkMode: "host",
      allowInstanceCredentials: true,
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      runtime_platform: { cpu_architecture: "ARM64", operating_system_family: "LINUX" },
      placement_constraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ $${x}.*" }],
      enable_fault_injection: true,
    });
  });

  it("has nothing of this by default", () => {
    const [definition] = Object.values(JSON.parse(synthesize({})).resource.aws_ecs_task_definition as object);
    expect(Object.keys(definition)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(runtime_platform|placement_constraints|enable_fault_injection)$/),
      ]),
    );
  });

  it("tags the task definition and the service, from which tasks get their tags", () => {
    const json = synthesize({ tags: { Team: "orders" } });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      tags: { Name: "prod-users", Purpose: "Defines the tasks of users", Team: "orders" },
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      propagate_tags: "SERVICE",
      tags: { Name: "prod-users", Purpose: "Keeps the tasks of users running", Team: "orders" },
    });
  });

  it.each<[string, object, string]>([
    [
      "more constraints than ECS accepts",
      { taskPlacementConstraints: Array(11).fill("a") },
      'taskPlacementConstraints must have at most 10 elements; received 11. Join expressions with "and" or "or".',
    ],
    [
      "more constraints than ECS accepts together with those of the service",
      {
        taskPlacementConstraints: Array(6).fill("a"),
        placementConstraints: Array(5).fill({ type: "memberOf", expression: "a" }),
      },
      'taskPlacementConstraints must have at most 10 elements together with placementConstraints; received 11. Join expressions with "and" or "or".',
    ],
    [
      "an empty constraint",
      { taskPlacementConstraints: [""] },
      'taskPlacementConstraints[0] must have 1 to 2000 characters; received "". For example "attribute:ecs.instance-type =~ t3.*".',
    ],
    [
      "an architecture that ECS does not have",
      { runtimePlatform: { cpuArchitecture: "arm64" } },
      'runtimePlatform.cpuArchitecture must be one of "X86_64", "ARM64"; received "arm64". Choose one of these.',
    ],
    [
      "a tag that AWS reserves",
      { tags: { "aws:a": "b" } },
      'tags must have no key that starts with aws:; received ["aws:a"]. AWS reserves this prefix. Rename these keys.',
    ],
  ])("rejects %s", (_, settings, message) => {
    expect(problemsOf(() => synthesize(settings))).toEqual([message]);
  });
});
