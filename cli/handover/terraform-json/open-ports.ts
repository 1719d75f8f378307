import type { Configuration, Element, Json } from "./configuration";
import type { References } from "./references";

/** A rule of a security group: who may connect to whom. */
export interface OpenPort {
  readonly address: string;
  readonly direction: "in" | "out";
  /** The end that connects, and the one that is connected to: a security group, or where its addresses come from. */
  readonly from: End;
  readonly to: End;
  /** `tcp 80`, `tcp 31000-61000`, `all traffic`. */
  readonly ports: string;
  readonly purpose: string;
}

/** One end of a connection. */
export interface End {
  readonly group?: Element;
  /** What to call it: the group's description, a variable, a network. */
  readonly text: string;
  /** The variables that decide which networks it is. */
  readonly variables: readonly string[];
}

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";

/** Every rule of the stack's security groups, those for requests from outside first. */
export function openPorts({ elements }: Configuration, references: References): OpenPort[] {
  const rules = elements.filter(({ type }) => type === INGRESS || type === EGRESS);
  const ports = rules.map((rule): OpenPort => {
    const own = groupEnd(rule.body.security_group_id, references);
    const other = otherEnd(rule, references);
    const isIn = rule.type === INGRESS;
    return {
      address: rule.address,
      direction: isIn ? "in" : "out",
      from: isIn ? other : own,
      to: isIn ? own : other,
      ports: portText(rule.body.ip_protocol, rule.body.from_port, rule.body.to_port),
      purpose: typeof rule.body.description === "string" ? rule.body.description : "",
    };
  });
  const place = ({ direction, from }: OpenPort): number => (direction === "out" ? 2 : from.group ? 1 : 0);
  return ports.sort((a, b) => place(a) - place(b) || (a.address < b.address ? -1 : 1));
}

function otherEnd({ body }: Element, references: References): End {
  const referenced = body.referenced_security_group_id;
  if (referenced !== undefined) return groupEnd(referenced, references);
  if (body.prefix_list_id !== undefined) return networks(String(body.prefix_list_id), []);
  const cidrs = [body.cidr_ipv4, body.cidr_ipv6].filter((cidr) => typeof cidr === "string");
  const variables = references.variablesIn([body.for_each ?? null, ...cidrs]);
  return networks(cidrs.join(", "), variables);
}

const ANYWHERE = /^(0\.0\.0\.0|::)\/0$/;

function networks(text: string, variables: readonly string[]): End {
  if (variables.length > 0) {
    return { text: `the networks in ${variables.map((name) => `var.${name}`).join(", ")}`, variables };
  }
  if (ANYWHERE.test(text)) return { text: `anywhere (${text === "::/0" ? "IPv6" : "IPv4"})`, variables };
  return { text, variables };
}

function groupEnd(id: Json | undefined, references: References): End {
  const group = references.in(id ?? null).find(({ type }) => /^aws_security_groups?$/.test(type));
  const description = group?.body.description;
  const text = typeof description === "string" ? description : (group?.address ?? references.expanded(id ?? null));
  return { group, text, variables: [] };
}

function portText(protocol: Json | undefined, from: Json | undefined, to: Json | undefined): string {
  if (protocol === "-1" || protocol === "all") return "all traffic";
  const range = from === to || to === undefined ? `${from ?? "all ports"}` : `${from}-${to}`;
  return `${protocol} ${range}`;
}
