import { Ec2Service } from "../../src";
import { capacityProviderSchema, capacitySchema } from "../../src/capacity/capacity-settings";
import { variableName } from "../../src/validation/settings-rule";
import { clusterStack } from "../support/cluster";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testSettings, withValue } from "./area";
import { CAPACITY_PROVIDER_SAMPLES, CAPACITY_SAMPLES } from "./samples/capacity-provider";
import { settingsOf } from "./settings";

describeTerraform("changes of the settings of a capacity provider", (lab) => {
  testSettings(lab, {
    name: "CapacityProvider",
    schema: capacityProviderSchema,
    samples: CAPACITY_PROVIDER_SAMPLES,
    fixtures: { ipv6Subnets: true },
    size: 16,
    variable: (id, path) => `${id}_${variableName(path.replace("values.", ""))}`,
    build: (ids, propsOf) => {
      const others = Object.fromEntries(ids.map((id) => [id, propsOf(id, undefined)]));
      const stack = clusterStack({ keyPair: "none", capacityProviders: { main: {}, ...others } });
      new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, paths: ["/*"] });
      return stack;
    },
  });
});

describe("the settings of the only capacity provider of a stack", () => {
  it.each(settingsOf(capacitySchema).map(({ path }) => path))(
    "render as those in capacityProviders.main: %s",
    (path) => {
      const sample = CAPACITY_SAMPLES[path];
      if (!sample || "never" in sample) throw new Error(`The setting ${path} has no sample of a change.`);
      const settings = withValue(sample.with ?? {}, path, sample.to);
      const [only, main] = [settings, { capacityProviders: { main: settings } }].map((one) => {
        const { resource } = synthesized(clusterStack({ keyPair: "none", ...one })) as {
          resource: Record<string, object>;
        };
        // The strategy is the same, but explicit.
        const { aws_ecs_cluster_capacity_providers, ...others } = resource;
        return others;
      });
      expect(main).toEqual(only);
    },
  );
});
