import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import type { Construct } from "constructs";
import type { PolicyStatement } from "../iam/policy-statement";
import { hcl } from "../terraform/expression";
import { boolean, choice, plain, schemaOf, string } from "../validation/schema";
import type { Findings, Given, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { type ContainerProps, type ContainerSettings, containerSettingsSchema } from "./container";
import { type ImageReference, imageField } from "./container-image";
import { type Json, text, withoutUndefined } from "./ecs-json";
import type { LogDriver } from "./log-driver";

/** The container that receives the output of containers with `LogDriver.fireLens`, and sends it on. */
export interface LogRouterSettings extends ContainerSettings {
  /** The image. @default - AWS for Fluent Bit: the stable version in the region, which each plan looks up */
  readonly image?: string | ImageReference;
  /** The program in the image. @default "fluentbit" */
  readonly type?: "fluentbit" | "fluentd";
  /** Where the configuration of the program is: in the image, or in S3. @default - none: ECS generates the configuration */
  readonly configFileType?: "file" | "s3";
  /** The path in the image, or the ARN of the object in S3. The execution role can read the object. @default - none */
  readonly configFileValue?: string;
  /** Add the cluster, the task and the task definition to each message. @default true */
  readonly enableEcsLogMetadata?: boolean;
}

const OBJECT_ARN = /^arn:aws[a-z-]*:s3:::[^/]+\/.+$/;

export const logRouterSettingsSchema = schemaOf<LogRouterSettings>()(
  {
    ...containerSettingsSchema.shape,
    image: imageField.optional(),
    type: plain(choice("fluentbit", "fluentd")).default("fluentbit"),
    configFileType: plain(choice("file", "s3")).optional(),
    configFileValue: string().optional(),
    enableEcsLogMetadata: plain(boolean()).default(true),
  },
  ...containerSettingsSchema.rules,
  configurationOfRouter,
  networkOfRouter,
);

function* networkOfRouter({ logging, disableNetworking }: Known<LogRouterSettings>): Findings<LogRouterSettings> {
  if (logging?.driver === "awsfirelens") {
    const fix = "The log router cannot start before itself. Use another log driver, or remove it.";
    yield { at: "logging", must: "not be LogDriver.fireLens", fix };
  }
  if (disableNetworking) {
    const fix = "The log router needs a network to send output on. Remove it.";
    yield { at: "disableNetworking", must: "not be true for the log router", fix };
  }
}

function* configurationOfRouter(
  settings: Known<LogRouterSettings>,
  given: Given<LogRouterSettings>,
): Findings<LogRouterSettings> {
  const { type, configFileType: kind, configFileValue: value } = settings;
  if (type === "fluentd" && !given("image")) {
    const fix = 'AWS for Fluent Bit is the only image of AWS. For example "fluent/fluentd:v1.17-debian-1".';
    yield { at: "image", must: 'be set with type "fluentd"', fix };
  }
  if (given("configFileType") !== given("configFileValue")) {
    const [at, other] = given("configFileType")
      ? (["configFileValue", "configFileType"] as const)
      : (["configFileType", "configFileValue"] as const);
    yield { at, must: `be set with ${other}`, fix: "Set both, or neither." };
  }
  if (value === undefined) return;
  if (kind === "s3" && !OBJECT_ARN.test(value)) {
    const fix = "For example arn:aws:s3:::my-bucket/fluent-bit.conf.";
    yield { at: "configFileValue", must: 'be the ARN of an object in S3 with configFileType "s3"', fix };
  }
  if (kind === "file" && !value.startsWith("/")) {
    const fix = "For example /fluent-bit/etc/extra.conf.";
    yield { at: "configFileValue", must: 'be an absolute path with configFileType "file"', fix };
  }
}

/** The name of the log router. */
export const ROUTER = "log_router";

/** Whether a task has a log router. */
export const needsRouter = (
  containers: readonly ({ readonly logging?: Known<LogDriver> } | undefined)[],
  logRouter: unknown,
): boolean => logRouter !== undefined || containers.some((container) => container?.logging?.driver === "awsfirelens");

/** https://github.com/aws/aws-for-fluent-bit#using-ssm-to-find-available-versions */
const IMAGE_PARAMETER = "/aws/service/aws-for-fluent-bit/stable";

/** MiB and CPU units of a router that sets none. */
const SIZE = { memoryReservationMiB: 50, cpu: 64 };

/**
 * The health check that AWS recommends, and the file in the image of AWS that turns its server on.
 * https://github.com/aws-samples/amazon-ecs-firelens-examples/tree/mainline/examples/fluent-bit/health-check
 */
const HEALTH_CHECK = {
  containerHealthCheck: {
    command: "curl -f http://127.0.0.1:2020/api/v1/uptime || exit 1",
    intervalSeconds: 10,
    retries: 3,
    startPeriodSeconds: 30,
  },
};
const HEALTH_FILE = "/fluent-bit/configs/output-metrics-healthcheck.conf";

/** Whether the router runs the image of AWS with the configuration that ECS generates. It then has a health check. */
export const isStandard = ({ image, configFileType }: Known<LogRouterSettings>): boolean =>
  image === undefined && configFileType === undefined;

/** Returns the router as a container of the task. Looks up the image of AWS, if it has no other. */
export function routerContainer(scope: Construct, settings: LogRouterSettings): ContainerProps {
  const { image, type, configFileType, configFileValue, enableEcsLogMetadata, ...own } = settings;
  const hasMemory = own.memoryLimitMiB !== undefined || own.memoryReservationMiB !== undefined;
  return {
    ...(hasMemory ? { cpu: SIZE.cpu } : SIZE),
    ...(isStandard(settings) ? HEALTH_CHECK : {}),
    ...own,
    name: ROUTER,
    image: image ?? new DataAwsSsmParameter(scope, "log_router_image", { name: IMAGE_PARAMETER }).insecureValue,
  };
}

/** Returns the router's configuration as the API of ECS names it. */
export function firelensJson(settings: LogRouterSettings): Json {
  const { type = "fluentbit", enableEcsLogMetadata = true } = settings;
  const { configFileType, configFileValue } = isStandard(settings)
    ? { configFileType: "file", configFileValue: HEALTH_FILE }
    : settings;
  const options = withoutUndefined({
    "enable-ecs-log-metadata": `${enableEcsLogMetadata}`,
    "config-file-type": configFileType,
    "config-file-value": text(configFileValue),
  });
  return { type, options };
}

/** Returns the permissions of the execution role to read the configuration of a router. */
export function routerStatements({ configFileType, configFileValue }: LogRouterSettings): PolicyStatement[] {
  if (configFileType !== "s3" || configFileValue === undefined) return [];
  const bucket = isToken(configFileValue)
    ? hcl`split("/", ${configFileValue})[0]`.string
    : (configFileValue.split("/")[0] as string);
  return [
    { actions: ["s3:GetObject"], resources: [configFileValue] },
    { actions: ["s3:GetBucketLocation"], resources: [bucket] },
  ];
}
