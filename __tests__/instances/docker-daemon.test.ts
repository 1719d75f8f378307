import type { DockerDaemonOptions, EcsClusterSettings } from "../../src";
import { clusterConfiguration, clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";

const userData = (settings: EcsClusterSettings): string =>
  (clusterConfiguration(settings).locals as { launch_template_user_data: string }).launch_template_user_data;
const lines = (docker: DockerDaemonOptions): string[] =>
  userData({ docker }).split("ECS_CONFIG\n")[1]?.split("\n") ?? [];

describe("the options of the Docker daemon", () => {
  it("are in daemon.json, which Docker reads when it starts", () => {
    expect(lines({ bip: "10.200.0.1/24", defaultAddressPools: [{ base: "172.80.0.0/16", size: 24 }] })).toEqual([
      "# The options of the Docker daemon.",
      "mkdir -p /etc/docker",
      "cat > /etc/docker/daemon.json <<'DOCKER'",
      '{"bip":"10.200.0.1/24","default-address-pools":[{"base":"172.80.0.0/16","size":24}]}',
      "DOCKER",
      "# Docker usually starts later. The line does not wait.",
      "systemctl --no-block try-restart docker",
      "",
    ]);
  });

  it("have a proxy for image pulls, without the metadata service and the credentials of tasks", () => {
    expect(lines({ httpsProxy: "http://10.0.0.131:3128", noProxy: [".example.com", "169.254.169.254"] })).toEqual([
      "# The proxy for image pulls.",
      "mkdir -p /etc/systemd/system/docker.service.d",
      "cat > /etc/systemd/system/docker.service.d/http-proxy.conf <<'DOCKER'",
      "[Service]",
      'Environment="HTTPS_PROXY=http://10.0.0.131:3128"',
      'Environment="NO_PROXY=169.254.169.254,169.254.170.2,.example.com"',
      "DOCKER",
      "systemctl daemon-reload",
      "# Docker usually starts later. The line does not wait.",
      "systemctl --no-block try-restart docker",
      "",
    ]);
  });

  it("change nothing without a setting", () => {
    expect(lines({})).toEqual([""]);
    expect(userData({})).not.toContain("docker");
  });

  it.each<[object, string]>([
    [{ bip: "10.200.0.0" }, "docker.bip must be an IPv4 address with the length of its prefix, 8 to 30"],
    [{ bip: "10.200.0.256/24" }, "docker.bip must be an IPv4 address with the length of its prefix, 8 to 30"],
    [{ bip: "10.200.0.0/24" }, "docker.bip must have an address that is neither the first nor the last of its network"],
    [{ bip: "10.200.0.255/24" }, "docker.bip must have an address that is neither the first nor the last of its net"],
    [
      { defaultAddressPools: [{ base: "172.80.0.0/16", size: 8 }] },
      "docker.defaultAddressPools[0].size must be at least the length of the prefix of base, which is 16",
    ],
    [{ httpProxy: "http://user:secret@proxy" }, "docker.httpProxy must be the host and the port of a proxy"],
    [{ noProxy: ["a"] }, "docker.noProxy must be used with httpProxy or httpsProxy"],
  ])("reject %j", (docker, message) => {
    expect(problemsOf(() => clusterStack({ docker: docker as DockerDaemonOptions }))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it("are rejected with Bottlerocket", () => {
    expect(
      problemsOf(() => clusterStack({ amiFamily: "bottlerocket", docker: { bip: "10.200.0.1/24" } })),
    ).toHaveLength(1);
  });
});
