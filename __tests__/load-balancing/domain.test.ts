import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Testing } from "cdktf";
import type { EcsClusterSettings, LoadBalancerSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { synthesized } from "../support/synthesized";

Testing.setupJest();

const NAMES = "${toset(distinct(concat([var.domain_name], var.alternative_domain_names)))}";
const synthesize = (loadBalancer: LoadBalancerSettings = {}, settings: EcsClusterSettings = {}): string =>
  JSON.stringify(synthesized(clusterStack({ ...settings, loadBalancer: { domain: true, ...loadBalancer } })));
const problems = (settings: EcsClusterSettings) => problemsOf(() => clusterStack(settings));

describe("a load balancer with domain", () => {
  it("has a certificate that DNS records validate", () => {
    const json = synthesize();
    expect(json).toHaveDataSourceWithProperties(DataAwsRoute53Zone, { name: "${var.zone_name}", private_zone: false });
    expect(json).toHaveResourceWithProperties(AcmCertificate, {
      domain_name: "${var.domain_name}",
      subject_alternative_names: "${var.alternative_domain_names}",
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
    const option = (name: string) =>
      `\${one([for option in aws_acm_certificate.certificate.domain_validation_options : option.${name} if option.domain_name == each.value])}`;
    expect(json).toHaveResourceWithProperties(Route53Record, {
      for_each: NAMES,
      zone_id: "${data.aws_route53_zone.certificate_zone.zone_id}",
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      records: [option("resource_record_value")],
      allow_overwrite: true,
    });
    expect(json).toHaveResourceWithProperties(AcmCertificateValidation, {
      certificate_arn: "${aws_acm_certificate.certificate.arn}",
      validation_record_fqdns: "${[for record in aws_route53_record.certificate_validation_record : record.fqdn]}",
    });
  });

  it("serves HTTPS with it, redirects HTTP, and needs no other certificate", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(LbListener, {
      port: 443,
      certificate_arn: "${aws_acm_certificate_validation.certificate_validation.certificate_arn}",
    });
    expect(json).toHaveResourceWithProperties(LbListener, {
      port: 80,
      default_action: [expect.objectContaining({ type: "redirect" })],
    });
    const { variable, output, resource } = JSON.parse(json);
    expect(Object.keys(variable)).not.toContain("certificate_arn");
    expect(variable.alternative_domain_names.default).toEqual([]);
    expect(output.url.value).toBe("https://${var.domain_name}");
    expect(output.url.description).not.toContain("certificate");
    expect(Object.keys(resource.aws_vpc_security_group_ingress_rule)).toContain("port_rules_https");
  });

  it.each([
    [false, ["A"]],
    [true, ["A", "AAAA"]],
    ["without-public-ipv4", ["AAAA"]],
  ] as const)("has alias records for its addresses with dualStack %s", (dualStack, types) => {
    const json = synthesize({ dualStack });
    for (const type of types) {
      expect(json).toHaveResourceWithProperties(Route53Record, {
        for_each: NAMES,
        name: "${each.value}",
        type,
        alias: {
          name: "${aws_lb.load_balancer.dns_name}",
          zone_id: "${aws_lb.load_balancer.zone_id}",
          evaluate_target_health: true,
        },
      });
    }
    const records: { type: string }[] = Object.values(JSON.parse(json).resource.aws_route53_record);
    expect(records.map(({ type }) => type).filter((type) => type.startsWith("A"))).toEqual(types);
  });

  it("works for another load balancer too, with variables of its name", () => {
    const json = synthesize({}, { loadBalancers: { internal: { internal: true, domain: true } } });
    expect(json).toHaveResourceWithProperties(AcmCertificate, { domain_name: "${var.internal_domain_name}" });
    expect(JSON.stringify(JSON.parse(json).variable.internal_domain_name)).toContain("var.internal_zone_name");
    expect(JSON.parse(json).output.internal_url.value).toBe("https://${var.internal_domain_name}");
  });

  it.each<[what: string, settings: EcsClusterSettings, problem: string]>([
    [
      "a name outside the zone",
      { loadBalancer: { domain: true }, values: { domainName: "shop.example.org", zoneName: "example.com" } },
      'values.domainName must be zone_name or end with a dot and zone_name; received "shop.example.org". A record can only be in its own hosted zone. Correct one of the two.',
    ],
    [
      "another name outside the zone",
      {
        loadBalancer: { domain: true },
        values: { domainName: "example.com", zoneName: "example.com", alternativeDomainNames: ["*.example.org"] },
      },
      'values.alternativeDomainNames must be zone_name or end with a dot and zone_name; received ["*.example.org"]. A record can only be in its own hosted zone. Correct one of the two.',
    ],
    [
      "a name with a scheme",
      { loadBalancer: { domain: true }, values: { domainName: "https://example.com" } },
      'values.domainName must be a domain name in lower case, without a dot at the end; received "https://example.com". For example "shop.example.com" or "*.example.com".',
    ],
    [
      "a certificate beside it",
      {
        loadBalancer: { domain: true },
        values: { certificateArn: "arn:aws:acm:ap-northeast-2:123456789012:certificate/0a1b" },
      },
      'values.certificateArn must not be set with loadBalancer.domain; received "arn:aws:acm:ap-northeast-2:123456789012:certificate/0a1b". Remove it: domain creates a certificate. certificateArns adds others.',
    ],
    [
      "a domain name without the setting",
      { values: { domainName: "example.com" } },
      'values.domainName must be used with loadBalancer.domain; received "example.com". Set loadBalancer.domain too, or remove values.domainName.',
    ],
    [
      "https false",
      { loadBalancer: { domain: true, https: false } },
      "loadBalancer.https must not be false with domain; received false. Remove it: domain serves HTTPS.",
    ],
  ])("rejects %s", (_, settings, problem) => {
    expect(problems(settings)).toEqual([problem]);
  });
});
