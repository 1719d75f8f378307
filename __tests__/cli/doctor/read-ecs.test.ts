import { ECSClient } from "@aws-sdk/client-ecs";
import { readServices, readTasks } from "../../../cli/doctor/aws/read-ecs";

/** Returns a client that answers each command by its name. */
function clientOf(answers: Readonly<Record<string, object>>): ECSClient {
  const send = async (command: object) => answers[command.constructor.name] ?? {};
  return Object.assign(new ECSClient({ region: "eu-west-1" }), { send });
}

const NOW = new Date("2026-01-01T12:00:00Z");

describe("the facts of a service with a deployment strategy", () => {
  const read = async (service: object) => {
    const client = clientOf({
      ListServicesCommand: { serviceArns: ["a"] },
      DescribeServicesCommand: { services: [service] },
    });
    return (await readServices(client, "ecs", NOW))[0];
  };

  it("are both target groups, and the minutes that it takes by its settings", async () => {
    const loadBalancers = [{ targetGroupArn: "blue", advancedConfiguration: { alternateTargetGroupArn: "green" } }];
    const found = await read({
      loadBalancers,
      deploymentConfiguration: {
        strategy: "LINEAR",
        bakeTimeInMinutes: 5,
        linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 10 },
      },
      deployments: [{ createdAt: new Date("2026-01-01T11:00:00Z") }],
    });
    expect(found?.targetGroupArns).toEqual(["blue", "green"]);
    expect(found?.alternates).toEqual({ blue: "green", green: "blue" });
    expect(found?.strategy).toEqual({ name: "LINEAR", minutes: 35 });
    expect(found?.deployments[0]?.minutesOld).toBe(60);
  });

  it.each([
    [{ strategy: "BLUE_GREEN", bakeTimeInMinutes: 10 }, 10],
    [{ strategy: "CANARY", bakeTimeInMinutes: 10, canaryConfiguration: { canaryBakeTimeInMinutes: 3 } }, 13],
    [{ strategy: "ROLLING" }, undefined],
    [{}, undefined],
  ])("are of %j: %s minutes", async (deploymentConfiguration, minutes) => {
    const found = await read({ deploymentConfiguration, loadBalancers: [{ targetGroupArn: "only" }] });
    expect([found?.strategy?.minutes, found?.alternates]).toEqual([minutes, undefined]);
  });
});

describe("the facts of tasks in awsvpc mode", () => {
  it("are the address of a task", async () => {
    const task = (attachments: object[]) => ({ taskArn: "arn/t1", group: "service:web", attachments });
    const eni = { type: "eni", details: [{ name: "subnetId" }, { name: "privateIPv4Address", value: "10.0.0.7" }] };
    const client = clientOf({
      ListTasksCommand: { taskArns: ["a", "b"] },
      DescribeTasksCommand: { tasks: [task([eni]), task([])] },
    });
    const tasks = await readTasks(client, "ecs", "RUNNING", new Map(), new Date());
    expect(tasks.map(({ address }) => address)).toEqual(["10.0.0.7", undefined]);
  });

  it("are the security groups and the ports of a service", async () => {
    const loadBalancers = [{ containerPort: 3000 }, { containerPort: 3000 }, {}];
    const awsvpcConfiguration = { subnets: ["subnet-1"], securityGroups: ["sg-2", "sg-1"] };
    const services = [
      { serviceName: "a", loadBalancers, networkConfiguration: { awsvpcConfiguration } },
      { serviceName: "b", loadBalancers },
    ];
    const client = clientOf({
      ListServicesCommand: { serviceArns: ["a", "b"] },
      DescribeServicesCommand: { services },
    });
    const found = await readServices(client, "ecs", NOW);
    expect(found.map(({ network }) => network)).toEqual([
      { securityGroupIds: ["sg-1", "sg-2"], ports: [3000], subnetIds: ["subnet-1"] },
      undefined,
    ]);
  });
});
