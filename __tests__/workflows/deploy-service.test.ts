import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Configuration, offlineEnv } from "../../cli/offline-provider";
import { Ec2Service, type Ec2ServiceProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { CREDENTIALS, describeMoto } from "../support/moto";
import { events, failedDeployment } from "../support/moto-answers";
import type { Overlay } from "../support/moto-proxy";
import { pythonWith } from "../support/python";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

const WORKFLOW = readFileSync(".github/workflows/deploy-service.yml", "utf8");
const FILE = "images.auto.tfvars.json";
const REPOSITORY = "000000000000.dkr.ecr.eu-west-1.amazonaws.com/ecs/web";
const SHA = "7f3a2b1c00000000000000000000000000000000";

interface Step {
  readonly name: string;
  readonly text: string;
  /** The shell commands. @default - a step with an action */
  readonly run?: string;
}

/** Returns the steps of the job that deploys. */
function steps(): Step[] {
  const [, job = ""] = WORKFLOW.split("\n  deploy:\n");
  return job
    .split(/^ {6}- /m)
    .slice(1)
    .map((text) => {
      const [, name = ""] = /^(?:name|uses): (.*)/.exec(text) ?? [];
      const [, block, line] = /^ {8}run: (?:\|\n((?: {10}.*\n|\n)+)|(.*)\n)/m.exec(text) ?? [];
      return { name, text, run: block?.replace(/^ {10}/gm, "") ?? line };
    });
}

const stepNamed = (name: string): Step => {
  const found = steps().find((step) => step.name === name);
  if (!found) throw new Error(`The workflow has no step ${name}.`);
  return found;
};

describe("the steps until the push", () => {
  const { run: build = "", text } = stepNamed("build and push the image");

  it("get credentials by OIDC, and initialize Terraform, before they use either", () => {
    const names = steps().map(({ name }) => name.replace(/@.*/, ""));
    expect(names).toEqual([
      "actions/checkout",
      "actions/download-artifact",
      "hashicorp/setup-terraform",
      "aws-actions/configure-aws-credentials",
      "terraform init",
      "build and push the image",
      "write the image",
      "plan",
      "apply",
      "wait for the deployment",
      "print why the deployment failed",
      "commit the image",
    ]);
    expect(WORKFLOW).toContain("role-to-assume: ${{ vars.AWS_DEPLOY_ROLE_ARN }}");
    expect(WORKFLOW).toContain("id-token: write");
    expect(text).not.toContain("secrets.");
  });

  it("build the image and push the same tag to the repository of the stack, once for each commit", () => {
    const lines = build.split("\n").map((line) => line.trim());
    const tag = '"$REPOSITORY:$TAG"';
    const inOrder = [
      'REPOSITORY=$(.ci/deploy-service repository "$DIR" "$SERVICE")',
      'echo "IMAGE=$REPOSITORY:$TAG" >> "$GITHUB_ENV"',
      'if aws ecr describe-images --repository-name "${REPOSITORY#*/}" --image-ids "imageTag=$TAG" > /dev/null 2>&1; then',
      'aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"',
      `docker build --tag ${tag} .`,
      `docker push ${tag}`,
    ];
    expect(inOrder.map((line) => lines.indexOf(line))).toEqual(
      inOrder.map((line) => lines.indexOf(line)).sort((one, other) => one - other),
    );
    expect(inOrder.filter((line) => !lines.includes(line))).toEqual([]);
    expect(WORKFLOW).toContain("TAG: ${{ github.sha }}");
  });

  it("are shell commands that bash can read", () => {
    for (const { run } of steps()) if (run) execFileSync("bash", ["-n", "-c", run]);
  });

  it("deploy one after the other, each from the tip of the branch", () => {
    expect(WORKFLOW).toContain("concurrency:\n  group: deploy-service\n  cancel-in-progress: false\n");
    const checkouts = WORKFLOW.match(/actions\/checkout@/g)?.length;
    expect(WORKFLOW.match(/ref: \$\{\{ github\.ref \}\}/g)).toHaveLength(checkouts as number);
  });

  it("print the reason of ECS only when the apply or the deployment failed, and not after a failed build", () => {
    for (const [name, id] of [
      ["apply", "apply"],
      ["wait for the deployment", "wait"],
    ] as const) {
      expect(stepNamed(name).text).toContain(`\n        id: ${id}\n`);
    }
    expect(stepNamed("print why the deployment failed").text).toContain(
      "if: failure() && (steps.apply.outcome == 'failure' || steps.wait.outcome == 'failure')\n",
    );
  });
});

/** Replaces the revision that each service runs, which moto does not have. */
const running =
  (revision: string, more: Overlay = (answer) => answer): Overlay =>
  (answer) => {
    const { status, body } = more(answer);
    const { services, ...rest } = JSON.parse(body) as { services: object[] };
    return {
      status,
      body: JSON.stringify({ ...rest, services: services.map((one) => ({ ...one, taskDefinition: revision })) }),
    };
  };

describeMoto("the steps after the push", (moto) => {
  describeTerraform("with Terraform and the AWS CLI", (lab) => {
    let python = "";
    let endpoint = "";
    const folders: string[] = [];
    beforeAll(async () => {
      python = pythonWith("awscli", resolve("__tests__/workflows/requirements.txt"), "--no-compile");
      endpoint = await moto().proxy.listen();
    });
    afterEach(() => moto().proxy.restore());
    afterAll(() => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });

    /** Returns a deployed stack with two services, and the checkout of a workflow that deploys one of them. */
    async function start(props: Partial<Ec2ServiceProps>, images?: Readonly<Record<string, string>>) {
      const stack = clusterStack({
        ...{ keyPair: "none", loadBalancer: false, capacityGuards: false, values: { region: "eu-west-1" } },
      });
      for (const name of ["web", "worker"]) new Ec2Service(stack, name, { cluster: stack, ...props });
      const configuration = synthesized(stack) as Configuration;
      const terraform = await lab.terraform({ configuration, files: { "cdk.tf.json": "{}" } });
      // The script reads the synthesized file, and Terraform must not read the same resources twice.
      writeFileSync(join(terraform.folder, "main.tf.json"), "{}");
      writeFileSync(join(terraform.folder, "cdk.tf.json"), JSON.stringify(configuration));

      const checkout = mkdtempSync(join(tmpdir(), "deploy-service-"));
      folders.push(checkout);
      cpSync(".ci", join(checkout, ".ci"), { recursive: true });
      if (images) writeFileSync(join(checkout, FILE), `${JSON.stringify(images, null, 2)}\n`);
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], {
          cwd: checkout,
          encoding: "utf8",
        });
      git("init", "--quiet");
      git("add", ".");
      git("commit", "--quiet", "--message", "start");

      const bin = join(checkout, "..", `${checkout.split("/").at(-1)}-bin`);
      mkdirSync(bin);
      folders.push(bin);
      const program = (name: string, script: string) => {
        writeFileSync(join(bin, name), `#!/usr/bin/env bash\n${script}\n`);
        chmodSync(join(bin, name), 0o755);
      };
      const calls = join(bin, "gh-calls");
      program("aws", `exec ${JSON.stringify(python)} -m awscli "$@"`);
      program("gh", `printf '%s\\n' "$@" > ${JSON.stringify(calls)}`);
      const env = {
        ...offlineEnv(await terraform.env()),
        ...CREDENTIALS,
        ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" },
        // No configuration of this machine.
        ...{ AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
        PATH: `${bin}:${process.env.PATH}`,
        ...{
          DIR: terraform.folder,
          SERVICE: "web",
          TAG: SHA,
          IMAGE: `${REPOSITORY}:${SHA}`,
        },
        ...{ CONTENTS: `repos/acme/shop/contents/${FILE}`, BRANCH: "main", GITHUB_STEP_SUMMARY: join(bin, "summary") },
      };
      /** Runs shell commands as GitHub does. */
      const bash = (commands: string) =>
        new Promise<{ status: number | null; output: string }>((done) => {
          const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", commands];
          const child = spawn("bash", args, { cwd: checkout, env, stdio: ["ignore", "pipe", "pipe"] });
          let output = "";
          for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
          child.on("close", (status) => done({ status, output }));
        });
      const step = (name: string) => bash(stepNamed(name).run ?? "");
      const command = (name: string) => bash(`.ci/deploy-service ${name} "$DIR" "$SERVICE"`);
      const aws = (...args: string[]) =>
        new Promise<string>((done) => {
          const child = spawn(python, ["-m", "awscli", ...args, "--output", "text"], { env });
          let output = "";
          child.stdout.on("data", (chunk) => (output += chunk));
          child.on("close", () => done(output.trim()));
        });
      const revisionOf = (name: string) =>
        String(
          terraform.state().resources.find(({ address }) => address === `aws_ecs_service.${name}`)?.values
            .task_definition,
        );
      const imageOf = (name: string) =>
        String(
          terraform
            .state()
            .resources.find(({ address }) => address === `aws_ecs_task_definition.${name}_task_definition`)?.values
            .container_definitions,
        );
      await passes(step("terraform init"));
      return {
        terraform,
        checkout,
        step,
        command,
        aws,
        git,
        calls,
        revisionOf,
        imageOf,
        summary: join(bin, "summary"),
      };
    }

    const passes = async (result: Promise<{ status: number | null; output: string }>) => {
      const { status, output } = await result;
      expect([status, status === 0 ? "" : output]).toEqual([0, ""]);
      return output;
    };

    it("deploy the tag in the parameter of one service, and commit nothing", async () => {
      const run = await start({ imageParameter: true, ecrRepository: true });
      expect((await run.terraform.apply()).stderr).toBe("");
      const name = "/ecs/ecs/web/image";
      await run.aws("ssm", "put-parameter", "--name", name, "--type", "String", "--value", "none");
      const before = run.revisionOf("worker");
      expect(await passes(run.command("repository"))).toBe(`${REPOSITORY}\n`);

      expect(await passes(run.step("write the image"))).toContain(`The parameter ${name} is ${SHA}.`);
      const written = await run.aws("ssm", "get-parameter", "--name", name, "--query", "Parameter.Value");
      expect(written).toBe(SHA);
      // The AWS provider reads the parameter. The offline provider has an account of its own.
      await run.terraform.session.change("aws_ssm_parameter", name, { insecure_value: written });
      expect(await passes(run.step("plan"))).toContain("Plan: 1 to add, 1 to change, 1 to destroy.");
      await passes(run.step("apply"));
      expect(run.imageOf("web")).toContain(`/ecs/web:${SHA}"`);
      expect(run.revisionOf("worker")).toBe(before);

      moto().proxy.overlays.set("DescribeServices", running(run.revisionOf("web")));
      expect(await passes(run.step("wait for the deployment"))).toBe(`web runs ${run.revisionOf("web")}.\n`);
      expect(await passes(run.step("commit the image"))).toBe("");
    });

    it("change one line of the file of images, and commit it", async () => {
      const images = { web_image: `${REPOSITORY}:1`, worker_image: "example/worker:1" };
      const run = await start({}, images);
      await passes(run.step("plan"));
      await passes(run.step("apply"));
      const worker = run.revisionOf("worker");

      await passes(run.step("write the image"));
      const file = readFileSync(join(run.checkout, FILE), "utf8");
      expect(run.git("diff", "--numstat").trim()).toBe(`1\t1\t${FILE}`);
      expect(JSON.parse(file)).toEqual({
        ...images,
        web_image: `${REPOSITORY}:${SHA}`,
      });
      expect(await passes(run.step("plan"))).toContain("Plan: 1 to add, 1 to change, 1 to destroy.");
      await passes(run.step("apply"));
      expect(run.revisionOf("worker")).toBe(worker);
      await passes(run.step("commit the image"));
      const called = readFileSync(run.calls, "utf8").split("\n");
      expect(called.slice(0, 5)).toEqual(["api", "--method", "PUT", `repos/acme/shop/contents/${FILE}`, "--silent"]);
      expect(called).toContain(`message=Deploy web ${SHA}`);
      expect(called).toContain("branch=main");
      expect(called).toContain(`sha=${run.git("rev-parse", `HEAD:${FILE}`).trim()}`);
      const content = called.find((line) => line.startsWith("content=")) ?? "";
      expect(Buffer.from(content.slice("content=".length), "base64").toString()).toBe(file);
    });

    it("fail when ECS rolled the deployment back, with its reason", async () => {
      const run = await start({ image: "example/web:1", waitForSteadyState: false });
      await passes(run.step("plan"));
      await passes(run.step("apply"));
      const back = "arn:aws:ecs:eu-west-1:000000000000:task-definition/ecs-web:1";
      moto().proxy.overlays.set("DescribeServices", running(back));
      const failed = await run.step("wait for the deployment");
      expect(failed.status).toBe(1);
      expect(failed.output).toContain(
        `ECS rolled the deployment back: web runs ${back}, and not ${run.revisionOf("web")}.`,
      );

      const told = "ECS deployment circuit breaker: tasks failed to start.";
      moto().proxy.overlays.set("DescribeServices", (answer) =>
        events("(service web) has reached a steady state.")(failedDeployment(told)(answer)),
      );
      const reason = await passes(run.step("print why the deployment failed"));
      expect(reason).toContain(`FAILED\t${told}`);
      expect(reason).toContain("(service web) has reached a steady state.");
      expect(readFileSync(run.summary, "utf8")).toBe(reason);
    });

    it("print the reasons of stopped tasks", async () => {
      const run = await start({ image: "example/web:1" });
      await passes(run.step("plan"));
      await passes(run.step("apply"));
      moto().proxy.overlays.set("ListTasks", () => ({
        status: 200,
        body: JSON.stringify({ taskArns: ["arn:aws:ecs:eu-west-1:1:task/ecs/a"] }),
      }));
      const containers = [
        { name: "web", exitCode: 1 },
        { name: "side", reason: "CannotPullContainerError: not found" },
      ];
      moto().proxy.overlays.set("DescribeTasks", () => ({
        status: 200,
        body: JSON.stringify({ tasks: [{ stoppedReason: "Essential container in task exited", containers }] }),
      }));
      expect(await passes(run.step("print why the deployment failed"))).toContain(
        "Stopped tasks of web:\nEssential container in task exited\tweb 1 , side  CannotPullContainerError: not found\n",
      );
    });

    it("say what is missing for a service that is not in the stack", async () => {
      const run = await start({ imageParameter: true });
      const { status, output } = await run.step("write the image");
      expect([status, output]).toEqual([
        1,
        "The stack has no variable web_image. With imageParameter, deploy the stack before its first image.\n",
      ]);
      expect(await run.command("wait")).toEqual({ status: 1, output: "The state has no service web.\n" });
      expect(await run.command("repository")).toEqual({
        status: 1,
        output:
          "The state has no output web_repository_url. Set ecrRepository of the service, and deploy the stack once.\n",
      });
    });
  });
});
