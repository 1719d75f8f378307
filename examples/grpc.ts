// A gRPC service behind HTTPS, with a browser page on another port of the same task and a redirect of the old address.
// Another service calls it inside the cluster. Use it when services or mobile apps call you with gRPC.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, ListenerRule } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "grpc", {
  loadBalancer: { https: true },
  defaultCloudMapNamespace: { name: "grpc.internal", type: "DNS_PRIVATE" },
  values: {
    name: "grpc",
    region: "eu-west-1",
    certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000",
  },
});
const greeter = new Ec2Service(stack, "greeter", {
  cluster: stack,
  containerPort: 50051,
  paths: ["/helloworld.Greeter/*"],
  methods: ["POST"],
  protocolVersion: "GRPC",
  healthCheck: { path: "/grpc.health.v1.Health/Check", healthyGrpcCodes: "0" },
  loadBalancingAlgorithmType: "least_outstanding_requests",
  portMappings: [{ containerPort: 50051, name: "grpc", appProtocol: "grpc" }, { containerPort: 8080 }],
  // Services call greeter:50051. The proxies distribute requests over the tasks, and end them after 5 seconds.
  serviceConnect: { perRequestTimeoutSeconds: 5 },
  // Everything else in the VPC asks for the SRV record of tasks.grpc.internal.
  cloudMapOptions: { name: "tasks" },
  routes: {
    page: {
      hosts: ["greeter.example.com"],
      containerPort: 8080,
      protocolVersion: "HTTP1",
      healthCheck: { path: "/ready" },
    },
  },
});
// It starts when the name of the other service exists.
new Ec2Service(stack, "reports", {
  cluster: stack,
  environment: { GREETER: "greeter:50051" },
  serviceConnect: {},
  startAfter: [greeter],
});
new ListenerRule(stack, "old-page", {
  cluster: stack,
  hosts: ["old.example.com"],
  redirect: { host: "greeter.example.com" },
});
app.synth();
