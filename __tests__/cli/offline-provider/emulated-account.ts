import type { Fixtures } from "../../../cli/offline-provider";
import { conform } from "../../../cli/offline-provider/plan/conform";
import { OfflineProvider } from "../../../cli/offline-provider/provider";
import { deriveBlock } from "../../../cli/offline-provider/schema/derive";
import type { ObjectValue } from "../../../cli/offline-provider/wire/values";

/** An account in which a test changes one resource after the other. */
export class EmulatedAccount {
  public readonly provider: OfflineProvider;

  public constructor(fixtures: Partial<Fixtures> = {}) {
    this.provider = new OfflineProvider({ types: { resources: [], dataSources: [] }, fixtures });
  }

  /** @throws AwsError */
  public create(type: string, config: ObjectValue): ObjectValue {
    return this.apply(type, null, conform(deriveBlock("resource", type), config)) as ObjectValue;
  }

  /** @throws AwsError */
  public update(type: string, prior: ObjectValue, change: ObjectValue): ObjectValue {
    return this.apply(type, prior, { ...prior, ...change }) as ObjectValue;
  }

  /** @throws AwsError */
  public delete(type: string, prior: ObjectValue): void {
    this.apply(type, prior, null);
  }

  /** Returns what still used the deleted resources, by type and name. */
  public losses(): Record<string, readonly string[]> {
    const { history } = this.provider.contents();
    return Object.fromEntries(
      history.flatMap(({ type, name, stillUsedBy }) => (stillUsedBy ? [[`${type} ${name}`, stillUsedBy]] : [])),
    );
  }

  private apply(type: string, prior: ObjectValue | null, proposed: ObjectValue | null) {
    return this.provider.apply(type, prior, this.provider.plan(type, prior, proposed).state);
  }
}

export const TRUST = '{"Statement":[]}';

export const containers = (options: ObjectValue = {}): string =>
  JSON.stringify([{ name: "web", image: "web:1", logConfiguration: { logDriver: "awslogs", options } }]);

/** Creates a cluster whose instances and service use a resource of each type. */
export function runningService(account: EmulatedAccount, service: ObjectValue = {}) {
  const cluster = account.create("aws_ecs_cluster", { name: "ecs" });
  const group = account.create("aws_security_group", { name: "instances", vpc_id: "vpc-1" });
  const instanceRole = account.create("aws_iam_role", { name: "instance", assume_role_policy: TRUST });
  const profile = account.create("aws_iam_instance_profile", { name: "instance", role: "instance" });
  const placement = account.create("aws_placement_group", { name: "spread", strategy: "spread" });
  const template = account.create("aws_launch_template", {
    name: "instances",
    vpc_security_group_ids: [group.id as string],
    iam_instance_profile: [{ name: "instance" }],
    user_data: Buffer.from("cat <<'X' > /etc/ecs/ecs.config\nECS_CLUSTER=ecs\nX\n").toString("base64"),
  });
  const instances = account.create("aws_autoscaling_group", {
    name: "instances",
    min_size: 1,
    max_size: 2,
    placement_group: "spread",
    launch_template: [{ id: template.id as string, version: "1" }],
    instance_refresh: [{ strategy: "Rolling" }],
  });
  const provider = account.create("aws_ecs_capacity_provider", {
    name: "cp",
    auto_scaling_group_provider: [{ auto_scaling_group_arn: instances.arn as string }],
  });
  const association = account.create("aws_ecs_cluster_capacity_providers", {
    cluster_name: "ecs",
    capacity_providers: ["cp"],
  });
  const namespace = account.create("aws_service_discovery_http_namespace", { name: "internal" });
  const logs = account.create("aws_cloudwatch_log_group", { name: "/ecs/web" });
  const role = account.create("aws_iam_role", { name: "task", assume_role_policy: TRUST });
  const files = account.create("aws_efs_file_system", { creation_token: "files" });
  const target = account.create("aws_efs_mount_target", {
    file_system_id: files.id as string,
    subnet_id: "subnet-1",
    security_groups: [],
  });
  const task = account.create("aws_ecs_task_definition", {
    family: "web",
    container_definitions: containers({ "awslogs-group": "/ecs/web" }),
    task_role_arn: role.arn as string,
    volume: [{ name: "files", efs_volume_configuration: [{ file_system_id: files.id as string }] }],
  });
  const web = account.create("aws_ecs_service", {
    name: "web",
    cluster: cluster.arn as string,
    task_definition: task.arn as string,
    capacity_provider_strategy: [{ capacity_provider: "cp", base: 0, weight: 1 }],
    service_connect_configuration: [{ enabled: true, namespace: namespace.arn as string }],
    ...service,
  });
  return {
    ...{ cluster, group, instanceRole, profile, placement, template, instances, provider, association, namespace },
    ...{ logs, role, files, target, task, web },
  };
}

/** Creates a load balancer, a listener, a target group, and a rule that forwards to it. */
export function routed(account: EmulatedAccount, name = "alb") {
  const balancer = account.create("aws_lb", { name, load_balancer_type: "application" });
  const listener = account.create("aws_lb_listener", {
    load_balancer_arn: balancer.arn as string,
    port: 80,
    default_action: [{ type: "fixed-response" }],
  });
  const targets = account.create("aws_lb_target_group", { name: `${name}-web`, port: 80, vpc_id: "vpc-1" });
  const rule = account.create("aws_lb_listener_rule", {
    listener_arn: listener.arn as string,
    priority: 1,
    action: [{ type: "forward", target_group_arn: targets.arn as string }],
  });
  return { balancer, listener, targets, rule };
}
