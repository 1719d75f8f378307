import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings, EcsServiceStack } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

function shop(props: Partial<Ec2ServiceProps> = {}, settings: EcsClusterSettings = {}) {
  const stack = clusterStack({ keyPair: "none", ...settings });
  new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, paths: ["/shop/*"], ...props });
  return stack;
}

describeTerraform("a running system, with which tests change versions", (lab) => {
  it("reports what a change creates, updates, replaces and deletes, and what is missing meanwhile", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    const first = await state.apply(() => shop());
    expect(first.created).toContain("aws_ecs_service.web");
    expect(first).toMatchObject({ updated: [], replaced: [], deleted: [], missing: [], lost: [], rejected: [] });

    const image = await state.apply(() => shop({ image: "web:2" }));
    // The account keeps the earlier revision.
    expect(image.created).toEqual(["aws_ecs_task_definition.web_task_definition"]);
    expect(image).toMatchObject({ updated: ["aws_ecs_service.web"], replaced: [], deleted: [], missing: [] });

    // The new target group has no targets until the service is updated.
    const protocol = await state.apply(() => shop({ targetProtocol: "HTTPS" }));
    expect(protocol.missing).toEqual(["route ecs-alb:80 /shop/*"]);
  });

  it("has several states in one account", async () => {
    const system = await RunningSystem.start(lab);
    const [cluster, orders] = [system.state(), system.state()];
    await cluster.apply(() => clusterStack({ keyPair: "none" }));
    const added = await orders.apply(() => {
      const stack = new EcsServiceStack(testApp(), "orders", {});
      new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1" });
      return stack;
    });
    expect(added.created).toContain("aws_ecs_service.orders");
    await cluster.expectNoChanges();
    const all = await system.during(async () => {
      await orders.destroy();
      await cluster.destroy();
    });
    expect(all.deleted).toContain("aws_ecs_service.orders");
    expect(all.deleted).toContain("aws_ecs_cluster.cluster");
  });

  it("expects a version that the plan rejects, and reports a number of applies that is too high", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(() => clusterStack({ keyPair: "none" }));
    await state.expectRejected(() => clusterStack({ keyPair: "none" }), "name must be 3 to 24", {
      variables: { name: "x" },
    });
    const again = state.apply(() => clusterStack({ keyPair: "none" }), { applies: 2 });
    await expect(again).rejects.toThrow("Apply 1 of 2 leaves nothing to do. Expect fewer applies.");
  });

  it("expects a version that AWS rejects, and repairs the system", async () => {
    const withPriorities = (web: number, admin: number) => () => {
      const stack = shop({ priority: web });
      new Ec2Service(stack, "admin", {
        cluster: stack,
        image: "a:1",
        containerPort: 80,
        paths: ["/admin"],
        priority: admin,
      });
      return stack;
    };
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(withPriorities(1, 2));
    const failed = await state.expectFailure(withPriorities(2, 1), "PriorityInUse: Priority '2' is currently in use");
    expect(failed).toMatchObject({ updated: [], missing: [] });
    expect(failed.rejected).toHaveLength(2);
    await state.apply(withPriorities(3, 2));
    await state.apply(withPriorities(3, 1));
    expect((await state.apply(withPriorities(2, 1))).updated).toEqual(["aws_lb_listener_rule.web_rule"]);
  });
});
