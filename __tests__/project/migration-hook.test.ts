import { readFileSync } from "node:fs";
import { DescribeTasksCommand, RunTaskCommand } from "@aws-sdk/client-ecs";

type Answer = { readonly hookStatus: string; readonly hookDetails?: Readonly<Record<string, string>> };
type Handler = (event: object) => Promise<Answer>;

const CODE = /^```js\nimport \{.+\} from "@aws-sdk\/client-ecs";\n([\s\S]+?)^```/m.exec(
  readFileSync("docs/jobs.md", "utf8"),
)?.[1];

const STARTED = { cluster: "shop", taskDefinition: "arn:migrate:2", container: "migrate" };
const RUNNING = { ...STARTED, taskArn: "arn:task" };

/** Returns the function of the docs, with a client that returns the tasks, and the calls that the function makes. */
function hook(tasks: readonly object[]): { handler: Handler; calls: [command: unknown, input: object][] } {
  const calls: [command: unknown, input: object][] = [];
  class ECSClient {
    send(command: { readonly input: object }) {
      calls.push([command.constructor, command.input]);
      return Promise.resolve({ tasks });
    }
  }
  const body = (CODE as string).replace("export const handler =", "return");
  const create = new Function("DescribeTasksCommand", "ECSClient", "RunTaskCommand", body);
  return { handler: create(DescribeTasksCommand, ECSClient, RunTaskCommand) as Handler, calls };
}

const stopped = (exitCode?: number) => [
  {
    lastStatus: "STOPPED",
    containers: [
      { name: "log_router", exitCode: 0 },
      { name: "migrate", exitCode },
    ],
  },
];

describe("the Lambda function of docs/jobs.md, which runs a migration", () => {
  it("starts one task at the first call, and remembers it", async () => {
    const { handler, calls } = hook([{ taskArn: "arn:task" }]);
    expect(await handler({ executionId: "e8d5", hookDetails: STARTED })).toEqual({
      hookStatus: "IN_PROGRESS",
      hookDetails: RUNNING,
    });
    const run = {
      cluster: "shop",
      taskDefinition: "arn:migrate:2",
      propagateTags: "TASK_DEFINITION",
      clientToken: "e8d5",
    };
    expect(calls).toEqual([[RunTaskCommand, run]]);
  });

  it("fails the deployment when no task starts", async () => {
    expect(await hook([]).handler({ executionId: "e8d5", hookDetails: STARTED })).toEqual({ hookStatus: "FAILED" });
  });

  it("waits for the task, and starts no other", async () => {
    const { handler, calls } = hook([{ lastStatus: "PROVISIONING" }]);
    expect(await handler({ executionId: "e8d5", hookDetails: RUNNING })).toEqual({
      hookStatus: "IN_PROGRESS",
      hookDetails: RUNNING,
    });
    expect(calls).toEqual([[DescribeTasksCommand, { cluster: "shop", tasks: ["arn:task"] }]]);
  });

  it.each([
    ["SUCCEEDED", "exit code 0", stopped(0)],
    ["FAILED", "exit code 1", stopped(1)],
    ["FAILED", "no exit code, because its container did not start", stopped()],
  ])("returns %s for %s", async (hookStatus, _, tasks) => {
    expect(await hook(tasks).handler({ executionId: "e8d5", hookDetails: RUNNING })).toEqual({ hookStatus });
  });
});
