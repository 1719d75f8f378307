import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import type { Cluster } from "../cluster/cluster";
import type { InstanceRole } from "../iam/instance-role";
import type { AmiFamily } from "../instances/ami-family";
import type { LaunchTemplate } from "../instances/launch-template";
import type { MachineImage } from "../instances/lookup-machine-image";
import type { ApplicationLoadBalancer } from "../load-balancing/application-load-balancer";
import type { NetworkLoadBalancer } from "../load-balancing/network-load-balancer";
import type { DefaultVpc } from "../network/default-vpc";
import type { PortRules } from "../network/port-rules";
import type { EventArchive } from "../observability/event-archive";
import { hcl } from "../terraform/expression";

/** The constructs that the outputs of one capacity come from. */
export interface CapacityOutputs {
  readonly image: MachineImage;
  readonly launchTemplate: LaunchTemplate;
  /** Whether Bottlerocket's admin container is on, which can read the agent's log. @default true */
  readonly adminContainer?: boolean;
  readonly capacityProvider: { readonly capacityProviderName: string; readonly autoscalingGroupName: string };
}

/** The constructs that the outputs come from. */
export interface OutputsProps {
  readonly region: string;
  readonly vpc: DefaultVpc;
  readonly cluster: Cluster;
  readonly portRules: PortRules;
  /** The role of the instances. @default - an instance profile that exists has it, and there is no output of it */
  readonly role?: InstanceRole;
  readonly capacity: CapacityOutputs;
  /** Other capacities, each with the prefix of its outputs. @default - none */
  readonly named?: readonly (CapacityOutputs & { readonly prefix: string })[];
  /** The load balancer. @default - none, and no outputs of it */
  readonly loadBalancer?: ApplicationLoadBalancer;
  /** Other load balancers, by the prefix of their outputs. @default - none */
  readonly loadBalancers?: Readonly<Record<string, ApplicationLoadBalancer>>;
  /** Network Load Balancers, by the prefix of their outputs. @default - none */
  readonly networkLoadBalancers?: Readonly<Record<string, NetworkLoadBalancer>>;
  /** The networks that can connect by SSH. @default - there is no key pair */
  readonly sshCidrs?: string[];
  /** Whether Session Manager can connect to the instances. */
  readonly sessionManager: boolean;
  /** The archive of the cluster's events. @default - none, and no outputs of it */
  readonly eventArchive?: Pick<EventArchive, "logGroupName" | "query">;
}

/** A certificate is for your own domain name, and not for the name of the load balancer. */
const CERTIFICATE_NOTE = " The certificate does not match this name: use a name of your domain that points to it.";

/** The outputs of a stack, each with a description. */
export class Outputs extends Construct {
  constructor(scope: Construct, id: string, props: OutputsProps) {
    super(scope, id);
    const { vpc, cluster, portRules, role, loadBalancer, named = [] } = props;
    const add = (name: string, description: string, value: unknown) =>
      new TerraformOutput(this, name, { staticId: true, description, value });
    const addCapacity = ({ image, launchTemplate, capacityProvider, adminContainer }: CapacityOutputs, prefix = "") => {
      const of = prefix ? ` of the capacity provider ${prefix.slice(0, -1)}` : "";
      const { capacityProviderName, autoscalingGroupName } = capacityProvider;
      add(
        `${prefix}capacity_provider_name`,
        `The name of the capacity provider${prefix && ` ${prefix.slice(0, -1)}`} in AWS.`,
        capacityProviderName,
      );
      add(`${prefix}autoscaling_group_name`, `The name of the Auto Scaling group${of}.`, autoscalingGroupName);
      add(`${prefix}launch_template_id`, `The id of the launch template${of}.`, launchTemplate.launchTemplateId);
      add(`${prefix}ami_id`, `The id of the AMI of new instances${of}.`, image.imageId);
      const { ssh, agentLog } = commands(props, autoscalingGroupName, image.family, adminContainer);
      add(`${prefix}ssh_command`, `The command that connects to a running instance${of}.`, ssh);
      add(`${prefix}agent_log_command`, `The command that shows the ECS agent's log on an instance${of}.`, agentLog);
    };

    const addNames = (balancer: ApplicationLoadBalancer | NetworkLoadBalancer, prefix: string, of: string) => {
      add(
        `${prefix}load_balancer_dns_name`,
        `The DNS name of ${of}, for a CNAME or alias record.`,
        balancer.loadBalancerDnsName,
      );
      add(
        `${prefix}load_balancer_zone_id`,
        `The id of the hosted zone of ${of}, for an alias record in Route 53.`,
        balancer.loadBalancerCanonicalHostedZoneId,
      );
      add(`${prefix}load_balancer_arn`, `The ARN of ${of}.`, balancer.loadBalancerArn);
    };
    const addSecurityGroup = ({ securityGroupId }: { readonly securityGroupId: string }, prefix: string, of: string) =>
      add(`${prefix}load_balancer_security_group_id`, `The id of the security group of ${of}.`, securityGroupId);

    const addLoadBalancer = (balancer: ApplicationLoadBalancer, name?: string) => {
      const prefix = name === undefined ? "" : `${name}_`;
      const of = `the load balancer${name === undefined ? "" : ` ${name}`}`;
      const addresses = balancer.url.startsWith("https") && balancer.domainName === undefined ? CERTIFICATE_NOTE : "";
      add(`${prefix}url`, `The address of ${of}. It returns 404 until you add a service.${addresses}`, balancer.url);
      addNames(balancer, prefix, of);
      add(
        `${prefix}listener_arn`,
        `The ARN of the listener${name === undefined ? "" : ` of ${of}`}, which has the listener rules of services.`,
        balancer.listenerArn,
      );
      addSecurityGroup(balancer, prefix, of);
    };
    const addNetworkLoadBalancer = (balancer: NetworkLoadBalancer, name: string) => {
      const [prefix, of] = [`${name}_`, `the load balancer ${name}`];
      const { publicAddresses } = balancer;
      addNames(balancer, prefix, of);
      addSecurityGroup(balancer, prefix, of);
      if (publicAddresses === undefined) return;
      add(`${prefix}addresses`, `The Elastic IP addresses of ${of}, by Availability Zone.`, publicAddresses);
    };

    add("cluster_name", "The name of the cluster.", cluster.clusterName);
    add("cluster_arn", "The ARN of the cluster.", cluster.clusterArn);
    add("vpc_id", "The id of the VPC.", vpc.vpcId);
    add("subnet_ids", "The ids of the VPC's subnets that the stack uses, one in each zone.", vpc.subnetIds);
    if (loadBalancer) addLoadBalancer(loadBalancer);
    add(
      "instance_security_group_id",
      "The id of the instances' security group. Admit it in the security groups of your databases.",
      portRules.instanceSecurityGroupId,
    );
    if (role) add("instance_role_name", "The name of the instances' IAM role.", role.roleName);
    add(
      "dynamic_port_range",
      "The host ports of containers, which the ECS agent assigns and the security groups admit.",
      portRules.portRange.toString(),
    );
    addCapacity(props.capacity);
    for (const capacity of named) addCapacity(capacity, capacity.prefix);
    for (const [name, balancer] of Object.entries(props.loadBalancers ?? {})) addLoadBalancer(balancer, name);
    for (const [name, balancer] of Object.entries(props.networkLoadBalancers ?? {})) {
      addNetworkLoadBalancer(balancer, name);
    }
    const { eventArchive } = props;
    if (!eventArchive) return;
    const { logGroupName } = eventArchive;
    add(
      "event_archive_log_group_name",
      "The log group with why tasks stopped, and what services report.",
      logGroupName,
    );
    add(
      "event_archive_query",
      "The command that shows why tasks stopped, and what services and deployments reported in the last day.",
      eventQuery(props.region, eventArchive),
    );
  }
}

/** Returns a shell command that runs a query of CloudWatch Logs Insights, which takes some seconds. */
const eventQuery = (region: string, { logGroupName, query }: Pick<EventArchive, "logGroupName" | "query">): string =>
  `id=$(aws logs start-query --region ${region} --log-group-name ${logGroupName} --start-time $(($(date +%s) - 86400)) --end-time $(date +%s) --query-string '${query}' --query queryId --output text) && sleep 10 && aws logs get-query-results --region ${region} --query-id "$id" --query 'results[*][*].value' --output text`;

/** Returns shell commands. They look up a running instance when they run, so that scaling never changes a plan. */
function commands(
  props: OutputsProps,
  group: string,
  family: AmiFamily,
  adminContainer = true,
): { ssh: string; agentLog: string } {
  const { region, sshCidrs, sessionManager, vpc } = props;
  const ofInstance = (what: string) =>
    `$(aws ec2 describe-instances --region ${region} --filters Name=tag:aws:autoscaling:groupName,Values=${group} Name=instance-state-name,Values=running --query 'Reservations[0].Instances[0].${what}' --output text)`;
  const log =
    family === "bottlerocket"
      ? "sudo sheltie journalctl -u ecs --no-pager -n 100"
      : "sudo docker logs --tail 100 ecs-agent";
  const session = `aws ssm start-session --region ${region} --target ${ofInstance("InstanceId")}`;
  // A session on Bottlerocket starts in the control container. Only the admin container can read the log.
  const start = adminContainer ? "" : "apiclient set host-containers.admin.enabled=true && sleep 30 && ";
  const inSession = family === "bottlerocket" ? `${start}apiclient exec admin ${log}` : log;
  const bySession = {
    ssh: session,
    agentLog: `${session} --document-name AWS-StartInteractiveCommand --parameters command='${inSession}'`,
  };
  if (!sshCidrs) return bySession;
  const connect = `ssh ec2-user@${ofInstance(vpc.hasPrivateSubnets ? "PrivateIpAddress" : "PublicIpAddress")}`;
  const bySsh = { ssh: connect, agentLog: `${connect} ${log}` };
  if (!sessionManager) return bySsh;
  // Without a network in ssh_cidrs, SSH times out. Session Manager needs no open port.
  const choose = (ssh: string, other: string) => hcl`length(${sshCidrs}) > 0 ? ${ssh} : ${other}`.string;
  return { ssh: choose(bySsh.ssh, bySession.ssh), agentLog: choose(bySsh.agentLog, bySession.agentLog) };
}
