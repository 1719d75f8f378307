import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import { AgentConfig } from "./agent-config";
import { Alarms } from "./alarms";
import { AsgCapacityProvider } from "./asg-capacity-provider";
import { declareBackend } from "./backend";
import { Cluster } from "./cluster";
import { Dashboard } from "./dashboard";
import { DefaultVpc } from "./default-vpc";
import type { EcsClusterTarget, InstanceCapacity } from "./ecs-cluster-target";
import { EcsOptimizedImage } from "./ecs-optimized-image";
import { EncryptionKey } from "./encryption-key";
import { hcl } from "./expression";
import { InstanceRole } from "./instance-role";
import { InstanceTypes } from "./instance-types";
import { KeyPair } from "./key-pair";
import { LaunchTemplate } from "./launch-template";
import { ApplicationLoadBalancer } from "./load-balancer";
import { Outputs } from "./outputs";
import { PortRules } from "./port-rules";
import { ReadableStack } from "./readable-stack";
import { RegistrationCheck } from "./registration-check";
import { type EcsClusterSettings, resolveSettings } from "./settings";
import { UserData } from "./user-data";
import { Variables } from "./variables";
import { WebAcl } from "./web-acl";

/** Versions that the synthesized JSON needs. */
export const REQUIRED_TERRAFORM_VERSION = ">= 1.10";

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
  readonly instanceTypes: InstanceTypes;
  /** The cluster. */
  readonly cluster: Cluster;
  /** The security groups and their rules. */
  readonly portRules: PortRules;
  /** The instances' role. */
  readonly instanceRole: InstanceRole;
  /** How instances start. */
  readonly launchTemplate: LaunchTemplate;
  /** The cluster's capacity. */
  readonly capacityProvider: AsgCapacityProvider;
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
    declareBackend(this, id, resolved.backend);
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM_VERSION);

    const variables = new Variables(this, "variables", resolved.table);
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
    this.instanceTypes = new InstanceTypes(this, "instance_types", {
      instanceTypes: variables.list("instanceTypes"),
      vpc: this.vpc,
      region,
    });
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
    const image = new EcsOptimizedImage(this, "image", {
      instanceTypes: this.instanceTypes,
      family: resolved.amiFamily,
      version: variables.string("amiVersion"),
    });
    this.instanceRole = new InstanceRole(this, "instance_role", {
      name,
      region,
      sessionManager: resolved.sessionManager,
      policyArns: resolved.instancePolicyArns,
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
    const userData = new UserData({
      agentConfig: new AgentConfig({
        clusterName: this.cluster.clusterName,
        family: resolved.amiFamily,
        portRange: resolved.portRange,
        spotDraining: resolved.spot,
        options: resolved.agent,
      }),
      extraLines: resolved.extraUserData,
    });
    this.launchTemplate = new LaunchTemplate(this, "launch_template", {
      name,
      instanceTypes: this.instanceTypes,
      image,
      role: this.instanceRole,
      portRules: this.portRules,
      userData,
      keyPair: ssh
        ? new KeyPair(
            this,
            "key_pair",
            resolved.keyPair === "import"
              ? { name, publicKey: variables.string("sshPublicKey") }
              : { keyName: variables.string("keyName") },
          )
        : undefined,
      publicAddress: !resolved.privateSubnets,
      encryptionKey,
      rootVolumeGib: variables.number("rootVolumeGib"),
      tags: tags.map,
    });
    this.capacityProvider = new AsgCapacityProvider(this, "capacity", {
      cluster: this.cluster,
      launchTemplate: this.launchTemplate,
      name,
      minSize: variables.number("minSize"),
      maxSize: variables.number("maxSize"),
      desiredSize: variables.number("desiredSize"),
      targetCapacity: resolved.targetCapacity,
      spot: resolved.spot,
      terminationProtection: resolved.terminationProtection,
      groupMetrics: resolved.alarms || resolved.dashboard,
      tags: tags.map,
    });
    this.instanceCapacity = {
      details: this.instanceTypes.details,
      maxSize: variables.number("maxSize"),
      reservedMemoryMiB: resolved.agent.reservedMemoryMiB ?? 0,
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
    const watched = { name, cluster, capacityProvider, loadBalancer: this.loadBalancer };
    if (resolved.alarms) {
      new Alarms(this, "alarms", {
        ...watched,
        topicArn: variables.string("alarmTopicArn"),
        reservationPercent: variables.number("alarmReservationPercent"),
        serverErrors: variables.number("alarmServerErrors"),
      });
    }
    if (resolved.dashboard) new Dashboard(this, "dashboard", { ...watched, region });
    new RegistrationCheck(this, "registered", { cluster: this.cluster, minSize: variables.number("minSize") });
    new Outputs(this, "outputs", {
      region,
      vpc: this.vpc,
      cluster: this.cluster,
      portRules: this.portRules,
      role: this.instanceRole,
      image,
      launchTemplate: this.launchTemplate,
      capacityProvider: this.capacityProvider,
      loadBalancer: this.loadBalancer,
      sshCidrs: ssh ? variables.list("sshCidrs") : undefined,
      sessionManager: resolved.sessionManager,
    });
  }
}
