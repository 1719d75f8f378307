import { Ec2Service, type EcsClusterSettings } from "../../src";
import { capacitySchema } from "../../src/capacity/capacity-settings";
import { ecsClusterSettingsSchema } from "../../src/stacks/ecs-cluster-settings";
import { variableName } from "../../src/validation/settings-rule";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { testSettings } from "./area";
import { ECS_CLUSTER_STACK_SAMPLES } from "./samples/ecs-cluster-stack";

describeTerraform("changes of the settings of a cluster", (lab) => {
  const { aws_subnet = [], aws_iam_role = [] } = EXAMPLE_FIXTURES.existing ?? {};
  testSettings(lab, {
    name: "EcsClusterStack",
    schema: ecsClusterSettingsSchema,
    samples: ECS_CLUSTER_STACK_SAMPLES,
    // capacity-provider.test.ts, load-balancer.test.ts and network-load-balancer.test.ts change these.
    covered: (path) =>
      /^(capacityProviders\.\*|(loadB|networkLoadB)alancers\.\*|loadBalancer\.)/.test(path) ||
      (path.split(".")[0] ?? "") in capacitySchema.shape,
    size: 1,
    fixtures: { ...EXAMPLE_FIXTURES, existing: { aws_subnet, aws_iam_role } },
    variable: (_, path) => variableName(path.replace("values.", "")),
    build: ([id = ""], propsOf) => {
      const settings: EcsClusterSettings = { keyPair: "none", ...propsOf(id, undefined) };
      const stack = clusterStack(settings);
      const isRouted = settings.loadBalancer !== false;
      const route = isRouted ? { containerPort: 80, paths: ["/*"] } : {};
      new Ec2Service(stack, "web", { cluster: stack, image: "web:1", enableExecuteCommand: true, ...route });
      return stack;
    },
  });
});
