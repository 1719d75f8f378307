// The strictest cluster: only HTTPS with TLS 1.3, WAF, access logs, a KMS key, private instances with least privilege, no SSH.
// Use it when an auditor reads the plan. The network, the certificate and the bucket must exist: docs/security.md lists them.
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

// The container serves TLS, with any certificate. Its file system is read-only, and its user is not root.
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
