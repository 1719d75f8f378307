import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Testing } from "cdktf";
import { type EcsClusterSettings, InstanceRole, type InstanceRoleProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, resolved, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

/** Synthesizes a stack with readable addresses. */
function synthesize(props: Partial<InstanceRoleProps> = {}): string {
  const stack = emptyStack();
  const { cluster } = new Parts(stack);
  new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", onlyCluster: cluster, ...props });
  return JSON.stringify(synthesized(stack));
}

/** Returns the actions of each statement, by its Sid. */
function permissions(json: string, address = "role_policy"): Record<string, string[]> {
  const { policy } = resource(JSON.parse(json), `aws_iam_role_policy.${address}`);
  const statements = String(policy).matchAll(/"Sid" = "(\w+)", "Effect" = "Allow", "Action" = \[([^\]]*)\]/g);
  return Object.fromEntries([...statements].map(([, sid, actions = ""]) => [sid, actions.match(/[\w:*]+/g) ?? []]));
}

const JOIN = [
  ...["ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance"],
  ...["ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"],
];
const LEAST = {
  JoinTheCluster: JOIN,
  ReceiveTasks: ["ecs:Poll", "ecs:StartTelemetrySession"],
  TagTheContainerInstance: ["ecs:TagResource"],
  ReadTagsForTasks: ["ecs:ListTagsForResource"],
  FindEndpointAndTags: ["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"],
};
const SESSIONS = [
  "ssm:UpdateInstanceInformation",
  ...["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
    (call) => `ssmmessages:${call}`,
  ),
];

describe("the inline policy of InstanceRole", () => {
  it("allows what the agent and Session Manager need, without AWS's managed policies", () => {
    const json = synthesize();
    expect(permissions(json)).toEqual({ ...LEAST, SessionManager: SESSIONS });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      name: "join-cluster",
      role: "${aws_iam_role.role.name}",
    });
    expect(resourceCounts(json)).not.toHaveProperty("aws_iam_role_policy_attachment");
  });

  it("allows only the instances and the tasks of its cluster", () => {
    const { policy } = resource(JSON.parse(synthesize()), "aws_iam_role_policy.role_policy");
    const arn = "aws_ecs_cluster.cluster.arn";
    const inCluster = (kind: string) =>
      `join(":", ["arn", split(":", ${arn})[1], "ecs", split(":", ${arn})[3], split(":", ${arn})[4], "${kind}/\${aws_ecs_cluster.cluster.name}/*"])`;
    const resources = [...String(policy).matchAll(/"Resource" = (.*?)(?:, "Condition"| })/g)].map(([, one]) => one);
    expect(resources).toEqual([
      `[${arn}]`,
      `[${inCluster("container-instance")}]`,
      `[${inCluster("container-instance")}]`,
      `[${inCluster("container-instance")}, ${inCluster("task")}]`,
      '["*"]',
      '["*"]',
    ]);
  });

  it("lets instances tag themselves only when they register", () => {
    expect(synthesize()).toHaveResourceWithProperties(IamRolePolicy, {
      policy: expect.stringContaining(
        '"Condition" = { "StringEquals" = { "ecs:CreateAction" = "RegisterContainerInstance" } }',
      ),
    });
  });

  it("does not let Session Manager connect with sessionManager false", () => {
    expect(permissions(synthesize({ sessionManager: false }))).toEqual(LEAST);
  });

  it("lets an instance drain itself with spotDraining", () => {
    expect(permissions(synthesize({ spotDraining: true })).ReceiveTasks).toEqual([
      ...LEAST.ReceiveTasks,
      "ecs:UpdateContainerInstancesState",
    ]);
  });

  it("lets Bottlerocket pull its host containers, and nothing else", () => {
    expect(permissions(synthesize({ bottlerocket: true, sessionManager: false }))).toEqual({
      ...LEAST,
      PullHostContainers: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      LogInToRegistries: ["ecr:GetAuthorizationToken"],
    });
  });

  it("keeps additional managed policies", () => {
    const json = synthesize({ policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] });
    expect(Object.keys(ofType(JSON.parse(json), "aws_iam_role_policy_attachment"))).toEqual([
      "role_further_aws_policy_ReadOnlyAccess",
    ]);
  });

  it("is a resource that instances depend on", () => {
    const stack = emptyStack();
    const { cluster } = new Parts(stack);
    const role = new InstanceRole(stack, "own", { name: "prod", region: "eu-west-1", onlyCluster: cluster });
    expect(role.attachments.map(({ fqn }) => resolved(stack, fqn))).toEqual(["${aws_iam_role_policy.own_policy}"]);
    expect(role.policyName).toBe("join-cluster");
  });
});

describe("the setting instancePolicy", () => {
  const permissionsWith = (settings: EcsClusterSettings) =>
    permissions(
      JSON.stringify(synthesized(clusterStack({ instancePolicy: "least-privilege", ...settings }))),
      "instance_role_policy",
    );

  it("uses AWS's managed policies by default", () => {
    expect(resourceCounts(JSON.stringify(synthesized(clusterStack())))).not.toHaveProperty("aws_iam_role_policy");
  });

  it.each<[string, EcsClusterSettings, Record<string, readonly string[] | undefined>]>([
    ["no other settings", {}, { ReceiveTasks: LEAST.ReceiveTasks, PullHostContainers: undefined }],
    ["sessionManager false", { sessionManager: false }, { SessionManager: undefined }],
    ["Spot", { spot: true }, { ReceiveTasks: [...LEAST.ReceiveTasks, "ecs:UpdateContainerInstancesState"] }],
    [
      "Spot in one of two capacity providers",
      { capacityProviders: { main: {}, cheap: { spot: true } } },
      { ReceiveTasks: [...LEAST.ReceiveTasks, "ecs:UpdateContainerInstancesState"] },
    ],
    [
      "Bottlerocket",
      { amiFamily: "bottlerocket" },
      { LogInToRegistries: ["ecr:GetAuthorizationToken"], SessionManager: SESSIONS },
    ],
  ])("allows what the settings need: %s", (_, settings, expected) => {
    const own = permissionsWith(settings);
    expect(Object.fromEntries(Object.keys(expected).map((sid) => [sid, own[sid]]))).toEqual(expected);
  });

  it("rejects another value", () => {
    expect(problemsOf(() => clusterStack({ instancePolicy: "none" } as unknown as EcsClusterSettings))).toEqual([
      'instancePolicy must be one of "managed", "least-privilege"; received "none". Choose one of these.',
    ]);
  });
});
