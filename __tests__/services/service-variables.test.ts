import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { TerraformVariable, Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, ServiceImage } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack, synthesized } from "../support/synthesized";

Testing.setupJest();

const configuration = (props: Partial<Ec2ServiceProps> = {}) => {
  const stack = emptyStack();
  new Ec2Service(stack, "order-history", { cluster: clusterTarget(), image: "orders:1", ...props });
  return synthesized(stack);
};
/** Returns the defaults of the variables of the service, by the part of their name after the service's. */
const defaults = (props: Partial<Ec2ServiceProps> = {}) =>
  Object.fromEntries(
    Object.entries(configuration(props).variable as Readonly<Record<string, { default?: unknown }>>)
      .filter(([name]) => name !== "order_history_image")
      .map(([name, variable]) => [name.replace("order_history_", ""), variable.default]),
  );

describe("the variables of a service", () => {
  it("have the values of the code, and their defaults, as defaults", () => {
    expect(defaults()).toEqual({ cpu: 256, memory_limit_mib: 256, desired_count: 1, log_retention_days: 14 });
    const values = { cpu: 512, memoryLimitMiB: 1024, memoryReservationMiB: 512, desiredCount: 3, logRetentionDays: 30 };
    expect(defaults(values)).toEqual({
      cpu: 512,
      memory_limit_mib: 1024,
      memory_reservation_mib: 512,
      desired_count: 3,
      log_retention_days: 30,
    });
  });

  it.each<[string, Partial<Ec2ServiceProps>, string[]]>([
    ["no limit of a container with a reservation", { memoryReservationMiB: 64 }, ["memory_limit_mib"]],
    ["no limit of a task with a size", { taskMemoryMiB: 512 }, ["memory_limit_mib"]],
    ["no number of tasks of a daemon", { daemon: true }, ["desired_count"]],
    ["no number of tasks with scaling", { scaling: { maxCapacity: 2, cpuPercent: 60 } }, ["desired_count"]],
  ])("include %s", (_, props, absent) => {
    for (const name of absent) expect(defaults(props)).not.toHaveProperty(name);
  });

  it("are what the resources use", () => {
    const json = JSON.stringify(configuration({ memoryReservationMiB: 64, memoryLimitMiB: 128 }));
    const name = "order_history";
    expect(json).toHaveResourceWithProperties(EcsService, { desired_count: `\${var.${name}_desired_count}` });
    expect(json).toHaveResourceWithProperties(CloudwatchLogGroup, {
      retention_in_days: `\${var.${name}_log_retention_days}`,
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      container_definitions: expect.stringContaining(
        `"cpu" = var.${name}_cpu, "memory" = var.${name}_memory_limit_mib, "memoryReservation" = var.${name}_memory_reservation_mib`,
      ),
    });
  });

  it("have the rules of the settings, and a reservation must be below the limit", () => {
    const variables = configuration({ memoryReservationMiB: 64, memoryLimitMiB: 128 }).variable as Readonly<
      Record<string, object>
    >;
    expect(variables.order_history_cpu).toMatchObject({
      type: "number",
      nullable: false,
      validation: [
        { error_message: expect.stringMatching(/^order_history_cpu must be a whole number from 2 to 196608/) },
      ],
    });
    expect(variables.order_history_memory_reservation_mib).toMatchObject({
      validation: [
        {},
        {
          condition: "${var.order_history_memory_reservation_mib < var.order_history_memory_limit_mib}",
          error_message: expect.stringMatching(
            /^order_history_memory_reservation_mib must be below order_history_memory_limit_mib; received .+\. Lower it, or raise the limit\.$/,
          ),
        },
      ],
    });
  });

  it("are the limits of scaling, and the maximum is at least the minimum", () => {
    const scaling = { minCapacity: 2, maxCapacity: 6, cpuPercent: 60 };
    expect(defaults({ scaling })).toMatchObject({ min_capacity: 2, max_capacity: 6 });
    const validations = (props: Partial<Ec2ServiceProps>, name: string) =>
      (configuration(props).variable as Readonly<Record<string, { validation: { condition: string }[] }>>)[
        `order_history_${name}`
      ]?.validation.map(({ condition }) => condition);
    expect(validations({ scaling }, "max_capacity")).toContain(
      "${var.order_history_max_capacity >= var.order_history_min_capacity}",
    );
    expect(validations({ scaling }, "min_capacity")).toContain("${var.order_history_min_capacity >= 1}");
    const schedules = { night: { schedule: "rate(1 day)", minCapacity: 0 } };
    expect(validations({ scaling: { ...scaling, schedules } }, "min_capacity")).not.toContain(
      "${var.order_history_min_capacity >= 1}",
    );
  });

  it("do not exist for a reference, nor for a sidecar", () => {
    const stack = emptyStack();
    const given = new TerraformVariable(stack, "given", { type: "number" }).numberValue;
    const sidecars = [{ name: "proxy", image: "envoy:1", cpu: 77 }];
    new Ec2Service(stack, "web", {
      cluster: clusterTarget(),
      image: "web:1",
      cpu: given,
      desiredCount: given,
      sidecars,
    });
    const { variable } = synthesized(stack);
    expect(Object.keys(variable as object).sort()).toEqual([
      "given",
      "web_image",
      "web_log_retention_days",
      "web_memory_limit_mib",
    ]);
    expect(JSON.stringify(synthesized(stack))).toContain('\\"cpu\\" = 77');
  });

  it("belong to one service of a stack, even when services share an image", () => {
    const stack = emptyStack();
    const image = new ServiceImage(stack, "app", { image: "app:1" });
    new Ec2Service(stack, "one", { cluster: clusterTarget(), image, serviceName: "web" });
    expect(
      problemsOf(() => new Ec2Service(stack, "two", { cluster: clusterTarget(), image, serviceName: "web" })),
    ).toEqual([
      'serviceName must be unique in the stack; received "web". test/one has this name too. Use another name for one of the two.',
    ]);
  });

  it("are compared with maximumPercent at plan", () => {
    const guards = (props: Partial<Ec2ServiceProps>) => JSON.stringify(configuration(props).resource);
    expect(guards({ desiredCount: 2, maximumPercent: 100 })).toContain(
      "${var.order_history_desired_count == 0 || ceil(var.order_history_desired_count * 50 / 100) < var.order_history_desired_count || floor(var.order_history_desired_count * 100 / 100) > var.order_history_desired_count}",
    );
    expect(guards({ desiredCount: 2 })).not.toContain("floor(");
  });
});
