import {
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { GroupFacts, InstanceTypeFacts, TemplateFacts } from "../facts";
import { inBatches } from "./paging";

/** Reads the version of the launch template that a group starts its next instance from. */
export async function readTemplate(
  ec2: EC2Client,
  { name: group, template, instanceTypes = [] }: GroupFacts,
): Promise<TemplateFacts | undefined> {
  if (template === undefined) return undefined;
  const facts = { group, id: template.id, version: template.version, instanceTypes };
  try {
    const request = { LaunchTemplateId: template.id, Versions: [template.version, "$Latest"] };
    const answer = await ec2.send(new DescribeLaunchTemplateVersionsCommand(request));
    const versions = answer.LaunchTemplateVersions ?? [];
    const newest = Math.max(...versions.map(({ VersionNumber = 0 }) => VersionNumber));
    const used = versions.find(
      ({ VersionNumber, DefaultVersion = false }) =>
        String(VersionNumber) === template.version ||
        (template.version === "$Latest" && VersionNumber === newest) ||
        (template.version === "$Default" && DefaultVersion),
    );
    if (used === undefined) return facts;
    const { VersionNumber: number = 0, LaunchTemplateData: data = {} } = used;
    return {
      ...facts,
      found: {
        number,
        newest,
        imageId: data.ImageId,
        profile: data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name,
        keyIds: (data.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.KmsKeyId ?? []),
      },
      instanceTypes: instanceTypes.length > 0 ? instanceTypes : data.InstanceType ? [data.InstanceType] : [],
    };
  } catch (error) {
    if (/^InvalidLaunchTemplate(Id|Name)\.(VersionNotFound|NotFound)/.test((error as Error).name)) return facts;
    throw error;
  }
}

export async function readInstanceTypes(ec2: EC2Client, names: readonly string[]): Promise<InstanceTypeFacts[]> {
  const types = await inBatches(names, 100, async (Values) => {
    // A filter, because the call fails if a list of types has one that the region does not offer.
    const request = { Filters: [{ Name: "instance-type", Values }] };
    return (await ec2.send(new DescribeInstanceTypesCommand(request))).InstanceTypes;
  });
  return types.map(({ InstanceType = "", ProcessorInfo, NetworkInfo }) => ({
    name: InstanceType,
    architectures: ProcessorInfo?.SupportedArchitectures ?? [],
    interfaces: NetworkInfo?.MaximumNetworkInterfaces,
  }));
}
