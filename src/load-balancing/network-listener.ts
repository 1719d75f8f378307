import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { type ITerraformDependable, TerraformIterator, Token } from "cdktf";
import { Construct } from "constructs";
import { listenerIdentityOf } from "../cluster/cluster-identity";
import {
  clusterTargetField,
  type EcsClusterTarget,
  type NetworkLoadBalancerTarget,
} from "../cluster/ecs-cluster-target";
import { MOST_RULES, networksRules, onlyIpv4 } from "../network/cidr-rules";
import { admitSources } from "../network/port-sources";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { purposeTags } from "../terraform/purpose-tags";
import { serviceNameRules } from "../validation/aws-rules";
import type { Problem } from "../validation/problem";
import { matches } from "../validation/rule";
import { choice, list, map, type Parsed, plain, type Schema, schemaOf, string, variable } from "../validation/schema";
import type { Findings } from "../validation/settings-rule";
import { show } from "../validation/show";
import { isPlainObject, isToken, plainPart } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import { declareVariable } from "../validation/variables";
import {
  type ListenerLoadBalancer,
  listenerLoadBalancerField,
  missingNetworkLoadBalancer,
  networkLoadBalancerOf,
} from "./listener-load-balancer";
import { SSL_POLICIES } from "./load-balancer-settings";
import { ANYWHERE, certificateArnRules, certificateArnsRules } from "./load-balancer-values";
import { networkHealthCheckArguments } from "./network-health-check";
import { type NetworkListenerSettings, networkListenerSchema } from "./network-listener-settings";
import { crossZoneOf, healthOf } from "./target-group";

/** The name of a listener, which is part of addresses and of variables. */
export const networkListenerNameRule = matches(
  "^[a-z][a-z0-9]{0,15}$",
  "have a name of 1 to 16 lower-case letters and digits that starts with a letter",
  "The name is part of variables and addresses. For example dns.",
);

/** A listener of a Network Load Balancer, with its target group. */
export interface NetworkListenerProps extends NetworkListenerSettings {
  /** The cluster of the targets. */
  readonly cluster: EcsClusterTarget;
  /** The name of the service behind the listener. */
  readonly name: string;
  /** The name of the listener, for variables: `NAME_LISTENER_listener_cidrs`. @default - the construct's id */
  readonly listenerName?: string;
  /** The load balancer: its name in `networkLoadBalancers` of the cluster, or a construct. */
  readonly loadBalancer: ListenerLoadBalancer;
  /**
   * The targets: `instance` for a port of an instance, or `ip` for tasks in awsvpc mode, which have an address of their own.
   * Changing it replaces the target group.
   * @default "instance"
   */
  readonly targetType?: "instance" | "ip";
  /** The path of the listener in your code, for messages: `listeners.dns.`. @default - none */
  readonly setting?: string;
}

export const networkListenerPropsSchema = schemaOf<NetworkListenerProps>()(
  {
    ...networkListenerSchema.shape,
    cluster: clusterTargetField,
    name: string(...serviceNameRules),
    listenerName: plain(string(networkListenerNameRule)).optional(),
    loadBalancer: listenerLoadBalancerField,
    targetType: plain(choice("instance", "ip")).default("instance"),
    setting: plain(string()).optional(),
  },
  ...networkListenerSchema.rules,
  function* existingLoadBalancer({ cluster, loadBalancer }): Findings<NetworkListenerProps> {
    if (!cluster) return;
    const named = loadBalancer as ListenerLoadBalancer | undefined;
    for (const finding of missingNetworkLoadBalancer(cluster as EcsClusterTarget, named)) {
      yield { at: "loadBalancer", ...finding };
    }
  },
);

type Settings = Parsed<typeof networkListenerSchema>;

/** Returns the props with the id as the listener's name, so that the rules of names apply to it. */
function withListenerName(props: NetworkListenerProps, id: string): NetworkListenerProps {
  try {
    return isPlainObject(props) && props.listenerName === undefined ? { ...props, listenerName: id } : props;
  } catch {
    // A getter of the caller threw. `validate` reports it.
    return props;
  }
}

/**
 * A listener of a Network Load Balancer, the target group that it forwards to, and the rules that admit clients. `Ec2Service` creates one
 * for each of its `listeners`.
 */
export class NetworkListener extends Construct {
  /** The target group's ARN. */
  readonly targetGroupArn: string;
  /** The part of the ARN that CloudWatch uses. */
  readonly targetGroupArnSuffix: string;
  /** The listener's ARN. */
  readonly listenerArn: string;
  /** The resources that a service depends on: a target group without a listener has no load balancer yet. */
  readonly dependables: readonly ITerraformDependable[];

  /** @throws {SettingsError} with every problem of the props, or with every conflict with the load balancer's other listeners */
  constructor(scope: Construct, id: string, props: NetworkListenerProps) {
    super(scope, id);
    const settings = validate(this, networkListenerPropsSchema, withListenerName(props, id));
    const { cluster, name, listenerName = id, targetType, protocol, port } = settings;
    const { balancer } = networkLoadBalancerOf(cluster, settings.loadBalancer) as {
      balancer: NetworkLoadBalancerTarget;
    };
    throwIfInvalid(this, networkListenerProblems(balancer, settings, settings.setting));
    networkListenersOn(balancer).push({ owner: this.node.path, ...settings });

    const fullName = `${cluster.cluster.clusterName}-${name}-${listenerName}`;
    const prefix = `${name.replaceAll("-", "_")}_${listenerName}_listener`;
    const group = new LbTargetGroup(this, "target_group", {
      namePrefix: `${name.slice(0, 5)}-`,
      targetType,
      // ECS registers each task with its own port, so this port is never used. Changing it would replace the group.
      port: 80,
      vpcId: cluster.vpc.vpcId,
      ...targetGroupArguments(settings, targetType),
      tags: purposeTags(fullName, `The tasks of ${name} that receive connections`),
      lifecycle: { createBeforeDestroy: true },
    });
    const certificate = protocol === "TLS" ? this.certificate(prefix, settings) : undefined;
    const listener = new LbListener(this, "resource", {
      loadBalancerArn: balancer.loadBalancerArn,
      port,
      protocol,
      defaultAction: [{ type: "forward", targetGroupArn: group.arn }],
      tcpIdleTimeoutSeconds: protocol === "TCP" ? (settings.idleTimeoutSeconds ?? 350) : undefined,
      certificateArn: certificate,
      sslPolicy: protocol === "TLS" ? (settings.sslPolicy ?? SSL_POLICIES[0]) : undefined,
      alpnPolicy: protocol === "TLS" ? (settings.alpnPolicy ?? "None") : undefined,
      tags: purposeTags(fullName, `Sends connections to ${name}`),
      lifecycle:
        certificate === undefined ? undefined : { precondition: [certificateInRegion(certificate, cluster.region)] },
    });
    this.node.defaultChild = listener;
    this.targetGroupArn = group.arn;
    this.targetGroupArnSuffix = group.arnSuffix;
    this.listenerArn = listener.arn;
    this.createCertificates(prefix, settings, listener.arn);
    this.dependables = [listener, ...this.admitClients(prefix, settings, balancer, { name, cluster })];
  }

  /** Returns the certificate: a variable with the setting as its default, or the reference in its place. */
  private certificate(prefix: string, { certificateArn, port }: Settings): string {
    if (certificateArn !== undefined && isToken(certificateArn)) return certificateArn;
    const field = variable(
      string(...certificateArnRules.slice(0, 1)).optional(),
      `The ARN of the certificate of the TLS listener on port ${port} in AWS Certificate Manager, in the same region.`,
    );
    return declareVariable(this, { name: `${prefix}_certificate_arn`, field, value: certificateArn }).stringValue;
  }

  private createCertificates(prefix: string, { certificateArns }: Settings, listenerArn: string): void {
    if (certificateArns === undefined) return;
    const field = variable(
      map(string(), { limits: certificateArnsRules(certificateArnRules.slice(0, 1)) }).optional(),
      "The ARNs of more certificates of the listener, by a name that is part of addresses.",
    );
    const name = `${prefix}_certificate_arns`;
    const arns =
      plainPart(certificateArns) === certificateArns
        ? Token.asStringMap(declareVariable(this, { name, field, value: certificateArns }).value)
        : certificateArns;
    const eachCertificate = TerraformIterator.fromMap(arns);
    new LbListenerCertificate(this, "certificate", {
      forEach: eachCertificate,
      listenerArn,
      certificateArn: eachCertificate.value,
    });
  }

  /** Creates the rules of the load balancer's security group that admit clients to the port. */
  private admitClients(
    prefix: string,
    { allowFrom, port, protocol }: Settings,
    { securityGroupId, dualStack }: NetworkLoadBalancerTarget,
    { name, cluster }: { readonly name: string; readonly cluster: EcsClusterTarget },
  ): ITerraformDependable[] {
    if (allowFrom === false) return [];
    const { cidrs = allowFrom ? undefined : ANYWHERE.slice(0, dualStack ? 2 : 1) } = allowFrom ?? {};
    const sources = {
      securityGroups: allowFrom?.securityGroups ?? {},
      instances: allowFrom?.instances ?? false,
      cidrs: cidrs && this.networks(prefix, cidrs, dualStack, name),
    };
    return transportsOf(protocol).flatMap((transport) =>
      admitSources(this, transport, { securityGroupId, protocol: transport, from: port, to: port }, sources, {
        instances: cluster.portRules.instanceSecurityGroupId,
        purpose: `port ${port}/${transport} of the load balancer for ${name}`,
      }),
    );
  }

  private networks(prefix: string, cidrs: readonly string[], dualStack: boolean | undefined, name: string): string[] {
    if (plainPart(cidrs) !== cidrs) return [...cidrs];
    const rules = networksRules(MOST_NETWORKS, ...(dualStack === false ? [onlyIpv4] : []));
    const kind = dualStack === false ? "IPv4 networks" : "networks";
    const field: Schema = variable(
      list(string(), ...rules).optional(),
      `The ${kind} that can connect to ${name} through the load balancer.`,
    );
    return declareVariable(this, { name: `${prefix}_cidrs`, field, value: cidrs }).listValue;
  }
}

/** Each network is one rule, or two with `TCP_UDP`. */
const MOST_NETWORKS = 30;

/** Returns the protocols of security group rules. */
export const transportsOf = (protocol: Settings["protocol"]): ("tcp" | "udp")[] => {
  if (protocol === "TCP_UDP") return ["tcp", "udp"];
  return protocol === "UDP" ? ["udp"] : ["tcp"];
};

/** Returns the arguments of a target group that depend on its protocol. */
function targetGroupArguments(settings: Settings, targetType: "instance" | "ip") {
  const { protocol: ofListener, targetProtocol = "TCP", deregistrationDelaySeconds: delay = 300 } = settings;
  const protocol = ofListener === "TLS" ? targetProtocol : ofListener;
  const isStream = protocol === "TCP" || protocol === "TLS";
  return {
    protocol,
    deregistrationDelay: isToken(delay) ? hcl`tostring(${delay})`.string : `${delay}`,
    loadBalancingCrossZoneEnabled: crossZoneOf(settings.crossZoneEnabled),
    targetGroupHealth: healthOf(settings.targetGroupHealth),
    healthCheck: networkHealthCheckArguments(settings.healthCheck),
    // Always set: the provider reads an omitted value from AWS, so none of these could be switched off. AWS has no such attribute of TLS.
    stickiness: protocol === "TLS" ? undefined : { enabled: settings.stickiness ?? false, type: "source_ip" },
    // AWS rejects these attributes of the other protocols.
    ...(isStream && {
      preserveClientIp: textOf(settings.preserveClientIp ?? targetType === "instance"),
      proxyProtocolV2: settings.proxyProtocolV2 ?? false,
      connectionTermination: settings.connectionTermination ?? false,
      targetHealthState: [
        {
          enableUnhealthyConnectionTermination: settings.unhealthyConnectionTermination ?? true,
          unhealthyDrainingInterval: settings.unhealthyDrainingIntervalSeconds ?? 0,
        },
      ],
    }),
  };
}

const textOf = (enabled: boolean): string => (isToken(enabled) ? hcl`tostring(${enabled})`.string : `${enabled}`);

const certificateInRegion = (certificateArn: string, region: string): Guard => ({
  condition: hcl`split(":", ${certificateArn})[3] == ${region}`.string,
  errorMessage: `The certificate of a listener must be in its region, ${region}; received ${hcl`${certificateArn}`}. Request a certificate there.`,
});

/** A listener among those of its load balancer. */
interface PlacedListener extends Pick<Settings, "port" | "protocol" | "allowFrom"> {
  readonly owner: string;
}

const LISTENERS = new WeakMap<object, PlacedListener[]>();

/** Returns the listeners of a load balancer, in all stacks of the app. */
export function networkListenersOn(balancer: NetworkLoadBalancerTarget): PlacedListener[] {
  const identity = listenerIdentityOf(balancer);
  const listeners = LISTENERS.get(identity) ?? [];
  LISTENERS.set(identity, listeners);
  return listeners;
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html */
const MOST_LISTENERS = 50;

/**
 * Returns why a load balancer cannot have a listener.
 *
 * @param setting the path of the listener in the caller's settings. @default - the settings are the listener's
 * @param others the load balancer's other listeners
 */
export function networkListenerProblems(
  balancer: NetworkLoadBalancerTarget,
  settings: Settings,
  setting = "",
  others: readonly PlacedListener[] = networkListenersOn(balancer),
): Problem[] {
  const { port, protocol } = settings;
  const problem = (at: string, rule: string, received: unknown, fix: string): Problem => ({
    path: `${setting}${at}`,
    rule: `must ${rule}`,
    received: show(received),
    fix,
  });
  const same = others.find((other) => other.port === port);
  const used = [...others, settings].reduce((sum, one) => sum + rulesOf(one), 0);
  const isPacket = protocol === "UDP" || protocol === "TCP_UDP";
  return [
    ...(same
      ? [
          {
            ...problem(
              "port",
              "be a port that no other listener of the load balancer has",
              port,
              sharedPort(same, protocol),
            ),
            received: `${port}, which ${same.owner} has with ${same.protocol}`,
          },
        ]
      : []),
    ...(others.length >= MOST_LISTENERS
      ? [
          problem(
            "loadBalancer",
            `have at most ${MOST_LISTENERS} listeners`,
            others.length + 1,
            "AWS does not raise this quota. Add another Network Load Balancer.",
          ),
        ]
      : []),
    ...(used > MOST_RULES
      ? [
          problem(
            "allowFrom",
            `leave the security group of the load balancer at most ${MOST_RULES} rules`,
            used,
            "Each source is a rule for each port and protocol. Name wider networks, or use another load balancer.",
          ),
        ]
      : []),
    ...(isPacket && balancer.dualStack
      ? [
          problem(
            "protocol",
            "not be UDP or TCP_UDP with dualStack of the load balancer",
            protocol,
            "AWS rejects it, because containers have IPv4 addresses. Use a load balancer without dualStack.",
          ),
        ]
      : []),
    ...(protocol === "TLS" && balancer.reservesCapacity
      ? [
          problem(
            "protocol",
            "not be TLS with minimumCapacityUnit of the load balancer",
            protocol,
            "AWS reserves no capacity for TLS. Use a load balancer without minimumCapacityUnit.",
          ),
        ]
      : []),
  ];
}

function sharedPort(same: PlacedListener, protocol: Settings["protocol"]): string {
  const both = [same.protocol, protocol];
  return both.includes("UDP") && both.includes("TCP")
    ? "A load balancer has one listener for each port. Use one listener with TCP_UDP, or another port."
    : "Use another port, or another load balancer.";
}

/** Returns the number of rules of the load balancer's security group. A token counts as one network. */
function rulesOf({ allowFrom, protocol }: Pick<PlacedListener, "allowFrom" | "protocol">): number {
  if (allowFrom === false) return 0;
  const { cidrs, securityGroups = {}, instances = false } = allowFrom ?? { cidrs: ANYWHERE.slice(0, 1) };
  const sources = (cidrs?.length ?? 0) + Object.keys(securityGroups).length + (instances ? 1 : 0);
  return sources * transportsOf(protocol).length;
}
