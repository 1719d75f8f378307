import type { EncryptionKey } from "../../../src";
import type { Samples } from "../area";

const CONSTRUCT = { never: "It is another construct, whose settings have their own changes." };

const loadBalancerArn = (name: string) =>
  `arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/${name}/0123456789abcdef`;
const listenerArn = (name: string) =>
  `${loadBalancerArn(name).replace(":loadbalancer/", ":listener/")}/fedcba9876543210`;

/** Load balancers that exist already. */
export const EXISTING_LOAD_BALANCERS = ["one", "two"].map((name) => ({
  name,
  arn: loadBalancerArn(name),
  arn_suffix: `app/${name}/0123456789abcdef`,
  listenerArn: listenerArn(name),
}));

export const FILE_SYSTEM_SAMPLES: Samples = {
  name: { from: "before", to: "after" },
  vpc: CONSTRUCT,
  portRules: CONSTRUCT,
  enableAutomaticBackups: { to: false },
  encryptionKey: { to: (key: EncryptionKey) => key, rejected: "The key of a file system cannot change" },
};

export const NAMESPACE_SAMPLES: Samples = {
  cluster: CONSTRUCT,
  name: { from: "before", to: "after" },
  type: { with: { name: "internal" }, to: "DNS_PRIVATE", also: { name: "other" } },
  namespaceArn: {
    with: { name: undefined },
    from: "arn:aws:servicediscovery:ap-northeast-2:111122223333:namespace/ns-0123456789abcdef",
    to: "arn:aws:servicediscovery:ap-northeast-2:111122223333:namespace/ns-fedcba9876543210",
  },
};

export const ALARMS_SAMPLES: Samples = {
  name: { from: "before", to: "after" },
  cluster: CONSTRUCT,
  capacityProvider: CONSTRUCT,
  otherCapacityProviders: { to: [{ autoscalingGroupName: "other", capacityProviderName: "cp-other" }] },
  loadBalancer: { to: { arnSuffix: "app/other-alb/0123456789abcdef" } },
  loadBalancers: { to: { internal: { arnSuffix: "app/other-int/0123456789abcdef" } } },
  networkLoadBalancers: { to: { edge: { arnSuffix: "net/other-edge/0123456789abcdef" } } },
  topicArn: {
    from: "arn:aws:sns:ap-northeast-2:111122223333:before",
    to: "arn:aws:sns:ap-northeast-2:111122223333:after",
  },
  reservationPercent: { to: 80 },
  serverErrors: { with: { loadBalancer: { arnSuffix: "app/other-alb/0123456789abcdef" } }, to: 20 },
};

export const DASHBOARD_SAMPLES: Samples = {
  name: { from: "before", to: "after" },
  region: { to: "eu-west-1" },
  cluster: CONSTRUCT,
  capacityProvider: CONSTRUCT,
  otherCapacityProviders: { to: [{ autoscalingGroupName: "other" }] },
  loadBalancer: { to: { arnSuffix: "app/other-alb/0123456789abcdef" } },
  loadBalancers: { to: { internal: { arnSuffix: "app/other-int/0123456789abcdef" } } },
  networkLoadBalancers: { to: { edge: { arnSuffix: "net/other-edge/0123456789abcdef" } } },
  eventArchive: { to: { logGroupName: "/aws/events/ecs/other", query: "fields @message" } },
};

export const EVENT_ARCHIVE_SAMPLES: Samples = {
  name: { from: "before", to: "after" },
  cluster: CONSTRUCT,
  logRetentionDays: { to: 30 },
  retainLogGroup: { to: true },
  encryptionKey: { to: (key: EncryptionKey) => key },
};

export const EXISTING_LOAD_BALANCER_SAMPLES: Samples = {
  listenerArn: { from: listenerArn("one"), to: listenerArn("two") },
  cluster: CONSTRUCT,
  securityGroupId: { to: "sg-0ff11e0000000008" },
  securityGroupAllowsAllOutbound: { to: false },
  admitLoadBalancer: { to: false },
  allowHttpsOutbound: { with: { securityGroupAllowsAllOutbound: false }, to: true },
  ruleQuota: { to: 200 },
};

const DEPLOY = { roleArn: "arn:aws:iam::000000000000:role/deploy" };
const networkLoadBalancerArn = (name: string) => loadBalancerArn(name).replace("/app/", "/net/");

/** Network Load Balancers that exist already. */
export const EXISTING_NETWORK_LOAD_BALANCERS = ["one", "two"].map((name) => ({
  name,
  arn: networkLoadBalancerArn(name),
  arn_suffix: `net/${name}/0123456789abcdef`,
}));

export const EXISTING_NETWORK_LOAD_BALANCER_SAMPLES: Samples = {
  loadBalancerArn: { from: networkLoadBalancerArn("one"), to: networkLoadBalancerArn("two") },
  cluster: CONSTRUCT,
  securityGroupId: { to: "sg-0ff11e0000000008" },
  securityGroupAllowsAllOutbound: { to: false },
};

const MIGRATE = { never: "The backend is where the state is. Run terraform init -migrate-state." };

export const ECS_SERVICE_STACK_SAMPLES: Samples = {
  "values.region": { never: "The region is the one of the cluster, which cannot move." },
  "values.clusterName": { to: "other" },
  "values.tags": { to: { Team: "shop" } },
  loadBalancer: { with: { ROUTED: false }, to: false },
  loadBalancers: { to: ["internal"] },
  networkLoadBalancers: { to: ["edge"] },
  ruleQuota: { to: 200 },
  previousPortRange: { with: { portRange: { from: 32768, to: 61000 } }, to: { from: 31000, to: 61000 } },
  "previousPortRange.from": { with: { previousPortRange: { to: 61000 } }, from: 31500, to: 31400 },
  "previousPortRange.to": { with: { previousPortRange: { from: 31000 } }, from: 61500, to: 61600 },
  retain: { to: ["aws_cloudwatch_log_group.orders_log_group"] },
  capacity: { to: "arm" },
  capacityProviderName: { to: "cp-ecs-arm" },
  reservedMemoryMiB: { to: 128 },
  capacityGuards: { to: false },
  encryptionKeyArn: { to: "arn:aws:kms:ap-northeast-2:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666" },
  executeCommandS3: { with: { SHELL: true }, to: { bucketName: "sessions" } },
  "executeCommandS3.bucketName": { with: { SHELL: true, executeCommandS3: {} }, from: "sessions", to: "audit" },
  "executeCommandS3.keyPrefix": { with: { SHELL: true, executeCommandS3: { bucketName: "sessions" } }, to: "prod" },
  "executeCommandS3.encryptionKeyArn": {
    with: { SHELL: true, executeCommandS3: { bucketName: "sessions" } },
    to: "arn:aws:kms:ap-northeast-2:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666",
  },
  managedStorageKeyArn: {
    with: { SHELL: true },
    to: "arn:aws:kms:ap-northeast-2:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666",
  },
  portRange: { to: { from: 32768, to: 61000 } },
  "portRange.from": { with: { portRange: { to: 61000 } }, from: 31000, to: 32768 },
  "portRange.to": { with: { portRange: { from: 31000 } }, from: 61000, to: 62000 },
  awsvpcTrunking: { to: true },
  alarmTopicArn: { with: { JOB: true }, variable: false, to: "arn:aws:sns:ap-northeast-2:111122223333:jobs" },
  permissionsBoundary: { variable: false, to: "arn:aws:iam::111122223333:policy/boundary" },
  rolePath: { to: "/apps/" },
  allowedAccountIds: { variable: false, to: ["000000000000"] },
  assumeRole: { to: { roleArn: "arn:aws:iam::000000000000:role/deploy" } },
  "assumeRole.roleArn": {
    with: { assumeRole: {} },
    variable: false,
    from: "arn:aws:iam::000000000000:role/one",
    to: "arn:aws:iam::000000000000:role/two",
  },
  "assumeRole.externalId": { with: { assumeRole: DEPLOY }, variable: false, to: "acme" },
  "assumeRole.sessionName": { with: { assumeRole: DEPLOY }, to: "terraform" },
  "assumeRole.durationSeconds": { with: { assumeRole: DEPLOY }, to: 900 },
  backend: MIGRATE,
  "backend.local": MIGRATE,
  "backend.s3": MIGRATE,
  "backend.s3.bucket": MIGRATE,
  "backend.s3.region": MIGRATE,
  "backend.s3.key": MIGRATE,
  "backend.s3.kmsKeyId": MIGRATE,
};
