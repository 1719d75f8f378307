import type { Configuration, Element, Json } from "./configuration";
import { nameOf } from "./display-name";
import type { References } from "./references";

/** A security group rule. */
export interface OpenPort {
  readonly address: string;
  readonly direction: "in" | "out";
  /** The source and the destination of the connection. */
  readonly from: End;
  readonly to: End;
  /** `tcp 80`, `tcp 31000-61000`, `all traffic`. */
  readonly ports: string;
  readonly purpose: string;
}

/** The source or the destination of a connection: a security group or a network. */
export interface End {
  readonly group?: Element;
  /** The group's description, the variables of the networks, or a CIDR block. */
  readonly text: string;
  /** The names of the variables that set the networks. */
  readonly variables: readonly string[];
}

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";

/** Returns all security group rules, inbound rules from networks first. */
export function openPorts({ elements, variables }: Configuration, references: References): OpenPort[] {
  const rules = elements.filter(({ type }) => type === INGRESS || type === EGRESS);
  const balancers = elements.filter(({ mode, type }) => mode === "resource" && type === "aws_lb");
  /** Adds the name of the load balancer to the text of its group, if there are several. */
  const named = (end: End): End => {
    const own = balancers.filter((balancer) => end.group && references.of(balancer).includes(end.group));
    const names = balancers.length > 1 ? own.flatMap((balancer) => nameOf(balancer, variables)) : [];
    return names.length > 0 ? { ...end, text: `${end.text} (${names.join(", ")})` } : end;
  };
  const ports = rules.map((rule): OpenPort => {
    const own = named(groupEnd(rule.body.security_group_id, references));
    const other = named(otherEnd(rule, references));
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
  const listed = body.for_each === undefined ? cidrs : cidrsIn(references.expanded(body.for_each));
  return networks(listed.join(", "), variables);
}

/** Returns the CIDR blocks in an expression. */
const cidrsIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/(?<![\w.:])[\da-fA-F]*[.:][\da-fA-F.:]*\/\d{1,3}(?!\w)/g)].map(([cidr]) => cidr)),
];

const ANYWHERE = /^(0\.0\.0\.0|::)\/0$/;

function networks(text: string, variables: readonly string[]): End {
  if (variables.length > 0) {
    const names = variables.map((name) => `var.${name}`).join(", ");
    return {
      text: `networks in ${names}${text.includes("/") && !text.includes("${") ? ` and ${text}` : ""}`,
      variables,
    };
  }
  if (ANYWHERE.test(text)) return { text: `anywhere (${text === "::/0" ? "IPv6" : "IPv4"})`, variables };
  return { text, variables };
}

/** The start of the text of a security group that another state has. */
export const SECURITY_GROUP = "security group ";

function groupEnd(id: Json | undefined, references: References): End {
  const group = references.in(id ?? null).find(({ type }) => /^aws_security_groups?$/.test(type));
  const description = group?.body.description;
  const text =
    typeof description === "string"
      ? description
      : (group?.address ?? `${SECURITY_GROUP}${references.expanded(id ?? null)}`);
  return { group, text, variables: [] };
}

function portText(protocol: Json | undefined, from: Json | undefined, to: Json | undefined): string {
  if (protocol === "-1" || protocol === "all") return "all traffic";
  const range = from === to || to === undefined ? `${from ?? "all ports"}` : `${from}-${to}`;
  return `${protocol} ${range}`;
}
