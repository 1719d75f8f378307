import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Testing } from "cdktf";
import {
  type CloudMapOptions,
  Ec2Service,
  type Ec2ServiceProps,
  hcl,
  ServiceConnectNamespace,
  type ServiceConnectNamespaceProps,
} from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack, ofType, resource, synthesized } from "../support/synthesized";

Testing.setupJest();

const ARN = "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-0123456789abcdef";
const awsvpc = { networkMode: "awsvpc", subnetIds: ["subnet-0123456789abcdef0"] } as const;
const sidecar = { name: "envoy", image: "envoy:1", containerPort: 9901 };

/** Returns the JSON of a stack with a service whose records are in a namespace that exists. */
const synthesize = (options: CloudMapOptions = {}, props: Partial<Ec2ServiceProps> = {}): string =>
  Testing.synthScope((stack) => {
    const cloudMapOptions = { cloudMapNamespace: ARN, ...options };
    new Ec2Service(stack, "users", { cluster: clusterTarget(), containerPort: 3000, cloudMapOptions, ...props });
  });

/** Returns the JSON of a stack with a namespace with DNS names and a service. */
const withNamespace = (props: Partial<Ec2ServiceProps>, options: CloudMapOptions = {}) => {
  const stack = emptyStack();
  const cluster = clusterTarget();
  const cloudMapNamespace = new ServiceConnectNamespace(stack, "names", {
    ...{ cluster, name: "shop.internal", type: "DNS_PRIVATE" as const },
  });
  const cloudMapOptions = { cloudMapNamespace, ...options };
  new Ec2Service(stack, "users", { cluster, containerPort: 3000, cloudMapOptions, ...props });
  return synthesized(stack);
};

describe("the records of a service in Cloud Map", () => {
  it("have the address and the port of each task on its instance, in bridge mode", () => {
    const json = synthesize();
    expect(json).toHaveResourceWithProperties(ServiceDiscoveryService, {
      name: "users",
      dns_config: { namespace_id: "ns-0123456789abcdef", dns_records: [{ type: "SRV", ttl: 60 }] },
      health_check_custom_config: { failure_threshold: 1 },
      force_destroy: true,
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_registries: {
        registry_arn: expect.stringMatching(/^\$\{aws_service_discovery_service\..*\.arn\}$/),
        container_name: "users",
        container_port: 3000,
      },
    });
    const without = resourceCounts(synthesize({}, { cloudMapOptions: undefined }));
    expect(resourceCounts(json)).toEqual({ ...without, aws_service_discovery_service: 1 });
  });

  it("are in the resource that the service exposes", () => {
    const [stack, cluster] = [emptyStack(), clusterTarget()];
    const users = new Ec2Service(stack, "users", {
      cluster,
      containerPort: 80,
      cloudMapOptions: { cloudMapNamespace: ARN },
    });
    expect(users.cloudMapService?.nameInput).toBe("users");
    expect(new Ec2Service(stack, "posts", { cluster }).cloudMapService).toBeUndefined();
  });

  it("have only addresses in awsvpc mode, also of tasks without a port", () => {
    for (const props of [awsvpc, { ...awsvpc, containerPort: undefined }]) {
      const json = synthesize({}, props);
      expect(json).toHaveResourceWithProperties(ServiceDiscoveryService, {
        dns_config: { namespace_id: "ns-0123456789abcdef", dns_records: [{ type: "A", ttl: 60 }] },
      });
      expect(json).toHaveResourceWithProperties(EcsService, {
        service_registries: { registry_arn: expect.any(String) },
      });
    }
  });

  it("have the port of a sidecar, another name and another time to live", () => {
    const options = { name: "_admin._tcp", dnsRecordType: "SRV", dnsTtlSeconds: 5, container: "envoy" } as const;
    const json = synthesize(options, { ...awsvpc, sidecars: [sidecar] });
    expect(json).toHaveResourceWithProperties(ServiceDiscoveryService, {
      name: "_admin._tcp",
      dns_config: { namespace_id: "ns-0123456789abcdef", dns_records: [{ type: "SRV", ttl: 5 }] },
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_registries: { registry_arn: expect.any(String), container_name: "envoy", container_port: 9901 },
    });
  });

  it("have another port of the service", () => {
    const json = synthesize({ containerPort: 9090 }, { portMappings: [{ containerPort: 9090 }] });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_registries: expect.objectContaining({ container_name: "users", container_port: 9090 }),
    });
  });

  it("are in a namespace of the app, and the service waits for the rule of the namespace", () => {
    const json = withNamespace({});
    expect(resource(json, "aws_service_discovery_service.users_discovery").dns_config).toMatchObject({
      namespace_id: "${aws_service_discovery_private_dns_namespace.names.id}",
    });
    expect(resource(json, "aws_ecs_service.users").depends_on).toContain(
      "aws_vpc_security_group_ingress_rule.names_instances_from_instances",
    );
  });

  it("are in the default namespace of the cluster", () => {
    const namespaceArn = hcl`var.namespace`.string;
    const cluster = clusterTarget({ serviceConnectNamespace: { namespaceArn } });
    expect(synthesize({ cloudMapNamespace: undefined }, { cluster })).toHaveResourceWithProperties(
      ServiceDiscoveryService,
      { dns_config: expect.objectContaining({ namespace_id: '${element(split("/", var.namespace), 1)}' }) },
    );
  });

  it("lead to ports that the instances and clients in awsvpc mode can connect to", () => {
    const rulesOf = (json: ReturnType<typeof withNamespace>) =>
      Object.values(ofType(json, "aws_vpc_security_group_ingress_rule"))
        .filter(({ description }) => String(description).startsWith("Connections"))
        .map(({ description, from_port, security_group_id }) => [description, from_port, security_group_id]);
    const ofTasks = "${aws_security_group.users_task_definition_security_group.id}";
    expect(rulesOf(withNamespace(awsvpc))).toEqual([
      ["Connections from instances to users", 3000, ofTasks],
      ["Connections from clients to users", 3000, ofTasks],
    ]);
    const host = { networkMode: "host", allowInstanceCredentials: true } as const;
    expect(rulesOf(withNamespace(host))).toEqual([
      ["Connections from instances to users", 3000, "sg-0123456789abcdef0"],
      ["Connections from clients to users", 3000, "sg-0123456789abcdef0"],
    ]);
    // The rule of the namespace opens the dynamic ports.
    expect(rulesOf(withNamespace({}))).toEqual([]);
    const allowFrom = { instances: true };
    const admitted = { ...awsvpc, portMappings: [{ containerPort: 3000, allowFrom }] };
    expect(rulesOf(withNamespace(admitted))).toEqual([["Connections from clients to users", 3000, ofTasks]]);
  });

  it("have one rule for a port that Service Connect uses too", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const namespace = new ServiceConnectNamespace(stack, "names", { cluster, name: "shop", type: "DNS_PRIVATE" });
    const cloudMapOptions = { cloudMapNamespace: namespace, name: "tasks" };
    const serviceConnect = { namespace };
    new Ec2Service(stack, "users", { cluster, containerPort: 3000, ...awsvpc, serviceConnect, cloudMapOptions });
    const rules = Object.keys(ofType(synthesized(stack), "aws_vpc_security_group_ingress_rule"));
    expect(rules.filter((name) => name.startsWith("users_"))).toEqual([
      "users_tcp_3000_from_instances",
      "users_tcp_3000_from_clients",
    ]);
  });
});

describe("what is wrong with records in Cloud Map", () => {
  it.each<[string, CloudMapOptions, Partial<Ec2ServiceProps>, string]>([
    [
      "no namespace",
      { cloudMapNamespace: undefined },
      {},
      'cloudMapOptions.cloudMapNamespace must be set, because the cluster has no default namespace; received nothing. Use a ServiceConnectNamespace with type "DNS_PRIVATE", or set defaultCloudMapNamespace of the cluster.',
    ],
    [
      "the name of a namespace",
      { cloudMapNamespace: "shop" },
      {},
      'cloudMapOptions.cloudMapNamespace must be the ARN of a namespace of Cloud Map; received "shop". List them: aws servicediscovery list-namespaces --query Namespaces[].Arn',
    ],
    [
      "an A record in bridge mode",
      { dnsRecordType: "A" },
      {},
      'cloudMapOptions.dnsRecordType must not be A with networkMode bridge; received "A". An A record has no port, and the tasks have ports of their instance. Use SRV, or networkMode awsvpc.',
    ],
    [
      "tasks without a network",
      {},
      { networkMode: "none", containerPort: undefined },
      'cloudMapOptions must not be set with networkMode none; received {"cloudMapNamespace": "arn:aws:servicediscovery:eu-west-1:111122223333:namespace…. The containers have no network. Remove it.',
    ],
    [
      "an SRV record without a port",
      {},
      { containerPort: undefined },
      'cloudMapOptions.containerPort must be set, because the container "users" has no containerPort; received nothing. An SRV record has a port. Use the port that the process listens on.',
    ],
    [
      "a port that the container does not have",
      { containerPort: 81 },
      {},
      'cloudMapOptions.containerPort must be a TCP port of the container "users"; received 81. Add it to portMappings of the container.',
    ],
    [
      "a UDP port",
      { containerPort: 53 },
      { portMappings: [{ containerPort: 53, protocol: "udp" }] },
      'cloudMapOptions.containerPort must be a TCP port of the container "users"; received 53. Add it to portMappings of the container.',
    ],
    [
      "a container that the task does not have",
      { container: "envy" },
      { sidecars: [sidecar] },
      'cloudMapOptions.container must be the name of a container of the task: "users", "envoy"; received "envy". Add the container to sidecars, or correct the name.',
    ],
    [
      "a name that Service Connect has in the namespace",
      {},
      { serviceConnect: { namespace: ARN } },
      'cloudMapOptions.name must be unique in the namespace; received "users". serviceConnect of the service has it. Use another name, or set discoveryName of serviceConnect.',
    ],
  ])("rejects %s", (_, options, props, message) => {
    expect(problemsOf(() => synthesize(options, props))).toEqual([message]);
  });

  it("rejects a namespace without DNS names, and accepts one that nothing is known of", () => {
    const namespaceOf = (settings: Omit<ServiceConnectNamespaceProps, "cluster">) => {
      const stack = emptyStack();
      const cluster = clusterTarget();
      const cloudMapNamespace = new ServiceConnectNamespace(stack, "names", { cluster, ...settings });
      return problemsOf(
        () => new Ec2Service(stack, "users", { cluster, containerPort: 80, cloudMapOptions: { cloudMapNamespace } }),
      );
    };
    expect(namespaceOf({ name: "shop" })).toEqual([
      'cloudMapOptions.cloudMapNamespace must be a namespace with DNS names; received an instance of ServiceConnectNamespace. Set type: "DNS_PRIVATE" of the namespace, with another name, or use another namespace.',
    ]);
    expect(namespaceOf({ namespaceArn: ARN, type: "HTTP" })).toHaveLength(1);
    expect(namespaceOf({ namespaceArn: ARN })).toEqual([]);
    expect(namespaceOf({ namespaceArn: ARN, type: "DNS_PRIVATE" })).toEqual([]);
  });

  it("rejects a name that another service has, and a fixed port that another construct admits the instances to", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const add = (id: string, name: string, props: Partial<Ec2ServiceProps> = {}) =>
      problemsOf(
        () =>
          new Ec2Service(stack, id, {
            cluster,
            containerPort: 80,
            cloudMapOptions: { cloudMapNamespace: ARN, name },
            ...props,
          }),
      );
    expect(add("users", "people")).toEqual([]);
    expect(add("friends", "people")).toEqual([
      'cloudMapOptions.name must be unique in the namespace; received "people". test/users has it. Use another name, or set discoveryName of serviceConnect.',
    ]);
    const daemon = { daemon: true, placementConstraints: [{ type: "memberOf", expression: "a" }] } as const;
    const fixed = { ...daemon, portMappings: [{ containerPort: 80, hostPort: 8080 }] };
    expect(add("one", "one", fixed)).toEqual([]);
    expect(add("two", "two", fixed)).toEqual([
      expect.stringContaining("must admit each source once only, because all instances have one security group"),
    ]);
  });
});
