import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { type DefaultStrategyItem, prefixOf } from "../capacity/capacity-settings";
import { ClusterCapacityParts, type SharedParts } from "../capacity/cluster-capacity";
import { type ClusterCapacity, ClusterCapacityProviders } from "../capacity/cluster-capacity-providers";
import { usesSpot } from "../capacity/instances-distribution";
import { Cluster } from "../cluster/cluster";
import type { EcsClusterTarget, InstanceCapacity } from "../cluster/ecs-cluster-target";
import { EncryptionKey } from "../cluster/encryption-key";
import { InstanceRole } from "../iam/instance-role";
import { AMI_FAMILY_TRAITS } from "../instances/ami-family";
import type { EcsOptimizedImage } from "../instances/ecs-optimized-image";
import type { InstanceSelection } from "../instances/instance-selection";
import { KeyPair } from "../instances/key-pair";
import type { LaunchTemplate } from "../instances/launch-template";
import { ApplicationLoadBalancer } from "../load-balancing/application-load-balancer";
import { WebAcl } from "../load-balancing/web-acl";
import { DefaultVpc } from "../network/default-vpc";
import { PortRules } from "../network/port-rules";
import { Alarms } from "../observability/alarms";
import { Dashboard } from "../observability/dashboard";
import { hcl } from "../terraform/expression";
import { ReadableStack } from "../terraform/readable-stack";
import { Variables } from "../validation/variables";
import { declareBackend } from "./backend";
import { type CapacityOutputs, Outputs } from "./outputs";
import { RegistrationCheck } from "./registration-check";
import { type EcsClusterSettings, resolveSettings } from "./settings";

const total = (sizes: readonly number[]): number => hcl`sum(${sizes})`.number;

/**
 * An ECS cluster on EC2 in the account's default VPC, whole: provider, backend, variables, every construct in build
 * order, outputs, and a check that the instances joined.
 *
 * @example new EcsClusterStack(app, "prod", { values: { region: "eu-west-1", minSize: 3, maxSize: 6 } })
 */
export class EcsClusterStack extends ReadableStack implements EcsClusterTarget {
  /** The VPC and its subnets. */
  readonly vpc: DefaultVpc;
  /** The instance types, as EC2 knows them. */
  readonly instanceTypes: InstanceSelection;
  /** The cluster. */
  readonly cluster: Cluster;
  /** The security groups and their rules. */
  readonly portRules: PortRules;
  /** The instances' role. */
  readonly instanceRole: InstanceRole;
  /** How instances start. */
  readonly launchTemplate: LaunchTemplate;
  /** The cluster's first capacity. */
  readonly capacityProvider: ClusterCapacity;
  /** Each capacity by its name among the settings: a service that runs on one names its `capacityProviderName`. */
  readonly capacityProviders: Readonly<Record<string, ClusterCapacity>>;
  /** How services spread over several capacities; undefined where there is one. */
  readonly defaultStrategy?: readonly Required<DefaultStrategyItem>[];
  /** The load balancer; undefined with `loadBalancer: false`. */
  readonly loadBalancer?: ApplicationLoadBalancer;
  /** The Terraform variables. */
  readonly variables: Variables;
  /** The region that everything is in. */
  readonly region: string;
  /** What the instances have, for the guards of services. */
  readonly instanceCapacity: InstanceCapacity;

  /** @throws {SettingsError} with every mistake in the settings, before any construct exists */
  constructor(scope: Construct, id: string, settings: EcsClusterSettings = {}) {
    const resolved = resolveSettings(settings, id);
    super(scope, id);
    declareBackend(this, id, resolved.backend as never);

    const variables = new Variables(this, "variables", resolved.table as never);
    this.variables = variables;
    const region = variables.string("region");
    this.region = region;
    const name = variables.string("name");
    // Everything that takes tags says which cluster it belongs to; a tag of the caller's own wins.
    const tags = hcl`merge({ Cluster = ${name} }, ${variables.variable("tags").value})`;
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: tags.map }] });

    const byId = resolved.vpcId !== undefined;
    this.vpc = new DefaultVpc(this, "vpc", {
      region,
      vpcId: byId ? variables.string("vpcId") : undefined,
      subnetIds: byId ? variables.list("subnetIds") : undefined,
      privateSubnetIds: resolved.privateSubnets ? variables.list("privateSubnetIds") : undefined,
    });
    const parts = resolved.capacities.map(
      (capacity) => new ClusterCapacityParts(this, capacity, variables, { vpc: this.vpc, region }),
    );
    const [first] = parts as [ClusterCapacityParts];
    this.instanceTypes = first.instanceTypes;
    const logRetentionDays = variables.number("logRetentionDays");
    const encryptionKey = resolved.customerKey
      ? new EncryptionKey(this, "encryption_key", { name, region })
      : undefined;
    this.cluster = new Cluster(this, "cluster", {
      name,
      logRetentionDays,
      containerInsights: resolved.containerInsights,
      executeCommandLogging: resolved.executeCommandLogging,
      serviceLinkedRole: resolved.serviceLinkedRole,
      encryptionKey,
    });
    const images = parts.map((part) => part.image());
    this.instanceRole = new InstanceRole(this, "instance_role", {
      name,
      region,
      sessionManager: resolved.sessionManager,
      policyArns: resolved.instancePolicyArns,
      onlyCluster: resolved.instancePolicy === "least-privilege" ? this.cluster : undefined,
      spotDraining: resolved.capacities.some(usesSpot),
      bottlerocket: resolved.capacities.some(({ amiFamily }) => amiFamily === "bottlerocket"),
    });
    const { loadBalancer } = resolved;
    const ssh = resolved.keyPair !== "none";
    this.portRules = new PortRules(this, "port_rules", {
      name,
      vpc: this.vpc,
      portRange: resolved.portRange,
      sshCidrs: ssh ? variables.list("sshCidrs") : undefined,
      httpCidrs: loadBalancer ? variables.list("httpCidrs") : undefined,
      https: loadBalancer ? loadBalancer.https : false,
      http: loadBalancer ? !loadBalancer.https || loadBalancer.redirectHttp : false,
    });
    const keyPair = ssh
      ? new KeyPair(
          this,
          "key_pair",
          resolved.keyPair === "import"
            ? { name, publicKey: variables.string("sshPublicKey") }
            : { keyName: variables.string("keyName") },
        )
      : undefined;
    const { defaultStrategy } = resolved;
    const shared: SharedParts = {
      name,
      cluster: this.cluster,
      role: this.instanceRole,
      portRules: this.portRules,
      keyPair,
      encryptionKey,
      publicAddress: !resolved.privateSubnets,
      securityGroupIds: resolved.extraSecurityGroups ? variables.list("extraSecurityGroupIds") : undefined,
      tags,
      association: defaultStrategy === undefined,
      groupMetrics: resolved.alarms || resolved.dashboard,
    };
    const capacities = parts.map((part, index) => part.group(images[index] as EcsOptimizedImage, shared));
    const groups = Object.fromEntries(capacities.map(({ name: key, group }) => [key, group]));
    if (defaultStrategy) {
      const association = new ClusterCapacityProviders(this, "capacity_association", {
        cluster: this.cluster,
        capacityProviders: groups,
        defaultStrategy,
        maxSize: parts.length > 1 ? total(parts.map((part) => part.maxSize)) : undefined,
      });
      this.capacityProviders = association.capacities;
      this.defaultStrategy = association.defaultStrategy;
    } else {
      this.capacityProviders = groups as { [name: string]: ClusterCapacity };
    }
    const outputs = capacities.map(({ name: key, image, launchTemplate, adminContainer }) => {
      const capacityProvider = this.capacityProviders[key] as ClusterCapacity;
      return { prefix: prefixOf(key), image, launchTemplate, capacityProvider, adminContainer };
    });
    const firstOutputs = outputs[0] as CapacityOutputs;
    this.launchTemplate = firstOutputs.launchTemplate;
    this.capacityProvider = this.capacityProviders[first.capacity.name] as ClusterCapacity;
    this.instanceCapacity = {
      details: first.instanceTypes.details,
      maxSize: first.maxSize,
      mountsFileSystems: parts.some(({ capacity }) => AMI_FAMILY_TRAITS[capacity.amiFamily].mountsFileSystems),
      reservedMemoryMiB: Math.max(...parts.map(({ capacity }) => capacity.agent.reservedMemoryMiB ?? 0)),
      ...(parts.length > 1 && {
        details: hcl`merge(${parts.map((part) => hcl`${part.instanceTypes.details}`)}...)`.string,
        maxSize: total(parts.map((part) => part.maxSize)),
      }),
      capacities: parts.map(({ capacity, instanceTypes, maxSize }) => ({
        name: capacity.name,
        capacityProviderName: (this.capacityProviders[capacity.name] as ClusterCapacity).capacityProviderName,
        mountsFileSystems: AMI_FAMILY_TRAITS[capacity.amiFamily].mountsFileSystems,
        details: instanceTypes.details,
        reservedMemoryMiB: capacity.agent.reservedMemoryMiB ?? 0,
        maxSize,
      })),
    };
    if (loadBalancer) {
      const webAclArn =
        loadBalancer.webAcl === "managed"
          ? new WebAcl(this, "web_acl", { name, logRetentionDays, encryptionKey }).webAclArn
          : loadBalancer.webAcl && variables.string("webAclArn");
      this.loadBalancer = new ApplicationLoadBalancer(this, "load_balancer", {
        name,
        vpc: this.vpc,
        portRules: this.portRules,
        certificateArn: loadBalancer.https ? variables.string("certificateArn") : undefined,
        redirectHttp: loadBalancer.redirectHttp,
        sslPolicy: loadBalancer.sslPolicy,
        webAclArn: webAclArn || undefined,
        idleTimeoutSeconds: loadBalancer.idleTimeoutSeconds,
        deletionProtection: loadBalancer.deletionProtection,
        accessLogs: loadBalancer.accessLogs,
      });
    }
    const { cluster, capacityProvider } = this;
    const otherCapacityProviders = outputs.slice(1).map((other) => other.capacityProvider);
    const watched = { name, cluster, capacityProvider, otherCapacityProviders, loadBalancer: this.loadBalancer };
    if (resolved.alarms) {
      new Alarms(this, "alarms", {
        ...watched,
        topicArn: variables.string("alarmTopicArn"),
        reservationPercent: variables.number("alarmReservationPercent"),
        serverErrors: variables.number("alarmServerErrors"),
      });
    }
    if (resolved.dashboard) new Dashboard(this, "dashboard", { ...watched, region });
    const minSize = parts.length > 1 ? total(parts.map((part) => part.minSize)) : first.minSize;
    new RegistrationCheck(this, "registered", { cluster: this.cluster, minSize, role: this.instanceRole });
    new Outputs(this, "outputs", {
      region,
      vpc: this.vpc,
      cluster: this.cluster,
      portRules: this.portRules,
      role: this.instanceRole,
      // Without a prefix too, since whoever reads the outputs finds one capacity there, whatever it is called.
      capacity: outputs.find(({ prefix }) => prefix === "") ?? firstOutputs,
      named: outputs.filter(({ prefix }) => prefix !== ""),
      loadBalancer: this.loadBalancer,
      sshCidrs: ssh ? variables.list("sshCidrs") : undefined,
      sessionManager: resolved.sessionManager,
    });
  }
}
