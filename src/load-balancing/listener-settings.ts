import { listenerNameRule, listenerPortField } from "../network/load-balancer-rules";
import { literal } from "../terraform/expression";
import { matches } from "../validation/rule";
import { boolean, choice, map, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";

/** Another listener of the load balancer. It returns 404 until a listener rule matches. */
export interface ListenerSettings {
  /** The port. The load balancer's security group opens it to the networks of `http_cidrs`. */
  readonly port: number;
  /** The protocol. `HTTPS` uses the certificates and the TLS settings of the load balancer. @default - `HTTPS` with `https`, otherwise `HTTP` */
  readonly protocol?: "HTTP" | "HTTPS";
}

export const listenerSettingsSchema = schemaOf<ListenerSettings>()({
  port: listenerPortField,
  protocol: plain(choice("HTTP", "HTTPS")).optional(),
});

/** The field of more listeners, by name. */
export const listenersField = map(listenerSettingsSchema, { names: [listenerNameRule] });

/** How an HTTPS listener checks the certificates of clients. */
export interface MutualAuthentication {
  /**
   * `verify` accepts only clients with a certificate of the trust store. It adds the variable `trust_store_arn`. `passthrough`
   * sends the certificate in headers to the containers, which must verify it.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html
   */
  readonly mode: "verify" | "passthrough";
  /** With `verify`, accept expired certificates. @default false */
  readonly ignoreClientCertificateExpiry?: boolean;
  /** With `verify`, send the names of the trusted certificate authorities to clients, so that they choose the right certificate. @default false */
  readonly advertiseTrustStoreCaNames?: boolean;
}

export const mutualAuthenticationSchema = schemaOf<MutualAuthentication>()(
  {
    mode: plain(choice("verify", "passthrough")),
    ignoreClientCertificateExpiry: boolean().default(false),
    advertiseTrustStoreCaNames: plain(boolean()).default(false),
  },
  onlyWithVerify,
);

function* onlyWithVerify(settings: Known<MutualAuthentication>): Findings<MutualAuthentication> {
  if (settings.mode !== "passthrough") return;
  for (const at of ["ignoreClientCertificateExpiry", "advertiseTrustStoreCaNames"] as const) {
    if (settings[at])
      yield { at, must: 'not be set with mode "passthrough"', fix: "Remove it, or verify certificates." };
  }
}

/** The trust store that verifies clients. */
export const trustStoreArnRule = matches(
  "^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:truststore/[a-zA-Z0-9-]+/[a-f0-9]+$",
  "be the ARN of a trust store",
  "List your trust stores: aws elbv2 describe-trust-stores",
);

/**
 * Headers that the load balancer sets in every response of a listener. It adds missing headers and overwrites those of the
 * containers. The AWS provider cannot remove a header. To remove one, remove it here, apply, and then set it to an empty text with
 * `aws elbv2 modify-listener-attributes`.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
 */
export interface ResponseHeaders {
  /** `Strict-Transport-Security`, for example `max-age=31536000; includeSubDomains`. @default - not set */
  readonly strictTransportSecurity?: string;
  /** `Content-Security-Policy`. @default - not set */
  readonly contentSecurityPolicy?: string;
  /** `X-Content-Type-Options`. @default - not set */
  readonly xContentTypeOptions?: "nosniff";
  /** `X-Frame-Options`: `DENY`, `SAMEORIGIN` or `ALLOW-FROM` with an address. @default - not set */
  readonly xFrameOptions?: string;
  /** `Access-Control-Allow-Origin`: `*` or the address of an origin. @default - not set */
  readonly accessControlAllowOrigin?: string;
  /** `Access-Control-Allow-Methods`, with commas: `GET,POST`. @default - not set */
  readonly accessControlAllowMethods?: string;
  /** `Access-Control-Allow-Headers`, with commas, or `*`. @default - not set */
  readonly accessControlAllowHeaders?: string;
  /** `Access-Control-Allow-Credentials`. @default - not set */
  readonly accessControlAllowCredentials?: "true";
  /** `Access-Control-Expose-Headers`, with commas, or `*`. @default - not set */
  readonly accessControlExposeHeaders?: string;
  /** `Access-Control-Max-Age`: the seconds that browsers keep the answer to a preflight request. @default - not set */
  readonly accessControlMaxAge?: string;
  /** Whether responses have the header `Server: awselb/2.0`. @default - the listener stays as it is */
  readonly server?: boolean;
}

const headerValue = matches(
  "^[ -~]{1,1024}$",
  "be 1 to 1024 ASCII characters",
  "AWS accepts no other value of a header.",
);
const text = () => string(headerValue).optional();

export const responseHeadersSchema = schemaOf<ResponseHeaders>()({
  strictTransportSecurity: text(),
  contentSecurityPolicy: text(),
  xContentTypeOptions: choice("nosniff").optional(),
  xFrameOptions: string(
    matches(
      "^(DENY|SAMEORIGIN|ALLOW-FROM [!-~]+)$",
      "be DENY, SAMEORIGIN or ALLOW-FROM and an address",
      'For example "DENY".',
    ),
  ).optional(),
  accessControlAllowOrigin: text(),
  accessControlAllowMethods: text(),
  accessControlAllowHeaders: text(),
  accessControlAllowCredentials: choice("true").optional(),
  accessControlExposeHeaders: text(),
  accessControlMaxAge: string(
    matches("^[0-9]{1,5}$", "be a number of seconds, as text", 'For example "86400", which is a day.'),
  ).optional(),
  server: boolean().optional(),
});

/**
 * The names of the headers about TLS that an HTTPS listener adds to requests. The AWS provider cannot reset a name: to undo a
 * change, set the name that AWS uses, such as `X-Amzn-Tls-Version`.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
 */
export interface RequestHeaderNames {
  /** The version of TLS, with `xAmznTlsVersionAndCipherSuiteHeaders`. @default - `X-Amzn-Tls-Version` */
  readonly xAmznTlsVersion?: string;
  /** The cipher suite, with `xAmznTlsVersionAndCipherSuiteHeaders`. @default - `X-Amzn-Tls-Cipher-Suite` */
  readonly xAmznTlsCipherSuite?: string;
  /** The chain of the client's certificate, with `mutualAuthentication: { mode: "passthrough" }`. @default - `X-Amzn-Mtls-Clientcert` */
  readonly xAmznMtlsClientcert?: string;
  /** The serial number of the client's certificate, with `mode: "verify"`. @default - `X-Amzn-Mtls-Clientcert-Serial-Number` */
  readonly xAmznMtlsClientcertSerialNumber?: string;
  /** The issuer of the client's certificate, with `mode: "verify"`. @default - `X-Amzn-Mtls-Clientcert-Issuer` */
  readonly xAmznMtlsClientcertIssuer?: string;
  /** The subject of the client's certificate, with `mode: "verify"`. @default - `X-Amzn-Mtls-Clientcert-Subject` */
  readonly xAmznMtlsClientcertSubject?: string;
  /** The validity of the client's certificate, with `mode: "verify"`. @default - `X-Amzn-Mtls-Clientcert-Validity` */
  readonly xAmznMtlsClientcertValidity?: string;
  /** The client's certificate without its chain, with `mode: "verify"`. @default - `X-Amzn-Mtls-Clientcert-Leaf` */
  readonly xAmznMtlsClientcertLeaf?: string;
}

const headerName = string(
  matches(
    "^[a-zA-Z0-9_-]{1,40}$",
    "be the name of a header: 1 to 40 letters, digits, - and _",
    'For example "X-Client-Cert-Subject".',
  ),
).optional();

export const requestHeaderNamesSchema = schemaOf<RequestHeaderNames>()({
  xAmznTlsVersion: headerName,
  xAmznTlsCipherSuite: headerName,
  xAmznMtlsClientcert: headerName,
  xAmznMtlsClientcertSerialNumber: headerName,
  xAmznMtlsClientcertIssuer: headerName,
  xAmznMtlsClientcertSubject: headerName,
  xAmznMtlsClientcertValidity: headerName,
  xAmznMtlsClientcertLeaf: headerName,
});

/** Returns the arguments of a listener for its headers. Their names are those of AWS's attributes. */
export function headerArguments(responses: ResponseHeaders = {}, requests: RequestHeaderNames = {}): object {
  const { server, ...values } = responses;
  const argument = (start: string, name: string, end: string) =>
    `routingHttp${start}${name[0]?.toUpperCase()}${name.slice(1)}Header${end}`;
  return Object.fromEntries([
    ["routingHttpResponseServerEnabled", server],
    ...Object.entries(values).map(([name, value]) => [argument("Response", name, "Value"), literalOf(value)]),
    ...Object.entries(requests).map(([name, value]) => [argument("Request", name, "Name"), literalOf(value)]),
  ]);
}

const literalOf = (value: string | undefined) => (value === undefined ? undefined : literal(value));
