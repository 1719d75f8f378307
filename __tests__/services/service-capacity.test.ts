import { TerraformVariable } from "cdktf";
import { type EcsClusterTarget, hcl } from "../../src";
import {
  accelerators,
  type Capacity,
  capacityGuards,
  type ServiceNeed,
  tasksWhileDeployed,
} from "../../src/services/service-capacity";
import { clusterTarget } from "../support/cluster-target";
import { emptyStack, resolved } from "../support/synthesized";

const need = (name: string, change: Partial<ServiceNeed> = {}): ServiceNeed => ({
  name,
  cpu: [256],
  memoryMiB: [256],
  tasks: 1,
  minimumHealthyPercent: 50,
  ...change,
});
const details = hcl`data.aws_ec2_instance_type.types`.string;
const cluster = (change: Partial<EcsClusterTarget> = {}) =>
  clusterTarget({ instanceCapacity: { details, maxSize: 2, reservedMemoryMiB: 0 }, ...change });

/** Returns the guards of each service, resolved after all services are added. */
function guardsOf(target: EcsClusterTarget, ...needs: ServiceNeed[]): { condition: string; errorMessage: string }[][] {
  const stack = emptyStack();
  const all = needs.map((one) => capacityGuards(stack, target, one));
  return all.map((list) => list.map((guard) => resolved(stack, guard) as { condition: string; errorMessage: string }));
}

// services-guards.test.ts runs the guards in real Terraform.
describe("the tasks of a service during a deployment", () => {
  it.each([
    [1, 50, 2],
    [2, 50, 2],
    [4, 50, 4],
    [4, 100, 5],
    [1, 0, 1],
    [0, 50, 0],
  ])("are for %d tasks with %d %% healthy: %d", (tasks, minimumHealthyPercent, expected) => {
    expect(tasksWhileDeployed(need("a", { tasks, minimumHealthyPercent }), 3)).toBe(expected);
  });

  it("are those of both revisions with a strategy that moves the requests", () => {
    const both = { runsBothRevisions: true, minimumHealthyPercent: 50 };
    expect(tasksWhileDeployed(need("a", { ...both, tasks: 4 }), 3)).toBe(8);
    const stack = emptyStack();
    const tasks = new TerraformVariable(stack, "tasks", {}).numberValue;
    expect(resolved(stack, tasksWhileDeployed(need("a", { ...both, tasks }), 3))).toBe("${var.tasks * 2}");
  });

  it("are one on each instance for a daemon", () => {
    expect(tasksWhileDeployed(need("a", { tasks: "one an instance" }), 3)).toBe(3);
  });

  it("are an expression for a number that only Terraform knows", () => {
    const stack = emptyStack();
    const count = new TerraformVariable(stack, "tasks", { type: "number" }).numberValue;
    expect(resolved(stack, tasksWhileDeployed(need("a", { tasks: count }), 3))).toBe(
      "${(var.tasks == 0 ? 0 : max(var.tasks, ceil(var.tasks * 50 / 100) + 1))}",
    );
  });
});

describe("capacityGuards", () => {
  it("returns no guard for a cluster with unknown instances", () => {
    expect(guardsOf(clusterTarget(), need("a"))).toEqual([[]]);
  });

  it("compares the architecture of a task with the types of each capacity", () => {
    const [guards = []] = guardsOf(cluster(), need("users", { architecture: "arm64" }));
    const own = guards.filter(({ errorMessage }) => errorMessage.includes("architecture"));
    expect(own).toEqual([
      {
        condition:
          '${length([for type in data.aws_ec2_instance_type.types : type if contains(type.supported_architectures, "arm64")]) > 0}',
        errorMessage:
          'The tasks of users need instances with the architecture arm64; received ${join(", ", keys(data.aws_ec2_instance_type.types))}. Change instance_types, or cpuArchitecture of runtimePlatform.',
      },
    ]);
  });

  it("compares a task of each service with an instance, and all services with all instances once", () => {
    const [first, second] = guardsOf(
      cluster(),
      need("users"),
      need("worker", { cpu: [128, 64], memoryMiB: [100, 28] }),
    );
    expect([first?.length, second?.length]).toEqual([4, 2]);
    expect(first?.[2]?.condition).toBe(
      "${768 <= 2 * try(min([for type in data.aws_ec2_instance_type.types : floor(type.memory_size * 0.92)]...), 1e15)}",
    );
    expect(first?.[2]?.errorMessage).toMatch(
      /^The services need \$\{768\} MiB of memory while they are deployed \(users 2 x 256 \+ worker 2 x 128\), more than the/,
    );
    expect(first?.[3]?.condition).toBe(
      "${896 <= 2 * try(min([for type in data.aws_ec2_instance_type.types : type.default_vcpus * 1024]...), 1e15)}",
    );
    expect(second?.map(({ condition }) => condition.split(" <= ")[0])).toEqual(["${128", "${192"]);
  });

  it("leaves a service that runs on unknown instances out of the sum", () => {
    const stack = emptyStack();
    const target = cluster();
    expect(capacityGuards(stack, target, need("gpu", { memoryMiB: [60_000] }), [])).toEqual([]);
    const [, , memory] = capacityGuards(stack, target, need("users"));
    expect(resolved(stack, memory)).toMatchObject({ errorMessage: expect.stringContaining("(users 2 x 256)") });
  });

  describe("on a cluster with several capacity providers", () => {
    const smallest = (types: string, what = "floor(type.memory_size * 0.92)") =>
      `try(min([for type in data.aws_ec2_instance_type.${types} : ${what}]...), 1e15)`;
    const types = (name: string) => hcl`data.aws_ec2_instance_type.${hcl([name] as never)}`.string;
    const gpu: Capacity = { details: types("gpu"), maxSize: 1, reservedMemoryMiB: 0 };
    const arm: Capacity = { details: types("arm"), maxSize: 2, reservedMemoryMiB: 512 };
    const main: Capacity = { details: types("main"), maxSize: 6, reservedMemoryMiB: 0 };
    const target = () =>
      cluster({
        instanceCapacity: { details: types("all"), maxSize: 9, reservedMemoryMiB: 512, capacities: [gpu, arm, main] },
      });

    it("compares a task with each capacity that runs it, with its own reserve, and the services on them together", () => {
      const stack = emptyStack();
      const own = capacityGuards(stack, target(), need("own", { memoryMiB: [900] }), [gpu, arm]);
      expect(own.map((guard) => (resolved(stack, guard) as { condition: string }).condition)).toEqual([
        `\${900 <= ${smallest("gpu")}}`,
        `\${256 <= ${smallest("gpu", "type.default_vcpus * 1024")}}`,
        `\${900 <= ${smallest("arm", "floor(type.memory_size * 0.92) - 512")}}`,
        `\${256 <= ${smallest("arm", "type.default_vcpus * 1024")}}`,
        `\${1800 <= sum([1 * ${smallest("gpu")}, 2 * ${smallest("arm", "floor(type.memory_size * 0.92) - 512")}])}`,
        `\${512 <= sum([1 * ${smallest("gpu", "type.default_vcpus * 1024")}, 2 * ${smallest("arm", "type.default_vcpus * 1024")}])}`,
      ]);
    });

    it("counts services on a part of the capacities in each sum that includes this part, and a daemon in every sum", () => {
      const stack = emptyStack();
      const one = target();
      const guards = [
        capacityGuards(stack, one, need("both"), [gpu, arm]),
        capacityGuards(stack, one, need("gpu"), [gpu]),
        capacityGuards(stack, one, need("gpu2"), [gpu]),
        capacityGuards(stack, one, need("any")),
        capacityGuards(stack, one, need("agent", { tasks: "one an instance" })),
      ].map((list) => list.map((guard) => resolved(stack, guard) as { errorMessage: string }));
      const sums = guards.map((list) =>
        list.flatMap(
          ({ errorMessage }) => /MiB of memory while they are deployed \((.*?)\), more/.exec(errorMessage)?.[1] ?? [],
        ),
      );
      expect(sums).toEqual([
        ["both 2 x 256 + gpu 2 x 256 + gpu2 2 x 256 + agent ${sum([1, 2])} x 256"],
        ["gpu 2 x 256 + gpu2 2 x 256 + agent 1 x 256"],
        [],
        ["both 2 x 256 + gpu 2 x 256 + gpu2 2 x 256 + any 2 x 256 + agent 9 x 256"],
        [],
      ]);
    });
  });

  it("subtracts the memory that the agent reserves", () => {
    const instanceCapacity = { details, maxSize: 2, reservedMemoryMiB: 100 };
    const [first] = guardsOf(cluster({ instanceCapacity }), need("users"));
    expect(first?.[0]?.condition).toContain("floor(type.memory_size * 0.92) - 100");
    expect(first?.[0]?.errorMessage).toContain("less 100 MiB of ECS_RESERVED_MEMORY");
  });

  it("counts a daemon on every instance, beside each task", () => {
    const [first] = guardsOf(cluster(), need("users"), need("agent", { tasks: "one an instance", memoryMiB: [64] }));
    expect(first?.[0]?.condition).toMatch(/^\$\{320 <= /);
    expect(first?.[0]?.errorMessage).toContain("with the daemons that each instance runs (agent)");
    expect(first?.[2]?.errorMessage).toContain("(users 2 x 256 + agent 2 x 64)");
  });

  it("counts the services of each cluster apart", () => {
    const stack = emptyStack();
    const target = cluster();
    capacityGuards(stack, cluster(), need("elsewhere"));
    const [, , memory] = capacityGuards(stack, target, need("users"));
    expect(resolved(stack, memory)).toMatchObject({ errorMessage: expect.stringContaining("(users 2 x 256)") });
  });

  it("counts the daemons of other stacks on the same cluster, unless only their stack knows the numbers", () => {
    const target = cluster();
    const daemon = (change: Partial<ServiceNeed>) => ({ tasks: "one an instance", ...change }) as const;
    const stack = emptyStack();
    capacityGuards(emptyStack(), target, need("agent", daemon({ memoryMiB: [64] })));
    capacityGuards(emptyStack(), target, need("unknown", daemon({ memoryMiB: [hcl`var.memory`.number] })));
    capacityGuards(emptyStack(), target, need("elsewhere"));
    const [task, , memory] = capacityGuards(stack, target, need("users")).map(
      (guard) => resolved(stack, guard) as { condition: string; errorMessage: string },
    );
    expect(task?.condition).toMatch(/^\$\{320 <= /);
    expect(memory?.errorMessage).toContain("(users 2 x 256 + agent 2 x 64)");
  });

  describe("with accelerators", () => {
    const GPUS = 'try(sum([for gpu in type.gpus : gpu.count if gpu.manufacturer == "NVIDIA"]), 0)';
    const types = "for type in data.aws_ec2_instance_type.types :";
    const conditions = (...needs: ServiceNeed[]) =>
      guardsOf(cluster(), ...needs).map((list) => list.map(({ condition }) => condition));

    it("compares the GPUs of a task with an instance, and all GPUs with all instances once", () => {
      const [cpuOnly, first, second] = conditions(
        need("users"),
        need("train", { gpus: [1, 2] }),
        need("infer", { gpus: [1], tasks: 3 }),
      );
      const ofGpus = (list?: string[]) => list?.filter((condition) => condition.includes("gpus"));
      expect(ofGpus(cpuOnly)).toEqual([]);
      expect(ofGpus(first)).toEqual([
        `\${3 <= try(min([${types} ${GPUS}]...), 1e15)}`,
        `\${9 <= 2 * try(min([${types} ${GPUS}]...), 1e15)}`,
      ]);
      expect(ofGpus(second)).toEqual([`\${1 <= try(min([${types} ${GPUS}]...), 1e15)}`]);
    });

    it("compares a daemon with the type that has the most, because it runs only where there are enough", () => {
      const [first] = conditions(need("metrics", { gpus: [1], tasks: "one an instance" }));
      expect(first?.[2]).toBe(`\${1 <= try(max([${types} ${GPUS}]...), 1e15)}`);
    });

    it("compares the Neuron devices of a task with an instance, but counts none, because ECS does not", () => {
      const [first] = conditions(need("infer", { neuronDevices: 2, tasks: 100 }));
      expect(first?.filter((condition) => condition.includes("neuron"))).toEqual([
        `\${2 <= try(min([${types} try(sum([for device in type.neuron_devices : device.count]), 0)]...), 1e15)}`,
      ]);
    });

    it("are the GPUs of all containers, and the most Neuron devices of one", () => {
      const containers = [{ gpuCount: 1 }, {}, { gpuCount: 2, neuronDeviceCount: 1 }, { neuronDeviceCount: 2 }];
      expect(accelerators(containers)).toEqual({ gpus: [1, 2], neuronDevices: 2 });
      expect(accelerators([{}])).toEqual({ gpus: [], neuronDevices: 0 });
    });
  });

  it("compares the tasks of a service with distinct instances with their largest number", () => {
    const [first, second] = guardsOf(
      cluster(),
      need("users"),
      need("db", { distinctBy: "distinctInstance", tasks: 3 }),
    );
    expect(first?.some(({ errorMessage }) => errorMessage.includes("distinctInstance"))).toBe(false);
    expect(second?.at(-1)).toEqual({
      condition: '${3 <= 2 && path.module != ""}',
      errorMessage:
        "distinctInstance of db needs ${3} instances while the service is deployed, more than max_size, which is ${2}. Raise max_size, or lower the number of tasks or minimumHealthyPercent.",
    });
  });
});
