import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { TerraformVariable, Testing } from "cdktf";
import { type ContainerProps, TaskDefinition, type TaskDefinitionProps } from "../../src";
import { reservedSize } from "../../src/tasks/task-size";
import { clusterTarget } from "../support/cluster-target";
import { parsed } from "../support/container";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const container = (settings: Partial<ContainerProps> = {}): ContainerProps => ({
  name: "a",
  image: "a:1",
  ...settings,
});
const task = (settings: Partial<TaskDefinitionProps>) => (stack: never) =>
  new TaskDefinition(stack, "task", {
    cluster: clusterTarget(),
    name: "users",
    containers: [container()],
    ...settings,
  });
const synthesize = (settings: Partial<TaskDefinitionProps>): string =>
  Testing.synthScope((stack) => void task(settings)(stack as never));

describe("the size of a task", () => {
  it("is text, and none without the settings", () => {
    expect(synthesize({ taskCpu: 512, taskMemoryMiB: 1024 })).toHaveResourceWithProperties(EcsTaskDefinition, {
      cpu: "512",
      memory: "1024",
    });
    expect(synthesize({})).not.toHaveResourceWithProperties(EcsTaskDefinition, { memory: expect.anything() });
  });

  it("replaces the default limit of a container, and no other limit", () => {
    const definitions = (taskMemoryMiB: number | undefined, settings: Partial<ContainerProps> = {}) =>
      synthesize({ taskMemoryMiB, containers: [container(settings)] });
    expect(definitions(1024)).not.toContain('\\"memory\\" = ');
    expect(definitions(undefined)).toContain('\\"memory\\" = 256');
    expect(definitions(1024, { memoryLimitMiB: 512 })).toContain('\\"memory\\" = 512');
  });

  it("is what ECS reserves, in place of the sizes of the containers", () => {
    const containers = [parsed({ cpu: 100, memoryLimitMiB: 200 }), parsed({ cpu: 50, memoryReservationMiB: 60 })];
    expect(reservedSize({ taskCpu: 512, taskMemoryMiB: undefined }, containers)).toEqual({
      cpu: [512],
      memoryMiB: [200, 60],
    });
    expect(reservedSize({ taskCpu: undefined, taskMemoryMiB: 1024 }, containers)).toEqual({
      cpu: [100, 50],
      memoryMiB: [1024],
    });
  });

  it.each<[string, Partial<TaskDefinitionProps>, string]>([
    [
      "fewer CPU units than the containers",
      { taskCpu: 256, containers: [container(), container({ name: "b", cpu: 10 })] },
      "taskCpu must be at least the cpu of its containers, which is 266; received 256. Raise it, or lower the sizes of the containers.",
    ],
    [
      "less memory than the containers reserve",
      {
        taskMemoryMiB: 300,
        containers: [
          container({ memoryReservationMiB: 200, memoryLimitMiB: 250 }),
          container({ name: "b", memoryLimitMiB: 101 }),
        ],
      },
      "taskMemoryMiB must be at least the memory that its containers reserve, which is 301 MiB; received 300. Raise it, or lower the sizes of the containers.",
    ],
    [
      "less memory than the limit of a container",
      { taskMemoryMiB: 300, containers: [container({ memoryReservationMiB: 200, memoryLimitMiB: 301 })] },
      "taskMemoryMiB must be at least the memoryLimitMiB of each container, of which one is 301; received 300. Raise it, or lower the sizes of the containers.",
    ],
    [
      "fewer CPU units than ECS accepts",
      { taskCpu: 127, containers: [container({ cpu: 2 })] },
      "taskCpu must be a whole number from 128 to 196608 (CPU units); received 127. 1024 units are one vCPU.",
    ],
  ])("must not be %s", (_, settings, message) => {
    expect(problemsOf(() => synthesize(settings))).toEqual([message]);
  });

  it("is compared at plan when only Terraform knows a size", () => {
    const json = Testing.synthScope((stack) => {
      const given = new TerraformVariable(stack, "given", { type: "number" });
      task({
        taskCpu: given.numberValue,
        taskMemoryMiB: 512,
        containers: [container({ memoryLimitMiB: given.numberValue })],
      })(stack as never);
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      cpu: "${tostring(var.given)}",
      lifecycle: {
        precondition: [
          {
            condition: "${sum([256]) <= var.given}",
            error_message:
              "taskCpu of users must be at least the cpu of its containers, which is ${sum([256])}; received ${var.given}. Raise it, or lower the sizes of the containers.",
          },
          {
            condition: "${sum([var.given]) <= 512}",
            error_message:
              "taskMemoryMiB of users must be at least the memory of its containers, which is ${sum([var.given])}; received ${512}. Raise it, or lower the sizes of the containers.",
          },
        ],
      },
    });
  });
});
