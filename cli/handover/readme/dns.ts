import { ofType, type Stack } from "../stack";
import { argument } from "./argument";
import { block, code, listed, paragraphs } from "./markdown";

const DNS_NAME = "load_balancer_dns_name";

/** How clients find the load balancers: the records that Terraform creates, or the steps that create them. */
export function dns(stack: Stack): string {
  const outputs = stack.portable.outputs.map(([name]) => name);
  const records = ofType(stack, "aws_route53_record").filter(({ body }) => JSON.stringify(body).includes('"alias"'));
  if (records.length > 0) {
    return paragraphs(
      `Terraform creates the records of the domain: ${listed(records.map(({ address }) => code(address)))}. They work once the domain's registrar ` +
        "names the name servers of the hosted zone. To compare them:",
      block(
        "sh",
        "dig +short NS ZONE                         # what the internet knows",
        "aws route53 get-hosted-zone --id ZONE_ID --query DelegationSet.NameServers",
      ),
    );
  }
  // The load balancer without a name of its own first.
  const names = outputs
    .filter((name) => name.endsWith(DNS_NAME))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  const [first] = names;
  if (first === undefined) return "";
  const prefix = first.slice(0, -DNS_NAME.length);
  // The whole argument has quotes.
  const value = (output: string, placeholder: string) => argument(stack, output, placeholder).replaceAll('"', "");
  const zone = `${prefix}load_balancer_zone_id`;
  const hasZone = outputs.includes(zone);
  const target = `DNSName=${value(first, "DNS_NAME")},HostedZoneId=${value(zone, "LOAD_BALANCER_ZONE_ID")},EvaluateTargetHealth=true`;
  return paragraphs(
    `To point a domain name at the load balancer, create an alias record in Route 53. \`ZONE_ID\` is the hosted zone of the domain. ` +
      `With another DNS provider, create a CNAME record with the value of the output ${code(first)}.`,
    hasZone &&
      block(
        "sh",
        "aws route53 change-resource-record-sets --hosted-zone-id ZONE_ID --change-batch \\",
        `  "Changes=[{Action=UPSERT,ResourceRecordSet={Name=DOMAIN,Type=A,AliasTarget={${target}}}}]"`,
        "dig +short DOMAIN                         # prints the addresses of the load balancer",
      ),
    names.length > 1 && `The other load balancers have outputs of their own: ${listed(names.slice(1).map(code))}.`,
    outputs.some((name) => name.endsWith("addresses")) &&
      `For a record of type A without an alias, such as in a firewall's list, use the fixed addresses: ${listed(outputs.filter((name) => name.endsWith("addresses")).map(code))}.`,
  );
}
