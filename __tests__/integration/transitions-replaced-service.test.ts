import { Ec2Service, type Ec2ServiceProps } from "../../src";
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
