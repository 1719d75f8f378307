import { ofType, type Stack } from "../stack";
import { type Element, type JsonObject, objects, strings } from "../terraform-json/configuration";
import { displayName } from "../terraform-json/display-name";

/** An assertion of a run. */
export interface Assert {
  readonly condition: string;
  readonly message: string;
}

/** All Terraform files of the folder, also those that somebody added. */
const TEXT = 'join("\\n", [for name in fileset(".", "*.{tf,tf.json}") : file(name)])';

/** The addresses of all resources in these files, in HCL and in JSON. */
const ADDRESSES =
  `concat([for resource in regexall("(?m)^resource \\"(\\\\w+)\\" \\"([\\\\w-]+)\\"", ${TEXT}) : join(".", resource)], ` +
  'flatten([for name in fileset(".", "*.tf.json") : [for type, resources in try(jsondecode(file(name)).resource, {}) : ' +
  '[for resource in keys(resources) : "${type}.${resource}"]]]))';

/** Types that can open ports, give permissions, store data or run programs. */
const GUARDED = [
  ...["aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"],
  ...["aws_default_security_group", "aws_network_interface_sg_attachment"],
  ...["aws_iam_policy", "aws_iam_policy_attachment", "aws_iam_role", "aws_iam_role_policy"],
  ...["aws_iam_role_policy_attachment", "aws_iam_user", "aws_iam_user_policy", "aws_iam_group"],
  ...["aws_instance", "aws_launch_configuration", "aws_launch_template", "aws_spot_instance_request"],
  ...["aws_ebs_volume", "aws_efs_file_system", "aws_ecs_service"],
];

/** An assertion must refer to an object of the configuration. A file is none. */
export const anything = ({ variables: [first] }: Stack): string | undefined =>
  first ? `var.${first.name} != null` : undefined;

const quotedList = (texts: readonly string[]): string => `[${texts.map((text) => `"${text}"`).join(", ")}]`;

/** A plan test can only name the values of resources that it lists, so no other resource may have a type that matters. */
export function listedAsserts(stack: Stack): Assert[] {
  const known = GUARDED.flatMap((type) => ofType(stack, type)).map(({ address }) => address);
  const object = anything(stack);
  if (!object) return [];
  const guarded = `[for address in ${ADDRESSES} : address if contains(${quotedList(GUARDED)}, split(".", address)[0])]`;
  return [
    {
      condition: `length(setsubtract(${guarded}, ${quotedList(known)})) == 0 && ${object}`,
      message:
        "A resource was added that these tests do not check. Check its ports, permissions, encryption and size here, and add its address to this list.",
    },
    {
      condition: `length(setsubtract([for port in regexall("${HOST_PORT}", ${TEXT}) : port[0]], ${quotedList(hostPortsOf(stack))})) == 0 && ${object}`,
      message:
        "A container has a host port that these tests do not list. Use 0 for a port in the range of the agent, or check that the port is outside the range and that the security groups admit it, and add it to this list.",
    },
  ];
}

/** The host port in a port mapping, in HCL and in JSON inside JSON: a number, or a variable. */
const HOST_PORT = String.raw`hostPort[\\\\\"]*\\s*[=:]\\s*([\\w.]+)`;

/** Returns the host ports of all containers. 0 is a dynamic port. */
const hostPortsOf = ({ portable: { elements } }: Stack): string[] => {
  const texts = strings(elements.map(({ body }): JsonObject => body)).map(({ text }) => text);
  const ports = texts.flatMap((text) =>
    [...text.matchAll(/hostPort[\\"]*\s*[=:]\s*([\w.]+)/g)].map(([, port = ""]) => port),
  );
  return [...new Set(ports)].sort();
};

/** Permissions for everything, in any file. */
const ADMIN = [
  '(AdministratorAccess|PowerUserAccess|IAMFullAccess)\\"',
  '[Aa]ctions?\\\\\\\\?\\"?\\\\s*[:=]\\\\s*(\\\\[[^\\\\]]*)?\\\\\\\\?\\"(iam:)?\\\\*\\\\\\\\?\\"',
];

export function permissionAsserts(stack: Stack): Assert[] {
  const object = anything(stack);
  if (!object) return [];
  return [
    {
      condition: `length(regexall("${ADMIN.join("|")}", ${TEXT})) == 0 && ${object}`,
      message: "No role may have all permissions, or all permissions of IAM.",
    },
  ];
}

const WORLD = '["0.0.0.0/0", "::/0"]';

/** Ports that are open to the internet: those of the stack, which are the load balancer's, and no others. */
export function worldAsserts(stack: Stack): Assert[] {
  const rules = ofType(stack, "aws_vpc_security_group_ingress_rule").flatMap((rule) => {
    const port = stack.ports.find(({ address }) => address === rule.address);
    return port && !port.from.group ? [{ rule, port }] : [];
  });
  const asserts = rules.map(({ rule, port }): Assert => {
    const all = instancesOf(rule);
    const isOpen = (one: string) => `contains(${WORLD}, try(coalesce(${one}.cidr_ipv4, ${one}.cidr_ipv6), ""))`;
    const { from_port: from, to_port: to } = rule.body;
    const text = port.from.text;
    const defaults = JSON.stringify(port.from.variables.map((name) => stack.configuration.variables[name]?.default));
    const isOpenNow =
      /"(0\.0\.0\.0|::)\/0"/.test(defaults) || text.startsWith("anywhere") || /(^|, )(0\.0\.0\.0|::)\/0/.test(text);
    if (!isOpenNow) {
      return {
        condition: `alltrue([for rule in ${all} : !${isOpen("rule")}])`,
        message: `The rule ${rule.address} must not be open to the whole internet.`,
      };
    }
    const isSame = typeof from === "number" && typeof to === "number";
    return {
      condition: isSame
        ? `alltrue([for rule in ${all} : rule.from_port == ${from} && rule.to_port == ${to}])`
        : `alltrue([for rule in ${all} : rule.from_port == rule.to_port])`,
      message: `The rule ${rule.address} is open to the internet, so it must open only ${port.ports}.`,
    };
  });
  const object = anything(stack);
  if (!object) return asserts;
  return [
    ...asserts,
    {
      condition: `length(regexall("(?m)^\\\\s+\\"?ingress\\"?\\\\s*[:={]", ${TEXT})) == 0 && ${object}`,
      message: "A security group must have no rules of its own (ingress). Use aws_vpc_security_group_ingress_rule.",
    },
  ];
}

const instancesOf = ({ address, body }: Element): string =>
  body.for_each !== undefined ? `values(${address})` : body.count !== undefined ? address : `[${address}]`;

/** The volumes of instances and file systems. */
export function encryptionAsserts(stack: Stack): Assert[] {
  const templates = ofType(stack, "aws_launch_template").filter(({ body }) => body.block_device_mappings !== undefined);
  return [
    ...templates.map(({ address }) => ({
      condition: `alltrue([for device in ${address}.block_device_mappings : alltrue([for volume in device.ebs : volume.encrypted == "true"])])`,
      message: `The volumes of ${address} must be encrypted.`,
    })),
    ...ofType(stack, "aws_efs_file_system").map(({ address }) => ({
      condition: `${address}.encrypted == true`,
      message: `The file system ${address} must be encrypted.`,
    })),
    ...ofType(stack, "aws_ecs_service").flatMap(({ address, body }) =>
      objects(body.volume_configuration).length > 0
        ? [
            {
              condition: `alltrue([for volume in ${address}.volume_configuration : alltrue([for own in volume.managed_ebs_volume : own.encrypted == true])])`,
              message: `The volumes of ${address} must be encrypted.`,
            },
          ]
        : [],
    ),
  ];
}

/** The numbers of tasks and instances. The run sets all variables to their defaults. */
export function sizeAsserts(stack: Stack): Assert[] {
  const sizes = [
    ...ofType(stack, "aws_ecs_service").map((element) => [element, ["desired_count"]] as const),
    ...ofType(stack, "aws_appautoscaling_target").map(
      (element) => [element, ["min_capacity", "max_capacity"]] as const,
    ),
    ...ofType(stack, "aws_autoscaling_group").map((element) => [element, ["min_size", "max_size"]] as const),
  ];
  return sizes.flatMap(([element, names]) =>
    names.flatMap((name) => {
      const size = displayName(element.body[name], stack.configuration.variables);
      if (
        size === undefined ||
        !/^\d+$/.test(size) ||
        element.body.count !== undefined ||
        element.body.for_each !== undefined
      )
        return [];
      return [
        {
          condition: `${element.address}.${name} == ${size}`,
          message: `${name} of ${element.address} must be ${size}. To change it, set its variable, or change the code.`,
        },
      ];
    }),
  );
}
