import {
  Ec2Service,
  type EcsClusterStack,
  FileSystem,
  OneOffTask,
  ScheduledTask,
  ServiceConnectNamespace,
} from "../../src";
import { clusterStack } from "./cluster";

const WAITING = { namespace: "Shop", metricName: "WaitingJobs" };

/** Stacks that together have each resource that settings and services add to the default stack. */
export const OTHER_STACKS: readonly (() => EcsClusterStack)[] = [
  () => {
    const stack = clusterStack({
      vpcId: "vpc-0123456789abcdef0",
      privateSubnets: true,
      vpcEndpoints: true,
      extraSecurityGroups: true,
      customerKey: true,
      instancePolicy: "least-privilege",
      loadBalancer: {
        allowHttpsOutbound: true,
        https: true,
        webAcl: "managed",
        accessLogs: { bucket: "example-logs", prefix: "x" },
        listeners: { admin: { port: 8443 } },
      },
      loadBalancers: {
        inside: { internal: true, https: true, webAcl: "managed", values: { certificateArns: {} } },
      },
      networkLoadBalancers: { edge: { staticAddresses: "managed" } },
      values: { certificateArns: {} },
      alarms: true,
      dashboard: true,
      eventArchive: true,
      schedules: { evening: { recurrence: "0 20 * * *", minSize: 0, maxSize: 0 } },
      lifecycleHooks: {
        copy_logs: { transition: "terminating", heartbeatTimeoutSeconds: 300, defaultResult: "continue" },
      },
      placementGroup: "spread",
    });
    new Ec2Service(stack, "web", {
      cluster: stack,
      containerPort: 3000,
      memoryLimitMiB: 256,
      paths: ["/*"],
      routes: { inside: { paths: ["/*"], loadBalancer: "inside" } },
      listeners: {
        tls: {
          ...{ loadBalancer: "edge", port: 443, protocol: "TLS", certificateArns: {} },
          allowFrom: { cidrs: ["10.0.0.0/8"], securityGroups: { office: "sg-0123456789abcdef0" }, instances: true },
        },
      },
      ecrRepository: true,
      alarms: true,
      scaling: {
        ...{ maxCapacity: 4, cpuPercent: 60, memoryPercent: 70, requestsPerTarget: 100 },
        targetTracking: { jobs: { metric: WAITING, targetValue: 10 } },
        stepScaling: {
          rush: { metric: WAITING, threshold: 9, stepAdjustments: [{ scalingAdjustment: 1 }] },
        },
        schedules: { night: { schedule: "cron(0 20 ? * * *)", minCapacity: 0 } },
        predictiveScaling: { metric_specification: [{ target_value: "60" }] },
      },
      taskRoleStatements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::example/*"] }],
    });
    new Ec2Service(stack, "worker", {
      cluster: stack,
      memoryLimitMiB: 256,
      scaling: { minCapacity: 0, maxCapacity: 2, queue: {} },
    });
    new ScheduledTask(stack, "nightly", { cluster: stack, memoryLimitMiB: 64, scheduleExpression: "rate(1 day)" });
    new OneOffTask(stack, "migrate", { cluster: stack });
    new FileSystem(stack, "files", { name: "files", vpc: stack.vpc, portRules: stack.portRules });
    return stack;
  },
  () => {
    const stack = clusterStack({
      keyPair: "none",
      awsvpcTrunking: "managed",
      warmPool: {},
      prePulledImages: ["public.ecr.aws/docker/library/nginx:1.29"],
    });
    const namespace = new ServiceConnectNamespace(stack, "names", { cluster: stack, name: "names" });
    const allowFrom = { cidrs: ["10.0.0.0/8"], securityGroups: { jobs: "sg-0123456789abcdef0" }, instances: true };
    const portMappings = [{ containerPort: 8125, hostPort: 8125, protocol: "udp", allowFrom }] as const;
    new Ec2Service(stack, "orders", {
      cluster: stack,
      containerPort: 3000,
      paths: ["/orders*"],
      networkMode: "awsvpc",
      portMappings,
      serviceConnect: { namespace },
    });
    new Ec2Service(stack, "search", {
      ...{ cluster: stack, containerPort: 3000, networkMode: "awsvpc", paths: ["/search*"] },
      routes: { metrics: { paths: ["/metrics"], containerPort: 9090 } },
      ...{ portMappings: [{ containerPort: 9090 }] },
      deployment: {
        strategy: "BLUE_GREEN",
        testRoute: { hosts: ["test.example.com"] },
        lifecycleHooks: [
          {
            hookTargetArn: "arn:aws:lambda:ap-northeast-2:111122223333:function:test",
            lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
          },
        ],
      },
    });
    new Ec2Service(stack, "posts", { cluster: stack, imageParameter: true, alarms: true });
    new Ec2Service(stack, "threads", { cluster: stack, externalDeployments: true });
    new Ec2Service(stack, "agent", { cluster: stack, daemon: true, portMappings });
    return stack;
  },
  () =>
    clusterStack({
      capacityProviders: { main: {}, arm: { spot: true, values: { instanceTypes: ["m7g.large"] } } },
      keyPair: "existing",
      loadBalancer: { domain: true, dualStack: true },
    }),
  () => {
    const stack = clusterStack({
      ...{ keyPair: "none", defaultCloudMapNamespace: { name: "shop.internal", type: "DNS_PRIVATE" } },
    });
    const awsPcaAuthorityArn = "arn:aws:acm-pca:ap-northeast-2:111122223333:certificate-authority/0f0e0d0c";
    const kmsKey = "arn:aws:kms:ap-northeast-2:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666";
    new Ec2Service(stack, "users", {
      ...{ cluster: stack, containerPort: 3000, cloudMapOptions: { name: "tasks" } },
      serviceConnect: { tls: { awsPcaAuthorityArn, kmsKey } },
    });
    return stack;
  },
];
