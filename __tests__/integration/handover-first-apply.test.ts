import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { offlineEnv, terraformBinary, typesInFolder } from "../../cli/offline-provider";
import { exampleValues } from "../support/examples";
import { folderOf, removeFolders, stackJson, temporaryFolder } from "../support/handover";
import { describeTerraform } from "../support/terraform";

/** Returns the commands of the steps for the first apply with a repository. */
function firstCommands(folder: string): string {
  const [, section = ""] = readFileSync(join(folder, "README.md"), "utf8").split("### First apply with a repository\n");
  return /```sh\n(.*?)```/s.exec(section)?.[1] as string;
}

describeTerraform("the first apply of a hand-over with a repository", (lab) => {
  afterAll(removeFolders);

  /** Runs commands with programs in place of Docker, the AWS CLI and Terraform, which write their calls to a file. */
  async function shellIn(folder: string) {
    const { session } = await lab.terraform({ types: typesInFolder(await folderOf("shared-image")) });
    const programs = temporaryFolder();
    const program = (name: string, text: string) => {
      writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(programs, name), 0o755);
    };
    program("docker", `[ "$1" != login ] || cat > /dev/null; echo "docker $*" >> '${programs}/calls'`);
    program("aws", "echo password");
    program("terraform", `echo "terraform $1" >> '${programs}/calls'; exec '${realTerraform()}' "$@"`);
    const env = { ...process.env, ...offlineEnv(session.env), PATH: [programs, process.env.PATH].join(delimiter) };
    return (commands: string) => {
      const options = { cwd: folder, env, encoding: "utf8", input: "yes\n" } as const;
      const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", commands], options);
      expect([commands, status, stderr]).toEqual([commands, 0, expect.any(String)]);
      return { stdout, calls: readFileSync(join(programs, "calls"), "utf8").trim().split("\n") };
    };
  }

  /** The full path, because a program of this test has the same name. */
  const realTerraform = (): string =>
    spawnSync("sh", ["-c", `command -v ${terraformBinary()}`], { encoding: "utf8" }).stdout.trim();

  const commandsOf = (folder: string) =>
    firstCommands(folder).replaceAll("IMAGE ", "web:1 ").replaceAll("TAG", "1.0.0").replaceAll("MODULE", "shop");

  const pushed = (calls: readonly string[]) => calls.filter((call) => !/^terraform (init|output|console)/.test(call));
  const expected = (url: RegExp) => [
    "terraform apply",
    expect.stringMatching(
      new RegExp(`^docker login --username AWS --password-stdin ${url.source.replace("\\/shop\\/app", "")}$`),
    ),
    expect.stringMatching(new RegExp(`^docker tag web:1 ${url.source}:1\\.0\\.0$`)),
    expect.stringMatching(new RegExp(`^docker push ${url.source}:1\\.0\\.0$`)),
    "terraform plan",
    "terraform apply",
  ];
  const URL = /\S+\.dkr\.ecr\.ap-northeast-2\.amazonaws\.com\/shop\/app/;

  it.each([[{}], [{ hcl: true }]])(
    "creates the repository, pushes the image, and then creates the rest: %j",
    async (options) => {
      const folder = await folderOf("shared-image", options);
      const values = { ...exampleValues(stackJson("shared-image")), name: "shop" };
      writeFileSync(join(folder, "terraform.tfvars.json"), JSON.stringify(values));
      const { stdout, calls } = (await shellIn(folder))(commandsOf(folder));
      expect(pushed(calls)).toEqual(expected(URL));
      const [first = "", second = ""] = stdout.split("Apply complete!").slice(1);
      expect(Number(/(\d+) added/.exec(first)?.[1])).toBeLessThan(5);
      expect(second).toMatch(/ [2-9]\d added, 0 changed, 0 destroyed/);
    },
  );

  it("does so in a module too", async () => {
    const module = await folderOf("shared-image", { module: true });
    const folder = join(temporaryFolder(), "root");
    mkdirSync(dirname(join(folder, "shop")), { recursive: true });
    cpSync(module, join(folder, "shop"), { recursive: true });
    const values = exampleValues(stackJson("shared-image"));
    const root = {
      terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
      provider: { aws: { region: "ap-northeast-2" } },
      module: { shop: { source: "./shop", ...values, region: "ap-northeast-2", name: "shop" } },
    };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(root));
    const { calls } = (await shellIn(folder))(commandsOf(module));
    expect(pushed(calls)).toEqual(expected(URL));
  });
});
