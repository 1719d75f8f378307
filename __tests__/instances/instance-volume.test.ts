import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Testing } from "cdktf";
import { hcl, type InstanceVolume, mountLines } from "../../src";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { emptyStack } from "../support/synthesized";

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

  it("is formatted unless it has a file system, and mounted", () => {
    expect(mountLines({ cache: CACHE })).toEqual([
      "for attempt in $(seq 60); do [ -b /dev/xvdf ] && break; sleep 1; done",
      "blkid /dev/xvdf || mkfs -t xfs /dev/xvdf",
      "mkdir -p /cache",
      'echo "UUID=$(blkid -s UUID -o value /dev/xvdf) /cache xfs defaults,nofail 0 2" >> /etc/fstab',
      "mount /cache",
    ]);
  });

  it("is mounted after the folder that contains its own", () => {
    const lines = mountLines({ a: { ...CACHE, mountPath: "/data/inner" }, b: { ...CACHE, mountPath: "/data" } });
    expect(lines.filter((line) => /^(mkfs|mount|blkid)/.test(line))).toEqual([
      "blkid /dev/xvdg || mkfs -t xfs /dev/xvdg",
      "mount /data",
      "blkid /dev/xvdf || mkfs -t xfs /dev/xvdf",
      "mount /data/inner",
    ]);
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
