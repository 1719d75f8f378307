import { parse } from "smol-toml";
import type { State } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { ecsClusterSettingsSchema } from "../../src/stacks/ecs-cluster-settings";
import type { Schema } from "../../src/validation/schema";
import { clusterConfiguration, clusterStack } from "../support/cluster";
import { casesAsModules, resourcesOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { problemsOf } from "../support/problems";
import { describeTerraform } from "../support/terraform";

/** Text that means something to Terraform, a shell, TOML and JSON. */
const LINE = "${aws_ecs_cluster.none.arn}%{ if true }\"]} ECS_CONFIG ''' \\\" $${y} `id` $(id) é \\";
const FREE = `${LINE}\nECS_CONFIG\n[settings.ecs]\ncluster = "other"\n"""\n`;

type Outcome = "arrives" | "is rejected" | "is not used";
type Case = readonly [path: string, outcome: Outcome, settings: (text: string) => object, text?: string];
const casesWith = (wanted: Outcome) =>
  CASES.filter(([, outcome]) => outcome === wanted).map(
    ([path, outcome, settings, text = FREE]) => [path, outcome, settings, text] as const,
  );

const reserved = (more: object) => ({
  capacityReservationSpecification: { capacityReservationPreference: "capacity-reservations-first", ...more },
});
const required = (more: object) => ({
  instanceRequirements: { vCpuCount: { min: 1 }, memoryMiB: { min: 512 }, ...more },
});
const hook = (more: object) => ({ lifecycleHooks: { a: { transition: "terminating", ...more } } });
const schedule = (more: object) => ({ schedules: { a: { recurrence: "0 8 * * *", minSize: 1, ...more } } });
const logs = (more: object) => ({ bucket: "logs", ...more });
const DEPLOY = { roleArn: "arn:aws:iam::111122223333:role/deploy" };
const s3 = (more: object) => ({ backend: { s3: { bucket: "states", region: "eu-west-1", ...more } } });

/** What a header can have of it. */
const HEADER = LINE.replace("é", "e");
const header = (name: string): readonly Case[] => {
  const settings = (text: string) => ({ responseHeaders: { [name]: text } });
  return [
    [`responseHeaders.${name}`, "arrives", settings, HEADER],
    [`responseHeaders.${name}`, "is rejected", settings],
  ];
};
const requestHeader = (name: string): Case => [
  `requestHeaderNames.${name}`,
  "is rejected",
  (text) => ({ https: true, requestHeaderNames: { [name]: text } }),
];
const logFiles = (setting: string): readonly Case[] => [
  [`${setting}.bucket`, "is rejected", (text) => ({ [setting]: logs({ bucket: text }) })],
  [`${setting}.prefix`, "arrives", (text) => ({ [setting]: logs({ prefix: text }) })],
];

/** The same for the settings of a load balancer. */
const OF_BALANCERS: readonly Case[] = [
  ...["accessLogs", "connectionLogs", "healthCheckLogs"].flatMap(logFiles),
  ["listeners{}", "is rejected", (text) => ({ listeners: { [text]: { port: 8080 } } })],
  ...[
    "strictTransportSecurity",
    "contentSecurityPolicy",
    "accessControlAllowOrigin",
    "accessControlAllowMethods",
    "accessControlAllowHeaders",
    "accessControlExposeHeaders",
  ].flatMap(header),
  [
    "responseHeaders.xFrameOptions",
    "arrives",
    (text) => ({ responseHeaders: { xFrameOptions: text } }),
    `ALLOW-FROM ${HEADER.replaceAll(" ", "")}`,
  ],
  ["responseHeaders.xFrameOptions", "is rejected", (text) => ({ responseHeaders: { xFrameOptions: text } })],
  [
    "responseHeaders.accessControlMaxAge",
    "is rejected",
    (text) => ({ responseHeaders: { accessControlMaxAge: text } }),
  ],
  ...[
    "xAmznTlsVersion",
    "xAmznTlsCipherSuite",
    "xAmznMtlsClientcert",
    "xAmznMtlsClientcertSerialNumber",
    "xAmznMtlsClientcertIssuer",
    "xAmznMtlsClientcertSubject",
    "xAmznMtlsClientcertValidity",
    "xAmznMtlsClientcertLeaf",
  ].map(requestHeader),
];

/** Every setting that is text, with the expected outcome. `{}` stands for the names of a map, `*` for its values. */
const CASES: readonly Case[] = [
  ["extraUserData[]", "arrives", (text) => ({ extraUserData: [text] })],
  ["agent.variables.*", "arrives", (text) => ({ agent: { variables: { ECS_A: text } } }), LINE],
  ["vpcEndpoints.services[]", "is rejected", (text) => ({ vpcEndpoints: { services: [text] } })],
  ["vpcEndpoints.existing[]", "is rejected", (text) => ({ vpcEndpoints: { existing: [text] } })],
  ["agent.variables.*", "is rejected", (text) => ({ agent: { variables: { ECS_A: text } } })],
  ["agent.variables{}", "is rejected", (text) => ({ agent: { variables: { [text]: "a" } } })],
  ["agent.instanceAttributes.*", "is rejected", (text) => ({ agent: { instanceAttributes: { a: text } } })],
  ["agent.instanceAttributes{}", "is rejected", (text) => ({ agent: { instanceAttributes: { [text]: "a" } } })],
  ["instanceRefresh.alarms[]", "arrives", (text) => ({ instanceRefresh: { alarms: [text] } })],
  ["docker.bip", "is rejected", (text) => ({ docker: { bip: text } })],
  [
    "docker.defaultAddressPools[].base",
    "is rejected",
    (text) => ({ docker: { defaultAddressPools: [{ base: text, size: 24 }] } }),
  ],
  ["docker.httpProxy", "is rejected", (text) => ({ docker: { httpProxy: text } })],
  ["docker.httpsProxy", "is rejected", (text) => ({ docker: { httpsProxy: text } })],
  ["docker.noProxy[]", "is rejected", (text) => ({ docker: { httpProxy: "10.0.0.1", noProxy: [text] } })],
  ["executeCommandS3.bucketName", "is rejected", (text) => ({ executeCommandS3: { bucketName: text } })],
  [
    "executeCommandS3.keyPrefix",
    "is rejected",
    (text) => ({ executeCommandS3: { bucketName: "sessions", keyPrefix: text } }),
  ],
  [
    "executeCommandS3.encryptionKeyArn",
    "is rejected",
    (text) => ({ executeCommandS3: { bucketName: "sessions", encryptionKeyArn: text } }),
  ],
  ["prePulledImages[]", "is rejected", (text) => ({ prePulledImages: [text] })],
  ["ami.name", "is rejected", (text) => ({ ami: { name: text } })],
  ["ami.owners[]", "is rejected", (text) => ({ ami: { name: "golden-*", owners: [text] } })],
  ["ami.tags{}", "is rejected", (text) => ({ ami: { name: "golden-*", tags: { [text]: "a" } } })],
  ["ami.tags.*", "is rejected", (text) => ({ ami: { name: "golden-*", tags: { a: text } } })],
  ["terminationPolicies[]", "is rejected", (text) => ({ terminationPolicies: [text] })],
  [
    "capacityReservationSpecification.capacityReservationIds[]",
    "is rejected",
    (text) => reserved({ capacityReservationIds: [text] }),
  ],
  [
    "capacityReservationSpecification.capacityReservationResourceGroupArns[]",
    "is rejected",
    (text) => reserved({ capacityReservationResourceGroupArns: [text] }),
  ],
  [
    "instancesDistribution.spotMaxPrice",
    "is rejected",
    (text) => ({ spot: true, instancesDistribution: { spotMaxPrice: text } }),
  ],
  [
    "instanceRequirements.acceleratorNames[]",
    "is rejected",
    (text) => required({ acceleratorManufacturers: ["nvidia"], acceleratorNames: [text] }),
  ],
  ["instanceRequirements.allowedInstanceTypes[]", "is rejected", (text) => required({ allowedInstanceTypes: [text] })],
  ["lifecycleHooks{}", "is rejected", (text) => ({ lifecycleHooks: { [text]: { transition: "terminating" } } })],
  ["lifecycleHooks.*.notificationMetadata", "arrives", (text) => hook({ notificationMetadata: text })],
  ["lifecycleHooks.*.notificationTargetArn", "is rejected", (text) => hook({ notificationTargetArn: text })],
  ["lifecycleHooks.*.roleArn", "is rejected", (text) => hook({ roleArn: text })],
  ["schedules{}", "is rejected", (text) => ({ schedules: { [text]: { recurrence: "0 8 * * *", minSize: 1 } } })],
  ["schedules.*.recurrence", "is rejected", (text) => schedule({ recurrence: text })],
  ["schedules.*.timeZone", "is rejected", (text) => schedule({ timeZone: text })],
  [
    "instanceRequirements.excludedInstanceTypes[]",
    "is rejected",
    (text) => ({
      instanceRequirements: { vCpuCount: { min: 1 }, memoryMiB: { min: 512 }, excludedInstanceTypes: [text] },
    }),
  ],
  ["volumes{}", "is not used", (text) => ({ volumes: { [text]: { sizeGib: 1, mountPath: "/data" } } })],
  ["volumes.*.mountPath", "is rejected", (text) => ({ volumes: { a: { sizeGib: 1, mountPath: `/${text}` } } })],
  ["bottlerocket.bootstrapContainers{}", "is rejected", (text) => bootstrap({}, text)],
  ["bottlerocket.bootstrapContainers.*.source", "is rejected", (text) => bootstrap({ source: text })],
  ["bottlerocket.bootstrapContainers.*.userData", "arrives", (text) => bootstrap({ userData: text })],
  ["bottlerocket.settings{}", "arrives", (text) => ({ ...ROCKET, bottlerocket: { settings: { [text]: { a: 1 } } } })],
  ["bottlerocket.settings.*", "arrives", (text) => ({ ...ROCKET, bottlerocket: { settings: { motd: text } } })],
  ["capacityProviders{}", "is rejected", (text) => ({ capacityProviders: { [text]: {} } })],
  [
    "defaultStrategy[].capacityProvider",
    "is rejected",
    (text) => ({ capacityProviders: { main: {} }, defaultStrategy: [{ capacityProvider: text }] }),
  ],
  ["instancePolicyArns[]", "is rejected", (text) => ({ instancePolicyArns: [text] })],
  ["retain[]", "is rejected", (text) => ({ retain: [text] })],
  ["vpcId", "is rejected", (text) => ({ vpcId: text })],
  ["permissionsBoundary", "is rejected", (text) => ({ permissionsBoundary: text })],
  ["allowedAccountIds[]", "is rejected", (text) => ({ allowedAccountIds: [text] })],
  ["assumeRole.roleArn", "is rejected", (text) => ({ assumeRole: { roleArn: text } })],
  ["assumeRole.externalId", "is rejected", (text) => ({ assumeRole: { ...DEPLOY, externalId: text } })],
  ["assumeRole.sessionName", "is rejected", (text) => ({ assumeRole: { ...DEPLOY, sessionName: text } })],
  ["rolePath", "is rejected", (text) => ({ rolePath: `/${text}/` })],
  ["loadBalancers{}", "is rejected", (text) => ({ loadBalancers: { [text]: {} } })],
  ["defaultCloudMapNamespace.name", "is rejected", (text) => ({ defaultCloudMapNamespace: { name: text } })],
  [
    "defaultCloudMapNamespace.namespaceArn",
    "is rejected",
    (text) => ({ defaultCloudMapNamespace: { namespaceArn: text } }),
  ],
  ...OF_BALANCERS.flatMap(([path, outcome, settings, text]): Case[] => [
    [`loadBalancer.${path}`, outcome, (own) => ({ loadBalancer: settings(own) }), text],
    [`loadBalancers.*.${path}`, outcome, (own) => ({ loadBalancers: { other: settings(own) } }), text],
  ]),
  ["networkLoadBalancers{}", "is rejected", (text) => ({ networkLoadBalancers: { [text]: {} } })],
  [
    "networkLoadBalancers.*.accessLogs.bucket",
    "is rejected",
    (text) => ({ networkLoadBalancers: { edge: { accessLogs: { bucket: text } } } }),
  ],
  [
    "networkLoadBalancers.*.accessLogs.prefix",
    "arrives",
    (text) => ({ networkLoadBalancers: { edge: { accessLogs: { bucket: "logs", prefix: text } } } }),
  ],
  ["backend.local", "is rejected", (text) => ({ backend: { local: text } })],
  ["backend.s3.bucket", "is rejected", (text) => s3({ bucket: text })],
  ["backend.s3.region", "is rejected", (text) => s3({ region: text })],
  ["backend.s3.key", "is rejected", (text) => s3({ key: text })],
  ["backend.s3.kmsKeyId", "is rejected", (text) => s3({ kmsKeyId: text })],
];
const TEMPLATE = "aws_launch_template.launch_template";
/** The resources that have the text of a setting, unless the user data has it. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  instanceRefresh: ["aws_autoscaling_group.capacity"],
  lifecycleHooks: ["aws_autoscaling_lifecycle_hook.capacity_hook_a"],
  loadBalancer: ["aws_lb.load_balancer", "aws_lb_listener.load_balancer_http"],
  networkLoadBalancers: ["aws_lb.edge_load_balancer", "terraform_data.edge_load_balancer_static_addresses"],
  loadBalancers: ["aws_lb.other_load_balancer", "aws_lb_listener.other_load_balancer_http"],
};
const ROCKET = { amiFamily: "bottlerocket" };
const bootstrap = (more: object, name = "setup") => ({
  ...ROCKET,
  bottlerocket: { bootstrapContainers: { [name]: { source: "setup:1", ...more } } },
});

/** Returns the path of each setting that is text: `{}` stands for the names of a map, `*` for its values. */
function textPaths({ facts }: Schema, path = ""): string[] {
  const { kind, shape, inner = [], type } = facts;
  const below = (place: string) => inner.flatMap((field) => textPaths(field, place));
  if (type === "an object of settings") return [`${path}{}`, `${path}.*`];
  if (type === "a string") return [path];
  if (kind === "list") return below(`${path}[]`);
  if (type === "a map") return [`${path}{}`, ...below(`${path}.*`)];
  const fields = Object.entries((shape ?? {}) as Readonly<Record<string, Schema>>);
  return [
    ...below(path),
    ...fields.flatMap(([name, field]) => (inner.length > 0 ? [] : textPaths(field, path ? `${path}.${name}` : name))),
  ];
}

type Nested = { readonly [key: string]: unknown };
const isNested = (value: unknown): value is Nested =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Merges two objects of settings, and the objects inside them. */
function merged(one: Nested, other: Nested): Nested {
  const both = Object.entries(other).map(([key, value]) => {
    const existing = one[key];
    return [key, isNested(existing) && isNested(value) ? merged(existing, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(both) };
}

describeTerraform("settings with hostile text", (lab) => {
  it("are all in this table", () => {
    const all = new Set(textPaths(ecsClusterSettingsSchema));
    // A capacity provider has the settings of the cluster's own capacity. rule-parity.test.ts tests the values.
    const paths = [...all].filter((path) => !/^capacityProviders\.\*|(^|\.)values\b/.test(path));
    expect(paths.sort()).toEqual([...new Set(CASES.map(([path]) => path))].sort());
  });

  it.each(casesWith("is not used"))("%s %s", (_path, _outcome, settings) => {
    const texts = textsIn(clusterConfiguration(settings("\"${x}'") as EcsClusterSettings));
    expect(texts.filter((text) => text.includes("{x}"))).toEqual([]);
  });

  it.each(casesWith("is rejected"))("%s %s, by name", (path, _, settings) => {
    const problems = problemsOf(() => clusterStack(settings(FREE) as EcsClusterSettings));
    const [name = ""] = /^\w+(\.\w+)*/.exec(path) ?? [];
    expect([problems, problems.some((problem) => problem.startsWith(name))]).toEqual([problems, true]);
  });

  // Each text ends with its own number, and one stack has all texts of a family.
  const arriving = casesWith("arrives").map(([path, outcome, settings, text], index) => {
    const own = `${text}${index}`;
    return {
      path,
      outcome,
      text: own,
      settings: settings(own) as Nested,
      family: path.startsWith("bottlerocket") ? 1 : 0,
    };
  });
  const families = [0, 1].map((wanted) =>
    arriving
      .filter(({ family }) => family === wanted)
      .map(({ settings }) => settings)
      .reduce(merged),
  );
  let state: State;
  beforeAll(async () => {
    const cases = families.map((settings, family) => {
      const addresses = Object.entries(RESOURCES).flatMap(([setting, own]) => (setting in settings ? own : []));
      const whole = clusterConfiguration({ keyPair: "none", ...settings } as EcsClusterSettings);
      // Both are in one account, where names are unique.
      return { configuration: partOf(whole, TEMPLATE, ...addresses), variables: { name: ["shell", "ecs"][family] } };
    });
    const terraform = await casesAsModules(lab, cases);
    const { status, stderr } = await terraform.apply();
    expect([status, stderr]).toEqual([0, ""]);
    state = terraform.state();
  });

  it.each(arriving.map(({ path, outcome, text, family }) => [path, outcome, text, family] as const))(
    "%s %s in AWS unchanged",
    (path, _, text, family) => {
      const resources = resourcesOf(state, family);
      const userData = Buffer.from(String(valuesOf(resources, "aws_launch_template").user_data), "base64").toString();
      if (path.startsWith("bottlerocket")) {
        const { settings } = (families[family] as { bottlerocket: { settings: object } }).bottlerocket;
        const encoded = Buffer.from(text).toString("base64");
        if (path.endsWith("userData")) expect(userData).toContain(`user-data = "${encoded}"`);
        else expect(path.endsWith("{}") ? Object.keys(settings) : Object.values(settings)).toContain(text);
        expect(parse(userData).settings).toEqual({
          ...settings,
          "bootstrap-containers": expect.objectContaining({ setup: expect.objectContaining({ source: "setup:1" }) }),
          ecs: { cluster: "ecs", "awsvpc-block-imds": true },
          "host-containers": { admin: { enabled: true } },
        });
      } else if (path.startsWith("extraUserData")) {
        expect(userData.endsWith(`\nECS_CONFIG\n${text}\n`)).toBe(true);
      } else if (path.startsWith("agent")) {
        const [, file] = /<<'ECS_CONFIG'\n([\s\S]*?)\nECS_CONFIG\n/.exec(userData) ?? [];
        expect(file?.split("\n").filter((line) => !line.startsWith("ECS_"))).toEqual([]);
        expect(file?.split("\n").at(-1)).toBe(`ECS_A=${text}`);
      } else {
        expect(resources.flatMap(({ values }) => textsIn(values))).toContain(text);
      }
    },
  );
});

const valuesOf = (resources: State["resources"], type: string) =>
  resources.find((resource) => resource.type === type)?.values ?? {};

const textsIn = (value: unknown): string[] =>
  typeof value === "string" ? [value] : Object.values((value as object) ?? {}).flatMap(textsIn);
