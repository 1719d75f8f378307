import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Testing } from "cdktf";
import {
  Ec2Service,
  type Ec2ServiceProps,
  hcl,
  LogDriver,
  Secret,
  ServiceConnectNamespace,
  type ServiceConnectService,
  type ServiceConnectSettings,
  TaskDefinition,
} from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { problemsOf } from "../support/problems";
import { resourceCounts } from "../support/resource-counts";
import { emptyStack } from "../support/synthesized";

Testing.setupJest();

describe("a service with Service Connect", () => {
  const synthesize = (serviceConnect: ServiceConnectSettings, props: Partial<Ec2ServiceProps> = {}): string =>
    Testing.synthScope((stack) => {
      const cluster = clusterTarget();
      new Ec2Service(stack, "users", { cluster, containerPort: 3000, serviceConnect, ...props });
    });
  const logs = {
    log_driver: "awslogs",
    options: {
      "awslogs-group": expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.name\}$/),
      "awslogs-region": "eu-west-1",
      "awslogs-stream-prefix": "service-connect",
      mode: "non-blocking",
      "max-buffer-size": "25m",
    },
  };

  it("is a server by its name and port, and logs to the service's log group", () => {
    const json = synthesize({ namespace: "internal" });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: {
        enabled: true,
        namespace: "internal",
        log_configuration: logs,
        service: [{ port_name: "users", discovery_name: "users", client_alias: { port: 3000, dns_name: "users" } }],
      },
    });
    expect(json).toContain('\\"portMappings\\" = [{ \\"name\\" = \\"users\\", \\"containerPort\\" = 3000');
  });

  it("renders the name and the port that other services call", () => {
    expect(synthesize({ namespace: "internal", dnsName: "people", port: 80 })).toHaveResourceWithProperties(
      EcsService,
      {
        service_connect_configuration: expect.objectContaining({
          service: [expect.objectContaining({ client_alias: { port: 80, dns_name: "people" } })],
        }),
      },
    );
  });

  it("is only a client when the container has no port", () => {
    const json = synthesize({ namespace: "internal" }, { containerPort: undefined });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: { enabled: true, namespace: "internal", log_configuration: logs },
    });
    expect(json).not.toContain("portMappings");
  });

  it("uses a namespace of the same app, and waits for its rule", () => {
    const json = Testing.synthScope((stack) => {
      const cluster = clusterTarget();
      const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
      new Ec2Service(stack, "users", { cluster, serviceConnect: { namespace } });
    });
    expect(json).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: expect.objectContaining({
        namespace: expect.stringMatching(/^\$\{aws_service_discovery_http_namespace\..*\.arn\}$/),
      }),
      depends_on: expect.arrayContaining([expect.stringMatching(/^aws_vpc_security_group_ingress_rule\./)]),
    });
  });

  it("uses the default namespace of the cluster, and needs one", () => {
    const namespaceArn = "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-0123456789abcdef";
    const cluster = clusterTarget({ serviceConnectNamespace: { namespaceArn } });
    expect(synthesize({}, { cluster })).toHaveResourceWithProperties(EcsService, {
      service_connect_configuration: expect.objectContaining({ namespace: namespaceArn }),
    });
    expect(problemsOf(() => synthesize({}))).toEqual([
      "serviceConnect.namespace must be set, because the cluster has no default namespace; received nothing. Use a ServiceConnectNamespace, or set defaultCloudMapNamespace of the cluster.",
    ]);
  });

  it("renders tokens", () => {
    const token = hcl`var.name`.string;
    expect(synthesize({ namespace: token, dnsName: token, port: hcl`var.port`.number })).toHaveResourceWithProperties(
      EcsService,
      {
        service_connect_configuration: expect.objectContaining({
          namespace: "${var.name}",
          service: [expect.objectContaining({ client_alias: { port: "${var.port}", dns_name: "${var.name}" } })],
        }),
      },
    );
  });

  it.each<[string, ServiceConnectSettings, Partial<Ec2ServiceProps>, string]>([
    [
      "a DNS name without a port",
      { namespace: "internal", dnsName: "people" },
      { containerPort: undefined },
      'serviceConnect.dnsName must not be set for a service without containerPort; received "people". Set containerPort, or remove it: the service then only calls other services.',
    ],
    [
      "a port without the container's",
      { namespace: "internal", port: 80 },
      { containerPort: undefined },
      "serviceConnect.port must not be set for a service without containerPort; received 80. Set containerPort, or remove it: the service then only calls other services.",
    ],
    [
      "an empty namespace",
      { namespace: "" },
      {},
      'serviceConnect.namespace must be the name of a namespace; received "". It has 1 to 1024 characters without spaces. For example "internal".',
    ],
    [
      "an upper-case DNS name",
      { namespace: "internal", dnsName: "Users" },
      {},
      'serviceConnect.dnsName must be a name of at most 127 lower-case letters, digits, dots and hyphens; received "Users". For example "users" or "users.internal".',
    ],
    [
      "port 0",
      { namespace: "internal", port: 0 },
      {},
      "serviceConnect.port must be a whole number from 1 to 65535; received 0. Remove it for the container's port.",
    ],
    [
      "settings that are true",
      true as unknown as ServiceConnectSettings,
      {},
      "serviceConnect must be an object; received true. Write it in braces: { name: value }.",
    ],
    [
      "a namespace that is a number",
      { namespace: 5 as unknown as string },
      {},
      "serviceConnect.namespace must be a ServiceConnectNamespace or a string; received 5. Use a ServiceConnectNamespace, or the name of a namespace.",
    ],
    [
      "an unknown setting",
      { namespace: "internal", dnsNames: "people" } as ServiceConnectSettings,
      {},
      'Unknown setting "serviceConnect.dnsNames". Did you mean "dnsName"?',
    ],
  ])("rejects %s", (_, settings, props, message) => {
    expect(problemsOf(() => synthesize(settings, props))).toEqual([message]);
  });
});

const AUTHORITY = "arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/0f0e0d0c-1111-2222-3333-444455556666";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f0e0d0c-1111-2222-3333-444455556666";
const http = { containerPort: 3000, name: "http", appProtocol: "http" } as const;
const metrics = { containerPort: 9090, name: "metrics" } as const;
const tls = { awsPcaAuthorityArn: AUTHORITY };

/** Returns the JSON of a stack with a service, whose container has the ports http and metrics. */
const synthesizePorts = (serviceConnect: object, props: Partial<Ec2ServiceProps> = {}): string =>
  Testing.synthScope((stack) => {
    new Ec2Service(stack, "users", {
      cluster: clusterTarget(),
      containerPort: 3000,
      portMappings: [http, metrics],
      serviceConnect: { namespace: "internal", ...serviceConnect },
      ...props,
    });
  });

/** Returns the service blocks of Service Connect. */
const blocksOf = (json: string) => {
  const [service] = Object.values(JSON.parse(json).resource.aws_ecs_service) as [
    { service_connect_configuration: { service: object[] } },
  ];
  return service.service_connect_configuration.service;
};

const sidecar = { name: "envoy", image: "envoy:1", containerPort: 9901, portName: "admin" };

describe("the ports of a service in Service Connect", () => {
  it("are containerPort and further ports, also of sidecars, by the name of the service", () => {
    const services = [{ portMappingName: "metrics" }, { portMappingName: "admin" }];
    expect(blocksOf(synthesizePorts({ services }, { sidecars: [sidecar] }))).toEqual([
      { port_name: "http", discovery_name: "users", client_alias: { port: 3000, dns_name: "users" } },
      { port_name: "metrics", discovery_name: "users-metrics", client_alias: { port: 9090, dns_name: "users" } },
      { port_name: "admin", discovery_name: "users-admin", client_alias: { port: 9901, dns_name: "users" } },
    ]);
  });

  it("are only those of services for a service without containerPort", () => {
    const json = synthesizePorts(
      { services: [{ portMappingName: "metrics" }] },
      { containerPort: undefined, portMappings: [metrics] },
    );
    expect(blocksOf(json)).toMatchObject([{ port_name: "metrics" }]);
  });

  it("have names, timeouts and certificates of their own", () => {
    const own = {
      ...{
        dnsName: "people",
        port: 80,
        discoveryName: "people",
        idleTimeoutSeconds: 120,
        perRequestTimeoutSeconds: 30,
      },
      tls: { awsPcaAuthorityArn: AUTHORITY, kmsKey: KEY, role: "arn:aws:iam::111122223333:role/tls" },
    };
    const block = {
      discovery_name: "people",
      client_alias: { port: 80, dns_name: "people" },
      timeout: { idle_timeout_seconds: 120, per_request_timeout_seconds: 30 },
      tls: {
        issuer_cert_authority: { aws_pca_authority_arn: AUTHORITY },
        kms_key: KEY,
        role_arn: "arn:aws:iam::111122223333:role/tls",
      },
    };
    expect(blocksOf(synthesizePorts(own))).toEqual([{ port_name: "http", ...block }]);
    const further = { ...own, perRequestTimeoutSeconds: undefined, portMappingName: "metrics" };
    expect(blocksOf(synthesizePorts({ services: [further] }))[1]).toEqual({
      ...{ port_name: "metrics", ...block },
      timeout: { idle_timeout_seconds: 120 },
    });
  });

  it("are the ports of a task definition that exists", () => {
    const json = Testing.synthScope((stack) => {
      const cluster = clusterTarget();
      const containers = [{ name: "web", image: "web:1", containerPort: 3000, portMappings: [http, metrics] }];
      const taskDefinition = new TaskDefinition(stack, "task", { cluster, name: "web", containers });
      const serviceConnect = { namespace: "internal", services: [{ portMappingName: "metrics" }] };
      new Ec2Service(stack, "users", { cluster, taskDefinition, serviceConnect });
    });
    expect(blocksOf(json)).toMatchObject([{ port_name: "http" }, { port_name: "metrics" }]);
  });

  it("are open to the instances in awsvpc mode, where the proxy listens", () => {
    const json = synthesizePorts(
      { ingressPortOverride: 15000, services: [{ portMappingName: "metrics" }] },
      { networkMode: "awsvpc", subnetIds: ["subnet-0123456789abcdef0"] },
    );
    const rules = Object.values(JSON.parse(json).resource.aws_vpc_security_group_ingress_rule) as object[];
    const ofTasks = rules.filter((rule) => JSON.stringify(rule).includes("Service Connect from instances"));
    expect(ofTasks.map((rule) => (rule as { from_port: number }).from_port)).toEqual([15000, 9090]);
    expect(json).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      from_port: 15000,
      to_port: 15000,
      ip_protocol: "tcp",
    });
    expect(blocksOf(json)).toMatchObject([{ ingress_port_override: 15000 }, {}]);
  });
});

describe("the certificates of Service Connect", () => {
  it("come from a role of the service, which the service waits for", () => {
    const json = synthesizePorts({ tls });
    expect(json).toHaveResourceWithProperties(IamRole, { name_prefix: "prod-users-tls-" });
    expect(json).toHaveResourceWithProperties(IamRolePolicyAttachment, {
      policy_arn: expect.stringMatching(
        /:iam::aws:policy\/service-role\/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity$/,
      ),
    });
    expect(blocksOf(json)).toMatchObject([{ tls: { role_arn: expect.stringMatching(/^\$\{aws_iam_role\./) } }]);
    expect(json).toHaveResourceWithProperties(EcsService, {
      depends_on: expect.arrayContaining([expect.stringMatching(/^aws_iam_role_policy_attachment\./)]),
    });
    const without = resourceCounts(synthesizePorts({}));
    const { aws_iam_role = 0 } = without;
    expect(resourceCounts(json)).toEqual({
      ...without,
      aws_iam_role: aws_iam_role + 1,
      aws_iam_role_policy_attachment: 1,
    });
  });

  it("let the role use each key once", () => {
    const services = [{ portMappingName: "metrics", tls: { ...tls, kmsKey: KEY } }];
    const json = synthesizePorts({ tls: { ...tls, kmsKey: KEY }, services });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      name: "encrypt-certificates",
      policy: expect.stringContaining(`"kms:GenerateDataKeyPair"], "Resource" = ["${KEY}"]`),
    });
  });

  it("use a role that exists, and create none then", () => {
    const role = { roleArn: "arn:aws:iam::111122223333:role/tls" };
    const json = synthesizePorts({ tls: { ...tls, role } });
    expect(blocksOf(json)).toMatchObject([{ tls: { role_arn: role.roleArn } }]);
    expect(resourceCounts(json)).toEqual(resourceCounts(synthesizePorts({})));
  });
});

describe("the log of the proxy", () => {
  const logOf = (json: string) => {
    const [service] = Object.values(JSON.parse(json).resource.aws_ecs_service) as [
      { service_connect_configuration: { log_configuration: object } },
    ];
    return service.service_connect_configuration.log_configuration;
  };

  it("goes to another log group, in another mode", () => {
    const logDriver = LogDriver.awsLogs({ logGroup: "/proxies", streamPrefix: "users", mode: "blocking" });
    const json = synthesizePorts({ logDriver });
    expect(logOf(json)).toEqual({
      log_driver: "awslogs",
      options: {
        ...{ "awslogs-group": "/proxies", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "users" },
        mode: "blocking",
      },
    });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      name: "start-tasks",
      policy: expect.stringContaining("log-group:/proxies:*"),
    });
  });

  it("has options as literal text, and secrets that the execution role can read", () => {
    const token = Secret.fromSecretsManager("arn:aws:secretsmanager:eu-west-1:111122223333:secret:splunk-AbCdEf");
    const logDriver = LogDriver.splunk({ url: "https://splunk.example.com", secretToken: token, index: "${x}" });
    const json = synthesizePorts({ logDriver });
    expect(logOf(json)).toEqual({
      log_driver: "splunk",
      options: { "splunk-index": "$${x}", "splunk-url": "https://splunk.example.com" },
      secret_option: [
        { name: "splunk-token", value_from: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:splunk-AbCdEf" },
      ],
    });
    expect(json).toHaveResourceWithProperties(IamRolePolicy, {
      name: "start-tasks",
      policy: expect.stringContaining("secret:splunk-AbCdEf"),
    });
  });
});

describe("what is wrong with the ports in Service Connect", () => {
  const awsvpc = { networkMode: "awsvpc", subnetIds: ["subnet-0123456789abcdef0"] } as const;
  const balanced = () => {
    const { loadBalancer } = clusterTarget();
    return clusterTarget({ loadBalancer: { listenerArn: "arn", ...loadBalancer, securityGroupId: "sg-0" } });
  };
  const further = (service: Partial<ServiceConnectService>) => ({
    services: [{ portMappingName: "metrics", ...service }],
  });
  const dns = { containerPort: 53, protocol: "udp", name: "dns" } as const;

  it.each<[string, object, Partial<Ec2ServiceProps>, string]>([
    [
      "a port that the task does not have",
      further({ portMappingName: "metric" }),
      {},
      'serviceConnect.services[0].portMappingName must be the name of a port of the task; received "metric". Did you mean "metrics"? Set name of a port in portMappings, or portName of a sidecar.',
    ],
    [
      "a port of a task without names",
      further({ portMappingName: "http" }),
      { containerPort: undefined, portMappings: [] },
      'serviceConnect.services[0].portMappingName must be the name of a port of the task; received "http". No port has a name. Set name of a port in portMappings, or portName of a sidecar.',
    ],
    [
      "a UDP port",
      further({ portMappingName: "dns" }),
      { portMappings: [dns] },
      'serviceConnect.services[0].portMappingName must be a single TCP port; received "dns". Service Connect supports neither UDP nor ranges. Remove it.',
    ],
    [
      "containerPort a second time",
      further({ portMappingName: "http", discoveryName: "other", port: 81 }),
      {},
      'serviceConnect.services[0].portMappingName must be a port that no other element has; received "http". Remove one of the two. serviceConnect itself has containerPort.',
    ],
    [
      "a limit of requests for a port without a protocol",
      further({ perRequestTimeoutSeconds: 5 }),
      {},
      "serviceConnect.services[0].perRequestTimeoutSeconds must not be set for a port without appProtocol; received 5. Set name and appProtocol of the port in portMappings. Without them the proxy does not see requests.",
    ],
    [
      "a request that is longer than the connection",
      { idleTimeoutSeconds: 10, perRequestTimeoutSeconds: 20 },
      {},
      "serviceConnect.perRequestTimeoutSeconds must be at most idleTimeoutSeconds, which is 10; received 20. The proxy closes the connection after idleTimeoutSeconds. Raise that, or lower this.",
    ],
    [
      "another port of the proxy in bridge mode",
      { ingressPortOverride: 15000 },
      {},
      "serviceConnect.ingressPortOverride must not be set with networkMode bridge; received 15000. The proxy has a dynamic port of the instance there, beside the container's port. Remove it.",
    ],
    [
      "a port of the proxy that a container has",
      { ingressPortOverride: 9090 },
      awsvpc,
      "serviceConnect.ingressPortOverride must not be a port of a container of the task; received 9090. Use another port.",
    ],
    [
      "TLS on the port of a route in awsvpc mode",
      { tls: { awsPcaAuthorityArn: AUTHORITY } },
      { ...awsvpc, paths: ["/*"], cluster: balanced() },
      `serviceConnect.tls must not be set without ingressPortOverride for a port with a route, in awsvpc mode; received "${AUTHORITY.slice(0, 79)}…. The health checks of the load balancer fail with TLS 1.3 of the proxy. Set ingressPortOverride to a free port, so that the load balancer reaches the container itself.`,
    ],
    [
      "two ports with one name and one number",
      further({ port: 3000 }),
      {},
      'serviceConnect.services[0].port must be unique in the namespace; received "users:3000". Another port of the service has it. Use another name or another port.',
    ],
    [
      "two ports with one name in Cloud Map",
      further({ discoveryName: "users" }),
      {},
      'serviceConnect.services[0].discoveryName must be unique in the namespace; received "users". Another port of the service has it. Use another name or another port.',
    ],
    [
      "a name in Cloud Map that is too long",
      further({ portMappingName: "m".repeat(60) }),
      { portMappings: [{ containerPort: 9090, name: "m".repeat(60) }] },
      `serviceConnect.services[0].discoveryName must have at most 64 characters; received "users-${"m".repeat(60)}". Set a shorter one, or shorten the name of the port.`,
    ],
    [
      "a log router that the task does not have",
      { logDriver: LogDriver.fireLens() },
      {},
      'serviceConnect.logDriver must not be LogDriver.fireLens for a task without a log router; received "awsfirelens". Set logRouter, or use LogDriver.fireLens for a container too.',
    ],
    [
      "a log group of its own",
      { logDriver: LogDriver.awsLogs({ retention: 7 }) },
      {},
      "serviceConnect.logDriver must not have retention; received 7. Set logGroup to a log group that exists, or remove it for the log group of the service.",
    ],
    [
      "settings of a port without containerPort",
      { tls: { awsPcaAuthorityArn: AUTHORITY } },
      { containerPort: undefined, portMappings: [] },
      `serviceConnect.tls must not be set for a service without containerPort; received {"awsPcaAuthorityArn": "arn:aws:acm-pca:eu-west-1:111122223333:certificate-autho…. Set containerPort, or remove it: the service then only calls other services.`,
    ],
    [
      "something else than a certificate authority",
      { tls: { awsPcaAuthorityArn: KEY } },
      {},
      `serviceConnect.tls.awsPcaAuthorityArn must be the ARN of a private certificate authority; received "${KEY}". List them: aws acm-pca list-certificate-authorities --query CertificateAuthorities[].Arn`,
    ],
  ])("rejects %s", (_, serviceConnect, props, message) => {
    expect(problemsOf(() => synthesizePorts(serviceConnect, props))).toEqual([message]);
  });

  it("accepts TLS on the port of a route when the load balancer reaches the container", () => {
    const routed = { ...awsvpc, paths: ["/*"], cluster: balanced() };
    expect(problemsOf(() => synthesizePorts({ tls, ingressPortOverride: 15000 }, routed))).toEqual([]);
    expect(problemsOf(() => synthesizePorts({ tls }, { paths: ["/*"] }))).toEqual([]);
  });

  it("rejects a name that another service of the namespace has", () => {
    const stack = emptyStack();
    const cluster = clusterTarget();
    const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster, name: "internal" });
    const add = (id: string, serviceConnect: Partial<ServiceConnectSettings>) =>
      problemsOf(
        () =>
          new Ec2Service(stack, id, { cluster, containerPort: 80, serviceConnect: { namespace, ...serviceConnect } }),
      );
    expect(add("users", {})).toEqual([]);
    expect(add("people", { dnsName: "users", discoveryName: "users" })).toEqual([
      'serviceConnect.discoveryName must be unique in the namespace; received "users". test/users has it. Use another name or another port.',
      'serviceConnect.dnsName must be unique in the namespace; received "users:80". test/users has it. Use another name or another port.',
    ]);
    expect(add("friends", { dnsName: "users", port: 81 })).toEqual([]);
    expect(add("other", { namespace: "elsewhere", dnsName: "users" })).toEqual([]);
  });
});
