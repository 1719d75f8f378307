import { AwsError } from "../aws-error";
import { fakeArn, fakeHexId } from "../plan/fake";
import { isObject, type ObjectValue, textsOf } from "../wire/values";
import { filtered } from "./filters";
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

/** An image of the account, which has the architecture of x86 and a root device of 30 GiB unless `existing` has it. */
export const machineImage: Answer = (question) => {
  const { config, fixtures } = question;
  const filters = Array.isArray(config.filter) ? config.filter.filter(isObject) : [];
  const wanted = (name: string) => textsOf(filters.find((filter) => filter.name === name)?.values ?? null)[0];
  const id = wanted("image-id") ?? fakeHexId("ami", wanted("name") ?? "");
  const usual: ObjectValue = {
    name: (wanted("name") ?? id).replaceAll("*", "offline"),
    architecture: "x86_64",
    owner_id: fixtures.account,
    root_device_name: "/dev/xvda",
    root_device_type: "ebs",
    state: "available",
    virtualization_type: "hvm",
  };
  const given = (fixtures.existing.aws_ami ?? [{ id, tags: tagsIn(filters) }]) as ObjectValue[];
  const images = given.map((image) => ({ ...usual, ...image, image_id: image.id ?? null }));
  const [found] = filtered(images, config, "aws_ami");
  if (!found) {
    throw new AwsError("Your query returned no results. Please change your search criteria and try again.");
  }
  const root = [
    { device_name: found.root_device_name ?? null, no_device: "", virtual_name: "", ebs: { volume_size: "30" } },
  ];
  return { block_device_mappings: root, ...found };
};

/** Returns the tags that filters ask for. */
const tagsIn = (filters: readonly ObjectValue[]): ObjectValue =>
  Object.fromEntries(
    filters
      .filter(({ name }) => String(name).startsWith("tag:"))
      .map(({ name, values }) => [String(name).slice("tag:".length), textsOf(values ?? null)[0] ?? null]),
  );

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
