import { literal } from "../terraform/expression";
import { length, matches, wholeNumber } from "../validation/rule";
import { boolean, choice, number, plain, schemaOf, string } from "../validation/schema";
import type { Findings } from "../validation/settings-rule";

/** A redirect to another URL. Parts that are not set stay as they are, and can use `#{host}`, `#{path}`, `#{query}`, `#{port}` and `#{protocol}`. */
export interface Redirect {
  /** The host. @default - the host of the request */
  readonly host?: string;
  /** The path: `/new/#{path}`. It begins with a slash. @default - the path of the request */
  readonly path?: string;
  /** The query string, without `?`. @default - the query string of the request */
  readonly query?: string;
  /** The protocol. @default - the protocol of the request */
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

export const redirectSchema = schemaOf<Redirect>()(
  {
    host: string(length(1, 128, 'For example "www.#{host}".')).optional(),
    path: string(
      matches(
        "^/[!-~]{0,127}$",
        "be a path of at most 128 characters that begins with /",
        'For example "/new/#{path}".',
      ),
    ).optional(),
    query: string(
      matches(
        "^[!->@-~][!-~]{0,127}$|^$",
        "be a query string of at most 128 characters without ?",
        'For example "#{query}&lang=en".',
      ),
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
