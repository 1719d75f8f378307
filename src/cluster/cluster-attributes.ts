import { subnetIdsRules, vpcIdRule } from "../network/default-vpc";
import { PortRange, type PortRangeProps, portRangeSchema } from "../network/port-range";
import { securityGroupIdRule } from "../network/port-rules";
import { kmsKeyArnRule, regionRule } from "../validation/aws-rules";
import { matches } from "../validation/rule";
import { list, schemaOf, string } from "../validation/schema";
import type { Findings } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { throwIfInvalid, validate } from "../validation/validate";
import type { EcsClusterTarget } from "./ecs-cluster-target";
import { keyArnRule } from "./encryption-key";
import { type ExecuteCommandS3, executeCommandS3Schema } from "./execute-command-s3";

/** A cluster that someone else created, for example with another module or by hand. Ids and ARNs can be references. */
export interface ClusterAttributes {
  /** The ARN of the cluster. */
  readonly clusterArn: string;
  /** The name of the cluster. Names of resources of services start with it. @default - the name in `clusterArn` */
  readonly clusterName?: string;
  /** The region of the cluster. @default - the region in `clusterArn` */
  readonly region?: string;
  /** The name of the capacity provider that services use, whose instances are in the cluster. */
  readonly capacityProviderName: string;
  /** The id of the VPC of the instances. */
  readonly vpcId: string;
  /** The ids of the instances' subnets, for tasks in awsvpc mode. @default - unknown: such tasks need `subnetIds` */
  readonly instanceSubnetIds?: readonly string[];
  /** The id of the instances' security group. It must admit the load balancer to the host ports. */
  readonly instanceSecurityGroupId: string;
  /** The dynamic host ports of containers (`ECS_DYNAMIC_HOST_PORT_RANGE`). @default - 32768 to 60999, the default of the agent */
  readonly portRange?: PortRangeProps;
  /** The ARN of the listener that receives the rules of services. @default - none: services with a route name a load balancer */
  readonly listenerArn?: string;
  /** The id of the load balancer's security group. @default - unknown: services with a route cannot use awsvpc mode or a fixed host port */
  readonly loadBalancerSecurityGroupId?: string;
  /** The log group of ECS Exec sessions. @default - `/ecs/<cluster name>` */
  readonly logGroupName?: string;
  /** The customer managed key for logs and ECS Exec sessions, by ARN. @default - a key that AWS owns */
  readonly encryptionKeyArn?: string;
  /** The bucket for the output of ECS Exec sessions, if the cluster has one. @default - none */
  readonly executeCommandS3?: ExecuteCommandS3;
  /** The key of the EBS volumes of tasks that name no key, by ARN, if the cluster has one. @default - the account's key for EBS, `aws/ebs` */
  readonly managedStorageKeyArn?: string;
}

export const clusterAttributesSchema = schemaOf<ClusterAttributes>()(
  {
    clusterArn: string(
      matches(
        "^arn:aws[a-z-]*:ecs:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9_-]{1,255}$",
        "be the ARN of an ECS cluster",
        "List the clusters: aws ecs list-clusters",
      ),
    ),
    clusterName: string(
      matches(
        "^[A-Za-z0-9_-]{1,255}$",
        "be the name of an ECS cluster",
        "It is the last part of the ARN of the cluster.",
      ),
    ).optional(),
    region: string(regionRule).optional(),
    capacityProviderName: string(
      matches(
        "^[A-Za-z0-9_-]{1,255}$",
        "be the name of a capacity provider of the cluster",
        "List them: aws ecs describe-clusters --clusters CLUSTER --query clusters[].capacityProviders",
      ),
    ),
    vpcId: string(vpcIdRule),
    instanceSubnetIds: list(string(), ...subnetIdsRules).optional(),
    instanceSecurityGroupId: string(securityGroupIdRule),
    portRange: portRangeSchema.optional(),
    listenerArn: string(
      matches(
        "^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/.+$",
        "be the ARN of a listener of an Application Load Balancer",
        "List the listeners: aws elbv2 describe-listeners --load-balancer-arn ARN",
      ),
    ).optional(),
    loadBalancerSecurityGroupId: string(securityGroupIdRule).optional(),
    logGroupName: string(
      matches("^[A-Za-z0-9_/.#-]{1,512}$", "be the name of a log group", 'For example "/ecs/prod".'),
    ).optional(),
    encryptionKeyArn: string(keyArnRule).optional(),
    executeCommandS3: executeCommandS3Schema.optional(),
    managedStorageKeyArn: string(kmsKeyArnRule).optional(),
  },
  function* securityGroupOfListener(_, given): Findings<ClusterAttributes> {
    if (!given("loadBalancerSecurityGroupId") || given("listenerArn")) return;
    yield { at: "loadBalancerSecurityGroupId", must: "be used with listenerArn", fix: "Set it too, or remove this." };
  },
);

/** Returns the problems of a reference, whose name and region only a plan knows. A rule cannot tell a reference from a wrong ARN. */
const missingWith = (settings: ClusterAttributes) =>
  (["clusterName", "region"] as const)
    .filter((name) => isToken(settings.clusterArn) && settings[name] === undefined)
    .map((path) => ({
      path,
      rule: "must be set with a reference as clusterArn",
      received: "nothing",
      fix: "Only a plan knows the ARN. Set it too.",
    }));

/** The default range of the agent, which follows the kernel's. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
const AGENT_PORTS: PortRangeProps = { from: 32_768, to: 60_999 };

/** Returns a cluster with these attributes. @throws {SettingsError} with every problem of the attributes */
export function clusterFromAttributes(attributes: ClusterAttributes): EcsClusterTarget {
  const subject = "Cluster.fromClusterAttributes";
  const settings = validate(subject, clusterAttributesSchema, attributes);
  throwIfInvalid(subject, missingWith(settings));
  const { clusterArn, listenerArn, vpcId, instanceSubnetIds, instanceSecurityGroupId } = settings;
  const [, , , ofArn = "", , resource = ""] = clusterArn.split(":");
  const clusterName = settings.clusterName ?? resource.replace("cluster/", "");
  return {
    cluster: {
      clusterName,
      clusterArn,
      logGroupName: settings.logGroupName ?? `/ecs/${clusterName}`,
      executeCommandKeyArn: settings.encryptionKeyArn,
      executeCommandS3: settings.executeCommandS3,
      managedStorageKeyArn: settings.managedStorageKeyArn,
    },
    capacityProvider: { capacityProviderName: settings.capacityProviderName },
    loadBalancer:
      listenerArn === undefined ? undefined : { listenerArn, securityGroupId: settings.loadBalancerSecurityGroupId },
    vpc: { vpcId, instanceSubnetIds: instanceSubnetIds && [...instanceSubnetIds] },
    portRules: { instanceSecurityGroupId, portRange: new PortRange(settings.portRange ?? AGENT_PORTS) },
    region: settings.region ?? ofArn,
  };
}
