import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { type Cluster, clusterField } from "../cluster/cluster";
import {
  type ApplicationLoadBalancer,
  applicationLoadBalancerField,
} from "../load-balancing/application-load-balancer";
import { type NetworkLoadBalancer, networkLoadBalancerField } from "../load-balancing/network-load-balancer";
import { hcl } from "../terraform/expression";
import { clusterNameRules, regionRule } from "../validation/aws-rules";
import { interfaceOf, list, map, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";
import type { WatchedCapacity } from "./alarms";
import type { EventArchive } from "./event-archive";

const shownGroupField = interfaceOf<Pick<WatchedCapacity, "autoscalingGroupName">>(
  "a capacity provider",
  "Use an AsgCapacityProvider.",
)({
  autoscalingGroupName: string(),
});

const eventArchiveField = interfaceOf<Pick<EventArchive, "logGroupName" | "query">>(
  "an archive of events",
  "Use an EventArchive.",
)({
  logGroupName: string(),
  query: string(),
});

/** The dashboard of a cluster. */
export interface DashboardProps {
  /** The start of the dashboard's name, which is `<name>-cluster`. */
  readonly name: string;
  /** The region of the metrics. */
  readonly region: string;
  /** The cluster. */
  readonly cluster: Cluster;
  /** The capacity provider of the cluster. Set its `groupMetrics`. */
  readonly capacityProvider: Pick<WatchedCapacity, "autoscalingGroupName">;
  /** Other capacity providers of the cluster. @default - none */
  readonly otherCapacityProviders?: readonly Pick<WatchedCapacity, "autoscalingGroupName">[];
  /** The load balancer. @default - none, and no graphs of requests and targets */
  readonly loadBalancer?: Pick<ApplicationLoadBalancer, "arnSuffix">;
  /** Other load balancers of the cluster, by name. @default - none */
  readonly loadBalancers?: Readonly<Record<string, Pick<ApplicationLoadBalancer, "arnSuffix">>>;
  /** Network Load Balancers of the cluster, by name. @default - none */
  readonly networkLoadBalancers?: Readonly<Record<string, Pick<NetworkLoadBalancer, "arnSuffix">>>;
  /** The archive of the cluster's events. @default - none, and no table of stopped tasks */
  readonly eventArchive?: Pick<EventArchive, "logGroupName" | "query">;
}

export const dashboardPropsSchema = schemaOf<DashboardProps>()({
  name: string(...clusterNameRules),
  region: string(regionRule),
  cluster: clusterField,
  capacityProvider: shownGroupField,
  otherCapacityProviders: list(shownGroupField).default([]),
  loadBalancer: applicationLoadBalancerField.optional(),
  loadBalancers: map(applicationLoadBalancerField).default({}),
  networkLoadBalancers: map(networkLoadBalancerField).default({}),
  eventArchive: eventArchiveField.optional(),
});

/** A graph without its position. */
interface Graph {
  readonly title: string;
  readonly metrics: readonly unknown[];
  /** The unit of the axis. @default - the unit of the metrics */
  readonly label?: string;
  readonly percent?: boolean;
  readonly stat?: string;
}

/** The namespaces of the metrics of load balancers. */
const APPLICATION = "AWS/ApplicationELB";
const NETWORK = "AWS/NetworkELB";
/** A table of the results of a query of CloudWatch Logs Insights. */
interface Table {
  readonly title: string;
  readonly query: string;
}

/** A dashboard is 24 units wide, so three graphs fit in a row. */
const WIDTH = 8;
const HEIGHT = 6;

/**
 * A CloudWatch dashboard of the cluster, its capacity, the requests and each service, from top to bottom. It searches for
 * capacity providers, services and target groups when you open it, so it also shows new ones and those of other stacks.
 */
export class Dashboard extends Construct {
  /** The dashboard's name. */
  readonly dashboardName: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const settings = validate(this, dashboardPropsSchema, props);
    const {
      name,
      region,
      cluster,
      capacityProvider,
      otherCapacityProviders,
      loadBalancer,
      loadBalancers,
      eventArchive,
    } = settings;
    const others = Object.entries(loadBalancers);
    const network = Object.entries(settings.networkLoadBalancers);
    const { clusterName } = cluster;
    const rows: Row[] = [
      `# ECS cluster ${clusterName}\nFrom top to bottom: the cluster and its instances, the requests, and the services. To find the cause of a problem, run \`npx ecs-default-vpc doctor --cluster ${clusterName} --region ${region}\`.`,
      clusterRow(
        cluster,
        [capacityProvider, ...otherCapacityProviders].map(({ autoscalingGroupName }) => autoscalingGroupName),
      ),
      ...(loadBalancer ? ["## Requests", requestRow(loadBalancer.arnSuffix)] : []),
      ...others.flatMap(([balancer, { arnSuffix }]) => [`## Requests of ${balancer}`, requestRow(arnSuffix)]),
      ...network.flatMap(([balancer, { arnSuffix }]) => [`## Connections of ${balancer}`, connectionRow(arnSuffix)]),
      "## Services",
      serviceRow(cluster, [
        ...(loadBalancer ? [["Unhealthy targets of each service", loadBalancer.arnSuffix, APPLICATION] as const] : []),
        ...others.map(([balancer, one]) => [`Unhealthy targets of ${balancer}`, one.arnSuffix, APPLICATION] as const),
        ...network.map(([balancer, one]) => [`Unhealthy targets of ${balancer}`, one.arnSuffix, NETWORK] as const),
      ]),
      ...(eventArchive ? [eventTable(eventArchive)] : []),
    ];
    const dashboard = new CloudwatchDashboard(this, "resource", {
      dashboardName: `${name}-cluster`,
      dashboardBody: hcl`jsonencode(${{ widgets: placed(rows, region) }})`.string,
    });
    this.node.defaultChild = dashboard;
    this.dashboardName = dashboard.dashboardName;
  }
}

/** A text, graphs in a row, or a table. */
type Row = string | readonly Graph[] | Table;

const eventTable = ({ logGroupName, query }: Pick<EventArchive, "logGroupName" | "query">): Table => ({
  title: "Why tasks stopped, and what services and deployments report",
  query: `SOURCE '${logGroupName}' | ${query}`,
});

function clusterRow({ clusterName, hasContainerInsights }: Cluster, groups: readonly string[]): Graph[] {
  const ofCluster = (metric: string, label: string) => ["AWS/ECS", metric, "ClusterName", clusterName, { label }];
  // With several groups, each label has the name of its group.
  const ofGroups = (metric: string, label: string) =>
    groups.map((group) => [
      ...["AWS/AutoScaling", metric, "AutoScalingGroupName", group],
      { label: groups.length > 1 ? `${label}: ${group}` : label },
    ]);
  // Container Insights counts instances with tasks. Without it, an empty line would look like zero.
  const busy = ["ECS/ContainerInsights", "ContainerInstanceCount", "ClusterName", clusterName, { label: "with tasks" }];
  return [
    {
      title: "CPU and memory that tasks reserve and use",
      percent: true,
      metrics: [
        ofCluster("CPUReservation", "CPU reserved"),
        ofCluster("MemoryReservation", "memory reserved"),
        ofCluster("CPUUtilization", "CPU used"),
        ofCluster("MemoryUtilization", "memory used"),
      ],
    },
    {
      title: "Instances",
      label: "instances",
      metrics: [
        ...ofGroups("GroupMaxSize", "max_size"),
        ...ofGroups("GroupDesiredCapacity", "desired"),
        ...ofGroups("GroupInServiceInstances", "in service"),
        ...(hasContainerInsights ? [busy] : []),
      ],
    },
    {
      title: "Reservation of each capacity provider. Above 100 %, ECS starts instances",
      label: "percent",
      metrics: [search("AWS/ECS/ManagedScaling", "CapacityProviderName", "CapacityProviderReservation", clusterName)],
    },
  ];
}

function requestRow(balancer: string): Graph[] {
  const ofBalancer = (metric: string, label: string, stat: string) => [
    ...[APPLICATION, metric, "LoadBalancer", balancer],
    { label, stat },
  ];
  return [
    { title: "Requests", label: "per minute", metrics: [ofBalancer("RequestCount", "requests", "Sum")] },
    {
      title: "Response time of containers",
      label: "seconds",
      metrics: [ofBalancer("TargetResponseTime", "p50", "p50"), ofBalancer("TargetResponseTime", "p99", "p99")],
    },
    {
      title: "Errors",
      label: "per minute",
      metrics: [
        ofBalancer("HTTPCode_ELB_5XX_Count", "5xx of the load balancer", "Sum"),
        ofBalancer("HTTPCode_Target_5XX_Count", "5xx of containers", "Sum"),
        ofBalancer("HTTPCode_Target_4XX_Count", "4xx of containers", "Sum"),
      ],
    },
  ];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html */
function connectionRow(balancer: string): Graph[] {
  const ofBalancer = (metric: string, label: string, stat: string) => [
    ...[NETWORK, metric, "LoadBalancer", balancer],
    { label, stat },
  ];
  return [
    {
      title: "Connections and UDP flows",
      label: "connections",
      metrics: [
        ofBalancer("ActiveFlowCount", "active", "Average"),
        ofBalancer("NewFlowCount", "new per minute", "Sum"),
      ],
    },
    { title: "Traffic", label: "bytes per minute", metrics: [ofBalancer("ProcessedBytes", "bytes", "Sum")] },
    {
      title: "Errors",
      label: "per minute",
      metrics: [
        ofBalancer("TCP_ELB_Reset_Count", "resets of the load balancer", "Sum"),
        ofBalancer("TCP_Target_Reset_Count", "resets of containers", "Sum"),
        ofBalancer("SecurityGroupBlockedFlowCount_Inbound", "blocked by the security group", "Sum"),
      ],
    },
  ];
}

function serviceRow(
  { clusterName, hasContainerInsights }: Cluster,
  balancers: readonly (readonly [title: string, arnSuffix: string, namespace: string])[],
): Graph[] {
  const each = (namespace: string, metric: string) => [search(namespace, "ServiceName", metric, clusterName)];
  const insights = "ECS/ContainerInsights";
  return [
    // Percent of the reservation in the task definition. A container without a limit can exceed 100 %.
    { title: "CPU of each service", label: "percent", metrics: each("AWS/ECS", "CPUUtilization") },
    { title: "Memory of each service", label: "percent", metrics: each("AWS/ECS", "MemoryUtilization") },
    ...(hasContainerInsights
      ? [{ title: "Running tasks of each service", label: "tasks", metrics: each(insights, "RunningTaskCount") }]
      : []),
    ...balancers.map(([title, balancer, namespace]) => ({
      title,
      label: "targets",
      metrics: [
        found(
          `{${namespace},LoadBalancer,TargetGroup} LoadBalancer="${balancer}" MetricName="UnHealthyHostCount"`,
          "Maximum",
          "TargetGroup",
        ),
      ],
    })),
  ];
}

/** Returns a search for the metrics of a cluster, with one line for each value of the dimension. */
const search = (namespace: string, dimension: string, metric: string, clusterName: string) =>
  found(
    `{${namespace},ClusterName,${dimension}} ClusterName="${clusterName}" MetricName="${metric}"`,
    "Average",
    dimension,
  );

/**
 * Returns a search whose lines are labelled with the dimension only, because a legend has no room for namespace, metric
 * and cluster.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
const found = (query: string, stat: string, dimension: string) => [
  { expression: `SEARCH('${query}', '${stat}', 60)`, label: `\${PROP('Dim.${dimension}')}` },
];

/** Returns the widgets of rows from top to bottom. A text and a table have the full width, and graphs share a row. */
function placed(rows: readonly Row[], region: string): object[] {
  const widgets: object[] = [];
  let y = 0;
  for (const row of rows) {
    if (typeof row === "string") {
      const height = row.startsWith("# ") ? 2 : 1;
      widgets.push({ type: "text", x: 0, y, width: 24, height, properties: { markdown: row } });
      y += height;
      continue;
    }
    if ("query" in row) {
      widgets.push({ type: "log", x: 0, y, width: 24, height: HEIGHT, properties: { ...row, region, view: "table" } });
      y += HEIGHT;
      continue;
    }
    row.forEach((graph, index) => {
      const place = { x: (index % 3) * WIDTH, y: y + Math.floor(index / 3) * HEIGHT, width: WIDTH, height: HEIGHT };
      widgets.push({ type: "metric", ...place, properties: properties(graph, region) });
    });
    y += Math.ceil(row.length / 3) * HEIGHT;
  }
  return widgets;
}

function properties({ title, metrics, label, percent = false, stat = "Average" }: Graph, region: string): object {
  const axis = percent ? { min: 0, max: 100, label: "percent", showUnits: false } : { min: 0, label, showUnits: false };
  return { title, metrics, region, stat, view: "timeSeries", period: 60, yAxis: { left: axis } };
}
