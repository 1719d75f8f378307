import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Testing } from "cdktf";
import { AgentConfig, hcl, type InstanceVolume, mountLines, UserData } from "../../src";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { emptyStack, resolved } from "../support/synthesized";

Testing.setupJest();

type Volumes = Readonly<Record<string, InstanceVolume>>;

const CACHE: InstanceVolume = { sizeGib: 200, mountPath: "/cache" };

function synthesize(volumes: Volumes): string {
  const stack = emptyStack();
  void new Parts(stack, { template: { volumes } }).launchTemplate;
  return Testing.synth(stack, true);
}
const problems = (volumes: object) => problemsOf(() => synthesize(volumes as Volumes));

describe("InstanceVolume", () => {
  const ebs = { encrypted: "true", volume_type: "gp3", delete_on_termination: "true" };

  it("is a device after the root volume, in the order of the names", () => {
    const logs = { sizeGib: 20, mountPath: "/data/logs" };
    const cache = { ...CACHE, iops: 6000, throughputMiBs: 500 };
    const json = synthesize({ logs, cache });
    expect(json).toHaveResourceWithProperties(LaunchTemplate, {
      block_device_mappings: [
        { device_name: "/dev/xvda", ebs: { ...ebs, volume_size: 30 } },
        { device_name: "/dev/xvdf", ebs: { ...ebs, volume_size: 200, iops: 6000, throughput: 500 } },
        { device_name: "/dev/xvdg", ebs: { ...ebs, volume_size: 20 } },
      ],
    });
    expect(synthesize({ cache, logs })).toBe(json);
  });

  it("accepts a size that only Terraform knows", () => {
    const cache = { sizeGib: hcl`var.gib`.number, mountPath: "/cache", iops: 6000 };
    expect(synthesize({ cache })).toHaveResourceWithProperties(LaunchTemplate, {
      block_device_mappings: expect.arrayContaining([
        { device_name: "/dev/xvdf", ebs: { ...ebs, volume_size: "${var.gib}", iops: 6000 } },
      ]),
    });
  });

  it.each([
    ...["/usr", "/etc/ecs", "/usr/local", "/run/docker", "/var/run/x"],
    ...["/var/lib/docker", "/var/lib/docker/volumes", "/var/lib/ecs/data", "/var/lib/cloud", "/var/lib/amazon/ssm"],
    ...["/home/ec2-user", "/var/log", "/var/log/ecs", "/var/lib", "/tmp", "/opt"],
  ])("cannot hide a folder of the system: %s", (mountPath) => {
    expect(problems({ cache: { ...CACHE, mountPath } })).toEqual([
      `volumes.cache.mountPath must not be a folder of the system; received "${mountPath}". Choose another folder, such as /data. The volume would hide the files in it.`,
    ]);
  });

  it.each(["/data", "/home/data", "/opt/data", "/var/cache/pages", "/var/lib/postgres", "/etcetera"])(
    "can be mounted at another folder: %s",
    (mountPath) => {
      expect(problems({ cache: { ...CACHE, mountPath } })).toEqual([]);
    },
  );

  it.each<[object, string]>([
    [
      { cache: { ...CACHE, mountPath: "/a; reboot" } },
      'volumes.cache.mountPath must be an absolute path of letters, digits, dots, hyphens and underscores; received "/a; reboot". For example /data.',
    ],
    [
      { cache: { ...CACHE, mountPath: hcl`var.path`.string } },
      "volumes.cache.mountPath must be known when the code runs; received a token. Write the value itself instead of a token.",
    ],
    [
      { cache: { ...CACHE, sizeGib: 65_537 } },
      "volumes.cache.sizeGib must be a whole number from 1 to 65536 (GiB); received 65537. For example 100.",
    ],
    [
      { cache: { ...CACHE, iops: 2999 } },
      "volumes.cache.iops must be a whole number from 3000 to 80000; received 2999. Remove it for 3000.",
    ],
    [
      { cache: { ...CACHE, sizeGib: 7, iops: 3501 } },
      "volumes.cache.iops must be at most 500 for each GiB, which is 3500 for 7 GiB; received 3501. Lower it, or raise sizeGib.",
    ],
    [
      { cache: { ...CACHE, throughputMiBs: 124 } },
      "volumes.cache.throughputMiBs must be a whole number from 125 to 2000 (MiB per second); received 124. Remove it for 125.",
    ],
    [
      { cache: { ...CACHE, throughputMiBs: 751 } },
      "volumes.cache.throughputMiBs must be at most a quarter of iops, which is 750; received 751. Lower it, or raise iops.",
    ],
    [{ a: CACHE, b: CACHE }, 'volumes must have a different mountPath each; received ["/cache"]. Change one of them.'],
    [
      Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`v${index}`, { sizeGib: 1, mountPath: `/v${index}` }]),
      ),
      "volumes must have at most 11 volumes, because there are no more device names; received 12. Combine some of them.",
    ],
  ])("rejects %j", (volumes, message) => {
    expect(problems(volumes)).toEqual([message]);
  });

  it("compares no throughput with a number of operations that only Terraform knows", () => {
    expect(problems({ cache: { ...CACHE, iops: hcl`var.iops`.number, throughputMiBs: 2000 } })).toEqual([]);
  });

  it("is checked before it becomes shell lines", () => {
    expect(problemsOf(() => mountLines({ cache: { ...CACHE, mountPath: "/a; reboot" } }))).toHaveLength(1);
    expect(problemsOf(() => mountLines(undefined as never))).toEqual([
      "settings must be a map; received nothing. Set it.",
    ]);
  });
});

/** The first boot of an instance: user data in a real shell, with a folder as the root and with fakes of the system's programs. */
class FirstBoot {
  readonly root = mkdtempSync(join(tmpdir(), "first-boot-"));

  constructor(private readonly volumes: Volumes) {
    for (const folder of ["bin", "dev/disk/by-id", "etc/ecs", "etc/tmpfiles.d", "proc", "run", "sys/block"]) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
    for (const file of ["proc/mounts", "etc/fstab", "calls"]) this.write(file, "");
    this.program("systemctl", "");
    this.program("sleep", "");
    // A file beside the disk has the UUID of its file system.
    this.program("blkid", 'disk=$(readlink -f "${!#}"); [ -e "$disk.uuid" ] && cat "$disk.uuid"');
    this.program("mkfs", 'disk=$(readlink -f "${!#}"); echo "uuid-of-$(basename $disk)" > "$disk.uuid"');
    this.program(
      "mount",
      'uuid=$(grep " $1 " $ROOT/etc/fstab | sed "s/UUID=\\([^ ]*\\).*/\\1/"); disk=$(grep -lx "$uuid" $ROOT/dev/*.uuid) && echo "${disk%.uuid} $1 xfs" >> $ROOT/proc/mounts',
    );
    this.program("mountpoint", 'grep -q " $2 " $ROOT/proc/mounts');
  }

  program(name: string, script: string): void {
    const calls = name === "sleep" ? "" : `echo "${name} $*" >> $ROOT/calls\n`;
    this.write(`bin/${name}`, `#!/bin/bash\n${calls}${script}\n`);
    chmodSync(join(this.root, "bin", name), 0o755);
  }

  /** Adds an EBS disk of a Nitro instance. */
  disk(name: string, gib: number): void {
    this.write(`dev/${name}`, "");
    mkdirSync(join(this.root, `sys/block/${name}/device`), { recursive: true });
    this.write(`sys/block/${name}/device/model`, "Amazon Elastic Block Store              \n");
    this.write(`sys/block/${name}/size`, `${gib * 2 ** 21}\n`);
    symlinkSync(`../../${name}`, join(this.root, `dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol-${name}`));
  }

  /** Adds the link that udev makes for a disk. */
  link(name: string, disk: string): void {
    symlinkSync(disk, join(this.root, "dev", name));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
  }

  read(file: string): string | undefined {
    const path = join(this.root, file);
    return existsSync(path) ? readFileSync(path, "utf8").replaceAll(this.root, "") : undefined;
  }

  /** Runs the user data. @returns its exit code and its output for the console */
  run() {
    const agentConfig = new AgentConfig({ clusterName: "prod" });
    const extraLines = [...mountLines(this.volumes), "touch /run/extra", "exit 7"];
    const script = new UserData({ agentConfig, extraLines }).template
      .replaceAll("$${", "${")
      // A folder has no block devices.
      .replaceAll("[ -b ", "[ -e ")
      .replace(/(?<=[\s"'=>])\/(?=dev\/(?!null)|(etc|run|sys|proc|cache|data)\b)/g, `${this.root}/`);
    // Nothing outside the folder is touched.
    expect(script.replaceAll(this.root, "ROOT")).not.toMatch(/(?<![\w}])\/(dev\/(?!null|\})|etc|run|sys|proc)/);
    const { status, stderr } = spawnSync("bash", ["-c", script], {
      encoding: "utf8",
      env: { ...process.env, ROOT: this.root, PATH: `${this.root}/bin:${process.env.PATH}` },
    });
    return { status, console: stderr.replaceAll(this.root, "").trim() };
  }

  /** The disks by the folders that they are mounted at. */
  mounts(): object {
    const lines = (this.read("proc/mounts") ?? "").trim().split("\n").filter(Boolean);
    return Object.fromEntries(lines.map((line) => line.split(" ").slice(0, 2).reverse()));
  }

  get joins(): boolean {
    return existsSync(join(this.root, "run/ecs-ready"));
  }
}

describe("the first boot of an instance with volumes", () => {
  const boots: FirstBoot[] = [];
  const boot = (volumes: Volumes) => {
    const created = new FirstBoot(volumes);
    boots.push(created);
    return created;
  };
  afterAll(() => {
    for (const { root } of boots) rmSync(root, { recursive: true, force: true });
  });
  const NOT_JOINED = "The instance does not join the ECS cluster.";

  it("formats a disk, mounts it at each boot, and lets the agent start afterwards", () => {
    const one = boot({ cache: CACHE });
    one.disk("nvme1n1", 200);
    one.link("xvdf", "nvme1n1");
    // The exit code of the last extra line.
    expect(one.run()).toEqual({ status: 7, console: "" });
    expect(one.mounts()).toEqual({ "/cache": "/dev/nvme1n1" });
    expect(one.read("etc/fstab")).toBe("UUID=uuid-of-nvme1n1 /cache xfs defaults,nofail 0 2\n");
    expect([one.joins, one.read("run/extra")]).toEqual([true, ""]);
    expect(one.read("etc/tmpfiles.d/ecs-ready.conf")).toBe("f /run/ecs-ready\n");
  });

  it("makes the agent wait for the marker and the mounts before it does anything else", () => {
    const one = boot({ cache: CACHE });
    one.disk("nvme1n1", 200);
    one.program(
      "blkid",
      "[ -e $ROOT/run/ecs-ready ] && touch $ROOT/run/too-early; cat $ROOT/etc/systemd/system/ecs.service.d/ecs-ready.conf > $ROOT/run/before; exit 2",
    );
    one.link("xvdf", "nvme1n1");
    one.run();
    expect(one.read("run/before")).toBe("[Unit]\nConditionPathExists=/run/ecs-ready\nRequiresMountsFor=/cache\n");
    expect(one.read("run/too-early")).toBeUndefined();
    expect(one.read("calls")?.split("\n")[0]).toBe("systemctl daemon-reload");
  });

  it("keeps the file system of a disk that has one", () => {
    const one = boot({ cache: CACHE });
    one.disk("nvme1n1", 200);
    one.link("xvdf", "nvme1n1");
    one.write("dev/nvme1n1.uuid", "kept\n");
    one.run();
    expect(one.read("calls")).not.toContain("mkfs");
    expect(one.read("etc/fstab")).toContain("UUID=kept /cache");
    expect(one.joins).toBe(true);
  });

  it("mounts a folder before the folder inside it", () => {
    const one = boot({ a: { sizeGib: 10, mountPath: "/data/inner" }, b: { sizeGib: 20, mountPath: "/data" } });
    one.disk("nvme1n1", 10);
    one.disk("nvme2n1", 20);
    one.link("xvdf", "nvme1n1");
    one.link("xvdg", "nvme2n1");
    one.run();
    expect(Object.entries(one.mounts())).toEqual([
      ["/data", "/dev/nvme2n1"],
      ["/data/inner", "/dev/nvme1n1"],
    ]);
    expect(one.read("etc/systemd/system/ecs.service.d/ecs-ready.conf")).toContain(
      "RequiresMountsFor=/data /data/inner\n",
    );
  });

  it.each(["xvdg", "/dev/xvdg"])("finds a disk without a link by the name %s that it tells itself", (name) => {
    const one = boot({ a: { sizeGib: 10, mountPath: "/data" }, b: { sizeGib: 10, mountPath: "/cache" } });
    one.disk("nvme1n1", 10);
    one.disk("nvme2n1", 10);
    one.link("xvdf", "nvme2n1");
    const identify =
      'case "$3" in *nvme1n1) name=NAME;; *) name=xvdf;; esac; head -c 3072 /dev/zero; printf "%-32s" $name'.replace(
        "NAME",
        name,
      );
    one.program("nvme", identify);
    expect(one.run().status).toBe(7);
    expect(one.mounts()).toEqual({ "/data": "/dev/nvme2n1", "/cache": "/dev/nvme1n1" });
  });

  it("finds disks by their size without links and without nvme-cli, each once, and not the root volume", () => {
    const one = boot({ a: { sizeGib: 30, mountPath: "/data" }, b: { sizeGib: 30, mountPath: "/cache" } });
    for (const disk of ["nvme0n1", "nvme1n1", "nvme2n1"]) one.disk(disk, 30);
    one.disk("nvme3n1", 50);
    one.write("proc/mounts", `${one.root}/dev/nvme0n1p1 / xfs\n`);
    expect(one.run().status).toBe(7);
    expect(one.mounts()).toEqual({ "/": "/dev/nvme0n1p1", "/cache": "/dev/nvme1n1", "/data": "/dev/nvme2n1" });
    expect(one.joins).toBe(true);
  });

  it.each<[string, (one: FirstBoot) => void, string]>([
    ["find a disk", () => {}, "find the disk of /cache"],
    ["find a disk of the size", (one) => one.disk("nvme1n1", 199), "find the disk of /cache"],
    [
      "format a disk",
      (one) => {
        one.disk("nvme1n1", 200);
        one.program("mkfs", "exit 1");
      },
      "format /dev/nvme1n1 for /cache",
    ],
    [
      "find a file system",
      (one) => {
        one.disk("nvme1n1", 200);
        one.program("mkfs", "");
      },
      "find a file system on /dev/nvme1n1 for /cache",
    ],
    [
      "mount a disk",
      (one) => {
        one.disk("nvme1n1", 200);
        one.program("mount", "exit 32");
      },
      "mount /dev/nvme1n1 at /cache",
    ],
    [
      "mount a disk, though mount succeeds",
      (one) => {
        one.disk("nvme1n1", 200);
        one.program("mount", "");
      },
      "mount /dev/nvme1n1 at /cache",
    ],
    [
      "use a disk that is mounted",
      (one) => {
        one.disk("nvme1n1", 200);
        one.link("xvdf", "nvme1n1");
        one.write("proc/mounts", `${one.root}/dev/nvme1n1 /data xfs\n`);
      },
      "mount /cache, because /dev/xvdf is in use",
    ],
    [
      "create the marker",
      (one) => {
        one.disk("nvme1n1", 200);
        one.program("touch", "exit 1");
      },
      "create /run/ecs-ready",
    ],
  ])("does not join the cluster when it cannot %s", (_, prepare, step) => {
    const one = boot({ cache: CACHE });
    // The image was made of an instance that had joined.
    one.write("run/ecs-ready", "");
    one.write("etc/tmpfiles.d/ecs-ready.conf", "f /run/ecs-ready\n");
    prepare(one);
    expect(one.run()).toEqual({ status: 1, console: `User data could not ${step}. ${NOT_JOINED}` });
    expect([one.joins, one.read("run/extra")]).toEqual([false, undefined]);
    expect(one.read("etc/systemd/system/ecs.service.d/ecs-ready.conf")).toContain("ConditionPathExists=/run/ecs-ready");
  });

  it("is not changed without volumes", () => {
    expect(mountLines({})).toEqual([]);
  });

  it("gets a size that only Terraform knows as a reference", () => {
    const lines = mountLines({ cache: { ...CACHE, sizeGib: hcl`var.gib`.number } });
    const line = lines.find((one) => one.startsWith("mount_volume xvdf"));
    expect(resolved(emptyStack(), line)).toBe("mount_volume xvdf ${var.gib} /cache");
  });

  it("leaves most of the 16 KiB of user data to others", () => {
    expect(Buffer.byteLength(mountLines({ cache: CACHE }).join("\n"))).toBeLessThan(2600);
  });
});
