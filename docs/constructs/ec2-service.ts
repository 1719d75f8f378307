// Ec2Service
// Settings: Ec2ServiceProps, Route, TargetGroupSettings, HealthCheck, PolicyStatement, ServiceImageSettings, EcrRepositorySettings, ServiceConnectSettings, ServiceConnectService, ServiceConnectTls, CloudMapOptions, PlacementStrategy, PlacementConstraint, CapacityProviderStrategy, DeploymentSettings, LinearConfiguration, CanaryConfiguration, DeploymentLifecycleHook, DeploymentAlarms, ServiceAlarmsSettings
// JSON: aws_ecs_service.users: desired_count, deployment_circuit_breaker, load_balancer, ordered_placement_strategy
// JSON: aws_lb_listener_rule.users_rule: priority, condition, action
// JSON: aws_lb_target_group.users_target_group: target_type, health_check

import { App } from "cdktf";
import { Ec2Service, EcsClusterStack, Secret } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
new Ec2Service(stack, "users", {
  cluster: stack,
  containerPort: 3000,
  paths: ["/api/users*"],
  cpu: 256,
  memoryLimitMiB: 512,
  environment: { NODE_ENV: "production" },
  secrets: { DATABASE_URL: Secret.fromSsmParameter("/prod/users/database-url") },
  healthCheck: { path: "/health" },
  scaling: { minCapacity: 2, maxCapacity: 6, cpuPercent: 60 },
});
app.synth();
