import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TerraformResult, typesInFolder } from "../../cli/offline-provider";
import { unwrapped } from "../support/cluster";
import { filesOf, folderOf, removeFolders } from "../support/handover";
import { describeTerraform } from "../support/terraform";

type Resources = { [type: string]: { [name: string]: Record<string, unknown> } };
type Variables = { [name: string]: Record<string, unknown> };

/** Each breaks one thing in the one folder; the run that must see it is named, and what it says of this and of no other. */
const BREAKS: readonly (readonly [
  what: string,
  run: string,
  message: string,
  change: (resources: Resources, variables: Variables) => void,
])[] = [
  [
    "a VPC is made",
    "makes_no_network",
    "No VPC, subnet, gateway or peering may be made",
    (resources) => {
      resources.aws_vpc = { own: { cidr_block: "10.0.0.0/16" } };
    },
  ],
  [
    "the load balancer may reach other ports than containers get",
    "opens_the_ports_that_the_agent_uses",
    "The load balancer must reach exactly the host ports",
    ({ aws_vpc_security_group_egress_rule: rules }) => {
      Object.assign(rules?.port_rules_load_balancer_to_instances as object, { from_port: 32768 });
    },
  ],
  [
    "the instances admit other ports than containers get",
    "opens_the_ports_that_the_agent_uses",
    "The instances must admit exactly the host ports",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_instances_from_load_balancer as object, { to_port: 60999 });
    },
  ],
  [
    "IMDSv1 is on",
    "wants_imdsv2",
    "Instances must want IMDSv2",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_tokens: "optional" });
    },
  ],
  [
    "containers reach the metadata service",
    "wants_imdsv2",
    "Answers of the metadata service must not get into containers",
    ({ aws_launch_template: templates }) => {
      Object.assign(templates?.launch_template?.metadata_options as object, { http_put_response_hop_limit: 2 });
    },
  ],
  [
    "another rule opens SSH",
    "opens_ssh_in_no_other_way",
    "Only the rule for SSH may open port 22",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_http as object, { from_port: 20 });
    },
  ],
  [
    "SSH is open without being asked for",
    "keeps_ssh_closed",
    "Nobody was to reach SSH",
    // To more than was asked for, then, where somebody asked.
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_ssh as object, {
        for_each: '${toset(concat(var.ssh_cidrs, ["198.51.100.0/24"]))}',
      });
    },
  ],
  [
    "SSH is open to more than was asked for",
    "opens_ssh_to_what_was_asked_for",
    "SSH must be open to the networks that were asked for",
    () => {},
  ],
  [
    "the rule for SSH opens other ports too",
    "opens_ssh_to_what_was_asked_for",
    "The rule for SSH must open port 22 alone",
    ({ aws_vpc_security_group_ingress_rule: rules }) => {
      Object.assign(rules?.port_rules_ssh as object, { to_port: 2222 });
    },
  ],
  [
    "SSH takes the whole internet",
    "refuses_ssh_from_the_whole_internet",
    "Missing expected failure",
    (_, { ssh_cidrs: variable }) => {
      Object.assign(variable as object, { validation: [] });
    },
  ],
];

describeTerraform("a hand-over's own test", (lab) => {
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

  it("has each of its runs broken here, and one for each of its assertions", async () => {
    const runs = [...tested.stdout.matchAll(/run "(\w+)"\.\.\. (\w+)/g)].map(([, run, how]) => [run, how]);
    expect(runs.sort()).toEqual([...new Set(BREAKS.map(([, run]) => run))].sort().map((run) => [run, "fail"]));
    const test = Object.entries(await filesOf("ecs")).find(([name]) => name.endsWith(".tftest.hcl"));
    // The one that wants a refusal asserts nothing.
    expect(test?.[1]?.toString().match(/^ *assert \{/gm)).toHaveLength(BREAKS.length - 1);
  });
});
