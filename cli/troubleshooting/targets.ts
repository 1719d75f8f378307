import type { Symptom } from "./symptom";

/**
 * Why a target gets no requests, or a client gets no answer. The reason codes:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export const TARGETS: readonly Symptom[] = [
  {
    id: "target-status-code",
    seen: "`Target.ResponseCodeMismatch`",
    cause: "The container returns a code that `healthyHttpCodes` does not contain. The default is 200.",
    fix: "Set `healthCheck.path`, or `healthyHttpCodes`.",
  },
  {
    id: "target-no-connection",
    seen: "`Target.FailedHealthChecks`",
    cause: "Nothing listens on the port, or it uses another protocol than `targetProtocol`.",
    fix: "The program must listen on `containerPort`, on 0.0.0.0. It must use TLS if, and only if, `targetProtocol` is `HTTPS`. If it starts slowly, raise `healthCheckGracePeriodSeconds`.",
  },
  {
    id: "target-timeout",
    seen: "`Target.Timeout`",
    cause: "The response takes too long, or a security group closes the port.",
    fix: "See [killed and restarted](#containers-are-killed-and-restarted), or raise `timeoutSeconds`. The program must listen on 0.0.0.0, not on 127.0.0.1.",
  },
  {
    id: "target-unused",
    seen: "`Target.NotInUse`",
    cause: "No listener rule uses the target group, or the load balancer does not serve the zone.",
    fix: "Deploy the stack again, which restores both.",
  },
  {
    id: "target-stopped",
    seen: "`Target.InvalidState`",
    cause: "The instance is stopped or terminated.",
    fix: "Wait: ECS starts the task on another instance.",
  },
  {
    id: "target-ip-unusable",
    seen: "`Target.IpUnusable`",
    cause: "The target is the IP address of a load balancer.",
    fix: "Register instances instead.",
  },
  {
    id: "first-health-checks",
    seen: "`Elb.InitialHealthChecking`",
    cause: "The first health checks are running.",
    fix: "Wait.",
  },
  {
    id: "no-task",
    seen: "no target, and the URL returns 503",
    cause: "No task is running.",
    fix: "See [a service is stuck](#a-service-is-stuck).",
  },
  {
    id: "no-rule-matches",
    seen: "healthy targets, and the URL returns 404 with `No listener rule matches this request.`",
    cause: "No `paths` or `hosts` of a service match the request.",
    fix: "Correct `paths` or `hosts` of the service.",
  },
  {
    id: "connection-closed",
    seen: "healthy targets, and the URL returns 502 or 504",
    cause: "The program closes the connection, or takes longer than `idleTimeoutSeconds`.",
    fix: "Read its log. Set the program's keep-alive timeout above `idleTimeoutSeconds`.",
  },
  {
    id: "network-listener-closed",
    seen: "healthy targets of a listener of a Network Load Balancer, and clients cannot connect",
    cause:
      "No network of `SERVICE_LISTENER_listener_cidrs` contains the clients. Or a program that answers UDP does not answer the TCP health check, or the reverse: the check does not test UDP.",
    fix: "Add the network of the clients. Then test the container on the instance, for example with `dig @localhost -p PORT`.",
  },
  {
    id: "own-load-balancer",
    seen: "healthy targets, and a container cannot connect to its own Network Load Balancer",
    cause: "With `preserveClientIp`, an instance rejects connections from itself.",
    fix: "Set `preserveClientIp: false`, or use Service Connect.",
  },
];
