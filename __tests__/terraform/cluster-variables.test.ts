import type { SettingsError } from "../../src";
import { clusterConfiguration, clusterStack, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What the same value says at synth, without the setting's name before it. */
function synthMistakes(name: string, value: unknown): readonly string[] {
  try {
    clusterStack({ values: { [camelCase(name)]: value } });
    return [];
  } catch (error) {
    return (error as SettingsError).mistakes.map((mistake) => mistake.replace(/^values\.\w+: /, ""));
  }
}

describeTerraform("a bad value of a variable", (lab) => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["region", "seoul"],
    ["region", "ap-northeast-2a"],
    ["name", "ab"],
    ["name", "internal-tools"],
    ["name", "a-name-that-is-far-too-long-for-a-load-balancer"],
    ["name", "under_score"],
    ["instance_types", []],
    ["instance_types", ["t3"]],
    ["min_size", 1.5],
    ["min_size", 3],
    ["max_size", 0],
    ["desired_size", 5],
    ["ssh_cidrs", ["0.0.0.0/0"]],
    ["ssh_cidrs", ["1.2.3.4/0", "0:0::/0", "::/0"]],
    ["ssh_cidrs", ["::ffff:0:0/96"]],
    ["ssh_cidrs", ["10.0.0.1/8"]],
    ["ssh_cidrs", ["2001:db8::1/32"]],
    ["http_cidrs", ["everyone"]],
    ["http_cidrs", ["300.0.0.0/8"]],
    ["root_volume_gib", 29],
    ["log_retention_days", 10],
    ["ami_version", "latest"],
    ["tags", { "aws:mine": "x" }],
    ["tags", { name: "x" }],
    ["tags", { owner: "a", Owner: "b" }],
    ["tags", { team: 'a "quoted" value' }],
  ];

  it.each(cases)("%s = %j says at plan what it says at synth", async (name, value) => {
    const terraform = await lab.terraform({
      configuration: clusterConfiguration(),
      variables: { ssh_public_key: PUBLIC_KEY, [name]: value },
    });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    const atSynth = synthMistakes(name, value);
    expect(atSynth).not.toHaveLength(0);
    for (const mistake of atSynth) expect(unwrapped(stderr)).toContain(mistake);
  });

  it.each([
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----"],
    ["a password", "correct horse battery staple b3BlbnNzaC1rZXktdjEA"],
    ["a key of a kind that EC2 doesn't take", "ecdsa-sha2-nistp256 b3BlbnNzaC1rZXktdjEA me@host"],
  ])("ssh_public_key holding %s is refused, and no part of it is printed", async (_, key) => {
    const terraform = await lab.terraform({
      configuration: clusterConfiguration(),
      variables: { ssh_public_key: key },
    });
    const { status, stdout, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stdout + stderr).not.toContain("b3BlbnNzaC1rZXktdjEA");
    const atSynth = synthMistakes("ssh_public_key", key);
    expect(atSynth).toHaveLength(1);
    expect(unwrapped(stderr)).toContain(atSynth[0]);
    expect(atSynth.join()).not.toContain("b3BlbnNzaC1rZXktdjEA");
  });

  it("a missing ssh_public_key is asked for by its description", async () => {
    const terraform = await lab.terraform({ configuration: clusterConfiguration() });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr).toContain("No value for required variable");
    expect(stderr).toContain('variable "ssh_public_key"');
  });

  it("a null where there must be a value is the default", async () => {
    const terraform = await lab.terraform({
      configuration: clusterConfiguration(),
      variables: { ssh_public_key: PUBLIC_KEY, min_size: null, name: null },
    });
    const { output_changes } = await terraform.planJson();
    expect(output_changes?.cluster_name?.after).toBe("ecs");
  });
});
