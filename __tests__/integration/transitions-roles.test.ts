import { Ec2Service, type EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

describeTerraform("changes of the path and the boundary of roles", (lab) => {
  const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";
  const cluster = (settings: EcsClusterSettings) => () => {
    const stack = clusterStack({ loadBalancer: false, ...settings });
    new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", enableExecuteCommand: true });
    return stack;
  };
  const ROLES = [
    "aws_iam_role.instance_role",
    "aws_iam_role.web_task_definition_execution_role",
    "aws_iam_role.web_task_definition_task_role",
  ];

  it("replace the roles for another path in one apply, and no two roles have one name", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(cluster({}));
    for (const rolePath of ["/teams/orders/", "/teams/users/", undefined]) {
      const changes = await state.apply(cluster({ rolePath }));
      expect(changes.replaced).toEqual(
        expect.arrayContaining([...ROLES, "aws_iam_instance_profile.instance_role_profile"]),
      );
      // Instances use their role until Auto Scaling has replaced them. docs/changes.md says so.
      const lost = ["aws_iam_instance_profile.instance_role_profile", "aws_iam_role.instance_role"];
      const users = lost.map((address) => `${address} <- aws_autoscaling_group ecs-instances`);
      expect(changes).toMatchObject({ rejected: [], lost: users, missing: [] });
    }
  });

  it("set, change and remove the boundary in place", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(cluster({}));
    for (const permissionsBoundary of [BOUNDARY, `${BOUNDARY}-2`, undefined]) {
      const changes = await state.apply(cluster({ ...(permissionsBoundary && { permissionsBoundary }) }));
      expect(changes).toMatchObject({ created: [], replaced: [], deleted: [], rejected: [], lost: [], missing: [] });
      expect([...changes.updated].sort()).toEqual(ROLES);
    }
  });
});
