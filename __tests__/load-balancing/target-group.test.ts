import { type HealthCheck, TargetGroup, type TargetGroupSettings } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { emptyStack, mistakesOf, type Part, resource, synthesized } from "../support/synthesized";

function made(settings: TargetGroupSettings = {}, name = "users"): Part {
  const stack = emptyStack();
  new TargetGroup(stack, "targets", { cluster: clusterTarget(), name, ...settings });
  return resource(synthesized(stack), "aws_lb_target_group.targets");
}

describe("TargetGroup", () => {
  it("has AWS's own values where nothing is said, on the port that each task got", () => {
    expect(made()).toMatchObject({
      target_type: "instance",
      protocol: "HTTP",
      vpc_id: "vpc-0123456789abcdef0",
      deregistration_delay: "300",
      health_check: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: "/",
        matcher: "200",
        interval: 30,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
      },
    });
    // Without a word the provider would keep what was on before.
    expect(made().stickiness).toEqual({ enabled: false, type: "lb_cookie" });
    expect(made()).not.toHaveProperty("slow_start");
  });

  it("has the values given", () => {
    const healthCheck: HealthCheck = {
      path: "/health?deep=1",
      healthyHttpCodes: "200-299",
      intervalSeconds: 6,
      timeoutSeconds: 4,
      healthyThresholdCount: 3,
      unhealthyThresholdCount: 4,
    };
    expect(
      made({ healthCheck, deregistrationDelaySeconds: 5, slowStartSeconds: 30, stickinessSeconds: 60 }),
    ).toMatchObject({
      deregistration_delay: "5",
      slow_start: 30,
      stickiness: { enabled: true, type: "lb_cookie", cookie_duration: 60 },
      health_check: {
        path: "/health?deep=1",
        matcher: "200-299",
        interval: 6,
        timeout: 4,
        healthy_threshold: 3,
        unhealthy_threshold: 4,
      },
    });
  });

  it("talks TLS to the container by setting, the health check too", () => {
    expect(made({ targetProtocol: "HTTPS" })).toMatchObject({
      protocol: "HTTPS",
      port: 443,
      health_check: { protocol: "HTTPS", port: "traffic-port" },
    });
    expect(made().port).toBe(80);
  });

  it("has a generated name of AWS's six characters at most, and is there before the one that it replaces goes", () => {
    expect(made({}, "notifications")).toMatchObject({
      name_prefix: "notif-",
      lifecycle: { create_before_destroy: true },
    });
    expect(made({}, "db")).toMatchObject({ name_prefix: "db-", tags: { Name: "prod-db" } });
  });

  it.each<[string, TargetGroupSettings, string]>([
    [
      "a timeout that is not under its interval",
      { healthCheck: { intervalSeconds: 6, timeoutSeconds: 6 } },
      "healthCheck.timeoutSeconds must be under intervalSeconds; received 6, with intervalSeconds 6. Lower the timeout, or raise the interval.",
    ],
    [
      "an interval that is not over the default timeout",
      { healthCheck: { intervalSeconds: 5 } },
      "healthCheck.timeoutSeconds must be under intervalSeconds; received 5, with intervalSeconds 5. Lower the timeout, or raise the interval.",
    ],
    [
      "an interval that AWS doesn't take",
      { healthCheck: { intervalSeconds: 301 } },
      "healthCheck.intervalSeconds must be a whole number from 5 to 300 (seconds); received 301. The tutorial has 6, AWS's own default is 30.",
    ],
    [
      "a path without a slash",
      { healthCheck: { path: "health" } },
      'healthCheck.path must be a path that begins with /; received "health". Write it like "/" or "/health".',
    ],
    [
      "a code that no check can want",
      { healthCheck: { healthyHttpCodes: "2xx" } },
      'healthCheck.healthyHttpCodes must be HTTP codes from 200 to 499; received "2xx". Write one ("200"), several ("200,302") or a range ("200-299").',
    ],
    [
      "a range the wrong way round",
      { healthCheck: { healthyHttpCodes: "200-299,404-401" } },
      'healthCheck.healthyHttpCodes must have ranges that begin with their lower code; received "404-401". Write 401-404.',
    ],
    [
      "a threshold of one",
      { healthCheck: { healthyThresholdCount: 1 } },
      "healthCheck.healthyThresholdCount must be a whole number from 2 to 10 (checks in a row); received 1. For example 2.",
    ],
    [
      "a long deregistration",
      { deregistrationDelaySeconds: 3601 },
      "deregistrationDelaySeconds must be a whole number from 0 to 3600 (seconds); received 3601. AWS's own default is 300.",
    ],
    [
      "a short slow start",
      { slowStartSeconds: 10 },
      "slowStartSeconds must be a whole number from 30 to 900 (seconds); received 10. Leave it out for none.",
    ],
    [
      "a protocol that no load balancer of this kind speaks",
      { targetProtocol: "https" as "HTTPS" },
      'targetProtocol must be one of HTTP, HTTPS; received "https". HTTPS is for a container that listens with TLS; leave it out for HTTP.',
    ],
    [
      "stickiness of none",
      { stickinessSeconds: 0 },
      "stickinessSeconds must be a whole number from 1 to 604800 (seconds); received 0. Leave it out for none; 86400 is a day.",
    ],
  ])("refuses %s", (_, settings, message) => {
    expect(mistakesOf(() => made(settings))).toEqual([message]);
  });
});
