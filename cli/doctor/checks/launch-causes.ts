import type { Cause } from "../check";

/** The causes of services that a missing instance explains. */
export const NO_ROOM = ["no-instance-matches", "no-room", "tasks-wait"] as const;

const failure = (words: RegExp, cause: Cause) => [words, { ...cause, explains: NO_ROOM }] as const;

/** What launches fail for, by the message of AWS. The first match counts. */
export const LAUNCH_CAUSES: readonly (readonly [words: RegExp, cause: Cause])[] = [
  failure(/InsufficientInstanceCapacity|sufficient .*capacity/i, {
    id: "launch-no-aws-capacity",
    title: "AWS has no capacity for the instance types.",
    fix: "AWS has no capacity for these instance types. Add other types of the same architecture to instance_types, or wait.",
  }),
  failure(/vcpu|MaxSpotInstanceCountExceeded|InstanceLimitExceeded/i, {
    id: "launch-quota",
    title: "The account's vCPU quota is used up.",
    fix: "The account's vCPU quota is used up. Request an increase in Service Quotas, or stop other instances.",
  }),
  failure(/not supported in your requested Availability Zone|Unsupported/i, {
    id: "launch-zone",
    title: "An Availability Zone does not offer the instance type.",
    fix: "The Availability Zone does not offer the instance type. Deploy the stack again, which leaves out such zones, or choose other instance_types.",
  }),
  failure(/KMS|InternalError|InvalidKmsKey|encrypted/i, {
    id: "launch-kms-key",
    title: "Auto Scaling cannot use the KMS key of the volumes.",
    fix: "Auto Scaling cannot use the KMS key of the volumes. Add the role AWSServiceRoleForAutoScaling to the key's policy.",
  }),
  failure(/key ?pair/i, {
    id: "launch-key-pair",
    title: "The key pair of the launch template was deleted.",
    fix: 'The key pair was deleted. Deploy the stack again, which creates it. With keyPair: "existing", set key_name to an existing key pair.',
  }),
  failure(/image|AMI/i, {
    id: "launch-image",
    title: "The AMI of the launch template was deleted.",
    fix: "The AMI was deleted. Set ami_version to recommended, or to a newer version, and deploy. If the AMI is your own, set ami_id to another one.",
  }),
  failure(/not authorized|AccessDenied|UnauthorizedOperation/i, {
    id: "launch-permission",
    title: "Auto Scaling lacks a permission to launch instances.",
    fix: "Auto Scaling lacks a permission. The message names it.",
  }),
];
