// Dashboard
// JSON: aws_cloudwatch_dashboard.dashboard: dashboard_name

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend } from "cdktf";
import {
  AgentConfig,
  AsgCapacityProvider,
  Cluster,
  Dashboard,
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
const stack = new ReadableStack(app, "dashboard");
new LocalBackend(stack, { path: "../../../terraform.dashboard.tfstate" });
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
const capacityProvider = new AsgCapacityProvider(stack, "capacity", {
  cluster,
  launchTemplate,
  name,
  groupMetrics: true,
});
new Dashboard(stack, "dashboard", { name, region, cluster, capacityProvider });
app.synth();
