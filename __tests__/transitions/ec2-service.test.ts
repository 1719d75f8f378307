import { TerraformVariable } from "cdktf";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  type EcsClusterStack,
  FileSystem,
  ServiceConnectNamespace,
} from "../../src";
import { ec2ServicePropsSchema } from "../../src/services/ec2-service";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { type Change, type Given, testSettings } from "./area";
import { changedArguments } from "./changed-arguments";
import { CONTAINER_SAMPLES } from "./samples/container";
import { EC2_SERVICE_SAMPLES, inContainer, OTHER_CONTAINERS, type Shared } from "./samples/ec2-service";
import { FORWARD_SAMPLES, inRoute, inTestRoute, ROUTE_SAMPLES } from "./samples/route";

/** The settings of other containers and of more routes, which the tests below compare with those of the main ones. */
const COPIES = [
  ...Object.entries(OTHER_CONTAINERS).map(([prefix, inner]) => ({
    prefix,
    samples: CONTAINER_SAMPLES,
    moved: (change: Change) => inContainer(change, inner),
  })),
  { prefix: "routes.*", samples: ROUTE_SAMPLES, moved: inRoute },
  { prefix: "deployment.testRoute", samples: FORWARD_SAMPLES, moved: inTestRoute },
];

const isCopy = (path: string): boolean =>
  !(path in EC2_SERVICE_SAMPLES) &&
  COPIES.some(({ prefix, samples }) => path.startsWith(`${prefix}.`) && path.slice(prefix.length + 1) in samples);

/** Returns a stack for services, and what they share. */
function clusterOfServices(settings: EcsClusterSettings): { stack: EcsClusterStack; shared: Shared } {
  const values = { maxSize: 40 };
  const stack = clusterStack({
    ...{ keyPair: "none", values, capacityProviders: { main: {}, other: { values } } },
    ...{ loadBalancer: { https: true, allowHttpsOutbound: true }, ...settings },
  });
  const files = (name: string) => new FileSystem(stack, name, { name, vpc: stack.vpc, portRules: stack.portRules });
  const secret = (name: string) => new TerraformVariable(stack, name, { sensitive: true, default: name }).stringValue;
  const shared = {
    fileSystemId: files("files").fileSystemId,
    otherFileSystemId: files("other-files").fileSystemId,
    namespace: new ServiceConnectNamespace(stack, "namespace", {
      cluster: stack,
      name: "internal",
      type: "DNS_PRIVATE",
    }),
    started: new Ec2Service(stack, "started", { cluster: stack, image: "started:1" }),
    clientSecret: secret("client_secret"),
    otherSecret: secret("other_secret"),
  };
  return { stack, shared };
}

describeTerraform("changes of the settings of a service", (lab) => {
  testSettings<Shared>(lab, {
    name: "Ec2Service",
    schema: ec2ServicePropsSchema,
    samples: EC2_SERVICE_SAMPLES,
    // network-load-balancer.test.ts changes the settings of listeners.
    covered: (path) => isCopy(path) || path.startsWith("listeners.*"),
    size: 40,
    build: (ids, propsOf) => {
      const { stack, shared } = clusterOfServices({
        loadBalancers: { other: { internal: true } },
        networkLoadBalancers: { edge: {} },
      });
      for (const [index, id] of ids.entries()) {
        // Priorities that follow from the paths of many services can be equal.
        const base = { cluster: stack, image: "web:1", containerPort: 80, paths: [`/${id}/*`], priority: 100 + index };
        const props: Partial<Ec2ServiceProps> = propsOf(id, shared);
        new Ec2Service(stack, id, { ...base, ...props });
      }
      return stack;
    },
  });
});

describe("the settings of other containers and of more routes", () => {
  const build = (propsOf: (shared: Shared) => Given) => {
    const { stack, shared } = clusterOfServices({ loadBalancers: {} });
    const base = { cluster: stack, image: "web:1", containerPort: 80, paths: ["/web/*"] };
    new Ec2Service(stack, "web", { ...base, ...propsOf(shared) });
    return stack;
  };
  const cases = COPIES.flatMap(({ prefix, samples, moved }) =>
    Object.keys(samples)
      .filter((path) => isCopy(`${prefix}.${path}`))
      .map((path) => [prefix, path, samples, moved] as const),
  );
  it.each(cases)("change the same arguments as those of the main one: %s.%s", (prefix, path, samples, moved) => {
    const change = samples[path];
    if (!change || "never" in change) throw new Error(`The setting ${path} has no sample of a change.`);
    const main = changedArguments(path, change, build);
    expect(main).not.toEqual([]);
    expect(changedArguments(`${prefix}.${path}`, moved(change), build)).toEqual(main);
  });
});
