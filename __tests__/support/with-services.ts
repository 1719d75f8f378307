import type { Configuration } from "../../cli/offline-provider";

type Blocks = { [type: string]: { [name: string]: unknown } };

/** Adds services to the JSON of a cluster, because the hand-over reads only JSON. */
export function withServices(cluster: Configuration, count: number): Configuration {
  const resource: Blocks = { ...(cluster.resource as Blocks) };
  const add = (type: string, name: string, body: unknown) => {
    resource[type] = { ...resource[type], [name]: body };
  };
  for (const name of NAMES.slice(0, count)) {
    const isRouted = name !== "worker";
    add("aws_ecs_task_definition", name, {
      family: `\${var.name}-${name}`,
      container_definitions: `[{"name":"${name}","image":"\${var.${name}_image}","memory":256}]`,
    });
    add("aws_ecs_service", name, {
      name,
      cluster: "${aws_ecs_cluster.cluster.arn}",
      task_definition: `\${aws_ecs_task_definition.${name}.arn}`,
      capacity_provider_strategy: [
        { capacity_provider: "${one(aws_ecs_cluster_capacity_providers.capacity_association.capacity_providers)}" },
      ],
      ...(isRouted
        ? {
            load_balancer: [
              {
                target_group_arn: `\${aws_lb_target_group.${name}.arn}`,
                container_name: name,
                container_port: 8080,
              },
            ],
          }
        : {}),
    });
    if (!isRouted) continue;
    add("aws_lb_target_group", name, { name_prefix: "ecs-", port: 80, vpc_id: "${one(data.aws_vpcs.vpc.ids)}" });
    add("aws_lb_listener_rule", name, {
      listener_arn: "${aws_lb_listener.load_balancer_http.arn}",
      priority: resource.aws_lb_listener_rule ? Object.keys(resource.aws_lb_listener_rule).length + 1 : 1,
      condition: [{ path_pattern: { values: [`/api/${name}*`] } }],
      action: [{ type: "forward", target_group_arn: `\${aws_lb_target_group.${name}.arn}` }],
    });
  }
  const variable = { ...(cluster.variable as object) } as { [name: string]: unknown };
  for (const name of NAMES.slice(0, count)) {
    variable[`${name}_image`] = { type: "string", description: `The image of ${name}.`, nullable: false };
  }
  return { ...cluster, resource, variable };
}

const NAMES = [
  ...["users", "threads", "posts", "worker", "payments"],
  ...["notifications", "search", "recommendations", "reporting", "admin"],
];
