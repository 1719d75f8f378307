import type { Mapping } from "../cover";
import { noRequirementsAt } from "./instance_requirements";

const MANAGED = "ECS Managed Instances are out of scope.";
const NONE = { outOfScope: MANAGED };

/** The arguments of `aws_ecs_capacity_provider`. */
export const AWS_ECS_CAPACITY_PROVIDER: Mapping = {
  "auto_scaling_group_provider.auto_scaling_group_arn": { fixed: "Always the group of the same construct." },
  "auto_scaling_group_provider.managed_draining": {
    fixed: "Always ENABLED, so that ECS stops tasks before an instance ends.",
  },
  "auto_scaling_group_provider.managed_scaling.instance_warmup_period": "ManagedScaling.instanceWarmupSeconds",
  "auto_scaling_group_provider.managed_scaling.maximum_scaling_step_size": "ManagedScaling.maximumStepSize",
  "auto_scaling_group_provider.managed_scaling.minimum_scaling_step_size": "ManagedScaling.minimumStepSize",
  "auto_scaling_group_provider.managed_scaling.status": { fixed: "Always ENABLED." },
  "auto_scaling_group_provider.managed_scaling.target_capacity": "GroupSettings.targetCapacity",
  "auto_scaling_group_provider.managed_termination_protection": "GroupSettings.terminationProtection",
  cluster: { outOfScope: `It is for ECS Managed Instances. ${MANAGED}` },
  "managed_instances_provider.infrastructure_optimization.scale_in_after": NONE,
  "managed_instances_provider.infrastructure_role_arn": NONE,
  "managed_instances_provider.instance_launch_template.ec2_instance_profile_arn": NONE,
  ...noRequirementsAt("managed_instances_provider.instance_launch_template.instance_requirements", MANAGED),
  "managed_instances_provider.instance_launch_template.monitoring": NONE,
  "managed_instances_provider.instance_launch_template.network_configuration.security_groups": NONE,
  "managed_instances_provider.instance_launch_template.network_configuration.subnets": NONE,
  "managed_instances_provider.instance_launch_template.storage_configuration.storage_size_gib": NONE,
  "managed_instances_provider.propagate_tags": NONE,
  name: "AsgCapacityProviderProps.capacityProviderName",
  region: { fixed: "Always the region of the provider." },
  tags: { fixed: "Always the name and the purpose, with the tags of the stack." },
};
