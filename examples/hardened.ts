// The strictest cluster: HTTPS only with TLS 1.3, WAF, access logs, a key of your own, private instances with the least
// rights, no SSH at all. Use it when an auditor reads the plan. What exists already (network, certificate, bucket) comes
// by variable.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
new EcsClusterStack(app, "hardened", {
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
app.synth();
