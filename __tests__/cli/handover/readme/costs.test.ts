import { readme } from "../../../../cli/handover/readme";
import { costsOf } from "../../../../cli/handover/readme/costs";
import { readStack } from "../../../../cli/handover/stack";
import type { Json, JsonObject } from "../../../../cli/handover/terraform-json/configuration";
import { stackJson } from "../../../support/handover";

type Resources = Record<string, Record<string, Record<string, unknown>>>;

/** Returns the items of the bill after a change of the default app. */
function items(change: (resource: Resources, variable: Record<string, JsonObject>) => void = () => {}): string[] {
  const json = JSON.parse(JSON.stringify(stackJson("ecs")));
  change(json.resource, json.variable);
  return costsOf(readStack(json as Json, { name: "ecs" })).map(({ item }) => item);
}

describe("the costs of a hand-over", () => {
  it("are those that AWS charges while the stack exists, and then those by use", () => {
    const text = readme(readStack(stackJson("jobs") as Json, { name: "jobs" })).split("\n## Costs\n")[1] as string;
    const [, fixed = "", byUse = ""] = text.split(/^AWS charges these .*:$/m);
    expect(fixed).toContain("| EC2 instances |");
    expect(fixed).not.toContain("| Logs |");
    expect(byUse).toContain("| Logs |");
    expect(byUse).not.toContain("| Alarms |");
  });

  it.each<[string, (template: Record<string, unknown>, all: Resources) => unknown]>([
    [
      "Detailed monitoring of the instances",
      (template) => Object.assign(template, { monitoring: { enabled: "true" } }),
    ],
    [
      "Faster EBS volumes of the instances",
      (template) => Object.assign(template, { block_device_mappings: [{ ebs: { iops: 6000 } }] }),
    ],
    [
      "Warm pool",
      (_, { aws_autoscaling_group: groups }) =>
        Object.assign(groups?.capacity as object, { warm_pool: { min_size: 1 } }),
    ],
    [
      "Reserved capacity of the load balancer",
      (_, { aws_lb: balancers }) =>
        Object.assign(balancers?.load_balancer as object, { minimum_load_balancer_capacity: { capacity_units: 100 } }),
    ],
    [
      "Logs of the load balancer in S3",
      (_, { aws_lb: balancers }) =>
        Object.assign(balancers?.load_balancer as object, { access_logs: { bucket: "logs" } }),
    ],
    [
      "VPC endpoints",
      (_, all) =>
        Object.assign(all, { aws_vpc_endpoint: { ecr: { vpc_endpoint_type: "Interface", service_name: "ecr" } } }),
    ],
  ])("have %s only with the argument that causes it", (item, change) => {
    expect(items()).not.toContain(item);
    expect(items((all) => change(all.aws_launch_template?.launch_template ?? {}, all))).toContain(item);
  });

  it("have CPU credits for burstable types that use them", () => {
    const item = "CPU credits of burstable instances";
    const types = (...value: string[]) =>
      items((_, { instance_types: variable }) => Object.assign(variable ?? {}, { default: value }));
    expect(
      [types("t3.small"), types("t4g.small"), types("t2.micro"), types("m7g.large")].map((all) => all.includes(item)),
    ).toEqual([...[true, true, false, false]]);
    const standard = items((all) =>
      Object.assign(all.aws_launch_template?.launch_template ?? {}, {
        credit_specification: { cpu_credits: "standard" },
      }),
    );
    expect(standard).not.toContain(item);
  });

  it("have the logs of Container Insights, unless it is disabled", () => {
    expect(items()).toContain("Logs of Container Insights");
    const disabled = items((all) =>
      Object.assign(all.aws_ecs_cluster?.cluster ?? {}, {
        setting: [{ name: "containerInsights", value: "disabled" }],
      }),
    );
    expect(disabled).not.toContain("Logs of Container Insights");
  });

  it("have the NAT gateway of the VPC for private instances", () => {
    const costs = (name: string) => readme(readStack(stackJson(name) as Json, { name })).split("\n## Costs\n")[1];
    expect(costs("hardened")).toContain("their traffic passes a NAT gateway or VPC endpoints");
    expect(costs("ecs")?.split("\n## ")[0]).not.toContain("NAT gateway");
  });
});
