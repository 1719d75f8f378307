import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Configuration, typesInFolder } from "../../tools/offline-provider";
import { folderOf, removeFolders } from "../support/handover";
import { describeTerraform } from "../support/terraform";

type Resources = { [type: string]: { [name: string]: Record<string, unknown> } };

/** Each breaks one thing in a folder, and names the run that must see it. */
const BREAKS: readonly (readonly [what: string, run: string, change: (resources: Resources) => void])[] = [
  [
    "a VPC is made",
    "makes_no_network",
    (resources) => {
      resources.aws_vpc = { own: { cidr_block: "10.0.0.0/16" } };
    },
  ],
  [
    "the load balancer may reach other ports than containers get",
    "opens_the_ports_that_the_agent_uses",
    ({ aws_vpc_security_group_egress_rule: rules }) => {
      Object.assign(rules?.port_rules_load_balancer_to_instances as object, { from_port: 32768 });
    },
  ],
  [
    "the instances admit other ports than containers get",
    "opens_the_ports_that_the_agent_uses",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_instances_from_load_balancer as object, { to_port: 60999 });
    },
  ],
  [
    "IMDSv1 is on",
    "wants_imdsv2",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_tokens: "optional" });
    },
  ],
  [
    "containers reach the metadata service",
    "wants_imdsv2",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_put_response_hop_limit: 2 });
    },
  ],
  [
    "another rule opens SSH",
    "opens_ssh_in_no_other_way",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_http as object, { from_port: 20 });
    },
  ],
  [
    "SSH is open without being asked for",
    "keeps_ssh_closed",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_ssh as object, { for_each: '${toset(["198.51.100.0/24"])}' });
    },
  ],
  [
    "SSH is open to more than was asked for",
    "opens_ssh_to_what_was_asked_for",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      const all = '${length(var.ssh_cidrs) == 0 ? toset([]) : toset(concat(var.ssh_cidrs, ["198.51.100.0/24"]))}';
      Object.assign(rules?.port_rules_ssh as object, { for_each: all });
    },
  ],
];

describeTerraform("a hand-over's own test", (lab) => {
  afterAll(removeFolders);

  it.each(BREAKS)("fails when %s", async (_, run, change) => {
    const folder = await folderOf("ecs");
    const path = join(folder, "main.tf.json");
    const main = JSON.parse(readFileSync(path, "utf8")) as Configuration & { resource: Resources };
    change(main.resource);
    writeFileSync(path, JSON.stringify(main));
    const terraform = await lab.terraform({ folder, types: typesInFolder(folder) });
    const { status, stdout } = await terraform.test();
    expect(stdout).toContain(`run "${run}"... fail`);
    expect(status).toBe(1);
  });

  it("passes whatever terraform.tfvars says", async () => {
    const folder = await folderOf("ecs");
    const values = [
      'region = "eu-west-1"',
      'name = "shop"',
      'instance_types = ["m7g.large"]',
      'ami_version = "pinned"',
    ];
    writeFileSync(join(folder, "terraform.tfvars"), [...values, 'ssh_cidrs = ["198.51.100.0/24"]', ""].join("\n"));
    const terraform = await lab.terraform({ folder, types: typesInFolder(folder) });
    expect((await terraform.test()).stdout).toContain("Success! 7 passed, 0 failed");
  });

  it("fails when SSH takes the whole internet", async () => {
    const folder = await folderOf("ecs");
    const path = join(folder, "variables.tf.json");
    const file = JSON.parse(readFileSync(path, "utf8")) as { variable: Record<string, Record<string, unknown>> };
    Object.assign(file.variable.ssh_cidrs as object, { validation: [] });
    writeFileSync(path, JSON.stringify(file));
    const terraform = await lab.terraform({ folder, types: typesInFolder(folder) });
    expect((await terraform.test()).stdout).toContain('run "refuses_ssh_from_the_whole_internet"... fail');
  });
});
