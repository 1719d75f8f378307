import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Ec2Service, Secret } from "../../src";
import { clusterStack } from "../support/cluster";
import { emptyStack } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

describeTerraform("a secret that changes", (lab) => {
  /** The state that owns the secret. */
  const owner = (value: string) => () => {
    const stack = emptyStack();
    const secret = new SecretsmanagerSecret(stack, "db", { name: "db" });
    new SecretsmanagerSecretVersion(stack, "version", { secretId: secret.arn, secretString: value });
    return stack;
  };
  const service = (secretArn: string, redeployOnChange: boolean) => () => {
    const stack = clusterStack({ values: { region: "eu-west-1" }, loadBalancer: false });
    const secrets = { PASSWORD: Secret.fromSecretsManager(secretArn, { redeployOnChange }) };
    new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", secrets });
    return stack;
  };

  it("deploys the service with redeployOnChange, and the state has no value of the secret", async () => {
    const system = await RunningSystem.start(lab);
    const [secrets, services] = [system.state(), system.state()];
    await secrets.apply(owner("first-value"));
    const { resources } = secrets.terraform.state();
    const arn = String(resources.find(({ type }) => type === "aws_secretsmanager_secret")?.values.arn);
    await services.apply(service(arn, true));
    await secrets.apply(owner("second-value"));
    const changes = await services.apply(service(arn, true));
    expect(changes).toMatchObject({ created: [], updated: ["aws_ecs_service.web"], replaced: [], deleted: [] });
    expect(JSON.stringify(services.terraform.state())).not.toMatch(/first-value|second-value/);

    // Without the setting, Terraform keeps the old triggers and follows the secret no longer.
    expect((await services.apply(service(arn, false))).updated).toEqual([]);
    await secrets.apply(owner("third-value"));
    expect((await services.apply(service(arn, false))).updated).toEqual([]);
  });
});
