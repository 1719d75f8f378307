import { blocksOf, equal, isUnknown, type ObjectValue, textsOf, type Value } from "../wire/values";
import { digest, dnsSuffix, fakeArn, fakeId, type Place } from "./fake";

/** What the made-up attributes of a resource depend on. */
export interface Applied {
  readonly type: string;
  /** The planned state. The made-up attributes replace its unknown values. */
  readonly state: ObjectValue;
  readonly prior: ObjectValue | null;
  readonly place: Place;
  /** Returns the attributes of a subnet, or nothing for an unknown subnet. */
  subnetOf(id: string): ObjectValue | undefined;
  /** A text that is equal for equal configurations. Equal seeds return equal ids. */
  readonly seed: string;
}

type Identity = (applied: Applied) => ObjectValue;

/** Returns the last part of an ARN: `ecs` of `arn:…:cluster/ecs`. */
function tail(value: Value | undefined, separator = "/"): string {
  return text(value).split(separator).at(-1) ?? "";
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Returns the configured name, or a name with the configured prefix, as the AWS provider creates it. */
function nameOf({ state, seed, type }: Applied, argument = "name"): string {
  const given = text(state[argument]);
  if (given) return given;
  const prefix = text(state[`${argument}_prefix`]);
  return prefix ? `${prefix}offline${digest(seed, 8)}` : fakeId(type.replace(/^aws_/, "").replaceAll("_", "-"), seed);
}

/** The identity of a type whose id is its ARN. */
function arnIsId(service: string, path: (applied: Applied) => string): Identity {
  return (applied) => {
    const arn = fakeArn(applied.place, service, path(applied));
    return { id: arn, arn };
  };
}

/** The identity of a resource of EC2. The id has a short prefix, and the ARN ends in the id. */
function ec2(prefix: string, path: string, more: Identity = () => ({})): Identity {
  return (applied) => {
    const id = fakeId(prefix, applied.seed);
    const named: ObjectValue = "name" in applied.state ? { name: nameOf(applied) } : {};
    return { id, arn: fakeArn(applied.place, "ec2", `${path}/${id}`), ...named, ...more({ ...applied, seed: id }) };
  };
}

/** The identity of a resource of IAM. Its ARN has no region, and its id is its name. */
function iam(path: string): Identity {
  return (applied) => {
    const name = nameOf(applied);
    const arn = fakeArn(applied.place, "iam", `${path}${text(applied.state.path) || "/"}${name}`, true);
    return {
      id: path === "policy" ? arn : name,
      name,
      arn,
      path: text(applied.state.path) || "/",
      unique_id: `AROAOFFLINE${digest(applied.seed, 10).toUpperCase()}`,
    };
  };
}

const securityGroupRule = ec2("sgr", "security-group-rule", ({ seed }) => ({ security_group_rule_id: seed }));

/** The identity of a part of a scalable target, such as a policy. Other targets have parts with the same name. */
function ofTarget(kind: string, label: string): Identity {
  return ({ state, place, seed }) => {
    const [name, target] = [text(state.name), `${text(state.service_namespace)}/${text(state.resource_id)}`];
    const path = `${kind}:${digest(seed, 32)}:resource/${target}:${label}Name/${name}`;
    return { id: `${name}-${target}`, arn: fakeArn(place, "autoscaling", path) };
  };
}

const IDENTITIES: { readonly [type: string]: Identity } = {
  aws_launch_template: ec2("lt", "launch-template", ({ prior, state }) => {
    const before = typeof prior?.latest_version === "number" ? prior.latest_version : 0;
    const latest_version = prior && makesNoVersion(prior, state) ? before : before + 1;
    return { latest_version, default_version: state.update_default_version === true ? latest_version : 1 };
  }),
  aws_eip: ec2("eipalloc", "elastic-ip", ({ place, seed }) => {
    // https://www.rfc-editor.org/rfc/rfc5737: addresses for documentation
    const public_ip = `203.0.113.${1 + (Number.parseInt(digest(seed, 6), 16) % 254)}`;
    const public_dns = `ec2-${public_ip.replaceAll(".", "-")}.${place.region}.compute.${dnsSuffix(place.partition)}`;
    return { allocation_id: seed, public_ip, public_dns };
  }),
  aws_security_group: ec2("sg", "security-group", ({ place }) => ({ owner_id: place.account })),
  aws_vpc_endpoint: ec2("vpce", "vpc-endpoint"),
  aws_vpc_security_group_ingress_rule: securityGroupRule,
  aws_vpc_security_group_egress_rule: securityGroupRule,
  aws_key_pair: (applied) => {
    const key_name = nameOf(applied, "key_name");
    return {
      id: key_name,
      key_name,
      key_pair_id: fakeId("key", applied.seed),
      arn: fakeArn(applied.place, "ec2", `key-pair/${key_name}`),
      key_type: text(applied.state.public_key).startsWith("ssh-ed25519") ? "ed25519" : "rsa",
    };
  },
  aws_appautoscaling_policy: ofTarget("scalingPolicy", "policy"),
  aws_appautoscaling_scheduled_action: ofTarget("scheduledAction", "scheduledAction"),
  aws_autoscaling_group: (applied) => {
    const name = nameOf(applied);
    const uuid = fakeId("group", applied.seed);
    return {
      id: name,
      name,
      arn: fakeArn(applied.place, "autoscaling", `autoScalingGroup:${uuid}:autoScalingGroupName/${name}`),
      desired_capacity: applied.state.min_size ?? 0,
      default_cooldown: 300,
      health_check_type: "EC2",
      service_linked_role_arn: fakeArn(
        applied.place,
        "iam",
        "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
        true,
      ),
    };
  },
  aws_ecs_cluster: arnIsId("ecs", (applied) => `cluster/${nameOf(applied)}`),
  aws_ecs_capacity_provider: arnIsId("ecs", (applied) => `capacity-provider/${nameOf(applied)}`),
  aws_ecs_cluster_capacity_providers: ({ state }) => ({ id: text(state.cluster_name) }),
  aws_ecs_service: arnIsId("ecs", ({ state }) => `service/${tail(state.cluster) || "default"}/${text(state.name)}`),
  aws_ecs_task_definition: ({ state, place, seed }) => {
    // ECS counts revisions. Here the content determines the number, so that different content has a different ARN.
    // Two revisions of a family must never have the same number, or a service would not change.
    const revision = 1 + Number.parseInt(digest(seed, 6), 16);
    const arn = fakeArn(place, "ecs", `task-definition/${text(state.family)}`);
    return { id: text(state.family), revision, arn: `${arn}:${revision}`, arn_without_revision: arn };
  },
  aws_efs_mount_target: ({ state, seed, subnetOf }) => {
    const subnet = text(state.subnet_id);
    // Without a known zone, each subnet is in a zone of its own.
    return { id: fakeId("fsmt", seed), availability_zone_name: subnetOf(subnet)?.availability_zone ?? subnet };
  },
  aws_lb: (applied) => {
    const { place, seed, state, subnetOf } = applied;
    const name = nameOf(applied);
    const [mapped] = blocksOf(state.subnet_mapping).map(({ subnet_id }) => text(subnet_id));
    const vpc_id = subnetOf(textsOf(state.subnets)[0] ?? mapped ?? "")?.vpc_id ?? null;
    const suffix = `${state.load_balancer_type === "network" ? "net" : "app"}/${name}/${digest(seed, 16)}`;
    return {
      ...arnIsId("elasticloadbalancing", () => `loadbalancer/${suffix}`)(applied),
      name,
      arn_suffix: suffix,
      dns_name: `${name}-offline.${place.region}.elb.${dnsSuffix(place.partition)}`,
      zone_id: "ZOFFLINE",
      ...(vpc_id !== null && { vpc_id }),
    };
  },
  aws_lb_target_group: (applied) => {
    const name = nameOf(applied).slice(0, 32);
    const suffix = `targetgroup/${name}/${digest(applied.seed, 16)}`;
    return {
      ...arnIsId("elasticloadbalancing", () => suffix)(applied),
      ...{ name, arn_suffix: suffix },
      // AWS's default of an Application Load Balancer.
      protocol_version: /^HTTPS?$/.test(text(applied.state.protocol)) ? "HTTP1" : "",
    };
  },
  aws_lb_listener: (applied) => {
    const suffix = text(applied.state.load_balancer_arn).split("loadbalancer/")[1] ?? "app/offline";
    return {
      ...arnIsId("elasticloadbalancing", ({ seed }) => `listener/${suffix}/${digest(seed, 16)}`)(applied),
      // AWS's default for HTTP and HTTPS.
      routing_http_response_server_enabled: true,
    };
  },
  aws_lb_listener_rule: arnIsId("elasticloadbalancing", ({ state, seed }) => {
    return `listener-rule/${text(state.listener_arn).split("listener/")[1] ?? "app/offline"}/${digest(seed, 16)}`;
  }),
  aws_acm_certificate: (applied) => {
    const { state, seed } = applied;
    const name = text(state.domain_name);
    return {
      ...arnIsId("acm", () => `certificate/${digest(seed, 32)}`)(applied),
      // The provider also returns the domain name among its alternative names.
      domain_validation_options: [...new Set([name, ...textsOf(state.subject_alternative_names)])].map(
        (domain_name) => ({
          domain_name,
          resource_record_name: `_offline.${domain_name.replace(/^[*][.]/, "")}.`,
          resource_record_type: "CNAME",
          resource_record_value: "_offline.acm-validations.aws.",
        }),
      ),
    };
  },
  aws_acm_certificate_validation: ({ state, seed }) => ({
    id: fakeId("validation", seed),
    certificate_arn: state.certificate_arn ?? null,
  }),
  aws_iam_role: iam("role"),
  aws_iam_policy: iam("policy"),
  aws_iam_instance_profile: iam("instance-profile"),
  aws_iam_role_policy: (applied) => ({ id: `${text(applied.state.role)}:${nameOf(applied)}`, name: nameOf(applied) }),
  aws_cloudwatch_log_group: (applied) => {
    const name = nameOf(applied);
    return { id: name, name, arn: fakeArn(applied.place, "logs", `log-group:${name}`) };
  },
  aws_cloudwatch_metric_alarm: ({ state, place }) => {
    const name = text(state.alarm_name);
    return { id: name, arn: fakeArn(place, "cloudwatch", `alarm:${name}`) };
  },
  aws_secretsmanager_secret: (applied) => {
    const name = nameOf(applied);
    const arn = fakeArn(applied.place, "secretsmanager", `secret:${name}-${digest(applied.seed, 6)}`);
    return { id: arn, name, arn };
  },
  aws_secretsmanager_secret_version: ({ state, seed }) => {
    const [arn, version_id] = [text(state.secret_id), fakeId("version", seed)];
    return { id: `${arn}|${version_id}`, arn, version_id, version_stages: ["AWSCURRENT"] };
  },
  aws_ssm_parameter: ({ state, place }) => {
    const name = text(state.name);
    return { id: name, arn: fakeArn(place, "ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`) };
  },
  aws_scheduler_schedule: (applied) => {
    const [name, group_name] = [nameOf(applied), text(applied.state.group_name) || "default"];
    const path = `${group_name}/${name}`;
    return { id: path, name, group_name, arn: fakeArn(applied.place, "scheduler", `schedule/${path}`) };
  },
  aws_scheduler_schedule_group: (applied) => {
    const name = nameOf(applied);
    return { id: name, name, arn: fakeArn(applied.place, "scheduler", `schedule-group/${name}`) };
  },
  aws_sqs_queue: (applied) => {
    const { place } = applied;
    const name = nameOf(applied);
    const url = `https://sqs.${place.region}.${dnsSuffix(place.partition)}/${place.account}/${name}`;
    return { id: url, url, name, arn: fakeArn(place, "sqs", name) };
  },
  aws_service_discovery_service: ({ state, place, seed }) => {
    const [id, [config]] = [fakeId("srv", seed), blocksOf(state.dns_config)];
    const namespace_id = text(state.namespace_id) || (config?.namespace_id ?? null);
    return { id, arn: fakeArn(place, "servicediscovery", `service/${id}`), namespace_id };
  },
  aws_sns_topic: arnIsId("sns", (applied) => nameOf(applied)),
  aws_ecr_repository: ({ state, place }) => {
    const name = text(state.name);
    const host = `${place.account}.dkr.ecr.${place.region}.${dnsSuffix(place.partition)}`;
    return {
      id: name,
      arn: fakeArn(place, "ecr", `repository/${name}`),
      registry_id: place.account,
      repository_url: `${host}/${name}`,
    };
  },
};

/** Returns whether a change creates no version of a launch template. A change of its tags creates none. */
function makesNoVersion(prior: ObjectValue, state: ObjectValue): boolean {
  const changed = Object.keys(state).filter((name) => !isUnknown(state[name]) && !equal(state[name], prior[name]));
  return changed.every((name) => ["tags", "tags_all", "default_version", "update_default_version"].includes(name));
}

/** Returns made-up computed attributes of a resource. The planner fills in the other attributes by their types. */
export function identityOf(applied: Applied): ObjectValue {
  const identity = IDENTITIES[applied.type];
  if (identity) return identity(applied);
  // This splits types such as `aws_service_discovery_http_namespace` in the wrong place, which affects no reader.
  const [service = "aws", ...rest] = applied.type.replace(/^aws_/, "").split("_");
  const id = fakeId(rest.join("-") || service, applied.seed);
  const named: ObjectValue = "name" in applied.state ? { name: nameOf(applied) } : {};
  const path = rest.join("-") || service;
  return { id, arn: fakeArn(applied.place, service, `${path}/${text(named.name ?? null) || id}`), ...named };
}
