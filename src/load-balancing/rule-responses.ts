import type { ListenerTarget } from "../cluster/ecs-cluster-target";
import { hcl, literal } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import type { Problem } from "../validation/problem";
import { length, matches, wholeNumber } from "../validation/rule";
import { boolean, choice, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Limit } from "../validation/settings-rule";
import { show } from "../validation/show";

/**
 * A redirect to another URL. Parts that are not set stay as they are. `#{host}`, `#{path}`, `#{port}`, `#{query}` and `#{protocol}` are
 * parts of the request.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
 */
export interface Redirect {
  /** The host: `www.#{host}`. @default - the host of the request */
  readonly host?: string;
  /** The path: `/new/#{path}`. It begins with a slash, and can have `#{host}`, `#{path}` and `#{port}`. @default - the path of the request */
  readonly path?: string;
  /** The query string, without `?`. It can have all parts of the request. @default - the query string of the request */
  readonly query?: string;
  /** The protocol. AWS does not redirect HTTPS to HTTP. @default - the protocol of the request */
  readonly protocol?: "HTTP" | "HTTPS";
  /** The port. @default - 443 with `protocol: "HTTPS"`, 80 with `protocol: "HTTP"`, otherwise the port of the request */
  readonly port?: number;
  /** Return 301, which browsers keep, instead of 302. @default false */
  readonly permanent?: boolean;
}

/** A response of the load balancer itself. */
export interface FixedResponse {
  /** The status code: 200 to 299, or 400 to 599. */
  readonly statusCode: number;
  /** The body, of at most 1024 characters. @default - none */
  readonly messageBody?: string;
  /** The type of the body. @default "text/plain" */
  readonly contentType?: "text/plain" | "text/css" | "text/html" | "application/javascript" | "application/json";
}

/** Returns the limit of the parts of the request that a part of the redirect can have. */
const partsOf = (...parts: readonly string[]): Limit<string> => ({
  must: `have no part of the request except ${parts.map((part) => `#{${part}}`).join(", ")}`,
  fix: "AWS rejects others. Correct it.",
  check: (text) => [...text.matchAll(/#\{([^}]*)\}?/g)].every(([, part = ""]) => parts.includes(part)),
});

export const redirectSchema = schemaOf<Redirect>()(
  {
    host: string(length(1, 128, 'For example "www.#{host}".'), partsOf("host")).optional(),
    path: string(
      matches(
        "^/[!-~]{0,127}$",
        "be a path of at most 128 characters that begins with /",
        'For example "/new/#{path}".',
      ),
      partsOf("host", "path", "port"),
    ).optional(),
    query: string(
      matches(
        "^[!->@-~][!-~]{0,127}$|^$",
        "be a query string of at most 128 characters without ?",
        'For example "#{query}&lang=en".',
      ),
      partsOf("host", "path", "port", "query", "protocol"),
    ).optional(),
    protocol: plain(choice("HTTP", "HTTPS")).optional(),
    port: plain(number(wholeNumber(1, 65_535, "", "For example 8443."))).optional(),
    permanent: plain(boolean()).default(false),
  },
  function* noLoop(_, given): Findings<Redirect> {
    if ((["host", "path", "protocol", "port"] as const).some((name) => given(name))) return;
    yield { at: "path", must: "be set, or host, protocol or port", fix: "AWS rejects a redirect to the same URL." };
  },
);

export const fixedResponseSchema = schemaOf<FixedResponse>()({
  statusCode: plain(
    number({
      must: "be a whole number from 200 to 299 or from 400 to 599",
      fix: "For example 503. Use redirect for 301 and 302.",
      check: (code) => Number.isInteger(code) && code >= 200 && code <= 599 && !(code >= 300 && code <= 399),
    }),
  ),
  messageBody: string(
    length(0, 1024, "AWS limits it to 1024 characters. Serve longer pages from a container."),
  ).optional(),
  contentType: choice("text/plain", "text/css", "text/html", "application/javascript", "application/json").default(
    "text/plain",
  ),
});

const literalOf = (value: string | undefined) => (value === undefined ? undefined : literal(value));

/** Returns why a listener cannot redirect requests. @param setting the path of the rule's settings. @default - the settings themselves */
export function redirectProblems(listener: ListenerTarget, redirect: Redirect | undefined, setting = ""): Problem[] {
  if (redirect?.protocol !== "HTTP" || listener.protocol !== "HTTPS") return [];
  const rule = "must not be HTTP on an HTTPS listener";
  const fix = "AWS does not redirect HTTPS to HTTP. Remove it, or use an HTTP listener.";
  const path = `${setting === "" ? "" : `${setting}.`}redirect.protocol`;
  return [{ path, rule, received: show(redirect.protocol), fix }];
}

/** Returns what a plan checks of a redirect, if only the plan knows the listener. @param name the name of the rule */
export const redirectGuards = (
  { protocol, planned }: ListenerTarget,
  redirect: Redirect | undefined,
  name: string,
): Guard[] =>
  redirect?.protocol !== "HTTP" || protocol !== undefined || planned === undefined
    ? []
    : [
        {
          condition: hcl`${planned.protocol} == "HTTP"`.string,
          errorMessage: `redirect.protocol of ${name} must not be HTTP on an HTTPS listener. AWS does not redirect HTTPS to HTTP. Remove it, or use an HTTP listener.`,
        },
      ];

/** Returns the redirect as an action of Terraform. */
export const redirectAction = ({ host, path, query, protocol, port, permanent }: Redirect) => {
  const ofProtocol = { HTTP: "80", HTTPS: "443" } as const;
  return {
    type: "redirect",
    redirect: {
      host: literalOf(host),
      path: literalOf(path),
      query: literalOf(query),
      protocol,
      port: port === undefined ? protocol && ofProtocol[protocol] : `${port}`,
      statusCode: permanent ? "HTTP_301" : "HTTP_302",
    },
  };
};

/** Returns the response as an action of Terraform. */
export const fixedResponseAction = ({ statusCode, messageBody, contentType = "text/plain" }: FixedResponse) => ({
  type: "fixed-response",
  fixedResponse: { statusCode: `${statusCode}`, messageBody: literalOf(messageBody), contentType },
});
