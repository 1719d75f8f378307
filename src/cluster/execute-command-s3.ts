import { bucketRules, kmsKeyArnRule } from "../validation/aws-rules";
import { matches, matchesNot } from "../validation/rule";
import { schemaOf, string } from "../validation/schema";

/**
 * A bucket for the output of ECS Exec sessions. It must have default encryption, which every new bucket has. The task roles of
 * services with `enableExecuteCommand` may write to it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
export interface ExecuteCommandS3 {
  /** The name of the bucket. A bucket of another account must also admit the task roles in its policy. */
  readonly bucketName: string;
  /** The start of the keys of all objects, without a slash at the end. @default - none */
  readonly keyPrefix?: string;
  /** The customer managed key that encrypts the bucket, by ARN. The task roles may use it. @default - a key that AWS owns */
  readonly encryptionKeyArn?: string;
}

const EXAMPLE = 'For example "ecs-exec" or "audit/prod". Remove it for no prefix.';

export const executeCommandS3Schema = schemaOf<ExecuteCommandS3>()({
  bucketName: string(...bucketRules),
  keyPrefix: string(
    matches("^[A-Za-z0-9!_.'()/-]{1,512}$", "have 1 to 512 letters, digits and ! - _ . ' ( ) /", EXAMPLE),
    matchesNot("^/|/$|//", "neither begin nor end with a slash, nor have two in a row", EXAMPLE),
  ).optional(),
  encryptionKeyArn: string(kmsKeyArnRule).optional(),
});
