import { execFileSync } from "node:child_process";
import type { Configuration } from "../../cli/offline-provider";
import { ScheduledTask, type ScheduledTaskProps } from "../../src";
import { scheduledTaskPropsSchema } from "../../src/services/scheduled-task";
import { serviceTaskShape } from "../../src/services/service-task";
import { containerSettingsSchema } from "../../src/tasks/container";
import { serviceImageSettingsSchema } from "../../src/tasks/service-image";
import { taskSettingsSchema } from "../../src/tasks/task-settings";
import type { Schema } from "../../src/validation/schema";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { emptyStack, synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

/** Text that means something to Terraform, JSON and a shell. */
const FREE = "${aws_ecs_cluster.none.arn}%{ if true }\"},\n\\\" $${y} `id` $(id) '; exit 1; ' <a> & é";
const FIELD = FREE.replace(/[\s]/g, "");

type Props = Partial<ScheduledTaskProps>;

const ARRIVES: Props = {
  group: FREE,
  placementStrategies: [{ type: "spread", field: FIELD }],
  placementConstraints: [{ type: "memberOf", expression: FREE }],
  overrides: { job: { command: [FREE], environment: { [FREE]: FREE } } },
};
const REJECTED: Readonly<Record<string, Props>> = {
  name: { name: FREE },
  scheduleExpression: { scheduleExpression: FREE },
  timeZone: { timeZone: FREE },
  startDate: { startDate: FREE },
  endDate: { endDate: FREE },
  scheduleGroup: { scheduleGroup: FREE },
  deadLetterQueue: { deadLetterQueue: FREE },
  schedulerRole: { schedulerRole: FREE },
  alarmTopicArn: { alarmTopicArn: FREE },
  capacityProviderStrategies: { capacityProviderStrategies: [{ capacityProvider: FREE }] },
};

const stackWith = (props: Props) => {
  const stack = emptyStack();
  new ScheduledTask(stack, "job", {
    cluster: clusterTarget(),
    image: "job:1",
    scheduleExpression: "rate(1 day)",
    ...props,
  });
  return stack;
};

describe("hostile text in the settings of a scheduled task", () => {
  it.each(Object.entries(REJECTED))("is rejected in %s", (setting, props) => {
    expect(problemsOf(() => stackWith(props)).some((problem) => problem.startsWith(setting))).toBe(true);
  });

  it("is tested in each setting that accepts text and that a service does not have", () => {
    const ofService = {
      ...containerSettingsSchema.shape,
      ...taskSettingsSchema.shape,
      ...serviceImageSettingsSchema.shape,
      ...serviceTaskShape,
    };
    const accepts = ({ is, facts }: Schema): boolean =>
      is("text") || (facts.inner ?? []).some(accepts) || facts.shape !== undefined;
    const texts = Object.entries(scheduledTaskPropsSchema.shape)
      .filter(([name, field]) => !Object.hasOwn(ofService, name) && name !== "cluster" && accepts(field as Schema))
      .map(([name]) => name);
    expect(texts.sort()).toEqual([...Object.keys(ARRIVES), ...Object.keys(REJECTED)].sort());
  });
});

describeTerraform("hostile text in the settings of a scheduled task", (lab) => {
  it("arrives in the schedule and in the command as it is", async () => {
    const terraform = await lab.terraform({ configuration: synthesized(stackWith(ARRIVES)) as Configuration });
    const { status, stderr } = await terraform.apply();
    expect([status, stderr]).toEqual([0, ""]);
    const { resources, outputs } = terraform.state();
    const { target: targets } = resources.find(({ address }) => address === "aws_scheduler_schedule.job")?.values ?? {};
    const [target] = targets as { input: string; ecs_parameters: object[] }[];
    expect(target?.ecs_parameters[0]).toMatchObject({
      group: FREE,
      placement_strategy: [{ type: "spread", field: FIELD }],
      placement_constraints: [{ type: "memberOf", expression: FREE }],
    });
    const overrides = {
      containerOverrides: [{ name: "job", command: [FREE], environment: [{ name: FREE, value: FREE }] }],
    };
    expect(JSON.parse(target?.input ?? "")).toEqual(overrides);

    const command = String(outputs.job_run_task_command?.value);
    const printing = "aws() { node -e 'console.log(JSON.stringify(process.argv.slice(1)))' -- \"$@\"; }";
    const args: string[] = JSON.parse(execFileSync("bash", ["-c", `${printing}; ${command}`], { encoding: "utf8" }));
    const argumentOf = (option: string) => args[args.indexOf(option) + 1] ?? "";
    expect(argumentOf("--group")).toBe(FREE);
    expect(JSON.parse(argumentOf("--overrides"))).toEqual(overrides);
    expect(JSON.parse(argumentOf("--placement-constraints"))).toEqual([{ type: "memberOf", expression: FREE }]);
    expect(JSON.parse(argumentOf("--placement-strategy"))).toEqual([{ type: "spread", field: FIELD }]);
    expect((await terraform.plan()).status).toBe(0);
  });
});
