import type { AutoscalingGroupInitialLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingLifecycleHook } from "@cdktf/provider-aws/lib/autoscaling-lifecycle-hook";
import type { Construct } from "constructs";
import { literal } from "../terraform/expression";
import { length, matches, wholeNumber } from "../validation/rule";
import { choice, map, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { partNames } from "./part-names";

/** When a lifecycle hook keeps an instance waiting. */
const HOOK_TRANSITIONS = ["launching", "terminating"] as const;
/** What happens to an instance when no answer arrives. */
const HOOK_RESULTS = ["abandon", "continue"] as const;

/** Keeps an instance waiting until somebody completes the action, or until the timeout. */
export interface LifecycleHook {
  /**
   * `launching` waits before an instance goes into service. This includes the first instances of a new group. `apply`
   * does not wait for them. `terminating` waits before an instance terminates.
   */
  readonly transition: (typeof HOOK_TRANSITIONS)[number];
  /** Seconds to wait for an answer. @default 3600 */
  readonly heartbeatTimeoutSeconds?: number;
  /** What happens without an answer. `abandon` terminates an instance that was launching. @default "abandon" */
  readonly defaultResult?: (typeof HOOK_RESULTS)[number];
  /** The ARN of an SNS topic or an SQS queue for notifications. It requires `roleArn`. @default - only EventBridge receives the event */
  readonly notificationTargetArn?: string;
  /** The ARN of the role that can publish to the target. @default - none */
  readonly roleArn?: string;
  /** A text in each notification. @default - none */
  readonly notificationMetadata?: string;
}

const targetArn = matches(
  "^arn:aws[a-z-]*:(sns|sqs):",
  "be the ARN of an SNS topic or an SQS queue",
  "For example arn:aws:sns:REGION:ACCOUNT:TOPIC.",
);
const roleArn = matches("^arn:aws[a-z-]*:iam:", "be the ARN of a role", "For example arn:aws:iam::ACCOUNT:role/NAME.");

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html */
export const lifecycleHookSchema = schemaOf<LifecycleHook>()(
  {
    transition: plain(choice(...HOOK_TRANSITIONS)),
    heartbeatTimeoutSeconds: number(wholeNumber(30, 7200, "seconds", "For example 3600.")).default(3600),
    defaultResult: plain(choice(...HOOK_RESULTS)).default("abandon"),
    notificationTargetArn: string(targetArn).optional(),
    roleArn: string(roleArn).optional(),
    notificationMetadata: string(length(1, 1023, "Shorten it, or remove it for none.")).optional(),
  },
  targetNeedsRole,
);

function* targetNeedsRole(_: Known<LifecycleHook>, given: Given<LifecycleHook>): Findings<LifecycleHook> {
  const fix = "Auto Scaling publishes to the target with the role. Set both, or neither.";
  if (given("roleArn") && !given("notificationTargetArn")) {
    yield { at: "roleArn", must: "be used with notificationTargetArn", fix };
  }
  if (given("notificationTargetArn") && !given("roleArn")) {
    yield { at: "notificationTargetArn", must: "be used with roleArn", fix };
  }
}

/**
 * The field of a `lifecycleHooks` setting. A group can have 50 hooks, and ECS creates one for managed draining.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html
 */
export const lifecycleHooksField = map(lifecycleHookSchema, partNames(49));

type Hooks = Parsed<typeof lifecycleHooksField>;

/** Returns a hook in the words that its resource and the block of the group share. */
const hookBlock = (name: string, hook: Hooks[string]): AutoscalingGroupInitialLifecycleHook => ({
  name,
  lifecycleTransition: `autoscaling:EC2_INSTANCE_${hook.transition.toUpperCase()}`,
  heartbeatTimeout: hook.heartbeatTimeoutSeconds,
  defaultResult: hook.defaultResult.toUpperCase(),
  notificationTargetArn: hook.notificationTargetArn && literal(hook.notificationTargetArn),
  roleArn: hook.roleArn && literal(hook.roleArn),
  notificationMetadata: hook.notificationMetadata && literal(hook.notificationMetadata),
});

/**
 * Returns the launching hooks, which must exist before the first instances. With these blocks, the provider creates the
 * group empty, adds the hooks, and then sets the size. It never reads or updates the blocks, so each hook is also a
 * resource, which puts the same hook again and applies later changes.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_lifecycle_hook
 */
export const initialHookBlocks = (hooks: Hooks = {}): AutoscalingGroupInitialLifecycleHook[] =>
  Object.entries(hooks)
    .filter(([, { transition }]) => transition === "launching")
    .map(([name, hook]) => hookBlock(name, hook));

/** Creates the hooks of a group. */
export function createLifecycleHooks(scope: Construct, autoscalingGroupName: string, hooks: Hooks = {}): void {
  for (const [name, hook] of Object.entries(hooks)) {
    new AutoscalingLifecycleHook(scope, `hook_${name}`, { autoscalingGroupName, ...hookBlock(name, hook) });
  }
}
