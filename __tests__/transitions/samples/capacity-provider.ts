import type { Samples } from "../area";

const scaling = { managedScaling: {} };
const night = { recurrence: "0 20 * * *", maxSize: 1 };
const hook = { transition: "terminating" } as const;
const topic = {
  notificationTargetArn: "arn:aws:sns:ap-northeast-2:111122223333:hooks",
  roleArn: "arn:aws:iam::111122223333:role/hooks",
};
const checkpoints = { instanceRefresh: { checkpointPercentages: [50, 100] } };
const requirements = { vCpuCount: { min: 2 }, memoryMiB: { min: 2048 } };
const bottlerocket = { amiFamily: "bottlerocket" };
const volume = { sizeGib: 100, mountPath: "/data" };
const partitions = { placementGroup: "partition" };

/** Changes of the settings of each capacity provider. The settings of `main` at the top level are the same. */
export const CAPACITY_SAMPLES: Samples = {
  // AWS deletes a placement group only after its instances.
  placementGroup: { to: "spread", backApplies: 2 },
  partitionCount: { with: partitions, to: 3, applies: 2, backApplies: 2 },
  spot: { to: true },
  instancesDistribution: { to: { onDemandPercentageAboveBaseCapacity: 50 } },
  "instancesDistribution.onDemandBaseCapacity": { to: 1 },
  "instancesDistribution.onDemandPercentageAboveBaseCapacity": { to: 50 },
  "instancesDistribution.onDemandAllocationStrategy": { to: "lowest-price" },
  "instancesDistribution.spotAllocationStrategy": { with: { spot: true }, to: "capacity-optimized" },
  capacityRebalance: { to: true },
  managedScaling: { to: { maximumStepSize: 2 } },
  "managedScaling.instanceWarmupSeconds": { with: scaling, to: 60 },
  "managedScaling.minimumStepSize": { with: scaling, to: 2 },
  "managedScaling.maximumStepSize": { with: scaling, to: 2 },
  targetCapacity: { to: 80 },
  terminationProtection: { to: true },
  instanceRefresh: { to: false },
  "instanceRefresh.minHealthyPercentage": { to: 90 },
  "instanceRefresh.maxHealthyPercentage": { to: 120 },
  "instanceRefresh.instanceWarmupSeconds": { to: 60 },
  "instanceRefresh.checkpointPercentages": { to: [50, 100] },
  "instanceRefresh.checkpointDelaySeconds": { with: checkpoints, to: 600 },
  "instanceRefresh.autoRollback": { to: true },
  "instanceRefresh.alarms": { to: ["errors"] },
  "instanceRefresh.skipMatching": { to: true },
  maxInstanceLifetimeDays: { to: 30 },
  schedules: { to: { night } },
  "schedules.*.recurrence": { with: { schedules: { night } }, from: "0 20 * * *", to: "0 21 * * *" },
  "schedules.*.timeZone": { with: { schedules: { night } }, to: "Asia/Seoul" },
  "schedules.*.minSize": { with: { schedules: { night } }, to: 1 },
  "schedules.*.maxSize": { with: { schedules: { night } }, from: 1, to: 2 },
  "schedules.*.desiredSize": { with: { schedules: { night } }, to: 1 },
  warmPool: { to: {} },
  "warmPool.minSize": { with: { warmPool: {} }, to: 1 },
  "warmPool.maxPreparedCapacity": { with: { warmPool: {} }, to: 3 },
  "warmPool.state": { with: { warmPool: {} }, to: "running" },
  lifecycleHooks: { to: { copy: hook } },
  "lifecycleHooks.*.transition": { with: { lifecycleHooks: { copy: hook } }, from: "terminating", to: "launching" },
  "lifecycleHooks.*.heartbeatTimeoutSeconds": { with: { lifecycleHooks: { copy: hook } }, to: 300 },
  "lifecycleHooks.*.defaultResult": { with: { lifecycleHooks: { copy: hook } }, to: "continue" },
  "lifecycleHooks.*.notificationTargetArn": {
    with: { lifecycleHooks: { copy: { ...hook, ...topic } } },
    from: topic.notificationTargetArn,
    to: "arn:aws:sqs:ap-northeast-2:111122223333:hooks",
  },
  "lifecycleHooks.*.roleArn": {
    with: { lifecycleHooks: { copy: { ...hook, ...topic } } },
    from: topic.roleArn,
    to: "arn:aws:iam::111122223333:role/others",
  },
  "lifecycleHooks.*.notificationMetadata": { with: { lifecycleHooks: { copy: { ...hook, ...topic } } }, to: "copy" },
  amiFamily: { to: "amazon-linux-2" },
  instanceRequirements: { to: requirements },
  "instanceRequirements.vCpuCount": {
    with: { instanceRequirements: requirements },
    from: { min: 2 },
    to: { min: 2, max: 4 },
  },
  "instanceRequirements.vCpuCount.min": { with: { instanceRequirements: requirements }, from: 2, to: 4 },
  "instanceRequirements.vCpuCount.max": { with: { instanceRequirements: requirements }, to: 4 },
  "instanceRequirements.memoryMiB": {
    with: { instanceRequirements: requirements },
    from: { min: 2048 },
    to: { min: 2048, max: 8192 },
  },
  "instanceRequirements.memoryMiB.min": { with: { instanceRequirements: requirements }, from: 2048, to: 4096 },
  "instanceRequirements.memoryMiB.max": { with: { instanceRequirements: requirements }, to: 8192 },
  "instanceRequirements.architecture": { with: { instanceRequirements: requirements }, to: "arm64" },
  "instanceRequirements.instanceGenerations": {
    with: { instanceRequirements: requirements },
    to: ["current", "previous"],
  },
  "instanceRequirements.burstablePerformance": { with: { instanceRequirements: requirements }, to: "included" },
  "instanceRequirements.excludedInstanceTypes": { with: { instanceRequirements: requirements }, to: ["m5.*"] },
  "agent.imagePullBehavior": { to: "once" },
  "agent.taskCleanupWaitSeconds": { to: 600 },
  "agent.containerStopTimeoutSeconds": { to: 60 },
  "agent.logLevel": { to: "debug" },
  "agent.reservedMemoryMiB": { to: 128 },
  "agent.warmPoolsCheck": { to: true },
  "agent.instanceAttributes": { to: { disk: "fast" } },
  "agent.logDrivers": { to: ["gelf"] },
  "agent.variables": { to: { ECS_ENABLE_CONTAINER_METADATA: "true" } },
  bottlerocket: { with: bottlerocket, to: { adminContainer: false } },
  "bottlerocket.adminContainer": { with: { ...bottlerocket, bottlerocket: {} }, to: false },
  "bottlerocket.settings": { with: { ...bottlerocket, bottlerocket: {} }, to: { motd: "Hello" } },
  extraUserData: { to: ["echo hello"] },
  volumes: { to: { data: volume } },
  "volumes.*.sizeGib": { with: { volumes: { data: volume } }, from: 100, to: 200 },
  "volumes.*.mountPath": { with: { volumes: { data: volume } }, from: "/data", to: "/srv" },
  "volumes.*.iops": { with: { volumes: { data: volume } }, to: 4000 },
  "volumes.*.throughputMiBs": { with: { volumes: { data: volume } }, to: 200 },
  detailedMonitoring: { to: true },
};

/** Changes of the settings in `capacityProviders`. */
export const CAPACITY_PROVIDER_SAMPLES: Samples = {
  "values.instanceTypes": { to: ["t3.medium"] },
  "values.minSize": { to: 2 },
  "values.maxSize": { to: 3 },
  "values.desiredSize": { to: 2 },
  "values.rootVolumeGib": { to: 50 },
  "values.amiVersion": { to: "al2023-ami-ecs-hvm-2023.0.20260101-kernel-6.1-x86_64" },
  ...CAPACITY_SAMPLES,
  agent: { to: { logLevel: "debug" } },
};
