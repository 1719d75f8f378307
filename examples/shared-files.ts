// A wiki whose uploads are on EFS, on a cluster with Amazon Linux and Bottlerocket. Its tasks run only on Amazon Linux, because
// Bottlerocket cannot mount EFS with encryption. Other services run on both. Use it when tasks on several instances share files.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, FileSystem } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "shared-files", {
  capacityProviders: {
    files: { placementGroup: "partition", partitionCount: 3, values: { instanceTypes: ["m7g.large"], maxSize: 4 } },
    rocket: {
      amiFamily: "bottlerocket",
      spot: true,
      values: { instanceTypes: ["m7g.large", "m6g.large"], maxSize: 4 },
    },
  },
  values: { name: "wiki" },
});
const uploads = new FileSystem(stack, "uploads", { name: "wiki", vpc: stack.vpc, portRules: stack.portRules });
new Ec2Service(stack, "pages", {
  cluster: stack,
  containerPort: 80,
  paths: ["/*"],
  volumes: { uploads: { fileSystem: uploads.fileSystemId } },
  mountPoints: { "/var/www/uploads": "uploads" },
  desiredCount: 2,
});
new Ec2Service(stack, "search", { cluster: stack, containerPort: 9200, paths: ["/search*"] });
app.synth();
