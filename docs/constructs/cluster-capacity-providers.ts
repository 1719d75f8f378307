// ClusterCapacityProviders
// JSON: aws_ecs_cluster_capacity_providers.capacity_providers: capacity_providers, default_capacity_provider_strategy

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import {
  AgentConfig,
  AsgCapacityProvider,
  Cluster,
  ClusterCapacityProviders,
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
    agentConfig: new AgentConfig({ clusterName: cluster.clusterName, portRange, spotDraining: true }),
  }),
});
const capacity = { cluster, launchTemplate, association: false };
const onDemand = new AsgCapacityProvider(stack, "on_demand", { ...capacity, name: "ecs-on-demand" });
const spot = new AsgCapacityProvider(stack, "spot", { ...capacity, name: "ecs-spot", spot: true });
new ClusterCapacityProviders(stack, "capacity_providers", {
  cluster,
  capacityProviders: { onDemand, spot },
  defaultStrategy: [
    { capacityProvider: "onDemand", base: 1 },
    { capacityProvider: "spot", weight: 3 },
  ],
});
app.synth();
