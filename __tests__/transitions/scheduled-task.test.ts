import { ScheduledTask } from "../../src";
import { scheduledTaskPropsSchema } from "../../src/services/scheduled-task";
import { serviceTaskShape } from "../../src/services/service-task";
import { containerSettingsSchema } from "../../src/tasks/container";
import { serviceImageSettingsSchema } from "../../src/tasks/service-image";
import { taskSettingsSchema } from "../../src/tasks/task-settings";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testSettings } from "./area";
import { SCHEDULED_TASK_SAMPLES } from "./samples/scheduled-task";

/** The settings that the samples of `Ec2Service` change. They change the task definition, whose ARN the schedule has. */
const OF_SERVICE = {
  ...containerSettingsSchema.shape,
  ...taskSettingsSchema.shape,
  ...serviceImageSettingsSchema.shape,
  ...serviceTaskShape,
};

describeTerraform("changes of the settings of a scheduled task", (lab) => {
  testSettings(lab, {
    name: "ScheduledTask",
    schema: scheduledTaskPropsSchema,
    samples: SCHEDULED_TASK_SAMPLES,
    covered: (path) => Object.hasOwn(OF_SERVICE, path.split(/[.[]/)[0] ?? ""),
    size: 40,
    build: (ids, propsOf) => {
      const values = { maxSize: 40 };
      const stack = clusterStack({
        ...{ keyPair: "none", loadBalancer: false, values, capacityProviders: { main: {}, other: { values } } },
      });
      for (const id of ids) {
        const base = { cluster: stack, image: "job:1", scheduleExpression: "rate(1 day)" };
        new ScheduledTask(stack, id, { ...base, ...propsOf(id, undefined) });
      }
      return stack;
    },
  });
});
