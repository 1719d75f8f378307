import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, hcl, LogDriver, Secret, TaskDefinition } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { evaluatedDefinitions } from "../support/definitions";
import { problemsOf } from "../support/problems";
import { at, count, emptyStack, ofType, type Part, resolved, synthesized } from "../support/synthesized";

Testing.setupJest();

const TOKEN_SECRET = Secret.fromSecretsManager("arn:aws:secretsmanager:eu-west-1:111122223333:secret:splunk-AbCdEf");

function synthesize(props: Partial<Ec2ServiceProps>): Part {
  const stack = emptyStack();
  new Ec2Service(stack, "web", { cluster: clusterTarget(), image: "web:1", ...props });
  return synthesized(stack);
}

/** Returns the log configuration of the container web, as text of an expression. */
const configurationOf = (logging: LogDriver, props: Partial<Ec2ServiceProps> = {}) =>
  evaluatedDefinitions(synthesize({ logging, ...props }))[0]?.logConfiguration;

const BASE = { tag: "{{.Name}}", labels: ["a", "b"], env: ["STAGE"], envRegex: "^X_" };
const BASE_OPTIONS = { tag: "{{.Name}}", labels: "a,b", env: "STAGE", "env-regex": "^X_" };

describe("LogDriver", () => {
  it("writes to the log group of the task by default, as without logging", () => {
    const options = {
      "awslogs-group": "aws_cloudwatch_log_group.web_task_definition_log_group.name",
      "awslogs-region": "eu-west-1",
      "awslogs-stream-prefix": "web",
      mode: "non-blocking",
      "max-buffer-size": "25m",
    };
    expect(configurationOf(LogDriver.awsLogs())).toEqual({ logDriver: "awslogs", options });
    expect(evaluatedDefinitions(synthesize({}))[0]?.logConfiguration).toEqual({ logDriver: "awslogs", options });
  });

  it("has the mode of the task, unless it has its own", () => {
    expect(configurationOf(LogDriver.awsLogs(), { logMode: "blocking" })).toMatchObject({
      options: { mode: "blocking" },
    });
    const own = configurationOf(LogDriver.awsLogs({ mode: "non-blocking", maxBufferSize: "4m" }), {
      logMode: "blocking",
    });
    expect(own).toMatchObject({ options: { mode: "non-blocking", "max-buffer-size": "4m" } });
    expect(configurationOf(LogDriver.awsLogs({ mode: "blocking" }))).not.toHaveProperty("options.max-buffer-size");
  });

  it("sets each option of awslogs", () => {
    expect(configurationOf(LogDriver.awsLogs({ streamPrefix: "team", multilinePattern: "^\\d" }))).toMatchObject({
      options: { "awslogs-stream-prefix": "team", "awslogs-multiline-pattern": "^\\d" },
    });
    expect(configurationOf(LogDriver.awsLogs({ datetimeFormat: "%Y-%m-%d" }))).toMatchObject({
      options: { "awslogs-datetime-format": "%Y-%m-%d" },
    });
  });

  it("writes to a log group that exists, with the right of the execution role", () => {
    const json = synthesize({ logging: LogDriver.awsLogs({ logGroup: "/shared/web" }) });
    expect(evaluatedDefinitions(json)[0]?.logConfiguration).toMatchObject({
      options: { "awslogs-group": "/shared/web" },
    });
    const policy = at(json, "resource", "aws_iam_role_policy", "web_task_definition_execution_role_policy", "policy");
    expect(policy).toContain('"log-group:/shared/web:*"');
    expect(count(json, "aws_cloudwatch_log_group")).toBe(1);
  });

  it("creates a log group of the container for another retention or class", () => {
    const sidecars = [
      {
        name: "audit",
        image: "audit:1",
        logging: LogDriver.awsLogs({ retention: 365, logGroupClass: "INFREQUENT_ACCESS" }),
      },
      { name: "proxy", image: "envoy:1", logging: LogDriver.awsLogs({ retention: 1 }) },
    ] as const;
    const groups = ofType(synthesize({ sidecars, logRetentionDays: 30 }), "aws_cloudwatch_log_group");
    expect(groups).toMatchObject({
      web_task_definition_log_group: { name: "/ecs/prod/web", retention_in_days: "${var.web_log_retention_days}" },
      // Another class is another group, so it has another name.
      web_task_definition_log_group_audit: {
        name: "/ecs/prod/web/audit-infrequent-access",
        retention_in_days: 365,
        log_group_class: "INFREQUENT_ACCESS",
      },
      web_task_definition_log_group_proxy: { name: "/ecs/prod/web/proxy", retention_in_days: 1 },
    });
    expect(groups.web_task_definition_log_group).not.toHaveProperty("log_group_class");
  });

  it.each<[string, () => LogDriver, object]>([
    [
      "splunk",
      () =>
        LogDriver.splunk({
          ...{
            secretToken: TOKEN_SECRET,
            url: "https://splunk.example.com:8088",
            source: "s",
            sourceType: "t",
            index: "i",
          },
          ...{
            caPath: "/ca.pem",
            caName: "splunk",
            insecureSkipVerify: false,
            format: "json",
            verifyConnection: false,
          },
          ...{ gzip: true, gzipLevel: 9, ...BASE },
        }),
      {
        ...{ "splunk-url": "https://splunk.example.com:8088", "splunk-source": "s", "splunk-sourcetype": "t" },
        ...{ "splunk-index": "i", "splunk-capath": "/ca.pem", "splunk-caname": "splunk", "splunk-format": "json" },
        ...{ "splunk-insecureskipverify": "false", "splunk-verify-connection": "false", "splunk-gzip": "true" },
        ...{ "splunk-gzip-level": "9", ...BASE_OPTIONS },
      },
    ],
    [
      "fluentd",
      () =>
        LogDriver.fluentd({
          ...{ address: "logs:24224", async: true, bufferLimit: 10, retryWaitSeconds: 2, maxRetries: 3 },
          ...{ subSecondPrecision: true, ...BASE },
        }),
      {
        ...{ "fluentd-address": "logs:24224", "fluentd-async": "true", "fluentd-buffer-limit": "10" },
        ...{ "fluentd-retry-wait": "2s", "fluentd-max-retries": "3", "fluentd-sub-second-precision": "true" },
        ...BASE_OPTIONS,
      },
    ],
    [
      "gelf",
      () =>
        LogDriver.gelf({
          ...{ address: "udp://logs:12201", compressionType: "zlib", compressionLevel: 9, tcpMaxReconnect: 2 },
          ...{ tcpReconnectDelaySeconds: 3, ...BASE },
        }),
      {
        ...{ "gelf-address": "udp://logs:12201", "gelf-compression-type": "zlib", "gelf-compression-level": "9" },
        ...{ "gelf-tcp-max-reconnect": "2", "gelf-tcp-reconnect-delay": "3", ...BASE_OPTIONS },
      },
    ],
    [
      "syslog",
      () =>
        LogDriver.syslog({
          ...{ address: "tcp+tls://logs:6514", facility: "local0", tlsCaCert: "/ca", tlsCert: "/cert", tlsKey: "/key" },
          ...{ tlsSkipVerify: true, format: "rfc5424", ...BASE },
        }),
      {
        ...{ "syslog-address": "tcp+tls://logs:6514", "syslog-facility": "local0", "syslog-tls-ca-cert": "/ca" },
        ...{ "syslog-tls-cert": "/cert", "syslog-tls-key": "/key", "syslog-tls-skip-verify": "true" },
        ...{ "syslog-format": "rfc5424", ...BASE_OPTIONS },
      },
    ],
    ["journald", () => LogDriver.journald(BASE), BASE_OPTIONS],
    [
      "json-file",
      () => LogDriver.jsonFile({ maxSize: "10m", maxFile: 3, compress: true, ...BASE }),
      { "max-size": "10m", "max-file": "3", compress: "true", ...BASE_OPTIONS },
    ],
    ["awsfirelens", () => LogDriver.fireLens({ options: { Name: "stdout" } }), { Name: "stdout" }],
  ])("sets each option of %s by Docker's name, as text", (logDriver, create, options) => {
    expect(configurationOf(create())).toMatchObject({ logDriver, options });
    expect(Object.keys(create().options).sort()).toEqual(Object.keys(options).sort());
  });

  it("has no options without any", () => {
    expect(configurationOf(LogDriver.none())).toEqual({ logDriver: "none" });
    expect(configurationOf(LogDriver.journald())).toEqual({ logDriver: "journald" });
    expect(configurationOf(LogDriver.journald({ env: [], labels: [] }))).toEqual({ logDriver: "journald" });
  });

  it("passes further options on, which replace the others", () => {
    const driver = LogDriver.jsonFile({ maxSize: "1m", options: { "max-size": "2m", "cache-disabled": "true" } });
    expect(driver.options).toEqual({ "max-size": "2m", "cache-disabled": "true" });
  });

  it("has options that are secrets, which the execution role can read", () => {
    const url = Secret.fromSsmParameter("arn:aws:ssm:eu-west-1:111122223333:parameter/gelf");
    const logging = LogDriver.splunk({
      secretToken: TOKEN_SECRET,
      url: "https://a",
      secretOptions: { "splunk-index": url },
    });
    const json = synthesize({ logging });
    expect(evaluatedDefinitions(json)[0]?.logConfiguration).toMatchObject({
      secretOptions: [
        { name: "splunk-index", valueFrom: "arn:aws:ssm:eu-west-1:111122223333:parameter/gelf" },
        { name: "splunk-token", valueFrom: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:splunk-AbCdEf" },
      ],
    });
    const policy = at(json, "resource", "aws_iam_role_policy", "web_task_definition_execution_role_policy", "policy");
    expect(policy).toContain('"Action" = ["ssm:GetParameters"]');
    expect(policy).toContain("secret:splunk-AbCdEf");
  });

  it("deploys the service when a secret of the log driver changes, with redeployOnChange", () => {
    const secretToken = Secret.fromSecretsManager("arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbCdEf", {
      redeployOnChange: true,
    });
    const json = synthesize({ logging: LogDriver.splunk({ secretToken, url: "https://a" }) });
    expect(Object.keys(at(json, "resource", "aws_ecs_service", "web", "triggers") as Part)).toEqual([
      "web log splunk-token",
    ]);
  });

  it("has references as options", () => {
    const stack = emptyStack();
    const logging = LogDriver.gelf({ address: hcl`"udp://\${aws_instance.logs.private_ip}:12201"`.string });
    const containers = [{ name: "web", image: "web:1", logging }];
    new TaskDefinition(stack, "task", { cluster: clusterTarget(), name: "web", containers });
    const text = at(synthesized(stack), "resource", "aws_ecs_task_definition", "task", "container_definitions");
    expect(text).toContain('"gelf-address" = tostring("udp://${aws_instance.logs.private_ip}:12201")');
    expect(resolved(stack, logging.options)).toBeDefined();
  });
});

describe("the validation of LogDriver", () => {
  it.each<[string, () => unknown, ...string[]]>([
    [
      "settings of two log groups",
      () => LogDriver.awsLogs({ logGroup: "/a", retention: 7, logGroupClass: "STANDARD" }),
      "retention must not be set with logGroup; received 7. The log group that exists has its own. Remove one of the two.",
      'logGroupClass must not be set with logGroup; received "STANDARD". The log group that exists has its own. Remove one of the two.',
    ],
    [
      "two starts of a message",
      () => LogDriver.awsLogs({ multilinePattern: "^a", datetimeFormat: "%Y" }),
      'datetimeFormat must not be set with multilinePattern; received "%Y". Docker accepts one. Remove one of the two.',
    ],
    [
      "a buffer without its mode",
      () => LogDriver.awsLogs({ mode: "blocking", maxBufferSize: "4m" }),
      'maxBufferSize must not be set with mode "blocking"; received "4m". This mode has no buffer. Remove it.',
    ],
    [
      "a password in a URL",
      () => LogDriver.splunk({ secretToken: TOKEN_SECRET, url: "https://user:password@splunk.example.com" }),
      "url must be a URL without a user; received a value that is not shown. For example https://splunk.example.com:8088.",
    ],
    [
      "a buffer with the mode of the task",
      () => synthesize({ logMode: "blocking", logging: LogDriver.awsLogs({ maxBufferSize: "4m" }) }),
      'logging must not have maxBufferSize with logMode "blocking"; received "4m". This mode has no buffer. Remove it, or set mode of LogDriver.awsLogs to "non-blocking".',
    ],
    [
      "the same name as an option and as a secret",
      () => LogDriver.fireLens({ options: { Password: "a" }, secretOptions: { Password: TOKEN_SECRET } }),
      "secretOptions.Password must have a name that options does not have; received a value that is not shown. Remove one of the two.",
    ],
    [
      "the number of files without their size",
      () => LogDriver.jsonFile({ maxFile: 3 }),
      "maxFile must not be set without maxSize; received 3. Set maxSize, or remove it.",
    ],
  ])("rejects %s", (_, create, ...problems) => {
    expect(problemsOf(create)).toEqual(problems);
  });
});
