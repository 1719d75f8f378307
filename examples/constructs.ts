// The constructs without the stack: plain values, no variables, and no load balancer.
// Use it when you have your own stack with a provider, a backend and conventions.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import {
  AgentConfig,
  AsgCapacityProvider,
  Cluster,
  DefaultVpc,
  EcsOptimizedImage,
  InstanceRole,
  InstanceTypes,
  LaunchTemplate,
  PortRange,
  PortRules,
  ReadableStack,
  UserData,
} from "../src";

const region = "eu-west-1";
const name = "batch";
const app = new App();
const stack = new ReadableStack(app, "constructs");
new LocalBackend(stack, { path: "../../../terraform.constructs.tfstate" });
new AwsProvider(stack, "aws", { region });

const vpc = new DefaultVpc(stack, "vpc", { region });
const instanceTypes = new InstanceTypes(stack, "instance_types", { instanceTypes: ["c7g.large"], vpc, region });
const cluster = new Cluster(stack, "cluster", { name, containerInsights: "enhanced" });
// The agent and the security groups must use the same range.
const portRange = new PortRange({ from: 40000, to: 49999 });
const launchTemplate = new LaunchTemplate(stack, "launch_template", {
  name,
  instanceTypes,
  image: new EcsOptimizedImage(stack, "image", { instanceTypes }),
  role: new InstanceRole(stack, "instance_role", { name, region }),
  portRules: new PortRules(stack, "port_rules", { name, vpc, portRange }),
  userData: new UserData({
    agentConfig: new AgentConfig({ clusterName: cluster.clusterName, portRange, options: { reservedMemoryMiB: 256 } }),
    extraLines: ["dnf install -y amazon-efs-utils"],
  }),
  rootVolumeGib: 100,
});
new AsgCapacityProvider(stack, "capacity", { cluster, launchTemplate, name, minSize: 0, maxSize: 10 });
app.synth();
