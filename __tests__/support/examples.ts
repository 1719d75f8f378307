import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Configuration, type Fixtures, subnetId } from "../../tools/offline-provider";
import { existingCluster } from "./existing-cluster";

/** The names of `examples/*.ts`. */
export const EXAMPLES: readonly string[] = readdirSync("examples")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();

/** What an app wrote: its folder, and each stack's Terraform JSON by name. */
export interface Synthesized {
  readonly outdir: string;
  readonly stacks: Readonly<Record<string, Configuration>>;
}

/** What apps wrote in this test file: running one again would load it and all of its sources anew. */
const written = new Map<string, string>();
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "synthesized-"));
  folders.push(folder);
  return folder;
}

/** Runs an app file in this process, and gives what it writes in a folder of its own, which goes after the test file. */
export function synthesizeApp(file: string): Synthesized {
  const outdir = newFolder();
  cpSync(written.get(file) ?? run(file), outdir, { recursive: true });
  const names = readdirSync(join(outdir, "stacks")).sort();
  const path = (name: string) => join(outdir, "stacks", name, "cdk.tf.json");
  return {
    outdir,
    stacks: Object.fromEntries(names.map((name) => [name, JSON.parse(readFileSync(path(name), "utf8"))])),
  };
}

function run(file: string): string {
  const folder = newFolder();
  const before = process.env.CDKTF_OUTDIR;
  process.env.CDKTF_OUTDIR = folder;
  try {
    require(resolve(file));
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
  }
  written.set(file, folder);
  return folder;
}

/** Keeps the state in the stack's own folder, since a backend in S3 would want a network. */
export function keepStateLocal({ outdir, stacks }: Synthesized): void {
  for (const name of Object.keys(stacks)) {
    const override = { terraform: { backend: { local: {} } } };
    writeFileSync(join(outdir, "stacks", name, "offline_override.tf.json"), JSON.stringify(override));
  }
}

const VPC = "vpc-0123456789abcdef0";
const PUBLIC_SUBNETS = ["a", "c"].map((zone) => subnetId(VPC, `ap-northeast-2${zone}`));
const PRIVATE_SUBNETS = ["subnet-0a2a2a2a2a2a2a2a2", "subnet-0c2c2c2c2c2c2c2c2"];
const cluster = existingCluster();

/** What the examples expect to be there: a cluster, a network for the hardened one, a role that accounts have sooner or later. */
export const EXAMPLE_FIXTURES: Partial<Fixtures> = {
  ...cluster,
  otherVpcs: [VPC],
  existing: {
    ...cluster.existing,
    aws_subnet: PRIVATE_SUBNETS.map((id, index) => ({
      id,
      vpc_id: VPC,
      availability_zone: `ap-northeast-2${["a", "c"][index]}`,
      default_for_az: false,
    })),
    aws_iam_role: [{ name: "AWSServiceRoleForAutoScaling", path: "/aws-service-role/autoscaling.amazonaws.com/" }],
  },
};

/** Values that stand for what only a person can give, by variable. */
export function exampleValues(configuration: Configuration): Record<string, unknown> {
  const required = Object.entries((configuration.variable ?? {}) as Record<string, { default?: unknown; type: string }>)
    .filter(([, variable]) => !("default" in variable))
    .map(([name]) => name);
  return Object.fromEntries(required.map((name) => [name, exampleValue(name, configuration)]));
}

function exampleValue(name: string, configuration: Configuration): unknown {
  const variables = configuration.variable as Record<string, { default?: unknown }>;
  const known: Record<string, unknown> = {
    ssh_public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GJKl me@example.com",
    key_name: "mine",
    alarm_topic_arn: `arn:aws:sns:${variables.region?.default}:111122223333:alarms`,
    extra_security_group_ids: ["sg-0123456789abcdef0"],
    subnet_ids: PUBLIC_SUBNETS,
    private_subnet_ids: PRIVATE_SUBNETS,
    certificate_arn: `arn:aws:acm:${variables.region?.default}:111122223333:certificate/0f0e0d0c-1111-2222-3333-444455556666`,
  };
  if (name in known) return known[name];
  if (name.endsWith("_image")) return "public.ecr.aws/docker/library/nginx:1.27";
  if (name.endsWith("_image_tag")) return "1.0.0";
  throw new Error(`No example value for the variable ${name}: add one to __tests__/support/examples.ts.`);
}
