import * as library from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { sources } from "../support/imports";
import { emptyStack, synthesized } from "../support/synthesized";
import { VALID_PROPS } from "../support/valid-props";

type Stack = ReturnType<typeof emptyStack>;
type Values = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/** The exports of every file of the library, by name. */
const EXPORTS: Values = Object.assign({}, ...sources("src").map((file) => require(`../../${file}`)));
const schemaFor = (name: string) =>
  EXPORTS[`${name[0]?.toLowerCase()}${name.slice(1)}Schema`] as { facts: { shape?: Values } } | undefined;

const rule = { fqn: "aws_vpc_security_group_ingress_rule.rule" };
const listener = {
  listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/prod-alb/0a1b/2c3d",
  loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/prod-alb/0a1b",
  securityGroupId: "sg-0a1b2c3d",
  protocol: "HTTPS",
  allowHttpsOutbound: true,
  ruleQuota: 100,
  planned: { protocol: "HTTPS", allowHttpsOutbound: "true" },
} as const;
const edge = {
  loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/edge/0a1b",
  securityGroupId: "sg-0a1b2c3d",
  dualStack: false,
  reservesCapacity: false,
};
const amounts = {
  details: "types",
  maxSize: 2,
  reservedMemoryMiB: 0,
  mountsFileSystems: true,
  allowsPrivileged: true,
  logDrivers: ["awslogs"],
  awsvpcTrunking: false,
  spot: false,
  stopTimeoutSeconds: 30,
};
const target = clusterTarget();
/** A cluster with every attribute. */
const complete: library.EcsClusterTarget = {
  ...target,
  cluster: {
    ...target.cluster,
    executeCommandKeyArn: "arn:aws:kms:key",
    executeCommandS3: { bucketName: "sessions", keyPrefix: "audit" },
    managedStorageKeyArn: "arn:aws:kms:key",
    hasContainerInsights: true,
  },
  capacityProvider: { capacityProviderName: "cp-prod", association: { fqn: "aws_ecs_cluster_capacity_providers.a" } },
  defaultStrategy: [{ capacityProvider: "cp-prod", base: 1, weight: 2 }],
  loadBalancer: listener,
  loadBalancers: { internal: listener },
  networkLoadBalancers: { edge },
  serviceConnectNamespace: {
    namespaceArn: "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-0a1b2c3d4e5f6a7b",
    namespaceId: "ns-0a1b2c3d4e5f6a7b",
    hasDnsNames: true,
    rule,
    clients: { securityGroupId: "sg-0a1b2c3d", rules: [rule] },
  },
  vpc: { vpcId: "vpc-0123456789abcdef0", instanceSubnetIds: ["subnet-0a1b2c3d"], hasPrivateSubnets: false },
  portRules: { ...target.portRules, previousPortRange: new library.PortRange({ from: 32768, to: 60999 }) },
  instanceCapacity: {
    ...amounts,
    capacities: [{ ...amounts, name: "main", capacityProviderName: "cp-prod" }],
  },
  capacityGuards: true,
  alarmTopicArn: "arn:aws:sns:eu-west-1:111122223333:alarms",
};

const service = { serviceName: "web", image: "nginx:1.29", containerPort: 80 };
const authenticateOidc = {
  issuer: "https://idp.example.com",
  authorizationEndpoint: "https://idp.example.com/authorize",
  tokenEndpoint: "https://idp.example.com/token",
  userInfoEndpoint: "https://idp.example.com/userinfo",
  clientId: "web",
  clientSecret: library.Secret.fromSecretsManager("arn:aws:secretsmanager:eu-west-1:111122223333:secret:login-AbCdEf"),
};
const EVERYTHING = "a service with routes, Service Connect and ECS Exec in awsvpc mode";
/** Constructs that read more of the cluster than their required properties need. */
const MORE: Readonly<Record<string, readonly [construct: string, props: Values]>> = {
  [EVERYTHING]: [
    "Ec2Service",
    {
      ...service,
      networkMode: "awsvpc",
      routes: {
        login: { paths: ["/login"], authenticateOidc },
        internal: { loadBalancer: "internal", paths: ["/*"] },
      },
      serviceConnect: {},
      enableExecuteCommand: true,
    },
  ],
  "a rule that redirects": ["ListenerRule", { name: "old", paths: ["/old"], redirect: { path: "/new" } }],
  "a service with records": ["Ec2Service", { ...service, networkMode: "awsvpc", cloudMapOptions: {} }],
  "a service with listeners": ["Ec2Service", { ...service, listeners: { tcp: { loadBalancer: "edge", port: 443 } } }],
};

const clusters: readonly (readonly [string, string, (stack: Stack) => Values])[] = [
  ...Object.entries(VALID_PROPS)
    .filter(([, [, valid]]) => "cluster" in valid(emptyStack()))
    .map(([name, [, valid]]) => [name, name, valid] as const),
  ...Object.entries(MORE).map(([title, [name, props]]) => [title, name, () => props] as const),
];

/** Returns a copy of a value and of all that is in it. */
function fresh(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fresh);
  if (typeof value !== "object" || value === null || value instanceof library.PortRange) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fresh(inner)]));
}

/** Returns every path in a value: `[["cluster"], ["cluster", "clusterName"], …]`. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  const isInner = typeof value === "object" && value !== null && !(value instanceof library.PortRange);
  const below = isInner ? Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key])) : [];
  return path.length > 0 ? [path, ...below] : below;
}

/** Returns a copy of a value whose attribute at a path is a getter. */
function withGetter(value: unknown, [key = "", ...below]: Path, get: () => unknown): unknown {
  const copy = Array.isArray(value) ? [...value] : { ...(value as Values) };
  const inner = below.length > 0 ? withGetter((value as Values)[key], below, get) : undefined;
  return Object.defineProperty(copy, key, {
    enumerable: true,
    configurable: true,
    ...(below.length > 0 ? { value: inner, writable: true } : { get }),
  });
}

/** An object of a class with the attributes of a cluster, as getters of the class. */
function ofClass(values: Values): unknown {
  class OwnCluster {}
  for (const key of Object.keys(values)) {
    Object.defineProperty(OwnCluster.prototype, key, { get: () => values[key], enumerable: false });
  }
  return new OwnCluster();
}

const fail = (): never => {
  throw new TypeError("no such attribute");
};
const WRONG: readonly (() => unknown)[] = [
  ...[undefined, null, true, 0, 5, Number.NaN, "", "x", 10n, Symbol("x"), [], {}, [null], { a: 1 }, () => 5].map(
    (value) => () => value,
  ),
  () => new Date(Number.NaN),
  () => Object.create(null),
  () => new Map(),
  () => emptyStack(),
  () => new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }),
  fail,
];

/** Values of which each attribute of each construct gets all. One service, which reads every attribute, gets all wrong values. */
const SOME_WRONG = [() => null, () => 5, fail];

/** Creates a construct. Its error, if any, must be a SettingsError that no TypeError of the library caused. Returns its text. */
function problemsWith(name: string, valid: (stack: Stack) => Values, cluster: unknown): string {
  const stack = emptyStack();
  const props = { ...valid(stack), cluster };
  const Class = (library as unknown as Record<string, new (...args: unknown[]) => unknown>)[name];
  try {
    new (Class as new (...args: unknown[]) => unknown)(stack, "subject", props);
    synthesized(stack);
    return "";
  } catch (error) {
    if (!(error instanceof library.SettingsError)) throw error;
    expect(error.message).not.toMatch(/readable; received "\w+: (Cannot read prop|.* is not (a function|iterable))/);
    expect(error.message).not.toMatch(/\[object Object\]/);
    return error.message;
  }
}

describe.each(clusters)("the cluster of %s", (title, name, valid) => {
  const { cluster } = valid(emptyStack());
  const original: Values =
    cluster instanceof library.Cluster
      ? { ...target.cluster, nameOnceMade: "prod", hasContainerInsights: true }
      : { ...complete };

  // Names are unique on a cluster.
  const whole = () => fresh(original) as Values;

  it("can be an object with every attribute, and an object of a class", () => {
    expect(problemsWith(name, valid, whole())).toBe("");
    expect(problemsWith(name, valid, ofClass(whole()))).toBe("");
  });

  it("can be of any type: a wrong one gives a SettingsError", () => {
    for (const wrong of WRONG.slice(0, -1)) expect(problemsWith(name, valid, wrong())).not.toBe("");
  });

  it("can have attributes of any type: a wrong one gives a SettingsError", () => {
    for (const path of pathsOf(original)) {
      for (const get of title === EVERYTHING ? WRONG : SOME_WRONG) {
        const wrong = withGetter(whole(), path, get) as Values;
        problemsWith(name, valid, wrong);
        if (path.length === 1) problemsWith(name, valid, ofClass(wrong));
      }
    }
  });
});

it("knows every construct with a cluster", () => {
  const schemas = Object.entries(VALID_PROPS).map(([name, [settings]]) => [name, schemaFor(settings)] as const);
  const taking = schemas.filter(([, schema]) => schema?.facts.shape?.cluster !== undefined).map(([name]) => name);
  expect(taking.length).toBeGreaterThan(15);
  expect(clusters.map(([, name]) => name)).toEqual(expect.arrayContaining(taking));
});
