import { readTaskDefinition } from "../../../cli/doctor/aws/read-task-definitions";
import { healthCheck } from "../../../cli/doctor/checks/health";
import type { ServiceFacts, TargetGroupFacts, TaskDefinitionFacts } from "../../../cli/doctor/facts";

type Port = NonNullable<TaskDefinitionFacts["containers"][number]["ports"]>[number];

const ARN = "arn:aws:ecs:eu-west-1:1:task-definition/web:7";
const SERVICE: ServiceFacts = {
  ...{ name: "web", desired: 1, running: 1, pending: 0, targetGroupArns: ["arn:tg"], events: [], deployments: [] },
  ...{ loadBalancers: [{ targetGroupArn: "arn:tg", container: "web", port: 80 }], taskDefinition: ARN },
};
const target = (state: string, reason = "", description = "") => ({
  id: "i-1",
  port: 31_001,
  state,
  reason,
  description,
});
const group = (change: Partial<TargetGroupFacts> = {}): TargetGroupFacts => ({
  ...{ arn: "arn:tg", name: "tg", balancerArns: ["arn:lb"], healthCheck: "HTTP /", targets: [target("healthy")] },
  ...change,
});
const TCP: Port = { from: 80, to: 80, protocol: "tcp" };

function decide(targetGroup: TargetGroupFacts, ports: readonly Port[] = [TCP], networkMode = "bridge") {
  const containers = [{ name: "web", image: "nginx", secrets: [], ports }];
  const definitions = [{ arn: ARN, status: "ACTIVE", networkMode, containers }];
  return healthCheck.decide({ region: "eu-west-1", services: [SERVICE], targetGroups: [targetGroup], definitions })
    .findings;
}
const causes = (...args: Parameters<typeof decide>) => decide(...args).map(({ cause }) => cause.id);

describe("the port of a service", () => {
  it.each<[string, Partial<TargetGroupFacts>, Port[]]>([
    ["is mapped", {}, [TCP]],
    ["is in a range", {}, [{ ...TCP, from: 1, to: 100 }]],
    ["gets UDP as well", { protocol: "TCP_UDP" }, [TCP, { ...TCP, protocol: "udp" }]],
  ])("fits if it %s", (_, change, ports) => {
    expect(causes(group(change), ports)).toEqual([]);
  });

  it.each<[string, Partial<TargetGroupFacts>, Port[], string]>([
    ["is not mapped", {}, [{ ...TCP, from: 8080, to: 8080 }], "container-port-missing"],
    ["is mapped for UDP", {}, [{ ...TCP, protocol: "udp" }], "target-protocol-mismatch"],
    ["gets UDP and is mapped for TCP", { protocol: "TCP_UDP" }, [TCP], "target-protocol-mismatch"],
  ])("does not fit if it %s", (_, change, ports, cause) => {
    expect(causes(group(change), ports)).toEqual([cause]);
  });

  it("is unknown without the task definition", () => {
    const facts = { region: "eu-west-1", services: [SERVICE], targetGroups: [group()], definitions: [] };
    expect(healthCheck.decide(facts).findings).toEqual([]);
  });
});

describe("the health checks of a target group", () => {
  const failed = [target("unhealthy", "Target.FailedHealthChecks", "Health checks failed")];

  it.each<[string, Parameters<typeof decide>]>([
    ["have the protocol of the requests", [group({ protocol: "HTTPS", healthCheckProtocol: "HTTPS" })]],
    ["use HTTP for a TCP target", [group({ protocol: "TCP", healthCheckProtocol: "HTTP" })]],
    [
      "use HTTP on a port of their own",
      [group({ protocol: "HTTPS", healthCheckProtocol: "HTTP", healthCheckPort: 80 })],
    ],
    ["succeed on a port that another program has", [group({ healthCheckPort: 9000 })]],
    [
      "use a fixed port of the container",
      [group({ healthCheckPort: 9000, targets: failed }), [TCP, { ...TCP, host: 9000 }]],
    ],
    ["use a port of the task in awsvpc mode", [group({ healthCheckPort: 80, targets: failed }), [TCP], "awsvpc"]],
  ])("fit if they %s", (_, args) => {
    expect(causes(...args)).toEqual([]);
  });

  it("do not fit with TLS on the port of requests without it", () => {
    expect(decide(group({ protocol: "HTTP", healthCheckProtocol: "HTTPS" }))).toMatchObject([
      {
        cause: { id: "health-check-protocol-mismatch" },
        commands: [
          "aws elbv2 modify-target-group --region eu-west-1 --target-group-arn arn:tg --health-check-protocol HTTP",
        ],
      },
    ]);
  });

  it("do not fit if they fail on a port that no container has", () => {
    expect(causes(group({ healthCheckPort: 9000, targets: failed }))).toEqual(["health-check-port-unmapped"]);
    expect(causes(group({ healthCheckPort: 9000, targets: failed }), [TCP], "awsvpc")).toEqual([
      "health-check-port-unmapped",
    ]);
  });

  it.each([
    [404, "health-check-path-missing"],
    [302, "health-check-redirected"],
    [403, "health-check-unauthorized"],
    [500, "health-check-program-error"],
  ])("say why the program answers with %d", (code, cause) => {
    const text = `Health checks failed with these codes: [${code}]`;
    const [finding, ...others] = decide(group({ targets: [target("unhealthy", "Target.ResponseCodeMismatch", text)] }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ cause: { id: cause }, evidence: [`i-1:31001 ${text}`, "health check: HTTP /"] });
  });

  it("leave other codes to the check of targets", () => {
    const text = "Health checks failed with these codes: [204]";
    expect(causes(group({ targets: [target("unhealthy", "Target.ResponseCodeMismatch", text)] }))).toEqual([]);
  });
});

describe("the ports of a task definition", () => {
  it("are single ones and ranges, with their fixed host ports", async () => {
    const portMappings = [
      { containerPort: 80, hostPort: 0 },
      { containerPort: 53, hostPort: 5353, protocol: "udp" },
      { containerPortRange: "90-99" },
    ];
    const taskDefinition = { containerDefinitions: [{ name: "web", portMappings }] };
    const definition = await readTaskDefinition({ send: async () => ({ taskDefinition }) } as never, "web");
    expect(definition?.containers[0]?.ports).toEqual([
      { from: 80, to: 80, protocol: "tcp" },
      { from: 53, to: 53, protocol: "udp", host: 5353 },
      { from: 90, to: 99, protocol: "tcp" },
    ]);
  });
});
