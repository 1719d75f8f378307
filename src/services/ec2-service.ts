import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ListenerRule, routeMistakes } from "../load-balancing/listener-rule";
import { conflicts, type PlacedRule, priorityOf, rulesOn } from "../load-balancing/listener-rules";
import { TargetGroup, targetGroupSchema } from "../load-balancing/target-group";
import { type ContainerProps, containerSettingsSchema } from "../tasks/container";
import { containerSettingsMistakes, containersMistakes, taskSize } from "../tasks/container-mistakes";
import type { EcrRepository } from "../tasks/ecr-repository";
import { nameMistakes, ServiceImage, serviceImageMistakes, serviceImageSettingsSchema } from "../tasks/service-image";
import { TaskDefinition, taskSettingsMistakes, taskSettingsSchema } from "../tasks/task-definition";
import { taskVolumeMistakes } from "../tasks/task-volumes";
import { literal } from "../terraform/expression";
import { purposeTags } from "../terraform/purpose-tags";
import { refuse } from "../validation/check-props";
import { sentence } from "../validation/problem";
import { partOf } from "../validation/schema";
import { check } from "../validation/validate";
import { serviceMistakes } from "./ec2-service-mistakes";
import { type Ec2ServiceProps, routesOf, SERVICE_DEFAULTS } from "./ec2-service-props";
import { zoneRebalancing } from "./placement";
import { capacityGuards } from "./service-capacity";
import { ServiceConnectNamespace, serviceConnectConfiguration, serviceConnectMistakes } from "./service-connect";
import { ServiceScaling, serviceScalingMistakes } from "./service-scaling";
import { chosenCapacities, strategiesOf, strategyGuards, unmountableMistakes } from "./service-strategy";

/**
 * One service on the cluster's instances, whole: its image's variable, log group, roles, task definition in bridge mode
 * with dynamic host ports, target group, listener rules and scaling. Ports and security groups are the cluster's own
 * affair.
 *
 * @example new Ec2Service(stack, "users", { cluster: stack, containerPort: 3000, paths: ["/api/users*"] })
 */
export class Ec2Service extends Construct {
  /** The service's name, from the service itself. */
  readonly serviceName: string;
  /** The service's ARN. */
  readonly serviceArn: string;
  readonly taskDefinition: TaskDefinition;
  /** The targets; undefined for a service without a route. */
  readonly targetGroup?: TargetGroup;
  readonly rules: readonly ListenerRule[];
  /** The repository, with `ecrRepository`. */
  readonly repository?: EcrRepository;

  /** @throws {SettingsError} with every mistake at once */
  constructor(scope: Construct, id: string, props: Ec2ServiceProps) {
    super(scope, id);
    const { cluster, serviceName: name = id, containerPort, sidecars = [], daemon = false, scaling } = props;
    const routes = routesOf(props);
    this.check(name, props);

    const { clusterName, clusterArn } = cluster.cluster;
    const image = new ServiceImage(this, "image", {
      ...partOf(serviceImageSettingsSchema, props),
      clusterName,
      name,
      encryptionKeyArn: props.cluster.cluster.executeCommandKeyArn,
    });
    this.repository = image.repository;
    const main: ContainerProps = {
      ...partOf(containerSettingsSchema, props),
      name,
      image: image.image,
      portName: props.serviceConnect && containerPort !== undefined ? name : undefined,
    };
    const containers = [main, ...sidecars];
    this.taskDefinition = new TaskDefinition(this, "task_definition", {
      ...partOf(taskSettingsSchema, props),
      cluster,
      name,
      containers,
    });

    if (routes.length > 0)
      this.targetGroup = new TargetGroup(this, "target_group", { ...partOf(targetGroupSchema, props), cluster, name });
    const { targetGroup } = this;
    this.rules = targetGroup
      ? routes.map(
          ([route, conditions]) =>
            new ListenerRule(this, route === "" ? "rule" : `rule_${route}`, {
              ...conditions,
              cluster,
              name,
              targetGroupArn: targetGroup.targetGroupArn,
              setting: settingOf(route),
            }),
        )
      : [];

    const minimumHealthyPercent = props.minimumHealthyPercent ?? (daemon ? 0 : SERVICE_DEFAULTS.minimumHealthyPercent);
    const desiredCount = props.desiredCount ?? scaling?.minCapacity ?? SERVICE_DEFAULTS.desiredCount;
    const tasks = daemon ? "one an instance" : (scaling?.maxCapacity ?? desiredCount);
    const need = { name, ...taskSize(containers), tasks, minimumHealthyPercent } as const;
    const guards = capacityGuards(this, cluster, need, chosenCapacities(props));
    const service = new EcsService(this, "resource", {
      name,
      cluster: clusterArn,
      taskDefinition: this.taskDefinition.taskDefinitionArn,
      ...(daemon ? daemonScheduling : replicaScheduling(props, desiredCount)),
      deploymentMinimumHealthyPercent: minimumHealthyPercent,
      deploymentMaximumPercent: daemon ? 100 : (props.maximumPercent ?? SERVICE_DEFAULTS.maximumPercent),
      deploymentCircuitBreaker: {
        enable: props.circuitBreaker ?? true,
        rollback: (props.circuitBreaker ?? true) && (props.rollback ?? true),
      },
      placementConstraints: props.placementConstraints?.map(({ type, expression }) => ({
        type,
        expression: expression === undefined ? undefined : literal(expression),
      })),
      loadBalancer:
        targetGroup && containerPort !== undefined
          ? [{ targetGroupArn: targetGroup.targetGroupArn, containerName: name, containerPort }]
          : undefined,
      healthCheckGracePeriodSeconds: targetGroup
        ? (props.healthCheckGracePeriodSeconds ?? SERVICE_DEFAULTS.healthCheckGracePeriodSeconds)
        : undefined,
      serviceConnectConfiguration:
        props.serviceConnect &&
        serviceConnectConfiguration(props.serviceConnect, {
          name,
          containerPort,
          logGroupName: this.taskDefinition.logGroupName,
          region: cluster.region,
        }),
      enableExecuteCommand: props.enableExecuteCommand ?? false,
      waitForSteadyState: props.waitForSteadyState ?? false,
      // Only where something else changes too: without it ECS refuses a changed strategy.
      forceNewDeployment: true,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags: purposeTags(`${clusterName}-${name}`, `Keeps the tasks of ${name} running`),
      dependsOn: this.dependencies(props),
      lifecycle: {
        ignoreChanges: scaling ? ["desired_count"] : undefined,
        precondition: [...guards, ...strategyGuards(props)].map(({ condition, errorMessage }) => ({
          condition,
          errorMessage,
        })),
      },
    });
    this.serviceName = service.name;
    this.serviceArn = service.id;
    if (scaling) {
      new ServiceScaling(this, "scaling", {
        ...scaling,
        cluster,
        serviceName: service.name,
        targetGroupArnSuffix: targetGroup?.arnSuffix,
      });
    }
  }

  /** Everything that can be known now, in one error, before anything is made. */
  private check(name: string, props: Ec2ServiceProps): void {
    const { cluster, sidecars = [], scaling, serviceConnect } = props;
    const routes = routesOf(props);
    const placed: PlacedRule[] = cluster.loadBalancer ? [...rulesOn(cluster.loadBalancer)] : [];
    const ofRoutes = routes.flatMap(([route, conditions]) => {
      const setting = settingOf(route);
      const own = routeMistakes(conditions, route === "" ? "" : setting);
      if (own.length > 0) return own;
      const path = `${this.node.path}/${route === "" ? "rule" : `rule_${route}`}`;
      const rule = { ...conditions, name: path, priority: priorityOf(conditions, conditions.priority) };
      const mistakes = conflicts(setting, rule, placed);
      placed.push(rule);
      return mistakes;
    });
    const main: ContainerProps = { ...props, name, image: "checked-apart" };
    refuse(this, [
      ...serviceMistakes(name, props),
      ...serviceImageMistakes(props),
      ...nameMistakes(this, name),
      ...containerSettingsMistakes(props),
      ...containersMistakes([main, ...sidecars]),
      ...taskVolumeMistakes(props.volumes ?? {}, [main, ...sidecars]),
      ...unmountableMistakes(props),
      ...taskSettingsMistakes(props),
      ...check(targetGroupSchema, partOf(targetGroupSchema, props)).problems.map(sentence),
      ...ofRoutes,
      ...(scaling ? serviceScalingMistakes(scaling, routes.length > 0, "scaling.") : []),
      ...(serviceConnect ? serviceConnectMistakes(serviceConnect, props.containerPort, "serviceConnect.") : []),
    ]);
  }

  /** What is made before the service and outlives it on destroy. */
  private dependencies({ cluster, serviceConnect }: Ec2ServiceProps): ITerraformDependable[] {
    const { association } = cluster.capacityProvider;
    const namespace = serviceConnect?.namespace;
    return [
      // A target group has a load balancer only once a rule names it: https://github.com/hashicorp/terraform/issues/32908
      ...this.rules.map(({ rule }) => rule),
      // Without its rights a task can't stop, and the service drains for ever:
      // https://github.com/hashicorp/terraform-provider-aws/issues/3414
      ...this.taskDefinition.policies,
      ...(association ? [association] : []),
      ...(namespace instanceof ServiceConnectNamespace ? [namespace.rule] : []),
    ];
  }
}

const settingOf = (route: string): string => (route === "" ? "paths and hosts" : `routes.${route}`);

/** https://github.com/aws/containers-roadmap/issues/692 */
const daemonScheduling = {
  schedulingStrategy: "DAEMON",
  launchType: "EC2",
  availabilityZoneRebalancing: "DISABLED",
} as const;

function replicaScheduling(props: Ec2ServiceProps, desiredCount: number) {
  const { placementStrategies = SERVICE_DEFAULTS.placementStrategies, placementConstraints } = props;
  return {
    schedulingStrategy: "REPLICA",
    desiredCount,
    capacityProviderStrategy: strategiesOf(props).map(({ capacityProvider, weight = 1, base = 0 }) => ({
      capacityProvider: literal(capacityProvider),
      weight,
      base,
    })),
    orderedPlacementStrategy: placementStrategies.map(({ type, field }) => ({
      type,
      field: field === undefined ? undefined : literal(field),
    })),
    availabilityZoneRebalancing: zoneRebalancing({
      maximumPercent: props.maximumPercent ?? SERVICE_DEFAULTS.maximumPercent,
      strategies: placementStrategies,
      constraints: placementConstraints,
    }),
  };
}
