import { admitSources, type PortSources, portSourcesSchema } from "../../src/network/port-sources";
import { validate } from "../../src/validation/validate";
import { problemsOf } from "../support/problems";
import { emptyStack, ofType, synthesized } from "../support/synthesized";

const parsed = (sources: PortSources) => validate("sources", portSourcesSchema, sources);

/** Returns the rules that let sources connect to port 8125, by name. */
function rulesFor(sources: PortSources) {
  const stack = emptyStack();
  const port = { securityGroupId: "sg-tasks", protocol: "udp", from: 8125, to: 8125 } as const;
  admitSources(stack, "udp_8125", port, parsed(sources), {
    instances: "sg-instances",
    purpose: "port 8125/udp of agent",
  });
  return ofType(synthesized(stack), "aws_vpc_security_group_ingress_rule");
}

const PORT = { security_group_id: "sg-tasks", ip_protocol: "udp", from_port: 8125, to_port: 8125 };

describe("the sources of a port", () => {
  it("each have a rule, which Terraform destroys after what depends on it", () => {
    const rules = rulesFor({
      cidrs: ["10.0.0.0/8", "2001:db8::/48"],
      securityGroups: { database: "sg-0123456789abcdef0" },
      instances: true,
    });
    expect(Object.keys(rules).sort()).toEqual([
      "udp_8125_from_group_database",
      "udp_8125_from_instances",
      "udp_8125_from_networks",
    ]);
    for (const rule of Object.values(rules)) {
      expect(rule).toMatchObject({ ...PORT, lifecycle: { create_before_destroy: true } });
    }
    expect(rules.udp_8125_from_instances).toMatchObject({
      referenced_security_group_id: "sg-instances",
      description: "From the instances to port 8125/udp of agent",
    });
    expect(rules.udp_8125_from_group_database).toMatchObject({ referenced_security_group_id: "sg-0123456789abcdef0" });
    expect(rules.udp_8125_from_networks).toMatchObject({
      for_each: '${toset([for cidr in ["10.0.0.0/8", "2001:db8::/48"] : cidrsubnet(cidr, 0, 0)])}',
    });
  });

  it("are only those that are named", () => {
    expect(Object.keys(rulesFor({ instances: true }))).toEqual(["udp_8125_from_instances"]);
  });

  it.each([
    [{}, "instances must be true, or another source be set"],
    [{ instances: false, securityGroups: {} }, "instances must be true, or another source be set"],
    [{ cidrs: ["10.0.0.1/8"] }, "cidrs must have no host bits set"],
    [{ cidrs: [] }, "cidrs must have 1 to 30 different networks"],
    [
      { securityGroups: { a: "sg-0123456789abcdef0", b: "sg-0123456789abcdef0" } },
      "securityGroups.b must differ from the other security groups",
    ],
    [{ securityGroups: { "my-db": "sg-0123456789abcdef0" } }, "securityGroups.my-db must have a name of 1 to 32"],
  ])("cannot be %j", (sources, message) => {
    expect(problemsOf(() => parsed(sources))).toEqual([expect.stringContaining(message)]);
  });
});
