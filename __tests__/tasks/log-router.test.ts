import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, hcl, LogDriver, ServiceImage } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { evaluatedDefinitions } from "../support/definitions";
import { problemsOf } from "../support/problems";
import { at, emptyStack, type Part, synthesized } from "../support/synthesized";

Testing.setupJest();

const logging = LogDriver.fireLens({ options: { Name: "cloudwatch_logs" } });

function synthesize(props: Partial<Ec2ServiceProps>): Part {
  const stack = emptyStack();
  new Ec2Service(stack, "web", { cluster: clusterTarget(), image: "web:1", ...props });
  return synthesized(stack);
}

const problems = (props: Partial<Ec2ServiceProps>) => problemsOf(() => synthesize(props));
const routerOf = (props: Partial<Ec2ServiceProps>) =>
  evaluatedDefinitions(synthesize(props)).find(({ name }) => name === "log_router");
const policyOf = (json: Part) =>
  at(json, "resource", "aws_iam_role_policy", "web_task_definition_execution_role_policy", "policy");

describe("the log router", () => {
  it("is AWS for Fluent Bit of the region, with the health check that AWS recommends, and logs to the task's group", () => {
    const json = synthesize({ logging });
    expect(JSON.stringify(json)).toHaveDataSourceWithProperties(DataAwsSsmParameter, {
      name: "/aws/service/aws-for-fluent-bit/stable",
    });
    expect(evaluatedDefinitions(json).map(({ name }) => name)).toEqual(["web", "log_router"]);
    expect(evaluatedDefinitions(json)[1]).toMatchObject({
      image: "data.aws_ssm_parameter.web_task_definition_log_router_image.insecure_value",
      essential: true,
      cpu: 64,
      memoryReservation: 50,
      healthCheck: {
        command: ["CMD-SHELL", "curl -f http://127.0.0.1:2020/api/v1/uptime || exit 1"],
        interval: 10,
        timeout: 5,
        retries: 3,
        startPeriod: 30,
      },
      logConfiguration: { logDriver: "awslogs" },
      firelensConfiguration: {
        type: "fluentbit",
        options: {
          "enable-ecs-log-metadata": "true",
          "config-file-type": "file",
          "config-file-value": "/fluent-bit/configs/output-metrics-healthcheck.conf",
        },
      },
    });
    expect(evaluatedDefinitions(json)[1]).not.toHaveProperty("memory");
    // The role can pull the image, whose name Terraform knows at plan.
    expect(policyOf(json)).toContain("data.aws_ssm_parameter.web_task_definition_log_router_image.insecure_value");
  });

  it("is in no task without FireLens", () => {
    expect(routerOf({})).toBeUndefined();
    expect(at(synthesize({}), "data", "aws_ssm_parameter")).toBeUndefined();
  });

  it("is one router for all containers of the task", () => {
    const json = synthesize({ logging, sidecars: [{ name: "proxy", image: "envoy:1", logging }] });
    expect(evaluatedDefinitions(json).map(({ name }) => name)).toEqual(["web", "proxy", "log_router"]);
  });

  it("has the settings of a container", () => {
    const logRouter = { memoryLimitMiB: 128, cpu: 10, environment: { LEVEL: "debug" }, essential: false };
    expect(routerOf({ logging, logRouter })).toMatchObject({
      ...{ memory: 128, cpu: 10, essential: false },
      environment: expect.arrayContaining([{ name: "LEVEL", value: "debug" }]),
    });
    expect(routerOf({ logging, logRouter })).not.toHaveProperty("memoryReservation");
  });

  it("reads its configuration from a file of its image", () => {
    const logRouter = { configFileType: "file", configFileValue: "/extra.conf", enableEcsLogMetadata: false } as const;
    const router = routerOf({ logging, logRouter });
    expect(router?.firelensConfiguration).toEqual({
      type: "fluentbit",
      options: {
        "enable-ecs-log-metadata": "false",
        "config-file-type": "file",
        "config-file-value": "/extra.conf",
      },
    });
    // The health check needs the server of the configuration that this one replaces.
    expect(router).not.toHaveProperty("healthCheck");
  });

  it("reads its configuration from S3, with the rights of the execution role", () => {
    const logRouter = { configFileType: "s3", configFileValue: "arn:aws:s3:::config/team/fluent.conf" } as const;
    const json = synthesize({ logging, logRouter });
    expect(evaluatedDefinitions(json)[1]?.firelensConfiguration).toMatchObject({
      options: { "config-file-type": "s3", "config-file-value": "arn:aws:s3:::config/team/fluent.conf" },
    });
    expect(policyOf(json)).toContain(
      '"Action" = ["s3:GetObject"], "Resource" = ["arn:aws:s3:::config/team/fluent.conf"] }, { "Effect" = "Allow", "Action" = ["s3:GetBucketLocation"], "Resource" = ["arn:aws:s3:::config"] }',
    );
    const reference = { configFileType: "s3", configFileValue: hcl`"\${aws_s3_bucket.a.arn}/f"`.string } as const;
    expect(policyOf(synthesize({ logging, logRouter: reference }))).toContain(
      '"Resource" = [split("/", "${aws_s3_bucket.a.arn}/f")[0]]',
    );
  });

  it("has another image and another program", () => {
    const logRouter = { image: "fluentd:1", type: "fluentd" } as const;
    const router = routerOf({ logging, logRouter });
    expect(router).toMatchObject({
      image: "fluentd:1",
      firelensConfiguration: { type: "fluentd", options: { "enable-ecs-log-metadata": "true" } },
    });
    expect(router).not.toHaveProperty("healthCheck");
    const stack = emptyStack();
    const image = new ServiceImage(stack, "router");
    new Ec2Service(stack, "web", { cluster: clusterTarget(), image: "web:1", logging, logRouter: { image } });
    expect(evaluatedDefinitions(synthesized(stack))[1]?.image).toBe("var.router_image");
  });

  it("counts as a container of the task", () => {
    const sidecars = Array.from({ length: 9 }, (_, index) => ({ name: `c${index}`, image: "a:1" }));
    expect(problems({ logging, sidecars })).toEqual([
      'logRouter must be one of at most 10 containers; received "11 containers". LogDriver.fireLens adds a container with the log router. Remove another container.',
    ]);
    const sidecar = [{ name: "log_router", image: "a:1" }];
    expect(problems({ logging, sidecars: sidecar })).toEqual([
      'sidecars[0].name must not be log_router, the name of the log router; received "log_router". LogDriver.fireLens adds a container with this name. Use another name.',
    ]);
    expect(problems({ sidecars: sidecar })).toEqual([]);
    expect(problems({ logging, dependsOn: { log_router: "HEALTHY" } })).toEqual([]);
  });

  it.each<[string, Partial<Ec2ServiceProps>, string]>([
    [
      "Fluentd without an image",
      { logRouter: { type: "fluentd" } },
      'logRouter.image must be set with type "fluentd"; received nothing. AWS for Fluent Bit is the only image of AWS. For example "fluent/fluentd:v1.17-debian-1".',
    ],
    [
      "its own output",
      { logRouter: { logging } },
      "logRouter.logging must not be LogDriver.fireLens; received an instance of LogDriver. The log router cannot start before itself. Use another log driver, or remove it.",
    ],
    [
      "a router without a network",
      { logRouter: { disableNetworking: true } },
      "logRouter.disableNetworking must not be true for the log router; received true. The log router needs a network to send output on. Remove it.",
    ],
    [
      "a task without a network",
      { logging, networkMode: "none" },
      "logging must not be LogDriver.fireLens with networkMode none; received an instance of LogDriver. The log router needs a network to send output on. Use another log driver, or another networkMode.",
    ],
    [
      "a type without a file",
      { logRouter: { configFileType: "file" } },
      "logRouter.configFileValue must be set with configFileType; received nothing. Set both, or neither.",
    ],
    [
      "a file without a type",
      { logRouter: { configFileValue: "/a" } },
      "logRouter.configFileType must be set with configFileValue; received nothing. Set both, or neither.",
    ],
    [
      "a path for S3",
      { logRouter: { configFileType: "s3", configFileValue: "/a" } },
      'logRouter.configFileValue must be the ARN of an object in S3 with configFileType "s3"; received "/a". For example arn:aws:s3:::my-bucket/fluent-bit.conf.',
    ],
    [
      "an ARN for a file",
      { logRouter: { configFileType: "file", configFileValue: "arn:aws:s3:::a/b" } },
      'logRouter.configFileValue must be an absolute path with configFileType "file"; received "arn:aws:s3:::a/b". For example /fluent-bit/etc/extra.conf.',
    ],
  ])("rejects %s", (_, props, problem) => {
    expect(problems(props)).toEqual([problem]);
  });
});
