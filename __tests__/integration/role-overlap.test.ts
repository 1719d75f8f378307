import { AGENT_ACTIONS, mayDo, resourceOf } from "../../cli/doctor/checks/role";
import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service, type EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { appliedState } from "../support/example-life";
import { EXAMPLE_FIXTURES, exampleValues, synthesizeApp } from "../support/examples";
import { partOf } from "../support/part-of";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

type OneOrMany = string | readonly string[];
interface Permission {
  readonly action: string;
  readonly resource: string;
}
const listed = (value: OneOrMany): readonly string[] => [value].flat() as string[];

function permissionsOf(policy: string): Permission[] {
  const { Statement } = JSON.parse(policy) as { Statement: { Action: OneOrMany; Resource: OneOrMany }[] };
  return Statement.flatMap(({ Action, Resource }) =>
    listed(Action).flatMap((action) => listed(Resource).map((resource) => ({ action, resource }))),
  );
}

/** Returns true if a text can match both patterns of IAM. */
function overlap(one: string, other: string): boolean {
  if (one === "" && other === "") return true;
  if (one.startsWith("*")) return overlap(one.slice(1), other) || (other !== "" && overlap(one, other.slice(1)));
  if (other.startsWith("*")) return overlap(other, one);
  if (one === "" || other === "") return false;
  return (one[0] === other[0] || one[0] === "?" || other[0] === "?") && overlap(one.slice(1), other.slice(1));
}

/** Returns the permissions that both have. */
const shared = (one: readonly Permission[], other: readonly Permission[]): string[] =>
  one
    .filter(({ action, resource }) =>
      other.some((one) => overlap(action.toLowerCase(), one.action.toLowerCase()) && overlap(resource, one.resource)),
    )
    .map(({ action, resource }) => `${action} on ${resource}`);

/** The statements of the AWS managed policy for instances that execution roles have too. */
const MANAGED = JSON.stringify({
  Statement: [
    {
      Action: ["ecs:Submit*", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "logs:PutLogEvents"],
      Resource: "*",
    },
  ],
});

describeTerraform("the permissions of the instance role, execution roles and task roles", (lab) => {
  /** Applies the inline policies and the resources that they refer to. Returns the permissions by kind of role, with ARNs. */
  async function applied(
    configuration: Configuration,
  ): Promise<Record<"instance" | "execution" | "task", Permission[]>> {
    const { aws_iam_role_policy: policies, ...others } = configuration.resource as Record<string, object>;
    // The JSON does not have the statements of managed policies.
    expect(others).not.toHaveProperty("aws_iam_role_policy_attachment");
    const part = partOf(configuration, ...Object.keys(policies ?? {}).map((name) => `aws_iam_role_policy.${name}`));
    const values = exampleValues(part);
    const image = "111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/web:1";
    const variables = { ...values, ...("web_image" in values ? { web_image: image } : {}) };
    const terraform = await lab.terraform({ configuration: part, variables, fixtures: EXAMPLE_FIXTURES });
    const { resources } = await appliedState(terraform);
    const permissions = (part: string) =>
      resources
        .filter(({ type, name }) => type === "aws_iam_role_policy" && name.includes(part))
        .flatMap(({ instances }) => instances.flatMap(({ attributes }) => permissionsOf(String(attributes.policy))));
    return {
      instance: permissions("instance_role"),
      execution: permissions("execution_role"),
      task: permissions("task_role"),
    };
  }

  let once: ReturnType<typeof applied> | undefined;
  /** Applies examples/hardened.ts once for all tests. */
  function hardened(): ReturnType<typeof applied> {
    if (once === undefined) {
      const stacks = synthesizeApp("examples/hardened.ts");
      once = applied(stacks.hardened as Configuration);
    }
    return once;
  }

  const allShared = ({
    instance,
    execution,
    task,
  }: Record<"instance" | "execution" | "task", readonly Permission[]>) => [
    ...shared(instance, execution),
    ...shared(instance, task),
    ...shared(execution, task),
  ];

  it("do not overlap in examples/hardened.ts", async () => {
    const roles = await hardened();
    expect(Object.values(roles).map((permissions) => permissions.length > 0)).toEqual([true, true, true]);
    expect(allShared(roles)).toEqual([]);
    const actions = roles.execution.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(["ecr:BatchGetImage", "logs:PutLogEvents", "ssm:GetParameters"]));
    // The AWS managed policy would overlap with the execution roles.
    expect(allShared({ ...roles, instance: permissionsOf(MANAGED) })).toEqual([
      "ecr:GetAuthorizationToken on *",
      "ecr:BatchGetImage on *",
      "logs:PutLogEvents on *",
    ]);
  });

  it("allow the agent to register only with its cluster", async () => {
    const { instance } = await hardened();
    const wide = instance.filter(({ resource }) => resource === "*").map(({ action }) => action);
    expect(wide.filter((action) => !/^(ssm|ssmmessages):/.test(action))).toEqual([
      "ecs:DiscoverPollEndpoint",
      "ec2:DescribeTags",
    ]);
    const narrow = instance.filter(({ resource }) => resource !== "*").map(({ resource }) => resource);
    expect([...new Set(narrow.map((arn) => arn.replace(/^arn:aws:ecs:[a-z0-9-]+:[0-9]{12}:/, "")))]).toEqual([
      "cluster/hardened",
      "container-instance/hardened/*",
      "task/hardened/*",
    ]);
  });

  it("are enough for the agent, according to the doctor", async () => {
    const { instance } = await hardened();
    const policy = {
      name: "join-cluster",
      statements: instance.map(({ action, resource }) => ({
        effect: "Allow" as const,
        ...{ actions: [action], notActions: [], resources: [resource], notResources: [], conditional: false },
      })),
    };
    const clusterArn = instance.find(({ resource }) => resource.includes(":cluster/"))?.resource ?? "";
    const may = (arn: string) => AGENT_ACTIONS.filter((action) => mayDo(action, resourceOf(action, arn), [policy]));
    expect(may(clusterArn)).toEqual(AGENT_ACTIONS);
    expect(may(`${clusterArn}-2`)).toEqual(["ecs:DiscoverPollEndpoint"]);
  });

  async function withExec(settings: EcsClusterSettings) {
    const stack = clusterStack({ instancePolicy: "least-privilege", ...settings });
    new Ec2Service(stack, "web", { cluster: stack, cpu: 128, memoryLimitMiB: 128, enableExecuteCommand: true });
    return allShared(await applied(synthesized(stack) as Configuration));
  }

  it("overlap with ECS Exec only in the actions that open a session", async () => {
    expect(await withExec({})).toEqual(
      ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
        (call) => `ssmmessages:${call} on *`,
      ),
    );
  });

  it("do not overlap with ECS Exec without Session Manager", async () => {
    expect(await withExec({ sessionManager: false })).toEqual([]);
  });
});
