import { subnetId } from "../../../cli/offline-provider";
import type { Samples } from "../area";
import { MAIN_DOMAIN_SAMPLES } from "./load-balancer";

const https = { loadBalancer: { https: true } };
const vpc = { vpcId: "vpc-0123456789abcdef0" };
const subnets = (...zones: string[]) => zones.map((zone) => subnetId(vpc.vpcId, `ap-northeast-2${zone}`));
const several = { capacityProviders: { main: {}, other: {} } };
const strategy = { ...several, defaultStrategy: [{ capacityProvider: "main" }, { capacityProvider: "other" }] };
const DEPLOY = { roleArn: "arn:aws:iam::000000000000:role/deploy" };
const MIGRATE = { never: "The backend is where the state is. Run terraform init -migrate-state." };
const arn = (service: string, resource: string) => `arn:aws:${service}:ap-northeast-2:111122223333:${resource}`;
const KEYS = ["q", "z"].map(
  (letter) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOM${letter}qnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GJKl me@example.com`,
);

/** Changes of the settings of `EcsClusterStack`. */
export const ECS_CLUSTER_STACK_SAMPLES: Samples = {
  "values.region": { to: "eu-west-1", rejected: "The region of a cluster cannot change" },
  "values.name": { to: "shop" },
  "values.subnetIds": { with: vpc, from: subnets("a", "c"), to: subnets("a", "b", "c") },
  "values.privateSubnetIds": { with: { ...vpc, privateSubnets: true }, from: subnets("a", "c"), to: subnets("b", "d") },
  "values.extraSecurityGroupIds": {
    with: { extraSecurityGroups: true },
    from: ["sg-0123456789abcdef0"],
    to: ["sg-0123456789abcdef1"],
  },
  "values.instanceSecurityGroupId": {
    with: { instanceSecurityGroup: "existing" },
    from: "sg-0123456789abcdef0",
    to: "sg-0123456789abcdef1",
  },
  "values.instanceProfileArn": {
    with: { instanceProfile: "existing" },
    from: "arn:aws:iam::111122223333:instance-profile/one",
    to: "arn:aws:iam::111122223333:instance-profile/two",
  },
  "values.customerKeyArn": {
    with: { customerKey: "existing" },
    from: arn("kms", "key/0f0e0d0c-1111-2222-3333-444455556666"),
    to: arn("kms", "key/1f0e0d0c-1111-2222-3333-444455556666"),
  },
  "values.instanceTypes": { to: ["t3.medium"] },
  "values.minSize": { to: 2 },
  "values.maxSize": { to: 3 },
  "values.desiredSize": { to: 2 },
  "values.sshPublicKey": { with: { keyPair: "import" }, from: KEYS[0], to: KEYS[1] },
  "values.keyName": { with: { keyPair: "existing" }, from: "mine", to: "other" },
  "values.sshCidrs": { with: { keyPair: "import" }, to: ["203.0.113.0/24"] },
  "values.httpCidrs": { to: ["203.0.113.0/24"] },
  "values.certificateArn": {
    with: https,
    from: arn("acm", "certificate/0f0e0d0c-1111-2222-3333-444455556666"),
    to: arn("acm", "certificate/1f0e0d0c-1111-2222-3333-444455556666"),
  },
  "values.certificateArns": {
    with: https,
    variable: false,
    to: { shop: arn("acm", "certificate/2f0e0d0c-1111-2222-3333-444455556666") },
  },
  "values.trustStoreArn": {
    with: { loadBalancer: { https: true, mutualAuthentication: { mode: "verify" } } },
    from: arn("elasticloadbalancing", "truststore/one/0123456789abcdef"),
    to: arn("elasticloadbalancing", "truststore/two/1123456789abcdef"),
  },
  ...MAIN_DOMAIN_SAMPLES,
  "values.webAclArn": {
    with: { loadBalancer: { webAcl: "existing" } },
    from: arn("wafv2", "regional/webacl/one/0f0e0d0c-1111-2222-3333-444455556666"),
    to: arn("wafv2", "regional/webacl/two/1f0e0d0c-1111-2222-3333-444455556666"),
  },
  "values.rootVolumeGib": { to: 50 },
  "values.amiVersion": { to: "al2023-ami-ecs-hvm-2023.0.20260101-kernel-6.1-x86_64" },
  "values.amiId": { with: { ami: "existing" }, from: "ami-0123456789abcdef0", to: "ami-0123456789abcdef1" },
  "values.logRetentionDays": { to: 30 },
  "values.alarmTopicArn": { with: { alarms: true }, from: arn("sns", "one"), to: arn("sns", "two") },
  "values.alarmReservationPercent": { with: { alarms: true }, to: 80 },
  "values.alarmServerErrors": { with: { alarms: true }, to: 20 },
  "values.tags": { to: { Team: "shop" } },
  vpcId: { variable: false, to: vpc.vpcId, rejected: "AWS cannot move it to vpc-0123456789abcdef0" },
  privateSubnets: { with: vpc, to: true },
  extraSecurityGroups: { to: true },
  vpcEndpoints: { to: true },
  "vpcEndpoints.services": { with: { vpcEndpoints: {} }, to: ["secretsmanager", "sqs"] },
  "vpcEndpoints.existing": { with: { vpcEndpoints: {} }, to: ["s3"] },
  customerKey: { to: true },
  instanceProfile: {
    to: "existing",
    also: { values: { instanceProfileArn: "arn:aws:iam::111122223333:instance-profile/platform" } },
  },
  instanceSecurityGroup: {
    to: "existing",
    also: { values: { instanceSecurityGroupId: "sg-0123456789abcdef0" } },
    // The old instances use the group that is removed.
    applies: 2,
  },
  // Services do not use the other one.
  capacityProviders: {
    with: { defaultStrategy: [{ capacityProvider: "main" }] },
    from: { main: {} },
    to: { main: {}, other: {} },
  },
  defaultStrategy: { with: several, to: [{ capacityProvider: "main" }] },
  "defaultStrategy[].capacityProvider": {
    with: { ...several, defaultStrategy: [{ capacityProvider: "main" }] },
    from: "main",
    to: "other",
  },
  "defaultStrategy[].base": { with: strategy, to: 1 },
  "defaultStrategy[].weight": { with: strategy, to: 2 },
  keyPair: { from: "import", to: "none" },
  portRange: { to: { from: 32768, to: 61000 } },
  "portRange.from": { with: { portRange: { to: 61000 } }, from: 31000, to: 32768 },
  "portRange.to": { with: { portRange: { from: 31000 } }, from: 61000, to: 62000 },
  previousPortRange: { with: { portRange: { from: 32768, to: 61000 } }, to: { from: 31000, to: 61000 } },
  "previousPortRange.from": { with: { previousPortRange: { to: 61000 } }, from: 31500, to: 31400 },
  "previousPortRange.to": { with: { previousPortRange: { from: 31000 } }, from: 61500, to: 61600 },
  retainLogGroup: { to: true },
  retain: { to: ["aws_cloudwatch_log_group.cluster_log_group"] },
  sessionManager: { to: false },
  instancePolicy: { to: "least-privilege" },
  instancePolicyArns: { to: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] },
  containerInsights: { to: "disabled" },
  capacityGuards: { to: false },
  alarms: { to: true },
  dashboard: { to: true },
  eventArchive: { to: true },
  executeCommandLogging: { to: false },
  executeCommandS3: { to: { bucketName: "sessions" } },
  "executeCommandS3.bucketName": { with: { executeCommandS3: {} }, from: "sessions", to: "audit" },
  "executeCommandS3.keyPrefix": { with: { executeCommandS3: { bucketName: "sessions" } }, to: "prod" },
  "executeCommandS3.encryptionKeyArn": {
    with: { executeCommandS3: { bucketName: "sessions" } },
    to: arn("kms", "key/0f0e0d0c-1111-2222-3333-444455556666"),
  },
  managedStorageEncryption: { with: { customerKey: true }, to: true },
  // IAM does not delete the role while the account has a cluster.
  serviceLinkedRole: { with: { retain: ["aws_iam_service_linked_role.cluster_service_linked_role"] }, to: true },
  defaultCloudMapNamespace: { to: { name: "shop" } },
  "defaultCloudMapNamespace.name": { from: "shop-before", to: "shop-after" },
  "defaultCloudMapNamespace.type": {
    with: { defaultCloudMapNamespace: { name: "shop" } },
    to: "DNS_PRIVATE",
    also: { defaultCloudMapNamespace: { name: "shop.internal" } },
  },
  "defaultCloudMapNamespace.namespaceArn": {
    with: { defaultCloudMapNamespace: {} },
    from: "arn:aws:servicediscovery:ap-northeast-2:111122223333:namespace/ns-0123456789abcdef",
    to: "arn:aws:servicediscovery:ap-northeast-2:111122223333:namespace/ns-fedcba9876543210",
  },
  loadBalancer: { to: false },
  loadBalancers: { to: { internal: { internal: true } } },
  networkLoadBalancers: { to: { edge: {} } },
  awsvpcTrunking: { to: "managed" },
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
