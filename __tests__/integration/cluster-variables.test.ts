import type { TerraformResult } from "../../cli/offline-provider";
import type { SettingsError } from "../../src";
import { resolveClusterSettings } from "../../src/stacks/ecs-cluster-settings";
import { clusterConfiguration, unwrapped } from "../support/cluster";
import { casesAsModules, errorTextOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { describeTerraform } from "../support/terraform";

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Returns the rule and the fix of each problem that the same value has at synth. The plan shows the value as JSON. */
function problemsAtSynth(name: string, value: unknown): readonly (readonly [rule: string, fix: string])[] {
  try {
    resolveClusterSettings({ values: { [camelCase(name)]: value } }, "ecs");
    return [];
  } catch (error) {
    return (error as SettingsError).problems.map(({ rule, fix }) => [rule, fix]);
  }
}

describeTerraform("a wrong value of a variable", (lab) => {
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
    // The rules of a variable need only the variables that they read.
    const { provider: _, ...stack } = clusterConfiguration();
    const given = cases.map(([name, value]) => ({
      // The rules of max_size compare the sizes.
      configuration: partOf(stack, `var.${name}`, "var.max_size"),
      // The messages of a default do not have the case's name, so max_size is given too.
      variables: { max_size: 2, [name]: value },
    }));
    planned = await (await casesAsModules(lab, given)).plan();
  });

  it.each(cases.map(([name, value], index) => [name, value, index] as const))(
    "%s = %j has the same problem at plan as at synth",
    (name, value, index) => {
      const atSynth = problemsAtSynth(name, value);
      expect(atSynth).not.toHaveLength(0);
      for (const text of atSynth.flat()) expect(errorTextOf(planned.stderr, index)).toContain(text);
    },
  );

  const notKeys = [
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----"],
    ["a password", "correct horse battery staple b3BlbnNzaC1rZXktdjEA"],
    ["a key of a kind that EC2 rejects", "ecdsa-sha2-nistp256 b3BlbnNzaC1rZXktdjEA me@host"],
  ] as const;
  let keys: TerraformResult;
  beforeAll(async () => {
    const configuration = partOf(clusterConfiguration(), "aws_key_pair.key_pair");
    const given = notKeys.map(([, ssh_public_key]) => ({ configuration, variables: { ssh_public_key } }));
    keys = await (await casesAsModules(lab, given)).plan();
  });

  it.each(notKeys.map(([what, key], index) => [what, key, index] as const))(
    "rejects %s as ssh_public_key, and prints no part of it",
    (_, key, index) => {
      expect(keys.status).toBe(1);
      expect(keys.stdout + keys.stderr).not.toContain("b3BlbnNzaC1rZXktdjEA");
      const atSynth = problemsAtSynth("ssh_public_key", key);
      expect(atSynth).toHaveLength(1);
      for (const text of atSynth.flat()) expect(errorTextOf(keys.stderr, index)).toContain(text);
      expect(atSynth.join()).not.toContain("b3BlbnNzaC1rZXktdjEA");
    },
  );

  it("fails the plan of the whole stack, which reports all of them", async () => {
    const terraform = await lab.terraform({
      configuration: clusterConfiguration(),
      // The last value of each variable, without those that contradict each other.
      variables: { ...Object.fromEntries(cases), max_size: 0, min_size: 1, desired_size: null, ssh_public_key: "none" },
    });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    for (const name of new Set(cases.map(([name]) => name).filter((name) => !/^(min|desired)_size$/.test(name)))) {
      expect(unwrapped(stderr)).toMatch(new RegExp(`${name} must `));
    }
  });

  it("fails the plan when ssh_public_key is missing", async () => {
    const terraform = await lab.terraform({ configuration: clusterConfiguration() });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    expect(stderr).toContain("No value for required variable");
    expect(stderr).toContain('variable "ssh_public_key"');
  });

  it("uses the default for null", async () => {
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
