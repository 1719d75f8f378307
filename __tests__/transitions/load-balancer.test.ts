import { Ec2Service } from "../../src";
import { loadBalancerSettingsSchema } from "../../src/load-balancing/load-balancer-settings";
import { namedLoadBalancerSchema } from "../../src/load-balancing/named-load-balancer";
import { variableName } from "../../src/validation/settings-rule";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testSettings } from "./area";
import { changedArguments } from "./changed-arguments";
import { LOAD_BALANCER_SAMPLES } from "./samples/load-balancer";
import { settingsOf } from "./settings";

describeTerraform("changes of the settings of a load balancer", (lab) => {
  testSettings(lab, {
    name: "LoadBalancer",
    schema: namedLoadBalancerSchema,
    samples: LOAD_BALANCER_SAMPLES,
    size: 16,
    fixtures: { ipv6Subnets: true },
    variable: (id, path) => `${id}_${variableName(path.replace("values.", ""))}`,
    build: (ids, propsOf) => {
      const loadBalancers = Object.fromEntries(ids.map((id) => [id, propsOf(id, undefined)]));
      const values = { maxSize: 40 };
      const stack = clusterStack({ keyPair: "none", loadBalancer: false, values, loadBalancers });
      for (const id of ids)
        new Ec2Service(stack, `${id}_web`, {
          ...{ cluster: stack, serviceName: `${id}-web`, image: "web:1", containerPort: 80 },
          ...{ loadBalancer: id, paths: ["/*"] },
        });
      return stack;
    },
  });
});

/** The setting that only synth reads. */
const OF_SYNTH = "ruleQuota";

describe("the settings of the main load balancer of a stack", () => {
  const changes = settingsOf(loadBalancerSettingsSchema).map(({ path }) => path);
  it.each(changes)("change the same arguments as those of another load balancer: %s", (path) => {
    const change = LOAD_BALANCER_SAMPLES[path];
    if (!change || "never" in change) throw new Error(`The setting ${path} has no sample of a change.`);
    const main = changedArguments(path, change, (propsOf) =>
      clusterStack({ keyPair: "none", loadBalancer: propsOf(undefined) }),
    );
    const other = changedArguments(path, change, (propsOf) =>
      clusterStack({ keyPair: "none", loadBalancer: false, loadBalancers: { internal: propsOf(undefined) } }),
    );
    expect(main.length > 0).toBe(path !== OF_SYNTH);
    expect(main).toEqual(other);
  });
});
