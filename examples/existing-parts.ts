// A cluster in an account whose platform team owns the KMS key, the instance profile and the security group of the instances.
// Use it when you may create no roles, keys or security groups for instances. The platform team gives you their ids.
import { App } from "cdktf";
import { EcsClusterStack } from "../src";

const app = new App();
new EcsClusterStack(app, "existing-parts", {
  customerKey: "existing",
  instanceProfile: "existing",
  instanceSecurityGroup: "existing",
  keyPair: "none",
  values: {
    name: "orders",
    customerKeyArn: "arn:aws:kms:ap-northeast-2:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666",
    instanceProfileArn: "arn:aws:iam::111122223333:instance-profile/platform-ecs-instance",
    instanceSecurityGroupId: "sg-0123456789abcdef0",
  },
});
app.synth();
