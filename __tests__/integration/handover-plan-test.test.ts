import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { handoverFiles } from "../../cli/handover/folder/files";
import { writeFolder } from "../../cli/handover/folder/write-folder";
import type { Json } from "../../cli/handover/terraform-json/configuration";
import { type TerraformResult, typesInFolder } from "../../cli/offline-provider";
import { ApplicationLoadBalancer, Ec2Service, EcsServiceStack, Secret } from "../../src";
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
        for_each: '${toset(concat(var.ssh_cidrs, ["198.51.100.0/24"]))}',
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
    expect(stdout).toContain("Success! 2 passed, 0 failed.");
  });

  it("has a fault here for each run and each assertion", async () => {
    const runs = [...tested.stdout.matchAll(/run "(\w+)"\.\.\. (\w+)/g)].map(([, run, how]) => [run, how]);
    expect(runs.sort()).toEqual([...new Set(BREAKS.map(([, run]) => run))].sort().map((run) => [run, "fail"]));
    const test = Object.entries(await filesOf("ecs")).find(([name]) => name.endsWith(".tftest.hcl"));
    // The run that expects a rejection has no assertion.
    expect(test?.[1]?.toString().match(/^ *assert \{/gm)).toHaveLength(BREAKS.length - 1);
  });
});
