import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { handoverFiles } from "../../cli/handover/folder/files";
import { writeFolder } from "../../cli/handover/folder/write-folder";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import { type TerraformResult, typesInFolder } from "../../cli/offline-provider";
import { ApplicationLoadBalancer, Ec2Service, EcsClusterStack, EcsServiceStack, FileSystem, Secret } from "../../src";
import { unwrapped } from "../support/cluster";
import { filesOf, folderOf, removeFolders, temporaryFolder } from "../support/handover";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

type Resources = { [type: string]: { [name: string]: Record<string, unknown> } };
type Variables = { [name: string]: Record<string, unknown> };

/** Each fault in the folder, with the run that must fail and the error message of the assertion. */
const BREAKS: readonly (readonly [
  what: string,
  run: string,
  message: string,
  change: (resources: Resources, variables: Variables) => void,
])[] = [
  [
    "the stack creates a VPC",
    "creates_no_network",
    "The stack must not create a VPC, subnet, gateway or peering",
    (resources) => {
      resources.aws_vpc = { own: { cidr_block: "10.0.0.0/16" } };
    },
  ],
  [
    "the load balancer may connect to other ports than those of containers",
    "opens_the_port_range_of_the_agent",
    "The load balancer must be allowed to connect to exactly the host ports",
    ({ aws_vpc_security_group_egress_rule: rules }) => {
      Object.assign(rules?.port_rules_load_balancer_to_instances as object, { from_port: 32768 });
    },
  ],
  [
    "the instances allow other ports than those of containers",
    "opens_the_port_range_of_the_agent",
    "The instances must allow exactly the host ports",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_instances_from_load_balancer as object, { to_port: 60999 });
    },
  ],
  [
    "IMDSv1 is enabled",
    "requires_imdsv2",
    "The launch template must require IMDSv2",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_tokens: "optional" });
    },
  ],
  [
    "containers can use the instance metadata service",
    "requires_imdsv2",
    "The hop limit must be 1",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_put_response_hop_limit: 2 });
    },
  ],
  [
    "another rule opens SSH",
    "opens_ssh_in_no_other_rule",
    "Only the rule for SSH may open port 22",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_http as object, { from_port: 20 });
    },
  ],
  [
    "SSH is open by default",
    "keeps_ssh_closed_by_default",
    "SSH must be closed by default",
    // This also opens SSH to more than the given networks.
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_ssh as object, {
        for_each: '${toset(concat(var.ssh_cidrs, ["198.51.100.0/24", "0.0.0.0/0"]))}',
      });
    },
  ],
  [
    "SSH is open to more than the given networks",
    "opens_ssh_only_to_the_given_networks",
    "SSH must be open to the given networks",
    () => {},
  ],
  [
    "the rule for SSH opens other ports too",
    "opens_ssh_only_to_the_given_networks",
    "The rule for SSH must open only port 22",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_ssh as object, { to_port: 2222 });
    },
  ],
  [
    "SSH can be open to the whole internet",
    "rejects_ssh_from_the_whole_internet",
    "Missing expected failure",
    (_, { ssh_cidrs: variable }) => {
      Object.assign(variable as object, { validation: [] });
    },
  ],
  [
    "a rule that was closed is open to the internet",
    "opens_nothing_else_to_the_internet",
    "The rule aws_vpc_security_group_ingress_rule.port_rules_ssh must not be open to the whole internet",
    // The same fault as above opens it to more networks, one of which is the internet.
    () => {},
  ],
  [
    "the load balancer opens another port to the internet",
    "opens_nothing_else_to_the_internet",
    "The rule aws_vpc_security_group_ingress_rule.port_rules_http is open to the internet, so it must open only tcp 80",
    // It is open from port 20, see above.
    () => {},
  ],
  [
    "a security group has rules of its own",
    "opens_nothing_else_to_the_internet",
    "A security group must have no rules of its own",
    ({ aws_security_group: groups }) => {
      const others = {
        ipv6_cidr_blocks: [],
        prefix_list_ids: [],
        security_groups: [],
        self: false,
        description: "all",
      };
      const ingress = [{ from_port: 0, to_port: 0, protocol: "-1", cidr_blocks: ["10.0.0.0/8"], ...others }];
      Object.assign(groups?.port_rules_load_balancer as object, { ingress });
    },
  ],
  [
    "a role has all permissions",
    "grants_no_admin_permissions",
    "No role may have all permissions",
    ({ aws_iam_role_policy_attachment: attachments }) => {
      Object.assign(attachments?.instance_role_ecs as object, {
        policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      });
    },
  ],
  [
    "a volume is not encrypted",
    "encrypts_volumes",
    "The volumes of aws_launch_template.launch_template must be encrypted",
    ({ aws_launch_template: templates }) => {
      const devices = templates?.launch_template?.block_device_mappings as { ebs: object }[] | undefined;
      Object.assign(devices?.[0]?.ebs as object, { encrypted: "false" });
    },
  ],
  [
    "the group can have fewer instances",
    "keeps_the_sizes",
    "min_size of aws_autoscaling_group.capacity must be 1",
    ({ aws_autoscaling_group: groups }) => {
      Object.assign(groups?.capacity as object, { min_size: 0 });
    },
  ],
  [
    "the group can have more instances",
    "keeps_the_sizes",
    "max_size of aws_autoscaling_group.capacity must be 2",
    ({ aws_autoscaling_group: groups }) => {
      Object.assign(groups?.capacity as object, { max_size: 20 });
    },
  ],
  [
    "a role was added",
    "checks_every_resource",
    "A resource was added that these tests do not check",
    ({ aws_iam_role: roles }) => {
      Object.assign(roles as object, { other: { assume_role_policy: "{}" } });
    },
  ],
  [
    "a container has a fixed host port",
    "checks_every_resource",
    "A container has a host port that these tests do not list",
    (resources) => {
      const container = {
        name: "web",
        image: "nginx",
        memory: 64,
        portMappings: [{ containerPort: 80, hostPort: 40000 }],
      };
      resources.aws_ecs_task_definition = {
        web: { family: "web", container_definitions: JSON.stringify([container]) },
      };
    },
  ],
];

describeTerraform("the Terraform test in a hand-over", (lab) => {
  afterAll(removeFolders);

  let tested: TerraformResult;
  beforeAll(async () => {
    const folder = await folderOf("ecs");
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
    const main = read("main.tf.json") as { resource: Resources };
    const variables = read("variables.tf.json") as { variable: Variables };
    for (const [, , , change] of BREAKS) change(main.resource, variables.variable);
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(main, null, 2));
    writeFileSync(join(folder, "variables.tf.json"), JSON.stringify(variables, null, 2));
    tested = await (await lab.terraform({ folder, types: typesInFolder(folder) })).test();
  });

  it.each(BREAKS)("fails when %s", (_, run, message) => {
    expect(tested.stdout).toContain(`run "${run}"... fail`);
    expect(unwrapped(tested.stderr)).toContain(message);
    expect(tested.status).toBe(1);
  });

  it("passes for routes whose listeners only a plan knows", async () => {
    const stack = new EcsServiceStack(testApp(), "orders");
    const { cluster } = stack;
    const shared = ApplicationLoadBalancer.fromListenerArn(stack, "shared", {
      cluster,
      listenerArn:
        "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2",
    });
    const jwtValidation = { issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/keys" };
    const url = "https://id.example.com/x";
    const secretArn = "arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:shop/oidc-AbCdEf";
    const authenticateOidc = {
      ...{ authorizationEndpoint: url, tokenEndpoint: url, userInfoEndpoint: url, issuer: url, clientId: "orders" },
      clientSecret: Secret.fromSecretsManager(secretArn, { jsonKey: "oidc" }),
    };
    new Ec2Service(stack, "orders", {
      ...{ cluster, image: "orders:1", containerPort: 80, paths: ["/a"], protocolVersion: "GRPC", jwtValidation },
      routes: { shared: { paths: ["/b"], loadBalancer: shared, authenticateOidc } },
    });
    const folder = join(temporaryFolder(), "orders");
    writeFolder(folder, (await handoverFiles(synthesized(stack) as Json, { name: "orders" })).files);
    const { stdout } = await (await lab.terraform({ folder, types: typesInFolder(folder) })).test();
    expect(stdout).toContain("Success! 6 passed, 0 failed.");
  });

  it("fails as HCL for volumes, file systems and sizes of services that were changed", async () => {
    const stack = new EcsClusterStack(testApp(), "files");
    const { fileSystemId } = new FileSystem(stack, "uploads", {
      name: "files",
      vpc: stack.vpc,
      portRules: stack.portRules,
    });
    const common = { cluster: stack, image: "nginx:1" };
    new Ec2Service(stack, "store", {
      ...common,
      desiredCount: 3,
      volumes: { own: { ebs: { sizeGib: 20 } } },
      mountPoints: { "/data": "own" },
    });
    new Ec2Service(stack, "pages", {
      ...common,
      volumes: { uploads: { fileSystem: fileSystemId } },
      mountPoints: { "/data": "uploads" },
      scaling: { minCapacity: 2, maxCapacity: 4, cpuPercent: 50 },
    });
    const json = synthesized(stack) as { resource: Resources };
    const filesOfJson = async () => (await handoverFiles(json as Json, { name: "files", hcl: true })).files;
    const files = await filesOfJson();
    const {
      aws_efs_file_system: systems,
      aws_ecs_service: services,
      aws_appautoscaling_target: targets,
    } = json.resource;
    const one = (named: object | undefined, key: string) =>
      Object.values(named ?? {}).find((body) => key in body) as Record<string, unknown>;
    Object.assign(one(systems, "encrypted"), { encrypted: false });
    const store = one(services, "volume_configuration");
    Object.assign(store, { desired_count: 1 });
    Object.assign((store.volume_configuration as { managed_ebs_volume: object }).managed_ebs_volume, {
      encrypted: false,
    });
    Object.assign(one(targets, "min_capacity"), { min_capacity: 1, max_capacity: 40 });
    const test = "tests/plan.tftest.hcl";
    const folder = join(temporaryFolder(), "files");
    writeFolder(folder, { ...(await filesOfJson()), [test]: files[test] as string });
    const { stdout, stderr } = await (await lab.terraform({ folder, types: typesInFolder(folder) })).test();
    expect(stdout).toContain("Failure! ");
    expect(unwrapped(stderr).match(/(The (file system|volumes of)|\w+ of) aws_\w+\.\w+ must be \w+/g)).toEqual([
      "The file system aws_efs_file_system.uploads must be encrypted",
      "The volumes of aws_ecs_service.store must be encrypted",
      "desired_count of aws_ecs_service.store must be 3",
      "min_capacity of aws_appautoscaling_target.pages_scaling must be 2",
      "max_capacity of aws_appautoscaling_target.pages_scaling must be 4",
    ]);
  });

  it("has a fault here for each run and each assertion", async () => {
    const runs = [...tested.stdout.matchAll(/run "(\w+)"\.\.\. (\w+)/g)].map(([, run, how]) => [run, how]);
    expect(runs.sort()).toEqual([...new Set(BREAKS.map(([, run]) => run))].sort().map((run) => [run, "fail"]));
    const test = Object.entries(await filesOf("ecs")).find(([name]) => name.endsWith(".tftest.hcl"));
    // The run that expects a rejection has no assertion.
    expect(test?.[1]?.toString().match(/^ *assert \{/gm)).toHaveLength(BREAKS.length - 1);
  });
});
