// The strictest cluster: HTTPS only with TLS 1.3, WAF, access logs, a key of your own, private instances with the least
// rights, no SSH at all. Use it when an auditor reads the plan. What exists already (network, certificate, bucket) comes
// by variable.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, Secret } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "hardened", {
  vpcId: "vpc-0123456789abcdef0",
  privateSubnets: true,
  customerKey: true,
  keyPair: "none",
  instancePolicy: "least-privilege",
  containerInsights: "enhanced",
  loadBalancer: {
    https: true,
    redirectHttp: false,
    sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    webAcl: "managed",
    deletionProtection: true,
    accessLogs: { bucket: "example-load-balancer-logs", prefix: "hardened" },
  },
  values: { name: "hardened", logRetentionDays: 365 },
});

// TLS up to the container, whose certificate may be self-signed; nothing in it is writable, and nobody is root.
new Ec2Service(stack, "web", {
  cluster: stack,
  containerPort: 8443,
  targetProtocol: "HTTPS",
  paths: ["/*"],
  healthCheck: { path: "/healthz" },
  cpu: 256,
  memoryLimitMiB: 256,
  ecrRepository: true,
  logRetentionDays: 365,
  readonlyRootFilesystem: true,
  user: "10001",
  secrets: { DATABASE_URL: Secret.fromSsmParameter("/hardened/web/database-url") },
  taskRoleStatements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::example-assets/*"] }],
});
app.synth();
