import type { Symptom } from "./symptom";

/** Why an Auto Scaling group starts no instance. */
export const NO_CAPACITY: readonly Symptom[] = [
  {
    id: "group-full",
    seen: "the desired capacity is the maximum size",
    cause: "The group cannot grow.",
    fix: "Raise `max_size`.",
  },
  {
    id: "launch-no-aws-capacity",
    words: /InsufficientInstanceCapacity|sufficient .*capacity/i,
    seen: "`insufficient capacity`",
    cause: "AWS has no capacity for these types in these zones.",
    fix: "Add types of the same architecture to `instance_types`. With `spot`, use on-demand instances instead.",
  },
  {
    id: "launch-quota",
    words: /vcpu|MaxSpotInstanceCountExceeded|InstanceLimitExceeded/i,
    seen: "`vCPU limit`, `MaxSpotInstanceCountExceeded`",
    cause: "The account reached its quota of vCPUs.",
    fix: "Request a higher quota in Service Quotas, or stop other instances.",
  },
  {
    id: "launch-zone",
    words: /not supported in your requested Availability Zone|Unsupported/i,
    seen: "`not supported in your requested Availability Zone`",
    cause: "The zone does not offer the type.",
    fix: "Deploy the stack again: a plan leaves out such zones. Or choose other `instance_types`.",
  },
  {
    id: "launch-kms-key",
    words: /KMS|InternalError|encrypted/i,
    seen: "`Client.InternalError`, `InvalidKMSKey`",
    cause: "The key of the volumes is disabled, or its key policy does not admit Auto Scaling.",
    fix: "Enable the key. Admit `AWSServiceRoleForAutoScaling` in the key policy. The key of `customerKey` admits it.",
  },
  {
    id: "launch-key-pair",
    words: /key ?pair/i,
    seen: "`InvalidKeyPair.NotFound`",
    cause: "The key pair was deleted.",
    fix: 'Deploy the stack again, which creates it. With `keyPair: "existing"`, set `key_name` to an existing key pair.',
  },
  {
    id: "launch-profile",
    words: /iamInstanceProfile|instance ?profile/i,
    seen: "`Invalid IAM Instance Profile`",
    cause: "The instance profile of the launch template was deleted, or has no role.",
    fix: "Deploy the stack again, which creates the profile and its role.",
  },
  {
    id: "launch-image",
    words: /image|AMI/i,
    seen: "`InvalidAMIID`",
    cause: "The AMI of the launch template was deregistered, or is not shared with the account.",
    fix: "Set `ami_version` to `recommended`, or to a newer version, and deploy. If the AMI is your own, set `ami_id` to another one.",
  },
  {
    id: "launch-permission",
    words: /not authorized|AccessDenied|UnauthorizedOperation/i,
    vague: true,
    seen: "`UnauthorizedOperation`",
    cause: "Auto Scaling lacks a permission. The message names it.",
    fix: "Restore the service-linked role `AWSServiceRoleForAutoScaling`, or change the service control policy of the organization that denies the action.",
  },
  {
    id: "no-activity",
    seen: "no recent activity",
    cause: "Managed scaling takes minutes. From zero, it starts two instances.",
    fix: "Wait. Then the status must be `ENABLED`.",
    commands: [
      "aws ecs describe-capacity-providers --capacity-providers PROVIDER --query 'capacityProviders[].autoScalingGroupProvider.managedScaling.status'",
    ],
  },
  {
    id: "task-too-large",
    seen: "tasks need more than one instance has",
    cause: "The task fits on no instance.",
    fix: "Choose larger `instance_types`. A plan reports it too.",
  },
];
