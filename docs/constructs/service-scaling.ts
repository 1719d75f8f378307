// ServiceScaling
// JSON: aws_appautoscaling_target.scaling: min_capacity, max_capacity
// JSON: aws_appautoscaling_policy.scaling_cpu: target_tracking_scaling_policy_configuration

import { App } from "cdktf";
import { EcsClusterStack, ServiceScaling } from "../../src";

const app = new App();
const stack = new EcsClusterStack(app, "ecs");
// The service is in another state, or is not an Ec2Service. Ec2Service has the setting `scaling`.
new ServiceScaling(stack, "scaling", { cluster: stack, serviceName: "users", maxCapacity: 6, cpuPercent: 60 });
app.synth();
