import { Dashboard } from "../../src";
import { clusterStack } from "../support/cluster";
import { count, emptyStack, mistakesOf, resource, synthesized } from "../support/synthesized";

describe("Dashboard", () => {
  it("is one, with the cluster, each capacity provider, the requests and each service", () => {
    const json = synthesized(clusterStack({ dashboard: true }));
    expect(count(json, "aws_cloudwatch_dashboard")).toBe(1);
    const { dashboard_name, dashboard_body } = resource(json, "aws_cloudwatch_dashboard.dashboard");
    expect(dashboard_name).toBe("${var.name}-cluster");
    for (const part of [
      ...["CPUReservation", "MemoryReservation", "GroupInServiceInstances", "ContainerInstanceCount"],
      ...["{AWS/ECS/ManagedScaling,ClusterName,CapacityProviderName}", "TargetResponseTime", "HTTPCode_ELB_5XX_Count"],
      ...["{AWS/ECS,ClusterName,ServiceName}", "RunningTaskCount", "{AWS/ApplicationELB,LoadBalancer,TargetGroup}"],
    ]) {
      expect(dashboard_body).toContain(part);
    }
  });

  it("tells the groups of several capacities apart", () => {
    const body = (settings: object) =>
      String(
        resource(synthesized(clusterStack({ dashboard: true, ...settings })), "aws_cloudwatch_dashboard.dashboard")
          .dashboard_body,
      );
    const groups = (text: string) =>
      [...text.matchAll(/"GroupInServiceInstances"[^\]]*label[^\]]*/g)].map(([one]) => one);
    expect(groups(body({}))).toEqual([expect.stringMatching(/"in service"/)]);
    const two = body({ capacityProviders: { main: {}, arm: {} } });
    expect(groups(two)).toEqual([expect.stringMatching(/"in service: /), expect.stringMatching(/"in service: /)]);
    expect(two).toContain("aws_autoscaling_group.arm_capacity.name");
  });

  it("calls each line that it searches for by its name", () => {
    const body = String(
      resource(synthesized(clusterStack({ dashboard: true })), "aws_cloudwatch_dashboard.dashboard").dashboard_body,
    );
    const searched = [...body.matchAll(/"expression" = "SEARCH\('\{([^}]*)\}.*?"label" = "([^"]*)"/g)];
    // The dollar is doubled, so that it is CloudWatch and not Terraform that fills the name in.
    expect(searched.map(([, schema = "", label]) => [schema.split(",").at(-1), label])).toEqual(
      ["CapacityProviderName", "ServiceName", "ServiceName", "ServiceName", "TargetGroup"].map((dimension) => [
        dimension,
        `$\${PROP('Dim.${dimension}')}`,
      ]),
    );
  });

  it("cuts no service off at 100 %, which those without a limit may pass", () => {
    const json = synthesized(clusterStack({ dashboard: true }));
    const body = String(resource(json, "aws_cloudwatch_dashboard.dashboard").dashboard_body);
    const axes = [...body.matchAll(/"title" = "([^"]*)".*?"yAxis" = \{ "left" = \{([^}]*)\}/g)];
    const cut = axes.filter(([, , axis]) => axis?.includes('"max"')).map(([, title]) => title);
    expect(cut).toEqual(["What tasks keep for themselves, and use"]);
  });

  it("has no graph and no line that only Container Insights could fill, where that is off", () => {
    const json = synthesized(clusterStack({ dashboard: true, containerInsights: "disabled" }));
    const body = String(resource(json, "aws_cloudwatch_dashboard.dashboard").dashboard_body);
    expect(body).not.toMatch(/ContainerInsights|with tasks|run tasks|Running tasks/);
    expect(body).toContain("GroupInServiceInstances");
  });

  it("leaves requests and targets out where there is no load balancer", () => {
    const json = synthesized(clusterStack({ dashboard: true, loadBalancer: false }));
    expect(resource(json, "aws_cloudwatch_dashboard.dashboard").dashboard_body).not.toContain("ApplicationELB");
  });

  it("has the group publish its sizes, and brings no alarm", () => {
    const json = synthesized(clusterStack({ dashboard: true }));
    expect(resource(json, "aws_autoscaling_group.capacity").enabled_metrics).toHaveLength(3);
    expect(count(json, "aws_cloudwatch_metric_alarm")).toBe(0);
  });

  it("is not there by default", () => {
    expect(count(synthesized(clusterStack()), "aws_cloudwatch_dashboard")).toBe(0);
  });

  it("refuses a name and a region that can't be", () => {
    const { cluster, capacityProvider } = clusterStack();
    const props = { cluster, capacityProvider, name: "a", region: "eu-west-1a" };
    expect(mistakesOf(() => new Dashboard(emptyStack(), "own", props)).map((text) => text.split(" must")[0])).toEqual([
      "name",
      "region",
    ]);
  });
});
