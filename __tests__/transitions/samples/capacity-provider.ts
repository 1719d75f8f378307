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
const RANGES = [
  ...["memoryGiBPerVCpu", "networkInterfaceCount", "networkBandwidthGbps", "baselineEbsBandwidthMbps"],
  ...["totalLocalStorageGB", "acceleratorCount", "acceleratorTotalMemoryMiB"],
];
const REQUIREMENTS = {
  bareMetal: "included",
  cpuManufacturers: ["amd"],
  memoryGiBPerVCpu: { min: 2 },
  networkInterfaceCount: { min: 4 },
  networkBandwidthGbps: { min: 10 },
  baselineEbsBandwidthMbps: { min: 2000 },
  localStorage: "required",
  localStorageTypes: ["ssd"],
  totalLocalStorageGB: { min: 100 },
  acceleratorManufacturers: ["nvidia"],
  onDemandMaxPricePercentageOverLowestPrice: 50,
  spotMaxPricePercentageOverLowestPrice: 100,
  maxSpotPriceAsPercentageOfOptimalOnDemandPrice: 60,
  allowedInstanceTypes: ["m*"],
};
const ACCELERATORS = {
  acceleratorCount: { max: 1 },
  acceleratorNames: ["t4"],
  acceleratorTotalMemoryMiB: { min: 16_384 },
};
const maintenance = { minHealthyPercentage: 100, maxHealthyPercentage: 110 };
const reservations = { capacityReservationPreference: "capacity-reservations-first" };
const bottlerocket = { amiFamily: "bottlerocket" };
const setup = { source: "public.ecr.aws/acme/setup:1" };
const pool = { base: "172.80.0.0/16", size: 24 };
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
  "instancesDistribution.spotInstancePools": {
    with: { spot: true, instancesDistribution: { spotAllocationStrategy: "lowest-price" } },
    to: 4,
  },
  "instancesDistribution.spotMaxPrice": { with: { spot: true }, to: "0.05" },
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
  "instanceRefresh.scaleInProtectedInstances": { to: "wait" },
  "instanceRefresh.standbyInstances": { to: "terminate" },
  instanceMaintenancePolicy: { to: maintenance },
  "instanceMaintenancePolicy.minHealthyPercentage": {
    with: { instanceMaintenancePolicy: maintenance },
    from: 100,
    to: 90,
  },
  "instanceMaintenancePolicy.maxHealthyPercentage": {
    with: { instanceMaintenancePolicy: maintenance },
    from: 110,
    to: 120,
  },
  defaultInstanceWarmupSeconds: { to: 120 },
  terminationPolicies: { to: ["OldestLaunchTemplate", "Default"] },
  suspendedProcesses: { to: ["AZRebalance"] },
  capacityDistributionStrategy: { from: "balanced-best-effort", to: "balanced-only" },
  capacityReservationSpecification: {
    from: { capacityReservationPreference: "default" },
    to: { capacityReservationPreference: "none" },
  },
  "capacityReservationSpecification.capacityReservationPreference": {
    from: "capacity-reservations-first",
    to: "capacity-reservations-only",
  },
  "capacityReservationSpecification.capacityReservationIds": {
    with: { capacityReservationSpecification: reservations },
    to: ["cr-0123456789abcdef0"],
  },
  "capacityReservationSpecification.capacityReservationResourceGroupArns": {
    with: { capacityReservationSpecification: reservations },
    to: ["arn:aws:resource-groups:ap-northeast-2:111122223333:group/reserved"],
  },
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
  ami: { to: { name: "golden-*" } },
  "ami.name": { from: "golden-*", to: "hardened-*" },
  "ami.owners": { with: { ami: { name: "golden-*" } }, to: ["111122223333"] },
  "ami.tags": { with: { ami: { name: "golden-*" } }, to: { Stage: "prod" } },
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
  ...Object.fromEntries(
    Object.entries(REQUIREMENTS).map(([name, to]) => [
      `instanceRequirements.${name}`,
      { with: { instanceRequirements: requirements }, to },
    ]),
  ),
  ...Object.fromEntries(
    RANGES.flatMap((name) =>
      (["min", "max"] as const).map((limit) => [
        `instanceRequirements.${name}.${limit}`,
        {
          with: {
            instanceRequirements: {
              ...requirements,
              ...(name.startsWith("accelerator") ? { acceleratorManufacturers: ["nvidia"] } : {}),
              [name]: { min: 2, max: 8 },
            },
          },
          from: limit === "min" ? 2 : 8,
          to: limit === "min" ? 3 : 9,
        },
      ]),
    ),
  ),
  ...Object.fromEntries(
    Object.entries(ACCELERATORS).map(([name, to]) => [
      `instanceRequirements.${name}`,
      { with: { instanceRequirements: { ...requirements, acceleratorManufacturers: ["nvidia"] } }, to },
    ]),
  ),
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
  "bottlerocket.bootstrapContainers": { with: { ...bottlerocket, bottlerocket: {} }, to: { setup } },
  "bottlerocket.bootstrapContainers.*.source": {
    with: { ...bottlerocket, bottlerocket: { bootstrapContainers: { setup } } },
    from: setup.source,
    to: "public.ecr.aws/acme/setup:2",
  },
  "bottlerocket.bootstrapContainers.*.userData": {
    with: { ...bottlerocket, bottlerocket: { bootstrapContainers: { setup } } },
    to: "region=eu-west-1",
  },
  "bottlerocket.bootstrapContainers.*.mode": {
    with: { ...bottlerocket, bottlerocket: { bootstrapContainers: { setup } } },
    to: "always",
  },
  "bottlerocket.bootstrapContainers.*.essential": {
    with: { ...bottlerocket, bottlerocket: { bootstrapContainers: { setup } } },
    to: true,
  },
  "bottlerocket.settings": { with: { ...bottlerocket, bottlerocket: {} }, to: { motd: "Hello" } },
  extraUserData: { to: ["echo hello"] },
  volumes: { to: { data: volume } },
  "volumes.*.sizeGib": { with: { volumes: { data: volume } }, from: 100, to: 200 },
  "volumes.*.mountPath": { with: { volumes: { data: volume } }, from: "/data", to: "/srv" },
  "volumes.*.iops": { with: { volumes: { data: volume } }, to: 4000 },
  "volumes.*.throughputMiBs": { with: { volumes: { data: volume } }, to: 200 },
  docker: { to: { bip: "10.200.0.1/24" } },
  "docker.bip": { to: "10.200.0.1/24" },
  "docker.defaultAddressPools": { to: [pool] },
  "docker.defaultAddressPools[].base": {
    with: { docker: { defaultAddressPools: [pool] } },
    from: pool.base,
    to: "172.81.0.0/16",
  },
  "docker.defaultAddressPools[].size": { with: { docker: { defaultAddressPools: [pool] } }, from: pool.size, to: 26 },
  "docker.httpProxy": { to: "10.0.0.131:3128" },
  "docker.httpsProxy": { to: "10.0.0.131:3128" },
  "docker.noProxy": { with: { docker: { httpsProxy: "10.0.0.131:3128" } }, to: [".example.com"] },
  // With a warm pool, the instance role may complete the lifecycle action.
  prePulledImages: { with: { warmPool: {} }, to: ["public.ecr.aws/docker/library/nginx:1.29"], alone: true },
  detailedMonitoring: { to: true },
  cpuCredits: { from: "unlimited", to: "standard" },
  cpuOptions: { to: { coreCount: 1, threadsPerCore: 1 } },
  "cpuOptions.coreCount": {
    with: { cpuOptions: { threadsPerCore: 1 } },
    from: 1,
    to: 2,
  },
  "cpuOptions.threadsPerCore": { with: { cpuOptions: { coreCount: 1 } }, from: 1, to: 2 },
  tenancy: { to: "dedicated" },
  ebsOptimized: { to: true },
  ipv6AddressCount: { to: 1 },
  instanceMetadataTags: { from: false, to: true },
  httpPutResponseHopLimit: { to: 2 },
  nitroEnclaveEnabled: { to: true },
};

const larger = { values: { instanceTypes: ["m5.xlarge"] } };

/** Changes of the settings in `capacityProviders`. */
export const CAPACITY_PROVIDER_SAMPLES: Samples = {
  "values.instanceTypes": { to: ["t3.medium"] },
  "values.minSize": { to: 2 },
  "values.maxSize": { to: 3 },
  "values.desiredSize": { to: 2 },
  "values.rootVolumeGib": { to: 50 },
  "values.amiVersion": { to: "al2023-ami-ecs-hvm-2023.0.20260101-kernel-6.1-x86_64" },
  "values.amiId": { with: { ami: "existing" }, from: "ami-0123456789abcdef0", to: "ami-0123456789abcdef1" },
  ...CAPACITY_SAMPLES,
  // A t3.small has one core and no enclaves.
  "cpuOptions.coreCount": {
    with: { ...larger, cpuOptions: { threadsPerCore: 1 } },
    from: 1,
    to: 2,
  },
  nitroEnclaveEnabled: { with: larger, to: true },
  agent: { to: { logLevel: "debug" } },
};
