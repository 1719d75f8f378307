import { LogDriver } from "../../../src";
import type { Change, Given, Samples } from "../area";
import { CONTAINER_SAMPLES } from "./container";
import { ROUTE_SAMPLES } from "./route";

const statement = { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::files/*"] };
const sidecar = { name: "side", image: "side:1" };
const scaling = { maxCapacity: 4, cpuPercent: 60 };
const metric = { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" };
const step = { metric, threshold: 1, stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }] };
const night = { schedule: "cron(0 20 ? * * *)", minCapacity: 0 };
const distinct = { type: "distinctInstance" } as const;
const memberOf = { type: "memberOf", expression: "attribute:ecs.instance-type =~ t3.*" } as const;

/** What a policy follows. */
const FOLLOWED: Readonly<Record<string, readonly [from: unknown, to: unknown]>> = {
  metric: [metric, { ...metric, namespace: "Shop" }],
  "metric.namespace": ["AWS/SQS", "Shop"],
  "metric.metricName": ["Visible", "Waiting"],
  "metric.dimensions": [undefined, { QueueName: "jobs" }],
  "metric.statistic": [undefined, "Maximum"],
  "metric.unit": [undefined, "Count"],
};

const hook = {
  hookTargetArn: "arn:aws:lambda:ap-northeast-2:111122223333:function:smoke-test",
  lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
};

/** What the services of the test share. */
export interface Shared {
  readonly fileSystemId: string;
  readonly otherFileSystemId: string;
  readonly namespace: object;
  /** A service that others start after. */
  readonly started: object;
  /** Client secrets of the load balancer at an identity provider. */
  readonly clientSecret: string;
  readonly otherSecret: string;
}

const CACHED = "111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/hub/library/nginx:1";
const FIRE_LENS = { logging: LogDriver.fireLens() };
const mounted = { mountPoints: { "/data": "data" } };
const withVolume = (volume: object) => ({ ...mounted, volumes: { data: volume } });
const efs = ({ fileSystemId }: Shared) => withVolume({ fileSystem: fileSystemId });

const TOPIC = "arn:aws:sns:ap-northeast-2:111122223333:alarms";
const ALARMS = { topicArn: TOPIC };

/** Changes of the settings of `Ec2Service`. */
export const EC2_SERVICE_SAMPLES: Samples = {
  ...CONTAINER_SAMPLES,
  cpu: { variable: "ID_cpu", to: 512 },
  memoryLimitMiB: { with: { memoryLimitMiB: 256 }, variable: "ID_memory_limit_mib", from: 256, to: 512 },
  memoryReservationMiB: {
    with: { memoryLimitMiB: 256, memoryReservationMiB: 64 },
    ...{ variable: "ID_memory_reservation_mib", from: 64, to: 128 },
  },
  containerPort: { from: 80, to: 8080 },
  essential: { with: { sidecars: [sidecar] }, to: false },
  dependsOn: { with: { sidecars: [sidecar] }, to: { side: "START" } },
  links: { with: { sidecars: [sidecar] }, to: ["side"] },
  volumesFrom: { with: { sidecars: [sidecar] }, to: [{ sourceContainer: "side" }] },
  "volumesFrom[].sourceContainer": {
    with: { sidecars: [sidecar, { ...sidecar, name: "other" }], volumesFrom: [{}] },
    from: "side",
    to: "other",
  },
  "volumesFrom[].readOnly": { with: { sidecars: [sidecar], volumesFrom: [{ sourceContainer: "side" }] }, to: true },
  pullThroughCache: {
    with: { image: CACHED },
    to: true,
  },
  logRetentionDays: { variable: "ID_log_retention_days", to: 30 },
  retainLogGroup: { to: true },
  logMode: { to: "blocking" },
  taskRole: { to: "arn:aws:iam::111122223333:role/task" },
  executionRole: { to: "arn:aws:iam::111122223333:role/execution" },
  taskCpu: { to: 512 },
  taskMemoryMiB: { to: 512 },
  runtimePlatform: { to: { cpuArchitecture: "X86_64" } },
  // The instances of the test are of one architecture.
  "runtimePlatform.cpuArchitecture": { with: { capacityGuards: false }, from: "X86_64", to: "ARM64" },
  taskPlacementConstraints: { to: ["attribute:ecs.instance-type =~ t3.*"] },
  enableFaultInjection: { with: { networkMode: "awsvpc" }, to: true },
  tags: { to: { Team: "shop" } },
  logRouter: { with: FIRE_LENS, to: { environment: { LEVEL: "debug" } } },
  "logRouter.containerPort": { with: FIRE_LENS, to: 24224 },
  "logRouter.links": { with: { ...FIRE_LENS, sidecars: [sidecar] }, to: ["side"] },
  "logRouter.essential": { with: FIRE_LENS, to: false },
  "logRouter.dependsOn": { with: { ...FIRE_LENS, sidecars: [sidecar] }, to: { side: "START" } },
  "logRouter.volumesFrom": { with: { ...FIRE_LENS, sidecars: [sidecar] }, to: [{ sourceContainer: "side" }] },
  "logRouter.volumesFrom[].sourceContainer": {
    with: { ...FIRE_LENS, sidecars: [sidecar, { ...sidecar, name: "two" }], logRouter: { volumesFrom: [{}] } },
    from: "side",
    to: "two",
  },
  "logRouter.volumesFrom[].readOnly": {
    with: { ...FIRE_LENS, sidecars: [sidecar], logRouter: { volumesFrom: [{ sourceContainer: "side" }] } },
    to: true,
  },
  "logRouter.pullThroughCache": { with: { ...FIRE_LENS, logRouter: { image: CACHED } }, to: true },
  "logRouter.disableNetworking": { never: "The log router needs a network." },
  "logRouter.image": { with: FIRE_LENS, to: "fluent-bit:1" },
  "logRouter.type": { with: { ...FIRE_LENS, logRouter: { image: "router:1" } }, to: "fluentd" },
  "logRouter.configFileType": {
    with: { ...FIRE_LENS, logRouter: { configFileType: "file", configFileValue: "/router.conf" } },
    from: "file",
    to: "s3",
    also: { logRouter: { configFileValue: "arn:aws:s3:::files/router.conf" } },
  },
  "logRouter.configFileValue": {
    with: { ...FIRE_LENS, logRouter: { configFileType: "file" } },
    from: "/router.conf",
    to: "/other.conf",
  },
  "logRouter.enableEcsLogMetadata": { with: FIRE_LENS, to: false },
  taskDefinitionOverrides: { to: { ipc_mode: "task" } },
  enableExecuteCommand: { to: true },
  taskRoleStatements: { to: [statement] },
  "taskRoleStatements[].actions": {
    with: { taskRoleStatements: [statement] },
    from: ["s3:GetObject"],
    to: ["s3:PutObject"],
  },
  "taskRoleStatements[].resources": {
    with: { taskRoleStatements: [statement] },
    from: ["arn:aws:s3:::files/*"],
    to: ["arn:aws:s3:::other/*"],
  },
  taskRolePolicyArns: { to: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
  executionRoleStatements: { to: [statement] },
  "executionRoleStatements[].actions": {
    with: { executionRoleStatements: [statement] },
    from: ["s3:GetObject"],
    to: ["s3:PutObject"],
  },
  "executionRoleStatements[].resources": {
    with: { executionRoleStatements: [statement] },
    from: ["arn:aws:s3:::files/*"],
    to: ["arn:aws:s3:::other/*"],
  },
  loadBalancer: { to: "other" },
  "routes.*.loadBalancer": {
    with: { routes: { admin: { paths: ["/routes-balancer"], priority: 9 } } },
    to: "other",
  },
  volumes: { to: { data: { docker: "task" } }, also: mounted },
  "volumes.*.hostPath": { with: withVolume({}), from: "/srv/data", to: "/srv/other" },
  "volumes.*.docker": { with: withVolume({}), from: "task", to: "shared" },
  "volumes.*.docker.scope": { with: withVolume({ docker: {} }), from: "task", to: "shared" },
  "volumes.*.docker.driver": { with: withVolume({ docker: { scope: "shared" } }), to: "plugin" },
  "volumes.*.docker.autoprovision": { with: withVolume({ docker: { scope: "shared" } }), to: false },
  "volumes.*.docker.driverOpts": { with: withVolume({ docker: { scope: "shared" } }), to: { type: "tmpfs" } },
  "volumes.*.docker.labels": { with: withVolume({ docker: { scope: "shared" } }), to: { team: "shop" } },
  "volumes.*.ebs": { with: withVolume({}), from: { sizeGib: 20 }, to: { sizeGib: 20, volumeType: "gp2" } },
  ...ebs("sizeGib", 20, 30),
  ...ebs("snapshotId", "snap-0123456789abcdef0", "snap-0123456789abcdef1"),
  ...ebs("volumeType", undefined, "gp2"),
  ...ebs("iops", undefined, 4000),
  ...ebs("throughput", undefined, 200),
  ...ebs("encrypted", undefined, false),
  ...ebs(
    "encryptionKeyArn",
    undefined,
    "arn:aws:kms:ap-northeast-2:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666",
  ),
  ...ebs("fileSystemType", undefined, "ext4"),
  ...ebs("volumeInitializationRate", undefined, 100, { snapshotId: "snap-0123456789abcdef0" }),
  ...ebs("infrastructureRole", undefined, "arn:aws:iam::111122223333:role/ebs"),
  "volumes.*.rootDirectory": { with: efs, to: "/sub" },
  "volumes.*.transitEncryptionPort": { with: efs, to: 2999 },
  networkMode: { to: "awsvpc" },
  allowInstanceCredentials: { with: { networkMode: "host" }, from: true, to: true },
  subnetIds: { with: { networkMode: "awsvpc" }, to: ["subnet-0123456789abcdef0"] },
  securityGroupIds: { with: { networkMode: "awsvpc" }, to: ["sg-0123456789abcdef0"] },
  pidMode: { to: "task" },
  ipcMode: { to: "task" },
  taskDefinition: { never: "The task definition is another construct, whose settings have their own changes." },
  "volumes.*.fileSystem": {
    with: withVolume({}),
    from: ({ fileSystemId }: Shared) => fileSystemId,
    to: ({ otherFileSystemId }: Shared) => otherFileSystemId,
  },
  "volumes.*.accessPoint": { with: efs, to: "fsap-0123456789abcdef0" },
  "volumes.*.readOnly": { with: withVolume({ hostPath: "/srv" }), to: true },
  keepRevisions: { to: false },
  image: { variable: "ID_image", from: "web:1", to: "web:2" },
  ecrRepository: { to: {} },
  imageParameter: { to: true },
  "ecrRepository.keepImages": { with: { ecrRepository: {} }, to: 10 },
  "ecrRepository.keepUntaggedDays": { with: { ecrRepository: {} }, to: 3 },
  "ecrRepository.forceDelete": { with: { ecrRepository: {} }, to: true },
  paths: { with: { priority: undefined }, from: ["/before/*"], to: ["/after/*", "/later"] },
  hosts: { with: { paths: undefined, priority: undefined }, from: ["before.example.com"], to: ["after.example.com"] },
  ...ROUTE_SAMPLES,
  "healthCheck.port": { with: { networkMode: "awsvpc", portMappings: [{ containerPort: 9090 }] }, to: 9090 },
  "healthCheck.protocol": {
    with: { networkMode: "awsvpc", portMappings: [{ containerPort: 9090 }], healthCheck: { port: 9090 } },
    to: "HTTPS",
  },
  "routes.*.healthCheck.protocol": {
    with: {
      ...{ networkMode: "awsvpc", portMappings: [{ containerPort: 9090 }, { containerPort: 9091 }] },
      routes: { admin: { paths: ["/routes-check-protocol"], containerPort: 9090, healthCheck: { port: 9091 } } },
    },
    to: "HTTPS",
  },
  "routes.*.healthCheck.port": {
    with: {
      ...{ networkMode: "awsvpc", portMappings: [{ containerPort: 9090 }, { containerPort: 9091 }] },
      routes: { admin: { paths: ["/routes-check"], containerPort: 9090 } },
    },
    to: 9091,
  },
  priority: { with: { priority: undefined }, to: 7 },
  cluster: { never: "The cluster is another construct. A service on another cluster is a new service." },
  serviceName: { from: "before", to: "after" },
  listeners: { to: { tcp: { loadBalancer: "edge", port: 443 } } },
  routes: { to: { admin: { paths: ["/admin/*"] } } },
  "routes.*.paths": { from: ["/routes-before"], to: ["/routes-after"] },
  "routes.*.hosts": { from: ["routes-before.example.com"], to: ["routes-after.example.com"] },
  "routes.*.priority": { with: { routes: { admin: { paths: ["/routes-priority"] } } }, to: 8 },
  "routes.*.healthCheck": {
    with: {
      portMappings: [{ containerPort: 9090 }],
      routes: { admin: { paths: ["/routes-health"], containerPort: 9090 } },
    },
    to: { path: "/health" },
  },
  "routes.*.container": {
    with: { sidecars: [{ ...sidecar, containerPort: 9090 }], routes: { admin: { paths: ["/routes-container"] } } },
    to: "side",
  },
  "routes.*.containerPort": {
    with: { portMappings: [{ containerPort: 9090 }], routes: { admin: { paths: ["/routes-port"] } } },
    to: 9090,
  },
  sidecars: { to: [sidecar] },
  ...sizes("sidecars[]", { sidecars: [sidecar] }),
  ...sizes("logRouter", FIRE_LENS),
  "sidecars[].containerPort": { with: { sidecars: [sidecar] }, to: 9090 },
  "sidecars[].essential": { with: { sidecars: [sidecar] }, to: false },
  "sidecars[].dependsOn": { with: { serviceName: "main", sidecars: [sidecar] }, to: { main: "START" } },
  "sidecars[].links": { with: { serviceName: "main-links", sidecars: [sidecar] }, to: ["main-links"] },
  "sidecars[].volumesFrom": {
    with: { serviceName: "main-volumes", sidecars: [sidecar] },
    to: [{ sourceContainer: "main-volumes" }],
  },
  "sidecars[].volumesFrom[].sourceContainer": {
    with: {
      sidecars: [
        { ...sidecar, volumesFrom: [{}] },
        { ...sidecar, name: "one" },
        { ...sidecar, name: "two" },
      ],
    },
    from: "one",
    to: "two",
  },
  "sidecars[].volumesFrom[].readOnly": {
    with: {
      sidecars: [
        { ...sidecar, volumesFrom: [{ sourceContainer: "one" }] },
        { ...sidecar, name: "one" },
      ],
    },
    to: true,
  },
  "sidecars[].pullThroughCache": {
    with: {
      sidecars: [{ ...sidecar, image: CACHED }],
    },
    to: true,
  },
  "sidecars[].name": { with: { sidecars: [sidecar] }, from: "side", to: "other" },
  "sidecars[].image": { with: { sidecars: [sidecar] }, from: "side:1", to: "side:2" },
  "sidecars[].portName": { with: { sidecars: [{ ...sidecar, containerPort: 9090 }] }, to: "metrics" },
  desiredCount: { variable: "ID_desired_count", to: 2 },
  scaling: { to: scaling },
  ignoreDesiredCount: { to: true },
  "scaling.minCapacity": { with: { scaling }, variable: "ID_min_capacity", from: 1, to: 2 },
  "scaling.maxCapacity": { with: { scaling }, variable: "ID_max_capacity", from: 4, to: 6 },
  "scaling.cpuPercent": { with: { scaling }, from: 60, to: 70 },
  "scaling.memoryPercent": { with: { scaling }, to: 70 },
  "scaling.requestsPerTarget": { with: { scaling }, to: 600 },
  "scaling.scaleOutCooldownSeconds": { with: { scaling }, to: 30 },
  "scaling.scaleInCooldownSeconds": { with: { scaling }, to: 600 },
  "scaling.disableScaleIn": { with: { scaling }, to: true },
  "scaling.queue": { with: { scaling }, to: {} },
  "scaling.queue.visibilityTimeoutSeconds": { with: { scaling: { ...scaling, queue: {} } }, to: 60 },
  "scaling.queue.retentionDays": { with: { scaling: { ...scaling, queue: {} } }, to: 4 },
  "scaling.queue.maxReceiveCount": { with: { scaling: { ...scaling, queue: {} } }, to: 5 },
  "scaling.messagesPerTask": { with: { scaling: { ...scaling, queue: {} } }, to: 20 },
  "scaling.targetTracking": { with: { scaling }, to: { jobs: { metric, targetValue: 10 } } },
  ...policy(
    "targetTracking",
    { metric, targetValue: 10 },
    {
      targetValue: [10, 20],
      scaleOutCooldownSeconds: [undefined, 30],
      scaleInCooldownSeconds: [undefined, 600],
      disableScaleIn: [undefined, true],
    },
  ),
  "scaling.stepScaling": { with: { scaling }, to: { jobs: step } },
  ...policy("stepScaling", step, {
    threshold: [1, 5],
    comparisonOperator: [undefined, "GreaterThanThreshold"],
    stepAdjustments: [step.stepAdjustments, [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }]],
    adjustmentType: [undefined, "PercentChangeInCapacity"],
    metricAggregationType: [undefined, "Maximum"],
    cooldownSeconds: [undefined, 60],
    periodSeconds: [undefined, 120],
    evaluationPeriods: [undefined, 3],
    treatMissingData: [undefined, "notBreaching"],
  }),
  "scaling.stepScaling.*.minAdjustmentMagnitude": {
    with: { scaling: { ...scaling, stepScaling: { jobs: { ...step, adjustmentType: "PercentChangeInCapacity" } } } },
    to: 2,
  },
  "scaling.stepScaling.*.datapointsToAlarm": {
    with: { scaling: { ...scaling, stepScaling: { jobs: { ...step, evaluationPeriods: 3 } } } },
    to: 2,
  },
  "scaling.stepScaling.*.stepAdjustments[].metricIntervalLowerBound": {
    with: { scaling: { ...scaling, stepScaling: { jobs: { ...step, stepAdjustments: [{ scalingAdjustment: 1 }] } } } },
    to: 0,
  },
  "scaling.stepScaling.*.stepAdjustments[].metricIntervalUpperBound": {
    with: {
      scaling: {
        ...scaling,
        stepScaling: {
          jobs: { ...step, comparisonOperator: "LessThanThreshold", stepAdjustments: [{ scalingAdjustment: -1 }] },
        },
      },
    },
    to: 0,
  },
  "scaling.stepScaling.*.stepAdjustments[].scalingAdjustment": {
    with: { scaling: { ...scaling, stepScaling: { jobs: { ...step, stepAdjustments: [{}] } } } },
    from: 1,
    to: 2,
  },
  "scaling.schedules": { with: { scaling }, to: { night } },
  ...policy("schedules", night, {
    schedule: [night.schedule, "cron(0 21 ? * * *)"],
    timeZone: [undefined, "Asia/Seoul"],
    minCapacity: [0, 1],
    maxCapacity: [undefined, 3],
  }),
  "scaling.predictiveScaling": {
    with: { scaling },
    to: {
      metric_specification: [
        {
          target_value: "60",
          predefined_metric_pair_specification: [{ predefined_metric_type: "ECSServiceCPUUtilization" }],
        },
      ],
    },
  },
  "scaling.suspendedState.dynamicScalingInSuspended": { with: { scaling }, to: true },
  "scaling.suspendedState.dynamicScalingOutSuspended": { with: { scaling }, to: true },
  "scaling.suspendedState.scheduledScalingSuspended": { with: { scaling }, to: true },
  daemon: { to: true },
  minimumHealthyPercent: { with: { desiredCount: 2 }, to: 100 },
  maximumPercent: { with: { desiredCount: 2 }, to: 150 },
  circuitBreaker: { to: false },
  rollback: { to: false },
  healthCheckGracePeriodSeconds: { to: 120 },
  placementStrategies: { to: [{ type: "random" }] },
  "placementStrategies[].type": { with: { placementStrategies: [{ field: "memory" }] }, from: "binpack", to: "spread" },
  "placementStrategies[].field": { with: { placementStrategies: [{ type: "binpack" }] }, from: "memory", to: "cpu" },
  placementConstraints: { to: [distinct] },
  "placementConstraints[].type": {
    with: { placementConstraints: [{}] },
    from: "distinctInstance",
    to: "distinctInstance",
  },
  "placementConstraints[].expression": {
    with: { placementConstraints: [memberOf] },
    from: memberOf.expression,
    to: "attribute:ecs.instance-type =~ t4g.*",
  },
  capacityProviderStrategies: { to: [{ capacityProvider: "other" }] },
  "capacityProviderStrategies[].capacityProvider": { from: "main", to: "other" },
  "capacityProviderStrategies[].base": { with: { capacityProviderStrategies: [{ capacityProvider: "main" }] }, to: 1 },
  "capacityProviderStrategies[].weight": {
    with: { capacityProviderStrategies: [{ capacityProvider: "main" }] },
    to: 2,
  },
  capacityGuards: { to: false },
  serviceConnect: { to: ({ namespace }: Shared) => ({ namespace }) },
  "serviceConnect.namespace": { from: ({ namespace }: Shared) => namespace, to: "elsewhere" },
  "serviceConnect.logDriver": { with: connected(), to: LogDriver.awsLogs({ logGroup: "/proxies" }) },
  "serviceConnect.services": { with: connected(), to: [{ portMappingName: "metrics" }] },
  "serviceConnect.services[].portMappingName": { with: connected({ services: [{}] }), from: "metrics", to: "other" },
  ...endpoint("serviceConnect", (own) => connected(own)),
  ...endpoint("serviceConnect.services[]", (own) => connected({ services: [{ portMappingName: "metrics", ...own }] })),
  cloudMapOptions: { to: discovered() },
  "cloudMapOptions.cloudMapNamespace": {
    with: { cloudMapOptions: {} },
    from: ({ namespace }: Shared) => namespace,
    to: "arn:aws:servicediscovery:ap-northeast-2:111122223333:namespace/ns-0123456789abcdef",
  },
  "cloudMapOptions.name": { with: inNamespace(), from: "records-before", to: "records-after" },
  "cloudMapOptions.dnsRecordType": {
    with: (shared: Shared) => ({ ...inNamespace()(shared), networkMode: "awsvpc" }),
    to: "SRV",
    rejected: "The type of the DNS records",
  },
  "cloudMapOptions.dnsTtlSeconds": { with: inNamespace(), to: 10 },
  "cloudMapOptions.container": {
    with: (shared: Shared) => ({ ...inNamespace()(shared), sidecars: [{ ...sidecar, containerPort: 9090 }] }),
    to: "side",
  },
  "cloudMapOptions.containerPort": {
    with: (shared: Shared) => ({ ...inNamespace()(shared), portMappings: [{ containerPort: 9090 }] }),
    to: 9090,
  },
  startAfter: { to: ({ started }: Shared) => [started] },
  // A rule and its replacement exist at the same time, so their priorities follow from the paths.
  "deployment.strategy": { with: { networkMode: "awsvpc", priority: undefined }, to: "BLUE_GREEN" },
  "deployment.bakeTimeMinutes": { with: strategy("BLUE_GREEN"), to: 10 },
  "deployment.linearConfiguration.stepPercent": { with: strategy("LINEAR"), to: 20 },
  "deployment.linearConfiguration.stepBakeTimeMinutes": { with: strategy("LINEAR"), to: 2 },
  "deployment.canaryConfiguration.canaryPercent": { with: strategy("CANARY"), to: 10 },
  "deployment.canaryConfiguration.canaryBakeTimeMinutes": { with: strategy("CANARY"), to: 2 },
  "deployment.testRoute": { with: strategy("BLUE_GREEN"), to: { paths: ["/test-route/*"], priority: 20 } },
  "deployment.testRoute.paths": { with: strategy("BLUE_GREEN"), from: ["/test-before/*"], to: ["/test-after/*"] },
  "deployment.testRoute.hosts": { with: strategy("BLUE_GREEN"), from: ["a.example.com"], to: ["b.example.com"] },
  "deployment.testRoute.priority": {
    with: strategy("BLUE_GREEN", { testRoute: { paths: ["/test-priority"] } }),
    to: 21,
  },
  "deployment.testRoute.loadBalancer": {
    with: { ...strategy("BLUE_GREEN", { testRoute: { paths: ["/test-balancer"] } }), loadBalancer: "other" },
    to: "other",
  },
  "deployment.lifecycleHooks": { with: strategy("CANARY"), to: [hook] },
  ...hooks("hookTargetArn", hook.hookTargetArn, `${hook.hookTargetArn}:2`),
  ...hooks("lifecycleStages", hook.lifecycleStages, ["POST_SCALE_UP"]),
  ...hooks("hookDetails", undefined, { path: "/health" }),
  ...hooks("role", undefined, "arn:aws:iam::111122223333:role/hooks"),
  "deployment.alarms": { to: { alarmNames: ["errors"] } },
  "deployment.alarms.alarmNames": { from: ["errors"], to: ["errors", "latency"] },
  "deployment.alarms.enable": { with: { deployment: { alarms: { alarmNames: ["errors"] } } }, to: false },
  "deployment.alarms.rollback": { with: { deployment: { alarms: { alarmNames: ["errors"] } } }, to: false },
  "deployment.infrastructureRole": { with: strategy("LINEAR"), to: "arn:aws:iam::111122223333:role/elb" },
  "deployment.allowInstanceTargets": { with: strategy("LINEAR"), to: true },
  triggers: { from: { restart: "1" }, to: { restart: "2" } },
  sigintRollback: { to: true },
  waitForSteadyState: { to: false },
  steadyStateTimeoutMinutes: { to: 30 },
  externalDeployments: { to: true },
  alarms: { to: ALARMS },
  "alarms.topicArn": { with: { alarms: ALARMS }, variable: "ID_alarm_topic_arn", from: TOPIC, to: `${TOPIC}-2` },
  "alarms.cpuPercent": { with: { alarms: ALARMS }, variable: "ID_alarm_cpu_percent", from: 90, to: 120 },
  "alarms.memoryPercent": { with: { alarms: ALARMS }, variable: "ID_alarm_memory_percent", from: 90, to: 80 },
  "alarms.serverErrors": { with: { alarms: ALARMS }, variable: "ID_alarm_server_errors", from: 10, to: 50 },
  "alarms.latencySeconds": { with: { alarms: ALARMS }, variable: "ID_alarm_latency_seconds", from: 2, to: 0.5 },
  "alarms.rollback": { with: { alarms: ALARMS }, to: true },
  forceDelete: { to: true },
};

/** Returns records in the namespace of the test, as a value of the setting and as settings of a service. */
function discovered() {
  return ({ namespace }: Shared) => ({ cloudMapNamespace: namespace });
}
function inNamespace() {
  return (shared: Shared) => ({ cloudMapOptions: discovered()(shared) });
}

/** Returns settings of a service with ports in Service Connect. */
function connected(serviceConnect: object = {}) {
  const port = (containerPort: number, name: string) => ({ containerPort, name, appProtocol: "http" });
  return ({ namespace }: Shared) => ({
    portMappings: [port(80, "http"), port(9090, "metrics"), port(9091, "other")],
    serviceConnect: { namespace, ...serviceConnect },
  });
}

/** Returns the samples of the settings of a port in Service Connect. */
function endpoint(path: string, withPort: (own: object) => Given): Samples {
  const authority = (id: string) => `arn:aws:acm-pca:ap-northeast-2:111122223333:certificate-authority/${id}`;
  const tls = { awsPcaAuthorityArn: authority("0f0e") };
  const name = path.replace(/\W/g, "").toLowerCase();
  const awsvpc = (shared: Shared) => ({ ...withPort({})(shared), networkMode: "awsvpc" });
  const header = { name: "X-Revision", value: "next" };
  const shifted = (own: object) => (shared: Shared) => ({ ...withPort(own)(shared), ...strategy("CANARY") });
  return {
    [`${path}.dnsName`]: { with: withPort({}), to: `${name}-renamed` },
    [`${path}.port`]: { with: withPort({}), to: 8081 },
    [`${path}.discoveryName`]: { with: withPort({}), to: `${name}-discovered` },
    [`${path}.idleTimeoutSeconds`]: { with: withPort({}), to: 120 },
    [`${path}.perRequestTimeoutSeconds`]: { with: withPort({}), to: 30 },
    [`${path}.ingressPortOverride`]: { with: awsvpc, to: 15000 },
    [`${path}.testTrafficHeader`]: { with: shifted({}), to: header },
    [`${path}.testTrafficHeader.name`]: {
      with: shifted({ testTrafficHeader: header }),
      from: header.name,
      to: "X-New",
    },
    [`${path}.testTrafficHeader.value`]: {
      with: shifted({ testTrafficHeader: header }),
      from: header.value,
      to: "new",
    },
    [`${path}.tls`]: { with: withPort({}), to: tls },
    [`${path}.tls.awsPcaAuthorityArn`]: {
      with: withPort({ tls: {} }),
      from: tls.awsPcaAuthorityArn,
      to: authority("0a0b"),
    },
    [`${path}.tls.kmsKey`]: {
      with: withPort({ tls }),
      to: "arn:aws:kms:ap-northeast-2:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666",
    },
    [`${path}.tls.role`]: { with: withPort({ tls }), to: "arn:aws:iam::111122223333:role/tls" },
  };
}

/** Returns the samples of the size of another container, which is no variable. */
function sizes(path: string, settings: object): Samples {
  return {
    [`${path}.cpu`]: { with: settings, to: 512 },
    [`${path}.memoryLimitMiB`]: { with: settings, from: 128, to: 256 },
    [`${path}.memoryReservationMiB`]: { with: settings, from: 128, to: 64 },
  };
}

/** Returns samples of the settings of a policy of scaling: the value before, and after. */
function policy(
  setting: string,
  settings: object,
  samples: Readonly<Record<string, readonly [from: unknown, to: unknown]>>,
): Samples {
  const inPolicy = (one: object) => ({ scaling: { ...scaling, [setting]: { jobs: one } } });
  const path = `scaling.${setting}.*`;
  const own = Object.entries({ ...("metric" in settings ? FOLLOWED : {}), ...samples }).map(([name, [from, to]]) => {
    return [`${path}.${name}`, { with: inPolicy(settings), from, to }];
  });
  if (!("metric" in settings)) return Object.fromEntries(own);
  const { metric: _, ...others } = settings;
  const math = { ...others, expression: "visible", usingMetrics: { visible: metric } };
  const samplesOfMath = Object.entries(FOLLOWED).map(([name, [from, to]]) => [
    `${path}.${name.replace("metric", "usingMetrics.*")}`,
    { with: inPolicy(math), from, to },
  ]);
  return Object.fromEntries([
    ...own,
    ...samplesOfMath.filter(([name]) => name !== `${path}.usingMetrics.*`),
    [
      `${path}.usingMetrics`,
      { with: inPolicy(math), from: { visible: metric }, to: { visible: { ...metric, namespace: "Shop" } } },
    ],
    [`${path}.expression`, { with: inPolicy(math), from: "visible", to: "FILL(visible, 0)" }],
  ]);
}

/** Returns settings of a service with a deployment strategy. */
function strategy(name: string, more: object = {}) {
  return { networkMode: "awsvpc", deployment: { strategy: name, ...more } };
}

/** Returns a sample of a setting of a lifecycle hook. */
function hooks(name: string, from: unknown, to: unknown): Samples {
  return {
    [`deployment.lifecycleHooks[].${name}`]: { with: strategy("CANARY", { lifecycleHooks: [hook] }), from, to },
  };
}

/** Returns a sample of a setting of an EBS volume. */
function ebs(name: string, from: unknown, to: unknown, more: object = {}): Samples {
  const volume = { ...(name !== "snapshotId" && { sizeGib: 20 }), ...more };
  return { [`volumes.*.ebs.${name}`]: { with: withVolume({ ebs: volume }), from, to } };
}

/** Settings of the service that samples of containers set. */
const OF_SERVICE = ["capacityGuards", "volumes", "paths", "priority", "minimumHealthyPercent", "maximumPercent"];

/** Returns the sample of a container's setting for another container of the service, in which `inner` puts the container. */
export function inContainer(sample: Change, inner: (container: object) => object): Change {
  const entries = Object.entries<unknown>(sample.with ?? {});
  const service = entries.filter(([name]) => OF_SERVICE.includes(name));
  const container = entries.filter(([name]) => !OF_SERVICE.includes(name));
  return { ...sample, with: { ...Object.fromEntries(service), ...inner(Object.fromEntries(container)) } };
}

/** Another container of the service. */
export const OTHER_CONTAINERS = {
  "sidecars[]": (container: object) => ({ sidecars: [{ ...sidecar, ...container }] }),
  logRouter: (container: object) => ({ ...FIRE_LENS, logRouter: container }),
};
