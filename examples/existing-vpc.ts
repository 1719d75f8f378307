// A cluster in a VPC that is there already: instances in its private subnets, in a security group that the databases admit,
// each on hardware of its own and with a volume for what is expensive to fetch. Nothing of it is reached from outside.
// Use it when what the services need, such as a database, is in a VPC of its own.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
new EcsClusterStack(app, "existing-vpc", {
  vpcId: "vpc-0123456789abcdef0",
  privateSubnets: true,
  extraSecurityGroups: true,
  keyPair: "none",
  loadBalancer: false,
  volumes: { cache: { sizeGib: 200, mountPath: "/cache", iops: 6000, throughputMiBs: 500 } },
  placementGroup: "spread",
  detailedMonitoring: true,
  values: { name: "batch", instanceTypes: ["m7g.large"], maxSize: 7 },
});
app.synth();
