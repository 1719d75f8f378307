import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { TerraformVariable, Testing } from "cdktf";
import { PortRange, PortRules, type PortRulesProps } from "../../src";
import { portRulesField } from "../../src/network/port-rules";
import { schemaOf } from "../../src/validation/schema";
import { validate } from "../../src/validation/validate";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

const VPC_ID = "vpc-0123456789abcdef0";
const base: PortRulesProps = {
  name: "prod",
  vpc: { vpcId: VPC_ID },
  portRange: new PortRange({ from: 40000, to: 50000 }),
  sshCidrs: ["203.0.113.0/24"],
  httpCidrs: ["0.0.0.0/0"],
};

const synthesize = (props: Partial<PortRulesProps> = {}): string =>
  Testing.synthScope((stack) => {
    new PortRules(stack, "ports", { ...base, ...props });
  });

const problems = (props: object) => problemsOf(() => synthesize(props));

const GROUP = "aws_security_group";
const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const INSTANCES = expect.stringMatching(/^\$\{aws_security_group\.ports_instances_\w+\.id\}$/);
const BALANCER = expect.stringMatching(/^\$\{aws_security_group\.ports_load_balancer_\w+\.id\}$/);

type Resource = Readonly<Record<string, unknown>>;
/** Returns all resources of a type, to assert what they do not have. */
const all = (json: string, type: string): Resource[] => Object.values(JSON.parse(json).resource[type]);

describe("PortRules", () => {
  it("opens the dynamic host ports to the load balancer's group only", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: INSTANCES,
      referenced_security_group_id: BALANCER,
      ip_protocol: "tcp",
      from_port: 40000,
      to_port: 50000,
    });
    const dynamic = all(json, INGRESS).filter(({ from_port }) => from_port === 40000);
    expect(dynamic).toHaveLength(1);
    expect(dynamic[0]).not.toHaveProperty("cidr_ipv4");
    expect(dynamic[0]).not.toHaveProperty("cidr_ipv6");
    expect(resourceCounts(json)).toEqual({
      ...{ [GROUP]: 2, [INGRESS]: 3, [EGRESS]: 3 },
      "data.aws_security_groups": 1,
    });
  });

  it.each([
    [{ from: 45000, to: 55000 }, 40000, 55000],
    [{ from: 20000, to: 21000 }, 20000, 50000],
    [{ from: 41000, to: 49000 }, 40000, 50000],
    [{ from: 40000, to: 50000 }, 40000, 50000],
  ])("opens the previous ports %j too, with the same rules", (previous, from, to) => {
    const json = synthesize({ previousPortRange: new PortRange(previous) });
    for (const [rule, group] of [
      [VpcSecurityGroupIngressRule, INSTANCES],
      [VpcSecurityGroupEgressRule, BALANCER],
    ] as const) {
      expect(json).toHaveResourceWithProperties(rule, { security_group_id: group, from_port: from, to_port: to });
    }
    expect(resourceCounts(json)).toEqual(resourceCounts(synthesize()));
  });

  it("reads the VPC of the load balancer's group, and rejects another one", () => {
    const json = JSON.parse(synthesize());
    const [[address, existing]] = Object.entries(json.data.aws_security_groups) as [[string, unknown]];
    expect(existing).toEqual({
      filter: [
        { name: "tag:Name", values: ["prod-load-balancer"] },
        { name: "tag:Purpose", values: ["The load balancer of the ECS cluster"] },
      ],
    });
    const others = `setsubtract(data.aws_security_groups.${address}.vpc_ids, ["${VPC_ID}"])`;
    const [guard] = all(JSON.stringify(json), GROUP).flatMap(
      ({ lifecycle }) => (lifecycle as { precondition?: readonly object[] }).precondition ?? [],
    );
    expect(guard).toEqual({
      condition: `\${length(${others}) == 0}`,
      error_message: `The load balancer of prod is in \${join(", ", ${others})}, and AWS cannot move it to ${VPC_ID}. Use the earlier VPC. To leave it, create a cluster with another name in the new VPC. Or change name too, which replaces this cluster with a gap.`,
    });
    expect(JSON.parse(synthesize({ httpCidrs: undefined })).data).toBeUndefined();
  });

  it("lets the load balancer connect to the same ports of the instances, and nowhere else", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      security_group_id: BALANCER,
      referenced_security_group_id: INSTANCES,
      ip_protocol: "tcp",
      from_port: 40000,
      to_port: 50000,
    });
    const out = all(json, EGRESS).filter(({ security_group_id: id }) => String(id).includes("load_balancer"));
    expect(out).toHaveLength(1);
  });

  it("opens SSH to the given networks, with one rule per IPv4 and IPv6 network", () => {
    const json = synthesize({ sshCidrs: ["203.0.113.0/24", "2001:db8::/48"] });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      for_each: '${toset([for cidr in ["203.0.113.0/24", "2001:db8::/48"] : cidrsubnet(cidr, 0, 0)])}',
      security_group_id: INSTANCES,
      ip_protocol: "tcp",
      from_port: 22,
      to_port: 22,
      cidr_ipv4: '${strcontains(each.value, ":") ? null : each.value}',
      cidr_ipv6: '${strcontains(each.value, ":") ? each.value : null}',
    });
  });

  it("accepts networks from a variable", () => {
    const json = Testing.synthScope((stack) => {
      const variable = new TerraformVariable(stack, "networks", { type: "list(string)" });
      new PortRules(stack, "ports", { ...base, sshCidrs: variable.listValue, httpCidrs: variable.value });
    });
    for (const port of [22, 80]) {
      expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
        for_each: "${toset([for cidr in var.networks : cidrsubnet(cidr, 0, 0)])}",
        from_port: port,
      });
    }
  });

  it("creates no SSH rule without sshCidrs", () => {
    const json = synthesize({ sshCidrs: undefined });
    expect(all(json, INGRESS).map(({ from_port }) => from_port)).toEqual([80, 40000]);
  });

  it("opens port 80 of the load balancer, and port 443 with https", () => {
    const json = synthesize({ https: true });
    for (const port of [80, 443]) {
      expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
        for_each: '${toset([for cidr in ["0.0.0.0/0"] : cidrsubnet(cidr, 0, 0)])}',
        security_group_id: BALANCER,
        from_port: port,
        to_port: port,
      });
    }
    const ports = (props: Partial<PortRulesProps>) => all(synthesize(props), INGRESS).map(({ from_port }) => from_port);
    expect(ports({})).not.toContain(443);
    expect(ports({ http: false, https: true })).not.toContain(80);
  });

  it("opens more ports of the load balancer, one rule per network and port", () => {
    const json = synthesize({ listenerPorts: { admin: 8443 } });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      for_each: '${toset([for cidr in ["0.0.0.0/0"] : cidrsubnet(cidr, 0, 0)])}',
      security_group_id: BALANCER,
      from_port: 8443,
      to_port: 8443,
      description: "Port 8443 of the load balancer",
    });
    expect(all(json, INGRESS)).toHaveLength(4);
    const { admits } = new PortRules(emptyStack(), "ports", { ...base, listenerPorts: { admin: 8443 } });
    expect(admits.listenerPorts).toEqual([8443]);
  });

  it("admits IPv6 networks to a load balancer with dualStack", () => {
    expect(problems({ httpCidrs: ["0.0.0.0/0", "::/0"], dualStack: true })).toEqual([]);
  });

  it("returns the ports that it opens", () => {
    const admits = (props: Partial<PortRulesProps>) =>
      new PortRules(emptyStack(), "ports", { ...base, ...props }).admits;
    expect(admits({ https: true })).toEqual({ http: true, https: true, listenerPorts: [], httpsOutbound: false });
    expect(admits({ http: false })).toEqual({ http: false, https: false, listenerPorts: [], httpsOutbound: false });
    expect(admits({ httpCidrs: undefined, https: true })).toEqual({ http: false, https: false, listenerPorts: [] });
  });

  it("creates no group and opens no port for a load balancer without httpCidrs", () => {
    const json = synthesize({ httpCidrs: undefined });
    expect(json).toHaveResourceWithProperties(SecurityGroup, { name_prefix: "prod-instances-" });
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, { from_port: 22 });
    expect(resourceCounts(json)).toEqual({ [GROUP]: 1, [INGRESS]: 1, [EGRESS]: 2 });
  });

  it("lets instances connect to everything, because Terraform removes AWS's default rule", () => {
    const json = synthesize();
    for (const network of [{ cidr_ipv4: "0.0.0.0/0" }, { cidr_ipv6: "::/0" }]) {
      expect(json).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
        security_group_id: INSTANCES,
        ip_protocol: "-1",
        ...network,
      });
    }
  });

  it("creates the groups in the VPC, and creates a replacement before it deletes a group", () => {
    const json = synthesize();
    for (const name_prefix of ["prod-instances-", "prod-load-balancer-"]) {
      expect(json).toHaveResourceWithProperties(SecurityGroup, {
        name_prefix,
        vpc_id: VPC_ID,
        lifecycle: expect.objectContaining({ create_before_destroy: true }),
      });
    }
  });

  it("creates each rule as a resource, never inside a group", () => {
    for (const group of all(synthesize(), GROUP)) {
      expect(group).not.toHaveProperty("ingress");
      expect(group).not.toHaveProperty("egress");
    }
  });

  it("describes every group and rule in characters that AWS accepts", () => {
    const json = synthesize({ https: true });
    const described = [GROUP, INGRESS, EGRESS].flatMap((type) => all(json, type));
    expect(described).toHaveLength(9);
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    for (const { description } of described) {
      expect(description).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{10,255}$/);
    }
  });

  it.each(["0.0.0.0/0", "::/0", "1.2.3.4/0", "0:0::/0", "0.0.0.0/00", "::/00"])(
    "rejects the whole internet for SSH in every spelling: %s",
    (cidr) => {
      expect(problems({ sshCidrs: ["10.0.0.0/8", cidr] })).toContain(
        `sshCidrs must not be the whole internet; received ["${cidr}"]. Name the networks that may connect, such as your office's address with /32, or use Session Manager, which needs no open port.`,
      );
    },
  );

  it("rejects the halves of the internet for SSH, and accepts them for HTTP", () => {
    const halves = ["0.0.0.0/1", "128.0.0.0/1"];
    expect(problems({ sshCidrs: [...halves, "203.0.113.7/32"] })).toEqual([
      'sshCidrs must be /8 or narrower (IPv6: /16 or narrower); received ["0.0.0.0/1", "128.0.0.0/1"]. Two halves add up to the whole internet. Name the networks that may connect, or use Session Manager, which needs no open port.',
    ]);
    expect(problems({ httpCidrs: halves })).toEqual([]);
  });

  it("rejects IPv6 networks for a load balancer that has only IPv4 addresses", () => {
    expect(problemsOf(() => synthesize({ httpCidrs: ["0.0.0.0/0", "::/0"] }))).toEqual([
      'httpCidrs must be IPv4 networks; received ["::/0"]. The load balancer has only IPv4 addresses, so a rule for IPv6 has no effect. Remove these networks, or set dualStack of the load balancer.',
    ]);
  });

  it.each(["10.0.0.1/8", "2001:db8::1/32"])("rejects host bits: %s", (cidr) => {
    expect(problems({ sshCidrs: [cidr] })).toEqual([
      `sshCidrs must have no host bits set; received ["${cidr}"]. Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").`,
    ]);
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "office", "010.0.0.0/8", "::ffff:10.0.0.0/104", ""])(
    "rejects text that is not a network: %j",
    (cidr) => {
      expect(problems({ sshCidrs: [cidr] })).toEqual([
        `sshCidrs must be networks in CIDR notation; received ["${cidr}"]. Write an IPv4 or IPv6 network such as "203.0.113.7/32" or "2001:db8::/48".`,
      ]);
    },
  );

  it.each<[string, object, string]>([
    [
      "the same network twice",
      { sshCidrs: ["10.0.0.0/8", "10.0.0.0/8"] },
      'sshCidrs must have 0 to 50 different networks; received ["10.0.0.0/8", "10.0.0.0/8"]. Each network is a rule, and a security group has at most 60.',
    ],
    [
      "a name that is too short",
      { name: "x" },
      'name must be 3 to 24 characters long; received "x". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
    ],
    [
      "a VPC that is only an id",
      { vpc: VPC_ID },
      `vpc must be a VPC; received "${VPC_ID}". Use a DefaultVpc construct.`,
    ],
    [
      "a range of ports that is not a PortRange",
      { portRange: { from: 40000, to: 50000 } },
      'portRange must be a PortRange; received {"from": 40000, "to": 50000}. Use new PortRange({ from, to }).',
    ],
    [
      "text in place of true or false",
      { https: "true" },
      'https must be true or false; received "true". Write it without quotes.',
    ],
    [
      "a single network without a list",
      { httpCidrs: "10.0.0.0/8" },
      'httpCidrs must be a list; received "10.0.0.0/8". Write it in brackets: [first, second].',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problems(props)).toEqual([message]);
  });
});

describe("the field of port rules", () => {
  const schema = schemaOf<{ readonly portRules: PortRules }>()({ portRules: portRulesField });
  const problemsWith = (portRules: unknown) =>
    problemsOf(() => validate("Construct", schema, { portRules: portRules as PortRules }));

  it("accepts the construct", () => {
    expect(problemsWith(new PortRules(emptyStack(), "ports", base))).toEqual([]);
    expect(problemsWith(new PortRules(emptyStack(), "ports", { ...base, httpCidrs: undefined }))).toEqual([]);
  });

  it("rejects a security group and incomplete rules", () => {
    expect(problemsWith("sg-12345678")).toEqual([
      'portRules must be a PortRules construct; received "sg-12345678". Pass the construct, or an object with its attributes.',
    ]);
    const { portRange } = base;
    expect(problemsWith({ instanceSecurityGroupId: "sg-12345678", portRange, admits: [80] })).toEqual([
      "portRules.admits must be the ports that the rules admit; received [80]. Pass the construct, or an object with its attributes.",
    ]);
  });
});
