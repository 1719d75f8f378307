import { block, joined, type Kinds } from "../hcl/block";
import { indented } from "../hcl/value";
import { ofType, type Stack } from "../stack";
import type { JsonObject } from "../terraform-json/configuration";
import type { OpenPort } from "../terraform-json/open-ports";
import { mockData, subnetOverrides } from "./mocks";

/** What would make a network, or lead into one. */
const NETWORK_TYPES = [
  ...["aws_vpc", "aws_subnet", "aws_internet_gateway", "aws_nat_gateway", "aws_vpc_peering_connection"],
  ...["aws_route_table", "aws_ec2_transit_gateway", "aws_vpn_gateway"],
];
const SSH_NETWORKS = ["203.0.113.0/24", "2001:db8::/48"];

/**
 * `tests/plan.tftest.hcl`: Terraform's own test of the plan, with a mocked provider. It plans and never applies, because a
 * mocked apply gives ids that the real provider's own checks of ARNs refuse.
 */
export function planTest(stack: Stack): string {
  const values = Object.fromEntries(
    stack.variables.map((variable) => [variable.name, variable.isRequired ? variable.sample : variable.default]),
  );
  const blocks = [
    ["# What matters in the plan, seen with a mocked provider: terraform init, then terraform test. Nothing is made."],
    mockProvider(stack),
    ...subnetOverrides(stack).map((override) => block(["override_data"], override, {}, { target: "expression" })),
    ...(stack.variables.length > 0 ? [givenValues(values)] : []),
    run(stack, "makes_no_network", {}, networkAsserts(stack)),
    run(stack, "opens_the_ports_that_the_agent_uses", {}, portAsserts(stack)),
    run(stack, "wants_imdsv2", {}, metadataAsserts(stack)),
    ...sshRuns(stack),
  ];
  return joined(blocks.filter((lines) => lines.length > 0));
}

/**
 * Every variable, since Terraform takes what isn't given here from `terraform.tfvars`: the mocked answers are for the
 * defaults, and what an environment sets must not turn the test red.
 */
const givenValues = (values: JsonObject): string[] => [
  "# The defaults, whatever terraform.tfvars says: the mocked answers above are made for them.",
  ...block(["variables"], values, {}, { "": "literal" }),
];

function mockProvider(stack: Stack): string[] {
  const mocks = mockData(stack).map(([type, defaults]) => block(["mock_data", type], { defaults }, {}));
  if (mocks.length === 0) return ['mock_provider "aws" {}'];
  const lines = mocks.flatMap((mock, index) => (index === 0 ? mock : ["", ...mock]));
  return ['mock_provider "aws" {', ...indented(lines), "}"];
}

const RUN: Kinds = { command: "expression", expect_failures: "expression" };

interface Assert {
  readonly condition: string;
  readonly message: string;
}

/**
 * A run that only plans; nothing where there is nothing to assert. What a `check` looks at is known after an apply, and
 * Terraform counts that as failed: it is expected to.
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
  const isThere = lookup && group ? `${group.address}.vpc_id == one(${lookup.address}.ids)` : undefined;
  // Terraform wants an assertion to name an object, and a file is none.
  const anything = stack.variables[0] ? `var.${stack.variables[0].name} != null` : undefined;
  const object = isThere ?? anything;
  if (!object) return [];
  return [
    {
      condition: `length(setintersection([${types}], ${used})) == 0 && ${object}`,
      message: `No VPC, subnet, gateway or peering may be made${isThere ? ": everything is in the VPC that was looked up" : ""}.`,
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
          ? "The instances must admit exactly the host ports that the ECS agent gives to containers."
          : "The load balancer must reach exactly the host ports that the ECS agent gives to containers.",
    }));
  });
}

const metadataAsserts = (stack: Stack): Assert[] =>
  ofType(stack, "aws_launch_template").flatMap(({ address }) => [
    {
      condition: `${address}.metadata_options[0].http_tokens == "required"`,
      message: "Instances must want IMDSv2, or containers could take the instance's credentials.",
    },
    {
      condition: `${address}.metadata_options[0].http_put_response_hop_limit == 1`,
      message: "Answers of the metadata service must not get into containers.",
    },
  ]);

/** SSH is closed where nothing is asked for, open to what is asked for only, and never to the whole internet. */
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
            run(stack, "keeps_ssh_closed", {}, [
              { condition: `length(${port.address}) == 0`, message: "Nobody was to reach SSH." },
            ]),
          ]
        : []),
      run(stack, "opens_ssh_to_what_was_asked_for", { [variable]: SSH_NETWORKS }, sshAsserts(port)),
      ...(known.accepted.some((rule) => rule.includes("whole internet")) ? [refusal(stack, variable)] : []),
    ];
  });
  return [run(stack, "opens_ssh_in_no_other_way", {}, others.flat()), ...runs];
}

const sshAsserts = ({ address }: OpenPort): Assert[] => [
  {
    condition: `toset([for rule in values(${address}) : coalesce(rule.cidr_ipv4, rule.cidr_ipv6)]) == toset(${JSON.stringify(SSH_NETWORKS).replace(",", ", ")})`,
    message: "SSH must be open to the networks that were asked for, and to no other.",
  },
  {
    condition: `alltrue([for rule in values(${address}) : rule.from_port == 22 && rule.to_port == 22])`,
    message: "The rule for SSH must open port 22 alone.",
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

const refusal = (stack: Stack, variable: string): string[] =>
  block(
    ["run", "refuses_ssh_from_the_whole_internet"],
    {
      command: "plan",
      variables: { [variable]: ["0.0.0.0/0"] },
      expect_failures: [`var.${variable}`, ...checksOf(stack)],
    },
    { variables: {} },
    RUN,
  );
