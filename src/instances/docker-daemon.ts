import ipaddr from "ipaddr.js";
import { cidr, noHostBits } from "../network/cidr-rules";
import { distinctElements, matches, type Rule, wholeNumber } from "../validation/rule";
import { list, number, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";

/** Networks that Docker takes the networks of user-defined bridges from. */
export interface DockerAddressPool {
  /** The network that is divided, such as `172.80.0.0/16`. */
  readonly base: string;
  /** The length of the prefix of each part, such as 24. */
  readonly size: number;
}

/**
 * Options of the Docker daemon. They replace `/etc/docker/daemon.json`, which ECS-optimized AMIs do not have.
 * @see https://docs.docker.com/reference/cli/dockerd/
 */
export interface DockerDaemonOptions {
  /**
   * The address and the network of the bridge `docker0`, which has the containers in bridge mode: `10.200.0.1/24`. Set it when
   * `172.17.0.0/16` overlaps a network that containers connect to.
   * @default - 172.17.0.1/16, the default of Docker
   */
  readonly bip?: string;
  /** The networks of other bridges. @default - the default of Docker: parts of 172.17.0.0/12 and 192.168.0.0/16 */
  readonly defaultAddressPools?: readonly DockerAddressPool[];
  /** The proxy for image pulls by HTTP: the host and the port, without a password. @default - none */
  readonly httpProxy?: string;
  /** The proxy for image pulls by HTTPS: the host and the port, without a password. @default - none */
  readonly httpsProxy?: string;
  /** Hosts and networks that Docker reaches without a proxy. @default - the metadata service, with a proxy */
  readonly noProxy?: readonly string[];
}

const ofIpv4 = (rule: Rule<string>, must: string, fix: string): Rule<string> => ({ ...rule, must, fix });

const OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

/** Docker does not start with such an address, so the instance would never join the cluster. */
const hostOfNetwork: Rule<string> = {
  must: "have an address that is neither the first nor the last of its network",
  fix: 'For example "10.200.0.1/24". Otherwise Docker does not start.',
  check: (value) => {
    try {
      const [address] = ipaddr.IPv4.parseCIDR(value);
      const ends = [ipaddr.IPv4.networkAddressFromCIDR(value), ipaddr.IPv4.broadcastAddressFromCIDR(value)];
      return !ends.map(String).includes(String(address));
    } catch {
      // The rule before this one reports what is no address.
      return true;
    }
  },
  condition: (reference) =>
    `try(!contains([cidrhost(${reference}, 0), cidrhost(${reference}, -1)], split("/", ${reference})[0]), true)`,
};

const proxyRule = matches(
  "^(https?://)?[A-Za-z0-9._-]+(:[0-9]{1,5})?/?$",
  "be the host and the port of a proxy, without a password",
  'For example "http://10.0.0.131:3128". User data is not secret.',
);

const addressPoolSchema = schemaOf<DockerAddressPool>()(
  {
    base: plain(
      string(
        ofIpv4(cidr, "be a network in CIDR notation", 'For example "172.80.0.0/16".'),
        ofIpv4(noHostBits, "have no host bits set", 'For example "172.80.0.0/16".'),
      ),
    ),
    size: plain(number(wholeNumber(8, 128, "", "For example 24."))),
  },
  function* partOfBase({ base, size }: Known<DockerAddressPool>): Findings<DockerAddressPool> {
    const prefix = Number(base?.split("/")[1]);
    if (size === undefined || !(size < prefix)) return;
    const must = `be at least the length of the prefix of base, which is ${prefix}`;
    yield { at: "size", must, fix: "Each part must fit into the network. For example 24." };
  },
);

export const dockerDaemonOptionsSchema = schemaOf<DockerDaemonOptions>()(
  {
    bip: plain(
      string(
        matches(
          `^(${OCTET}[.]){3}${OCTET}/([89]|1[0-9]|2[0-9]|30)$`,
          "be an IPv4 address with the length of its prefix, 8 to 30",
          'For example "10.200.0.1/24".',
        ),
        hostOfNetwork,
      ),
    ).optional(),
    defaultAddressPools: list(
      addressPoolSchema,
      distinctElements(1, 20, "address pools", "Remove the setting for the default of Docker."),
    ).optional(),
    httpProxy: plain(string(proxyRule)).optional(),
    httpsProxy: plain(string(proxyRule)).optional(),
    noProxy: plain(
      list(
        string(
          matches(
            "^[A-Za-z0-9._:/*-]+$",
            "be a host, a domain, an address or a network",
            'For example ".internal.example.com".',
          ),
        ),
        distinctElements(1, 100, "entries", "Remove the setting for the metadata service only."),
      ),
    ).optional(),
  },
  function* noProxyWithProxy(_, given: Given<DockerDaemonOptions>): Findings<DockerDaemonOptions> {
    if (!given("noProxy") || given("httpProxy") || given("httpsProxy")) return;
    yield { at: "noProxy", must: "be used with httpProxy or httpsProxy", fix: "Set a proxy too, or remove it." };
  },
);

/** The metadata service, and the credentials of tasks. */
const DIRECT = ["169.254.169.254", "169.254.170.2"];

/** Returns the variables of a proxy. */
export const proxyVariables = ({
  httpProxy,
  httpsProxy,
  noProxy = [],
}: Parsed<typeof dockerDaemonOptionsSchema>): Readonly<Record<string, string>> => {
  const proxies = {
    ...(httpProxy && { HTTP_PROXY: httpProxy }),
    ...(httpsProxy && { HTTPS_PROXY: httpsProxy }),
  };
  if (Object.keys(proxies).length === 0) return {};
  return { ...proxies, NO_PROXY: [...new Set([...DIRECT, ...noProxy])].join(",") };
};

/**
 * Returns the shell lines that write the options, for user data. Docker reads them when it starts, which is before the agent.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/http_proxy_config.html
 */
export function dockerLines(options: Parsed<typeof dockerDaemonOptionsSchema>): string[] {
  const { bip, defaultAddressPools } = options;
  const daemon = {
    ...(bip && { bip }),
    ...(defaultAddressPools && {
      "default-address-pools": defaultAddressPools.map(({ base, size }) => ({ base, size })),
    }),
  };
  const proxies = Object.entries(proxyVariables(options));
  return [
    ...(Object.keys(daemon).length > 0
      ? [
          "# The options of the Docker daemon.",
          "mkdir -p /etc/docker",
          "cat > /etc/docker/daemon.json <<'DOCKER'",
          JSON.stringify(daemon),
          "DOCKER",
        ]
      : []),
    ...(proxies.length > 0
      ? [
          "# The proxy for image pulls.",
          "mkdir -p /etc/systemd/system/docker.service.d",
          "cat > /etc/systemd/system/docker.service.d/http-proxy.conf <<'DOCKER'",
          "[Service]",
          ...proxies.map(([name, value]) => `Environment="${name}=${value}"`),
          "DOCKER",
          "systemctl daemon-reload",
        ]
      : []),
    ...(Object.keys(daemon).length + proxies.length > 0
      ? ["# Docker usually starts later. The line does not wait.", "systemctl --no-block try-restart docker"]
      : []),
  ];
}
