import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, type Finding, found, isRunning, waitsForInstance } from "../check";
import type { GroupFacts } from "../facts";
import { explained, symptomCause } from "../symptom-cause";
import { LAUNCH_CAUSES, launchCause, NO_ROOM } from "./launch-causes";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly groups: readonly GroupFacts[];
  /** The running instances, registered or not. */
  readonly running: readonly string[];
  /** Whether a service runs fewer tasks than it should. */
  readonly tasksWait: boolean;
}

const NO_CAPACITY: Cause = {
  id: "no-capacity-provider",
  title: "The cluster has no capacity provider with an Auto Scaling group, and no registered instance.",
  fix: "Deploy the stack again, which associates its capacity provider with the cluster.",
  explains: [...NO_ROOM],
};
const SCALED_TO_ZERO: Cause = {
  id: "group-at-zero",
  title: "The desired size of an Auto Scaling group is 0 while tasks wait.",
  fix: "Managed scaling starts instances within a few minutes. If it does not, check with the command that its status is ENABLED, or raise min_size.",
  explains: [...NO_ROOM],
};
const MAX_SIZE_ZERO: Cause = {
  id: "group-max-zero",
  title: "The maximum size of an Auto Scaling group is 0 while tasks wait.",
  fix: "Raise max_size and deploy.",
  explains: [...NO_ROOM],
};
const TOO_FEW: Cause = {
  id: "instances-missing",
  title: "An Auto Scaling group has fewer instances than its desired size, and starts none.",
  fix: "Read the last scaling activities.",
  explains: [...NO_ROOM],
};

const SUSPENDED = symptomCause("processes-suspended", ["group-at-zero", "instances-missing", ...NO_ROOM]);
const STANDBY = symptomCause("instance-standby", ["instances-missing", ...NO_ROOM]);

/**
 * The processes without which managed scaling does not work.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
const NEEDED = ["AlarmNotification", "Launch", "Terminate"];

/**
 * The status of a scaling activity that has not ended.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html
 */
const IN_PROGRESS = /^(Pending|WaitingFor|PreInService|InProgress|MidLifecycleAction)/;

/** Checks whether the Auto Scaling groups run as many instances as they should. */
export const instancesCheck: Check<Facts> = {
  id: "instances",
  question: "Are enough instances running?",
  actions: actionsOf("groups", "instances", "services"),
  causes: [NO_CAPACITY, SUSPENDED, STANDBY, MAX_SIZE_ZERO, SCALED_TO_ZERO, ...LAUNCH_CAUSES, TOO_FEW],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    groups: await account.groups(),
    running: (await account.instances()).filter(isRunning).map(({ id }) => id),
    tasksWait: (await account.services()).some(waitsForInstance),
  }),
  decide: ({ region, clusterName, groups, running, tasksWait }) => {
    const notes = groups.map(({ name, minSize, maxSize, desiredSize, instances, suspended = [] }) =>
      [
        `${name}: ${inService(instances)} of ${counted(desiredSize, "instance")} in service`,
        ...[`min_size ${minSize}`, `max_size ${maxSize}`],
        ...(suspended.length > 0 ? [`suspended: ${suspended.join(", ")}`] : []),
      ].join(", "),
    );
    if (groups.length === 0 && running.length === 0) {
      return {
        findings: [
          found(NO_CAPACITY, {
            problem: `The cluster "${clusterName}" has no EC2 capacity.`,
            evidence: ["no capacity provider with an Auto Scaling group, and no registered instance"],
            commands: [],
          }),
        ],
        notes,
      };
    }
    return {
      findings: groups.flatMap((group) => [
        ...suspendedProcesses(group, region),
        ...standby(group, region),
        ...findingsOf(group, tasksWait, region),
      ]),
      notes,
    };
  },
};

const inService = (instances: GroupFacts["instances"]): number =>
  instances.filter(({ lifecycleState }) => lifecycleState === "InService").length;

function suspendedProcesses({ name, suspended = [] }: GroupFacts, region: string): Finding[] {
  const needed = suspended.filter((process) => NEEDED.includes(process));
  if (needed.length === 0) return [];
  return [
    found(SUSPENDED, {
      problem: `The Auto Scaling group ${name} does not run ${needed.join(", ")}.`,
      evidence: [`suspended processes: ${suspended.join(", ")}`],
      commands: [
        command`aws autoscaling resume-processes --region ${region} --auto-scaling-group-name ${name} --scaling-processes ${needed}`,
      ],
      about: { groups: [name] },
    }),
  ];
}

function standby({ name, instances }: GroupFacts, region: string): Finding[] {
  const ids = instances.filter(({ lifecycleState }) => /Standby$/.test(lifecycleState)).map(({ id }) => id);
  if (ids.length === 0) return [];
  return [
    found(STANDBY, {
      problem: `${counted(ids.length, "instance")} of the Auto Scaling group ${name} ${ids.length === 1 ? "is" : "are"} in Standby.`,
      evidence: ids,
      commands: [
        command`aws autoscaling exit-standby --region ${region} --auto-scaling-group-name ${name} --instance-ids ${ids}`,
      ],
      about: { groups: [name] },
    }),
  ];
}

function findingsOf(group: GroupFacts, tasksWait: boolean, region: string): Finding[] {
  const { name, desiredSize, maxSize, instances, activities } = group;
  const running = inService(instances);
  if (desiredSize === 0) {
    if (!tasksWait) return [];
    return [
      found(maxSize === 0 ? MAX_SIZE_ZERO : SCALED_TO_ZERO, {
        problem: `Tasks wait for an instance, and the desired size of the Auto Scaling group ${name} is 0.`,
        evidence: [`desired size 0, max_size ${maxSize}`],
        commands: [
          command`aws ecs describe-capacity-providers --region ${region} --query 'capacityProviders[].autoScalingGroupProvider.managedScaling'`,
        ],
        about: { groups: [name] },
      }),
    ];
  }
  const newest = activities[0];
  const failed = newest?.status === "Failed" || newest?.status === "Cancelled";
  // Starting instances are no problem unless the last launch failed.
  const isStarting = instances.length >= desiredSize || IN_PROGRESS.test(newest?.status ?? "");
  if (running >= desiredSize || (isStarting && !failed)) return [];
  const launch = failed ? launchCause(newest.message) : undefined;
  return [
    found(launch ?? TOO_FEW, {
      ...(launch && { fix: explained(launch) }),
      problem: `The Auto Scaling group ${name} has ${running} of ${counted(desiredSize, "instance")} in service.`,
      evidence: [
        ...instances.map(({ id, lifecycleState }) => `${id} ${lifecycleState}`),
        ...(newest ? [`last scaling activity: ${newest.status}, ${newest.message}`] : ["no scaling activity"]),
      ],
      commands: [
        command`aws autoscaling describe-scaling-activities --region ${region} --auto-scaling-group-name ${name} --max-items 5`,
      ],
      about: { groups: [name] },
    }),
  ];
}
