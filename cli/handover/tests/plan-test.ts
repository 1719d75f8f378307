import { block, joined, type Kinds } from "../hcl/block";
import { indented } from "../hcl/value";
import { ofType, type Stack } from "../stack";
import type { JsonObject } from "../terraform-json/configuration";
import type { OpenPort } from "../terraform-json/open-ports";
import {
  type Assert,
  anything,
  encryptionAsserts,
  listedAsserts,
  permissionAsserts,
  sizeAsserts,
  worldAsserts,
} from "./guards";
import { mockData, subnetOverrides } from "./mocks";

/** What each run checks. The README lists those that the stack's test has. */
export const RUNS: Readonly<Record<string, string>> = {
  creates_no_network: "the stack creates no network",
  opens_the_port_range_of_the_agent: "the security groups open exactly the range of host ports of the ECS agent",
  requires_imdsv2: "the instances require IMDSv2",
  opens_ssh_in_no_other_rule: "no rule opens port 22, except the rule for SSH",
  keeps_ssh_closed_by_default: "SSH is closed by default",
  opens_ssh_only_to_the_given_networks: "SSH is open only to the networks that you set",
  rejects_ssh_from_the_whole_internet: "SSH cannot be open to the whole internet",
  opens_nothing_else_to_the_internet:
    "only the ports that the code opens to the internet are open to it, such as those of a load balancer",
  grants_no_admin_permissions: "no file gives a role all permissions, or all permissions of IAM",
  encrypts_volumes: "volumes and file systems are encrypted",
  keeps_the_sizes: "services and Auto Scaling groups have the sizes that the defaults set",
  checks_every_resource:
    "no file adds a security group, a rule, a role, an instance, a volume, a service or a host port that these tests do not check",
};

/** Types that create a network, or connect one. */
const NETWORK_TYPES = [
  ...["aws_vpc", "aws_subnet", "aws_internet_gateway", "aws_nat_gateway", "aws_vpc_peering_connection"],
  ...["aws_route_table", "aws_ec2_transit_gateway", "aws_vpn_gateway"],
];
const SSH_NETWORKS = ["203.0.113.0/24", "2001:db8::/48"];

/**
 * Renders `tests/plan.tftest.hcl`, a Terraform test with a mocked provider. It only plans, because a mocked apply generates
 * IDs that the provider rejects as ARNs.
 */
export function planTest(stack: Stack): string {
  const values = Object.fromEntries(
    stack.variables.map((variable) => [variable.name, variable.isRequired ? variable.sample : variable.default]),
  );
  const blocks = [
    ["# Checks the plan with a mocked provider. Creates nothing. Run terraform init, then terraform test."],
    mockProvider(stack),
    ...subnetOverrides(stack).map((override) => block(["override_data"], override, {}, { target: "expression" })),
    ...(stack.variables.length > 0 ? [givenValues(values)] : []),
    run(stack, "creates_no_network", {}, networkAsserts(stack)),
    run(stack, "opens_the_port_range_of_the_agent", {}, portAsserts(stack)),
    run(stack, "requires_imdsv2", {}, metadataAsserts(stack)),
    run(stack, "opens_nothing_else_to_the_internet", {}, worldAsserts(stack)),
    run(stack, "grants_no_admin_permissions", {}, permissionAsserts(stack)),
    run(stack, "encrypts_volumes", {}, encryptionAsserts(stack)),
    run(stack, "keeps_the_sizes", {}, sizeAsserts(stack)),
    run(stack, "checks_every_resource", {}, listedAsserts(stack)),
    ...sshRuns(stack),
  ];
  return joined(blocks.filter((lines) => lines.length > 0));
}

/**
 * Sets every variable, because Terraform reads the others from `terraform.tfvars`, and the mocked data is for the
 * defaults.
 */
const givenValues = (values: JsonObject): string[] => [
  "# The defaults, which override terraform.tfvars. The mocked data above is for these values.",
  ...block(["variables"], values, {}, { "": "literal" }),
];

function mockProvider(stack: Stack): string[] {
  const mocks = mockData(stack).map(([type, defaults]) => block(["mock_data", type], { defaults }, {}));
  if (mocks.length === 0) return ['mock_provider "aws" {}'];
  const lines = mocks.flatMap((mock, index) => (index === 0 ? mock : ["", ...mock]));
  return ['mock_provider "aws" {', ...indented(lines), "}"];
}

const RUN: Kinds = { command: "expression", expect_failures: "expression" };

/**
 * Renders a run that only plans, or nothing without assertions. Expects `check` blocks to fail, because their values are
 * unknown until the apply.
 */
function run(stack: Stack, name: string, variables: JsonObject, asserts: readonly Assert[]): string[] {
  if (asserts.length === 0) return [];
  const checks = checksOf(stack);
  const body: JsonObject = {
    command: "plan",
    ...(checks.length > 0 ? { expect_failures: checks } : {}),
    ...(Object.keys(variables).length > 0 ? { variables } : {}),
    assert: asserts.map(({ condition, message }) => ({ condition: `\${${condition}}`, error_message: message })),
  };
  return block(["run", name], body, { variables: {}, assert: {} }, RUN);
}

function networkAsserts(stack: Stack): Assert[] {
  const types = NETWORK_TYPES.map((type) => `"${type}"`).join(", ");
  const used = stack.options.hcl
    ? 'flatten(regexall("resource \\"(\\\\w+)\\"", file("./main.tf")))'
    : 'keys(jsondecode(file("./main.tf.json")).resource)';
  const [lookup] = ofType(stack, "aws_vpcs", "data");
  const [group] = ofType(stack, "aws_security_group");
  const inVpc = lookup && group ? `${group.address}.vpc_id == one(${lookup.address}.ids)` : undefined;
  const object = inVpc ?? anything(stack);
  if (!object) return [];
  return [
    {
      condition: `length(setintersection([${types}], ${used})) == 0 && ${object}`,
      message: `The stack must not create a VPC, subnet, gateway or peering${inVpc ? ", and must use the VPC that it looks up" : ""}.`,
    },
  ];
}

function portAsserts(stack: Stack): Assert[] {
  const templates = ofType(stack, "aws_launch_template").filter(({ body }) =>
    stack.references.expanded(body.user_data ?? null).includes("ECS_DYNAMIC_HOST_PORT_RANGE="),
  );
  const rules = stack.ports.filter(
    ({ from, to, ports }) => from.group && to.group && from.group !== to.group && /-/.test(ports),
  );
  return templates.flatMap((template) => {
    const range = `regex("ECS_DYNAMIC_HOST_PORT_RANGE=([0-9]+)-([0-9]+)", base64decode(${template.address}.user_data))`;
    return rules.map(({ address, direction }) => ({
      condition: `[tostring(${address}.from_port), tostring(${address}.to_port)] == ${range}`,
      message:
        direction === "in"
          ? "The instances must allow exactly the host ports that the ECS agent gives to containers."
          : "The load balancer must be allowed to connect to exactly the host ports that the ECS agent gives to containers.",
    }));
  });
}

const metadataAsserts = (stack: Stack): Assert[] =>
  ofType(stack, "aws_launch_template").flatMap(({ address, body }) => [
    {
      condition: `${address}.metadata_options[0].http_tokens == "required"`,
      message: "The launch template must require IMDSv2. Otherwise, containers can get the instance's credentials.",
    },
    // The setting httpPutResponseHopLimit can allow more.
    ...(/"http_put_response_hop_limit":1[,}]/.test(JSON.stringify(body.metadata_options ?? null))
      ? [
          {
            condition: `${address}.metadata_options[0].http_put_response_hop_limit == 1`,
            message: "The hop limit must be 1, so that containers get no response from the instance metadata service.",
          },
        ]
      : []),
  ]);

/**
 * Runs that check port 22: closed by default, open only to the networks in the variable, never open to the whole
 * internet.
 */
function sshRuns(stack: Stack): string[][] {
  const incoming = stack.ports.filter(({ direction, from }) => direction === "in" && !from.group);
  const ssh = incoming.filter(({ ports }) => ports === "tcp 22");
  const others = incoming.filter((port) => !ssh.includes(port)).map((port) => notSsh(stack, port));
  const runs = ssh.flatMap((port) => {
    const [variable = ""] = port.from.variables;
    const known = stack.variables.find(({ name }) => name === variable);
    if (!known) return [];
    const isClosed = Array.isArray(known.default) && known.default.length === 0;
    return [
      ...(isClosed
        ? [
            run(stack, "keeps_ssh_closed_by_default", {}, [
              { condition: `length(${port.address}) == 0`, message: "SSH must be closed by default." },
            ]),
          ]
        : []),
      run(stack, "opens_ssh_only_to_the_given_networks", { [variable]: SSH_NETWORKS }, sshAsserts(port)),
      ...(known.rules.some((rule) => rule.includes("whole internet")) ? [rejection(stack, variable)] : []),
    ];
  });
  return [run(stack, "opens_ssh_in_no_other_rule", {}, others.flat()), ...runs];
}

const sshAsserts = ({ address }: OpenPort): Assert[] => [
  {
    condition: `toset([for rule in values(${address}) : coalesce(rule.cidr_ipv4, rule.cidr_ipv6)]) == toset(${JSON.stringify(SSH_NETWORKS).replace(",", ", ")})`,
    message: "SSH must be open to the given networks, and to no others.",
  },
  {
    condition: `alltrue([for rule in values(${address}) : rule.from_port == 22 && rule.to_port == 22])`,
    message: "The rule for SSH must open only port 22.",
  },
];

function notSsh(stack: Stack, { address }: OpenPort): Assert[] {
  const body = stack.references.find(address)?.body;
  if (!body || body.from_port === undefined) return [];
  const isMany = body.for_each !== undefined || body.count !== undefined;
  const rules = body.for_each !== undefined ? `values(${address})` : isMany ? address : `[${address}]`;
  return [
    {
      condition: `alltrue([for rule in ${rules} : rule.from_port > 22 || rule.to_port < 22])`,
      message: "Only the rule for SSH may open port 22.",
    },
  ];
}

const checksOf = (stack: Stack): string[] => Object.keys(stack.configuration.checks).map((check) => `check.${check}`);

const rejection = (stack: Stack, variable: string): string[] =>
  block(
    ["run", "rejects_ssh_from_the_whole_internet"],
    {
      command: "plan",
      variables: { [variable]: ["0.0.0.0/0"] },
      expect_failures: [`var.${variable}`, ...checksOf(stack)],
    },
    { variables: {} },
    RUN,
  );
