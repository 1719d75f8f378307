import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { type Configuration, type Fixtures, subnetId } from "../../cli/offline-provider";
import { existingCluster } from "./existing-cluster";

/** The names of `examples/*.ts`. */
export const EXAMPLES: readonly string[] = readdirSync("examples")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();

/** The examples about instances. They take as long as the other apps together, so they have their own test file. */
const CAPACITY_EXAMPLES = [
  ...["bottlerocket", "capacity-providers", "existing-vpc", "gpu"],
  ...["log-router", "mixed-instances", "scaling", "shared-files"],
];

/** The files of the default app and the examples: those about capacity, and all others. */
export const APPS = {
  capacity: CAPACITY_EXAMPLES.map((name) => `examples/${name}.ts`),
  others: [
    "main.ts",
    ...EXAMPLES.filter((name) => !CAPACITY_EXAMPLES.includes(name)).map((name) => `examples/${name}.ts`),
  ],
};

/** The name and the JSON of a stack. */
export type AppStack = readonly [name: string, configuration: Configuration];

/**
 * The stacks whose hand-over is tested in each flavor, with the number of its `run` blocks. Together they have every kind of resource.
 */
export const HANDOVER_TESTS: Readonly<Record<string, number>> = {
  ecs: 12,
  hardened: 9,
  bottlerocket: 8,
  "existing-vpc": 7,
  gpu: 12,
  "service-stack": 5,
  "blue-green": 12,
  "queue-worker": 10,
  releases: 9,
  grpc: 12,
  constructs: 4,
  "shared-files": 12,
  "private-instances": 9,
  "existing-parts": 8,
  domain: 12,
  jobs: 12,
  "network-load-balancer": 12,
};

/** Returns apps with their stacks, without stacks that differ from an earlier one only in plain values. */
export function distinctStacks(apps: readonly string[]): [app: string, stacks: AppStack[]][] {
  const shapes = new Set<string>();
  const isNew = ([, { resource, data }]: AppStack): boolean => {
    const plain = (_: string, value: unknown) => (typeof value === "string" && !value.includes("${") ? "" : value);
    const shape = JSON.stringify([resource, data], plain);
    return !shapes.has(shape) && shapes.add(shape).has(shape);
  };
  return apps.map((app) => [app, Object.entries(synthesizeApp(app)).filter(isNew)]);
}

/** The files that apps wrote, by app and path, because each app runs only once in a process. */
const written = new Map<string, ReadonlyMap<string, string>>();

/** Runs an app in this process. Returns the Terraform JSON of its stacks by name. */
export function synthesizeApp(file: string): Readonly<Record<string, Configuration>> {
  const stacks = [...filesOf(file)].flatMap(([path, text]): [string, Configuration][] => {
    const [, name] = /^stacks\/([^/]+)\/cdk\.tf\.json$/.exec(path) ?? [];
    return name ? [[name, JSON.parse(text)]] : [];
  });
  return Object.fromEntries(stacks.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Writes the files of an app into a folder like CDKTF, but with local state and values of the variables. */
export function writeApp(file: string, folder: string): void {
  for (const [path, text] of filesOf(file)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  // A backend in S3 would need AWS.
  const override = JSON.stringify({ terraform: { backend: { local: {} } } });
  for (const [stack, configuration] of Object.entries(synthesizeApp(file))) {
    const write = (name: string, text: string) => writeFileSync(join(folder, "stacks", stack, name), text);
    write("offline_override.tf.json", override);
    write("offline.auto.tfvars.json", JSON.stringify(exampleValues(configuration)));
  }
}

function filesOf(file: string): ReadonlyMap<string, string> {
  const known = written.get(file);
  if (known) return known;
  const folder = mkdtempSync(join(tmpdir(), "synthesized-"));
  const before = process.env.CDKTF_OUTDIR;
  process.env.CDKTF_OUTDIR = folder;
  try {
    require(resolve(file));
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const files = new Map(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
    // Node.js runs a module only once.
    if (files.size === 0) throw new Error(`${file} wrote no files, because this process already loaded it.`);
    written.set(file, files);
    return files;
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

const VPC = "vpc-0123456789abcdef0";
const PUBLIC_SUBNETS = ["a", "c"].map((zone) => subnetId(VPC, `ap-northeast-2${zone}`));
const PRIVATE_SUBNETS = ["subnet-0a2a2a2a2a2a2a2a2", "subnet-0c2c2c2c2c2c2c2c2"];
const cluster = existingCluster();

/** An account with the resources that examples look up: a cluster, a VPC and the role of Auto Scaling. */
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

/** Returns example values of the variables that have no default. @param given the variables that have a value already */
export function exampleValues(configuration: Configuration, given: object = {}): Record<string, unknown> {
  const required = Object.entries((configuration.variable ?? {}) as Record<string, { default?: unknown; type: string }>)
    .filter(([name, variable]) => !("default" in variable) && !(name in given))
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
    domain_name: "shop.example.com",
    zone_name: "example.com",
    certificate_arn: `arn:aws:acm:${variables.region?.default}:111122223333:certificate/0f0e0d0c-1111-2222-3333-444455556666`,
    trust_store_arn: `arn:aws:elasticloadbalancing:${variables.region?.default}:111122223333:truststore/mine/0123456789abcdef`,
    web_acl_arn: `arn:aws:wafv2:${variables.region?.default}:111122223333:regional/webacl/mine/0f0e0d0c-1111-2222-3333-444455556666`,
  };
  // The variables of a named load balancer start with its name.
  const key = name in known ? name : Object.keys(known).find((one) => name.endsWith(`_${one}`));
  if (key !== undefined) return known[key];
  if (name.endsWith("_image")) return "public.ecr.aws/docker/library/nginx:1.27";
  if (name.endsWith("_image_tag")) return "1.0.0";
  throw new Error(`No example value for the variable ${name}: add one to __tests__/support/examples.ts.`);
}
