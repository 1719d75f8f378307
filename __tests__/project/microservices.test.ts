import { readFileSync } from "node:fs";
import { synthesizeApp } from "../support/examples";
import { at, count, type Part, resource } from "../support/synthesized";

const source = readFileSync("examples/microservices.ts", "utf8");

/** The values of the tutorial: https://github.com/awslabs/amazon-ecs-nodejs-microservices, ecs.yml and deploy.sh. */
describe("examples/microservices.ts", () => {
  const json = synthesizeApp("examples/microservices.ts").microservices as Part;

  it.each([
    ["users", "/api/users*", 1],
    ["threads", "/api/threads*", 2],
    ["posts", "/api/posts*", 3],
  ])("has the tutorial's rule, target group, health check and task for %s", (name, path, priority) => {
    expect(resource(json, `aws_lb_listener_rule.${name}_rule`)).toMatchObject({
      priority,
      condition: [{ path_pattern: { values: [path] } }],
      action: [{ type: "forward", target_group_arn: `\${aws_lb_target_group.${name}_target_group.arn}` }],
    });
    expect(resource(json, `aws_lb_target_group.${name}_target_group`)).toMatchObject({
      protocol: "HTTP",
      port: 80,
      health_check: {
        protocol: "HTTP",
        path: "/",
        interval: 6,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
      },
    });
    expect(resource(json, `aws_ecs_service.${name}`).desired_count).toBe(`\${var.${name}_desired_count}`);
    const { container_definitions } = resource(json, `aws_ecs_task_definition.${name}_task_definition`);
    expect(container_definitions).toContain(`"cpu" = var.${name}_cpu, "memory" = var.${name}_memory_limit_mib`);
    expect(container_definitions).toContain('"containerPort" = 3000, "hostPort" = 0');
    const defaults = { cpu: 256, memory_limit_mib: 256, desired_count: 1, log_retention_days: 14 };
    for (const [variable, value] of Object.entries(defaults)) {
      expect(at(json, "variable", `${name}_${variable}`)).toMatchObject({ default: value });
    }
    expect(at(json, "variable", `${name}_image`)).toMatchObject({ type: "string", nullable: false });
  });

  it("has a worker without a target group, and the load balancer of the tutorial", () => {
    expect([
      count(json, "aws_ecs_service"),
      count(json, "aws_lb_target_group"),
      count(json, "aws_lb_listener_rule"),
    ]).toEqual([4, 3, 3]);
    expect(resource(json, "aws_lb.load_balancer").idle_timeout).toBe(30);
    const { retention_in_days } = resource(json, "aws_cloudwatch_log_group.users_task_definition_log_group");
    expect(retention_in_days).toBe("${var.users_log_retention_days}");
  });

  it("creates the three services of the tutorial's deploy.sh in at most twelve lines", () => {
    const services = source.slice(source.indexOf("const healthCheck"), source.indexOf("// No route"));
    const lines = services.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//"));
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(services.match(/new Ec2Service/g)).toHaveLength(3);
  });
});
