import { LogDriver, Secret } from "../../../src";
import type { Samples } from "../area";

const healthCheck = { containerHealthCheck: { command: "true" } };
const ulimit = { name: "nofile", softLimit: 1024, hardLimit: 4096 } as const;

const device = { hostPath: "/dev/fuse", containerPath: "/dev/fuse", permissions: ["read"] };
const devices = { linuxParameters: { devices: [device] } };
const tmpfs = { linuxParameters: { tmpfs: [{ containerPath: "/tmp", sizeMiB: 64 }] } };
const control = { namespace: "net.core.somaxconn", value: "1024" };

const port = { portMappings: [{ containerPort: 9090 }] };
const onHost = (hostPort: number, allowFrom?: object) => ({
  portMappings: [{ containerPort: 9090, hostPort, ...(allowFrom && { allowFrom }) }],
  minimumHealthyPercent: 0,
  maximumPercent: 100,
});
const mounted = { volumes: { data: { docker: "task" } }, mountPoints: { "/data": { sourceVolume: "data" } } };

/** Changes of the settings that each container of a task has. */
export const CONTAINER_SAMPLES: Samples = {
  environment: { to: { LEVEL: "debug" } },
  secrets: { to: { PASSWORD: Secret.fromSsmParameter("/prod/password") } },
  command: { to: ["serve"] },
  entryPoint: { to: ["/bin/app"] },
  workingDirectory: { to: "/srv" },
  user: { to: "1000" },
  containerHealthCheck: { to: healthCheck.containerHealthCheck },
  "containerHealthCheck.command": { from: "true", to: "curl -f http://localhost" },
  "containerHealthCheck.intervalSeconds": { with: healthCheck, to: 20 },
  "containerHealthCheck.timeoutSeconds": { with: healthCheck, to: 10 },
  "containerHealthCheck.retries": { with: healthCheck, to: 2 },
  "containerHealthCheck.startPeriodSeconds": { with: healthCheck, to: 60 },
  ulimits: { to: [ulimit] },
  "ulimits[].name": { with: { ulimits: [ulimit] }, from: "nofile", to: "nproc" },
  "ulimits[].softLimit": { with: { ulimits: [ulimit] }, from: 1024, to: 2048 },
  "ulimits[].hardLimit": { with: { ulimits: [ulimit] }, from: 4096, to: 8192 },
  readonlyRootFilesystem: { to: true },
  startTimeoutSeconds: { to: 60 },
  stopTimeoutSeconds: { to: 60 },
  initProcessEnabled: { to: true },
  linuxParameters: { to: { sharedMemorySizeMiB: 64 } },
  "linuxParameters.capabilities": { to: { drop: ["NET_RAW"] } },
  "linuxParameters.capabilities.add": { to: ["SYS_PTRACE"] },
  "linuxParameters.capabilities.drop": { to: ["NET_RAW"] },
  "linuxParameters.devices": { to: [device] },
  "linuxParameters.devices[].hostPath": { with: devices, from: "/dev/fuse", to: "/dev/kvm" },
  "linuxParameters.devices[].containerPath": { with: devices, from: "/dev/fuse", to: "/dev/other" },
  "linuxParameters.devices[].permissions": { with: devices, from: ["read"], to: ["read", "write"] },
  "linuxParameters.sharedMemorySizeMiB": { to: 64 },
  "linuxParameters.tmpfs": { to: tmpfs.linuxParameters.tmpfs },
  "linuxParameters.tmpfs[].containerPath": { with: tmpfs, from: "/tmp", to: "/run" },
  "linuxParameters.tmpfs[].sizeMiB": { with: tmpfs, from: 64, to: 128 },
  "linuxParameters.tmpfs[].mountOptions": { with: tmpfs, to: ["noexec"] },
  "linuxParameters.maxSwapMiB": { with: { memoryLimitMiB: 256 }, to: 64 },
  "linuxParameters.swappiness": {
    with: { memoryLimitMiB: 256, linuxParameters: { maxSwapMiB: 64 } },
    to: 10,
  },
  systemControls: { to: [control] },
  "systemControls[].namespace": {
    with: { systemControls: [control] },
    from: "net.core.somaxconn",
    to: "net.ipv4.tcp_syncookies",
  },
  "systemControls[].value": { with: { systemControls: [control] }, from: "1024", to: "2048" },
  hostname: { to: "web" },
  extraHosts: { to: { db: "10.0.0.2" } },
  dnsServers: { to: ["10.0.0.2"] },
  dnsSearchDomains: { to: ["example.com"] },
  disableNetworking: { with: { containerPort: undefined, paths: undefined, priority: undefined }, to: true },
  dockerLabels: { to: { team: "shop" } },
  dockerSecurityOptions: { to: ["no-new-privileges"] },
  interactive: { to: true },
  pseudoTerminal: { to: true },
  versionConsistency: { to: "disabled" },
  credentialSpecs: { to: ["credentialspec:arn:aws:s3:::specs/web.json"] },
  environmentFiles: { to: ["arn:aws:s3:::files/web.env"] },
  logging: { to: LogDriver.awsLogs({ mode: "blocking" }) },
  repositoryCredentials: {
    to: Secret.fromSecretsManager("arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:registry-AbCdEf"),
  },
  restartPolicy: { to: {} },
  "restartPolicy.ignoredExitCodes": { with: { restartPolicy: {} }, to: [0] },
  "restartPolicy.restartAttemptPeriodSeconds": { with: { restartPolicy: {} }, to: 600 },
  containerOverrides: { to: { pseudoTerminal: true } },
  gpuCount: { with: { capacityGuards: false }, to: 1 },
  neuronDeviceCount: { with: { capacityGuards: false }, to: 1 },
  mountPoints: { with: { volumes: { data: { docker: "task" } } }, from: { "/data": "data" }, to: { "/other": "data" } },
  "mountPoints.*.sourceVolume": {
    with: {
      volumes: { data: { docker: "task" }, other: { docker: "task" } },
      mountPoints: { "/first": {}, "/data": "data", "/other": "other" },
    },
    from: "data",
    to: "other",
  },
  "mountPoints.*.readOnly": { with: mounted, to: true },
  portMappings: { to: port.portMappings },
  "portMappings[].containerPort": { with: port, from: 9090, to: 9091 },
  "portMappings[].containerPortRange": { from: "9000-9010", to: "9000-9020" },
  "portMappings[].hostPort": { with: onHost(9101), to: 9091 },
  "portMappings[].protocol": { with: port, to: "udp" },
  "portMappings[].name": { with: port, to: "metrics" },
  "portMappings[].appProtocol": { with: { portMappings: [{ containerPort: 9090, name: "metrics" }] }, to: "http" },
  "portMappings[].allowFrom": { with: onHost(9102), to: { instances: true } },
  "portMappings[].allowFrom.cidrs": { with: onHost(9103, { instances: true }), to: ["10.0.0.0/16"] },
  "portMappings[].allowFrom.securityGroups": {
    with: onHost(9104, { instances: true }),
    to: { other: "sg-0123456789abcdef0" },
  },
  "portMappings[].allowFrom.instances": { with: onHost(9105, { cidrs: ["10.0.0.0/16"] }), to: true },
  privileged: { to: true },
};
