import type { Account } from "../../../cli/doctor/facts";
import { type ClusterStatus, isSettled, readStatus } from "../../../cli/status/read-status";
import { statusJson, statusText } from "../../../cli/status/status-text";

const STATUS: ClusterStatus = {
  ...{ cluster: "shop", region: "eu-west-1", account: "111122223333", state: "ACTIVE" },
  services: [
    { name: "web", desired: 2, running: 2, pending: 0, deployment: "COMPLETED", events: ["(service web) is steady."] },
    { name: "search-api", desired: 1, running: 0, pending: 1, deployment: "IN_PROGRESS, 3 failed tasks", events: [] },
  ],
  groups: [{ name: "shop-instances", min: 1, max: 4, desired: 2 }],
  instances: [{ id: "i-1", zone: "eu-west-1a", state: "running", agent: "connected", tasks: 3 }],
};

describe("the status of a cluster", () => {
  it("is tables in the terminal", () => {
    expect(statusText(STATUS)).toBe(`ECS cluster "shop" in eu-west-1, account 111122223333: ACTIVE

SERVICE     DESIRED  RUNNING  PENDING  DEPLOYMENT
web         2        2        0        COMPLETED
search-api  1        0        1        IN_PROGRESS, 3 failed tasks

AUTO SCALING GROUP  MIN  DESIRED  MAX
shop-instances      1    2        4

INSTANCE  ZONE        STATE    AGENT      TASKS
i-1       eu-west-1a  running  connected  3

SERVICE  LAST EVENTS
web      (service web) is steady.
`);
  });

  it("says what does not exist, and prints no escape sequences of containers", () => {
    const text = statusText({
      ...STATUS,
      services: [{ ...(STATUS.services[0] as object), deployment: "\u001b[31mred" } as never],
      instances: [],
    });
    expect(text).toContain("\nINSTANCE: none\n");
    expect(text).toContain("[31mred");
    expect(text).not.toContain("\u001b");
  });

  it("is JSON with a version", () => {
    expect(JSON.parse(statusJson(STATUS))).toEqual({ version: 1, ...STATUS });
  });

  it.each<[boolean, string, Partial<ClusterStatus>]>([
    [true, "each service runs its tasks", { services: STATUS.services.slice(0, 1) }],
    [false, "tasks are missing", {}],
    [false, "the cluster is deleted", { state: "INACTIVE", services: [], instances: [] }],
    [
      false,
      "a deployment failed",
      { services: [{ ...(STATUS.services[0] as ClusterStatus["services"][0]), deployment: "FAILED: x" }] },
    ],
    [
      false,
      "an agent is not connected",
      {
        services: [],
        instances: [{ ...(STATUS.instances[0] as ClusterStatus["instances"][0]), agent: "not connected" }],
      },
    ],
    [
      true,
      "an instance leaves",
      {
        services: [],
        instances: [
          { ...(STATUS.instances[0] as ClusterStatus["instances"][0]), agent: "not registered", state: "leaving" },
        ],
      },
    ],
  ])("is settled (%s) when %s", (settled, _, change) => {
    expect(isSettled({ ...STATUS, ...change })).toBe(settled);
  });

  it("has the last deployment, the agents and the tasks of instances", async () => {
    const account = {
      ...{ clusterName: "shop", region: "eu-west-1", accountId: async () => "111122223333" },
      cluster: async () => ({ arn: "", name: "shop", status: "ACTIVE", capacityProviders: [] }),
      services: async () => [
        {
          ...{ name: "web", desired: 1, running: 0, pending: 0, targetGroupArns: [], events: ["d", "c", "b", "a"] },
          deployments: [
            { id: "2", rolloutState: "FAILED", reason: "tasks failed to start", failedTasks: 1 },
            { id: "1", rolloutState: "COMPLETED", reason: "", failedTasks: 0 },
          ],
        },
        { name: "new", desired: 0, running: 0, pending: 0, targetGroupArns: [], events: [], deployments: [] },
      ],
      groups: async () => [],
      instances: async () => [
        { id: "i-1", zone: "a", state: "running" },
        { id: "i-2", zone: "b", state: "running" },
        { id: "i-3", zone: "b", state: "pending" },
      ],
      containerInstances: async () => [
        { instanceId: "i-1", agentConnected: true, status: "DRAINING" },
        { instanceId: "i-2", agentConnected: false, status: "ACTIVE" },
      ],
      tasks: async () => [{ instanceId: "i-1" }, { instanceId: "i-1" }, { instanceId: "i-2" }],
    } as unknown as Account;
    const status = await readStatus(account);
    expect(status?.services.map(({ deployment, events }) => [deployment, events])).toEqual([
      ["FAILED, 1 failed task: tasks failed to start", ["d", "c", "b"]],
      ["none", []],
    ]);
    expect(status?.instances).toEqual([
      { id: "i-1", zone: "a", state: "running", agent: "connected, draining", tasks: 2 },
      { id: "i-2", zone: "b", state: "running", agent: "not connected", tasks: 1 },
      { id: "i-3", zone: "b", state: "pending", agent: "not registered", tasks: 0 },
    ]);
    expect(await readStatus({ ...account, cluster: async () => undefined })).toBeUndefined();
  });
});
