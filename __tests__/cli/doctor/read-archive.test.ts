import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { readArchive } from "../../../cli/doctor/aws/read-archive";

const NOW = new Date("2026-01-02T12:00:00Z");
const event = (detail: object) => ({ message: JSON.stringify({ "detail-type": "ECS Task State Change", detail }) });
const task = (id: string, group: string) => ({
  taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/ecs/${id}`,
  ...{ group, stopCode: "TaskFailedToStart", stoppedReason: "no image" },
  containers: [{ name: "web", exitCode: 1 }],
});

/** Returns a client that answers with pages of events, and the inputs that it received. */
function clientOf(...pages: (object | Error)[]) {
  const inputs: object[] = [];
  const send = async ({ input }: { input: object }) => {
    inputs.push({ ...input });
    const page = pages[inputs.length - 1];
    if (page instanceof Error) throw page;
    return page ?? {};
  };
  return { client: Object.assign(new CloudWatchLogsClient({ region: "eu-west-1" }), { send }), inputs };
}

describe("the archive of events", () => {
  it("has the tasks that failed in the last day, newest first", async () => {
    const first = { events: [event(task("a", "service:web")), { message: "no JSON" }, event({})], nextToken: "more" };
    const { client, inputs } = clientOf(first, { events: [event(task("b", "family:job"))] });
    const tasks = await readArchive(client, "ecs", NOW);
    expect(tasks?.map(({ id, service, stoppedReason }) => [id, service, stoppedReason])).toEqual([
      ["b", undefined, "no image"],
      ["a", "web", "no image"],
    ]);
    expect(tasks?.[0]?.containers).toEqual([{ name: "web", reason: "", exitCode: 1, ports: [] }]);
    expect(inputs[0]).toMatchObject({
      logGroupName: "/aws/events/ecs/ecs",
      startTime: Date.parse("2026-01-01T12:00:00Z"),
      filterPattern: expect.stringContaining('$.detail.stopCode = "EssentialContainerExited"'),
    });
    expect(inputs).toHaveLength(2);
  });

  it("is undefined for a cluster without one, and other errors arrive", async () => {
    const named = (name: string) => Object.assign(new Error(name), { name });
    expect(await readArchive(clientOf(named("ResourceNotFoundException")).client, "ecs", NOW)).toBeUndefined();
    const denied = readArchive(clientOf(named("AccessDeniedException")).client, "ecs", NOW);
    await expect(denied).rejects.toThrow("AccessDeniedException");
  });
});
