import { readTemplate } from "../../../cli/doctor/aws/read-templates";
import { templatesCheck } from "../../../cli/doctor/checks/templates";
import type { GroupFacts, TemplateFacts } from "../../../cli/doctor/facts";

type Found = NonNullable<TemplateFacts["found"]>;

const VERSION: Found = { number: 2, newest: 2, imageId: "ami-2", profile: "next", keyIds: [] };
const ROLE = { profileArn: "next", name: "next", trustedServices: ["ec2.amazonaws.com"], policies: [] };

const decide = (
  change: Partial<Found> | undefined,
  facts: Partial<Parameters<typeof templatesCheck.decide>[0]> = {},
  version = "2",
) =>
  templatesCheck.decide({
    templates: [
      { group: "g", id: "lt-1", version, instanceTypes: ["t3.small"], found: change && { ...VERSION, ...change } },
    ],
    ...{ region: "eu-west-1", running: [], roles: [ROLE] },
    images: [{ id: "ami-2", name: "al2023", daysOld: 1, architecture: "x86_64" }],
    types: [{ name: "t3.small", architectures: ["i386", "x86_64"] }],
    ...facts,
  });

describe("the check of launch templates", () => {
  it("accepts a template that the next instance can start from", () => {
    expect(decide({})).toEqual({ findings: [], notes: ["g: lt-1 version 2, ami-2"] });
  });

  it.each([
    ["template-deleted", decide(undefined)],
    ["template-old-version", decide({ newest: 3 })],
    ["template-without-profile", decide({ profile: undefined })],
    ["template-profile-deleted", decide({}, { roles: [{ ...ROLE, name: undefined, deleted: true }] })],
    ["template-role-not-trusted", decide({}, { roles: [{ ...ROLE, trustedServices: [] }] })],
    ["template-image-deleted", decide({}, { images: [] })],
    ["template-architecture", decide({}, { types: [{ name: "t3.small", architectures: ["arm64"] }] })],
  ])("finds %s", (id, { findings }) => {
    expect(findings.map(({ cause }) => cause.id)).toEqual([id]);
    expect(findings[0]?.about).toEqual({ groups: ["g"] });
  });

  it.each([
    ["$Default, which an owner chose", decide({ newest: 3 }, {}, "$Default")],
    ["an AMI by a parameter", decide({ imageId: "resolve:ssm:/own/ami" }, { images: [] })],
    ["what it could not read", decide({}, { images: undefined, roles: undefined, types: undefined })],
    [
      "an AMI of running instances, which another check covers",
      decide(
        {},
        {
          images: [],
          running: [
            {
              id: "i-1",
              state: "running",
              zone: "a",
              minutesOld: 9,
              imageId: "ami-2",
              securityGroupIds: [],
              template: "",
            },
          ],
        },
      ),
    ],
  ])("accepts %s", (_, { findings }) => {
    expect(findings).toEqual([]);
  });
});

describe("the launch template of a group", () => {
  const group = (version: string): GroupFacts => ({
    ...{ name: "g", minSize: 1, maxSize: 1, desiredSize: 1, instances: [], activities: [] },
    template: { id: "lt-1", version },
  });
  const LaunchTemplateVersions = [
    { VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: { ImageId: "ami-1", InstanceType: "t3.small" } },
    { VersionNumber: 3, LaunchTemplateData: { ImageId: "ami-3", IamInstanceProfile: { Arn: "arn:p" } } },
  ];
  const read = (version: string, send = async (): Promise<object> => ({ LaunchTemplateVersions })) =>
    readTemplate({ send } as never, group(version));

  it.each([
    ["1", "ami-1", ["t3.small"]],
    ["$Default", "ami-1", ["t3.small"]],
    ["$Latest", "ami-3", []],
  ])("has the version %s", async (version, imageId, instanceTypes) => {
    expect(await read(version)).toMatchObject({ version, instanceTypes, found: { imageId, newest: 3 } });
  });

  it("is not found if it was deleted", async () => {
    const gone = async () => Promise.reject(Object.assign(new Error(), { name: "InvalidLaunchTemplateId.NotFound" }));
    expect((await read("1", gone))?.found).toBeUndefined();
    expect((await read("2"))?.found).toBeUndefined();
    await expect(read("1", async () => Promise.reject(new Error("slow down")))).rejects.toThrow("slow down");
  });
});
