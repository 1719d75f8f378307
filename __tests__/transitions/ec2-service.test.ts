import { Ec2Service, type Ec2ServiceProps, FileSystem, ServiceConnectNamespace } from "../../src";
import { ec2ServicePropsSchema } from "../../src/services/ec2-service";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { type Given, testSettings } from "./area";
import { changedArguments } from "./changed-arguments";
import { CONTAINER_SAMPLES } from "./samples/container";
import { EC2_SERVICE_SAMPLES, inContainer, OTHER_CONTAINERS, type Shared } from "./samples/ec2-service";

/** Settings of sidecars and of the log router that the tests below compare with those of the main container. */
const isOfOtherContainer = (path: string): boolean =>
  Object.keys(OTHER_CONTAINERS).some(
    (prefix) => path.startsWith(`${prefix}.`) && path.slice(prefix.length + 1) in CONTAINER_SAMPLES,
  );

describeTerraform("changes of the settings of a service", (lab) => {
  testSettings<Shared>(lab, {
    name: "Ec2Service",
    schema: ec2ServicePropsSchema,
    samples: EC2_SERVICE_SAMPLES,
    covered: isOfOtherContainer,
    size: 40,
    build: (ids, propsOf) => {
      const values = { maxSize: 40 };
      const loadBalancers = { other: { internal: true } };
      const capacityProviders = { main: {}, other: { values } };
      const stack = clusterStack({ keyPair: "none", values, loadBalancers, capacityProviders });
      const files = (name: string) => new FileSystem(stack, name, { name, vpc: stack.vpc, portRules: stack.portRules });
      const shared = {
        fileSystemId: files("files").fileSystemId,
        otherFileSystemId: files("other-files").fileSystemId,
        namespace: new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name: "internal" }),
      };
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

describe("the settings of the other containers of a task", () => {
  const build = (props: Given) => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false });
    new Ec2Service(stack, "web", { cluster: stack, image: "web:1", ...props });
    return stack;
  };
  const cases = Object.entries(OTHER_CONTAINERS).flatMap(([prefix, inner]) =>
    Object.keys(CONTAINER_SAMPLES).map((path) => [prefix, path, inner] as const),
  );
  it.each(cases)("change the same arguments as those of the main container: %s.%s", (prefix, path, inner) => {
    const change = CONTAINER_SAMPLES[path];
    if (!change || "never" in change) throw new Error(`The setting ${path} has no sample of a change.`);
    const main = changedArguments(path, change, build);
    expect(main).not.toEqual([]);
    expect(changedArguments(`${prefix}.${path}`, inContainer(change, inner), build)).toEqual(main);
  });
});
