import { readFileSync } from "node:fs";
import { Ec2Service, type Ec2ServiceProps, EcsServiceStack, Secret } from "../../src";
import { existingCluster } from "../support/existing-cluster";
import { mistakesOf, synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

/** Text that means something to Terraform, JSON and a shell; the same with nothing but what stands in a URL. */
const FREE = '${aws_ecs_cluster.none.arn}%{ if true }"},\n{"privileged": true, \\" $${y} `id` $(id) \u0001é';
const URL = '/${aws_ecs_cluster.none.arn}%{if}"},{"privileged":true}\\"$${y}`id`';

type Props = Partial<Ec2ServiceProps>;
type Outcome = "arrives" | "is refused";

/** Every setting of a service that takes text: how it is given one, and what becomes of it. */
const TEXTS: readonly (readonly [setting: string, outcome: Outcome, text: string, props: (text: string) => Props])[] = [
  ["environment", "arrives", FREE, (text) => ({ environment: { PLAIN: text } })],
  ["environment", "arrives", URL, (text) => ({ environment: { [text]: "x" } })],
  ["command", "arrives", FREE, (text) => ({ command: [text] })],
  ["entryPoint", "arrives", FREE, (text) => ({ entryPoint: [text] })],
  ["workingDirectory", "arrives", FREE, (text) => ({ workingDirectory: text })],
  ["user", "arrives", FREE, (text) => ({ user: text })],
  ["containerHealthCheck", "arrives", FREE, (text) => ({ containerHealthCheck: { command: text } })],
  ["placementConstraints", "arrives", FREE, (text) => ({ placementConstraints: [memberOf(text)] })],
  ["placementStrategies", "arrives", URL, (text) => ({ placementStrategies: [{ type: "spread", field: text }] })],
  ["taskRoleStatements", "arrives", FREE, (text) => ({ taskRoleStatements: [{ actions: [text], resources: ["a"] }] })],
  ["taskRoleStatements", "arrives", FREE, (text) => ({ taskRoleStatements: [{ actions: ["a"], resources: [text] }] })],
  [
    "volumes",
    "arrives",
    `/${FREE}`.replace(/:/g, ""),
    (text) => ({ volumes: { a: { hostPath: text } }, mountPoints: { "/a": "a" } }),
  ],
  [
    "mountPoints",
    "arrives",
    `/${FREE}`.replace(/:/g, ""),
    (text) => ({ ...SHARED, mountPoints: { [text]: "shared" } }),
  ],
  ["secrets", "is refused", URL, (text) => ({ secrets: { A: secretOf("parameter", text) } })],
  ["secrets", "arrives", URL, (text) => ({ secrets: { [text]: Secret.fromSsmParameter("/a") } })],
  ["secrets", "is refused", FREE, (text) => ({ secrets: { A: Secret.fromSsmParameter(text) } })],
  ["secrets", "is refused", FREE, (text) => ({ secrets: { A: Secret.fromSecretsManager(text) } })],
  ["volumes", "is refused", FREE, (text) => ({ volumes: { [text]: { docker: "task" } } })],
  ["volumes", "is refused", FREE, (text) => ({ volumes: { a: { fileSystem: text } } })],
  ["image", "is refused", FREE, (text) => ({ image: text })],
  ["serviceName", "is refused", FREE, (text) => ({ serviceName: text })],
  ["sidecars", "is refused", FREE, (text) => ({ sidecars: [{ name: text, image: "a:1" }] })],
  ["sidecars", "is refused", FREE, (text) => ({ sidecars: [{ name: "a", image: text }] })],
  ["links", "is refused", FREE, (text) => ({ links: [text] })],
  ["dependsOn", "is refused", FREE, (text) => ({ dependsOn: { [text]: "START" } })],
  ["ulimits", "is refused", FREE, (text) => ({ ulimits: [{ name: text as "core", softLimit: 1, hardLimit: 1 }] })],
  ["taskRolePolicyArns", "is refused", FREE, (text) => ({ taskRolePolicyArns: [text] })],
  ["healthCheck", "is refused", FREE, (text) => ({ ...ROUTED, healthCheck: { path: text } })],
  ["healthCheck", "is refused", FREE, (text) => ({ ...ROUTED, healthCheck: { healthyHttpCodes: text } })],
  ["targetProtocol", "is refused", FREE, (text) => ({ ...ROUTED, targetProtocol: text as "HTTP" })],
  ["paths", "is refused", URL, (text) => ({ ...ROUTED, paths: [text] })],
  ["hosts", "is refused", FREE, (text) => ({ ...ROUTED, hosts: [text] })],
  ["routes", "is refused", FREE, (text) => ({ ...ROUTED, routes: { [text]: { paths: ["/a"] } } })],
  ["routes", "is refused", FREE, (text) => ({ ...ROUTED, routes: { a: { paths: [text] } } })],
  [
    ...(["capacityProviderStrategies", "is refused", FREE] as const),
    (text) => ({ capacityProviderStrategies: [{ capacityProvider: text }] }),
  ],
  ["serviceConnect", "arrives", URL, (text) => ({ serviceConnect: { namespace: text }, containerPort: 1 })],
  [
    "serviceConnect",
    "is refused",
    FREE,
    (text) => ({ serviceConnect: { namespace: "a", dnsName: text }, containerPort: 1 }),
  ],
];

/** Settings without a text of the caller's: numbers, switches and what a construct makes. */
const NO_TEXT = [
  ...["circuitBreaker", "cluster", "containerPort", "cpu", "daemon", "deregistrationDelaySeconds", "desiredCount"],
  ...["ecrRepository", "enableExecuteCommand", "essential", "gpuCount", "healthCheckGracePeriodSeconds"],
  ...["initProcessEnabled", "keepRevisions", "logRetentionDays", "maximumPercent", "memoryLimitMiB"],
  ...["memoryReservationMiB", "minimumHealthyPercent", "neuronDeviceCount", "priority", "privileged"],
  ...["readonlyRootFilesystem", "rollback", "scaling", "slowStartSeconds", "startTimeoutSeconds"],
  ...["stickinessSeconds", "stopTimeoutSeconds", "waitForSteadyState"],
];

const ROUTED: Props = { containerPort: 80, paths: ["/*"] };
const SHARED: Props = { volumes: { shared: { docker: "task" } } };
const memberOf = (expression: string) => ({ type: "memberOf", expression }) as const;
const secretOf = (kind: string, name: string) =>
  Secret.fromSsmParameter(`arn:aws:ssm:ap-northeast-2:000000000000:${kind}${name}`);

/** Every text within, of JSON that is kept as text too. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    try {
      const inner: unknown = JSON.parse(value);
      if (typeof inner === "object") return [value, ...textsIn(inner)];
    } catch {}
    return [value];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

describeTerraform("a service that is given hostile text", (lab) => {
  const made = (props: readonly Props[]) => {
    const stack = new EcsServiceStack(testApp(), "orders", { loadBalancer: true });
    props.forEach((one, index) => {
      new Ec2Service(stack, `s${index}`, { cluster: stack.cluster, image: "orders:1", desiredCount: 0, ...one });
    });
    return stack;
  };

  it("has each of its settings in this table", () => {
    const [, names = ""] = /const NAMES[^{]*\{([^}]*)\}/.exec(readFileSync("src/ec2-service-names.ts", "utf8")) ?? [];
    const known = [...names.matchAll(/^ {2}(\w+): true/gm)].map(([, name]) => String(name));
    expect(known.length).toBeGreaterThan(50);
    expect(known.sort()).toEqual([...new Set([...TEXTS.map(([setting]) => setting), ...NO_TEXT])].sort());
  });

  it.each(TEXTS.filter(([, outcome]) => outcome === "is refused"))("%s %s, by name: %j", (setting, _, text, props) => {
    const mistakes = mistakesOf(() => made([props(text)]));
    // A further container is named by its own name.
    const name = setting === "sidecars" ? "containers." : setting;
    expect([mistakes, mistakes.some((mistake) => mistake.includes(name))]).toEqual([mistakes, true]);
  });

  it("hands on to AWS every character of the rest, in its place", async () => {
    const arriving = TEXTS.filter(([, outcome]) => outcome === "arrives");
    const stack = made(arriving.map(([, , text, props], index) => props(`${text}${index}`)));
    const configuration = synthesized(stack);
    const terraform = await lab.terraform({ configuration, fixtures: existingCluster() });
    const { status, stderr } = await terraform.apply();
    expect([status, stderr]).toEqual([0, ""]);
    const { resources } = terraform.state();
    const there = new Set(textsIn(resources.map(({ values }) => values)));
    const inPlace = [...there];
    const lost = arriving
      .map(([setting, , text], index) => ({ setting, text: `${text}${index}` }))
      .filter(({ text }) => !inPlace.some((one) => one === text || one.endsWith(`parameter${text}`)));
    expect(lost).toEqual([]);
    // Nothing became a setting of its own on the way.
    const definitions = resources.flatMap(({ values }) => {
      const { container_definitions } = values as { container_definitions?: string };
      return container_definitions === undefined ? [] : (JSON.parse(container_definitions) as object[]);
    });
    expect(definitions).toHaveLength(arriving.length);
    expect(definitions.filter((one) => "privileged" in one)).toEqual([]);
  });
});
