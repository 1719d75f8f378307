import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Testing } from "cdktf";
import {
  Ec2Service,
  type EcsClusterTarget,
  type HealthCheck,
  hcl,
  TargetGroup,
  type TargetGroupSettings,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

const synthesize = (settings: TargetGroupSettings = {}, name = "users"): string =>
  Testing.synthScope((stack) => {
    new TargetGroup(stack, "targets", { cluster: clusterTarget(), name, ...settings });
  });

describe("TargetGroup", () => {
  it("uses AWS's defaults, and checks each task on its own port", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(LbTargetGroup, {
      target_type: "instance",
      protocol: "HTTP",
      protocol_version: "HTTP1",
      port: 80,
      vpc_id: "vpc-0123456789abcdef0",
      deregistration_delay: "300",
      load_balancing_cross_zone_enabled: "use_load_balancer_configuration",
      stickiness: { enabled: false, type: "lb_cookie" },
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
    expect(json).not.toContain("slow_start");
    expect(resourceCounts(json)).toEqual({ aws_lb_target_group: 1, terraform_data: 1 });
  });

  it("renders every setting", () => {
    const healthCheck: HealthCheck = {
      path: "/health?deep=1",
      healthyHttpCodes: "200-299",
      intervalSeconds: 6,
      timeoutSeconds: 4,
      healthyThresholdCount: 3,
      unhealthyThresholdCount: 4,
    };
    const json = synthesize({
      healthCheck,
      deregistrationDelaySeconds: 5,
      slowStartSeconds: 30,
      stickinessSeconds: 60,
      crossZoneEnabled: true,
    });
    expect(json).toHaveResourceWithProperties(LbTargetGroup, {
      deregistration_delay: "5",
      slow_start: 30,
      load_balancing_cross_zone_enabled: "true",
      stickiness: { enabled: true, type: "lb_cookie", cookie_duration: 60 },
      health_check: expect.objectContaining({
        path: "/health?deep=1",
        matcher: "200-299",
        interval: 6,
        timeout: 4,
        healthy_threshold: 3,
        unhealthy_threshold: 4,
      }),
    });
  });

  it("speaks gRPC, and checks it with gRPC codes", () => {
    expect(synthesize({ protocolVersion: "GRPC" })).toHaveResourceWithProperties(LbTargetGroup, {
      protocol: "HTTP",
      protocol_version: "GRPC",
      health_check: expect.objectContaining({ path: "/AWS.ALB/healthcheck", matcher: "12" }),
    });
    const healthCheck = { path: "/grpc.health.v1.Health/Check", healthyGrpcCodes: "0" };
    expect(synthesize({ protocolVersion: "GRPC", healthCheck })).toHaveResourceWithProperties(LbTargetGroup, {
      health_check: expect.objectContaining({ path: "/grpc.health.v1.Health/Check", matcher: "0" }),
    });
    expect(synthesize({ protocolVersion: "HTTP2" })).toHaveResourceWithProperties(LbTargetGroup, {
      protocol_version: "HTTP2",
      health_check: expect.objectContaining({ path: "/", matcher: "200" }),
    });
  });

  it("is not for gRPC behind an HTTP listener", () => {
    const loadBalancer = { listenerArn: "arn:listener/app/a/b/c", protocol: "HTTP" } as const;
    const cluster = clusterTarget({ loadBalancer });
    const message =
      'protocolVersion must not be GRPC behind an HTTP listener; received "GRPC". Set https of the load balancer, or use HTTP2.';
    const props = { cluster, name: "users", protocolVersion: "GRPC" } as const;
    expect(problemsOf(() => new TargetGroup(emptyStack(), "targets", props))).toEqual([message]);
    const service = { cluster, containerPort: 80, paths: ["/a"], protocolVersion: "GRPC" } as const;
    expect(problemsOf(() => new Ec2Service(emptyStack(), "users", service))).toEqual([message]);
  });

  it("is one of at most 100 of its load balancer, in all stacks and on all listeners", () => {
    const stack = clusterStack({ loadBalancer: { listeners: { admin: { port: 8443 } } } });
    const loadBalancer = stack.loadBalancer?.listeners.admin;
    const add = (index: number) =>
      new TargetGroup(stack, `g${index}`, {
        ...{ cluster: stack, name: "users", loadBalancer: index % 2 === 0 ? loadBalancer : undefined },
      });
    for (let index = 0; index < 99; index++) add(index);
    const message = (count: number) =>
      `loadBalancer must be a load balancer with fewer than 100 target groups, because AWS does not raise this quota; received a load balancer with ${count}. Add another load balancer to loadBalancers of the cluster, and use it for some services.`;
    const routes = { a: { paths: ["/a"], containerPort: 81 }, b: { paths: ["/b"], loadBalancer } };
    const service = (id: string) => () =>
      new Ec2Service(stack, id, {
        ...{ cluster: stack, containerPort: 80, portMappings: [{ containerPort: 81 }], routes },
      });
    expect(problemsOf(service("one"))).toEqual([message(100)]);
    add(99);
    expect(problemsOf(service("two"))).toEqual([message(100), message(101)]);
    expect(problemsOf(() => add(100))).toEqual([message(100)]);
  });

  it("counts both target groups of a service with a deployment strategy", () => {
    const stack = clusterStack();
    for (let index = 0; index < 97; index++) new TargetGroup(stack, `g${index}`, { cluster: stack, name: "users" });
    const service = (id: string) => () =>
      new Ec2Service(stack, id, {
        ...{ cluster: stack, containerPort: 80, paths: [`/${id}`], networkMode: "awsvpc" },
        deployment: { strategy: "BLUE_GREEN" },
      });
    expect(problemsOf(service("one"))).toEqual([]);
    expect(problemsOf(service("two"))).toEqual([
      expect.stringMatching(/^loadBalancer must be .* fewer than 100 target/),
    ]);
  });

  it("has an algorithm, an application cookie and the healthy targets that it needs", () => {
    const json = synthesize({
      loadBalancingAlgorithmType: "weighted_random",
      enableAnomalyMitigation: true,
      stickinessSeconds: 60,
      stickinessCookieName: "JSESSIONID",
      targetGroupHealth: {
        dnsMinimumHealthyTargetCount: 2,
        routingMinimumHealthyTargetPercentage: 20,
        dnsMinimumHealthyTargetPercentage: 50,
      },
    });
    expect(json).toHaveResourceWithProperties(LbTargetGroup, {
      load_balancing_algorithm_type: "weighted_random",
      load_balancing_anomaly_mitigation: "on",
      stickiness: { enabled: true, type: "app_cookie", cookie_duration: 60, cookie_name: "JSESSIONID" },
      target_group_health: {
        dns_failover: { minimum_healthy_targets_count: "2", minimum_healthy_targets_percentage: "50" },
        unhealthy_state_routing: { minimum_healthy_targets_count: 1, minimum_healthy_targets_percentage: "20" },
      },
    });
    expect(synthesize({ enableAnomalyMitigation: false })).toHaveResourceWithProperties(LbTargetGroup, {
      load_balancing_anomaly_mitigation: "off",
    });
  });

  describe("on a cluster with Spot instances", () => {
    const delayOn = (spot: unknown, settings: TargetGroupSettings = {}): unknown => {
      const instanceCapacity = { details: "${data.types}", maxSize: 2, reservedMemoryMiB: 0, spot: spot as boolean };
      const json = Testing.synthScope((stack) => {
        new TargetGroup(stack, "targets", { cluster: clusterTarget({ instanceCapacity }), name: "users", ...settings });
      });
      return Object.values<{ deregistration_delay: string }>(JSON.parse(json).resource.aws_lb_target_group)[0]
        ?.deregistration_delay;
    };

    it("leaves time for SIGTERM before the instance ends, two minutes after its notice", () => {
      expect(delayOn(true)).toBe("90");
      expect(delayOn(false)).toBe("300");
      expect(delayOn(true, { deregistrationDelaySeconds: 30 })).toBe("30");
    });

    it("decides at plan when only Terraform knows whether there are Spot instances", () => {
      expect(delayOn(hcl`local.spot`)).toBe("${tostring(local.spot ? 90 : 300)}");
    });
  });

  it("keeps requests in their zone, also by a value that only Terraform knows", () => {
    const of = (crossZoneEnabled: unknown) => synthesize({ crossZoneEnabled: crossZoneEnabled as boolean });
    expect(of(false)).toHaveResourceWithProperties(LbTargetGroup, { load_balancing_cross_zone_enabled: "false" });
    expect(of(hcl`var.cross`)).toHaveResourceWithProperties(LbTargetGroup, {
      load_balancing_cross_zone_enabled: "${tostring(var.cross)}",
    });
  });

  it("accepts a deregistration delay that only Terraform knows", () => {
    expect(synthesize({ deregistrationDelaySeconds: hcl`var.delay`.number })).toHaveResourceWithProperties(
      LbTargetGroup,
      { deregistration_delay: "${tostring(var.delay)}" },
    );
  });

  it("uses HTTPS for requests and health checks with targetProtocol HTTPS", () => {
    expect(synthesize({ targetProtocol: "HTTPS" })).toHaveResourceWithProperties(LbTargetGroup, {
      protocol: "HTTPS",
      port: 443,
      health_check: expect.objectContaining({ protocol: "HTTPS", port: "traffic-port" }),
    });
  });

  it.each([
    ["notifications", "notif-"],
    ["db", "db-"],
  ])("gives the group of %s a generated name, so that a replacement can exist beside it", (name, prefix) => {
    expect(synthesize({}, name)).toHaveResourceWithProperties(LbTargetGroup, {
      name_prefix: prefix,
      lifecycle: expect.objectContaining({ create_before_destroy: true }),
      tags: expect.objectContaining({ Name: `prod-${name}` }),
    });
  });

  describe("is replaced with its load balancer", () => {
    const triggerOf = (loadBalancer: EcsClusterTarget["loadBalancer"]) => {
      const { resource } = JSON.parse(
        Testing.synthScope((stack) => {
          new TargetGroup(stack, "targets", { cluster: clusterTarget({ loadBalancer }), name: "users" });
        }),
      );
      const [group] = Object.values<{ lifecycle: { replace_triggered_by?: unknown } }>(resource.aws_lb_target_group);
      const [address, body] = Object.entries<{ input: unknown }>(resource.terraform_data ?? {})[0] ?? [];
      return { by: group?.lifecycle.replace_triggered_by, address, input: body?.input };
    };

    it("whose ARN follows from the listener's ARN", () => {
      const { by, address, input } = triggerOf(clusterTarget().loadBalancer);
      expect(by).toEqual([`terraform_data.${address}`]);
      expect(input).toEqual({
        load_balancer_arn:
          '${replace(join("/", slice(split("/", "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/prod-alb/0a1b/2c3d"), 0, 4)), ":listener/", ":loadbalancer/")}',
      });
    });

    it("whose ARN the cluster has, so that another listener changes nothing", () => {
      const { input } = triggerOf({
        listenerArn: "${aws_lb_listener.https.arn}",
        loadBalancerArn: "${aws_lb.alb.arn}",
      });
      expect(input).toEqual({ load_balancer_arn: "${aws_lb.alb.arn}" });
    });

    it("only if the cluster has one", () => {
      expect(triggerOf(undefined)).toEqual({ by: undefined, address: undefined, input: undefined });
    });
  });

  it.each<[string, TargetGroupSettings, string]>([
    [
      "a timeout that is not below the interval",
      { healthCheck: { intervalSeconds: 6, timeoutSeconds: 6 } },
      "healthCheck.timeoutSeconds must be below intervalSeconds, which is 6; received 6. Lower the timeout, or raise the interval.",
    ],
    [
      "an interval that is not above the default timeout",
      { healthCheck: { intervalSeconds: 5 } },
      "healthCheck.timeoutSeconds must be below intervalSeconds, which is 5; received the default, 5. Lower the timeout, or raise the interval.",
    ],
    [
      "an interval that AWS rejects",
      { healthCheck: { intervalSeconds: 301 } },
      "healthCheck.intervalSeconds must be a whole number from 5 to 300 (seconds); received 301. For example 30.",
    ],
    [
      "a path without a slash",
      { healthCheck: { path: "health" } },
      'healthCheck.path must be a path that begins with /; received "health". For example "/" or "/health".',
    ],
    [
      "an HTTP code that AWS rejects",
      { healthCheck: { healthyHttpCodes: "2xx" } },
      'healthCheck.healthyHttpCodes must be HTTP codes from 200 to 499; received "2xx". Write one code ("200"), several ("200,302") or a range ("200-299").',
    ],
    [
      "a reversed range",
      { healthCheck: { healthyHttpCodes: "200-299,404-401" } },
      'healthCheck.healthyHttpCodes must have the lower code of a range first; received "200-299,404-401". Swap the codes, as in "200-299".',
    ],
    [
      "a threshold of one",
      { healthCheck: { healthyThresholdCount: 1 } },
      "healthCheck.healthyThresholdCount must be a whole number from 2 to 10 (checks in a row); received 1. For example 2.",
    ],
    [
      "a deregistration delay above an hour",
      { deregistrationDelaySeconds: 3601 },
      "deregistrationDelaySeconds must be a whole number from 0 to 3600 (seconds); received 3601. For example 300.",
    ],
    [
      "stickiness without cross-zone",
      { crossZoneEnabled: false, stickinessSeconds: 60 },
      "crossZoneEnabled must be true with stickinessSeconds; received false. Remove one of the two.",
    ],
    [
      "a slow start that is too short",
      { slowStartSeconds: 10 },
      "slowStartSeconds must be a whole number from 30 to 900 (seconds); received 10. Remove it for no slow start.",
    ],
    [
      "an unknown protocol",
      { targetProtocol: "https" as "HTTPS" },
      'targetProtocol must be one of "HTTP", "HTTPS"; received "https". Choose one of these.',
    ],
    [
      "stickiness of zero seconds",
      { stickinessSeconds: 0 },
      "stickinessSeconds must be a whole number from 1 to 604800 (seconds); received 0. For example 86400, which is a day.",
    ],
  ])("rejects %s", (_, settings, message) => {
    expect(problemsOf(() => synthesize(settings))).toEqual([message]);
  });
});
