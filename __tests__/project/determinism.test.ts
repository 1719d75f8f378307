import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { writeApp } from "../support/examples";

const ROOT = join(__dirname, "../..");
/** The default app, and one with services. */
const APPS = { ecs: "main.ts", microservices: "examples/microservices.ts" };

/** Absolute paths that belong to AWS and to the instances, not to the machine that synthesizes. */
const NOT_THE_MACHINES = /^\/(ecs\/|dev\/xvd|etc\/ecs\/|bin\/bash$|aws\/service\/|\/metadata)/;

/** Synthesizes the apps from a folder that holds nothing else, as another person on another machine would. */
async function synthesizeElsewhere(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  await build({
    stdin: {
      contents: Object.values(APPS)
        .map((app) => `require("./${app}");`)
        .join("\n"),
      resolveDir: ROOT,
    },
    ...{ outfile: join(folder, "apps.js"), bundle: true, platform: "node", packages: "external" },
  });
  await promisify(execFile)(process.execPath, ["apps.js"], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, CHECKPOINT_DISABLE: "1", CDKTF_OUTDIR: "out" },
      ...{ TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
      ...{ HOME: join(folder, "home"), USER: "somebody" },
    },
  });
}

describe("two synths of the same app", () => {
  let root: string;
  let one: string;
  const json = (folder: string, stack: string): string =>
    readFileSync(join(root, folder, "stacks", stack, "cdk.tf.json"), "utf8");

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "determinism-"));
    await synthesizeElsewhere(join(root, "somewhere", "else"));
    for (const [stack, app] of Object.entries(APPS)) writeApp(app, join(root, stack));
    one = json("somewhere/else/out", "ecs");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(Object.keys(APPS))("are byte-identical, whatever the folder, time zone, language and home: %s", (stack) => {
    const elsewhere = json("somewhere/else/out", stack);
    expect(elsewhere.length).toBeGreaterThan(10_000);
    expect(elsewhere).toBe(json(stack, stack));
  });

  it("contain no absolute path of the machine", () => {
    const strings = JSON.stringify(JSON.parse(one)).replace(/https?:\/\/\S+/g, "");
    const paths = [...strings.matchAll(/(?<![\w.}*/)\]-])\/(?=[\w.-]*[a-z])[\w.-]+(?:\/[\w.-]*)*/gi)].map(
      ([path]) => path,
    );
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !NOT_THE_MACHINES.test(path))).toEqual([]);
    expect(one).not.toMatch(/[A-Z]:\\\\/);
  });

  it("contain no folder, home, host name or user name of the machine", () => {
    const { username } = userInfo();
    const personal = [ROOT, root, tmpdir(), homedir(), hostname(), username === "root" ? "/root" : username];
    const found = personal.filter((text) => text.length > 3 && one.includes(text));
    expect(found).toEqual([]);
  });

  it("contain no date except the version of IAM's policy language", () => {
    const dates = one.match(/\b20\d\d-\d\d-\d\d(T\d\d:\d\d)?\b/g) ?? [];
    expect([...new Set(dates)]).toEqual(["2012-10-17"]);
    expect(one).not.toMatch(/\b1[5-9]\d{8,11}\b/);
  });

  it("create no network", () => {
    const types = Object.keys(JSON.parse(one).resource);
    expect(types.length).toBeGreaterThan(10);
    const network =
      /^aws_(default_)?(vpc|subnet|internet_gateway|egress_only_internet_gateway|nat_gateway|eip|route|route_table.*|vpc_(endpoint|peering|ipv[46]|dhcp).*|ec2_transit_gateway.*|vpn_.*)$/;
    expect(types.filter((type) => network.test(type))).toEqual([]);
  });
});
