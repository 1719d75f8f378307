import { ApplicationLoadBalancer, type ApplicationLoadBalancerProps } from "../../src";
import { Parts } from "../support/parts";
import { at, count, emptyStack, mistakesOf, resolved, resource, synthesized } from "../support/synthesized";

function made(props: Partial<ApplicationLoadBalancerProps> = {}) {
  const stack = emptyStack();
  const { vpc, portRules } = new Parts(stack, { rules: { httpCidrs: ["0.0.0.0/0"], https: true } });
  const balancer = new ApplicationLoadBalancer(stack, "alb", { name: "prod", vpc, portRules, ...props });
  const json = synthesized(stack);
  return { stack, balancer, json, block: resource(json, "aws_lb.alb") };
}

const mistakes = (props: Partial<ApplicationLoadBalancerProps>) => mistakesOf(() => made(props));
const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/0a1b";
const NOT_FOUND = {
  type: "fixed-response",
  fixed_response: {
    content_type: "text/plain",
    status_code: "404",
    message_body: "No service has a rule for this path.",
  },
};

describe("ApplicationLoadBalancer", () => {
  it("faces the internet, takes every subnet, and drops invalid headers", () => {
    expect(made().block).toMatchObject({
      name: "prod-alb",
      load_balancer_type: "application",
      internal: false,
      subnets: "${sort(keys(data.aws_subnet.vpc_subnet))}",
      security_groups: ["${aws_security_group.ports_load_balancer.id}"],
      drop_invalid_header_fields: true,
      idle_timeout: 60,
      enable_deletion_protection: false,
    });
  });

  it("answers 404 over HTTP until a service brings its rule", () => {
    const { json } = made();
    expect(resource(json, "aws_lb_listener.alb_http")).toMatchObject({
      load_balancer_arn: "${aws_lb.alb.arn}",
      port: 80,
      protocol: "HTTP",
      default_action: [NOT_FOUND],
    });
    expect(count(json, "aws_lb_listener")).toBe(1);
  });

  it("serves HTTPS where there is a certificate, and lets HTTP redirect", () => {
    const { json } = made({ certificateArn });
    expect(resource(json, "aws_lb_listener.alb_https")).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      certificate_arn: certificateArn,
      default_action: [NOT_FOUND],
    });
    expect(resource(json, "aws_lb_listener.alb_http").default_action).toEqual([
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
    ]);
  });

  it("hands out the listener that services put their rules on, and the address", () => {
    const outOf = ({ stack, balancer }: ReturnType<typeof made>) =>
      [balancer.listenerArn, balancer.url, balancer.loadBalancerArn].map((value) => resolved(stack, value));
    expect(outOf(made())).toEqual([
      "${aws_lb_listener.alb_http.arn}",
      "http://${aws_lb.alb.dns_name}",
      "${aws_lb.alb.arn}",
    ]);
    expect(outOf(made({ certificateArn })).slice(0, 2)).toEqual([
      "${aws_lb_listener.alb_https.arn}",
      "https://${aws_lb.alb.dns_name}",
    ]);
  });

  it("takes idle timeout, deletion protection, TLS policy and access logs as they are given", () => {
    const sslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
    const accessLogs = { bucket: "logs", prefix: "${alb}" };
    const { json, block } = made({
      certificateArn,
      sslPolicy,
      accessLogs,
      idleTimeoutSeconds: 30,
      deletionProtection: true,
    });
    expect(block).toMatchObject({
      idle_timeout: 30,
      enable_deletion_protection: true,
      access_logs: { enabled: true, bucket: "logs", prefix: "$${alb}" },
    });
    expect(resource(json, "aws_lb_listener.alb_https").ssl_policy).toBe(sslPolicy);
    expect(made().block).not.toHaveProperty("access_logs");
  });

  it("wants subnets in two zones at plan, and says what to do where there is one", () => {
    expect(at(made().block, "lifecycle", "precondition")).toContainEqual({
      condition: "${length(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone])) >= 2}",
      error_message:
        'A load balancer needs subnets in two zones at least; there are subnets in ${join(", ", sort(distinct([for subnet in data.aws_subnet.vpc_subnet : subnet.availability_zone])))} only. Make the missing default subnet (aws ec2 create-default-subnet --availability-zone ZONE), or leave the load balancer out (loadBalancer: false).',
    });
  });

  it("refuses a name that is over 32 characters once it is composed", () => {
    expect(mistakes({ name: "a".repeat(28) })).toEqual([]);
    expect(mistakes({ name: "a".repeat(29) })).toEqual([
      `name must be 1 to 32 characters long; received "${"a".repeat(29)}-alb". Load balancers' names end there; shorten it.`,
    ]);
  });

  it.each([
    [
      "internal-web",
      'name must not start with internal- or sg-; received "internal-web-alb". AWS keeps those prefixes; choose another name.',
    ],
    [
      "my_web",
      'name must hold letters, digits and hyphens only, with no hyphen at either end; received "my_web-alb". Load balancers accept nothing else.',
    ],
  ])("refuses a name that no load balancer can have: %s", (name, message) => {
    expect(mistakes({ name })).toEqual([message]);
  });

  it("refuses a bad certificate and a bad timeout in one error", () => {
    expect(mistakes({ certificateArn: "mine", idleTimeoutSeconds: 4001 })).toEqual([
      'certificateArn must be the ARN of a certificate in AWS Certificate Manager; received "mine". List those there are: aws acm list-certificates',
      "idleTimeoutSeconds must be a whole number from 1 to 4000 (seconds); received 4001. 60 is AWS's own default.",
    ]);
  });

  it("refuses a bucket and a prefix that AWS refuses, in one error", () => {
    expect(mistakes({ accessLogs: { bucket: "my..logs", prefix: "/alb/AWSLogs" } })).toEqual([
      'accessLogsBucket must be a name that S3 lets people choose; received "my..logs". No two dots in a row, no IP address, and none of the beginnings and endings that AWS keeps: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
      'accessLogsPrefix must not contain AWSLogs; received "/alb/AWSLogs". The load balancer adds that itself, after the prefix.',
      'accessLogsPrefix must neither begin nor end with a slash; received "/alb/AWSLogs". Write it like "alb" or "logs/alb", or leave it out.',
    ]);
  });

  it("refuses port rules without a group for it", () => {
    const stack = emptyStack();
    const { vpc, portRules } = new Parts(stack);
    expect(() => new ApplicationLoadBalancer(stack, "alb", { name: "prod", vpc, portRules })).toThrow(
      "test/alb: the port rules have no group for a load balancer. Give PortRules httpCidrs.",
    );
  });
});

describe("a listener that its port rules don't admit", () => {
  const listening = (
    rules: { https?: boolean; http?: boolean },
    props: { certificateArn?: string; redirectHttp?: boolean },
  ) =>
    mistakesOf(() => {
      const stack = emptyStack();
      const { vpc, portRules } = new Parts(stack, { rules: { httpCidrs: ["0.0.0.0/0"], ...rules } });
      return new ApplicationLoadBalancer(stack, "alb", { name: "prod", vpc, portRules, ...props });
    });

  it("is refused", () => {
    expect(listening({}, { certificateArn })).toEqual([
      "portRules must admit https, which this load balancer listens to; received https: false. Give PortRules https: true.",
    ]);
    expect(listening({ http: false }, {})).toHaveLength(1);
    expect(listening({ http: false, https: true }, { certificateArn })).toHaveLength(1);
  });

  it("is no listener where HTTP doesn't redirect", () => {
    expect(listening({ http: false, https: true }, { certificateArn, redirectHttp: false })).toEqual([]);
  });
});
