import type { EcsClusterSettings } from "../../src";
import { mountLines } from "../../src/instances/volumes";
import { clusterStack } from "../support/cluster";
import { Parts } from "../support/parts";
import { at, emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

const mistakes = (settings: unknown) => mistakesOf(() => clusterStack(settings as EcsClusterSettings));
const made = (settings: EcsClusterSettings) => synthesized(clusterStack(settings));
const template = (json: Part) => resource(json, "aws_launch_template.launch_template");
const cache = { sizeGib: 200, mountPath: "/cache" };

describe("further volumes", () => {
  const volumes = {
    logs: { sizeGib: 20, mountPath: "/data/logs" },
    cache: { ...cache, iops: 6000, throughputMiBs: 500 },
  };
  const json = made({ volumes, customerKey: true });

  it("are devices after the root volume, encrypted with the same key, by the order of their names", () => {
    expect(template(json).block_device_mappings).toMatchObject([
      { device_name: "/dev/xvda" },
      {
        device_name: "/dev/xvdf",
        ebs: {
          ...{ volume_size: 200, iops: 6000, throughput: 500, volume_type: "gp3", delete_on_termination: "true" },
          ...{ encrypted: "true", kms_key_id: "${aws_kms_key.encryption_key.arn}" },
        },
      },
      { device_name: "/dev/xvdg", ebs: { volume_size: 20 } },
    ]);
    const [logs, other] = Object.entries(volumes);
    const turned = made({ volumes: Object.fromEntries([other, logs] as never), customerKey: true });
    expect(template(turned)).toEqual(template(json));
  });

  it("are mounted before the caller's own lines, and keep a file system that is there", () => {
    const text = String(
      at(made({ volumes: { cache }, extraUserData: ["ls /cache"] }), "locals", "launch_template_user_data"),
    );
    expect(text.slice(text.indexOf("for attempt"))).toBe(
      [
        "for attempt in $(seq 60); do [ -b /dev/xvdf ] && break; sleep 1; done",
        "blkid /dev/xvdf || mkfs -t xfs /dev/xvdf",
        "mkdir -p /cache",
        'echo "UUID=$(blkid -s UUID -o value /dev/xvdf) /cache xfs defaults,nofail 0 2" >> /etc/fstab',
        "mount /cache",
        "ls /cache",
        "",
      ].join("\n"),
    );
  });

  it("are mounted after the folder that they are in, whatever they are called", () => {
    const lines = mountLines({ a: { ...cache, mountPath: "/data/inner" }, b: { ...cache, mountPath: "/data" } });
    expect(lines.filter((line) => /^(mkfs|mount|blkid)/.test(line))).toEqual([
      "blkid /dev/xvdg || mkfs -t xfs /dev/xvdg",
      "mount /data",
      "blkid /dev/xvdf || mkfs -t xfs /dev/xvdf",
      "mount /data/inner",
    ]);
  });

  it.each([
    ...["/etc/ecs", "/usr/local", "/run/docker", "/var/run/x"],
    ...["/var/lib/docker", "/var/lib/docker/volumes", "/var/lib/ecs/data", "/var/lib/cloud", "/var/lib/amazon/ssm"],
    ...["/home/ec2-user", "/var/log", "/var/log/ecs", "/var/lib", "/tmp", "/opt"],
  ])("hide nothing that is there already: %s", (mountPath) => {
    expect(mistakes({ volumes: { cache: { ...cache, mountPath } } })).toEqual([
      expect.stringContaining(`no folder of the system; received "${mountPath}". For example /data.`),
    ]);
  });

  it.each(["/data", "/home/data", "/opt/data", "/var/cache/pages", "/var/lib/postgres", "/etcetera"])(
    "go to folders of their own: %s",
    (mountPath) => {
      expect(made({ volumes: { cache: { ...cache, mountPath } } })).toBeDefined();
    },
  );

  it.each<[object, readonly string[]]>([
    [
      { volumes: { cache: { ...cache, mountPath: "/usr" } } },
      [
        'volumes.cache.mountPath must be an absolute path of letters, digits, dots, hyphens and underscores, and no folder of the system; received "/usr". For example /data.',
      ],
    ],
    [
      { volumes: { cache: { ...cache, mountPath: "/a; reboot" } } },
      [
        'volumes.cache.mountPath must be an absolute path of letters, digits, dots, hyphens and underscores, and no folder of the system; received "/a; reboot". For example /data.',
      ],
    ],
    [
      { volumes: { cache: { ...cache, sizeGib: 7, iops: 3501 } } },
      ["volumes.cache.iops must be at most 500 a GiB, 3500 for 7 GiB; received 3501. Lower it, or raise sizeGib."],
    ],
    [
      { volumes: { cache: { ...cache, throughputMiBs: 751 } } },
      ["volumes.cache.throughputMiBs must be at most a quarter of iops, 750; received 751. Lower it, or raise iops."],
    ],
    [
      { volumes: { cache: { ...cache, sizeGib: 65_537 } } },
      [
        "volumes.cache.sizeGib must be at most 65536; received 65537. Change it, or leave the setting out for its default.",
      ],
    ],
    [
      { volumes: { a: cache, b: cache } },
      ['volumes must have mount paths of their own; received ["/cache"] twice. Change one of them.'],
    ],
    [
      {
        volumes: Object.fromEntries(
          Array.from({ length: 12 }, (_, index) => [`v${index}`, { sizeGib: 1, mountPath: `/v${index}` }]),
        ),
      },
      ["volumes must be at most 11, for which there are device names; received 12. Join some of them."],
    ],
    [
      { amiFamily: "bottlerocket", volumes: { cache } },
      [
        'volumes must be left out with bottlerocket, which has no shell to mount them; received {"cache":{"sizeGib":200,"mountPath":"/cache"}}. Raise root_volume_gib, or choose amazon-linux-2023.',
      ],
    ],
  ])("are refused with setting, rule, value received and fix: %j", (settings, expected) => {
    expect(mistakes(settings)).toEqual(expected);
  });

  it("are refused by the launch template on its own too", () => {
    const volumes = { a: { ...cache, mountPath: "/etc" } };
    expect(mistakesOf(() => new Parts(emptyStack(), { template: { volumes } }).launchTemplate)).toHaveLength(1);
  });
});

describe("the instances' surroundings", () => {
  it("have security groups of the caller's beside the stack's own", () => {
    const json = made({ extraSecurityGroups: true });
    expect(at(template(json), "network_interfaces", 0, "security_groups")).toBe(
      "${concat([aws_security_group.port_rules_instances.id], var.extra_security_group_ids)}",
    );
    expect(at(json, "variable", "extra_security_group_ids")).not.toHaveProperty("default");
  });

  it.each([
    [[], "hold 1 to 4 different security groups", "A network interface takes 5, and one is the stack's own."],
    [
      ["default"],
      "be ids of security groups",
      "List those there are: aws ec2 describe-security-groups --query SecurityGroups[].GroupId",
    ],
  ])("refuse %j as security groups", (extraSecurityGroupIds, rule, fix) => {
    expect(mistakes({ extraSecurityGroups: true, values: { extraSecurityGroupIds } })).toEqual([
      `values.extraSecurityGroupIds: extra_security_group_ids must ${rule}; received ${JSON.stringify(extraSecurityGroupIds)}. ${fix}`,
    ]);
  });

  it("refuse security groups that nothing asked for", () => {
    expect(mistakes({ values: { extraSecurityGroupIds: ["sg-12345678"] } })).toEqual([
      'values.extraSecurityGroupIds must come with extraSecurityGroups; received ["sg-12345678"]. Set that too, or leave the value out.',
    ]);
  });

  it("have a placement group of their own, and of their provider's name", () => {
    const json = made({ capacityProviders: { main: {}, db: { placementGroup: "partition" } } });
    expect(at(json, "resource", "aws_placement_group")).toMatchObject({
      db_capacity_placement_group: { name: "${var.name}-db-instances-partition-2", strategy: "partition" },
    });
    expect(resource(json, "aws_autoscaling_group.db_capacity").placement_group).toBe(
      "${aws_placement_group.db_capacity_placement_group.name}",
    );
    expect(resource(json, "aws_autoscaling_group.capacity").placement_group).toBeUndefined();
  });

  it("are in one zone where they are close together, since Auto Scaling refuses several", () => {
    const zones = (placementGroup: "cluster" | "spread") =>
      resource(made({ placementGroup }), "aws_autoscaling_group.capacity").vpc_zone_identifier;
    expect(zones("cluster")).toMatch(/^\$\{slice\(.*, 0, min\(1, length\(.*\)\)\)\}$/);
    expect(zones("spread")).not.toContain("slice");
  });

  it("are refused close together with burstable types among the requirements", () => {
    const instanceRequirements = { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 }, burstablePerformance: "included" };
    expect(mistakes({ placementGroup: "cluster", instanceRequirements })).toEqual([
      'placementGroup must not be "cluster" with burstable types, which EC2 starts in none; received "cluster" and burstablePerformance "included". Leave burstablePerformance out, or choose spread.',
    ]);
    expect(mistakes({ placementGroup: "spread", instanceRequirements })).toEqual([]);
  });

  it("are measured each minute where that is asked for", () => {
    expect(template(made({ detailedMonitoring: true })).monitoring).toEqual({ enabled: true });
    expect(template(made({})).monitoring).toBeUndefined();
  });
});
