import { clusterStack } from "../support/cluster";
import { at, data, type Part, resource, synthesized } from "../support/synthesized";

const settings = { privateSubnets: true, loadBalancer: { https: true, redirectHttp: false } } as const;

describe("privateSubnets", () => {
  const json: Part = synthesized(clusterStack(settings));

  it("asks for no public address", () => {
    expect(at(resource(json, "aws_launch_template.launch_template"), "network_interfaces", 0)).toMatchObject({
      associate_public_ip_address: "false",
    });
  });

  it("puts the instances there and leaves the load balancer where it was", () => {
    expect(resource(json, "aws_autoscaling_group.capacity").vpc_zone_identifier).toContain(
      "data.aws_subnet.vpc_private_subnet",
    );
    expect(resource(json, "aws_lb.load_balancer").subnets).toBe("${sort(keys(data.aws_subnet.vpc_subnet))}");
    expect(data(json, "aws_subnets.vpc_private_subnets")).toMatchObject({
      filter: [{ name: "vpc-id" }, { name: "subnet-id", values: "${var.private_subnet_ids}" }],
    });
  });

  it("connects by SSH to the private address", () => {
    expect(at(json, "output", "ssh_command", "value")).toContain("PrivateIpAddress");
    expect(JSON.stringify(json)).not.toContain("PublicIpAddress");
  });

  it("gives the instances a public address by default, since a default subnet's own flag may be off", () => {
    const template = resource(synthesized(clusterStack()), "aws_launch_template.launch_template");
    expect(at(template, "network_interfaces", 0)).toMatchObject({ associate_public_ip_address: "true" });
  });
});

describe("redirectHttp", () => {
  it("off leaves port 80 closed and without a listener", () => {
    const json = synthesized(clusterStack(settings));
    expect(Object.keys(at(json, "resource", "aws_lb_listener") as Part)).toEqual(["load_balancer_https"]);
    const rules = at(json, "resource", "aws_vpc_security_group_ingress_rule") as Record<string, Part>;
    expect(Object.values(rules).filter((rule) => rule.from_port === 80)).toEqual([]);
  });

  it("is on by default with HTTPS", () => {
    const json = synthesized(clusterStack({ loadBalancer: { https: true } }));
    expect(at(resource(json, "aws_lb_listener.load_balancer_http"), "default_action", 0, "type")).toBe("redirect");
  });
});
