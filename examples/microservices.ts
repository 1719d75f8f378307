// The tutorial "Break a monolith into microservices" in one file, in the default VPC, with a worker.
// Use it when several services share one load balancer, each with its own path.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "microservices", {
  values: { name: "micro", instanceTypes: ["t2.micro"], minSize: 1, maxSize: 2, desiredSize: 2 },
  loadBalancer: { idleTimeoutSeconds: 30 },
});

const healthCheck = { path: "/", intervalSeconds: 6, timeoutSeconds: 5, healthyThresholdCount: 2 };
const tutorial = { cluster: stack, containerPort: 3000, cpu: 256, memoryLimitMiB: 256, healthCheck };
// The priorities are the tutorial's. Without them, they follow from the paths.
new Ec2Service(stack, "users", { ...tutorial, paths: ["/api/users*"], priority: 1 });
new Ec2Service(stack, "threads", { ...tutorial, paths: ["/api/threads*"], priority: 2 });
new Ec2Service(stack, "posts", { ...tutorial, paths: ["/api/posts*"], priority: 3 });

// No route, so no target group. A worker reads its work from a queue, for example.
new Ec2Service(stack, "worker", { cluster: stack, cpu: 128, memoryLimitMiB: 128, command: ["node", "worker.js"] });

app.synth();
