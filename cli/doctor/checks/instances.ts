import { type Check, counted, type Finding, isRunning } from "../check";
import type { GroupFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly groups: readonly GroupFacts[];
  /** The running instances, registered or not. */
  readonly running: readonly string[];
  /** Whether a service runs fewer tasks than it should. */
  readonly tasksWait: boolean;
}

/** Messages of AWS when a launch fails, each with its fix. The first match counts. */
const FIXES: readonly (readonly [words: RegExp, fix: string])[] = [
  [
    /InsufficientInstanceCapacity|sufficient .*capacity/i,
    "AWS has no capacity for these instance types. Add other types of the same architecture to instance_types, or wait.",
  ],
  [
    /vcpu|MaxSpotInstanceCountExceeded|InstanceLimitExceeded/i,
    "The account's vCPU quota is used up. Request an increase in Service Quotas, or stop other instances.",
  ],
  [
    /not supported in your requested Availability Zone|Unsupported/i,
    "The Availability Zone does not offer the instance type. Deploy the stack again, which leaves out such zones, or choose other instance_types.",
  ],
  [
    /KMS|InternalError|InvalidKmsKey|encrypted/i,
    "Auto Scaling cannot use the KMS key of the volumes. Add the role AWSServiceRoleForAutoScaling to the key's policy.",
  ],
  [
    /key ?pair/i,
    'The key pair was deleted. Deploy the stack again, which creates it. With keyPair: "existing", set key_name to an existing key pair.',
  ],
  [
    /image|AMI/i,
    "The AMI was deleted. Set ami_version to recommended, or to a newer version, and deploy. If the AMI is your own, set ami_id to another one.",
  ],
  [/not authorized|AccessDenied|UnauthorizedOperation/i, "Auto Scaling lacks a permission. The message names it."],
];

/**
 * The status of a scaling activity that has not ended.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html
 */
const IN_PROGRESS = /^(Pending|WaitingFor|PreInService|InProgress|MidLifecycleAction)/;

/** Checks whether the Auto Scaling groups run as many instances as they should. */
export const instancesCheck: Check<Facts> = {
  id: "instances",
  question: "Are enough instances running?",
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    groups: await account.groups(),
    running: (await account.instances()).filter(isRunning).map(({ id }) => id),
    tasksWait: (await account.services()).some(({ running, desired }) => running < desired),
  }),
  decide: ({ region, clusterName, groups, running, tasksWait }) => {
    const notes = groups.map(
      ({ name, minSize, maxSize, desiredSize, instances }) =>
        `${name}: ${inService(instances)} of ${counted(desiredSize, "instance")} in service, min_size ${minSize}, max_size ${maxSize}`,
    );
    if (groups.length === 0 && running.length === 0) {
      return {
        findings: [
          {
            problem: `The cluster "${clusterName}" has no EC2 capacity.`,
            evidence: ["no capacity provider with an Auto Scaling group, and no registered instance"],
            fix: "Deploy the stack again, which associates its capacity provider with the cluster.",
            commands: [],
          },
        ],
        notes,
      };
    }
    return { findings: groups.flatMap((group) => findingsOf(group, tasksWait, region)), notes };
  },
};

const inService = (instances: GroupFacts["instances"]): number =>
  instances.filter(({ lifecycleState }) => lifecycleState === "InService").length;

function findingsOf(group: GroupFacts, tasksWait: boolean, region: string): Finding[] {
  const { name, desiredSize, maxSize, instances, activities } = group;
  const running = inService(instances);
  if (desiredSize === 0) {
    if (!tasksWait) return [];
    return [
      {
        problem: `Tasks wait for an instance, and the desired size of the Auto Scaling group ${name} is 0.`,
        evidence: [`desired size 0, max_size ${maxSize}`],
        fix:
          maxSize === 0
            ? "Raise max_size and deploy."
            : "Managed scaling starts instances within a few minutes. If it does not, check with the command that its status is ENABLED, or raise min_size.",
        commands: [
          `aws ecs describe-capacity-providers --region ${region} --query 'capacityProviders[].autoScalingGroupProvider.managedScaling'`,
        ],
      },
    ];
  }
  const newest = activities[0];
  const failed = newest?.status === "Failed" || newest?.status === "Cancelled";
  // Starting instances are no problem unless the last launch failed.
  const isStarting = instances.length >= desiredSize || IN_PROGRESS.test(newest?.status ?? "");
  if (running >= desiredSize || (isStarting && !failed)) return [];
  return [
    {
      problem: `The Auto Scaling group ${name} has ${running} of ${counted(desiredSize, "instance")} in service.`,
      evidence: [
        ...instances.map(({ id, lifecycleState }) => `${id} ${lifecycleState}`),
        ...(newest ? [`last scaling activity: ${newest.status}, ${newest.message}`] : ["no scaling activity"]),
      ],
      fix: FIXES.find(([words]) => failed && words.test(newest.message))?.[1] ?? "Read the last scaling activities.",
      commands: [
        `aws autoscaling describe-scaling-activities --region ${region} --auto-scaling-group-name ${name} --max-items 5`,
      ],
    },
  ];
}
