import type { Configuration, PlanJson, TerraformResult } from "../../cli/offline-provider";
import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings, EcsClusterStack, hcl } from "../../src";
import { unwrapped } from "../support/cluster";
import { casesAsModules, errorTextOf, planOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

type Services = Readonly<Record<string, Partial<Ec2ServiceProps>>>;

interface Case {
  readonly services: Services;
  readonly settings?: EcsClusterSettings;
  readonly variables?: Readonly<Record<string, unknown>>;
}

function stackCase({ services, settings, variables }: Case) {
  const stack = new EcsClusterStack(testApp(), "ecs", { keyPair: "none", loadBalancer: false, ...settings });
  for (const [name, props] of Object.entries(services)) {
    new Ec2Service(stack, name, { cluster: stack, image: `${name}:1`, ...props });
  }
  const whole = synthesized(stack) as Configuration;
  // The AMI has the preconditions on the instance types.
  return {
    configuration: servicesOf(whole, ...(variables?.instance_types ? ["data.aws_ssm_parameter.image"] : [])),
    variables,
  };
}

/** Returns the services with their preconditions, which read the instance types, without the instances. */
function servicesOf(configuration: Configuration, ...addresses: readonly string[]): Configuration {
  const resource = configuration.resource as Record<string, Record<string, object>>;
  const services = Object.entries(resource.aws_ecs_service ?? {}).map(([name, service]) => {
    const { depends_on: _, capacity_provider_strategy: __, ...rest } = service as Record<string, unknown>;
    return [name, rest] as const;
  });
  const alone = { ...configuration, resource: { ...resource, aws_ecs_service: Object.fromEntries(services) } };
  return partOf(alone, ...addresses, ...services.map(([name]) => `aws_ecs_service.${name}`));
}

describeTerraform("the preconditions of services", (lab) => {
  // t3.small: floor(2048 * 0.92) = 1884 MiB and 2048 CPU units.
  const rejected: readonly (readonly [string, Case, string])[] = [
    [
      "a task that is larger than any instance",
      { services: { users: { memoryLimitMiB: 1885 } }, variables: { max_size: 3 } },
      "A task of users needs 1885 MiB of memory, more than an instance has for tasks: t3.small 1884 (92 % of the nominal memory, which is about what ECS registers, less 0 MiB of ECS_RESERVED_MEMORY). Lower memoryLimitMiB, or choose larger instance_types.",
    ],
    [
      "a task of another architecture than any instance",
      { services: { users: { runtimePlatform: { cpuArchitecture: "ARM64" } } } },
      "The tasks of users need instances with the architecture arm64; received t3.small. Change instance_types, or cpuArchitecture of runtimePlatform.",
    ],
    [
      "a task that needs more CPU than any instance has",
      { services: { users: { cpu: 2049 } }, variables: { max_size: 3 } },
      "A task of users needs 2049 CPU units, more than an instance has for tasks: t3.small 2048 (1024 for each vCPU). Lower cpu, or choose larger instance_types.",
    ],
    [
      "containers that are too large together",
      {
        services: {
          users: { memoryLimitMiB: 1600, sidecars: [{ name: "proxy", image: "envoy:1", memoryLimitMiB: 285 }] },
        },
        variables: { max_size: 3 },
      },
      "A task of users needs 1885 MiB of memory",
    ],
    [
      "services that leave no room for a rolling deployment",
      { services: { users: { memoryLimitMiB: 1000 }, posts: { memoryLimitMiB: 885 } } },
      "The services need 3770 MiB of memory while they are deployed (users 2 x 1000 + posts 2 x 885), more than the 3768 that 2 instances have for tasks: t3.small 1884 (92 % of the nominal memory, which is about what ECS registers, less 0 MiB of ECS_RESERVED_MEMORY). Raise max_size, choose larger instance_types, or lower memoryLimitMiB or the number of tasks.",
    ],
    [
      "a deployment strategy that runs the tasks of both revisions",
      {
        services: {
          users: {
            ...{ desiredCount: 2, memoryLimitMiB: 943, serviceConnect: { namespace: "internal" } },
            deployment: { strategy: "LINEAR" },
          },
        },
      },
      "The services need 3772 MiB of memory while they are deployed (users 4 x 943), more than the 3768",
    ],
    [
      "services that need more CPU than the instances have",
      { services: { users: { cpu: 1024 }, posts: { cpu: 1025 } } },
      "The services need 4098 CPU units while they are deployed (users 2 x 1024 + posts 2 x 1025), more than the 4096 that 2 instances have for tasks: t3.small 2048 (1024 for each vCPU).",
    ],
    [
      "tasks that scaling can start",
      { services: { users: { memoryLimitMiB: 500, scaling: { maxCapacity: 8, cpuPercent: 60 } } } },
      "The services need 4000 MiB of memory while they are deployed (users 8 x 500), more than the 3768",
    ],
    [
      "memory that the agent reserves",
      {
        settings: { agent: { reservedMemoryMiB: 100 } },
        services: { users: { memoryLimitMiB: 1785 } },
        variables: { max_size: 3 },
      },
      "A task of users needs 1785 MiB of memory, more than an instance has for tasks: t3.small 1784 (92 % of the nominal memory, which is about what ECS registers, less 100 MiB of ECS_RESERVED_MEMORY).",
    ],
    [
      "the smallest of several types",
      {
        services: { users: { memoryLimitMiB: 1000 } },
        variables: { instance_types: ["t3.small", "t3.micro"] },
      },
      "A task of users needs 1000 MiB of memory, more than an instance has for tasks: t3.micro 942, t3.small 1884",
    ],
    [
      "several capacities, each with its own types and size",
      {
        settings: {
          capacityProviders: {
            main: {},
            large: { values: { instanceTypes: ["m5.large"], maxSize: 1 } },
          },
        },
        services: { users: { memoryLimitMiB: 1500, desiredCount: 8 } },
      },
      // 2 x 1884 of t3.small and 1 x 7536 of m5.large.
      "The services need 12000 MiB of memory while they are deployed (users 8 x 1500), more than the 11304 that 3 instances have for tasks",
    ],
    [
      "a daemon on every instance",
      {
        services: { users: { memoryLimitMiB: 1800 }, agent: { daemon: true, memoryLimitMiB: 100 } },
        variables: { max_size: 3 },
      },
      "A task of users needs 1900 MiB of memory with the daemons that each instance runs (agent), more than an instance has for tasks: t3.small 1884",
    ],
    [
      "a GPU on types without GPUs",
      { services: { train: { gpuCount: 1 } } },
      "A task of train needs 1 GPU, more than an instance has for tasks: t3.small 0 (the NVIDIA GPUs of the type). Lower gpuCount, or name a capacity provider whose types have enough in capacityProviderStrategies.",
    ],
    [
      "more GPUs in all containers than any instance has",
      {
        services: { train: { gpuCount: 2, sidecars: [{ name: "render", image: "render:1", gpuCount: 2 }] } },
        variables: { instance_types: ["g5.xlarge"] },
      },
      "A task of train needs 4 GPUs, more than an instance has for tasks: g5.xlarge 1",
    ],
    [
      "AMD's GPUs, which ECS does not count",
      { services: { train: { gpuCount: 1 } }, variables: { instance_types: ["g4ad.xlarge"] } },
      "A task of train needs 1 GPU, more than an instance has for tasks: g4ad.xlarge 0",
    ],
    [
      "services that need more GPUs than all instances have",
      {
        services: { train: { gpuCount: 1 }, infer: { gpuCount: 1 } },
        variables: { instance_types: ["g5.xlarge"], max_size: 3 },
      },
      "The services need 4 GPUs while they are deployed (train 2 x 1 + infer 2 x 1), more than the 3 that 3 instances have for tasks: g5.xlarge 1 (the NVIDIA GPUs of the type). Raise max_size, choose larger instance_types, or lower gpuCount or the number of tasks.",
    ],
    [
      "a GPU of a daemon on every instance",
      {
        services: { train: { gpuCount: 1 }, metrics: { gpuCount: 1, daemon: true } },
        variables: { instance_types: ["g5.xlarge"] },
      },
      "A task of train needs 2 GPUs with the daemons that each instance runs (metrics), more than an instance has for tasks: g5.xlarge 1",
    ],
    [
      "a Neuron device on types without any",
      { services: { infer: { neuronDeviceCount: 1 } } },
      "A task of infer needs 1 Neuron device, more than an instance has for tasks: t3.small 0 (the Neuron devices of the type). Lower neuronDeviceCount, or name a capacity provider whose types have enough in capacityProviderStrategies.",
    ],
    [
      "more Neuron devices than any instance has",
      { services: { infer: { neuronDeviceCount: 2 } }, variables: { instance_types: ["inf2.xlarge"] } },
      "A task of infer needs 2 Neuron devices, more than an instance has for tasks: inf2.xlarge 1",
    ],
    [
      "instance requirements, which exclude accelerators",
      {
        settings: { instanceRequirements: { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } } },
        services: { train: { gpuCount: 1 } },
      },
      "A task of train needs 1 GPU, more than an instance has for tasks: instanceRequirements' minimum 0",
    ],
    [
      "distinct instances for more tasks than max_size",
      { services: { db: { desiredCount: 3, placementConstraints: [{ type: "distinctInstance" }] } } },
      "distinctInstance of db needs 3 instances while the service is deployed, more than max_size, which is 2. Raise max_size, or lower the number of tasks or minimumHealthyPercent.",
    ],
    [
      "distinct instances with no room for a deployment",
      {
        services: {
          db: { desiredCount: 2, minimumHealthyPercent: 100, placementConstraints: [{ type: "distinctInstance" }] },
        },
      },
      "distinctInstance of db needs 3 instances while the service is deployed, more than max_size, which is 2.",
    ],
    [
      "services on one of several capacity providers, with a daemon's share of each instance",
      {
        settings: { capacityProviders: { main: {}, small: { values: { maxSize: 1 } } } },
        services: {
          users: { memoryLimitMiB: 850, capacityProviderStrategies: [{ capacityProvider: "small" }] },
          agent: { daemon: true, memoryLimitMiB: 200 },
        },
      },
      "The services need 1900 MiB of memory while they are deployed (users 2 x 850 + agent 1 x 200), more than the 1884 that 1 instances have for tasks: t3.small 1884",
    ],
    [
      "names that are too long together",
      { services: { "a-service-with-a-long-name": {} }, variables: { name: "production" } },
      "The names of the cluster and the service together, production-a-service-with-a-long-name, must be at most 32 characters long; received 37. Shorten the service's name. The names of its roles start with both names and have at most 64 characters.",
    ],
    [
      "an invalid image",
      { services: { users: {} }, variables: { users_image: "Users:1" } },
      'users_image must be the name of a container image; received "Users:1". Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
    ],
    [
      "an invalid tag",
      { services: { users: { image: undefined, ecrRepository: true } }, variables: { users_image_tag: "a b" } },
      'users_image_tag must be the tag of a container image; received "a b". Use 1 to 128 letters, digits, underscores, dots and hyphens, such as a commit\'s hash.',
    ],
    [
      "an instance type that is not offered",
      { services: { users: {} }, variables: { instance_types: ["t9.mega"] } },
      "instance_types must be instance types that EC2 offers in",
    ],
    [
      "a service that is compared on a cluster that is not",
      {
        settings: { capacityGuards: false },
        services: { users: { memoryLimitMiB: 4000 }, posts: { memoryLimitMiB: 1900, capacityGuards: true } },
      },
      "A task of posts needs 1900 MiB of memory, more than an instance has for tasks: t3.small 1884",
    ],
    [
      "three services that are too large together",
      {
        services: {
          users: { memoryLimitMiB: 1000 },
          posts: { memoryLimitMiB: 1000 },
          threads: { memoryLimitMiB: 1000 },
        },
      },
      "The services need 6000 MiB of memory",
    ],
    [
      "more tasks in awsvpc mode on an instance than it has network interfaces",
      {
        services: {
          users: { networkMode: "awsvpc" },
          logs: { networkMode: "awsvpc", daemon: true },
          metrics: { networkMode: "awsvpc", daemon: true },
        },
        variables: { max_size: 9 },
      },
      "A task of users needs 3 network interfaces with the daemons that each instance runs (logs, metrics), more than an instance has for tasks: t3.small 2 (the most of the type, less the instance's own). Choose larger instance_types, or use networkMode bridge. With awsvpcTrunking, types such as m5.large, c6g.large and r7i.large have 10. No t2, t3 or t4g type supports it. For another type that supports it, set capacityGuards to false.",
    ],
    [
      "more tasks in awsvpc mode than the instances have network interfaces, with a trunk that the type does not support",
      {
        settings: { awsvpcTrunking: "existing" },
        services: { users: { networkMode: "awsvpc", desiredCount: 5, cpu: 64 } },
      },
      "The services need 5 network interfaces while they are deployed (users 5 x 1), more than the 4 that 2 instances have for tasks: t3.small 2 (with a trunk for the types that this library knows to support it). Raise max_size, choose larger instance_types, or lower the number of tasks in awsvpc mode.",
    ],
    [
      "more tasks in awsvpc mode than a trunk serves",
      {
        settings: { awsvpcTrunking: "existing" },
        services: { users: { networkMode: "awsvpc", desiredCount: 21, cpu: 64 } },
        variables: { instance_types: ["m5.large"] },
      },
      "more than the 20 that 2 instances have for tasks: m5.large 10",
    ],
    [
      "a trunk that Bottlerocket does not support",
      {
        settings: { awsvpcTrunking: "existing", amiFamily: "bottlerocket" },
        services: { users: { networkMode: "awsvpc", desiredCount: 5, cpu: 64 } },
        variables: { instance_types: ["m5.large"] },
      },
      "more than the 4 that 2 instances have for tasks: m5.large 2",
    ],
    [
      "a fixed port and a deployment that keeps all tasks",
      {
        services: {
          users: {
            containerPort: 80,
            portMappings: [{ containerPort: 80, hostPort: 8080 }],
            desiredCount: 2,
            minimumHealthyPercent: 100,
          },
        },
      },
      "Port 8080/tcp of the instances of users needs 3 instances while the service is deployed, more than max_size, which is 2. Raise max_size, or lower the number of tasks or minimumHealthyPercent.",
    ],
    [
      "a port in host mode and more tasks than instances",
      {
        services: {
          users: { networkMode: "host", allowInstanceCredentials: true, containerPort: 80, desiredCount: 3 },
        },
      },
      "Port 80/tcp of the instances of users needs 3 instances",
    ],
    [
      "no subnet for tasks in awsvpc mode",
      { services: { users: { networkMode: "awsvpc", subnetIds: hcl`[for id in ["subnet-1"] : id if false]`.list } } },
      "The tasks of users must have 1 to 16 subnets in awsvpc mode; received 0. Set subnetIds of the service.",
    ],
  ];
  const accepted: readonly (readonly [string, Case])[] = [
    ["a task that just fits", { services: { users: { memoryLimitMiB: 1884, cpu: 2048 } } }],
    ["services that just fit", { services: { users: { memoryLimitMiB: 999 }, posts: { memoryLimitMiB: 885 } } }],
    [
      "a reservation that fits below a limit that does not",
      { services: { users: { memoryLimitMiB: 4000, memoryReservationMiB: 500 } } },
    ],
    ["a daemon that just fits", { services: { agent: { daemon: true, memoryLimitMiB: 1884, cpu: 2048 } } }],
    [
      "as many GPUs as the instances have",
      {
        services: { train: { gpuCount: 1, minimumHealthyPercent: 0, desiredCount: 2 } },
        variables: { instance_types: ["g5.xlarge"] },
      },
    ],
    [
      "a Neuron device",
      { services: { infer: { neuronDeviceCount: 1 } }, variables: { instance_types: ["inf2.xlarge"] } },
    ],
    [
      "distinct instances for each task",
      { services: { db: { desiredCount: 2, placementConstraints: [{ type: "distinctInstance" }] } } },
    ],
    [
      "a service that is too large, without its guards, and another one beside it",
      {
        services: {
          users: { memoryLimitMiB: 4000, gpuCount: 1, capacityGuards: false },
          posts: { memoryLimitMiB: 900 },
        },
      },
    ],
    [
      "a service on instance requirements, which Terraform does not look up",
      {
        settings: { instanceRequirements: { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } } },
        services: { users: { memoryLimitMiB: 1000 } },
      },
    ],
    [
      "a cluster that is over-committed on purpose",
      {
        settings: { capacityGuards: false },
        services: { users: { memoryLimitMiB: 1000 }, posts: { memoryLimitMiB: 1000 } },
      },
    ],
    [
      "more instances for more services",
      { services: { users: { memoryLimitMiB: 1000 }, posts: { memoryLimitMiB: 885 } }, variables: { max_size: 3 } },
    ],
    [
      "as many tasks in awsvpc mode as network interfaces",
      { services: { users: { networkMode: "awsvpc", desiredCount: 4 } } },
    ],
    [
      "as many tasks in awsvpc mode as a trunk serves",
      {
        settings: { awsvpcTrunking: "existing" },
        services: { users: { networkMode: "awsvpc", desiredCount: 20, cpu: 64 } },
        variables: { instance_types: ["m5.large"] },
      },
    ],
    [
      "a task in awsvpc mode on each instance with requirements",
      {
        settings: { instanceRequirements: { vCpuCount: { min: 2 }, memoryMiB: { min: 4096 } } },
        services: { users: { networkMode: "awsvpc", desiredCount: 2 } },
      },
    ],
    [
      "a fixed port of a daemon, and of a service with an instance for a new task",
      {
        services: {
          agent: { daemon: true, portMappings: [{ containerPort: 8125, hostPort: 8125, protocol: "udp" }] },
          users: { portMappings: [{ containerPort: 80, hostPort: 8080 }], desiredCount: 2 },
        },
      },
    ],
    [
      "an image of the repository, by its tag",
      { services: { users: { image: undefined, ecrRepository: true } }, variables: { users_image_tag: "7f3a2b1" } },
    ],
  ];
  let failed: TerraformResult;
  let planned: PlanJson;
  beforeAll(async () => {
    // One plan with a module for each case, so that no case hides another.
    failed = await (
      await casesAsModules(
        lab,
        rejected.map(([, given]) => stackCase(given)),
      )
    ).plan();
    // It throws with Terraform's output when a case is rejected.
    planned = await (
      await casesAsModules(
        lab,
        accepted.map(([, given]) => stackCase(given)),
      )
    ).planJson();
  });
  const errorTextFor = (what: string) =>
    errorTextOf(
      failed.stderr,
      rejected.findIndex(([one]) => one === what),
    );

  it.each(rejected)("fails at plan for %s", (what, _, message) => {
    expect(errorTextFor(what)).toContain(message);
    expect(failed.status).toBe(1);
  });

  it("reports only the type when an instance type is not offered", () => {
    expect(errorTextFor("an instance type that is not offered")).not.toContain("needs");
  });

  it("reports the sum once for all services", () => {
    expect(errorTextFor("three services that are too large together").match(/The services need/g)).toHaveLength(1);
  });

  it.each<[string, Case, string]>([
    [
      "a null image without a repository",
      { services: { users: { image: undefined } }, variables: { users_image: null } },
      "The given value is not suitable for var.users_image",
    ],
    [
      "an image of the repository without a tag",
      { services: { users: { image: undefined, ecrRepository: true } } },
      'The root module input variable "users_image_tag" is not set',
    ],
  ])("fails at plan for %s", async (_, given, message) => {
    const { status, stderr } = await (await lab.terraform(stackCase(given))).plan();
    expect(unwrapped(stderr)).toContain(message);
    expect(status).toBe(1);
  });

  it.each(accepted.map(([what, { services }], index) => [what, services, index] as const))(
    "plans %s",
    (_, services, index) => {
      const addresses = planOf(planned, index).resources.map(({ address }) => address);
      expect(addresses).toEqual(expect.arrayContaining(Object.keys(services).map((name) => `aws_ecs_service.${name}`)));
    },
  );
});
