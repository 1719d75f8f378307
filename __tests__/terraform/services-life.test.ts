import { Testing } from "cdktf";
import { Ec2Service, type Ec2ServiceProps, EcsClusterStack, hcl, ServiceConnectNamespace } from "../../src";
import type { Configuration, PlanJson } from "../../tools/offline-provider";
import { PUBLIC_KEY } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

/** A cluster with services, each by its name; all of them in Service Connect where that is asked for. */
function configurationOf(
  services: Readonly<Record<string, Partial<Ec2ServiceProps>>>,
  { serviceConnect = false } = {},
): Configuration {
  const stack = new EcsClusterStack(Testing.app(), "ecs", {
    values: { maxSize: 4, sshPublicKey: PUBLIC_KEY },
  });
  const namespace = serviceConnect
    ? new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name: "internal" })
    : undefined;
  for (const [name, props] of Object.entries(services)) {
    const connected = namespace && { serviceConnect: { namespace } };
    new Ec2Service(stack, name, { cluster: stack, image: `${name}:1`, ...connected, ...props });
  }
  return JSON.parse(Testing.synth(stack, true)) as Configuration;
}

const routed = (path: string) => ({ containerPort: 3000, paths: [path] });

/** What a plan changes: each address with what is done to it. */
const changes = ({ resource_changes = [] }: PlanJson) =>
  Object.fromEntries(
    resource_changes
      .filter(({ change }) => change.actions.some((action) => action !== "no-op" && action !== "read"))
      .map(({ address, change }) => [address, change.actions.join(" ")]),
  );

describeTerraform("services, in real Terraform", (lab) => {
  async function applied(configuration: Configuration, options: Partial<Parameters<typeof lab.terraform>[0]> = {}) {
    const terraform = await lab.terraform({ configuration, ...options });
    expect(await terraform.validate()).toMatchObject({ status: 0, stderr: "" });
    const { status, stderr } = await terraform.apply();
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const again = await terraform.plan();
    expect(again.stdout).toContain("No changes.");
    expect(again.status).toBe(0);
    return terraform;
  }

  it("are of every kind: a daemon, one in Service Connect, one that scales by requests, one with a repository", async () => {
    const configuration = configurationOf(
      {
        agent: { daemon: true, privileged: true },
        users: { ...routed("/api/users*"), scaling: { maxCapacity: 3, requestsPerTarget: 100, memoryPercent: 70 } },
        posts: {
          ...routed("/api/posts*"),
          routes: { old: { paths: ["/posts*"], hosts: ["old.example.com"] } },
          stickinessSeconds: 60,
          slowStartSeconds: 30,
          enableExecuteCommand: true,
          taskRolePolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
          sidecars: [{ name: "init", image: "init:1", essential: false }],
          dependsOn: { init: "SUCCESS" },
          ulimits: [{ name: "nofile", softLimit: 1024, hardLimit: 4096 }],
          placementConstraints: [{ type: "distinctInstance" }],
        },
        worker: { image: undefined, ecrRepository: true },
      },
      { serviceConnect: true },
    );
    const terraform = await applied(configuration, { variables: { worker_image_tag: "1" } });
    expect((await terraform.destroy()).stdout).toContain("Destroy complete!");
  });

  it("have a policy that is made in the same apply", async () => {
    const configuration = configurationOf({
      users: { taskRolePolicyArns: [hcl`aws_iam_policy.mine.arn`.string] },
    }) as { resource: object };
    const aws_iam_policy = { mine: { name: "mine", policy: '{"Version":"2012-10-17","Statement":[]}' } };
    await applied({ ...configuration, resource: { ...configuration.resource, aws_iam_policy } });
  });

  it("roll out an image and nothing else: a revision more, and the service updated", async () => {
    const configuration = configurationOf({ users: routed("/api/users*"), posts: routed("/api/posts*") });
    const terraform = await applied(configuration);
    terraform.setVariables({ users_image: "users:2" });
    expect(changes(await terraform.planJson())).toEqual({
      "aws_ecs_task_definition.users_task_definition": "delete create",
      "aws_ecs_service.users": "update",
    });
  });

  it("come along without touching another one's rule", async () => {
    const some = { users: routed("/api/users*"), all: routed("/api*") };
    const terraform = await lab.terraform({ configuration: configurationOf(some) });
    await terraform.apply();
    terraform.configure(configurationOf({ posts: routed("/api/posts*"), ...some }));
    const changed = changes(await terraform.planJson());
    expect(Object.keys(changed).filter((address) => !address.includes(".posts"))).toEqual([]);
    expect(changed["aws_lb_listener_rule.posts_rule"]).toBe("create");
  });

  it("get the new rule before the old one goes when a path changes", async () => {
    const terraform = await applied(configurationOf({ users: routed("/api/users*") }));
    terraform.configure(configurationOf({ users: routed("/api/people*") }));
    expect(changes(await terraform.planJson())).toEqual({ "aws_lb_listener_rule.users_rule": "create delete" });
  });

  it("leave the number of tasks to scaling", async () => {
    const scaling = { minCapacity: 1, maxCapacity: 4, cpuPercent: 60 };
    const terraform = await applied(configurationOf({ users: { scaling } }));
    terraform.configure(configurationOf({ users: { scaling, desiredCount: 2 } }));
    expect(changes(await terraform.planJson())).toEqual({});
  });

  it("deploy anew when the strategy changes, as ECS demands", async () => {
    const terraform = await applied(configurationOf({ users: {} }));
    const capacityProviderStrategies = [{ capacityProvider: "other", weight: 2 }];
    terraform.configure(configurationOf({ users: { capacityProviderStrategies } }));
    const plan = await terraform.planJson();
    expect(changes(plan)).toEqual({ "aws_ecs_service.users": "update" });
    const service = plan.resource_changes?.find(({ address }) => address === "aws_ecs_service.users");
    expect(service?.change.after).toMatchObject({ force_new_deployment: true });
  });

  it("come after what they need and go before it, by the graph", async () => {
    const configuration = configurationOf(
      { users: { ...routed("/api/users*"), enableExecuteCommand: true }, agent: { daemon: true } },
      { serviceConnect: true },
    );
    const terraform = await lab.terraform({ configuration });
    const { stdout } = await terraform.graph();
    const edges = new Map<string, string[]>();
    for (const [, from = "", to = ""] of stdout.matchAll(/"([^"]+)" -> "([^"]+)"/g)) {
      edges.set(from, [...(edges.get(from) ?? []), to]);
    }
    const reached = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of edges.get(from) ?? []) if (!seen.has(to)) reached(to, seen.add(to));
      return seen;
    };
    const all = [
      "aws_ecs_cluster_capacity_providers.capacity_association",
      "aws_ecs_capacity_provider.capacity_provider",
      "aws_autoscaling_group.capacity",
      "aws_iam_role_policy_attachment.instance_role_ecs",
      "aws_ecs_cluster.cluster",
      "aws_vpc_security_group_ingress_rule.namespace_instances_from_instances",
    ];
    const users = [...reached("aws_ecs_service.users")];
    expect(users).toEqual(
      expect.arrayContaining([
        ...all,
        "aws_lb_listener_rule.users_rule",
        "aws_lb_target_group.users_target_group",
        "aws_lb_listener.load_balancer_http",
        "aws_iam_role_policy.users_task_definition_execution_role_policy",
        "aws_iam_role_policy.users_task_definition_task_role_policy",
      ]),
    );
    expect([...reached("aws_ecs_service.agent")]).toEqual(expect.arrayContaining(all));
    // Nothing that the cluster is made of waits for a service.
    for (const address of all) expect([...reached(address)].filter((to) => to.includes("users"))).toEqual([]);
  });
});
