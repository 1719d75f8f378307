import type { Configuration, PlanJson, TerraformResult } from "../../cli/offline-provider";
import { smallStack } from "../support/small-stack";
import { describeTerraform } from "../support/terraform";

/** Returns actions by address, such as `{ address: "update" }`. A replacement is "delete create". */
function actions({ resource_changes = [] }: PlanJson): Record<string, string> {
  return Object.fromEntries(resource_changes.map(({ address, change }) => [address, change.actions.join(" ")]));
}

function changes(plan: PlanJson): Record<string, string> {
  return Object.fromEntries(Object.entries(actions(plan)).filter(([, action]) => action !== "no-op"));
}

interface State {
  readonly values: {
    readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
    readonly root_module: {
      readonly resources: readonly { readonly address: string; readonly values: Readonly<Record<string, unknown>> }[];
    };
  };
}

describeTerraform("the offline provider, from the first apply to the destruction", (lab) => {
  describe("with one stack", () => {
    let terraform: Awaited<ReturnType<typeof lab.terraform>>;
    let first: PlanJson;
    let applied: TerraformResult;
    let state: State["values"];
    beforeAll(async () => {
      terraform = await lab.terraform({ configuration: smallStack(), variables: { size: 2 } });
      expect(await terraform.validate()).toMatchObject({ status: 0, stderr: "" });
      first = await terraform.planJson();
      applied = await terraform.applyPlanned();
      state = ((await terraform.stateJson()) as unknown as State).values;
    });
    const planAfter = async (configuration: Configuration) => {
      terraform.configure(configuration);
      return changes(await terraform.planJson());
    };

    it("applies a plan, and then plans no changes", async () => {
      expect(Object.values(actions(first))).toEqual(Array(7).fill("create"));
      expect(applied.stdout).toContain("Apply complete! Resources: 7 added, 0 changed, 0 destroyed.");
      const again = await terraform.plan();
      expect(again.stdout).toContain("No changes. Your infrastructure matches the configuration.");
      expect(again.status).toBe(0);
    });

    it("returns the plan and the state as JSON", () => {
      const group = first.resource_changes?.find(({ type }) => type === "aws_autoscaling_group");
      expect(group?.change.after).toMatchObject({ min_size: 2, region: "ap-northeast-2" });
      expect(group?.change.after_unknown).toMatchObject({ arn: true, desired_capacity: true });
      const inState = state.root_module.resources.find(({ address }) => address === "aws_autoscaling_group.instances");
      expect(inState?.values.desired_capacity).toBe(2);
    });

    it("returns ids that are visibly fake, and the same in every run", async () => {
      const other = await lab.terraform({ configuration: smallStack(), variables: { size: 2 } });
      await other.apply();
      const { outputs } = other.state();
      expect(outputs.cluster?.value).toBe("small");
      expect(outputs.template?.value).toMatch(/^lt-offline-[0-9a-f]+$/);
      // The outputs in Terraform's JSON also have a type.
      expect(state.outputs).toMatchObject(outputs);
    });

    it("knows the default tags at plan", () => {
      const group = first.resource_changes?.find(({ address }) => address === "aws_security_group.instances");
      expect(group?.change.after?.tags_all).toEqual({ project: "small", role: "instances" });
    });

    it("updates a tagged resource when the default tags change", async () => {
      const provider = { aws: [{ default_tags: [{ tags: { project: "other" } }] }] };
      expect((await planAfter({ ...smallStack(), provider }))["aws_security_group.instances"]).toBe("update");
    });

    it("destroys a resource of an earlier configuration, even if no resource of its type is left", async () => {
      const { aws_ecs_service: _, ...resource } = smallStack().resource as Record<string, unknown>;
      const configuration = { ...smallStack(), resource };
      await terraform.session.serve({ configuration });
      expect(await planAfter(configuration)).toEqual({ "aws_ecs_service.web": "delete" });
    });

    it("updates a launch template and its group, replaces a task definition and updates its service, and destroys all of them", async () => {
      expect(await planAfter(smallStack({ volume: 40, image: "nginx:2" }))).toEqual({
        "aws_launch_template.instances": "update",
        "aws_autoscaling_group.instances": "update",
        "aws_ecs_task_definition.web": "delete create",
        "aws_ecs_service.web": "update",
      });
      expect((await terraform.applyPlanned()).status).toBe(0);
      expect(await terraform.plan()).toMatchObject({ status: 0 });
      expect((await terraform.destroy()).stdout).toContain("Destroy complete! Resources: 7 destroyed.");
    });
  });

  it("imports a resource by its id", async () => {
    const configuration = { ...smallStack(), import: [{ to: "aws_ecs_cluster.ecs", id: "small" }] };
    const terraform = await lab.terraform({ configuration });
    expect((await terraform.plan()).stdout).toContain("Plan: 1 to import, 6 to add");
  });

  it("runs `terraform test` with a mocked provider", async () => {
    const run = `
      mock_provider "aws" {
        mock_data "aws_vpcs" { defaults = { ids = ["vpc-1"] } }
        mock_data "aws_subnets" { defaults = { ids = ["subnet-1"] } }
      }
      run "plans" {
        command = plan
        assert {
          condition     = aws_ecs_cluster.ecs.name == "small"
          error_message = "The cluster must have the name small."
        }
      }
      run "applies" {
        assert {
          condition     = output.subnets == tolist(["subnet-1"])
          error_message = "The output must have the mocked subnet."
        }
      }`;
    const terraform = await lab.terraform({ configuration: smallStack(), files: { "small.tftest.hcl": run } });
    const result = await terraform.test();
    expect(result.stderr).toBe("");
    expect(result.stdout).toContain("Success! 2 passed, 0 failed.");
  });

  it("serves several configurations at the same time, each with its own fixtures", async () => {
    const accounts = [
      ["a", "c"],
      ["a", "b", "c"],
    ];
    const planned = await Promise.all(
      accounts.map(async (zones) => {
        const terraform = await lab.terraform({ configuration: smallStack(), fixtures: { zones } });
        return (await terraform.planJson()).output_changes?.subnets?.after;
      }),
    );
    expect(planned.map((subnets) => (subnets as string[]).length)).toEqual([2, 3]);
  });
});
