import type { Check, Finding } from "../check";
import { isRunning } from "../check";
import type { GroupFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly groups: readonly GroupFacts[];
  /** The running instances, registered or not. */
  readonly running: readonly string[];
  readonly tasksWait: boolean;
}

/** What AWS says when it starts no instance, and what to do about it. The first that matches counts. */
const CAUSES: readonly (readonly [words: RegExp, fix: string])[] = [
  [
    /InsufficientInstanceCapacity|sufficient .*capacity/i,
    "AWS is out of these types: add others of the same architecture to instance_types, or wait.",
  ],
  [
    /vcpu|MaxSpotInstanceCountExceeded|InstanceLimitExceeded/i,
    "The account's vCPU quota is used up: raise it in Service Quotas, or stop other instances.",
  ],
  [
    /not supported in your requested Availability Zone|Unsupported/i,
    "The zone doesn't offer the type: npm run deploy leaves such zones out; or choose other instance_types.",
  ],
  [
    /KMS|InternalError|InvalidKmsKey|encrypted/i,
    "The volumes' key must admit AWSServiceRoleForAutoScaling: add it to the key's policy.",
  ],
  [/key ?pair/i, "The key pair is gone: npm run deploy makes it again; with keyPair: existing, set key_name."],
  [/image|AMI/i, "The AMI is gone: set ami_version to recommended and deploy."],
  [
    /not authorized|AccessDenied|UnauthorizedOperation/i,
    "Auto Scaling may not launch: read the message, it names the right.",
  ],
];

/** An activity that hasn't ended. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html */
const UNDER_WAY = /^(Pending|WaitingFor|PreInService|InProgress|MidLifecycleAction)/;

/** Are instances running? */
export const instancesCheck: Check<Facts> = {
  id: "instances",
  question: "Are instances running?",
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
        `${name}: ${inService(instances)} of ${desiredSize} in service, min_size ${minSize}, max_size ${maxSize}`,
    );
    if (groups.length === 0 && running.length === 0) {
      return {
        findings: [
          {
            problem: `The cluster "${clusterName}" has no EC2 capacity.`,
            evidence: ["no capacity provider with an auto scaling group, and no registered instance"],
            fix: "Associate a capacity provider with the cluster: npm run deploy does.",
            commands: [],
          },
        ],
        notes,
      };
    }
    return { findings: groups.flatMap((group) => mistakesOf(group, tasksWait, region)), notes };
  },
};

const inService = (instances: GroupFacts["instances"]): number =>
  instances.filter(({ lifecycleState }) => lifecycleState === "InService").length;

function mistakesOf(group: GroupFacts, tasksWait: boolean, region: string): Finding[] {
  const { name, desiredSize, maxSize, instances, activities } = group;
  const there = inService(instances);
  if (desiredSize === 0) {
    if (!tasksWait) return [];
    return [
      {
        problem: `Tasks wait, and the auto scaling group ${name} wants no instance.`,
        evidence: [`desired 0, max_size ${maxSize}`],
        fix:
          maxSize === 0
            ? "Raise max_size and deploy."
            : "Managed scaling starts instances within some minutes. If it doesn't, its status must be ENABLED; or raise min_size.",
        commands: [
          `aws ecs describe-capacity-providers --region ${region} --query 'capacityProviders[].autoScalingGroupProvider.managedScaling'`,
        ],
      },
    ];
  }
  const newest = activities[0];
  const failed = newest?.status === "Failed" || newest?.status === "Cancelled";
  // Instances that are on their way are no finding, unless the last launch failed.
  const onTheirWay = instances.length >= desiredSize || UNDER_WAY.test(newest?.status ?? "");
  if (there >= desiredSize || (onTheirWay && !failed)) return [];
  return [
    {
      problem: `The auto scaling group ${name} has ${there} of ${desiredSize} instances in service.`,
      evidence: [
        ...instances.map(({ id, lifecycleState }) => `${id} ${lifecycleState}`),
        ...(newest ? [`last activity ${newest.status}: ${newest.message}`] : ["no scaling activity"]),
      ],
      fix: CAUSES.find(([words]) => failed && words.test(newest.message))?.[1] ?? "Read what the group tried last.",
      commands: [
        `aws autoscaling describe-scaling-activities --region ${region} --auto-scaling-group-name ${name} --max-items 5`,
      ],
    },
  ];
}
