import type { Configuration, PlanJson, Terraform, TerraformResult } from "../../cli/offline-provider";
import { Ec2Service, type Ec2ServiceProps, EcsClusterStack, hcl, ServiceConnectNamespace } from "../../src";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

/** Returns a cluster with services by name. All of them use Service Connect. */
function configurationOf(services: Readonly<Record<string, Partial<Ec2ServiceProps>>>): Configuration {
  const stack = new EcsClusterStack(testApp(), "ecs", {
    keyPair: "none",
    values: { maxSize: 20 },
  });
  const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name: "internal" });
  for (const [name, props] of Object.entries(services)) {
    new Ec2Service(stack, name, { cluster: stack, image: `${name}:1`, serviceConnect: { namespace }, ...props });
  }
  return synthesized(stack) as Configuration;
}

const routed = (path: string) => ({ containerPort: 3000, paths: [path] });

/** Returns the actions of a plan by address. */
const changes = ({ resource_changes = [] }: PlanJson) =>
  Object.fromEntries(
    resource_changes
      .filter(({ change }) => change.actions.some((action) => action !== "no-op" && action !== "read"))
      .map(({ address, change }) => [address, change.actions.join(" ")]),
  );

const scaling = { minCapacity: 1, maxCapacity: 3, requestsPerTarget: 100, memoryPercent: 70, cpuPercent: 60 };
const SERVICES: Readonly<Record<string, Partial<Ec2ServiceProps>>> = {
  agent: { daemon: true, privileged: true },
  users: { ...routed("/api/users*"), scaling },
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
  moved: {},
  worker: { image: undefined, ecrRepository: true, taskRolePolicyArns: [hcl`aws_iam_policy.mine.arn`.string] },
};

describeTerraform("services in Terraform", (lab) => {
  const variables = { worker_image_tag: "1" };
  let terraform: Terraform;
  let applied: TerraformResult;
  let replanned: TerraformResult;
  let changed: PlanJson;
  let destroyed: TerraformResult;
  let graph: string;

  /** Returns the services with a policy of the same apply. */
  const withPolicy = (services: typeof SERVICES): Configuration => {
    const configuration = configurationOf(services) as { resource: object };
    const aws_iam_policy = { mine: { name: "mine", policy: '{"Version":"2012-10-17","Statement":[]}' } };
    return { ...configuration, resource: { ...configuration.resource, aws_iam_policy } };
  };

  // A cluster with all services: applied, planned without changes, changed in several ways at once, and destroyed.
  beforeAll(async () => {
    terraform = await lab.terraform({ configuration: withPolicy(SERVICES), variables });
    applied = await terraform.apply();
    // The resources were just created.
    replanned = await terraform.plan("-refresh=false");
    graph = (await terraform.graph()).stdout;
    terraform.setVariables({ ...variables, posts_image: "posts:2" });
    terraform.configure(
      withPolicy({
        comments: routed("/api/comments*"),
        ...SERVICES,
        users: { ...routed("/api/people*"), scaling, desiredCount: 2 },
        moved: { capacityProviderStrategies: [{ capacityProvider: "other", weight: 2 }] },
      }),
    );
    changed = await terraform.planJson("-refresh=false");
    destroyed = await terraform.destroy("-refresh=false");
  });
  const changesOf = (service: string) =>
    Object.fromEntries(Object.entries(changes(changed)).filter(([address]) => address.split(/[._]/).includes(service)));

  it("are applied in one run with their policy, plan no changes afterwards, and are destroyed in one run", () => {
    expect(applied).toMatchObject({ status: 0, stderr: "" });
    expect(replanned.stdout).toContain("No changes.");
    expect(replanned.status).toBe(0);
    expect(destroyed.stdout).toContain("Destroy complete!");
  });

  it("change only the revision and the service for another image", () => {
    expect(changesOf("posts")).toEqual({
      "aws_ecs_task_definition.posts_task_definition": "delete create",
      "aws_ecs_service.posts": "update",
    });
  });

  it("are added without a change of another service", () => {
    expect(changesOf("comments")["aws_lb_listener_rule.comments_rule"]).toBe("create");
    const intended = ["comments", "posts", "users", "moved"].flatMap((service) => Object.keys(changesOf(service)));
    expect(Object.keys(changes(changed)).filter((address) => !intended.includes(address))).toEqual([]);
  });

  it("update the rule in place when a path changes, its priority included, and ignore the number of tasks with scaling", () => {
    expect(changesOf("users")).toEqual({ "aws_lb_listener_rule.users_rule": "update" });
  });

  it("start a new deployment when the strategy changes, because ECS requires it", () => {
    expect(changesOf("moved")).toEqual({ "aws_ecs_service.moved": "update" });
    const service = changed.resource_changes?.find(({ address }) => address === "aws_ecs_service.moved");
    expect(service?.change.after).toMatchObject({ force_new_deployment: true });
  });

  it("are created after the resources that they need, and destroyed before them", () => {
    const edges = new Map<string, string[]>();
    for (const [, from = "", to = ""] of graph.matchAll(/"([^"]+)" -> "([^"]+)"/g)) {
      edges.set(from, [...(edges.get(from) ?? []), to]);
    }
    const reached = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of edges.get(from) ?? []) if (!seen.has(to)) reached(to, seen.add(to));
      return seen;
    };
    const needed = [
      "aws_ecs_cluster_capacity_providers.capacity_association",
      "aws_ecs_capacity_provider.capacity_provider",
      "aws_autoscaling_group.capacity",
      "aws_iam_role_policy_attachment.instance_role_ecs",
      "aws_ecs_cluster.cluster",
      "aws_vpc_security_group_ingress_rule.namespace_instances_from_instances",
    ];
    const posts = [...reached("aws_ecs_service.posts")];
    expect(posts).toEqual(
      expect.arrayContaining([
        ...needed,
        "aws_lb_listener_rule.posts_rule",
        "aws_lb_target_group.posts_target_group",
        "aws_lb_listener.load_balancer_http",
        "aws_iam_role_policy.posts_task_definition_execution_role_policy",
        "aws_iam_role_policy.posts_task_definition_task_role_policy",
      ]),
    );
    expect([...reached("aws_ecs_service.agent")]).toEqual(expect.arrayContaining(needed));
    // No resource of the cluster depends on a service.
    for (const address of needed) expect([...reached(address)].filter((to) => to.includes("posts"))).toEqual([]);
  });
});
