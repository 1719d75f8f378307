import { balancersCheck } from "../../../cli/doctor/checks/balancers";
import { providersCheck } from "../../../cli/doctor/checks/providers";
import type { ProviderFacts, ServiceFacts } from "../../../cli/doctor/facts";
import { SAMPLE } from "../../support/fake-account";

const provider: ProviderFacts = {
  ...{ name: "cp-ecs", group: "ecs-instances", managedScaling: "ENABLED" },
  ...{ updateStatus: "UPDATE_COMPLETE", updateReason: "" },
};
const service = (change: Partial<ServiceFacts>): ServiceFacts => ({
  ...{ name: "web", desired: 2, running: 2, pending: 0, targetGroupArns: [], events: [], deployments: [] },
  ...change,
});

describe("the check of capacity providers", () => {
  const decide = async (providers: readonly ProviderFacts[], ...services: ServiceFacts[]) => {
    const groups = await SAMPLE.groups();
    const registered = await SAMPLE.containerInstances();
    return providersCheck.decide({
      ...{ region: "eu-west-1", clusterName: "ecs", providers, groups, services, registered },
    });
  };

  it("accepts one that scales its group, and notes managed scaling", async () => {
    expect(await decide([provider], service({ providers: ["cp-ecs", "FARGATE_SPOT"] }))).toEqual({
      findings: [],
      notes: ["cp-ecs: managed scaling ENABLED"],
    });
  });

  it("accepts one without managed scaling, such as one of your own, unless its tasks wait", async () => {
    const own = { ...provider, managedScaling: "DISABLED" };
    const waiting = service({ running: 1, providers: ["cp-ecs"] });
    const elsewhere = service({ running: 1, providers: ["cp-other"] });
    const problems = async (one: ServiceFacts) => {
      const { findings } = await decide([own, { ...provider, name: "cp-other" }], one);
      return findings.map(({ cause }) => cause.id);
    };
    expect(await problems(service({}))).toEqual([]);
    expect(await problems(elsewhere)).toEqual([]);
    expect(await problems(waiting)).toEqual(["managed-scaling-disabled"]);
    // Tasks that fail need no instance, unless ECS cannot place the next one.
    const deployments = [{ id: "1", rolloutState: "IN_PROGRESS", reason: "", failedTasks: 3 }];
    const failing = { running: 1, providers: ["cp-ecs"], deployments };
    expect(await problems(service(failing))).toEqual([]);
    expect(await problems(service({ ...failing, pending: 1 }))).toEqual(["managed-scaling-disabled"]);
    const unplaced = ["(service web) was unable to place a task because no container instance met its requirements."];
    expect(await problems(service({ ...failing, events: unplaced }))).toEqual(["managed-scaling-disabled"]);
    expect((await decide([own], waiting)).findings[0]?.commands).toEqual([
      'aws ecs update-capacity-provider --region eu-west-1 --name cp-ecs --auto-scaling-group-provider "managedScaling={status=ENABLED}"',
    ]);
  });

  it("accepts a detached one that only a deleted service and draining instances used", async () => {
    const [instance] = await SAMPLE.containerInstances();
    const problems = (status: string, instanceStatus: string) =>
      providersCheck
        .decide({
          ...{ region: "eu-west-1", clusterName: "ecs", providers: [provider], groups: [] },
          services: [service({ status, providers: ["cp-old"] })],
          registered: instance ? [{ ...instance, status: instanceStatus, provider: "cp-older" }] : [],
        })
        .findings.filter(({ cause }) => cause.id === "provider-detached")
        .map(({ evidence }) => evidence[0]);
    expect(problems("INACTIVE", "DRAINING")).toEqual([]);
    expect(problems("ACTIVE", "DRAINING")).toEqual(["the service web uses it"]);
    expect(problems("DRAINING", "ACTIVE")).toEqual([`${instance?.instanceId} belongs to it`]);
  });

  it("keeps the associated ones in the command that associates another one", async () => {
    const [finding] = (await decide([provider], service({ providers: ["cp-spot"] }))).findings;
    expect(finding?.evidence).toEqual(["the service web uses it"]);
    expect(finding?.commands).toEqual([
      "aws ecs put-cluster-capacity-providers --region eu-west-1 --cluster ecs --capacity-providers cp-ecs cp-spot --default-capacity-provider-strategy capacityProvider=cp-spot,weight=1",
    ]);
  });
});

describe("the check of load balancers", () => {
  it.each(["active", "provisioning"])("accepts one that is %s", async (state) => {
    const balancers = (await SAMPLE.balancers()).map((balancer) => ({ ...balancer, state }));
    expect(balancersCheck.decide({ region: "eu-west-1", balancers })).toEqual({
      findings: [],
      notes: [`ecs-alb: ${state}`],
    });
  });
});
