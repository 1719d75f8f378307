import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import { Testing } from "cdktf";
import type { AsgCapacityProviderProps } from "../../src";
import { groupJson } from "../support/group";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";

Testing.setupJest();

type Hooks = NonNullable<AsgCapacityProviderProps["lifecycleHooks"]>;

const QUEUE = "arn:aws:sqs:eu-west-1:111122223333:hooks";
const ROLE = "arn:aws:iam::111122223333:role/hooks";
const synthesize = (lifecycleHooks?: Hooks): string => groupJson({ lifecycleHooks });

describe("lifecycle hooks", () => {
  it("have a resource each", () => {
    const json = synthesize({
      warm_cache: { transition: "launching", heartbeatTimeoutSeconds: 300, defaultResult: "continue" },
      copy_logs: {
        transition: "terminating",
        notificationTargetArn: QUEUE,
        roleArn: ROLE,
        notificationMetadata: "${text}",
      },
    });
    expect(resourceCounts(json).aws_autoscaling_lifecycle_hook).toBe(2);
    expect(json).toHaveResourceWithProperties(AutoscalingLifecycleHook, {
      name: "warm_cache",
      autoscaling_group_name: "${aws_autoscaling_group.capacity.name}",
      lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      heartbeat_timeout: 300,
      default_result: "CONTINUE",
    });
    expect(json).toHaveResourceWithProperties(AutoscalingLifecycleHook, {
      name: "copy_logs",
      lifecycle_transition: "autoscaling:EC2_INSTANCE_TERMINATING",
      heartbeat_timeout: 3600,
      default_result: "ABANDON",
      notification_target_arn: QUEUE,
      role_arn: ROLE,
      notification_metadata: "$${text}",
    });
  });

  it("exist before the first instances if they are launching hooks, and the apply does not wait for the instances", () => {
    const wait = { transition: "launching", heartbeatTimeoutSeconds: 300, notificationMetadata: "${x}" } as const;
    const json = synthesize({ wait, copy_logs: { transition: "terminating" } });
    expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
      initial_lifecycle_hook: [
        {
          name: "wait",
          lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          heartbeat_timeout: 300,
          default_result: "ABANDON",
          notification_metadata: "$${x}",
        },
      ],
      wait_for_capacity_timeout: "0",
      lifecycle: expect.objectContaining({ ignore_changes: ["desired_capacity", "initial_lifecycle_hook"] }),
    });
  });

  it.each<[Hooks | undefined]>([[undefined], [{ copy_logs: { transition: "terminating" } }]])(
    "do not change the group without a launching hook: %j",
    (lifecycleHooks) => {
      const json = synthesize(lifecycleHooks);
      expect(json).not.toContain('"initial_lifecycle_hook":');
      expect(json).not.toContain("wait_for_capacity_timeout");
      expect(json).toHaveResourceWithProperties(AutoscalingGroup, {
        lifecycle: expect.objectContaining({ ignore_changes: ["desired_capacity", "initial_lifecycle_hook"] }),
      });
    },
  );

  it.each<[string, object, readonly string[]]>([
    [
      "ARNs of other services",
      { notificationTargetArn: ROLE, roleArn: QUEUE },
      [
        `lifecycleHooks.wait.notificationTargetArn must be the ARN of an SNS topic or an SQS queue; received "${ROLE}". For example arn:aws:sns:REGION:ACCOUNT:TOPIC.`,
        `lifecycleHooks.wait.roleArn must be the ARN of a role; received "${QUEUE}". For example arn:aws:iam::ACCOUNT:role/NAME.`,
      ],
    ],
    [
      "a target without a role",
      { notificationTargetArn: QUEUE },
      [
        `lifecycleHooks.wait.notificationTargetArn must be used with roleArn; received "${QUEUE}". Auto Scaling publishes to the target with the role. Set both, or neither.`,
      ],
    ],
    [
      "a role without a target",
      { roleArn: ROLE },
      [
        `lifecycleHooks.wait.roleArn must be used with notificationTargetArn; received "${ROLE}". Auto Scaling publishes to the target with the role. Set both, or neither.`,
      ],
    ],
    [
      "a timeout of more than two hours",
      { heartbeatTimeoutSeconds: 7201 },
      [
        "lifecycleHooks.wait.heartbeatTimeoutSeconds must be a whole number from 30 to 7200 (seconds); received 7201. For example 3600.",
      ],
    ],
    [
      "a text of more than 1023 characters",
      { notificationMetadata: "x".repeat(1024) },
      [
        `lifecycleHooks.wait.notificationMetadata must be 1 to 1023 characters long; received "${"x".repeat(79)}…. Shorten it, or remove it for none.`,
      ],
    ],
    [
      "an unknown transition",
      { transition: "launch" },
      [
        'lifecycleHooks.wait.transition must be one of "launching", "terminating"; received "launch". Choose one of these.',
      ],
    ],
    [
      "an unknown result",
      { defaultResult: "ABANDON" },
      [
        'lifecycleHooks.wait.defaultResult must be one of "abandon", "continue"; received "ABANDON". Choose one of these.',
      ],
    ],
  ])("reject %s", (_, hook, messages) => {
    expect(problemsOf(() => synthesize({ wait: { transition: "launching", ...hook } }))).toEqual(messages);
  });

  it("have names that fit into Terraform addresses", () => {
    expect(problemsOf(() => synthesize({ "Wait!": { transition: "launching" } }))).toEqual([
      'lifecycleHooks["Wait!"] must have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter; received "Wait!". The name is part of a Terraform address.',
    ]);
  });

  it("are at most 49, because ECS creates one more", () => {
    const hooks = (count: number): Hooks =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, { transition: "terminating" }]));
    expect(problemsOf(() => synthesize(hooks(49)))).toEqual([]);
    expect(problemsOf(() => synthesize(hooks(50)))).toEqual([
      "lifecycleHooks must have at most 49 entries; received 50. Combine some of them.",
    ]);
  });
});
