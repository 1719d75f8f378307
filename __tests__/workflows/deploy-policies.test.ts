import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { folderOf, removeFolders, temporaryFolder } from "../support/handover";
import { CREDENTIALS, describeMoto } from "../support/moto";
import { pythonWith } from "../support/python";

const VALUES: Readonly<Record<string, string>> = {
  ...{ ACCOUNT_ID: "123456789012", PARTITION: "aws", REGION: "eu-west-1", NAME: "shop", LOWERCASE_NAME: "shop" },
};

describeMoto("the commands of a hand-over's README", (moto) => {
  afterAll(removeFolders);

  it("create and attach the policies of a deployer, and update a policy with the most versions that IAM keeps", async () => {
    const python = pythonWith("awscli", resolve("__tests__/workflows/requirements.txt"), "--no-compile");
    const endpoint = await moto().proxy.listen();
    const bin = join(temporaryFolder(), "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "aws"), `#!/usr/bin/env bash\nexec ${JSON.stringify(python)} -m awscli "$@"\n`);
    chmodSync(join(bin, "aws"), 0o755);
    const cwd = await folderOf("ecs");
    const env = {
      ...process.env,
      ...CREDENTIALS,
      ...{
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: "eu-west-1",
        AWS_DEFAULT_REGION: "eu-west-1",
        AWS_DEFAULT_OUTPUT: "json",
      },
      ...{ AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", PATH: `${bin}:${process.env.PATH}` },
    };
    const [, permissions = ""] = readFileSync(join(cwd, "README.md"), "utf8").split("\n## Permissions\n");
    const [fill = "", create = "", update = ""] = [...permissions.matchAll(/```sh\n(.*?)```/gs)].map(
      ([, text = ""]) => text,
    );
    const filled = fill.replace(/s\|(\w+)\|…\|g/g, (_, name: string) => `s|${name}|${VALUES[name]}|g`);
    const bash = (commands: string) =>
      new Promise<string>((done, fail) => {
        const child = spawn("bash", ["-eo", "pipefail", "-c", commands], {
          cwd,
          env,
          stdio: ["ignore", "pipe", "pipe"],
        });
        let [output, errors] = ["", ""];
        child.stdout.on("data", (chunk) => (output += chunk));
        child.stderr.on("data", (chunk) => (errors += chunk));
        child.on("close", (status) => (status === 0 ? done(output) : fail(new Error(`${commands}\n${errors}`))));
      });
    const json = async <T>(command: string): Promise<T> => JSON.parse(await bash(command)) as T;

    await bash("aws iam create-role --role-name DEPLOYER --assume-role-policy-document '{}'");
    await bash(filled + create);
    const attached = await json<{ AttachedPolicies: { PolicyName: string; PolicyArn: string }[] }>(
      "aws iam list-attached-role-policies --role-name DEPLOYER",
    );
    expect(attached.AttachedPolicies.map(({ PolicyName }) => PolicyName).sort()).toEqual([
      "shop-eu-west-1-deploy-policy",
      "shop-eu-west-1-deploy-policy-2",
    ]);

    const arn = "arn:aws:iam::123456789012:policy/shop-eu-west-1-deploy-policy";
    // IAM keeps five versions, so the update must delete some.
    const version = `aws iam create-policy-version --policy-arn ${arn} --policy-document file://filled-deploy-policy.json`;
    await bash(`for i in 2 3 4 5; do ${version}; done`);
    const file = join(cwd, "deploy-policy.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"Sid": "Read"', '"Sid": "Read2"'));
    await bash(filled + update);
    const { Versions } = await json<{ Versions: { VersionId: string; IsDefaultVersion: boolean }[] }>(
      `aws iam list-policy-versions --policy-arn ${arn}`,
    );
    // The version before the update stays, to go back to.
    expect(Versions.length).toBe(2);
    const current = Versions.find(({ IsDefaultVersion }) => IsDefaultVersion)?.VersionId;
    const { PolicyVersion } = await json<{ PolicyVersion: { Document: object } }>(
      `aws iam get-policy-version --policy-arn ${arn} --version-id ${current}`,
    );
    expect(PolicyVersion.Document).toEqual(JSON.parse(readFileSync(join(cwd, "filled-deploy-policy.json"), "utf8")));
    const text = JSON.stringify(PolicyVersion.Document);
    expect(text).toContain('"Sid":"Read2"');
    expect(text).toContain("arn:aws:ecs:eu-west-1:123456789012:cluster/shop");
    expect(text).not.toMatch(/PARTITION|ACCOUNT_ID|REGION|NAME/);
  });
});
