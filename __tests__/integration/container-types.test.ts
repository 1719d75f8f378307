import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Fn, TerraformVariable, Token } from "cdktf";
import { type ContainerProps, LogDriver, Secret, TaskDefinition } from "../../src";
import { containerSettingsSchema } from "../../src/tasks/container";
import { containerHealthCheckSchema } from "../../src/tasks/container-health-check";
import { clusterTarget } from "../support/cluster-target";
import { emptyStack, synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

// The provider decodes container_definitions into the types of the ECS API, and rejects a number for text.
describeTerraform("the types of container definitions", (lab) => {
  const stack = emptyStack();
  const variables: Record<string, unknown> = {};
  const variable = (id: string, value: unknown, type = "any") => {
    variables[id] = value;
    return new TerraformVariable(stack, id, { type });
  };
  const port = variable("port", 5432, "number");
  const digits = variable("digits", "512", "string");
  const few = variable("few", "6", "string");
  const yes = variable("yes", "true", "string");
  const ports = variable("ports", [80, 443], "list(number)");
  const numbers = variable("ports_by_name", { B_PORT: 5432, A_PORT: 6379 }, "map(number)");
  const texts = variable("texts_by_name", { MODE: "fast", AWS_REGION: "us-east-1" }, "map(string)");
  const file = variable("file", "arn:aws:s3:::config/users.env", "string").stringValue;
  const check = variable("check", ["CMD", "nc", 5432]);
  const logs = new CloudwatchLogGroup(stack, "logs", { name: "x", retentionInDays: 14 });
  const text = port.stringValue;
  const number = digits.numberValue;
  const small = few.numberValue;

  /** Each setting with a reference to a value of another type. */
  const converted: Omit<Required<ContainerProps>, "name" | "image"> = {
    containerPort: number,
    cpu: number,
    memoryLimitMiB: number,
    memoryReservationMiB: small,
    environment: {
      PORT: text,
      NUMBER: `${port.numberValue}`,
      DAYS: `${logs.retentionInDays}`,
      NAME: logs.name,
      BOOLEAN: Token.asString(yes.value),
    },
    command: ports.listValue,
    entryPoint: ["serve", text],
    workingDirectory: text,
    user: text,
    essential: yes.value as boolean,
    containerHealthCheck: {
      command: ["CMD", "nc", text],
      intervalSeconds: number,
      timeoutSeconds: small,
      retries: small,
      startPeriodSeconds: small,
    },
    ulimits: [{ name: "nofile", softLimit: small, hardLimit: number }],
    readonlyRootFilesystem: yes.value as boolean,
    startTimeoutSeconds: number,
    stopTimeoutSeconds: number,
    gpuCount: small,
    privileged: yes.value as boolean,
    linuxParameters: {
      capabilities: { drop: ["ALL"] },
      devices: [{ hostPath: "/dev/a", containerPath: text }],
      sharedMemorySizeMiB: number,
      tmpfs: [{ containerPath: text, sizeMiB: small, mountOptions: ["noexec"] }],
      maxSwapMiB: small,
      swappiness: small,
    },
    systemControls: [{ namespace: "net.core.somaxconn", value: text }],
    hostname: text,
    extraHosts: { db: text },
    dnsServers: [text],
    dnsSearchDomains: [text],
    disableNetworking: yes.value as boolean,
    dockerLabels: { a: text },
    dockerSecurityOptions: [text],
    interactive: yes.value as boolean,
    pseudoTerminal: yes.value as boolean,
    versionConsistency: text,
    credentialSpecs: [text],
    environmentFiles: [file],
    restartPolicy: { ignoredExitCodes: [small], restartAttemptPeriodSeconds: number },
    containerOverrides: { stopTimeout: 6 },
    logging: LogDriver.fluentd({
      ...{ address: text, async: yes.value as never, bufferLimit: small, retryWaitSeconds: small },
      ...{ labels: ports.listValue, options: { "fluentd-max-retries": text } },
    }),
  } as never;
  const task = (name: string, container: Partial<ContainerProps>) =>
    new TaskDefinition(stack, name, {
      cluster: clusterTarget(),
      name,
      enableExecuteCommand: name === "guarded",
      containers: [{ name, image: "nginx:1.27", ...container }],
    });
  task("converted", converted);
  task("numbers", { environment: numbers.value });
  task("merged", { environment: Fn.merge([texts.value, { PORT: text }]) });
  task("map", { environment: Token.asStringMap(texts.value) });
  const readOnly = variable("read_only", false, "bool");
  const others = variable("other_texts", {}, "map(string)");
  task("guarded", {
    environment: others.value,
    secrets: { MODE: Secret.fromSsmParameter("/mode") },
    readonlyRootFilesystem: readOnly.value as boolean,
  });
  task("checked", { containerHealthCheck: { command: Token.asList(check.value) } });

  let resources: readonly { readonly address: string; readonly values: Record<string, string> }[];
  beforeAll(async () => {
    const terraform = await lab.terraform({ configuration: synthesized(stack), variables });
    const { status, stderr } = await terraform.apply();
    expect([status, stderr]).toEqual([0, ""]);
    ({ resources } = terraform.state());
  });
  const containerOf = (name: string) => {
    const task = resources.find(({ address }) => address === `aws_ecs_task_definition.${name}`);
    return JSON.parse(task?.values.container_definitions ?? "")[0];
  };

  it("are those of ECS for references to values of other types", () => {
    expect(containerOf("converted")).toMatchObject({
      essential: true,
      cpu: 512,
      memory: 512,
      memoryReservation: 6,
      portMappings: [{ containerPort: 512 }],
      environment: [
        { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
        { name: "AWS_REGION", value: "eu-west-1" },
        { name: "BOOLEAN", value: "true" },
        { name: "DAYS", value: "14" },
        { name: "NAME", value: "x" },
        { name: "NUMBER", value: "5432" },
        { name: "PORT", value: "5432" },
      ],
      command: ["80", "443"],
      entryPoint: ["serve", "5432"],
      workingDirectory: "5432",
      user: "5432",
      privileged: true,
      readonlyRootFilesystem: true,
      startTimeout: 512,
      stopTimeout: 6,
      linuxParameters: {
        capabilities: { drop: ["ALL"] },
        devices: [{ hostPath: "/dev/a", containerPath: "5432" }],
        sharedMemorySize: 512,
        tmpfs: [{ containerPath: "5432", size: 6, mountOptions: ["noexec"] }],
        maxSwap: 6,
        swappiness: 6,
      },
      systemControls: [{ namespace: "net.core.somaxconn", value: "5432" }],
      hostname: "5432",
      extraHosts: [{ hostname: "db", ipAddress: "5432" }],
      dnsServers: ["5432"],
      dnsSearchDomains: ["5432"],
      disableNetworking: true,
      dockerLabels: { a: "5432" },
      dockerSecurityOptions: ["5432"],
      interactive: true,
      pseudoTerminal: true,
      versionConsistency: "5432",
      credentialSpecs: ["5432"],
      environmentFiles: [{ value: "arn:aws:s3:::config/users.env", type: "s3" }],
      restartPolicy: { enabled: true, ignoredExitCodes: [6], restartAttemptPeriod: 512 },
      logConfiguration: {
        logDriver: "fluentd",
        options: {
          ...{ "fluentd-address": "5432", "fluentd-async": "true", "fluentd-buffer-limit": "6" },
          ...{ "fluentd-retry-wait": "6s", labels: "80,443", "fluentd-max-retries": "5432" },
        },
      },
      resourceRequirements: [{ type: "GPU", value: "6" }],
      ulimits: [{ name: "nofile", softLimit: 6, hardLimit: 512 }],
      healthCheck: { command: ["CMD", "nc", "5432"], interval: 512, timeout: 6, retries: 6, startPeriod: 6 },
    });
  });

  it("are tested for every setting that accepts a reference", () => {
    const others = [
      "secrets",
      "dependsOn",
      "links",
      "mountPoints",
      "neuronDeviceCount",
      "initProcessEnabled",
      "pullThroughCache",
      "repositoryCredentials",
      "portMappings",
      "volumesFrom",
    ];
    expect(
      Object.keys(containerSettingsSchema.shape)
        .filter((name) => !others.includes(name))
        .sort(),
    ).toEqual(Object.keys(converted).sort());
    expect(Object.keys(containerHealthCheckSchema.shape)).toEqual(Object.keys(converted.containerHealthCheck));
  });

  it("are text for each variable of a map that only Terraform knows, in the order of ECS", () => {
    expect(containerOf("numbers").environment).toEqual([
      { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
      { name: "AWS_REGION", value: "eu-west-1" },
      { name: "A_PORT", value: "6379" },
      { name: "B_PORT", value: "5432" },
    ]);
    expect(containerOf("merged").environment).toEqual([
      { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
      { name: "AWS_REGION", value: "us-east-1" },
      { name: "MODE", value: "fast" },
      { name: "PORT", value: "5432" },
    ]);
    expect(containerOf("map").environment).toEqual([
      { name: "AWS_DEFAULT_REGION", value: "eu-west-1" },
      { name: "AWS_REGION", value: "us-east-1" },
      { name: "MODE", value: "fast" },
    ]);
  });

  it("keep the command of a health check that only Terraform knows", () => {
    expect(containerOf("checked").healthCheck.command).toEqual(["CMD", "nc", "5432"]);
  });

  it("are compared at plan: a read-only file system with ECS Exec, and a name of environment and secrets", async () => {
    const terraform = await lab.terraform({
      configuration: synthesized(stack),
      variables: { ...variables, read_only: true, other_texts: { MODE: "fast", B: "c" } },
    });
    const { status, stderr } = await terraform.plan();
    expect(status).toBe(1);
    const text = stderr.replace(/[\s│]+/g, " ");
    expect(text).toContain("readonlyRootFilesystem of container guarded must not be true with enableExecuteCommand");
    expect(text).toContain("environment of container guarded must have no name that secrets has; received MODE.");
  });

  it.each<readonly string[][]>([[["nc"]], [["CMD"]], [["CMD-SHELL", "nc", "x"]], [["CMD", "CMD-SHELL", "nc"]]])(
    "reject the command %j at plan",
    async (check) => {
      const terraform = await lab.terraform({ configuration: synthesized(stack), variables: { ...variables, check } });
      const { status, stderr } = await terraform.plan();
      expect(status).toBe(1);
      expect(stderr.replace(/[\s│]+/g, " ").replaceAll(", ", ",")).toContain(
        `The command of the health check of container checked must be ["CMD-SHELL",command] or ["CMD",program,...arguments]; received ${JSON.stringify(check)}. For example`,
      );
    },
  );
});
