import { Construct } from "constructs";
import type { DefaultStrategyItem } from "../capacity/capacity-provider-strategy";
import { allowsPrivileged, logDrivers } from "../capacity/capacity-settings";
import { prefixOf } from "../capacity/capacity-values";
import { ClusterCapacityParts, type CreatedCapacity, type SharedParts } from "../capacity/cluster-capacity";
import { type ClusterCapacity, ClusterCapacityProviders } from "../capacity/cluster-capacity-providers";
import { usesSpot } from "../capacity/instances-distribution";
import { prePullStatements } from "../capacity/pre-pull-statements";
import {
  type CloudMapNamespace,
  type CloudMapNamespaceSettings,
  createNamespace,
} from "../cluster/cloud-map-namespace";
import { Cluster } from "../cluster/cluster";
import { identifyCluster, targetsOf } from "../cluster/cluster-identity";
import type { EcsClusterTarget, InstanceCapacity } from "../cluster/ecs-cluster-target";
import { EncryptionKey, type KeyReference } from "../cluster/encryption-key";
import { type InstanceProfileReference, InstanceRole } from "../iam/instance-role";
import { setRoleSettings } from "../iam/role";
import { AMI_FAMILY_TRAITS } from "../instances/ami-family";
import { detailsWithOptions } from "../instances/instance-options";
import type { InstanceSelection } from "../instances/instance-selection";
import { KeyPair } from "../instances/key-pair";
import type { LaunchTemplate } from "../instances/launch-template";
import type { MachineImage } from "../instances/lookup-machine-image";
import type { ApplicationLoadBalancer } from "../load-balancing/application-load-balancer";
import type { NetworkLoadBalancer } from "../load-balancing/network-load-balancer";
import { DefaultVpc } from "../network/default-vpc";
import { PortRange } from "../network/port-range";
import { PortRules } from "../network/port-rules";
import { VpcEndpoints } from "../network/vpc-endpoints";
import { Alarms } from "../observability/alarms";
import { Dashboard } from "../observability/dashboard";
import { EventArchive } from "../observability/event-archive";
import { ServiceConnectNamespace } from "../services/service-connect-namespace";
import { type Expression, hcl } from "../terraform/expression";
import { ReadableStack } from "../terraform/readable-stack";
import { throwIfInvalid } from "../validation/validate";
import { Variables } from "../validation/variables";
import { createAwsProvider } from "./aws-provider";
import { createBackend, REQUIRED_TERRAFORM_VERSION } from "./backend";
import {
  type ClusterLoadBalancerProps,
  createClusterLoadBalancer,
  createNetworkLoadBalancer,
  portsOf,
} from "./cluster-load-balancers";
import {
  clusterVariables,
  type EcsClusterSettings,
  type ResolvedClusterSettings,
  resolveClusterSettings,
} from "./ecs-cluster-settings";
import { Outputs } from "./outputs";
import { RegistrationCheck } from "./registration-check";

const total = (sizes: readonly number[]): number => hcl`sum(${sizes})`.number;

/**
 * An ECS cluster on EC2 in the account's default VPC: provider, backend, variables, network, capacity, load balancer,
 * outputs, and a check that the instances joined the cluster.
 *
 * @example new EcsClusterStack(app, "prod", { values: { region: "eu-west-1", minSize: 3, maxSize: 6 } })
 */
export class EcsClusterStack extends ReadableStack implements EcsClusterTarget {
  /** The Terraform variables. */
  readonly variables: Variables;
  /** The region of every resource. */
  readonly region: string;
  /** The VPC and its subnets. */
  readonly vpc: DefaultVpc;
  /** The instance types of the first capacity provider. */
  readonly instanceTypes: InstanceSelection;
  /** The cluster. */
  readonly cluster: Cluster;
  /** The instances' role. Undefined with `instanceProfile: "existing"`. */
  readonly instanceRole?: InstanceRole;
  /** The security groups and their rules. */
  readonly portRules: PortRules;
  /** The VPC endpoints. Undefined without `vpcEndpoints`. */
  readonly vpcEndpoints?: VpcEndpoints;
  /** The launch template of the first capacity provider. */
  readonly launchTemplate: LaunchTemplate;
  /** The first capacity provider. */
  readonly capacityProvider: ClusterCapacity;
  /** Each capacity provider by its name in the settings. A service that runs on one names its `capacityProviderName`. */
  readonly capacityProviders: Readonly<Record<string, ClusterCapacity>>;
  /** How services spread over several capacity providers. Undefined for a single one. */
  readonly defaultStrategy?: readonly Required<DefaultStrategyItem>[];
  /** What the instances offer to tasks, for the guards of services. */
  readonly instanceCapacity: InstanceCapacity;
  /** Whether Terraform compares services with what the instances have, at plan. */
  readonly capacityGuards: boolean;
  /** The SNS topic of the alarms, for services and tasks too. @default - undefined without `alarms` */
  readonly alarmTopicArn?: string;
  /** The default namespace of services that call each other. Undefined without `defaultCloudMapNamespace`. */
  readonly serviceConnectNamespace?: ServiceConnectNamespace;
  /** The archive of events. Undefined without `eventArchive`. */
  readonly eventArchive?: EventArchive;
  /** The load balancer. Undefined with `loadBalancer: false`. */
  readonly loadBalancer?: ApplicationLoadBalancer;
  /** The other load balancers, by their names in the settings. */
  readonly loadBalancers: Readonly<Record<string, ApplicationLoadBalancer>>;
  /** The Network Load Balancers, by their names in the settings. */
  readonly networkLoadBalancers: Readonly<Record<string, NetworkLoadBalancer>>;

  /** @throws {SettingsError} with every problem of the settings, before any resource exists */
  constructor(scope: Construct, id: string, settings: EcsClusterSettings = {}) {
    const resolved = resolveClusterSettings(settings, id);
    rejectSecondCluster(scope, id, resolved);
    super(scope, id);
    const { backend, retain } = resolved;
    this.setDefaultBackend(backend === false ? false : () => createBackend(this, id, backend));
    this.setRetained(retain);
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM_VERSION);
    this.variables = new Variables(this, "variables", clusterVariables(resolved));
    const [region, name] = [this.variables.string("region"), this.variables.string("name")];
    this.region = region;
    setRoleSettings(this, this.variables, resolved);
    // Each resource is tagged with its cluster, unless the caller's tags have the same key.
    const tags = hcl`merge({ Cluster = ${name} }, ${this.variables.variable("tags").value})`;
    createAwsProvider(this, this.variables, resolved, tags);

    this.vpc = this.createVpc(resolved);
    const parts = resolved.capacities.map(
      (capacity) => new ClusterCapacityParts(this, capacity, this.variables, { vpc: this.vpc, region }),
    );
    const first = parts[0] as ClusterCapacityParts;
    this.instanceTypes = first.instanceTypes;
    const encryptionKey = this.createKey(resolved);
    const { defaultCloudMapNamespace } = resolved;
    const namespace = defaultCloudMapNamespace && this.createNamespace(defaultCloudMapNamespace);
    this.cluster = this.createCluster(resolved, encryptionKey, namespace);
    const images = parts.map((part) => part.image());
    const profile =
      resolved.instanceProfile === "existing"
        ? { instanceProfileArn: this.variables.string("instanceProfileArn") }
        : this.createInstanceRole(resolved);
    this.instanceRole = profile instanceof InstanceRole ? profile : undefined;
    this.portRules = this.createPortRules(resolved);
    this.vpcEndpoints = this.createVpcEndpoints(resolved);
    const capacities = this.createCapacities(resolved, parts, images, { profile, encryptionKey, tags });
    const association = this.associate(resolved, parts, capacities);
    this.capacityProviders =
      association?.capacities ??
      (Object.fromEntries(capacities.map(({ name: key, group }) => [key, group])) as Record<string, ClusterCapacity>);
    this.defaultStrategy = association?.defaultStrategy;
    this.capacityProvider = this.capacityProviders[first.capacity.name] as ClusterCapacity;
    this.launchTemplate = (capacities[0] as CreatedCapacity).launchTemplate;
    this.instanceCapacity = this.instanceCapacityOf(parts, resolved.awsvpcTrunking !== undefined);
    this.capacityGuards = resolved.capacityGuards;
    this.alarmTopicArn = resolved.alarms ? this.variables.string("alarmTopicArn") : undefined;
    const { vpc, portRules, variables } = this;
    const shared = { vpc, portRules, variables, encryptionKey };
    const { loadBalancer } = resolved;
    this.loadBalancer = loadBalancer
      ? createClusterLoadBalancer(this, shared, loadBalancer, resolved.values)
      : undefined;
    this.loadBalancers = this.createLoadBalancers(resolved, shared);
    this.networkLoadBalancers = Object.fromEntries(
      Object.entries(resolved.networkLoadBalancers).map(([balancer, own]) => [
        balancer,
        createNetworkLoadBalancer(this, shared, own, balancer),
      ]),
    );
    if (resolved.eventArchive) {
      this.eventArchive = new EventArchive(this, "event_archive", {
        name,
        cluster: this.cluster,
        logRetentionDays: this.variables.number("logRetentionDays"),
        retainLogGroup: resolved.retainLogGroup,
        encryptionKey,
      });
    }
    this.observe(resolved);
    new RegistrationCheck(this, "registered", {
      cluster: this.cluster,
      minSize: parts.length > 1 ? total(parts.map((part) => part.minSize)) : first.minSize,
      role: this.instanceRole,
    });
    this.createOutputs(resolved, capacities);
    identifyCluster(this, this, resolved.values.region, resolved.values.name);
    this.serviceConnectNamespace =
      namespace &&
      new ServiceConnectNamespace(this, "service_connect", {
        cluster: this,
        namespaceArn: namespace.namespaceArn,
        type:
          defaultCloudMapNamespace?.namespaceArn === undefined
            ? (defaultCloudMapNamespace?.type ?? "HTTP")
            : defaultCloudMapNamespace.type,
      });
  }

  /** Creates the default namespace of the cluster, unless it exists. Its name cannot refer to the cluster, which refers to it. */
  private createNamespace(settings: CloudMapNamespaceSettings): CloudMapNamespace {
    const name = this.variables.string("name");
    return createNamespace(this, "cloud_map_namespace", settings, { name, vpcId: this.vpc.vpcId });
  }

  private createVpc({ vpcId, privateSubnets }: ResolvedClusterSettings): DefaultVpc {
    const { variables } = this;
    const byId = vpcId !== undefined;
    return new DefaultVpc(this, "vpc", {
      region: this.region,
      vpcId: byId ? variables.string("vpcId") : undefined,
      subnetIds: byId ? variables.list("subnetIds") : undefined,
      privateSubnetIds: privateSubnets ? variables.list("privateSubnetIds") : undefined,
    });
  }

  private createCluster(
    {
      containerInsights,
      executeCommandLogging,
      executeCommandS3,
      managedStorageEncryption,
      retainLogGroup,
      serviceLinkedRole,
      awsvpcTrunking,
    }: ResolvedClusterSettings,
    encryptionKey?: KeyReference,
    namespace?: CloudMapNamespace,
  ): Cluster {
    return new Cluster(this, "cluster", {
      name: this.variables.string("name"),
      region: this.region,
      logRetentionDays: this.variables.number("logRetentionDays"),
      containerInsights,
      executeCommandLogging,
      executeCommandS3,
      managedStorageKey: managedStorageEncryption ? encryptionKey : undefined,
      retainLogGroup,
      serviceLinkedRole,
      awsvpcTrunking: awsvpcTrunking === "managed",
      encryptionKey,
      serviceConnectDefaults: namespace && { namespace: namespace.namespaceArn },
    });
  }

  private createKey({ customerKey }: ResolvedClusterSettings): KeyReference | undefined {
    if (customerKey === false) return undefined;
    if (customerKey === "existing") return { keyArn: this.variables.string("customerKeyArn") };
    const name = this.variables.string("name");
    return new EncryptionKey(this, "encryption_key", { name, region: this.region });
  }

  private createInstanceRole(resolved: ResolvedClusterSettings): InstanceRole {
    const { capacities, sessionManager, instancePolicy, instancePolicyArns } = resolved;
    return new InstanceRole(this, "instance_role", {
      name: this.variables.string("name"),
      region: this.region,
      sessionManager,
      policyArns: instancePolicyArns,
      statements: prePullStatements(capacities, {
        cluster: this.cluster,
        name: this.variables.string("name"),
        isLeastPrivilege: instancePolicy === "least-privilege",
      }),
      onlyCluster: instancePolicy === "least-privilege" ? this.cluster : undefined,
      spotDraining: capacities.some(usesSpot),
      bottlerocket: capacities.some(({ amiFamily }) => amiFamily === "bottlerocket"),
    });
  }

  private createPortRules(resolved: ResolvedClusterSettings): PortRules {
    const { keyPair, loadBalancer, portRange, previousPortRange, instanceSecurityGroup } = resolved;
    const { variables } = this;
    return new PortRules(this, "port_rules", {
      name: variables.string("name"),
      vpc: this.vpc,
      portRange,
      previousPortRange: previousPortRange && new PortRange(previousPortRange),
      sshCidrs: keyPair === "none" ? undefined : variables.list("sshCidrs"),
      instanceSecurityGroupId:
        instanceSecurityGroup === "existing" ? variables.string("instanceSecurityGroupId") : undefined,
      ...(loadBalancer && { ...portsOf(loadBalancer), httpCidrs: variables.list("httpCidrs") }),
    });
  }

  /** Creates the endpoints, with those that the settings of the stack need. */
  private createVpcEndpoints({
    vpcEndpoints,
    customerKey,
    capacities,
  }: ResolvedClusterSettings): VpcEndpoints | undefined {
    if (vpcEndpoints === false) return undefined;
    const { services = [], existing } = vpcEndpoints === true ? {} : vpcEndpoints;
    const completesHook = capacities.some(({ prePulledImages, warmPool }) => prePulledImages && warmPool);
    // ECS Exec encrypts its sessions with the key, and the hook of pre-pulled images ends by a call of Auto Scaling.
    const own = [...(customerKey ? ["kms"] : []), ...(completesHook ? ["autoscaling"] : [])];
    const all = [...new Set([...own, ...services])];
    return new VpcEndpoints(this, "vpc_endpoints", {
      name: this.variables.string("name"),
      vpc: this.vpc,
      services: all.length > 0 ? all : undefined,
      existing,
    });
  }

  private createKeyPair({ keyPair }: ResolvedClusterSettings): KeyPair | undefined {
    const { variables } = this;
    if (keyPair === "none") return undefined;
    return new KeyPair(
      this,
      "key_pair",
      keyPair === "import"
        ? { name: variables.string("name"), publicKey: variables.string("sshPublicKey") }
        : { keyName: variables.string("keyName") },
    );
  }

  /** Creates the launch template and the Auto Scaling group of each capacity. */
  private createCapacities(
    resolved: ResolvedClusterSettings,
    parts: readonly ClusterCapacityParts[],
    images: readonly MachineImage[],
    {
      profile,
      encryptionKey,
      tags,
    }: {
      readonly profile: InstanceProfileReference;
      readonly encryptionKey?: KeyReference;
      readonly tags: Expression;
    },
  ): CreatedCapacity[] {
    const shared: SharedParts = {
      name: this.variables.string("name"),
      cluster: this.cluster,
      role: profile,
      portRules: this.portRules,
      keyPair: this.createKeyPair(resolved),
      encryptionKey,
      publicAddress: !resolved.privateSubnets,
      securityGroupIds: resolved.extraSecurityGroups ? this.variables.list("extraSecurityGroupIds") : undefined,
      tags,
      association: resolved.defaultStrategy === undefined,
      groupMetrics: resolved.alarms || resolved.dashboard,
      dependsOn: Object.values(this.vpcEndpoints?.endpoints ?? {}),
    };
    return parts.map((part, index) => part.group(images[index] as MachineImage, shared));
  }

  /** Associates several capacity providers with the cluster. A single one has its own association. */
  private associate(
    { defaultStrategy }: ResolvedClusterSettings,
    parts: readonly ClusterCapacityParts[],
    capacities: readonly CreatedCapacity[],
  ): ClusterCapacityProviders | undefined {
    if (!defaultStrategy) return undefined;
    return new ClusterCapacityProviders(this, "capacity_association", {
      cluster: this.cluster,
      capacityProviders: Object.fromEntries(capacities.map(({ name, group }) => [name, group])),
      defaultStrategy,
      maxSize: parts.length > 1 ? total(parts.map((part) => part.maxSize)) : undefined,
    });
  }

  private instanceCapacityOf(parts: readonly ClusterCapacityParts[], trunking: boolean): InstanceCapacity {
    const capacities = parts.map(({ capacity, instanceTypes, maxSize }) => ({
      name: capacity.name,
      capacityProviderName: (this.capacityProviders[capacity.name] as ClusterCapacity).capacityProviderName,
      mountsFileSystems: AMI_FAMILY_TRAITS[capacity.amiFamily].mountsFileSystems,
      allowsPrivileged: allowsPrivileged(capacity),
      logDrivers: logDrivers(capacity),
      awsvpcTrunking: trunking && AMI_FAMILY_TRAITS[capacity.amiFamily].hasTrunk,
      spot: usesSpot(capacity),
      details: detailsWithOptions(instanceTypes.details, capacity),
      reservedMemoryMiB: capacity.agent.reservedMemoryMiB ?? 0,
      stopTimeoutSeconds: capacity.agent.containerStopTimeoutSeconds,
      maxSize,
    }));
    const [first] = capacities as [(typeof capacities)[number]];
    const several = capacities.length > 1;
    return {
      details: several ? hcl`merge(${capacities.map(({ details }) => hcl`${details}`)}...)`.string : first.details,
      maxSize: several ? total(capacities.map(({ maxSize }) => maxSize)) : first.maxSize,
      mountsFileSystems: capacities.some(({ mountsFileSystems }) => mountsFileSystems),
      allowsPrivileged: capacities.some((capacity) => capacity.allowsPrivileged),
      logDrivers: [...new Set(capacities.flatMap((capacity) => capacity.logDrivers))],
      // A task that can run on any instance must fit on the smallest.
      awsvpcTrunking: capacities.every((capacity) => capacity.awsvpcTrunking),
      spot: capacities.some(({ spot }) => spot),
      reservedMemoryMiB: Math.max(...capacities.map(({ reservedMemoryMiB }) => reservedMemoryMiB)),
      stopTimeoutSeconds: several ? undefined : first.stopTimeoutSeconds,
      capacities,
    };
  }

  /** Creates the other load balancers of the cluster, by name. */
  private createLoadBalancers(
    { loadBalancers }: ResolvedClusterSettings,
    shared: ClusterLoadBalancerProps,
  ): Readonly<Record<string, ApplicationLoadBalancer>> {
    return Object.fromEntries(
      Object.entries(loadBalancers).map(([name, { values, ...settings }]) => [
        name,
        createClusterLoadBalancer(this, shared, settings, values, name),
      ]),
    );
  }

  private observe({ alarms, dashboard, capacities: [, ...others] }: ResolvedClusterSettings): void {
    const { variables, region, cluster, capacityProvider, loadBalancer, loadBalancers, networkLoadBalancers } = this;
    const otherCapacityProviders = others.map(({ name }) => this.capacityProviders[name] as ClusterCapacity);
    const name = variables.string("name");
    const balancers = { loadBalancer, loadBalancers, networkLoadBalancers };
    const watched = { name, cluster, capacityProvider, otherCapacityProviders, ...balancers };
    if (alarms) {
      new Alarms(this, "alarms", {
        ...watched,
        topicArn: variables.string("alarmTopicArn"),
        reservationPercent: variables.number("alarmReservationPercent"),
        serverErrors: variables.number("alarmServerErrors"),
      });
    }
    if (dashboard) new Dashboard(this, "dashboard", { ...watched, region, eventArchive: this.eventArchive });
  }

  private createOutputs({ keyPair, sessionManager }: ResolvedClusterSettings, capacities: readonly CreatedCapacity[]) {
    const outputs = capacities.map(({ name, ...created }) => ({
      ...created,
      prefix: prefixOf(name),
      capacityProvider: this.capacityProviders[name] as ClusterCapacity,
    }));
    new Outputs(this, "outputs", {
      region: this.region,
      vpc: this.vpc,
      cluster: this.cluster,
      portRules: this.portRules,
      role: this.instanceRole,
      // Some outputs always have no prefix, so that readers find them with all names of capacity providers.
      capacity: outputs.find(({ prefix }) => prefix === "") ?? (outputs[0] as (typeof outputs)[number]),
      named: outputs.filter(({ prefix }) => prefix !== ""),
      loadBalancer: this.loadBalancer,
      loadBalancers: this.loadBalancers,
      networkLoadBalancers: this.networkLoadBalancers,
      sshCidrs: keyPair === "none" ? undefined : this.variables.list("sshCidrs"),
      sessionManager,
      eventArchive: this.eventArchive,
    });
  }
}

/** Two stacks of an app with the same cluster name and region would create the same cluster, role and load balancer. */
function rejectSecondCluster(
  scope: Construct,
  id: string,
  { values: { region, name } }: ResolvedClusterSettings,
): void {
  // CDKTF rejects another scope.
  const registered = Construct.isConstruct(scope) ? targetsOf(scope, region, name) : [];
  const other = registered.find((target) => target instanceof EcsClusterStack);
  if (!other) return;
  throwIfInvalid(`EcsClusterStack "${id}"`, [
    {
      path: "values.name",
      rule: "must be different from every other cluster's in the region",
      received: `"${name}" in ${region}, like stack "${(other as EcsClusterStack).node.path}"`,
      fix: "Set another values.name or values.region.",
    },
  ]);
}
