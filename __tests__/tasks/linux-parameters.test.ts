import type { LinuxParameters } from "../../src";
import { defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

const rendered = (linuxParameters: LinuxParameters) =>
  (defined({ linuxParameters }) as { linuxParameters?: object }).linuxParameters;

describe("linuxParameters", () => {
  it("renders every option in the names of ECS", () => {
    expect(
      rendered({
        capabilities: { add: ["SYS_PTRACE"], drop: ["ALL"] },
        devices: [{ hostPath: "/dev/fuse" }, { hostPath: "/dev/a", containerPath: "/dev/b", permissions: ["read"] }],
        sharedMemorySizeMiB: 256,
        tmpfs: [{ containerPath: "/tmp", sizeMiB: 64, mountOptions: ["noexec", "mode=1777"] }],
        maxSwapMiB: 512,
        swappiness: 10,
      }),
    ).toEqual({
      capabilities: { add: ["SYS_PTRACE"], drop: ["ALL"] },
      devices: [
        { hostPath: "/dev/fuse", containerPath: "/dev/fuse" },
        { hostPath: "/dev/a", containerPath: "/dev/b", permissions: ["read"] },
      ],
      sharedMemorySize: 256,
      tmpfs: [{ containerPath: "/tmp", size: 64, mountOptions: ["noexec", "mode=1777"] }],
      maxSwap: 512,
      swappiness: 10,
    });
  });

  it("leaves out what is not set", () => {
    expect(rendered({})).toBeUndefined();
    expect(rendered({ capabilities: {} })).toBeUndefined();
    expect(rendered({ capabilities: { drop: ["NET_RAW"] } })).toEqual({ capabilities: { drop: ["NET_RAW"] } });
    expect(rendered({ tmpfs: [{ containerPath: "/tmp", sizeMiB: 1 }] })).toEqual({
      tmpfs: [{ containerPath: "/tmp", size: 1 }],
    });
  });

  it("keeps the devices of neuronDeviceCount and the init process", () => {
    const settings = {
      linuxParameters: { devices: [{ hostPath: "/dev/fuse" }] },
      neuronDeviceCount: 1,
      initProcessEnabled: true,
    };
    expect(defined(settings)).toMatchObject({
      linuxParameters: { initProcessEnabled: true, devices: [{ hostPath: "/dev/neuron0" }, { hostPath: "/dev/fuse" }] },
    });
  });

  it.each<[string, object, string]>([
    [
      "a capability that Linux does not have",
      { capabilities: { add: ["SYS_PTRAC"] } },
      expect.stringMatching(
        /^linuxParameters\.capabilities\.add\[0\] must be one of "ALL", .+; received "SYS_PTRAC"\. Choose one of these\.$/,
      ),
    ],
    [
      "swappiness without swap",
      { swappiness: 10 },
      "linuxParameters.swappiness must not be set without maxSwapMiB; received 10. Set maxSwapMiB, or remove it.",
    ],
    [
      "two folders at one path",
      {
        tmpfs: [
          { containerPath: "/tmp", sizeMiB: 1 },
          { containerPath: "/tmp", sizeMiB: 2 },
        ],
      },
      'linuxParameters.tmpfs[1].containerPath must differ from the paths of the other folders; received "/tmp". Remove one of the two.',
    ],
    [
      "a folder without a size",
      { tmpfs: [{ containerPath: "/tmp" }] },
      "linuxParameters.tmpfs[0].sizeMiB must be a number; received nothing. Set it.",
    ],
    [
      "an option that mount does not have",
      { tmpfs: [{ containerPath: "/tmp", sizeMiB: 1, mountOptions: ["size=5m"] }] },
      'linuxParameters.tmpfs[0].mountOptions[0] must be an option of a tmpfs mount; received "size=5m". For example noexec or mode=1777: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html',
    ],
    [
      "a relative device",
      { devices: [{ hostPath: "fuse" }] },
      'linuxParameters.devices[0].hostPath must be an absolute path without a colon; received "fuse". For example /data.',
    ],
    [
      "the init process, which is a setting of the container",
      { initProcessEnabled: true },
      "linuxParameters.initProcessEnabled must be left out; received true. Set initProcessEnabled of the container instead.",
    ],
  ])("rejects %s", (_, linuxParameters, message) => {
    expect(problemsOf(() => parsed({ linuxParameters }))).toEqual([message]);
  });

  it("rejects swap for a container without a limit of its memory, and accepts it with the default limit", () => {
    const linuxParameters = { maxSwapMiB: 512 };
    expect(problemsOf(() => parsed({ linuxParameters, memoryReservationMiB: 100 }))).toEqual([
      "linuxParameters.maxSwapMiB must not be set for a container without memoryLimitMiB; received 512. Docker adds the swap to this limit. Set memoryLimitMiB.",
    ]);
    expect(defined({ linuxParameters })).toMatchObject({ linuxParameters: { maxSwap: 512 }, memory: 256 });
  });
});
