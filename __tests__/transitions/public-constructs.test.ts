import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import * as library from "../../src";

/** The constructs that another construct creates from its own settings, which have the samples. */
const PARTS: Readonly<Record<string, string>> = {
  ApplicationLoadBalancer: "LoadBalancer",
  AsgCapacityProvider: "CapacityProvider",
  Cluster: "EcsClusterStack",
  ClusterCapacityProviders: "EcsClusterStack",
  DefaultVpc: "EcsClusterStack",
  DomainCertificate: "LoadBalancer",
  EcrRepository: "Ec2Service",
  EcsClusterLookup: "EcsServiceStack",
  EcsOptimizedImage: "CapacityProvider",
  EncryptionKey: "EcsClusterStack",
  ExecutionRole: "Ec2Service",
  InstanceRole: "EcsClusterStack",
  InstanceTypes: "CapacityProvider",
  KeyPair: "EcsClusterStack",
  LaunchTemplate: "CapacityProvider",
  ListenerRule: "Ec2Service",
  LoadBalancerRules: "LoadBalancer",
  LookupMachineImage: "CapacityProvider",
  OneOffTask: "ScheduledTask",
  PortRules: "EcsClusterStack",
  ReadableStack: "EcsClusterStack",
  ServiceImage: "Ec2Service",
  ServiceScaling: "Ec2Service",
  TargetGroup: "Ec2Service",
  TaskDefinition: "Ec2Service",
  TaskRole: "Ec2Service",
  VpcEndpoints: "EcsClusterStack",
  WebAcl: "LoadBalancer",
};

const TESTED = readdirSync(join(__dirname, "effects")).map((file) => file.replace(".json", ""));

const constructs = Object.entries(library).filter(
  ([, one]) => typeof one === "function" && one.prototype instanceof Construct,
);

describe("the public constructs", () => {
  it.each(constructs.map(([name]) => name))("have transitions of their settings: %s", (name) => {
    if (TESTED.includes(name) || TESTED.includes(PARTS[name] ?? "")) return;
    throw new Error(
      `No test changes the settings of ${name} on a running system. Add testSettings with its samples to a test in ` +
        "__tests__/transitions, or add it to PARTS if another construct creates it from its own settings.",
    );
  });
});
