import { httpCidrsRules } from "../network/load-balancer-rules";
import { inTheRegion } from "../validation/aws-rules";
import { eachKey, eachValue, matches, type Rule } from "../validation/rule";
import { list, map, referable, type Schema, schemaOf, string, variable } from "../validation/schema";
import { variableName } from "../validation/settings-rule";
import type { VariableDeclaration } from "../validation/variables";
import { domainNameRules, domainNamesRules, zoneNameRules } from "./domain";
import { trustStoreArnRule } from "./listener-settings";

/** The certificate of an HTTPS listener. */
export const certificateArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-zA-Z0-9-]+$",
    "be the ARN of a certificate in AWS Certificate Manager",
    "List your certificates: aws acm list-certificates",
  ),
  inTheRegion("certificate", "A load balancer uses certificates of its own region only. Request one there."),
];

/** The default quota of certificates for a load balancer, without the default certificate. */
const MOST_CERTIFICATES = 25;

/** More certificates of an HTTPS listener. Their names are part of addresses. */
export const certificateArnsRules = (
  rules: readonly Rule<string>[],
): readonly Rule<Readonly<Record<string, string>>>[] => [
  {
    must: `have at most ${MOST_CERTIFICATES} certificates`,
    fix: "AWS allows 25 for each load balancer, and the default certificate.",
    check: (value) => Object.keys(value).length <= MOST_CERTIFICATES,
    condition: (reference) => `length(${reference}) <= ${MOST_CERTIFICATES}`,
  },
  eachKey(
    matches(
      "^[a-z][a-z0-9_-]{0,31}$",
      "have names of 1 to 32 lower-case letters, digits, - and _ that start with a letter",
      "Rename these certificates. The addresses of their resources have the names.",
    ),
  ),
  ...rules.map((rule) => eachValue({ ...rule, must: rule.must.replace("be the ARN", "have in each value the ARN") })),
];

/** The web ACL of a load balancer. */
export const webAclArnRules: readonly Rule<string>[] = [
  matches(
    "^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[a-zA-Z0-9_-]+/[a-f0-9-]+$",
    "be the ARN of a regional web ACL of AWS WAF",
    "List your web ACLs: aws wafv2 list-web-acls --scope REGIONAL",
  ),
  inTheRegion("web ACL", "A web ACL for CloudFront, or of another region, cannot protect a load balancer."),
];

export const trustStoreArnRules: readonly Rule<string>[] = [
  trustStoreArnRule,
  inTheRegion("trust store", "A load balancer uses trust stores of its own region only. Create one there."),
];

/** The values of one load balancer: defaults of its Terraform variables. */
export interface LoadBalancerValues {
  /** `http_cidrs`: networks that can reach the load balancer. IPv6 networks need `dualStack`. @default - `["0.0.0.0/0"]`, and with `dualStack` also `"::/0"` */
  readonly httpCidrs?: readonly string[];
  /** `certificate_arn`, with `https`: a certificate in the region. @default - none: the variable is required */
  readonly certificateArn?: string;
  /** `certificate_arns`, with `https`: certificates for more domain names, by a name that you choose. Clients name the domain (SNI). @default - none, and no variable */
  readonly certificateArns?: Readonly<Record<string, string>>;
  /** `web_acl_arn`, with `webAcl: "existing"`: a regional web ACL. @default - none: the variable is required */
  readonly webAclArn?: string;
  /** `domain_name`, with `domain`: the domain name of the load balancer. @default - none: the variable is required */
  readonly domainName?: string;
  /** `alternative_domain_names`, with `domain`: more names, such as `*.shop.example.com` for the hosts of services. @default [] */
  readonly alternativeDomainNames?: readonly string[];
  /** `zone_name`, with `domain`: the public hosted zone of the names in Route 53. @default - none: the variable is required */
  readonly zoneName?: string;
  /** `trust_store_arn`, with `mutualAuthentication: { mode: "verify" }`: a trust store in the region. @default - none: the variable is required */
  readonly trustStoreArn?: string;
}

/** The settings that decide which variables a load balancer has, and with which rules. */
export interface LoadBalancerConditions {
  readonly https?: boolean;
  readonly domain?: boolean;
  readonly webAcl?: false | "managed" | "existing";
  readonly dualStack?: boolean | "without-public-ipv4";
  readonly mutualAuthentication?: { readonly mode?: "verify" | "passthrough" };
  readonly listeners?: Readonly<Record<string, unknown>>;
}

/** The networks that can connect by default. */
export const ANYWHERE = ["0.0.0.0/0", "::/0"];

/** Returns the fields of the values of one load balancer. Terraform checks the same rules. @param name the name of another load balancer */
export function loadBalancerValueFields(
  { dualStack = true, listeners = {} }: LoadBalancerConditions = {},
  name?: string,
) {
  const [of, prefix] = name === undefined ? ["", ""] : [` ${name}`, `${name}_`];
  const networks = dualStack ? "IPv4 and IPv6 networks" : "IPv4 networks";
  return {
    httpCidrs: variable(
      list(
        string(),
        ...httpCidrsRules({ dualStack: dualStack !== false, ports: 2 + Object.keys(listeners).length }),
      ).optional(),
      `The ${networks} that can connect to the load balancer${of}.`,
    ),
    certificateArn: referable(
      variable(
        string(...certificateArnRules).optional(),
        `The ARN of the HTTPS listener's certificate in AWS Certificate Manager, in the same region.${only(name)}`,
      ),
    ),
    certificateArns: referable(
      variable(
        map(string(), { limits: certificateArnsRules(certificateArnRules) }).optional(),
        `The ARNs of more certificates of the HTTPS listener, by a name that is part of addresses.${only(name)}`,
      ),
    ),
    domainName: variable(
      string(...domainNameRules(`${prefix}zone_name`)).optional(),
      `The domain name of the load balancer${of}.`,
    ),
    alternativeDomainNames: variable(
      list(string(), ...domainNamesRules(`${prefix}zone_name`)).default([]),
      `More domain names of the load balancer${of}, such as *.shop.example.com for the hosts of services.`,
    ),
    zoneName: variable(
      string(...zoneNameRules).optional(),
      `The name of the public hosted zone in Route 53 for the domain names of the load balancer${of}.`,
    ),
    webAclArn: referable(
      variable(
        string(...webAclArnRules).optional(),
        `The ARN of the regional web ACL of AWS WAF that protects the load balancer${of}.`,
      ),
    ),
    trustStoreArn: referable(
      variable(
        string(...trustStoreArnRules).optional(),
        `The ARN of the trust store that verifies the certificates of clients, in the same region.${only(name)}`,
      ),
    ),
  };
}

const only = (name: string | undefined): string => (name === undefined ? "" : ` It is for the load balancer ${name}.`);

export const loadBalancerValuesSchema = schemaOf<LoadBalancerValues>()(loadBalancerValueFields());

/** A condition, which is undefined when its setting has a problem, and its words. */
type Need = readonly [needs: string, holds: (settings: LoadBalancerConditions) => boolean | undefined];

/** The setting that each of these values needs. */
export const LOAD_BALANCER_NEEDS: Readonly<Record<Exclude<keyof LoadBalancerValues, "httpCidrs">, Need>> = {
  certificateArn: ["https", ({ https, domain }) => domain || https],
  certificateArns: ["https", ({ https, domain }) => domain || https],
  domainName: ["domain", ({ domain }) => domain],
  alternativeDomainNames: ["domain", ({ domain }) => domain],
  zoneName: ["domain", ({ domain }) => domain],
  webAclArn: ['webAcl "existing"', ({ webAcl }) => webAcl && webAcl === "existing"],
  trustStoreArn: [
    'mutualAuthentication with mode "verify"',
    ({ mutualAuthentication }) => mutualAuthentication?.mode === "verify",
  ],
};

/** Finds a certificate beside that of a domain. @param path the path of the load balancer's settings: `loadBalancer.` */
export function* secondCertificate(
  { domain }: Pick<LoadBalancerConditions, "domain">,
  hasCertificate: boolean,
  path = "",
): Iterable<{ at: ["values", "certificateArn"]; must: string; fix: string }> {
  if (!domain || !hasCertificate) return;
  const fix = "Remove it: domain creates a certificate. certificateArns adds others.";
  yield { at: ["values", "certificateArn"], must: `not be set with ${path}domain`, fix };
}

/** Returns the declarations of the variables of a load balancer, by the names of their settings. */
export function loadBalancerVariables(
  settings: LoadBalancerConditions,
  values: LoadBalancerValues,
  name?: string,
): Readonly<Partial<Record<keyof LoadBalancerValues, VariableDeclaration>>> {
  const fields = Object.entries(loadBalancerValueFields(settings, name)) as [keyof LoadBalancerValues, Schema][];
  const anywhere = settings.dualStack ? ANYWHERE : ANYWHERE.slice(0, 1);
  const { httpCidrs = anywhere } = values;
  return Object.fromEntries(
    fields
      .filter(([key]) => key === "httpCidrs" || LOAD_BALANCER_NEEDS[key][1](settings))
      .filter(([key]) => key !== "certificateArn" || !settings.domain)
      .filter(([key]) => key !== "certificateArns" || values.certificateArns !== undefined)
      .map(([key, field]) => [key, { name: variableName(key), field, value: { ...values, httpCidrs }[key] }]),
  );
}
