import { type EcsClusterSettings, InstanceRole, type InstanceRoleProps, resolveSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import {
  count,
  emptyStack,
  mistakesOf,
  ofType,
  type Part,
  resolved,
  resource,
  synthesized,
} from "../support/synthesized";

function role(props: Partial<InstanceRoleProps> = {}): Part {
  const stack = emptyStack();
  const { cluster } = new Parts(stack);
  new InstanceRole(stack, "role", { name: "prod", region: "eu-west-1", onlyCluster: cluster, ...props });
  return synthesized(stack);
}

/** The Sids of the policy, with the actions of each. */
function rights(json: Part, address = "role_policy"): Record<string, string[]> {
  const { policy } = resource(json, `aws_iam_role_policy.${address}`);
  const statements = String(policy).matchAll(/"Sid" = "(\w+)", "Effect" = "Allow", "Action" = \[([^\]]*)\]/g);
  return Object.fromEntries([...statements].map(([, sid, actions = ""]) => [sid, actions.match(/[\w:*]+/g) ?? []]));
}

const JOIN = [
  ...["ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance"],
  ...["ecs:SubmitAttachmentStateChanges", "ecs:SubmitContainerStateChange", "ecs:SubmitTaskStateChange"],
];
const LEAST = {
  JoinTheCluster: JOIN,
  TakeOrdersFromIt: ["ecs:Poll", "ecs:StartTelemetrySession"],
  TagWhatRegisters: ["ecs:TagResource"],
  TellTasksTheirTags: ["ecs:ListTagsForResource"],
  FindEndpointAndTags: ["ecs:DiscoverPollEndpoint", "ec2:DescribeTags"],
};
const SESSIONS = [
  "ssm:UpdateInstanceInformation",
  ...["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
    (call) => `ssmmessages:${call}`,
  ),
];

describe("the instance role's own policy", () => {
  it("holds what the agent and Session Manager need, and none of AWS's managed policies is there", () => {
    const json = role();
    expect(rights(json)).toEqual({ ...LEAST, SessionManager: SESSIONS });
    expect(resource(json, "aws_iam_role_policy.role_policy")).toMatchObject({
      name: "join-cluster",
      role: "${aws_iam_role.role.name}",
    });
    expect(count(json, "aws_iam_role_policy_attachment")).toBe(0);
  });

  it("has less without Session Manager", () => {
    expect(rights(role({ sessionManager: false }))).toEqual(LEAST);
  });

  it("lets an instance drain itself where there is Spot", () => {
    expect(rights(role({ spotDraining: true })).TakeOrdersFromIt).toEqual([
      ...LEAST.TakeOrdersFromIt,
      "ecs:UpdateContainerInstancesState",
    ]);
  });

  it("lets Bottlerocket pull its own containers and nothing else", () => {
    expect(rights(role({ bottlerocket: true, sessionManager: false }))).toEqual({
      ...LEAST,
      PullHostContainers: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      LogInToRegistries: ["ecr:GetAuthorizationToken"],
    });
  });

  it("keeps the further policies beside it", () => {
    const policyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"];
    expect(Object.keys(ofType(role({ policyArns }), "aws_iam_role_policy_attachment"))).toEqual([
      "role_further_aws_policy_ReadOnlyAccess",
    ]);
  });

  it("is among what instances wait for", () => {
    const stack = emptyStack();
    const { cluster } = new Parts(stack);
    const { attachments } = new InstanceRole(stack, "own", { name: "prod", region: "eu-west-1", onlyCluster: cluster });
    expect(attachments.map(({ fqn }) => resolved(stack, fqn))).toEqual(["${aws_iam_role_policy.own_policy}"]);
  });
});

describe("the setting instancePolicy", () => {
  const made = (settings: EcsClusterSettings) =>
    rights(synthesized(clusterStack({ instancePolicy: "least-privilege", ...settings })), "instance_role_policy");

  it("is AWS's policies by default", () => {
    expect(resolveSettings().instancePolicy).toBe("managed");
    expect(count(synthesized(clusterStack()), "aws_iam_role_policy")).toBe(0);
  });

  it.each<[string, EcsClusterSettings, Record<string, readonly string[] | undefined>]>([
    ["no more than it takes", {}, { TakeOrdersFromIt: LEAST.TakeOrdersFromIt, PullHostContainers: undefined }],
    ["no session", { sessionManager: false }, { SessionManager: undefined }],
    ["Spot", { spot: true }, { TakeOrdersFromIt: [...LEAST.TakeOrdersFromIt, "ecs:UpdateContainerInstancesState"] }],
    [
      "Spot in one capacity of two",
      { capacityProviders: { main: {}, cheap: { spot: true } } },
      { TakeOrdersFromIt: [...LEAST.TakeOrdersFromIt, "ecs:UpdateContainerInstancesState"] },
    ],
    [
      "Bottlerocket",
      { amiFamily: "bottlerocket" },
      { LogInToRegistries: ["ecr:GetAuthorizationToken"], SessionManager: SESSIONS },
    ],
  ])("follows the rest of the settings: %s", (_, settings, expected) => {
    const own = made(settings);
    expect(Object.fromEntries(Object.keys(expected).map((sid) => [sid, own[sid]]))).toEqual(expected);
  });

  it.each<[unknown, string]>([
    [
      { instancePolicy: "none" },
      'instancePolicy must be one of "managed", "least-privilege"; received "none". Known are managed, least-privilege.',
    ],
    [
      {
        instancePolicy: "least-privilege",
        agent: { variables: { ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE: "false" } },
      },
      'agent.variables.ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE must be "true" with instancePolicy "least-privilege", since the instance may not write containers\' logs; received "false". Leave it out.',
    ],
  ])("refuses %j", (settings, mistake) => {
    expect(mistakesOf(() => resolveSettings(settings as EcsClusterSettings))).toEqual([mistake]);
  });
});
