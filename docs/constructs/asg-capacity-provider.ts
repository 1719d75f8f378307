// AsgCapacityProvider
// Settings: AsgCapacityProviderProps, GroupSettings
// JSON: aws_autoscaling_group.capacity: min_size, max_size, protect_from_scale_in, instance_refresh
// JSON: aws_ecs_capacity_provider.capacity_provider: name, auto_scaling_group_provider

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
} from "../../src";

const app = new App();
const stack = new ReadableStack(app, "capacity");
new LocalBackend(stack, { path: "../../../terraform.capacity.tfstate" });
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const region = "eu-west-1";
const name = "ecs";
const vpc = new DefaultVpc(stack, "vpc", { region });
const cluster = new Cluster(stack, "cluster", { name });
const instanceTypes = new InstanceTypes(stack, "instance_types", { instanceTypes: ["m7g.large"], vpc, region });
const portRange = new PortRange({ from: 31000, to: 61000 });
const launchTemplate = new LaunchTemplate(stack, "launch_template", {
  name,
  instanceTypes,
  image: new EcsOptimizedImage(stack, "image", { instanceTypes }),
  role: new InstanceRole(stack, "instance_role", { name, region }),
  portRules: new PortRules(stack, "port_rules", { name, vpc, portRange }),
  userData: new UserData({
    agentConfig: new AgentConfig({ clusterName: cluster.clusterName, portRange }),
  }),
});
new AsgCapacityProvider(stack, "capacity", { cluster, launchTemplate, name, minSize: 1, maxSize: 4 });
app.synth();
