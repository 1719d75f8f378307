import type { TerraformResult } from "../../cli/offline-provider";
import type { SettingsError } from "../../src";
import { clusterConfiguration, clusterStack, unwrapped } from "../support/cluster";
import { casesAsModules, complaintsOf } from "../support/modules";
import { partOf } from "../support/part-of";
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

  let planned: TerraformResult;
  beforeAll(async () => {
    // A variable's rules need nothing that uses it, and what they read is part of it.
    const { provider: _, ...stack } = clusterConfiguration();
    const given = cases.map(([name, value]) => ({
      // The sizes are compared by the larger one's rules.
      configuration: partOf(stack, `var.${name}`, "var.max_size"),
      // What a default breaks is told of without the case's name, so that it is given as well.
      variables: { max_size: 2, [name]: value },
    }));
    planned = await (await casesAsModules(lab, given)).plan();
  });

  it.each(cases.map(([name, value], index) => [name, value, index] as const))(
    "%s = %j says at plan what it says at synth",
    (name, value, index) => {
      const atSynth = synthMistakes(name, value);
      expect(atSynth).not.toHaveLength(0);
      for (const mistake of atSynth) expect(complaintsOf(planned.stderr, index)).toContain(mistake);
    },
  );

  const notKeys = [
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----"],
    ["a password", "correct horse battery staple b3BlbnNzaC1rZXktdjEA"],
    ["a key of a kind that EC2 doesn't take", "ecdsa-sha2-nistp256 b3BlbnNzaC1rZXktdjEA me@host"],
  ] as const;
  let keys: TerraformResult;
  beforeAll(async () => {
    const configuration = partOf(clusterConfiguration(), "aws_key_pair.key_pair");
    const given = notKeys.map(([, ssh_public_key]) => ({ configuration, variables: { ssh_public_key } }));
    keys = await (await casesAsModules(lab, given)).plan();
  });

  it.each(notKeys.map(([what, key], index) => [what, key, index] as const))(
    "ssh_public_key holding %s is refused, and no part of it is printed",
    (_, key, index) => {
      expect(keys.status).toBe(1);
      expect(keys.stdout + keys.stderr).not.toContain("b3BlbnNzaC1rZXktdjEA");
      const atSynth = synthMistakes("ssh_public_key", key);
      expect(atSynth).toHaveLength(1);
      expect(complaintsOf(keys.stderr, index)).toContain(atSynth[0]);
      expect(atSynth.join()).not.toContain("b3BlbnNzaC1rZXktdjEA");
    },
  );

  it("fails the plan of the whole stack, and all of them are told of at once", async () => {
    const terraform = await lab.terraform({
      configuration: clusterConfiguration(),
      // The last of each variable's values; without those that contradict each other.
      variables: { ...Object.fromEntries(cases), max_size: 0, min_size: 1, desired_size: null, ssh_public_key: "none" },
    });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    for (const name of new Set(cases.map(([name]) => name).filter((name) => !/^(min|desired)_size$/.test(name)))) {
      expect(unwrapped(stderr)).toMatch(new RegExp(`${name} must `));
    }
  });

  it("a missing ssh_public_key is asked for by its description", async () => {
    const terraform = await lab.terraform({ configuration: clusterConfiguration() });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr).toContain("No value for required variable");
    expect(stderr).toContain('variable "ssh_public_key"');
  });

  it("a null where there must be a value is the default", async () => {
    const part = partOf(clusterConfiguration({ keyPair: "none" }), "output.cluster_name", "var.min_size");
    const output = { ...(part.output as object), min_size: { value: "${var.min_size}" } };
    const terraform = await lab.terraform({
      configuration: { ...part, output },
      variables: { min_size: null, name: null },
    });
    const { output_changes } = await terraform.planJson();
    expect(output_changes).toMatchObject({ cluster_name: { after: "ecs" }, min_size: { after: 1 } });
  });
});
