import type { State, StateResource } from "./example-life";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
}

interface Rule {
  readonly from_port: number;
  readonly to_port: number;
  readonly referenced_security_group_id: string | null;
}

/** Resources that create a network or connect networks. */
const NETWORK = /^aws_(vpc|subnet|(internet|nat|vpn|ec2_transit)_gateway|vpc_peering_connection|route_table)$/;

/** Expects what must be true of every stack after an apply, with all settings. */
export function expectSafe({ resources }: State): void {
  const managed = resources.filter(({ mode }) => mode === "managed");
  expect(managed.length).toBeGreaterThan(5);
  expect(managed.filter(({ type }) => NETWORK.test(type))).toEqual([]);
  expectClosed(managed);
  expectNarrow(managed);
}

/** Expects no rule for SSH, no access of containers to the credentials of the instance, and rules for the agent's ports. */
function expectClosed(managed: readonly StateResource[]): void {
  const rules = valuesOf<Rule>(managed, /^aws_vpc_security_group_(in|e)gress_rule$/);
  const fromAnywhere = valuesOf<Rule>(managed, /ingress_rule$/).filter((rule) => !rule.referenced_security_group_id);
  expect(fromAnywhere.filter(({ from_port, to_port }) => from_port <= 22 && to_port >= 22)).toEqual([]);
  const range = (rule: Rule) => [rule.from_port, rule.to_port].join("-");
  const dynamic = rules.filter((rule) => rule.referenced_security_group_id && rule.from_port < rule.to_port).map(range);
  const isBalanced = managed.some(({ type }) => type === "aws_lb");
  for (const { metadata_options, user_data } of valuesOf<LaunchTemplate>(managed, /^aws_launch_template$/)) {
    expect(metadata_options).toMatchObject([{ http_tokens: "required", http_put_response_hop_limit: 1 }]);
    const [, ports] = /ECS_DYNAMIC_HOST_PORT_RANGE=([0-9-]+)/.exec(Buffer.from(user_data, "base64").toString()) ?? [];
    if (ports) expect(new Set(dynamic)).toEqual(new Set(isBalanced ? [ports] : []));
  }
}

interface LaunchTemplate {
  readonly metadata_options: unknown;
  readonly user_data: string;
}

/** Expects no policy with wildcards for both action and resource, no role for any principal, and no permission that the agent and the task share. */
function expectNarrow(managed: readonly StateResource[]): void {
  const inline = managed.filter(({ type }) => ["aws_iam_role_policy", "aws_iam_policy"].includes(type));
  const permissions = (resource: StateResource) =>
    valuesOf<{ policy: string }>([resource], /policy$/)
      .flatMap(({ policy }) => statementsOf(policy))
      .flatMap(({ Action, Resource }) =>
        listed(Action).flatMap((action) => listed(Resource).map((on) => ({ action, on }))),
      );
  const executionRoles = managed.filter(({ type, name }) => type === "aws_iam_role" && name.endsWith("execution_role"));
  const named = inline.map(({ name }) => name);
  expect(named).toEqual(expect.arrayContaining(executionRoles.map(({ name }) => `${name}_policy`)));
  for (const resource of inline) {
    const wide = permissions(resource).filter(({ action, on }) => action.includes("*") && on === "*");
    expect([resource.name, wide]).toEqual([resource.name, []]);
  }
  for (const { assume_role_policy } of valuesOf<{ assume_role_policy: string }>(managed, /^aws_iam_role$/)) {
    expect(JSON.stringify(statementsOf(assume_role_policy).map(({ Principal }) => Principal))).not.toContain('"*"');
  }
  const texts = (part: string) =>
    inline
      .filter(({ name }) => name.includes(part))
      .flatMap((resource) => permissions(resource).map((permission) => JSON.stringify(permission)));
  const task = new Set(texts("task_role"));
  expect(texts("execution_role").filter((permission) => task.has(permission))).toEqual([]);
}

const valuesOf = <Values>(resources: readonly StateResource[], type: RegExp): Values[] =>
  resources
    .filter((resource) => type.test(resource.type))
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes as Values));
const listed = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === "string" ? [value] : value;
const statementsOf = (policy: string): Statement[] =>
  (JSON.parse(policy) as { Statement?: Statement[] }).Statement ?? [];
