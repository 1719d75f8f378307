import { AwsError } from "../aws-error";
import { fakeArn, fakeHexId } from "../plan/fake";
import type { Answer } from "./fixtures";

/** AWS's public parameters with the ids of ECS images, either the recommended image or a pinned one. */
const IMAGE_PATHS: readonly RegExp[] = [
  /^\/aws\/service\/ecs\/optimized-ami\/amazon-linux-2023\/((arm64|gpu|neuron)\/)?(recommended|[\w.-]*-ecs-[\w.-]+)\/image_id$/,
  /^\/aws\/service\/ecs\/optimized-ami\/amazon-linux-2\/((arm64|gpu|inf|kernel-5\.10)\/)?(recommended|[\w.-]*-ecs-[\w.-]+)\/image_id$/,
  /^\/aws\/service\/bottlerocket\/aws-ecs-2(-nvidia|-fips)?\/(x86_64|arm64)\/(latest|\d+\.\d+\.\d+(-[0-9a-f]+)?)\/image_id$/,
];

/** AWS's public parameters with the image of the log router. */
const LOG_ROUTER = /^\/aws\/service\/aws-for-fluent-bit\/(stable|latest|\d+\.\d+\.\d+)$/;

/** Returns the image of the log router in a region. */
const logRouterImage = (path: string, region: string): string =>
  `000000000000.dkr.ecr.${region}.amazonaws.com/aws-for-fluent-bit:${path.split("/").at(-1)}`;

/** Returns the image of a public SSM parameter. It is always the same for the same path. */
export function imageId(path: string): string {
  return fakeHexId("ami", path);
}

export const ssmParameter: Answer = ({ config, fixtures, region }) => {
  const name = String(config.name);
  const given = fixtures.parameters[name];
  const usual = () => {
    if (LOG_ROUTER.test(name)) return logRouterImage(name, region);
    return IMAGE_PATHS.some((path) => path.test(name)) ? imageId(name) : undefined;
  };
  const value = given === undefined ? usual() : given;
  if (value === undefined || value === null) {
    throw new AwsError(
      `reading SSM Parameter (${name}): operation error SSM: GetParameter, https response error StatusCode: 400, ` +
        `ParameterNotFound: the parameter does not exist (offline provider: set it in the fixture parameters)`,
    );
  }
  const place = {
    region,
    partition: fixtures.partition,
    account: name.startsWith("/aws/service/") ? "" : fixtures.account,
  };
  return {
    id: name,
    arn: fakeArn(place, "ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`),
    type: "String",
    value,
    insecure_value: value,
    version: 1,
  };
};
