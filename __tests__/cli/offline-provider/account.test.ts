import { DEFAULT_VPC_ID, type Resource, subnetId } from "../../../cli/offline-provider";
import type { ObjectValue } from "../../../cli/offline-provider/wire/values";
import { containers, EmulatedAccount, routed, runningService, TRUST } from "./emulated-account";

const OTHER_VPC = "vpc-0123456789abcdef0";
const FIXTURES = { otherVpcs: [OTHER_VPC] };
const subnetsOf = (vpc: string) => ["a", "b"].map((zone) => subnetId(vpc, `ap-northeast-2${zone}`));
const forward = (group: ObjectValue) => [{ type: "forward", target_group_arn: group.arn as string }];

type Steps = (account: EmulatedAccount) => void;

/** Steps of which AWS rejects the last one. */
const DNS = [{ namespace_id: "ns-1", dns_records: [{ type: "SRV", ttl: 60 }] }];

const REJECTED: readonly (readonly [what: string, steps: Steps, error: RegExp])[] = [
  [
    "a rule with a priority in use",
    (account) => {
      const { listener, targets } = routed(account);
      const listener_arn = listener.arn as string;
      account.create("aws_lb_listener_rule", { listener_arn, priority: 1, action: forward(targets) });
    },
    /^PriorityInUse: Priority '1' is currently in use$/,
  ],
  [
    "two rules that exchange their priorities",
    (account) => {
      const { listener, targets, rule } = routed(account);
      const other = { listener_arn: listener.arn as string, priority: 2, action: forward(targets) };
      account.create("aws_lb_listener_rule", other);
      account.update("aws_lb_listener_rule", rule, { priority: 2 });
    },
    /^PriorityInUse: Priority '2'/,
  ],
  [
    "a target group in rules of two load balancers",
    (account) => {
      const [one, other] = [routed(account, "one"), routed(account, "other")];
      account.update("aws_lb_listener_rule", other.rule, { action: forward(one.targets) });
    },
    /^TargetGroupAssociationLimit: [^\n]*one-web[^\n]*\nIt is used by aws_lb_listener_rule arn:/,
  ],
  [
    "a target group in the default action of another load balancer",
    (account) => {
      const [one, other] = [routed(account, "one"), routed(account, "other")];
      const load_balancer_arn = other.balancer.arn as string;
      account.create("aws_lb_listener", { load_balancer_arn, port: 81, default_action: forward(one.targets) });
    },
    /^TargetGroupAssociationLimit/,
  ],
  [
    "the deletion of a target group that a rule uses",
    (account) => account.delete("aws_lb_target_group", routed(account).targets),
    /^ResourceInUse: Target group 'arn:[^']*' is currently in use by a listener or a rule\n/,
  ],
  [
    "a second listener on a port",
    (account) => {
      const { balancer } = routed(account);
      const load_balancer_arn = balancer.arn as string;
      account.create("aws_lb_listener", { load_balancer_arn, port: 80, default_action: [{ type: "fixed-response" }] });
    },
    /^DuplicateListener/,
  ],
  [
    "subnets of two VPCs",
    (account) => {
      const subnets = [...subnetsOf(DEFAULT_VPC_ID), ...subnetsOf(OTHER_VPC)];
      account.create("aws_lb", { name: "alb", load_balancer_type: "application", subnets });
    },
    /^InvalidConfigurationRequest: The subnets are in several VPCs/,
  ],
  [
    "a load balancer that moves to subnets of another VPC",
    (account) => {
      const subnets = subnetsOf(DEFAULT_VPC_ID);
      const balancer = account.create("aws_lb", { name: "alb", load_balancer_type: "application", subnets });
      expect(balancer.vpc_id).toBe(DEFAULT_VPC_ID);
      account.update("aws_lb", balancer, { subnets: subnetsOf(OTHER_VPC) });
    },
    new RegExp(`^InvalidSubnet: The subnets are in ${OTHER_VPC}, and the load balancer`),
  ],
  [
    "the deletion of a protected load balancer",
    (account) => {
      const balancer = account.create("aws_lb", { name: "alb", enable_deletion_protection: true });
      account.delete("aws_lb", balancer);
    },
    /^OperationNotPermitted: .* deletion protection is enabled$/,
  ],
  [
    "an Elastic IP address of another load balancer",
    (account) => {
      const { allocation_id } = account.create("aws_eip", { domain: "vpc" });
      const [subnet_id] = subnetsOf(DEFAULT_VPC_ID);
      const subnet_mapping = [{ subnet_id: subnet_id ?? null, allocation_id: allocation_id ?? null }];
      for (const name of ["one", "other"])
        account.create("aws_lb", { name, load_balancer_type: "network", subnet_mapping });
    },
    /^AllocationIdNotFound: The allocation IDs 'eipalloc-[^']*' are not available for use\nIt is used by aws_lb one\./,
  ],
  [
    "the deletion of an Elastic IP address of a load balancer",
    (account) => {
      const address = account.create("aws_eip", { domain: "vpc" });
      const [subnet_id] = subnetsOf(DEFAULT_VPC_ID);
      const subnet_mapping = [{ subnet_id: subnet_id ?? null, allocation_id: address.allocation_id ?? null }];
      expect(account.create("aws_lb", { name: "nlb", load_balancer_type: "network", subnet_mapping }).vpc_id).toBe(
        DEFAULT_VPC_ID,
      );
      account.delete("aws_eip", address);
    },
    /^InvalidIPAddress\.InUse: Address 203\.0\.113\.\d+ is in use\.\nIt is used by aws_lb nlb\./,
  ],
  [
    "a listener with another protocol than its target group",
    (account) => {
      const { arn = null } = account.create("aws_lb", { name: "nlb", load_balancer_type: "network" });
      const group = account.create("aws_lb_target_group", { name: "dns", protocol: "UDP" });
      account.create("aws_lb_listener", {
        ...{ load_balancer_arn: arn, port: 53, protocol: "TCP" },
        default_action: forward(group),
      });
    },
    /^IncompatibleProtocols: The listener protocol 'TCP' and target group protocol 'UDP' are not compatible$/,
  ],
  [
    "a TLS listener without a certificate",
    (account) => {
      const { arn = null } = account.create("aws_lb", { name: "nlb", load_balancer_type: "network" });
      const group = account.create("aws_lb_target_group", { name: "web", protocol: "TCP" });
      account.create("aws_lb_listener", {
        ...{ load_balancer_arn: arn, port: 443, protocol: "TLS" },
        default_action: forward(group),
      });
    },
    /^ValidationError: A certificate must be specified for TLS listeners$/,
  ],
  [
    "the deletion of the service-linked role of ECS while a cluster exists",
    (account) => {
      const role = account.create("aws_iam_service_linked_role", { aws_service_name: "ecs.amazonaws.com" });
      account.create("aws_ecs_cluster", { name: "ecs" });
      account.delete("aws_iam_service_linked_role", role);
    },
    /^waiting for IAM Service Linked Role .* unexpected state 'FAILED'.*\nIt is used by aws_ecs_cluster ecs\./,
  ],
  [
    "the deletion of a capacity provider that is associated",
    (account) => {
      const { provider, web } = runningService(account);
      account.delete("aws_ecs_service", web);
      account.delete("aws_ecs_capacity_provider", provider);
    },
    /^ECS does not delete the capacity provider cp, [^\n]*\nIt is used by aws_ecs_cluster_capacity_providers ecs\. The AWS provider fails after 20 minutes/,
  ],
  [
    "an association without a provider that a service uses",
    (account) =>
      account.update("aws_ecs_cluster_capacity_providers", runningService(account).association, {
        capacity_providers: [],
      }),
    /^ResourceInUseException: [^\n]*\nIt is used by aws_ecs_service web\. The AWS provider fails after 10 minutes/,
  ],
  [
    "the deletion of an association whose provider a service uses",
    (account) => account.delete("aws_ecs_cluster_capacity_providers", runningService(account).association),
    /^ResourceInUseException/,
  ],
  [
    "an association without a provider that a service uses by the cluster's default strategy",
    (account) => {
      const { association, cluster, task } = runningService(account, { launch_type: "EC2" });
      const strategy = { default_capacity_provider_strategy: [{ capacity_provider: "cp", base: 0, weight: 1 }] };
      const updated = account.update("aws_ecs_cluster_capacity_providers", association, strategy);
      const service = { name: "other", cluster: cluster.arn as string, task_definition: task.arn as string };
      account.create("aws_ecs_service", service);
      account.update("aws_ecs_cluster_capacity_providers", updated, { capacity_providers: [] });
    },
    /^ResourceInUseException: [^\n]*\nIt is used by aws_ecs_service web, aws_ecs_service other\./,
  ],
  [
    "a service with a capacity provider that is not associated",
    (account) => {
      const capacity_provider_strategy = [{ capacity_provider: "other", base: 0, weight: 1 }];
      account.update("aws_ecs_service", runningService(account).web, {
        capacity_provider_strategy,
        force_new_deployment: true,
      });
    },
    /^InvalidParameterException: .* not associated with the cluster\. .* \(other\)$/,
  ],
  [
    "two capacity providers of one Auto Scaling group",
    (account) => {
      const { instances } = runningService(account);
      account.create("aws_ecs_capacity_provider", {
        name: "other",
        auto_scaling_group_provider: [{ auto_scaling_group_arn: instances.arn as string }],
      });
    },
    /^ClientException: The specified Auto Scaling group ARN is already being used by another capacity provider/,
  ],
  [
    "a service whose target group has no load balancer",
    (account) => {
      const { web } = runningService(account);
      const group = account.create("aws_lb_target_group", { name: "web", port: 80, vpc_id: "vpc-1" });
      const load_balancer = [{ container_name: "web", container_port: 80, target_group_arn: group.arn as string }];
      account.update("aws_ecs_service", web, { load_balancer });
    },
    /^InvalidParameterException: The target group with targetGroupArn arn:.* does not have an associated load balancer/,
  ],
  [
    "a service in awsvpc mode without subnets",
    (account) => {
      const task = account.create("aws_ecs_task_definition", {
        family: "awsvpc",
        network_mode: "awsvpc",
        container_definitions: containers(),
      });
      account.update("aws_ecs_service", runningService(account).web, { task_definition: task.arn as string });
    },
    /^InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified\.$/,
  ],
  [
    "a service in bridge mode with subnets",
    (account) => {
      const network_configuration = [{ subnets: ["subnet-1"], security_groups: [] }];
      account.update("aws_ecs_service", runningService(account).web, { network_configuration });
    },
    /^InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition\.$/,
  ],
  [
    "a service in bridge mode with targets of type ip",
    (account) => {
      const { rule } = routed(account);
      const ip = account.create("aws_lb_target_group", { name: "ip", port: 80, vpc_id: "vpc-1", target_type: "ip" });
      account.update("aws_lb_listener_rule", rule, {
        action: [{ type: "forward", target_group_arn: ip.arn as string }],
      });
      const load_balancer = [{ container_name: "web", container_port: 80, target_group_arn: ip.arn as string }];
      account.update("aws_ecs_service", runningService(account).web, { load_balancer });
    },
    /^InvalidParameterException: The provided target group arn:\S+ has target type ip, which is incompatible with the bridge network mode/,
  ],
  [
    "the deletion of a cluster with a service",
    (account) => account.delete("aws_ecs_cluster", runningService(account).cluster),
    /^ClusterContainsServices[^\n]*\nIt is used by [^\n]*aws_ecs_service web/,
  ],
  [
    "the deletion of a cluster with instances",
    (account) => {
      const { cluster, web, association } = runningService(account);
      account.delete("aws_ecs_service", web);
      account.delete("aws_ecs_cluster_capacity_providers", association);
      account.delete("aws_ecs_cluster", cluster);
    },
    /\nIt is used by aws_autoscaling_group instances\./,
  ],
  [
    "the deletion of a namespace that a service uses",
    (account) => account.delete("aws_service_discovery_http_namespace", runningService(account).namespace),
    /^ResourceInUse: Namespace has associated services \(internal\)\nIt is used by aws_ecs_service web\./,
  ],
  [
    "the deletion of a namespace that records are in",
    (account) => {
      const namespace = account.create("aws_service_discovery_private_dns_namespace", { name: "shop", vpc: "vpc-1" });
      const dns_config = [{ namespace_id: namespace.id ?? null, dns_records: [{ type: "A", ttl: 60 }] }];
      account.create("aws_service_discovery_service", { name: "users", dns_config });
      account.delete("aws_service_discovery_private_dns_namespace", namespace);
    },
    /^ResourceInUse: Namespace has associated services \(shop\)\nIt is used by aws_service_discovery_service users\./,
  ],
  [
    "the deletion of a security group of instances",
    (account) => account.delete("aws_security_group", runningService(account).group),
    /^DependencyViolation: resource sg-[^\n]*\nIt is used by aws_autoscaling_group instances\./,
  ],
  [
    "the deletion of a security group that a rule of another one names",
    (account) => {
      const [one, other] = ["one", "other"].map((name) =>
        account.create("aws_security_group", { name, vpc_id: "vpc-1" }),
      );
      account.create("aws_vpc_security_group_ingress_rule", {
        security_group_id: one?.id as string,
        referenced_security_group_id: other?.id as string,
        ip_protocol: "tcp",
      });
      account.delete("aws_security_group", other as ObjectValue);
    },
    /^DependencyViolation: [^\n]*\nIt is used by aws_vpc_security_group_ingress_rule/,
  ],
  [
    "the deletion of a load balancer's security group",
    (account) => {
      const group = account.create("aws_security_group", { name: "alb", vpc_id: "vpc-1" });
      account.create("aws_lb", { name: "alb", security_groups: [group.id as string] });
      account.delete("aws_security_group", group);
    },
    /^DependencyViolation: [^\n]*\nIt is used by aws_lb alb\./,
  ],
  [
    "the deletion of a placement group of instances",
    (account) => account.delete("aws_placement_group", runningService(account).placement),
    /^InvalidPlacementGroup.InUse: The placement group 'spread' is in use/,
  ],
  [
    "the deletion of a role with a policy",
    (account) => {
      const role = account.create("aws_iam_role", { name: "role", assume_role_policy: TRUST });
      account.create("aws_iam_role_policy_attachment", { role: "role", policy_arn: "arn:aws:iam::aws:policy/X" });
      account.delete("aws_iam_role", role);
    },
    /^DeleteConflict: /,
  ],
  [
    "the deletion of a policy that is attached",
    (account) => {
      const policy = account.create("aws_iam_policy", { name: "policy", policy: TRUST });
      account.create("aws_iam_role_policy_attachment", { role: "role", policy_arn: policy.arn as string });
      account.delete("aws_iam_policy", policy);
    },
    /^DeleteConflict: Cannot delete a policy attached to entities\./,
  ],
  [
    "the deletion of a file system with a mount target",
    (account) => account.delete("aws_efs_file_system", runningService(account).files),
    /^FileSystemInUse: /,
  ],
  [
    "the deletion of a web ACL that is associated",
    (account) => {
      const acl = account.create("aws_wafv2_web_acl", { name: "acl", scope: "REGIONAL" });
      account.create("aws_wafv2_web_acl_association", { resource_arn: "arn:lb", web_acl_arn: acl.arn as string });
      account.delete("aws_wafv2_web_acl", acl);
    },
    /^WAFAssociatedItemException: /,
  ],
  [
    "the deletion of an event rule with a target",
    (account) => {
      const rule = account.create("aws_cloudwatch_event_rule", { name: "stopped" });
      account.create("aws_cloudwatch_event_target", { rule: "stopped", arn: "arn:sns" });
      account.delete("aws_cloudwatch_event_rule", rule);
    },
    /^ValidationException: Rule can't be deleted since it has targets\./,
  ],
];

/** Resources that can exist only once, and AWS's error for a second one. */
const ONCE: readonly (readonly [type: string, config: ObjectValue, error: RegExp])[] = [
  ["aws_autoscaling_group", { name: "x", min_size: 0, max_size: 1 }, /^AlreadyExists: /],
  ["aws_cloudwatch_log_group", { name: "/x" }, /^ResourceAlreadyExistsException: /],
  ["aws_ecr_repository", { name: "x" }, /^RepositoryAlreadyExistsException: /],
  ["aws_ecs_capacity_provider", { name: "x" }, /^ClientException: The specified capacity provider already exists/],
  ["aws_ecs_service", { name: "x", cluster: "arn:c" }, /^InvalidParameterException: Creation of service was not/],
  ["aws_efs_mount_target", { file_system_id: "fs-1", subnet_id: "subnet-1" }, /^MountTargetConflict: /],
  ["aws_iam_instance_profile", { name: "x" }, /^EntityAlreadyExists: Instance Profile x already exists/],
  ["aws_iam_policy", { name: "x", policy: '{"Statement":[]}' }, /^EntityAlreadyExists: A policy called x/],
  ["aws_iam_role", { name: "x", assume_role_policy: TRUST }, /^EntityAlreadyExists: Role with name x already exists/],
  ["aws_key_pair", { key_name: "x", public_key: "ssh-ed25519 AAAA" }, /^InvalidKeyPair.Duplicate: /],
  ["aws_kms_alias", { name: "alias/x", target_key_id: "k" }, /^AlreadyExistsException: An alias with the name/],
  ["aws_launch_template", { name: "x" }, /^InvalidLaunchTemplateName.AlreadyExistsException: /],
  ["aws_lb", { name: "x" }, /^DuplicateLoadBalancerName: ELBv2 Load Balancer \(x\) already exists/],
  ["aws_lb_target_group", { name: "x", vpc_id: "vpc-1" }, /^DuplicateTargetGroupName: /],
  ["aws_placement_group", { name: "x", strategy: "spread" }, /^InvalidPlacementGroup.Duplicate: /],
  ["aws_security_group", { name: "x", vpc_id: "vpc-1" }, /^InvalidGroup.Duplicate: /],
  ["aws_service_discovery_http_namespace", { name: "x" }, /^NamespaceAlreadyExists: /],
  ["aws_service_discovery_private_dns_namespace", { name: "x", vpc: "vpc-1" }, /^ConflictingDomainExists: /],
  ["aws_service_discovery_service", { name: "x", dns_config: DNS }, /^ServiceAlreadyExists: Service with name x/],
  [
    "aws_vpc_security_group_ingress_rule",
    { security_group_id: "sg-1", ip_protocol: "tcp", from_port: 22, to_port: 22, cidr_ipv4: "10.0.0.0/8" },
    /^InvalidPermission.Duplicate: /,
  ],
  [
    "aws_vpc_security_group_egress_rule",
    { security_group_id: "sg-1", ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0" },
    /^InvalidPermission.Duplicate: /,
  ],
  ["aws_wafv2_web_acl", { name: "x", scope: "REGIONAL" }, /^WAFDuplicateItemException: /],
];

describe("AWS, in the emulated account", () => {
  it.each(REJECTED)("rejects %s", (_, steps, error) => {
    const account = new EmulatedAccount(FIXTURES);
    expect(() => steps(account)).toThrow(error);
    const { history } = account.provider.contents();
    expect(history.filter(({ rejected }) => rejected)).toEqual([history.at(-1)]);
  });

  it.each(ONCE)("rejects a second %s", (type, config, error) => {
    const account = new EmulatedAccount();
    const first = account.create(type, config);
    expect(() => account.create(type, config)).toThrow(error);
    account.delete(type, first);
    account.create(type, config);
  });

  it("has several scaling policies of one name, and several targets of events with one topic", () => {
    const account = new EmulatedAccount();
    const policies = ["service/ecs/a", "service/ecs/b"].map((resource_id) =>
      account.create("aws_appautoscaling_policy", {
        ...{ name: "cpu", resource_id, service_namespace: "ecs", scalable_dimension: "ecs:service:DesiredCount" },
      }),
    );
    const targets = ["a", "b"].map((rule) =>
      account.create("aws_cloudwatch_event_target", { rule, arn: "arn:aws:sns:eu-west-1:111122223333:alarms" }),
    );
    for (const [type, all] of [
      ["aws_appautoscaling_policy", policies],
      ["aws_cloudwatch_event_target", targets],
    ] as const) {
      for (const one of all) expect(account.provider.readResource(type, one)).toEqual(one);
    }
  });

  it("accepts equal names in two regions, except in IAM, which has no regions", () => {
    const account = new EmulatedAccount();
    account.create("aws_cloudwatch_log_group", { name: "/x", region: "eu-west-1" });
    account.create("aws_cloudwatch_log_group", { name: "/x", region: "us-east-1" });
    expect(account.provider.contents().resources).toHaveLength(2);
  });

  it("keeps a log group whose deletion the AWS provider skips", () => {
    const account = new EmulatedAccount();
    const group = { name: "/x", skip_destroy: true };
    account.delete("aws_cloudwatch_log_group", account.create("aws_cloudwatch_log_group", group));
    expect(() => account.create("aws_cloudwatch_log_group", group)).toThrow(/^ResourceAlreadyExistsException: /);
  });

  it("accepts equal priorities on two listeners, and a priority that is no longer in use", () => {
    const account = new EmulatedAccount();
    const { listener, rule, targets } = routed(account);
    routed(account, "other");
    account.delete("aws_lb_listener_rule", rule);
    const again = { listener_arn: listener.arn as string, priority: 1, action: forward(targets) };
    expect(account.create("aws_lb_listener_rule", again).id).not.toBe(rule.id);
  });

  it("deletes the rules of a security group, the listeners of a load balancer and their rules with it", () => {
    const account = new EmulatedAccount();
    const group = account.create("aws_security_group", { name: "x", vpc_id: "vpc-1" });
    const source = { security_group_id: group.id as string, referenced_security_group_id: group.id as string };
    account.create("aws_vpc_security_group_ingress_rule", { ...source, ip_protocol: "tcp" });
    const { balancer, rule, targets } = routed(account);
    account.delete("aws_security_group", group);
    account.delete("aws_lb", balancer);
    expect(account.provider.contents().resources.map(({ type }) => type)).toEqual(["aws_lb_target_group"]);
    expect(account.provider.readResource("aws_lb_listener_rule", rule)).toBeNull();
    account.delete("aws_lb_target_group", targets);
  });

  it("adopts an existing cluster, which either state can then delete", () => {
    const account = new EmulatedAccount();
    const first = account.create("aws_ecs_cluster", { name: "ecs", tags: { state: "first" } });
    const second = account.create("aws_ecs_cluster", { name: "ecs", tags: { state: "second" } });
    expect(second).toEqual(first);
    expect(account.provider.contents().history.map(({ operation }) => operation)).toEqual(["create", "adopt"]);
    account.delete("aws_ecs_cluster", second);
    expect(account.provider.readResource("aws_ecs_cluster", first)).toBeNull();
  });

  it("deletes resources that tasks and instances still use, and the history shows it", () => {
    const account = new EmulatedAccount();
    const { role, instanceRole, profile, template, logs, target } = runningService(account);
    const key = account.create("aws_kms_key", { policy: '{"Statement":[]}' });
    account.create("aws_kms_alias", { name: "alias/x", target_key_id: key.arn as string });
    account.create("aws_cloudwatch_log_group", { name: "/secret", kms_key_id: key.arn as string });
    account.delete("aws_iam_role", role);
    account.delete("aws_iam_instance_profile", profile);
    account.delete("aws_iam_role", instanceRole);
    account.delete("aws_launch_template", template);
    account.delete("aws_cloudwatch_log_group", logs);
    account.delete("aws_efs_mount_target", target);
    account.delete("aws_kms_key", key);
    expect(account.losses()).toEqual({
      "aws_iam_role task": ["aws_ecs_service web"],
      "aws_iam_role instance": ["aws_autoscaling_group instances"],
      "aws_iam_instance_profile instance": ["aws_autoscaling_group instances"],
      "aws_launch_template instances": ["aws_autoscaling_group instances"],
      "aws_cloudwatch_log_group /ecs/web": ["aws_ecs_service web"],
      [`aws_efs_mount_target ${target.id}`]: ["aws_ecs_service web"],
      [`aws_kms_key ${key.id}`]: ["aws_cloudwatch_log_group /secret"],
    });
  });
});

describe("an updated service", () => {
  /** Removes Service Connect and the task role from the service, and deletes the namespace and the role. */
  const leave = (account: EmulatedAccount, wait_for_steady_state: boolean) => {
    const { web, task, role, namespace } = runningService(account, { wait_for_steady_state });
    account.delete("aws_ecs_task_definition", task);
    const next = account.create("aws_ecs_task_definition", { family: "web", container_definitions: containers() });
    const change = { task_definition: next.arn as string, service_connect_configuration: [] };
    account.update("aws_ecs_service", web, change);
    account.delete("aws_iam_role", role);
    return () => account.delete("aws_service_discovery_http_namespace", namespace);
  };

  it("uses its previous role and namespace until its deployment ends, if the apply does not wait", () => {
    const account = new EmulatedAccount();
    const deleteNamespace = leave(account, false);
    expect(deleteNamespace).toThrow(/^ResourceInUse: /);
    expect(account.losses()).toEqual({ "aws_iam_role task": ["aws_ecs_service web"] });
    account.provider.settle();
    deleteNamespace();
    expect(account.provider.contents().history.find(({ operation }) => operation === "settle")?.name).toBe("web");
  });

  it("does not use them after an apply that waits for a steady state", () => {
    const account = new EmulatedAccount();
    leave(account, true)();
    expect(account.losses()).toEqual({});
  });
});

/** Returns a resource of an account by its id. */
const found = (account: EmulatedAccount, id: unknown) =>
  account.provider.contents().resources.find(({ values }) => values.id === id) as Resource;

describe("a service with a deployment strategy", () => {
  /** Returns a service behind a production rule and a test rule, and how it deploys. */
  const deployed = (strategy: string) => {
    const account = new EmulatedAccount(FIXTURES);
    const { listener, targets: blue, rule } = routed(account);
    const green = account.create("aws_lb_target_group", { name: "green", port: 80, vpc_id: "vpc-1" });
    const test = account.create("aws_lb_listener_rule", {
      listener_arn: listener.arn as string,
      priority: 2,
      action: [{ type: "forward", target_group_arn: green.arn as string }],
    });
    const advanced = {
      alternate_target_group_arn: green.arn as string,
      production_listener_rule: rule.arn as string,
      test_listener_rule: test.arn as string,
      role_arn: "arn:aws:iam::000000000000:role/elb",
    };
    const balancer = { target_group_arn: blue.arn as string, container_name: "web", container_port: 80 };
    const { web } = runningService(account, {
      deployment_configuration: [{ strategy }],
      load_balancer: [{ ...balancer, advanced_configuration: [advanced] }],
    });
    const weights = () =>
      [rule, test].map(({ id }) => {
        const { values } = found(account, id);
        return JSON.stringify(values.action).match(/"weight":\d+/g) ?? [];
      });
    return { account, web, weights, blue, green, advanced, balancer };
  };
  const [ALL, NONE] = ['"weight":100', '"weight":0'];

  it.each(["BLUE_GREEN", "LINEAR", "CANARY"])(
    "moves all requests to the other target group in each deployment: %s",
    (strategy) => {
      const { account, web, weights } = deployed(strategy);
      expect(weights()).toEqual([
        [ALL, NONE],
        [ALL, NONE],
      ]);
      account.update("aws_ecs_service", web, { enable_execute_command: true });
      expect(weights()).toEqual([
        [NONE, ALL],
        [NONE, ALL],
      ]);
      account.update("aws_ecs_service", web, { enable_execute_command: false });
      expect(weights()).toEqual([
        [ALL, NONE],
        [ALL, NONE],
      ]);
    },
  );

  it("keeps the rules of a rolling deployment", () => {
    const { account, web, weights } = deployed("ROLLING");
    account.update("aws_ecs_service", web, { enable_execute_command: true });
    expect(weights()).toEqual([[], []]);
  });

  it("uses both target groups, both rules and the role, and cannot test with its production rule", () => {
    const { account, web, advanced, balancer, green } = deployed("CANARY");
    expect(found(account, web.id).uses.join(" ")).toMatch(new RegExp(`${green.arn}.*listener-rule.*role/elb`));
    const same = { ...advanced, test_listener_rule: advanced.production_listener_rule };
    expect(() =>
      account.update("aws_ecs_service", web, { load_balancer: [{ ...balancer, advanced_configuration: [same] }] }),
    ).toThrow(/cannot be used as both production and test listener rules/);
  });
});

describe("an updated Auto Scaling group", () => {
  const moved = (account: EmulatedAccount, change: ObjectValue = {}) => {
    const { template, instances, group } = runningService(account);
    const next = account.create("aws_security_group", { name: "next", vpc_id: "vpc-1" });
    account.update("aws_launch_template", template, { vpc_security_group_ids: [next.id as string] });
    account.update("aws_autoscaling_group", instances, {
      launch_template: [{ id: template.id as string, version: "2" }],
      ...change,
    });
    return () => account.delete("aws_security_group", group);
  };

  it("uses its previous security groups until its instance refresh ends", () => {
    const account = new EmulatedAccount();
    const deleteGroup = moved(account);
    expect(deleteGroup).toThrow(/^DependencyViolation: [^\n]*\nIt is used by aws_autoscaling_group instances\./);
    account.provider.settle();
    deleteGroup();
  });

  it("uses them permanently without an instance refresh", () => {
    const account = new EmulatedAccount();
    const deleteGroup = moved(account, { instance_refresh: [] });
    account.provider.settle();
    expect(deleteGroup).toThrow(/^DependencyViolation: /);
  });
});

describe("an account that an earlier process changed", () => {
  it("has the resources of the states that Terraform reads", () => {
    const before = new EmulatedAccount();
    const { web, task, role, namespace } = runningService(before);
    const account = new EmulatedAccount();
    // States can have a service before the resources that it uses.
    account.provider.upgrade("aws_ecs_service", web);
    account.provider.upgrade("aws_ecs_task_definition", task);
    account.provider.upgrade("aws_iam_role", role);
    account.provider.upgrade("aws_service_discovery_http_namespace", namespace);
    expect(() => account.delete("aws_service_discovery_http_namespace", namespace)).toThrow(/^ResourceInUse: /);
    account.delete("aws_iam_role", role);
    expect(account.losses()).toEqual({ "aws_iam_role task": ["aws_ecs_service web"] });
    // It is deleted, even if a state has it.
    account.provider.upgrade("aws_iam_role", role);
    expect(account.provider.readResource("aws_iam_role", role)).toBeNull();
  });
});
