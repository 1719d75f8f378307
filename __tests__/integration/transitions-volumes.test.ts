import { Ec2Service, type Ec2ServiceProps, type TaskVolumes } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

describeTerraform("changes of the volumes of a service", (lab) => {
  const service =
    (volumes: TaskVolumes, props: Partial<Ec2ServiceProps> = {}) =>
    () => {
      const stack = clusterStack({ loadBalancer: false });
      const mountPoints = Object.fromEntries(Object.keys(volumes).map((name) => [`/${name}`, name]));
      new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", volumes, mountPoints, ...props });
      return stack;
    };
  const SAFE = { rejected: [], lost: [], missing: [] };

  it("add, change and remove an EBS volume in one apply each, and keep the role until the tasks without it run", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(service({}));
    const added = await state.apply(service({ data: { ebs: { sizeGib: 20 } } }));
    expect(added).toMatchObject({ ...SAFE, replaced: [], deleted: [] });
    expect(added.created).toEqual(
      expect.arrayContaining([
        "aws_iam_role.web_volume_role",
        "aws_iam_role_policy_attachment.web_volume_role_volumes",
      ]),
    );
    const larger = await state.apply(service({ data: { ebs: { sizeGib: 40, iops: 4000 } } }));
    expect(larger).toMatchObject({ ...SAFE, created: [], replaced: [], updated: ["aws_ecs_service.web"] });
    const removed = await state.apply(
      service({ scratch: { docker: { scope: "task", driverOpts: { type: "tmpfs" } } } }),
    );
    expect(removed).toMatchObject({ ...SAFE, replaced: [] });
    expect(removed.deleted).toContain("aws_iam_role.web_volume_role");
  });

  it("take the role from running tasks when a service does not wait", async () => {
    const nowait = { waitForSteadyState: false };
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(service({ data: { ebs: { sizeGib: 20 } } }, nowait));
    const removed = await state.apply(service({}, nowait));
    expect(removed.lost).toEqual(["aws_iam_role.web_volume_role <- aws_ecs_service web"]);
  });
});
