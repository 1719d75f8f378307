import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { healthCheckOf, readTargetGroups } from "../../../cli/doctor/aws/read-balancing";

describe("reading target groups", () => {
  it("makes at most 10 calls at the same time, because AWS throttles a hundred", async () => {
    let running = 0;
    let most = 0;
    const send = async ({ input }: { input: { TargetGroupArns?: string[] } }) => {
      if (input.TargetGroupArns) {
        return { TargetGroups: input.TargetGroupArns.map((TargetGroupArn) => ({ TargetGroupArn })) };
      }
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return { TargetHealthDescriptions: [{ Target: { Id: "i-1", Port: 31000 } }] };
    };
    const arns = Array.from({ length: 35 }, (_, index) => `arn:${index}`);
    const groups = await readTargetGroups({ send } as unknown as ElasticLoadBalancingV2Client, arns);
    expect(groups.map(({ arn, targets }) => [arn, targets.length])).toEqual(arns.map((arn) => [arn, 1]));
    expect(most).toBe(10);
  });

  it.each([
    [{ HealthCheckPath: "/", Matcher: { HttpCode: "200-299" } }, "HTTP /, expects 200-299 within 5 s"],
    [
      { HealthCheckPath: "/a.B/check", Matcher: { GrpcCode: "0" } },
      "HTTP /a.B/check, expects the gRPC code 0 within 5 s",
    ],
    [{ HealthCheckProtocol: "TCP" as const, HealthCheckTimeoutSeconds: 10 }, "TCP, expects a connection within 10 s"],
  ])("describes the health check of %j", (group, text) => {
    expect(healthCheckOf(group, undefined)).toBe(text);
  });
});
