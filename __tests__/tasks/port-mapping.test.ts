import {
  type ContainerNetwork,
  containerNetworkSchema,
  portMappingsJson,
  portsOf,
} from "../../src/tasks/container-network";
import { fixedPorts, NETWORK_MODES, type NetworkMode, overlap } from "../../src/tasks/port-mapping";
import { validate } from "../../src/validation/validate";
import { problemsOf } from "../support/problems";

const parsed = (network: ContainerNetwork) => validate("container", containerNetworkSchema, network);
const json = (network: ContainerNetwork, mode: NetworkMode = "bridge", name?: string) =>
  portMappingsJson(parsed(network), mode, name).portMappings;

describe("the ports of a container", () => {
  it("are dynamic in bridge mode, except those with a host port", () => {
    const portMappings = [
      { containerPort: 8125, hostPort: 8125, protocol: "udp" },
      { containerPortRange: "9000-9010" },
      { containerPort: 9100, name: "metrics", appProtocol: "http2" },
    ] as const;
    expect(json({ containerPort: 3000, portMappings })).toEqual([
      { containerPort: 3000, hostPort: 0, protocol: "tcp" },
      { containerPort: 8125, hostPort: 8125, protocol: "udp" },
      { protocol: "tcp", containerPortRange: "9000-9010" },
      { name: "metrics", containerPort: 9100, hostPort: 0, protocol: "tcp", appProtocol: "http2" },
    ]);
  });

  it.each(["awsvpc", "host"] as const)("are those of the container in %s mode, as ECS returns them", (mode) => {
    const portMappings = [{ containerPort: 8125, hostPort: 8125, protocol: "udp" }, { containerPort: 90 }] as const;
    expect(json({ containerPort: 3000, portMappings }, mode)).toEqual([
      { containerPort: 3000, hostPort: 3000, protocol: "tcp" },
      { containerPort: 8125, hostPort: 8125, protocol: "udp" },
      { containerPort: 90, hostPort: 90, protocol: "tcp" },
    ]);
  });

  it("have the name of Service Connect at containerPort, or the name that portMappings gives it", () => {
    const named = (name?: string) => [{ containerPort: 3000, hostPort: 80, name }, { containerPort: 81 }];
    expect(json({ containerPort: 3000 }, "bridge", "users")).toEqual([
      { name: "users", containerPort: 3000, hostPort: 0, protocol: "tcp" },
    ]);
    expect(json({ containerPort: 3000, portMappings: named() }, "bridge", "users")).toEqual([
      { name: "users", containerPort: 3000, hostPort: 80, protocol: "tcp" },
      { containerPort: 81, hostPort: 0, protocol: "tcp" },
    ]);
    expect(json({ containerPort: 3000, portMappings: named("http") }, "bridge", "users")?.[0]).toMatchObject({
      name: "http",
    });
  });

  it("include containerPort beside the same port of UDP", () => {
    const ports = portsOf(parsed({ containerPort: 53, portMappings: [{ containerPort: 53, protocol: "udp" }] }));
    expect(ports.map(({ protocol, isMain }) => [protocol, isMain])).toEqual([
      ["tcp", true],
      ["udp", false],
    ]);
  });

  it("are absent without a setting", () => {
    expect(json({})).toBeUndefined();
  });

  it("occupy ports of the instance in bridge and host mode, and of the task in awsvpc mode", () => {
    const occupied = (port: Parameters<typeof fixedPorts>[0]) => NETWORK_MODES.map((mode) => fixedPorts(port, mode));
    const tcp = (from: number, to = from) => ({ protocol: "tcp", from, to });
    expect(occupied({ containerPort: 80 })).toEqual([undefined, tcp(80), tcp(80), undefined]);
    expect(occupied({ containerPort: 80, hostPort: 81 })).toEqual([tcp(81), tcp(80), tcp(80), undefined]);
    expect(occupied({ containerPortRange: "1-9" })).toEqual([undefined, tcp(1, 9), tcp(1, 9), undefined]);
  });

  it("overlap when a range has a port of the same protocol", () => {
    const range = { protocol: "tcp", from: 80, to: 90 } as const;
    expect(overlap(range, { protocol: "tcp", from: 90, to: 99 })).toBe(true);
    expect(overlap(range, { protocol: "tcp", from: 91, to: 99 })).toBe(false);
    expect(overlap(range, { protocol: "udp", from: 80, to: 90 })).toBe(false);
  });

  it("reject a port that another element has, also within a range", () => {
    const problems = (...portMappings: ContainerNetwork["portMappings"] & object) =>
      problemsOf(() => parsed({ portMappings }));
    expect(problems({ containerPort: 80 }, { containerPort: 80, protocol: "udp" })).toEqual([]);
    expect(problems({ containerPort: 80 }, { containerPortRange: "70-80" })).toEqual([
      'portMappings[1] must have ports that no other element has; received "70-80/tcp". Remove one of the two.',
    ]);
  });
});
