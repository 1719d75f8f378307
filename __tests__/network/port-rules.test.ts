import type { PortRulesProps } from "../../src";
import { Parts } from "../support/parts";
import { emptyStack, mistakesOf, ofType, type Part, resource, synthesized } from "../support/synthesized";

function rules(props: Partial<PortRulesProps> = {}): Part {
  const stack = emptyStack();
  void new Parts(stack, { rules: { sshCidrs: ["203.0.113.0/24"], httpCidrs: ["0.0.0.0/0"], ...props } }).portRules;
  return synthesized(stack);
}

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const INSTANCES = "${aws_security_group.ports_instances.id}";
const BALANCER = "${aws_security_group.ports_load_balancer.id}";

describe("PortRules", () => {
  it("opens the dynamic ports to the load balancer's group alone", () => {
    const open = Object.values(ofType(rules(), INGRESS)).filter(
      (rule) => rule.security_group_id === INSTANCES && rule.from_port !== 22,
    );
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({
      referenced_security_group_id: BALANCER,
      ip_protocol: "tcp",
      from_port: 40000,
      to_port: 50000,
    });
    expect(open[0]).not.toHaveProperty("cidr_ipv4");
    expect(open[0]).not.toHaveProperty("cidr_ipv6");
  });

  it("lets the load balancer out to the same ports of the instances and nowhere else", () => {
    const out = Object.values(ofType(rules(), EGRESS)).filter((rule) => rule.security_group_id === BALANCER);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatchObject({ referenced_security_group_id: INSTANCES, from_port: 40000, to_port: 50000 });
  });

  it("admits SSH from the named networks alone, IPv4 and IPv6, one rule each", () => {
    expect(resource(rules({ sshCidrs: ["203.0.113.0/24", "2001:db8::/48"] }), `${INGRESS}.ports_ssh`)).toMatchObject({
      for_each: '${toset([for cidr in ["203.0.113.0/24", "2001:db8::/48"] : cidrsubnet(cidr, 0, 0)])}',
      security_group_id: INSTANCES,
      ip_protocol: "tcp",
      from_port: 22,
      to_port: 22,
      cidr_ipv4: '${strcontains(each.value, ":") ? null : each.value}',
      cidr_ipv6: '${strcontains(each.value, ":") ? each.value : null}',
    });
  });

  it("has no SSH rule where there is no SSH", () => {
    expect(Object.keys(ofType(rules({ sshCidrs: undefined }), INGRESS)).sort()).toEqual([
      "ports_http",
      "ports_instances_from_load_balancer",
    ]);
  });

  it("admits HTTP to the load balancer, and HTTPS where it is served", () => {
    const http = rules({ https: true });
    expect(resource(http, `${INGRESS}.ports_http`)).toMatchObject({
      security_group_id: BALANCER,
      from_port: 80,
      to_port: 80,
    });
    expect(resource(http, `${INGRESS}.ports_https`)).toMatchObject({
      security_group_id: BALANCER,
      from_port: 443,
      to_port: 443,
    });
    expect(ofType(rules(), INGRESS)).not.toHaveProperty("ports_https");
  });

  it("makes no group and opens no port for a load balancer that isn't there", () => {
    const json = rules({ httpCidrs: undefined });
    expect(Object.keys(ofType(json, "aws_security_group"))).toEqual(["ports_instances"]);
    expect(Object.keys(ofType(json, INGRESS))).toEqual(["ports_ssh"]);
  });

  it("declares that instances may reach everything, which Terraform would otherwise take away", () => {
    const out = Object.values(ofType(rules(), EGRESS)).filter((rule) => rule.security_group_id === INSTANCES);
    expect(out.map(({ ip_protocol, cidr_ipv4, cidr_ipv6 }) => [ip_protocol, cidr_ipv4 ?? cidr_ipv6])).toEqual([
      ["-1", "0.0.0.0/0"],
      ["-1", "::/0"],
    ]);
  });

  it("has each rule as a resource of its own, never inside a group", () => {
    for (const group of Object.values(ofType(rules(), "aws_security_group"))) {
      expect(group).not.toHaveProperty("ingress");
      expect(group).not.toHaveProperty("egress");
      expect(group).toMatchObject({
        vpc_id: "${one(data.aws_vpcs.vpc.ids)}",
        lifecycle: { create_before_destroy: true },
      });
    }
  });

  it("says in a description what every group and rule is for", () => {
    const json = rules({ https: true });
    const all = ["aws_security_group", INGRESS, EGRESS].flatMap((type) => Object.values(ofType(json, type)));
    expect(all).toHaveLength(9);
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    for (const { description } of all) expect(description).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{10,255}$/);
  });

  it.each(["0.0.0.0/0", "::/0", "1.2.3.4/0", "0:0::/0", "0.0.0.0/00", "::/00"])(
    "refuses the whole internet for SSH, however it is written: %s",
    (cidr) => {
      expect(mistakesOf(() => rules({ sshCidrs: ["10.0.0.0/8", cidr] }))).toContain(
        `sshCidrs must not be the whole internet; received ["${cidr}"]. Name the networks that may connect, such as your office's address with /32, or use Session Manager, which needs no open port.`,
      );
    },
  );

  it.each(["10.0.0.1/8", "2001:db8::1/32"])("refuses host bits: %s", (cidr) => {
    expect(mistakesOf(() => rules({ httpCidrs: [cidr] }))).toEqual([
      `httpCidrs must have no host bits set; received ["${cidr}"]. Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").`,
    ]);
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "office", "010.0.0.0/8", "::ffff:10.0.0.0/104", ""])(
    "refuses a CIDR that isn't one: %j",
    (cidr) => {
      expect(mistakesOf(() => rules({ sshCidrs: [cidr] }))).toEqual([
        `sshCidrs must be networks in CIDR notation; received ["${cidr}"]. Write an IPv4 or IPv6 network such as "203.0.113.7/32" or "2001:db8::/48".`,
      ]);
    },
  );
});
