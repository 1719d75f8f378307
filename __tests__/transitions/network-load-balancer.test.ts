import { Ec2Service, type ServiceListener } from "../../src";
import { networkLoadBalancerSchema } from "../../src/load-balancing/network-load-balancer-settings";
import { serviceListenerSchema } from "../../src/services/service-listeners";
import { variableName } from "../../src/validation/settings-rule";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testSettings } from "./area";
import { LISTENER_SAMPLES, NETWORK_LOAD_BALANCER_SAMPLES } from "./samples/network-load-balancer";

const VALUES = { maxSize: 100 };
const NO_KEY = { keyPair: "none", loadBalancer: false, values: VALUES, capacityGuards: false } as const;

describeTerraform("changes of the settings of a Network Load Balancer", (lab) => {
  testSettings(lab, {
    name: "NetworkLoadBalancer",
    schema: networkLoadBalancerSchema,
    samples: NETWORK_LOAD_BALANCER_SAMPLES,
    size: 10,
    fixtures: { ipv6Subnets: true },
    variable: (id, path) => `${id}_${variableName(path.replace("values.", ""))}`,
    build: (ids, propsOf) => {
      const networkLoadBalancers = Object.fromEntries(ids.map((id) => [id, propsOf(id, undefined)]));
      const stack = clusterStack({ ...NO_KEY, networkLoadBalancers });
      for (const id of ids)
        new Ec2Service(stack, `${id}_web`, {
          ...{ cluster: stack, serviceName: `${id}-web`, image: "web:1", containerPort: 80 },
          listeners: { tcp: { loadBalancer: id, port: 443 } },
        });
      return stack;
    },
  });

  testSettings(lab, {
    name: "NetworkListener",
    schema: serviceListenerSchema,
    samples: LISTENER_SAMPLES,
    size: 20,
    build: (ids, propsOf) => {
      const stack = clusterStack({ ...NO_KEY, networkLoadBalancers: { edge: {}, other: {} } });
      for (const [index, id] of ids.entries()) {
        const listener: Partial<ServiceListener> = propsOf(id, undefined);
        new Ec2Service(stack, id, {
          ...{ cluster: stack, image: "web:1", networkMode: "awsvpc", containerPort: 80 },
          portMappings: [{ containerPort: 80, protocol: "udp" }, { containerPort: 8080 }],
          sidecars: [{ name: "proxy", image: "proxy:1", containerPort: 81 }],
          listeners: { tcp: { loadBalancer: "edge", port: 443 + index, ...listener } },
        });
      }
      return stack;
    },
  });
});
