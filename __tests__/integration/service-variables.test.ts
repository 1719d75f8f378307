import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service } from "../../src";
import { clusterStack } from "../support/cluster";
import { exampleValues } from "../support/examples";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

describeTerraform("the variables of a service", (lab) => {
  const configuration = (): Configuration => {
    const stack = clusterStack({ values: { region: "eu-west-1" }, loadBalancer: false });
    new Ec2Service(stack, "web", {
      cluster: stack,
      image: "nginx:1",
      memoryReservationMiB: 64,
      memoryLimitMiB: 128,
      maximumPercent: 100,
      desiredCount: 2,
    });
    return synthesized(stack);
  };
  /** Returns the configuration with values in place of the variables, as an earlier version of the library wrote it. */
  const withoutVariables = (): Configuration => {
    const { variable, ...rest } = configuration();
    const all = Object.entries(variable as Readonly<Record<string, { default?: unknown }>>);
    const isOwn = (name: string) => /^web_(?!image)/.test(name);
    const text = all
      .filter(([name]) => isOwn(name))
      .reduce(
        (json, [name, { default: value }]) =>
          json
            .replaceAll(`"\${var.${name}}"`, String(value))
            .replaceAll(new RegExp(`var\\.${name}\\b`, "g"), String(value)),
        JSON.stringify(rest),
      );
    const before = JSON.parse(text);
    // Terraform rejects a precondition that refers to nothing.
    delete before.resource.aws_ecs_service.web.lifecycle;
    return { ...before, variable: Object.fromEntries(all.filter(([name]) => !isOwn(name))) };
  };

  it("change nothing in a system that had none, and change it without new code", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(withoutVariables());
    const nothing = { created: [], updated: [], replaced: [], deleted: [] };
    expect(await state.apply(configuration())).toMatchObject(nothing);

    const more = { ...exampleValues(configuration()), web_desired_count: 3, web_log_retention_days: 30 };
    expect([...(await state.apply(configuration(), { variables: more })).updated].sort()).toEqual([
      "aws_cloudwatch_log_group.web_task_definition_log_group",
      "aws_ecs_service.web",
    ]);
    const larger = { ...more, web_cpu: 512, web_memory_limit_mib: 256 };
    // The old revision stays registered, so the new one is created only.
    expect(await state.apply(configuration(), { variables: larger })).toMatchObject({
      created: ["aws_ecs_task_definition.web_task_definition"],
      updated: ["aws_ecs_service.web"],
      replaced: [],
      deleted: [],
    });
  });

  it.each<[string, Readonly<Record<string, number>>, string]>([
    [
      "a reservation that is not below the limit",
      { web_memory_reservation_mib: 128 },
      "web_memory_reservation_mib must be below web_memory_limit_mib; received 128. Lower it, or raise the limit.",
    ],
    [
      "a number of tasks with which no deployment can start",
      { web_desired_count: 1 },
      "maximumPercent of web must let a deployment stop or start a task; received 100. With 1 tasks and a minimumHealthyPercent of 50, ECS can do neither.",
    ],
    ["half a CPU unit", { web_cpu: 2.5 }, "web_cpu must be a whole number from 2 to 196608 (CPU units); received 2.5."],
  ])("reject %s at plan", async (_, variables, message) => {
    const values = { ...exampleValues(configuration()), ...variables };
    const terraform = await lab.terraform({ configuration: configuration(), variables: values });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr.replace(/[\s│]+/g, " ")).toContain(message);
  });
});
