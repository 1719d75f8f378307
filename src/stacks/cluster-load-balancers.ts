import type { Construct } from "constructs";
import type { KeyReference } from "../cluster/encryption-key";
import { ApplicationLoadBalancer } from "../load-balancing/application-load-balancer";
import { DomainCertificate } from "../load-balancing/domain";
import type { loadBalancerSettingsSchema } from "../load-balancing/load-balancer-settings";
import type { LoadBalancerValues } from "../load-balancing/load-balancer-values";
import { balancerKey } from "../load-balancing/named-load-balancer";
import { NetworkLoadBalancer } from "../load-balancing/network-load-balancer";
import type {
  NetworkLoadBalancerValues,
  networkLoadBalancerSchema,
} from "../load-balancing/network-load-balancer-settings";
import { WebAcl } from "../load-balancing/web-acl";
import type { DefaultVpc } from "../network/default-vpc";
import { LoadBalancerRules } from "../network/load-balancer-rules";
import type { PortRules } from "../network/port-rules";
import type { Parsed } from "../validation/schema";
import type { Variables } from "../validation/variables";

type Settings = Parsed<typeof loadBalancerSettingsSchema>;

/** What the load balancers of a cluster have in common. */
export interface ClusterLoadBalancerProps {
  readonly variables: Variables;
  readonly vpc: DefaultVpc;
  readonly portRules: PortRules;
  readonly encryptionKey?: KeyReference;
}

/** Returns the ports that a load balancer listens on, for its security group. */
export const portsOf = ({ https, domain, redirectHttp, dualStack, listeners, allowHttpsOutbound }: Settings) => ({
  allowHttpsOutbound,
  https: https || domain,
  http: !(https || domain) || redirectHttp,
  dualStack: dualStack !== false,
  listenerPorts: Object.fromEntries(Object.entries(listeners).map(([listener, { port }]) => [listener, port])),
});

/**
 * Creates a load balancer of a cluster.
 *
 * @param lookupName the name of another load balancer than the cluster's own, whose security group it creates too
 */
export function createClusterLoadBalancer(
  scope: Construct,
  { variables, vpc, portRules, encryptionKey }: ClusterLoadBalancerProps,
  { https, domain, webAcl, allowHttpsOutbound, ...settings }: Settings,
  values: LoadBalancerValues,
  lookupName?: string,
): ApplicationLoadBalancer {
  const key = (value: keyof LoadBalancerValues) => (lookupName === undefined ? value : balancerKey(lookupName, value));
  const id = (part: string) => (lookupName === undefined ? part : `${lookupName}_${part}`);
  const clusterName = variables.string("name");
  const name = lookupName === undefined ? clusterName : `${clusterName}-${lookupName}`;
  const createWebAcl = () => {
    const logRetentionDays = variables.number("logRetentionDays");
    return new WebAcl(scope, id("web_acl"), { name, logRetentionDays, encryptionKey }).webAclArn;
  };
  const webAclArn = webAcl === "managed" ? createWebAcl() : webAcl ? variables.string(key("webAclArn")) : undefined;
  const ports = portsOf({ https, domain, webAcl, allowHttpsOutbound, ...settings });
  return new ApplicationLoadBalancer(scope, id("load_balancer"), {
    ...settings,
    name,
    lookupName,
    vpc,
    portRules:
      lookupName === undefined
        ? portRules
        : new LoadBalancerRules(scope, id("load_balancer_rules"), {
            ...ports,
            name,
            vpc,
            instances: portRules,
            httpCidrs: variables.list(key("httpCidrs")),
          }),
    domain: domain
      ? new DomainCertificate(scope, id("certificate"), {
          domainName: variables.string(key("domainName")),
          alternativeNames: variables.list(key("alternativeDomainNames")),
          zoneName: variables.string(key("zoneName")),
        })
      : undefined,
    certificateArn: https && !domain ? variables.string(key("certificateArn")) : undefined,
    certificateArns: values.certificateArns === undefined ? undefined : variables.map(key("certificateArns")),
    trustStoreArn:
      settings.mutualAuthentication?.mode === "verify" ? variables.string(key("trustStoreArn")) : undefined,
    webAclArn,
  });
}

/** Creates a Network Load Balancer of a cluster, with its security group. Listeners add the rules for their ports to the group. */
export function createNetworkLoadBalancer(
  scope: Construct,
  { variables, vpc, portRules }: ClusterLoadBalancerProps,
  { values: _, ...settings }: Parsed<typeof networkLoadBalancerSchema>,
  lookupName: string,
): NetworkLoadBalancer {
  const name = `${variables.string("name")}-${lookupName}`;
  const addresses = (value: keyof NetworkLoadBalancerValues) => variables.map(balancerKey(lookupName, value));
  const { internal, dualStack, staticAddresses } = settings;
  const isExisting = staticAddresses === "existing";
  return new NetworkLoadBalancer(scope, `${lookupName}_load_balancer`, {
    ...settings,
    name,
    lookupName,
    vpc,
    portRules: new LoadBalancerRules(scope, `${lookupName}_load_balancer_rules`, {
      name,
      vpc,
      instances: portRules,
      http: false,
      httpCidrs: [],
    }),
    allocationIds: isExisting && !internal ? addresses("allocationIds") : undefined,
    privateIpv4Addresses: isExisting && internal ? addresses("privateIpv4Addresses") : undefined,
    ipv6Addresses: isExisting && dualStack ? addresses("ipv6Addresses") : undefined,
  });
}
