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

/** Those that are about instances. Together they take as long as the other apps, so each half has test files of its own. */
const CAPACITY_EXAMPLES = [
  ...["bottlerocket", "capacity-providers", "existing-vpc", "gpu"],
  ...["mixed-instances", "scaling", "shared-files"],
];

/** The default app and the examples, by their files: those about capacity, and all others. */
export const APPS = {
  capacity: CAPACITY_EXAMPLES.map((name) => `examples/${name}.ts`),
  others: [
    "main.ts",
    ...EXAMPLES.filter((name) => !CAPACITY_EXAMPLES.includes(name)).map((name) => `examples/${name}.ts`),
  ],
};

/** A stack of an app, by its name. */
export type AppStack = readonly [name: string, configuration: Configuration];

/**
 * The stacks whose hand-over's own test is run, with the number of its runs: together they have all that the others have.
 */
export const HANDOVER_TESTS: Readonly<Record<string, number>> = {
  ecs: 7,
  hardened: 4,
  bottlerocket: 3,
  "existing-vpc": 2,
  "service-stack": 1,
};

/** Apps with their stacks, but those that differ from an earlier one in nothing but plain values, as a copy in a region does. */
export function distinctStacks(apps: readonly string[]): [app: string, stacks: AppStack[]][] {
  const shapes = new Set<string>();
  const isNew = ([, { resource, data }]: AppStack): boolean => {
    const plain = (_: string, value: unknown) => (typeof value === "string" && !value.includes("${") ? "" : value);
    const shape = JSON.stringify([resource, data], plain);
    return !shapes.has(shape) && shapes.add(shape).has(shape);
  };
  return apps.map((app) => [app, Object.entries(synthesizeApp(app)).filter(isNew)]);
}

/** What apps wrote, by file and path: running one again would load it and all of its sources anew. */
const written = new Map<string, ReadonlyMap<string, string>>();

/** Each stack's Terraform JSON by name, of an app file that is run in this process. */
export function synthesizeApp(file: string): Readonly<Record<string, Configuration>> {
  const stacks = [...filesOf(file)].flatMap(([path, text]): [string, Configuration][] => {
    const [, name] = /^stacks\/([^/]+)\/cdk\.tf\.json$/.exec(path) ?? [];
    return name ? [[name, JSON.parse(text)]] : [];
  });
  return Object.fromEntries(stacks.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes what an app file synthesizes into a folder, as CDKTF would, but keeps the state of its stacks there as well, and
 * gives their variables values.
 */
export function writeApp(file: string, folder: string): void {
  for (const [path, text] of filesOf(file)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  // A backend in S3 would want a network.
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
    // Somebody else in this worker has loaded it: it ran then, and wrote elsewhere. Tests would look at no stack at all.
    if (files.size === 0) throw new Error(`${file} wrote nothing: it was loaded before, other than by this function.`);
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
