import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "..");
const FILES = ["main.ts", "src", "tsconfig.json"];

/** Absolute paths that belong to AWS and to the instances, not to the machine that synthesizes. */
const NOT_THE_MACHINES = /^\/(ecs\/|dev\/xvd|etc\/ecs\/|bin\/bash$|aws\/service\/|\/metadata)/;

/** Synthesizes the default app in a copy of the sources, as another person on another machine would. */
async function synthesizedIn(folder: string, env: Readonly<Record<string, string>>): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
  await promisify(execFile)(process.execPath, [join(ROOT, "tools/synth/app.js"), "main.ts"], {
    cwd: folder,
    env: { PATH: process.env.PATH, CHECKPOINT_DISABLE: "1", ECS_SYNTH_CACHE: join(folder, "cache"), ...env },
  });
  return readFileSync(join(folder, "cdktf.out/stacks/ecs/cdk.tf.json"), "utf8");
}

describe("two synths of the default app", () => {
  let root: string;
  let [one, other] = ["", ""];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "determinism-"));
    [one, other] = await Promise.all([
      synthesizedIn(join(root, "one"), {
        TZ: "Pacific/Kiritimati",
        LANG: "C",
        LC_ALL: "C",
        HOME: join(root, "home-one"),
      }),
      synthesizedIn(join(root, "somewhere", "else", "other"), {
        TZ: "America/Los_Angeles",
        LANG: "tr_TR.UTF-8",
        LC_ALL: "tr_TR.UTF-8",
        HOME: join(root, "home-other"),
        USER: "somebody",
      }),
    ]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("are byte-identical, whatever the folder, time zone, language and home", () => {
    expect(one.length).toBeGreaterThan(10_000);
    expect(other).toBe(one);
  });

  it("hold no path of the machine, neither the folder nor any other absolute one", () => {
    const strings = JSON.stringify(JSON.parse(one)).replace(/https?:\/\/\S+/g, "");
    const paths = [...strings.matchAll(/(?<![\w.}*/)\]-])\/(?=[\w.-]*[a-z])[\w.-]+(?:\/[\w.-]*)*/gi)].map(
      ([path]) => path,
    );
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !NOT_THE_MACHINES.test(path))).toEqual([]);
    expect(one).not.toMatch(/[A-Z]:\\\\/);
  });

  it("hold neither folder, home, host nor user of this machine", () => {
    const { username } = userInfo();
    const personal = [ROOT, root, tmpdir(), homedir(), hostname(), username === "root" ? "/root" : username];
    const found = personal.filter((text) => text.length > 3 && one.includes(text));
    expect(found).toEqual([]);
  });

  it("hold no date but the version of IAM's policy language", () => {
    const dates = one.match(/\b20\d\d-\d\d-\d\d(T\d\d:\d\d)?\b/g) ?? [];
    expect([...new Set(dates)]).toEqual(["2012-10-17"]);
    expect(one).not.toMatch(/\b1[5-9]\d{8,11}\b/);
  });

  it("make no network", () => {
    const types = Object.keys(JSON.parse(one).resource);
    expect(types.length).toBeGreaterThan(10);
    const network =
      /^aws_(default_)?(vpc|subnet|internet_gateway|egress_only_internet_gateway|nat_gateway|eip|route|route_table.*|vpc_(endpoint|peering|ipv[46]|dhcp).*|ec2_transit_gateway.*|vpn_.*)$/;
    expect(types.filter((type) => network.test(type))).toEqual([]);
  });
});
