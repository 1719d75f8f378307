import { type EC2Client, paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { DescribeKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import type { KeyFacts, VolumeFacts } from "../facts";
import { allPages, inBatches } from "./paging";

/** Reads the state of a KMS key, by an ID, an ARN or an alias. */
export async function readKey(kms: KMSClient, KeyId: string): Promise<KeyFacts> {
  try {
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId }));
    return {
      arn: key?.Arn ?? KeyId,
      state: key?.KeyState ?? "",
      deletionDate: key?.DeletionDate?.toISOString().slice(0, 10),
    };
  } catch (error) {
    if ((error as Error).name === "NotFoundException") return { arn: KeyId, state: "deleted" };
    throw error;
  }
}

/** Reads the encrypted volumes of instances. */
export async function readVolumes(client: EC2Client, instanceIds: readonly string[]): Promise<VolumeFacts[]> {
  const volumes = await inBatches(instanceIds, 100, (Values) =>
    allPages(
      paginateDescribeVolumes({ client }, { Filters: [{ Name: "attachment.instance-id", Values }] }),
      ({ Volumes }) => Volumes,
    ),
  );
  return volumes.flatMap(({ VolumeId = "", Attachments = [], KmsKeyId }) =>
    KmsKeyId ? [{ id: VolumeId, instanceId: Attachments[0]?.InstanceId ?? "", keyId: KmsKeyId }] : [],
  );
}
