// A gRPC service behind HTTPS, with a browser page on another port of the same task and a redirect of the old address.
// Use it when services or mobile apps call you with gRPC.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, ListenerRule } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "grpc", {
  loadBalancer: { https: true },
  values: {
    name: "grpc",
    region: "eu-west-1",
    certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-4000-8000-000000000000",
  },
});
new Ec2Service(stack, "greeter", {
  cluster: stack,
  containerPort: 50051,
  paths: ["/helloworld.Greeter/*"],
  methods: ["POST"],
  protocolVersion: "GRPC",
  healthCheck: { path: "/grpc.health.v1.Health/Check", healthyGrpcCodes: "0" },
  loadBalancingAlgorithmType: "least_outstanding_requests",
  portMappings: [{ containerPort: 8080 }],
  routes: {
    page: {
      hosts: ["greeter.example.com"],
      containerPort: 8080,
      protocolVersion: "HTTP1",
      healthCheck: { path: "/ready" },
    },
  },
});
new ListenerRule(stack, "old-page", {
  cluster: stack,
  hosts: ["old.example.com"],
  redirect: { host: "greeter.example.com" },
});
app.synth();
