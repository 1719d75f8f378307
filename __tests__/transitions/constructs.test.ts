import { DEFAULT_VPC_ID } from "../../cli/offline-provider";
import {
  Alarms,
  Dashboard,
  Ec2Service,
  EcsServiceStack,
  EncryptionKey,
  EventArchive,
  ExistingLoadBalancer,
  ExistingNetworkLoadBalancer,
  FileSystem,
  ScheduledTask,
  ServiceConnectNamespace,
} from "../../src";
import { existingLoadBalancerPropsSchema } from "../../src/load-balancing/existing-load-balancer";
import { existingNetworkLoadBalancerPropsSchema } from "../../src/load-balancing/existing-network-load-balancer";
import { alarmsPropsSchema } from "../../src/observability/alarms";
import { dashboardPropsSchema } from "../../src/observability/dashboard";
import { eventArchivePropsSchema } from "../../src/observability/event-archive";
import { serviceConnectNamespacePropsSchema } from "../../src/services/service-connect-namespace";
import { ecsServiceStackSettingsSchema } from "../../src/stacks/ecs-service-stack";
import { fileSystemPropsSchema } from "../../src/tasks/file-system";
import { variableName } from "../../src/validation/settings-rule";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { testSettings } from "./area";
import {
  ALARMS_SAMPLES,
  DASHBOARD_SAMPLES,
  ECS_SERVICE_STACK_SAMPLES,
  EVENT_ARCHIVE_SAMPLES,
  EXISTING_LOAD_BALANCER_SAMPLES,
  EXISTING_LOAD_BALANCERS,
  EXISTING_NETWORK_LOAD_BALANCER_SAMPLES,
  EXISTING_NETWORK_LOAD_BALANCERS,
  FILE_SYSTEM_SAMPLES,
  NAMESPACE_SAMPLES,
} from "./samples/constructs";

const NO_KEY = { keyPair: "none" } as const;
const cluster = () => clusterStack({ ...NO_KEY, loadBalancer: false });

describeTerraform("changes of the settings of other constructs", (lab) => {
  testSettings<EncryptionKey>(lab, {
    name: "FileSystem",
    schema: fileSystemPropsSchema,
    samples: FILE_SYSTEM_SAMPLES,
    size: 10,
    fixtures: { existing: { aws_iam_role: EXAMPLE_FIXTURES.existing?.aws_iam_role ?? [] } },
    build: (ids, propsOf) => {
      const stack = cluster();
      const key = new EncryptionKey(stack, "key", { name: "files", region: "ap-northeast-2" });
      for (const id of ids) {
        const base = { name: `files-${id}`, vpc: stack.vpc, portRules: stack.portRules };
        const files = new FileSystem(stack, id, { ...base, ...propsOf(id, key) });
        new Ec2Service(stack, `${id}-web`, {
          ...{ cluster: stack, image: "web:1", mountPoints: { "/files": "files" } },
          volumes: { files: { fileSystem: files.fileSystemId } },
        });
      }
      return stack;
    },
  });

  testSettings(lab, {
    name: "ServiceConnectNamespace",
    schema: serviceConnectNamespacePropsSchema,
    samples: NAMESPACE_SAMPLES,
    size: 1,
    build: ([id = ""], propsOf) => {
      const stack = cluster();
      const namespace = new ServiceConnectNamespace(stack, "namespace", {
        ...{ cluster: stack, name: "internal" },
        ...propsOf(id, undefined),
      });
      for (const name of ["api", "worker"])
        new Ec2Service(stack, name, {
          ...{ cluster: stack, image: "web:1", containerPort: 80, serviceConnect: { namespace } },
        });
      return stack;
    },
  });

  testSettings(lab, {
    name: "Alarms",
    schema: alarmsPropsSchema,
    samples: ALARMS_SAMPLES,
    size: 10,
    build: (ids, propsOf) => {
      const stack = cluster();
      for (const id of ids) {
        const base = { name: `alarms-${id}`, cluster: stack.cluster, capacityProvider: stack.capacityProvider };
        const topicArn = "arn:aws:sns:ap-northeast-2:111122223333:alarms";
        new Alarms(stack, id, { ...base, topicArn, ...propsOf(id, undefined) });
      }
      return stack;
    },
  });

  testSettings<EncryptionKey>(lab, {
    name: "EventArchive",
    schema: eventArchivePropsSchema,
    samples: EVENT_ARCHIVE_SAMPLES,
    size: 10,
    fixtures: { existing: { aws_iam_role: EXAMPLE_FIXTURES.existing?.aws_iam_role ?? [] } },
    build: (ids, propsOf) => {
      const stack = cluster();
      const key = new EncryptionKey(stack, "key", { name: "archive", region: "ap-northeast-2" });
      for (const id of ids) {
        new EventArchive(stack, id, { name: `archive-${id}`, cluster: stack.cluster, ...propsOf(id, key) });
      }
      return stack;
    },
  });

  testSettings(lab, {
    name: "Dashboard",
    schema: dashboardPropsSchema,
    samples: DASHBOARD_SAMPLES,
    size: 10,
    build: (ids, propsOf) => {
      const stack = cluster();
      for (const id of ids) {
        const base = { name: `board-${id}`, region: "ap-northeast-2", cluster: stack.cluster };
        new Dashboard(stack, id, { ...base, capacityProvider: stack.capacityProvider, ...propsOf(id, undefined) });
      }
      return stack;
    },
  });

  testSettings(lab, {
    name: "ExistingLoadBalancer",
    schema: existingLoadBalancerPropsSchema,
    samples: EXISTING_LOAD_BALANCER_SAMPLES,
    size: 1,
    fixtures: {
      existing: {
        aws_lb: EXISTING_LOAD_BALANCERS.map((one) => ({
          ...one,
          vpc_id: DEFAULT_VPC_ID,
          security_groups: ["sg-0ff11e0000000007"],
        })),
        aws_lb_listener: EXISTING_LOAD_BALANCERS.map((one) => ({ arn: one.listenerArn, load_balancer_arn: one.arn })),
      },
    },
    build: ([id = ""], propsOf) => {
      const stack = cluster();
      const listenerArn = EXISTING_LOAD_BALANCERS[0]?.listenerArn ?? "";
      const loadBalancer = new ExistingLoadBalancer(stack, "shared", {
        ...{ cluster: stack, listenerArn },
        ...propsOf(id, undefined),
      });
      new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, paths: ["/*"], loadBalancer });
      return stack;
    },
  });

  testSettings(lab, {
    name: "ExistingNetworkLoadBalancer",
    schema: existingNetworkLoadBalancerPropsSchema,
    samples: EXISTING_NETWORK_LOAD_BALANCER_SAMPLES,
    size: 1,
    fixtures: {
      existing: {
        aws_lb: EXISTING_NETWORK_LOAD_BALANCERS.map((one) => ({
          ...one,
          vpc_id: DEFAULT_VPC_ID,
          security_groups: ["sg-0ff11e0000000007"],
        })),
      },
    },
    build: ([id = ""], propsOf) => {
      const stack = cluster();
      const loadBalancerArn = EXISTING_NETWORK_LOAD_BALANCERS[0]?.arn ?? "";
      const loadBalancer = new ExistingNetworkLoadBalancer(stack, "shared", {
        ...{ cluster: stack, loadBalancerArn },
        ...propsOf(id, undefined),
      });
      const listeners = { tcp: { loadBalancer, port: 443 } };
      new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, listeners });
      return stack;
    },
  });

  testSettings(lab, {
    name: "EcsServiceStack",
    schema: ecsServiceStackSettingsSchema,
    samples: ECS_SERVICE_STACK_SAMPLES,
    size: 1,
    // Two clusters of other states.
    prepare: async (system) => {
      for (const name of ["ecs", "other"]) {
        const capacityProviders = { main: {}, arm: { values: { instanceTypes: ["t4g.small"] } } };
        const loadBalancers = { internal: { internal: true } };
        const networkLoadBalancers = { edge: {} };
        await system
          .state()
          .apply(() =>
            clusterStack({ ...NO_KEY, values: { name }, capacityProviders, loadBalancers, networkLoadBalancers }),
          );
      }
    },
    variable: (_, path) => variableName(path.replace("values.", "")),
    build: ([id = ""], propsOf) => {
      const own = propsOf(id, undefined) as { ROUTED?: boolean; JOB?: boolean; SHELL?: boolean };
      const { ROUTED = true, JOB = false, SHELL = false, ...settings } = own;
      const stack = new EcsServiceStack(testApp(), "orders", settings);
      const route = ROUTED ? { containerPort: 80, paths: ["/*"] } : {};
      const volumes = { data: { ebs: { sizeGib: 10 } } };
      const shell = SHELL ? { enableExecuteCommand: true, volumes, mountPoints: { "/data": "data" } } : {};
      new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1", ...route, ...shell });
      const schedule = { scheduleExpression: "rate(1 day)" };
      if (JOB) new ScheduledTask(stack, "nightly", { cluster: stack.cluster, image: "orders:1", ...schedule });
      return stack;
    },
  });
});
