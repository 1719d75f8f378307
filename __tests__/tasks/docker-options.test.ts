import { defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

describe("the options of Docker", () => {
  it("render in the names of ECS", () => {
    const settings = {
      dockerLabels: { "com.example.team": "orders", a: "" },
      dockerSecurityOptions: ["no-new-privileges", "apparmor:custom", "label:type:svirt_apache"],
      interactive: true,
      pseudoTerminal: true,
      versionConsistency: "disabled",
      credentialSpecs: ["credentialspecdomainless:arn:aws:ssm:eu-west-1:111122223333:parameter/spec"],
    } as const;
    expect(defined(settings)).toMatchObject(settings);
    for (const name of Object.keys(settings)) expect(defined()).not.toHaveProperty(name);
  });

  it.each<[string, object, string]>([
    [
      "a label without a name",
      { dockerLabels: { "": "a" } },
      'dockerLabels[""] must not have an empty name; received "". Rename the label.',
    ],
    [
      "a security option that ECS does not accept",
      { dockerSecurityOptions: ["seccomp:unconfined"] },
      'dockerSecurityOptions[0] must be a security option that ECS accepts; received "seccomp:unconfined". Use no-new-privileges, apparmor:PROFILE, label:VALUE or credentialspec:PATH.',
    ],
    [
      "another word for versionConsistency",
      { versionConsistency: "off" },
      'versionConsistency must be one of "enabled", "disabled"; received "off". Choose one of these.',
    ],
    [
      "a credential spec without its kind",
      { credentialSpecs: ["arn:aws:s3:::specs/a"] },
      'credentialSpecs[0] must be credentialspecdomainless: or credentialspec: and an ARN; received "arn:aws:s3:::specs/a". Write the ARN of the SSM parameter or of the S3 object that has the credential spec.',
    ],
    [
      "two credential specs",
      { credentialSpecs: ["credentialspec:arn:aws:s3:::specs/a", "credentialspec:arn:aws:s3:::specs/b"] },
      "credentialSpecs must have at most one credential spec; received 2. ECS accepts one for each container.",
    ],
  ])("reject %s", (_, settings, message) => {
    expect(problemsOf(() => parsed(settings))).toEqual([message]);
  });
});
