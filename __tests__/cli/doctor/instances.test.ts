import { instancesCheck } from "../../../cli/doctor/checks/instances";
import type { GroupFacts } from "../../../cli/doctor/facts";

const group: GroupFacts = {
  name: "ecs-instances",
  minSize: 1,
  maxSize: 2,
  desiredSize: 2,
  instances: [
    { id: "i-1", lifecycleState: "InService" },
    { id: "i-2", lifecycleState: "InService" },
  ],
  activities: [{ status: "Successful", message: "Launching a new EC2 instance" }],
};
const where = { region: "eu-west-1", clusterName: "ecs" };
const decide = (change: Partial<GroupFacts> = {}, tasksWait = false) =>
  instancesCheck.decide({ ...where, groups: [{ ...group, ...change }], running: ["i-1"], tasksWait });
const launched = (status: string, message: string) => ({ instances: [], activities: [{ status, message }] });

describe("the check of instances", () => {
  it("accepts a group with its desired size, and notes the sizes", () => {
    expect(decide()).toEqual({
      findings: [],
      notes: ["ecs-instances: 2 of 2 instances in service, min_size 1, max_size 2"],
    });
  });

  it("accepts suspended processes that managed scaling does not need, and notes them", () => {
    const suspended = ["AZRebalance", "HealthCheck", "InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions"];
    expect(decide({ suspended })).toEqual({
      findings: [],
      notes: [`ecs-instances: 2 of 2 instances in service, min_size 1, max_size 2, suspended: ${suspended.join(", ")}`],
    });
  });

  it("reports missing instances only if none is starting or the last launch failed", () => {
    const instances = [...group.instances.slice(0, 1), { id: "i-3", lifecycleState: "Pending" }];
    expect(decide({ instances }).findings).toEqual([]);
    const activities = [{ status: "Failed", message: "no" }];
    expect(decide({ instances, activities }).findings).toHaveLength(1);
    // An earlier failure is no problem if the group has its desired size.
    expect(decide({ activities }).findings).toEqual([]);
  });

  it.each(["PreInService", "InProgress", "WaitingForSpotInstanceId"])(
    "accepts missing instances while the last activity is %s",
    (status) => {
      expect(decide(launched(status, "Launching")).findings).toEqual([]);
    },
  );

  it.each([
    ["InsufficientInstanceCapacity", /Add types of the same architecture to instance_types/],
    ["We currently do not have sufficient t3.small capacity in the Availability Zone", /no capacity for these types/],
    ["You have requested more vCPU capacity than your current vCPU limit", /quota/],
    [
      "Your requested instance type (t2.micro) is not supported in your requested Availability Zone",
      /zone does not offer/,
    ],
    ["Client.InternalError: Client error on launch", /AWSServiceRoleForAutoScaling/],
    [
      "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state",
      /AWSServiceRoleForAutoScaling/,
    ],
    ["The key pair 'ecs-1' does not exist", /key_name/],
    ["The image id '[ami-1]' does not exist", /ami_version/],
    ["You are not authorized to perform this operation.", /The message names it/],
    ["Something new", /^Read the last scaling activities\.$/],
  ])("gives the fix for %j", (message, fix) => {
    const [finding] = decide(launched("Failed", message)).findings;
    expect(finding?.problem).toBe("The Auto Scaling group ecs-instances has 0 of 2 instances in service.");
    expect(finding?.evidence).toEqual([`last scaling activity: Failed, ${message}`]);
    expect(finding?.fix).toMatch(fix);
    expect(finding?.commands).toEqual([
      "aws autoscaling describe-scaling-activities --region eu-west-1 --auto-scaling-group-name ecs-instances --max-items 5",
    ]);
  });

  it("ignores the message of a successful launch", () => {
    expect(decide(launched("Successful", "There was sufficient capacity")).findings[0]?.fix).toMatch(/^Read the last/);
  });

  it("reports a group of desired size 0 only if tasks wait", () => {
    const none = { desiredSize: 0, instances: [], minSize: 0 };
    expect(decide(none).findings).toEqual([]);
    expect(decide(none, true).findings[0]?.problem).toBe(
      "Tasks wait for an instance, and the desired size of the Auto Scaling group ecs-instances is 0.",
    );
    expect(decide({ ...none, maxSize: 0 }, true).findings[0]?.fix).toBe("Raise max_size and deploy.");
  });

  it("reports a cluster without a group and without an instance", () => {
    const nothing = { ...where, groups: [], tasksWait: false };
    expect(instancesCheck.decide({ ...nothing, running: [] }).findings).toHaveLength(1);
    expect(instancesCheck.decide({ ...nothing, running: ["i-1"] }).findings).toEqual([]);
  });
});
