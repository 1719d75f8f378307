import { Ec2Service, type Ec2ServiceProps, TaskDefinition } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

type Services = Readonly<Record<string, Partial<Ec2ServiceProps>>>;
const shop = (services: Services) => () => {
  const stack = clusterStack({ keyPair: "none", capacityGuards: false });
  for (const [name, props] of Object.entries(services)) {
    new Ec2Service(stack, name, { cluster: stack, image: "web:1", containerPort: 80, paths: ["/*"], ...props });
  }
  return stack;
};
const DAEMON = { daemon: true };
const GAP = ["aws_ecs_service web", "route ecs-alb:80 /*"];

describeTerraform("a service that becomes a daemon, or no longer is one", (lab) => {
  it("is replaced in one apply, with a gap", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(shop({ web: {} }));
    const there = await state.apply(shop({ web: DAEMON }));
    expect(there).toMatchObject({ replaced: ["aws_ecs_service.web"], missing: GAP, lost: [], rejected: [] });
    const back = await state.apply(shop({ web: {} }));
    expect(back).toMatchObject({ replaced: ["aws_ecs_service.web"], missing: GAP, lost: [], rejected: [] });
  });

  it("has no gap when another service replaces it in steps", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const SMOOTH = { replaced: [], missing: [], lost: [], rejected: [] };
    await state.apply(shop({ web: {} }));
    expect(await state.apply(shop({ web: {}, every: { ...DAEMON, priority: 50_000 } }))).toMatchObject(SMOOTH);
    expect(await state.apply(shop({ web: {}, every: { ...DAEMON, priority: 1 } }))).toMatchObject(SMOOTH);
    expect(await state.apply(shop({ every: { ...DAEMON, priority: 1 } }))).toMatchObject(SMOOTH);
    expect(await state.apply(shop({ every: DAEMON }))).toMatchObject(SMOOTH);
  });
});

describeTerraform("a service's own task definition that becomes a TaskDefinition", (lab) => {
  const shared = (name: string) => () => {
    const stack = shop({})();
    const containers = [{ name: "web", image: "web:1" }];
    const taskDefinition = new TaskDefinition(stack, "task", { cluster: stack, name, containers });
    new Ec2Service(stack, "web", { cluster: stack, taskDefinition });
    return stack;
  };

  it("needs another name, because the log group of the same name exists", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(shop({ web: { containerPort: undefined, paths: undefined } }));
    await state.expectFailure(shared("web"), "ResourceAlreadyExistsException");
    expect(await state.apply(shared("site"))).toMatchObject({ missing: [], lost: [], rejected: [] });
  });
});
