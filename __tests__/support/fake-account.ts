import type { Account } from "../../cli/doctor/facts";

/** The account in docs/doctor.md. The instance role lost its policy, so the second instance cannot register. */
export const SAMPLE: Account = {
  clusterName: "ecs",
  region: "eu-west-1",
  accountId: async () => "123456789012",
  cluster: async () => ({
    arn: "arn:aws:ecs:eu-west-1:123456789012:cluster/ecs",
    name: "ecs",
    status: "ACTIVE",
    capacityProviders: ["cp-ecs"],
  }),
  clusterNames: async () => ["ecs"],
  providers: async () => [
    {
      ...{ name: "cp-ecs", group: "ecs-instances", managedScaling: "ENABLED" },
      ...{ updateStatus: "UPDATE_COMPLETE", updateReason: "" },
    },
  ],
  groups: async () => [
    {
      name: "ecs-instances",
      minSize: 1,
      maxSize: 2,
      desiredSize: 2,
      instances: [FIRST, SECOND].map((id) => ({ id, lifecycleState: "InService" })),
      activities: [],
    },
  ],
  instances: async () => [instance(FIRST, 4320, "a", "203.0.113.6"), instance(SECOND, 30, "b", "203.0.113.7")],
  containerInstances: async () => [
    { arn: "arn:ci", instanceId: FIRST, agentConnected: true, agentVersion: "1.99.0", status: "ACTIVE" },
  ],
  services: async () => [
    {
      taskDefinition: "arn:aws:ecs:eu-west-1:123456789012:task-definition/ecs-web:7",
      ...{ name: "web", desired: 1, running: 1, pending: 0, targetGroupArns: ["arn:tg"], deployments: [] },
      events: ["(service web) has reached a steady state."],
    },
  ],
  tasks: async () => [
    {
      ...{ id: "3f1c0d2b8a7e4f6a", service: "web", instanceId: FIRST, stopCode: "", stoppedReason: "" },
      containers: [{ name: "web", reason: "", ports: [{ container: 3000, host: 31417, protocol: "tcp" }] }],
    },
  ],
  stoppedTasks: async () => [],
  scaling: async () => [{ service: "web", min: 1, max: 4, suspended: [] }],
  archivedTasks: async () => undefined,
  schedules: async () => [
    {
      ...{ name: "ecs-nightly", group: "ecs-nightly", expression: "cron(0 3 * * ? *)", timeZone: "Asia/Seoul" },
      ...{ enabled: true, daysOld: 40, isOver: false, attempts: 30, roleArn: "arn:aws:iam::123456789012:role/r" },
    },
  ],
  targetGroups: async () => [
    {
      ...{ arn: "arn:tg", name: "web", balancerArns: ["arn:lb"], healthCheck: "HTTP /, expects 200 within 5 s" },
      targets: [{ id: FIRST, port: 31417, state: "healthy", reason: "", description: "" }],
    },
  ],
  balancers: async () => [
    {
      ...{ arn: "arn:lb", name: "ecs-alb", zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
      ...{ securityGroupIds: ["sg-balancer"], subnetCidrs: ["172.31.0.0/20"] },
    },
  ],
  listeners: async () => [
    {
      ...{ arn: "arn:listener", balancerArn: "arn:lb", protocol: "HTTP", port: 80 },
      ...{ isRedirect: false, targetGroupArns: ["arn:tg"] },
      rules: [{ arn: "arn:rule", priority: 100, conditions: {}, isComparable: true, action: FORWARD }],
    },
  ],
  securityGroups: async () => [
    { id: "sg-instances", inbound: [rule(["sg-balancer"])], outbound: [rule([], "-1", ["0.0.0.0/0"])] },
    {
      id: "sg-balancer",
      inbound: [{ ...rule([], "tcp", ["0.0.0.0/0"]), from: 80, to: 80 }],
      outbound: [rule(["sg-instances"])],
    },
  ],
  certificates: async () => [],
  ruleNames: async () => ({}),
  subnets: async (ids) => ids.map((id) => ({ id, vpcId: "vpc-0a1b2c3d", cidr: "172.31.0.0/20" })),
  routeTables: async ([vpcId = ""]) => [
    {
      ...{ id: "rtb-0a1b2c3d", vpcId, isMain: true, subnetIds: [] },
      routes: [
        { destination: "172.31.0.0/16", target: "local", isBlackhole: false },
        { destination: "0.0.0.0/0", target: "igw-0a1b2c3d", isBlackhole: false },
      ],
    },
  ],
  acls: async () => [{ id: "acl-0a1b2c3d", subnetIds: [SUBNET], inbound: [EVERYTHING], outbound: [EVERYTHING] }],
  endpoints: async () => [],
  vpcs: async (ids) => ids.map((id) => ({ id, dnsSupport: true, dnsHostnames: true, ownDnsServers: [] })),
  statuses: async (ids) =>
    ids.map((instanceId) => ({ instanceId, system: "ok", instance: "ok", volumes: "ok", events: [] })),
  userData: async () => "ECS_CLUSTER=ecs\nECS_DYNAMIC_HOST_PORT_RANGE=31000-61000\n",
  role: async (profileArn) => ({
    profileArn,
    name: "ecs-instance-eu-west-1",
    trustedServices: ["ec2.amazonaws.com"],
    policies: [{ name: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore", statements: [] }],
  }),
  images: async () => [{ id: "ami-0f1e2d3c4b5a69788", name: "al2023-ami-ecs-hvm-2026.1104.0", daysOld: 12 }],
  templates: async () => [
    {
      ...{ group: "ecs-instances", id: "lt-0d1c2b3a4f5e60718", version: "4", instanceTypes: ["t3.small"] },
      found: { number: 4, newest: 4, imageId: "ami-0f1e2d3c4b5a69788", profile: "ecs-instance-eu-west-1", keyIds: [] },
    },
  ],
  instanceTypes: async () => [{ name: "t3.small", architectures: ["x86_64"], interfaces: 3 }],
  taskDefinition: async () => ({
    ...{ arn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/ecs-web:7", status: "ACTIVE", networkMode: "bridge" },
    executionRoleArn: "arn:aws:iam::123456789012:role/ecs-web-exec-1",
    containers: [
      {
        name: "web",
        image: "public.ecr.aws/nginx/nginx:1",
        logGroup: { name: "/ecs/ecs/web", isCreated: false },
        secrets: [],
      },
    ],
  }),
  taskRole: async () => ({
    ...{ name: "ecs-web-exec-1", trustedServices: ["ecs-tasks.amazonaws.com"] },
    policies: [{ name: "start-tasks", statements: [allow("logs:CreateLogStream", "logs:PutLogEvents")] }],
  }),
  logGroups: async () => [{ name: "/ecs/ecs/web" }],
  secret: async () => undefined,
  hasSecretPolicy: async () => false,
  parameters: async () => [],
  repository: async (name) => ({ name, exists: false, images: [] }),
  hasRepositoryPolicy: async () => false,
  cachePrefixes: async () => [],
  key: async (arn) => ({ arn, state: "Enabled" }),
  volumes: async () => [],
};

const FIRST = "i-0a1b2c3d4e5f60718";
const SECOND = "i-0c7b8f2a91d3e4f56";
const FORWARD = { type: "forward", detail: "", targetGroups: [{ arn: "arn:tg", weight: 1 }] };
const SUBNET = "subnet-0a1b2c3d";
const EVERYTHING = { number: 100, allows: true, protocol: "-1", from: 0, to: 65535, cidr: "0.0.0.0/0" };

const instance = (id: string, minutesOld: number, zone: string, publicAddress: string) => ({
  ...{ id, state: "running", zone: `eu-west-1${zone}`, minutesOld, publicAddress, template: "lt-1 1" },
  ...{ imageId: "ami-0f1e2d3c4b5a69788", subnetId: SUBNET, vpcId: "vpc-0a1b2c3d", securityGroupIds: ["sg-instances"] },
  profileArn: "arn:aws:iam::123456789012:instance-profile/ecs-instance-eu-west-1",
});

const rule = (groupIds: readonly string[], protocol = "tcp", cidrs: readonly string[] = []) => ({
  ...{ protocol, from: 31000, to: 61000, cidrs, groupIds },
});

const allow = (...actions: readonly string[]) => ({
  ...{ effect: "Allow" as const, actions, notActions: [], resources: ["*"], notResources: [], conditional: false },
});
