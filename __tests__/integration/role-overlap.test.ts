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
interface Right {
  readonly action: string;
  readonly resource: string;
}
const listed = (value: OneOrMany): readonly string[] => [value].flat() as string[];

function rightsOf(policy: string): Right[] {
  const { Statement } = JSON.parse(policy) as { Statement: { Action: OneOrMany; Resource: OneOrMany }[] };
  return Statement.flatMap(({ Action, Resource }) =>
    listed(Action).flatMap((action) => listed(Resource).map((resource) => ({ action, resource }))),
  );
}

/** Whether some text matches both of two of IAM's patterns. */
function meet(one: string, other: string): boolean {
  if (one === "" && other === "") return true;
  if (one.startsWith("*")) return meet(one.slice(1), other) || (other !== "" && meet(one, other.slice(1)));
  if (other.startsWith("*")) return meet(other, one);
  if (one === "" || other === "") return false;
  return (one[0] === other[0] || one[0] === "?" || other[0] === "?") && meet(one.slice(1), other.slice(1));
}

/** The rights of one that another has too. */
const shared = (one: readonly Right[], other: readonly Right[]): string[] =>
  one
    .filter(({ action, resource }) =>
      other.some((right) => meet(action.toLowerCase(), right.action.toLowerCase()) && meet(resource, right.resource)),
    )
    .map(({ action, resource }) => `${action} on ${resource}`);

/** What AWS's own policy for instances holds, as far as execution roles have it too. */
const MANAGED = JSON.stringify({
  Statement: [
    {
      Action: ["ecs:Submit*", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "logs:PutLogEvents"],
      Resource: "*",
    },
  ],
});

describeTerraform("the rights of the instance role, execution roles and task roles", (lab) => {
  /** The inline policies by the kind of role, once they and what they name are applied and every ARN is known. */
  async function applied(configuration: Configuration): Promise<Record<"instance" | "execution" | "task", Right[]>> {
    const { aws_iam_role_policy: policies, ...others } = configuration.resource as Record<string, object>;
    // What is in a managed policy can't be read off the JSON.
    expect(others).not.toHaveProperty("aws_iam_role_policy_attachment");
    const part = partOf(configuration, ...Object.keys(policies ?? {}).map((name) => `aws_iam_role_policy.${name}`));
    const asked = exampleValues(part);
    const image = "111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/web:1";
    const variables = { ...asked, ...("web_image" in asked ? { web_image: image } : {}) };
    const terraform = await lab.terraform({ configuration: part, variables, fixtures: EXAMPLE_FIXTURES });
    const { resources } = await appliedState(terraform);
    const rights = (part: string) =>
      resources
        .filter(({ type, name }) => type === "aws_iam_role_policy" && name.includes(part))
        .flatMap(({ instances }) => instances.flatMap(({ attributes }) => rightsOf(String(attributes.policy))));
    return { instance: rights("instance_role"), execution: rights("execution_role"), task: rights("task_role") };
  }

  let once: ReturnType<typeof applied> | undefined;
  /** The example, applied once for all tests. */
  function hardened(): ReturnType<typeof applied> {
    if (once === undefined) {
      const stacks = synthesizeApp("examples/hardened.ts");
      once = applied(stacks.hardened as Configuration);
    }
    return once;
  }

  const allShared = ({ instance, execution, task }: Record<"instance" | "execution" | "task", readonly Right[]>) => [
    ...shared(instance, execution),
    ...shared(instance, task),
    ...shared(execution, task),
  ];

  it("have nothing in common in examples/hardened.ts", async () => {
    const roles = await hardened();
    expect(Object.values(roles).map((rights) => rights.length > 0)).toEqual([true, true, true]);
    expect(allShared(roles)).toEqual([]);
    const actions = roles.execution.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(["ecr:BatchGetImage", "logs:PutLogEvents", "ssm:GetParameters"]));
    // With AWS's policy in place of its own the instance role would have what execution roles have.
    expect(allShared({ ...roles, instance: rightsOf(MANAGED) })).toEqual([
      "ecr:GetAuthorizationToken on *",
      "ecr:BatchGetImage on *",
      "logs:PutLogEvents on *",
    ]);
  });

  it("hold registration to the one cluster, its instances and its tasks", async () => {
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

  it("are enough for the agent, as the doctor reads them", async () => {
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

  it("have in common with ECS Exec what opens a session, which IAM can't narrow, and nothing else", async () => {
    expect(await withExec({})).toEqual(
      ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
        (call) => `ssmmessages:${call} on *`,
      ),
    );
  });

  it("have nothing in common with ECS Exec either where there is no Session Manager", async () => {
    expect(await withExec({ sessionManager: false })).toEqual([]);
  });
});
