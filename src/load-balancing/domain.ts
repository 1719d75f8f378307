import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { TerraformIterator } from "cdktf";
import { Construct } from "constructs";
import { Expression, hcl } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { distinctElements, each, length, matches, type Rule } from "../validation/rule";
import { interfaceOf, list, schemaOf, string } from "../validation/schema";
import { validate } from "../validation/validate";

const NAME = "^([*][.])?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z]{2,63}$";

/** The name of a hosted zone. */
export const zoneNameRules: readonly Rule<string>[] = [
  length(1, 253, "DNS limits a name to 253 characters."),
  matches(
    NAME.replace("([*][.])?", ""),
    "be a domain name in lower case, without a dot at the end",
    'For example "example.com". List your zones: aws route53 list-hosted-zones --query HostedZones[].Name',
  ),
];

const inZone = (zone: string): Rule<string> => ({
  must: `be ${zone} or end with a dot and ${zone}`,
  fix: "A record can only be in its own hosted zone. Correct one of the two.",
  reads: [zone],
  check: (value, all) => value === all[zone] || value.endsWith(`.${String(all[zone])}`),
  condition: (reference) => `${reference} == var.${zone} || endswith(${reference}, ".\${var.${zone}}")`,
});

/** Returns the rules of a domain name. @param zone the variable of its hosted zone. @default - any zone */
export const domainNameRules = (zone?: string): readonly Rule<string>[] => [
  length(1, 253, "DNS limits a name to 253 characters."),
  matches(
    NAME,
    "be a domain name in lower case, without a dot at the end",
    'For example "shop.example.com" or "*.example.com".',
  ),
  ...(zone === undefined ? [] : [inZone(zone)]),
];

/** Returns the rules of more domain names. ACM allows 10 names for a certificate by default. */
export const domainNamesRules = (zone?: string): readonly Rule<readonly string[]>[] => [
  distinctElements(0, 9, "domain names", "A certificate has at most 10 names by default."),
  ...domainNameRules(zone).map(each),
];

/** The certificate of a domain name. */
export interface DomainCertificateProps {
  /** The domain name: `shop.example.com`. */
  readonly domainName: string;
  /** More domain names of the certificate: `*.shop.example.com`. A list, or an expression. @default - none */
  readonly alternativeNames?: readonly string[];
  /** The name of the public hosted zone in Route 53: `example.com`. It must exist. */
  readonly zoneName: string;
}

export const domainCertificatePropsSchema = schemaOf<DomainCertificateProps>()({
  domainName: string(...domainNameRules()),
  alternativeNames: list(string(), ...domainNamesRules()).default([]),
  zoneName: string(...zoneNameRules),
});

/**
 * A certificate of AWS Certificate Manager that DNS records in Route 53 validate. ACM renews it as long as the records exist. An
 * `ApplicationLoadBalancer` with this `domain` also gets alias records.
 */
export class DomainCertificate extends Construct {
  /** The ARN of the certificate, once it is valid. */
  readonly certificateArn: string;
  /** The domain name. */
  readonly domainName: string;
  /** All domain names of the certificate, as a set. */
  readonly names: string[];
  /** The id of the hosted zone. */
  readonly zoneId: string;

  /** @throws {SettingsError} with every problem of the props */
  constructor(scope: Construct, id: string, props: DomainCertificateProps) {
    super(scope, id);
    const { domainName, alternativeNames, zoneName } = validate(this, domainCertificatePropsSchema, props);
    this.domainName = domainName;
    this.names = hcl`distinct(concat([${domainName}], ${alternativeNames}))`.list;
    const zone = new DataAwsRoute53Zone(this, "zone", { name: zoneName, privateZone: false });
    this.zoneId = zone.zoneId;
    const certificate = new AcmCertificate(this, "resource", {
      domainName,
      subjectAlternativeNames: [...alternativeNames],
      validationMethod: "DNS",
      tags: purposeTags(domainName.replace("*", "_"), "The certificate of the load balancer"),
      // A listener uses the old certificate until it has the new one.
      lifecycle: { createBeforeDestroy: true },
    });
    this.node.defaultChild = certificate;
    const eachName = TerraformIterator.fromList(this.names);
    const option = (attribute: string) =>
      hcl`one([for option in ${certificate.fqn}.domain_validation_options : option.${new Expression([attribute], [])} if option.domain_name == each.value])`
        .string;
    const records = new Route53Record(this, "validation_record", {
      forEach: eachName,
      zoneId: this.zoneId,
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      records: [option("resource_record_value")],
      ttl: 300,
      // A name and its wildcard have the same record.
      allowOverwrite: true,
    });
    this.certificateArn = new AcmCertificateValidation(this, "validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: hcl`[for record in ${records.fqn} : record.fqdn]`.list,
    }).certificateArn;
  }
}

/** The field of a `domain` property. */
export const domainField = interfaceOf<Pick<DomainCertificate, "certificateArn" | "domainName" | "names" | "zoneId">>(
  "a DomainCertificate",
  "Use a DomainCertificate construct.",
)({
  certificateArn: string(),
  domainName: string(),
  names: list(string()).with<string[], string[]>({}),
  zoneId: string(),
});
