import { TerraformVariable } from "cdktf";
import { type EcsClusterTarget, hcl } from "../../src";
import { capacityGuards, type ServiceNeed, tasksWhileDeployed } from "../../src/services/service-capacity";
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

  it("are one on each instance for a daemon", () => {
    expect(tasksWhileDeployed(need("a", { tasks: "one an instance" }), 3)).toBe(3);
  });

  it("are an expression for a number that only Terraform knows", () => {
    const stack = emptyStack();
    const count = new TerraformVariable(stack, "tasks", { type: "number" }).numberValue;
    expect(resolved(stack, tasksWhileDeployed(need("a", { tasks: count }), 3))).toBe(
      "${var.tasks == 0 ? 0 : max(var.tasks, ceil(var.tasks * 50 / 100) + 1)}",
    );
  });
});

describe("capacityGuards", () => {
  it("returns no guard for a cluster with unknown instances", () => {
    expect(guardsOf(clusterTarget(), need("a"))).toEqual([[]]);
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

  it("compares a task with the capacities that run it, each with its own reserve, and leaves it out of the sum", () => {
    const stack = emptyStack();
    const [all, gpu, arm] = ["all", "gpu", "arm"].map(
      (types) => hcl`data.aws_ec2_instance_type.${hcl([types] as never)}`.string,
    );
    const target = cluster({ instanceCapacity: { details: all as string, maxSize: 9, reservedMemoryMiB: 512 } });
    const chosen = [
      { details: gpu as string, maxSize: 1, reservedMemoryMiB: 0 },
      { details: arm as string, maxSize: 2, reservedMemoryMiB: 512 },
    ];
    const own = capacityGuards(stack, target, need("own", { memoryMiB: [900] }), chosen);
    const [, , sum] = capacityGuards(stack, target, need("users"));
    const smallest = (types: string, what: string) =>
      `try(min([for type in data.aws_ec2_instance_type.${types} : ${what}]...), 1e15)`;
    expect(own.map((guard) => (resolved(stack, guard) as { condition: string }).condition)).toEqual([
      `\${900 <= ${smallest("gpu", "floor(type.memory_size * 0.92)")}}`,
      `\${256 <= ${smallest("gpu", "type.default_vcpus * 1024")}}`,
      `\${900 <= ${smallest("arm", "floor(type.memory_size * 0.92) - 512")}}`,
      `\${256 <= ${smallest("arm", "type.default_vcpus * 1024")}}`,
    ]);
    expect(resolved(stack, sum)).toMatchObject({ errorMessage: expect.stringContaining("(users 2 x 256)") });
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
});
