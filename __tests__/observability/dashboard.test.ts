import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { TerraformVariable, Testing } from "cdktf";
import { type Cluster, Dashboard, type DashboardProps } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, type Part, resolved, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

const clusterOf = (hasContainerInsights: boolean) =>
  ({
    clusterName: "prod",
    clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
    nameOnceMade: "prod",
    logGroupName: "/ecs/prod",
    hasContainerInsights,
  }) as Cluster;
const PROPS: DashboardProps = {
  name: "prod",
  region: "eu-west-1",
  cluster: clusterOf(true),
  capacityProvider: { autoscalingGroupName: "prod-instances" },
  loadBalancer: { arnSuffix: "app/prod-alb/0a1b" },
};

const synthesize = (props: Partial<DashboardProps> = {}): string =>
  Testing.synthScope((stack) => {
    new Dashboard(stack, "dashboard", { ...PROPS, ...props });
  });

/** Returns the dashboard's body: a Terraform expression that encodes JSON. */
function bodyOf(props: Partial<DashboardProps> = {}): string {
  const stack = emptyStack();
  new Dashboard(stack, "dashboard", { ...PROPS, ...props });
  return String(resource(synthesized(stack), "aws_cloudwatch_dashboard.dashboard").dashboard_body);
}

const titles = (body: string) => [...body.matchAll(/"title" = "([^"]*)"/g)].map(([, title]) => title);

describe("Dashboard", () => {
  it("shows the cluster, its capacity, the requests and each service, from top to bottom", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(CloudwatchDashboard, {
      dashboard_name: "prod-cluster",
      dashboard_body: expect.stringMatching(/^\$\{jsonencode\(/),
    });
    expect(resourceCounts(json)).toEqual({ aws_cloudwatch_dashboard: 1 });
    const body = bodyOf();
    expect(titles(body)).toEqual([
      "CPU and memory that tasks reserve and use",
      "Instances",
      "Reservation of each capacity provider. Above 100 %, ECS starts instances",
      "Requests",
      "Response time of containers",
      "Errors",
      "CPU of each service",
      "Memory of each service",
      "Running tasks of each service",
      "Unhealthy targets of each service",
    ]);
    for (const part of [
      ...["CPUReservation", "MemoryReservation", "GroupInServiceInstances", "ContainerInstanceCount"],
      ...["{AWS/ECS/ManagedScaling,ClusterName,CapacityProviderName}", "TargetResponseTime", "HTTPCode_ELB_5XX_Count"],
      ...["{AWS/ECS,ClusterName,ServiceName}", "RunningTaskCount", "{AWS/ApplicationELB,LoadBalancer,TargetGroup}"],
      "npx ecs-default-vpc doctor --cluster prod --region eu-west-1",
    ]) {
      expect(body).toContain(part);
    }
  });

  it("exposes its name", () => {
    const stack = emptyStack();
    const { dashboardName } = new Dashboard(stack, "dashboard", PROPS);
    expect(resolved(stack, dashboardName)).toBe("${aws_cloudwatch_dashboard.dashboard.dashboard_name}");
  });

  it("labels the group of each capacity provider with its name when there are several", () => {
    const inService = (body: string) =>
      [...body.matchAll(/"GroupInServiceInstances"[^\]]*"label" = "([^"]*)"/g)].map(([, label]) => label);
    expect(inService(bodyOf())).toEqual(["in service"]);
    expect(inService(bodyOf({ otherCapacityProviders: [{ autoscalingGroupName: "prod-arm-instances" }] }))).toEqual([
      "in service: prod-instances",
      "in service: prod-arm-instances",
    ]);
  });

  it("labels each line of a search with the dimension", () => {
    const searched = [...bodyOf().matchAll(/"expression" = "SEARCH\('\{([^}]*)\}.*?"label" = "([^"]*)"/g)];
    // The doubled dollar sign leaves the label to CloudWatch instead of Terraform.
    expect(searched.map(([, schema = "", label]) => [schema.split(",").at(-1), label])).toEqual(
      ["CapacityProviderName", "ServiceName", "ServiceName", "ServiceName", "TargetGroup"].map((dimension) => [
        dimension,
        `$\${PROP('Dim.${dimension}')}`,
      ]),
    );
  });

  it("cuts no service off at 100 %, because services without a limit can exceed it", () => {
    const axes = [...bodyOf().matchAll(/"title" = "([^"]*)".*?"yAxis" = \{ "left" = \{([^}]*)\}/g)];
    expect(axes.filter(([, , axis]) => axis?.includes('"max"')).map(([, title]) => title)).toEqual([
      "CPU and memory that tasks reserve and use",
    ]);
  });

  it("leaves out graphs and lines of Container Insights when it is off", () => {
    const body = bodyOf({ cluster: clusterOf(false) });
    expect(body).not.toMatch(/ContainerInsights|with tasks|Running tasks/);
    expect(body).toContain("GroupInServiceInstances");
  });

  it("leaves out requests and targets without a load balancer", () => {
    expect(bodyOf()).toContain("ApplicationELB");
    expect(bodyOf({ loadBalancer: undefined })).not.toContain("ApplicationELB");
  });

  it("accepts tokens for values that only Terraform knows", () => {
    const json = Testing.synthScope((stack) => {
      const [name, region] = ["name", "region"].map((id) => new TerraformVariable(stack, id, {}).stringValue);
      new Dashboard(stack, "dashboard", { ...PROPS, name: name ?? "", region: region ?? "" });
    });
    expect(json).toHaveResourceWithProperties(CloudwatchDashboard, {
      dashboard_name: "${var.name}-cluster",
      dashboard_body: expect.stringContaining('"region" = var.region'),
    });
  });

  it.each<[string, object, string]>([
    [
      "a name that is too short",
      { name: "a" },
      'name must be 3 to 24 characters long; received "a". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
    ],
    [
      "a zone in place of a region",
      { region: "eu-west-1a" },
      'region must be the code of an AWS region; received "eu-west-1a". Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.',
    ],
    [
      "a capacity provider by its name",
      { capacityProvider: "main" },
      'capacityProvider must be a capacity provider; received "main". Use an AsgCapacityProvider.',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props))).toEqual([message]);
  });
});

describe("the dashboard of an EcsClusterStack", () => {
  it("shows the stack's cluster and groups, which publish their metrics, and creates no alarm", () => {
    const json = Testing.synth(clusterStack({ dashboard: true, capacityProviders: { main: {}, arm: {} } }), true);
    expect(json).toHaveResourceWithProperties(CloudwatchDashboard, {
      dashboard_name: "${var.name}-cluster",
      dashboard_body: expect.stringMatching(
        /aws_ecs_cluster\.cluster\.name.*aws_autoscaling_group\.arm_capacity\.name/,
      ),
    });
    const groups = Object.values(JSON.parse(json).resource.aws_autoscaling_group as Record<string, Part>);
    expect(groups.map(({ enabled_metrics }) => enabled_metrics)).toEqual(
      Array(2).fill(["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize"]),
    );
    expect(resourceCounts(json)).not.toHaveProperty("aws_cloudwatch_metric_alarm");
  });

  it("shows no requests without a load balancer", () => {
    const json = Testing.synth(clusterStack({ dashboard: true, loadBalancer: false }), true);
    expect(json).not.toContain("ApplicationELB");
  });

  it("does not exist by default", () => {
    expect(resourceCounts(Testing.synth(clusterStack(), true))).not.toHaveProperty("aws_cloudwatch_dashboard");
  });
});
