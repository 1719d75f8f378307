// A cluster in an existing VPC. Its instances are in private subnets, on separate hardware, with a volume for a cache, and in
// a security group that your databases admit. Nothing outside the VPC can connect to them.
// Use it when the services need resources in another VPC than the default one, such as a database.
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
