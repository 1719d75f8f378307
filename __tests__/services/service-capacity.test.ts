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

/** What the guards of each service come to, once all are there. */
function guards(target: EcsClusterTarget, ...needs: ServiceNeed[]): { condition: string; errorMessage: string }[][] {
  const stack = emptyStack();
  const all = needs.map((one) => capacityGuards(stack, target, one));
  return all.map((list) => list.map((guard) => resolved(stack, guard) as { condition: string; errorMessage: string }));
}

// The guards themselves are seen to pass and to fail in services-guards.test.ts, in real Terraform.
describe("the tasks of a service while it is deployed", () => {
  it.each([
    [1, 50, 2],
    [2, 50, 2],
    [4, 50, 4],
    [4, 100, 5],
    [1, 0, 1],
    [0, 50, 0],
  ])("of %d with %d %% healthy are %d", (tasks, minimumHealthyPercent, expected) => {
    expect(tasksWhileDeployed(need("a", { tasks, minimumHealthyPercent }), 3)).toBe(expected);
  });

  it("are one an instance for a daemon", () => {
    expect(tasksWhileDeployed(need("a", { tasks: "one an instance" }), 3)).toBe(3);
  });

  it("are an expression where Terraform alone knows how many", () => {
    const stack = emptyStack();
    const count = new TerraformVariable(stack, "tasks", { type: "number" }).numberValue;
    expect(resolved(stack, tasksWhileDeployed(need("a", { tasks: count }), 3))).toBe(
      "${var.tasks == 0 ? 0 : max(var.tasks, ceil(var.tasks * 50 / 100) + 1)}",
    );
  });
});

describe("the guards of a stack's services", () => {
  it("are none where nobody knows what the instances have", () => {
    expect(guards(clusterTarget(), need("a"))).toEqual([[]]);
  });

  it("compare each service's task with an instance, and all services with all instances once", () => {
    const [first, second] = guards(cluster(), need("users"), need("worker", { cpu: [128, 64], memoryMiB: [100, 28] }));
    expect([first?.length, second?.length]).toEqual([4, 2]);
    expect(first?.[2]?.condition).toBe(
      "${768 <= 2 * try(min([for type in data.aws_ec2_instance_type.types : floor(type.memory_size * 0.92)]...), 1e15)}",
    );
    expect(first?.[2]?.errorMessage).toMatch(
      /^The services want \$\{768\} MiB of memory while they are deployed \(users 2 x 256 \+ worker 2 x 128\), more than the/,
    );
    expect(first?.[3]?.condition).toBe(
      "${896 <= 2 * try(min([for type in data.aws_ec2_instance_type.types : type.default_vcpus * 1024]...), 1e15)}",
    );
    expect(second?.map(({ condition }) => condition.split(" <= ")[0])).toEqual(["${128", "${192"]);
  });

  it("leave out a service that runs on instances nobody knows, wherever it stands in the code", () => {
    const stack = emptyStack();
    const target = cluster();
    expect(capacityGuards(stack, target, need("gpu", { memoryMiB: [60_000] }), [])).toEqual([]);
    const [, , memory] = capacityGuards(stack, target, need("users"));
    expect(resolved(stack, memory)).toMatchObject({ errorMessage: expect.stringContaining("(users 2 x 256)") });
  });

  it("compare a task with the capacities that it keeps to, each with its own reserve, and leave it out of the sum", () => {
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

  it("keep what the agent keeps", () => {
    const instanceCapacity = { details, maxSize: 2, reservedMemoryMiB: 100 };
    const [first] = guards(cluster({ instanceCapacity }), need("users"));
    expect(first?.[0]?.condition).toContain("floor(type.memory_size * 0.92) - 100");
    expect(first?.[0]?.errorMessage).toContain("less 100 MiB of ECS_RESERVED_MEMORY");
  });

  it("count a daemon on every instance, beside each task", () => {
    const [first] = guards(cluster(), need("users"), need("agent", { tasks: "one an instance", memoryMiB: [64] }));
    expect(first?.[0]?.condition).toMatch(/^\$\{320 <= /);
    expect(first?.[0]?.errorMessage).toContain("with the daemons that each instance runs (agent)");
    expect(first?.[2]?.errorMessage).toContain("(users 2 x 256 + agent 2 x 64)");
  });

  it("are of one cluster's services alone", () => {
    const stack = emptyStack();
    const target = cluster();
    capacityGuards(stack, cluster(), need("elsewhere"));
    const [, , memory] = capacityGuards(stack, target, need("users"));
    expect(resolved(stack, memory)).toMatchObject({ errorMessage: expect.stringContaining("(users 2 x 256)") });
  });
});
