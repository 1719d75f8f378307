import { exec } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeMoto } from "./moto";
import { CLUSTER } from "./moto-cluster";
import { type Packed, packed } from "./packed";
import { blocks, readPage } from "./pages";

/** Packages that a new project has. With cdktn, the names of CDKTF are replaced, as docs/cdktn.md says. */
export type Flavor = "cdktf" | "cdktn";

const toCdktn = (text: string): string =>
  text.replaceAll('"ecs-default-vpc"', '"ecs-default-vpc/cdktn"').replaceAll(/"(@?)cdktf(?=[/"])/g, '"$1cdktn');

/**
 * Does what a new user does, with the texts of the pages: in an empty folder, the commands of the README, then a second stack,
 * the hand-over, the tests of docs/testing.md, and the commands that read an account, for which moto replaces AWS.
 */
export function describeNewcomer(flavor: Flavor): void {
  describe(`a new project with ${flavor}`, () => {
    let made: Packed;
    let place: string;
    let project: string;
    const adapted = (text: string) => (flavor === "cdktn" ? toCdktn(text) : text);
    const read = (name: string) => readFileSync(join(project, name), "utf8");
    const write = (name: string, text: string) => writeFileSync(join(project, name), text);

    beforeAll(async () => {
      made = await packed();
      place = mkdtempSync(join(tmpdir(), "newcomer-"));
      project = join(place, "shop");
      mkdirSync(project);
      // The README has a clone of this repository beside the project.
      cpSync(made.folder, join(place, "ecs-default-vpc"), { recursive: true });
    });
    afterAll(() => {
      for (const folder of [place, made.folder]) rmSync(folder, { recursive: true, force: true });
      made.remove();
    });

    /** Runs a line of a shell in the project. npm installs what it can from its cache. */
    function shell(line: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
      const settings = { npm_config_prefer_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
      const env = { ...withoutNpm(process.env), ...settings, CHECKPOINT_DISABLE: "1", CI: "true", NO_COLOR: "1" };
      return promisify(exec)(line, { cwd: project, env, maxBuffer: 1e8 });
    }

    it("is installed, tested and planned by the commands of the README", async () => {
      const section = readPage("README.md").split("## Your own app")[1] ?? "";
      const [, commands = ""] = /```sh\n([\s\S]*?)```/.exec(section) ?? [];
      const printed = new Map<string, string>();
      for (const line of commands.trim().split("\n")) {
        const options = flavor === "cdktn" && line.endsWith(" init") ? " --cdktn" : "";
        printed.set(line, (await shell(`${line}${options}`)).stdout);
      }
      expect(printed.get("npx ecs-default-vpc init")).toContain("Wrote .gitignore, cdktf.json, main.ts, package.json,");
      expect(printed.get("npm test")).toMatch(/# pass 1\n# fail 0/);
      expect(printed.get("npm run plan:offline")).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
      const { dependencies } = JSON.parse(read("package.json"));
      expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([flavor, `@${flavor}/provider-aws`]));
    });

    it("is synthesized by the CLI", async () => {
      // The CLI of cdktn needs Node.js 22.11. npm downloads one, as for the unit tests.
      const isOld = flavor === "cdktn" && Number(process.versions.node.split(".")[0]) < 22;
      await shell(isOld ? "npx --yes --package=node@24 -- npm run synth" : "npm run synth");
      expect(existsSync(join(project, "cdktf.out/stacks/shop/cdk.tf.json"))).toBe(true);
    });

    it("has links in the README that lead to files of the package, also those with a heading", () => {
      const own = join(project, "node_modules/ecs-default-vpc");
      const links = [...readFileSync(join(own, "README.md"), "utf8").matchAll(/\]\(([^)#]*)[^)]*\)/g)].map(
        ([, path = ""]) => path,
      );
      const files = links.filter((path) => path !== "" && !/^https:/.test(path));
      expect(files.length).toBeGreaterThan(20);
      expect(files.filter((path) => !existsSync(join(own, path)))).toEqual([]);
    });

    it("gets a second stack, which the command plans by its id", async () => {
      const second = 'new EcsClusterStack(app, "second", { values: { name: "second" } });\napp.synth();';
      const before = read("main.ts");
      const library = adapted('import { EcsClusterStack } from "ecs-default-vpc";\n');
      write("main.ts", `${library}${before.replace("app.synth();", second)}`);
      await expect(shell("npx ecs-default-vpc plan")).rejects.toMatchObject({
        code: 2,
        stderr: "--stack must be the id of a stack; received nothing. The stacks are second, shop.\n",
      });
      const { stdout, stderr } = await shell("npx ecs-default-vpc plan --stack second -- -var name=other");
      expect(stderr).toContain('Offline plan of stack "second"');
      expect(stdout).toMatch(/cluster_name += "other"/);
      expect(stdout).toMatch(/Plan: \d+ to add, 0 to change, 0 to destroy\./);
    });

    it("is handed over as a folder of Terraform that is valid and up to date", async () => {
      const handover = "npx ecs-default-vpc handover --stack shop --out ops";
      expect((await shell(handover)).stdout).toMatch(/^Wrote \d+ files to ops\. /);
      expect((await shell(`${handover} --check`)).stdout).toBe("ops is up to date.\n");
      expect((await shell("npx ecs-default-vpc plan --dir ops --copy -- validate")).stdout).toContain("Success!");
      const report = JSON.parse((await shell(`${handover} --check --json`)).stdout);
      expect(report).toMatchObject({ stack: "shop", upToDate: true });
    });

    it("runs the tests of docs/testing.md with Jest", async () => {
      const page = readPage("docs/testing.md");
      const install = /^npm install --save-dev jest .*$/m.exec(page)?.[0] ?? "";
      await shell(install);
      write("jest.config.js", /```js\n(module\.exports[\s\S]*?)```/.exec(page)?.[1] ?? "");
      write("tsconfig.json", /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
      rmSync(join(project, "stack.test.ts"));
      write("shop.test.ts", adapted(codeOf("jest")));
      await shell("npx tsc --noEmit");
      const { stderr } = await shell("npx jest");
      expect(stderr).toMatch(/^Tests: +\d+ passed, \d+ total$/m);
    });

    it("plans a stack from the root of a repository with several projects", async () => {
      write(
        "plan.cjs",
        adapted(`const { Testing } = require("cdktf");
const { EcsClusterStack } = require("ecs-default-vpc");
const { planOffline } = require("ecs-default-vpc/testing");
planOffline(new EcsClusterStack(Testing.app(), "shop")).then(({ outputs }) => console.log(outputs.cluster_name));
`),
      );
      // The folder above has no packages.
      expect((await shell("cd .. && node shop/plan.cjs")).stdout).toBe("ecs\n");
    });

    it("runs the test of docs/testing.md with Vitest", async () => {
      const install = /^npm install --save-dev vitest.*$/m.exec(readPage("docs/testing.md"))?.[0] ?? "";
      await shell(install);
      write("plan.test.ts", adapted(codeOf("vitest")));
      await shell("npx tsc --noEmit");
      const { stdout } = await shell("npx vitest run plan.test.ts");
      expect(stdout).toMatch(/Tests +1 passed \(1\)/);
    });

    describeAccountCommands(flavor, shell);
  });
}

/** Describes the commands that read an account. */
function describeAccountCommands(
  flavor: Flavor,
  shell: (line: string) => Promise<{ readonly stdout: string; readonly stderr: string }>,
): void {
  describeMoto(`the commands that read an account, with ${flavor}`, (moto) => {
    let to: string;
    beforeAll(async () => {
      to = `--cluster ${CLUSTER} --region eu-west-1 --endpoint ${await moto().proxy.listen()}`;
    });

    it("doctor finds nothing wrong", async () => {
      const { stdout } = await shell(`npx ecs-default-vpc doctor ${to}`);
      expect(stdout).toMatch(/\nNothing is wrong\.\n$/);
    });

    it("status shows the services", async () => {
      const { services } = JSON.parse((await shell(`npx ecs-default-vpc status ${to} --json`)).stdout);
      expect(services).toEqual([expect.objectContaining({ name: "web", desired: 1, running: 1 })]);
    });

    it("run reports a task definition that does not exist", async () => {
      const run = shell(`npx ecs-default-vpc run nope ${to} -- node migrate.js`);
      const stderr = expect.stringContaining("Unable to describe task definition");
      await expect(run).rejects.toMatchObject({ code: 125, stderr });
    });
  });
}

/** Returns the TypeScript of docs/testing.md for a test runner. */
function codeOf(runner: "jest" | "vitest"): string {
  const own = blocks("ts").filter(([page, code]) => {
    const isVitest = code.includes('from "vitest"');
    return page === "docs/testing.md" && isVitest === (runner === "vitest");
  });
  return own.map(([, code]) => code).join("\n");
}

/** Returns the environment without what `npm run` sets for its own script. */
const withoutNpm = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_ENV$|JEST_)/.test(name)));
