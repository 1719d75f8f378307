// A cluster whose instances have no public addresses and no NAT: VPC endpoints lead to ECS, ECR, logs, Session Manager, Secrets
// Manager and S3. Use it when the instances must not reach the internet. Their images are then in private repositories of ECR.
import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, Secret } from "../src";

const app = new App();
const stack = new EcsClusterStack(app, "private-instances", {
  vpcId: "vpc-0123456789abcdef0",
  privateSubnets: true,
  vpcEndpoints: { services: ["secretsmanager"] },
  keyPair: "none",
  loadBalancer: { internal: true },
  values: { name: "private" },
});
new Ec2Service(stack, "orders", {
  cluster: stack,
  ecrRepository: true,
  containerPort: 8080,
  memoryLimitMiB: 256,
  paths: ["/orders*"],
  secrets: {
    DATABASE_URL: Secret.fromSecretsManager("arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:orders-AbCdEf"),
  },
});
app.synth();
