import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TerraformResult, typesInFolder } from "../../tools/offline-provider";
import { unwrapped } from "../support/cluster";
import { folderOf, removeFolders } from "../support/handover";
import { describeTerraform } from "../support/terraform";

type Resources = { [type: string]: { [name: string]: Record<string, unknown> } };
type Variables = { [name: string]: Record<string, unknown> };

/**
 * Each breaks one thing in a folder; the run that must see it is named, and what it says. Those of a round are broken in
 * one folder: each is seen by a run of its own.
 */
const BREAKS: readonly (readonly [
  what: string,
  round: number,
  run: string,
  message: string,
  change: (resources: Resources, variables: Variables) => void,
])[] = [
  [
    "a VPC is made",
    0,
    "makes_no_network",
    "No VPC, subnet, gateway or peering may be made",
    (resources) => {
      resources.aws_vpc = { own: { cidr_block: "10.0.0.0/16" } };
    },
  ],
  [
    "the load balancer may reach other ports than containers get",
    0,
    "opens_the_ports_that_the_agent_uses",
    "The load balancer must reach exactly the host ports",
    ({ aws_vpc_security_group_egress_rule: rules }) => {
      Object.assign(rules?.port_rules_load_balancer_to_instances as object, { from_port: 32768 });
    },
  ],
  [
    "the instances admit other ports than containers get",
    1,
    "opens_the_ports_that_the_agent_uses",
    "The instances must admit exactly the host ports",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_instances_from_load_balancer as object, { to_port: 60999 });
    },
  ],
  [
    "IMDSv1 is on",
    0,
    "wants_imdsv2",
    "Instances must want IMDSv2",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_tokens: "optional" });
    },
  ],
  [
    "containers reach the metadata service",
    1,
    "wants_imdsv2",
    "Answers of the metadata service must not get into containers",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_put_response_hop_limit: 2 });
    },
  ],
  [
    "another rule opens SSH",
    0,
    "opens_ssh_in_no_other_way",
    "Only the rule for SSH may open port 22",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_http as object, { from_port: 20 });
    },
  ],
  [
    "SSH is open without being asked for",
    0,
    "keeps_ssh_closed",
    "Nobody was to reach SSH",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_ssh as object, { for_each: '${toset(["198.51.100.0/24"])}' });
    },
  ],
  [
    "SSH is open to more than was asked for",
    1,
    "opens_ssh_to_what_was_asked_for",
    "SSH must be open to the networks that were asked for",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      const all = '${length(var.ssh_cidrs) == 0 ? toset([]) : toset(concat(var.ssh_cidrs, ["198.51.100.0/24"]))}';
      Object.assign(rules?.port_rules_ssh as object, { for_each: all });
    },
  ],
  [
    "SSH takes the whole internet",
    1,
    "refuses_ssh_from_the_whole_internet",
    "Missing expected failure",
    (_, { ssh_cidrs: variable }) => {
      Object.assign(variable as object, { validation: [] });
    },
  ],
];

describeTerraform("a hand-over's own test", (lab) => {
  afterAll(removeFolders);

  const rounds: TerraformResult[] = [];
  beforeAll(async () => {
    for (const round of [0, 1]) {
      const folder = await folderOf("ecs");
      const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
      const main = read("main.tf.json") as { resource: Resources };
      const variables = read("variables.tf.json") as { variable: Variables };
      for (const [, of, , , change] of BREAKS) if (of === round) change(main.resource, variables.variable);
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify(main, null, 2));
      writeFileSync(join(folder, "variables.tf.json"), JSON.stringify(variables, null, 2));
      rounds.push(await (await lab.terraform({ folder, types: typesInFolder(folder) })).test());
    }
  });

  it.each(BREAKS)("fails when %s", (_, round, run, message) => {
    const { status, stdout = "", stderr = "" } = rounds[round] ?? {};
    expect(stdout).toContain(`run "${run}"... fail`);
    expect(unwrapped(stderr)).toContain(message);
    expect(status).toBe(1);
  });

  it("fails in no run but those", () => {
    const failed = rounds.map(({ stdout }) => [...stdout.matchAll(/run "(\w+)"\.\.\. fail/g)].map(([, run]) => run));
    const broken = [0, 1].map((round) => BREAKS.filter(([, of]) => of === round).map(([, , run]) => run));
    // SSH that nobody asked for is more than what was asked for, too.
    expect(failed).toEqual([[...(broken[0] ?? []), "opens_ssh_to_what_was_asked_for"], broken[1]]);
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
});
