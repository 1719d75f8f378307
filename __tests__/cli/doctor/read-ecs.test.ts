import { ECSClient } from "@aws-sdk/client-ecs";
import { readServices, readTasks } from "../../../cli/doctor/aws/read-ecs";

/** Returns a client that answers each command by its name. */
function clientOf(answers: Readonly<Record<string, object>>): ECSClient {
  const send = async (command: object) => answers[command.constructor.name] ?? {};
  return Object.assign(new ECSClient({ region: "eu-west-1" }), { send });
}

describe("the facts of tasks in awsvpc mode", () => {
  it("are the address of a task", async () => {
    const task = (attachments: object[]) => ({ taskArn: "arn/t1", group: "service:web", attachments });
    const eni = { type: "eni", details: [{ name: "subnetId" }, { name: "privateIPv4Address", value: "10.0.0.7" }] };
    const client = clientOf({
      ListTasksCommand: { taskArns: ["a", "b"] },
      DescribeTasksCommand: { tasks: [task([eni]), task([])] },
    });
    const tasks = await readTasks(client, "ecs", "RUNNING", new Map());
    expect(tasks.map(({ address }) => address)).toEqual(["10.0.0.7", undefined]);
  });

  it("are the security groups and the ports of a service", async () => {
    const loadBalancers = [{ containerPort: 3000 }, { containerPort: 3000 }, {}];
    const awsvpcConfiguration = { subnets: [], securityGroups: ["sg-2", "sg-1"] };
    const services = [
      { serviceName: "a", loadBalancers, networkConfiguration: { awsvpcConfiguration } },
      { serviceName: "b", loadBalancers },
    ];
    const client = clientOf({
      ListServicesCommand: { serviceArns: ["a", "b"] },
      DescribeServicesCommand: { services },
    });
    const found = await readServices(client, "ecs");
    expect(found.map(({ network }) => network)).toEqual([
      { securityGroupIds: ["sg-1", "sg-2"], ports: [3000] },
      undefined,
    ]);
  });
});
