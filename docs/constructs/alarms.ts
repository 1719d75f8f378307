// Alarms

import { stack } from "../../scripts/docs/stack";
import {
  AgentConfig,
  Alarms,
  AsgCapacityProvider,
  Cluster,
  DefaultVpc,
  EcsOptimizedImage,
  InstanceRole,
  InstanceTypes,
  LaunchTemplate,
  PortRange,
  PortRules,
  UserData,
} from "../../src";

const vpc = new DefaultVpc(stack, "vpc", { region: "eu-west-1" });
const region = "eu-west-1";
const name = "ecs";
const cluster = new Cluster(stack, "cluster", { name });
const instanceTypes = new InstanceTypes(stack, "instance_types", { instanceTypes: ["m7g.large"], vpc, region });
const portRange = new PortRange({ from: 31000, to: 61000 });
const launchTemplate = new LaunchTemplate(stack, "launch_template", {
  name,
  instanceTypes,
  image: new EcsOptimizedImage(stack, "image", { instanceTypes }),
  role: new InstanceRole(stack, "instance_role", { name, region }),
  portRules: new PortRules(stack, "port_rules", { name, vpc, portRange }),
  userData: new UserData({ agentConfig: new AgentConfig({ clusterName: cluster.clusterName, portRange }) }),
});
const capacityProvider = new AsgCapacityProvider(stack, "capacity", { cluster, launchTemplate, name });
new Alarms(stack, "alarms", {
  name,
  cluster,
  capacityProvider,
  topicArn: "arn:aws:sns:eu-west-1:123456789012:operations",
});
