import { defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

describe("the names that a container has and knows", () => {
  it("render in the names of ECS, hosts in the order of their names", () => {
    const settings = {
      hostname: "users.internal",
      extraHosts: { "db.internal": "10.0.0.2", cache: "fd00::1" },
      dnsServers: ["10.0.0.2"],
      dnsSearchDomains: ["internal"],
      disableNetworking: true,
    };
    expect(defined(settings)).toMatchObject({
      ...settings,
      extraHosts: [
        { hostname: "cache", ipAddress: "fd00::1" },
        { hostname: "db.internal", ipAddress: "10.0.0.2" },
      ],
    });
    for (const name of Object.keys(settings)) expect(defined()).not.toHaveProperty(name);
  });

  it("need no network for links that are not there", () => {
    expect(problemsOf(() => parsed({ disableNetworking: true, links: [], portMappings: [] }))).toEqual([]);
  });

  it.each<[string, object, ...string[]]>([
    [
      "a host name with an underscore",
      { hostname: "a_b" },
      'hostname must be a host name of letters, digits, hyphens and dots; received "a_b". For example "users" or "db.internal".',
    ],
    [
      "a host with a name in place of its address",
      { extraHosts: { db: "db.internal" } },
      'extraHosts.db must be an IP address; received "db.internal". For example "10.0.0.2".',
    ],
    [
      "a DNS server with a port",
      { dnsServers: ["10.0.0.2:53"] },
      'dnsServers[0] must be an IP address; received "10.0.0.2:53". For example "10.0.0.2".',
    ],
    [
      "a port of a container without a network",
      { disableNetworking: true, containerPort: 80 },
      "containerPort must not be set with disableNetworking; received 80. Remove one of the two.",
    ],
    [
      "more ports and links of a container without a network",
      { disableNetworking: true, portMappings: [{ containerPort: 81 }], links: ["db"] },
      'portMappings must not be set with disableNetworking; received [{"containerPort": 81}]. Remove one of the two.',
      'links must not be set with disableNetworking; received ["db"]. Remove one of the two.',
    ],
  ])("reject %s", (_, settings, ...messages) => {
    expect(problemsOf(() => parsed(settings))).toEqual(messages);
  });
});
