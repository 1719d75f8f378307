import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { type Cluster, clusterField } from "../cluster/cluster";
import {
  type ApplicationLoadBalancer,
  applicationLoadBalancerField,
} from "../load-balancing/application-load-balancer";
import { type NetworkLoadBalancer, networkLoadBalancerField } from "../load-balancing/network-load-balancer";
import { reportFailedDeployments, serviceArnPrefix } from "../services/failed-deployments";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { clusterNameRules, topicArnRules } from "../validation/aws-rules";
import { wholeNumber } from "../validation/rule";
import { interfaceOf, list, map, number, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

export const reservationRule = wholeNumber(1, 100, "percent", "For example 90.");
export const serverErrorsRule = wholeNumber(0, 1_000_000, "responses in 5 minutes", "For example 10.");

/** A capacity provider of the cluster. Its Auto Scaling group must publish metrics: set `groupMetrics`. */
export interface WatchedCapacity {
  /** The name of the Auto Scaling group, whose instances are counted. */
  readonly autoscalingGroupName: string;
  /** The name of the capacity provider, which measures how many instances tasks need. */
  readonly capacityProviderName: string;
}

const watchedCapacityField = interfaceOf<WatchedCapacity>(
  "a capacity provider",
  "Use an AsgCapacityProvider.",
)({
  autoscalingGroupName: string(),
  capacityProviderName: string(),
});

/** The alarms of a cluster. */
export interface AlarmsProps {
  /** The start of the alarms' names. */
  readonly name: string;
  /** The cluster. With Container Insights, an alarm also detects a single instance that has not joined. */
  readonly cluster: Cluster;
  /** The capacity provider of the cluster. */
  readonly capacityProvider: WatchedCapacity;
  /** Other capacity providers of the cluster. @default - none */
  readonly otherCapacityProviders?: readonly WatchedCapacity[];
  /** The load balancer. @default - none, and no alarms for targets and errors */
  readonly loadBalancer?: Pick<ApplicationLoadBalancer, "arnSuffix">;
  /** Other load balancers of the cluster, by name, each with the same alarms. @default - none */
  readonly loadBalancers?: Readonly<Record<string, Pick<ApplicationLoadBalancer, "arnSuffix">>>;
  /** Network Load Balancers of the cluster, by name, each with an alarm for its targets. @default - none */
  readonly networkLoadBalancers?: Readonly<Record<string, Pick<NetworkLoadBalancer, "arnSuffix">>>;
  /**
   * The SNS topic that alarms and failed deployments are sent to. It must be in the cluster's region, and its policy must
   * admit `cloudwatch.amazonaws.com` and `events.amazonaws.com`.
   */
  readonly topicArn: string;
  /** The alarm threshold of the cluster's reserved CPU and memory, in percent. @default 90 */
  readonly reservationPercent?: number;
  /** Responses with 5xx in 5 minutes. More than that set off the alarm. @default 10 */
  readonly serverErrors?: number;
}

export const alarmsPropsSchema = schemaOf<AlarmsProps>()({
  name: string(...clusterNameRules),
  cluster: clusterField,
  capacityProvider: watchedCapacityField,
  otherCapacityProviders: list(watchedCapacityField).default([]),
  loadBalancer: applicationLoadBalancerField.optional(),
  loadBalancers: map(applicationLoadBalancerField).default({}),
  networkLoadBalancers: map(networkLoadBalancerField).default({}),
  // Only Terraform knows the region of the stack, so this field checks the form of the ARN only.
  topicArn: string(...topicArnRules.slice(0, 1)),
  reservationPercent: number(reservationRule).default(90),
  serverErrors: number(serverErrorsRule).default(10),
});

const FIVE_MINUTES = 300;

type Query = NonNullable<Extract<CloudwatchMetricAlarmConfig["metricQuery"], readonly unknown[]>>[number];

/**
 * Alarms for the whole cluster. One query covers the targets of all services, and one rule covers the failed deployments of
 * all services, in other stacks too. `alarms` of an `Ec2Service` adds alarms of this service.
 */
export class Alarms extends Construct {
  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const settings = validate(this, alarmsPropsSchema, props);
    const { name, cluster, capacityProvider, otherCapacityProviders, loadBalancer, topicArn } = settings;
    const alarm = (alarmId: string, what: string, config: Omit<CloudwatchMetricAlarmConfig, "alarmName">) => {
      const alarmName = `${name}-${alarmId.replace(/_/g, "-")}`;
      new CloudwatchMetricAlarm(this, alarmId, {
        alarmName,
        alarmDescription: `${what} To find the cause, run the doctor of ecs-default-vpc, or read its docs/troubleshooting.md.`,
        // A cluster without instances or requests publishes no data.
        treatMissingData: "notBreaching",
        alarmActions: [topicArn],
        okActions: [topicArn],
        tags: purposeTags(alarmName, "Reports problems of the ECS cluster"),
        ...config,
      });
    };

    const dimensions = { ClusterName: cluster.clusterName };
    for (const [alarmId, metricName, resource] of [
      ["cpu_reservation", "CPUReservation", "CPU"],
      ["memory_reservation", "MemoryReservation", "memory"],
    ] as const) {
      alarm(alarmId, `Tasks reserve nearly all ${resource} of the cluster. New tasks may not start.`, {
        namespace: "AWS/ECS",
        metricName,
        dimensions,
        statistic: "Average",
        period: FIVE_MINUTES,
        // Managed scaling has a quarter of an hour to start instances.
        evaluationPeriods: 3,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: settings.reservationPercent,
      });
    }

    alarm("unregistered_instances", "Instances have run for 15 minutes and have not joined the cluster.", {
      metricQuery: unregistered(cluster, [capacityProvider, ...otherCapacityProviders]),
      evaluationPeriods: 3,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
    });

    /** Covers every target group of the load balancer, in any stack. */
    const unhealthyTargets = (alarmId: string, of: string, namespace: string, arnSuffix: string) =>
      alarm(alarmId, `Tasks fail the health check of ${of}.`, {
        metricQuery: [
          {
            id: "unhealthy",
            expression: `SELECT MAX(UnHealthyHostCount) FROM SCHEMA("${namespace}", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${arnSuffix}'`,
            period: 60,
            label: "unhealthy targets",
            returnData: true,
          },
        ],
        // A new task needs some time to become healthy.
        evaluationPeriods: 5,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
      });
    const balancers = [
      ...(loadBalancer ? [["", loadBalancer] as const] : []),
      ...Object.entries(settings.loadBalancers).map(([key, balancer]) => [`${key}_`, balancer] as const),
    ];
    for (const [prefix, balancer] of balancers) {
      const arnSuffix = literal(balancer.arnSuffix);
      const of = prefix === "" ? "the load balancer" : `the load balancer ${prefix.slice(0, -1)}`;
      unhealthyTargets(`${prefix}unhealthy_targets`, of, "AWS/ApplicationELB", arnSuffix);
      const requests = { LoadBalancer: arnSuffix };
      alarm(`${prefix}server_errors`, `${of.replace("the", "The")} or the containers return HTTP 5xx errors.`, {
        metricQuery: [
          measured("balancer", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", requests, "Sum"),
          measured("targets", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", requests, "Sum"),
          { id: "errors", expression: "FILL(balancer, 0) + FILL(targets, 0)", label: "5xx", returnData: true },
        ],
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: settings.serverErrors,
      });
    }
    for (const [key, balancer] of Object.entries(settings.networkLoadBalancers)) {
      const arnSuffix = literal(balancer.arnSuffix);
      unhealthyTargets(`${key}_unhealthy_targets`, `the load balancer ${key}`, "AWS/NetworkELB", arnSuffix);
    }
    const services = { prefix: serviceArnPrefix(cluster.clusterArn) };
    this.node.defaultChild = reportFailedDeployments(this, {
      name,
      of: "services on the ECS cluster",
      services,
      topicArn,
    });
  }
}

/** An alarm has at most ten metrics. With task counts, two are of the cluster and two of each capacity provider, otherwise one and one. */
const COMPARED = { counted: 4, uncounted: 9 };

/**
 * Returns the number of instances that run and have not joined the cluster. CloudWatch does not count registered
 * instances: ContainerInstanceCount leaves out instances without tasks, so comparing it with the running instances would
 * set off the alarm for each idle instance. Two things show a missing instance. The first is running instances and no
 * reservation of the cluster, which it has from its first instance on. The second needs Container Insights: tasks need
 * instances that run, and fewer instances have tasks. Instances in a warm pool are not in service, so they do not count.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
 */
function unregistered(cluster: Cluster, capacities: readonly WatchedCapacity[]): Query[] {
  const dimensions = { ClusterName: cluster.clusterName };
  // Tasks can run on the instances of capacity providers that are not compared.
  const counted = cluster.hasContainerInsights && capacities.length <= COMPARED.counted;
  const most = counted ? COMPARED.counted : COMPARED.uncounted;
  const compared = capacities.slice(0, most).map(({ autoscalingGroupName, capacityProviderName }, index) => {
    const nth = index === 0 ? "" : `_${index + 1}`;
    const [running, needed] = [`running${nth}`, `needed${nth}`];
    return {
      running,
      // ECS measures the needed instances in percent of the running ones. It can exceed the size of the group.
      wanted: `MIN([${running}, FILL(${needed}, 0) * ${running} / 100])`,
      queries: [
        measured(running, "AWS/AutoScaling", "GroupInServiceInstances", {
          AutoScalingGroupName: literal(autoscalingGroupName),
        }),
        ...(counted
          ? [reservation(needed, { ...dimensions, CapacityProviderName: literal(capacityProviderName) })]
          : []),
      ],
    };
  });
  const running = compared.map((one) => one.running).join(" + ");
  const idle = counted ? `${compared.map(({ wanted }) => wanted).join(" + ")} - FILL(busy, 0)` : "0";
  return [
    ...compared.flatMap(({ queries }) => queries),
    measured("reserved", "AWS/ECS", "CPUReservation", dimensions),
    ...(counted ? [measured("busy", "ECS/ContainerInsights", "ContainerInstanceCount", dimensions)] : []),
    {
      id: "missing",
      expression: `IF(FILL(reserved, -1) < 0, ${running}, ${idle})`,
      label: "not registered",
      returnData: true,
    },
  ];
}

const reservation = (id: string, dimensions: { [name: string]: string }): Query =>
  measured(id, "AWS/ECS/ManagedScaling", "CapacityProviderReservation", dimensions);

/** Returns a metric for use in an expression. */
function measured(
  id: string,
  namespace: string,
  metricName: string,
  dimensions: { [name: string]: string },
  stat = "Average",
): Query {
  return { id, returnData: false, metric: { namespace, metricName, dimensions, period: FIVE_MINUTES, stat } };
}
