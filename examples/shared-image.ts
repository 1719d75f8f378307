// A web service, a worker and a migration that run one image. One variable, `app_image`, deploys all three. The migration is a task
// definition that you run before a deployment: `aws ecs run-task`. Each container has its own command and its own rights.
// Use it when one code base has several processes.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, Secret, ServiceImage, TaskDefinition } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "shared-image", { values: { name: "orders" } });
const image = new ServiceImage(stack, "app", { clusterName: stack.cluster.clusterName, ecrRepository: true });
const secrets = { DATABASE_URL: Secret.fromSsmParameter("/prod/orders/database-url") };
/** Hardening that all three containers share. */
const hardened = {
  readonlyRootFilesystem: true,
  linuxParameters: {
    capabilities: { drop: ["ALL"] },
    tmpfs: [{ containerPath: "/tmp", sizeMiB: 64, mountOptions: ["noexec"] }],
  },
} as const;

new Ec2Service(stack, "web", {
  cluster: stack,
  image,
  secrets,
  ...hardened,
  containerPort: 3000,
  paths: ["/*"],
  command: ["node", "server.js"],
  desiredCount: 2,
});
new Ec2Service(stack, "worker", {
  cluster: stack,
  image,
  secrets,
  ...hardened,
  command: ["node", "worker.js"],
  // A worker that exits starts again on its instance, without a new task.
  restartPolicy: { ignoredExitCodes: [0] },
  stopTimeoutSeconds: 120,
});
new TaskDefinition(stack, "migration", {
  cluster: stack,
  name: "migration",
  containers: [{ name: "migration", image, secrets, ...hardened, command: ["node", "migrate.js"] }],
});
app.synth();
