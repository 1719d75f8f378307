import { variableEffects } from "../../cli/handover/readme/changes";
import { readStack } from "../../cli/handover/stack";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import { PUBLIC_KEY } from "../support/cluster";
import { stackJson } from "../support/handover";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

/** Another value of each variable. */
const CHANGED: Readonly<Record<string, unknown>> = {
  name: "shop",
  ssh_public_key: PUBLIC_KEY,
  ami_version: "al2023-ami-ecs-hvm-2023.0.20250610-kernel-6.1-x86_64",
  instance_types: ["t3.medium"],
  root_volume_gib: 40,
  tags: { Team: "shop" },
  desired_size: 2,
  http_cidrs: ["192.0.2.0/24"],
  log_retention_days: 30,
  max_size: 9,
  min_size: 2,
  ssh_cidrs: ["198.51.100.0/24"],
};
/** Another value of each variable of a service, by the end of its name. */
const OF_SERVICES: Readonly<Record<string, unknown>> = {
  image: "api:2",
  cpu: 64,
  memory_limit_mib: 100,
  desired_count: 2,
  log_retention_days: 30,
};

describeTerraform("the table of variables in the README of a hand-over", (lab) => {
  it("has the effects that the plans have", async () => {
    const configuration = stackJson("microservices");
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(configuration);
    const effects = variableEffects(readStack(configuration as Json, { name: "microservices" }));
    for (const [name, effect] of effects) {
      // The services have the same variables.
      if (effect === "region" || /^(posts|threads)_/.test(name)) continue;
      const value = CHANGED[name] ?? OF_SERVICES[name.replace(/^(users|worker)_/, "")];
      expect([name, value]).not.toEqual([name, undefined]);
      await state.configure(configuration, { variables: { [name]: value } });
      const { resource_changes = [] } = await state.terraform.planJson("-refresh=false");
      const changed = resource_changes.filter(
        ({ change, address }) => !address.startsWith("data.") && change.actions.join() !== "no-op",
      );
      const types = changed.map(({ type }) => type);
      const expected = {
        isReplaced: effect === "name",
        refreshes: effect === "name" || effect === "instances",
        deploys: effect === "name" || effect === "tasks",
      };
      expect({ name, types, ...expected }).toEqual({
        ...{ name, types: effect === "creation" ? [] : expect.arrayContaining([expect.any(String)]) },
        isReplaced: changed.some(({ type, change }) => type === "aws_ecs_cluster" && change.actions.includes("delete")),
        refreshes: types.includes("aws_launch_template"),
        deploys: changed.some(
          ({ type, change }) => type === "aws_ecs_task_definition" && change.actions.includes("create"),
        ),
      });
    }
  });
});
