import { DataAwsSecretsmanagerSecretVersions } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-versions";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, hcl, Secret } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { at, emptyStack, type Part, synthesized } from "../support/synthesized";

Testing.setupJest();

const SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf";

function synthesize(props: Partial<Ec2ServiceProps>): Part {
  const stack = emptyStack();
  new Ec2Service(stack, "web", { cluster: clusterTarget(), image: "web:1", ...props });
  return synthesized(stack);
}

const lookups = (json: Part) => Object.keys((at(json, "data", "aws_secretsmanager_secret_versions") ?? {}) as Part);

describe("redeployOnChange", () => {
  it("deploys the service when the current version of a secret has another id", () => {
    const secrets = { PASSWORD: Secret.fromSecretsManager(SECRET, { jsonKey: "password", redeployOnChange: true }) };
    const json = JSON.stringify(synthesize({ secrets }));
    expect(json).toHaveDataSourceWithProperties(DataAwsSecretsmanagerSecretVersions, {
      secret_id: SECRET,
      region: "us-east-1",
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      force_new_deployment: true,
      triggers: {
        "web PASSWORD":
          '${coalesce(one([for version in data.aws_secretsmanager_secret_versions.web_task_definition_versions_web_PASSWORD.versions : version.version_id if contains(version.version_stages, "AWSCURRENT")]), "none")}',
      },
    });
  });

  it("looks nothing up for other secrets, so that no right is needed", () => {
    const secrets = { PASSWORD: Secret.fromSecretsManager(SECRET), URL: Secret.fromSsmParameter("/url") };
    const json = synthesize({ secrets });
    expect(lookups(json)).toEqual([]);
    expect(at(json, "resource", "aws_ecs_service", "web")).not.toHaveProperty("triggers");
  });

  it("looks each secret up once, and follows the secrets of sidecars", () => {
    const user = Secret.fromSecretsManager(SECRET, { jsonKey: "user", redeployOnChange: true });
    const password = Secret.fromSecretsManager(SECRET, { jsonKey: "password", redeployOnChange: true });
    const other = Secret.fromSecretsManager(hcl`aws_secretsmanager_secret.other.arn`.string, {
      redeployOnChange: true,
    });
    const sidecar = { name: "proxy", image: "envoy:1", secrets: { KEY: other } };
    const json = synthesize({ secrets: { USER: user, PASSWORD: password }, sidecars: [sidecar] });
    expect(lookups(json)).toHaveLength(2);
    expect(Object.keys(at(json, "resource", "aws_ecs_service", "web", "triggers") as Part)).toEqual([
      "web PASSWORD",
      "web USER",
      "proxy KEY",
    ]);
  });
});
