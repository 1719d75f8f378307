import { clusterConfiguration, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

// Two of the networks are one.
const ssh_cidrs = ["203.0.113.7/32", "2001:DB8::/32", "2001:db8:0::/32"];
const variables = { ssh_public_key: PUBLIC_KEY, ssh_cidrs, tags: { Team: "팀" } };

describeTerraform("the life of a cluster", (lab) => {
  describe("from one apply on", () => {
    let terraform: Awaited<ReturnType<typeof lab.terraform>>;
    beforeAll(async () => {
      terraform = await lab.terraform({ configuration: clusterConfiguration(), variables });
      const { status, stderr } = await terraform.apply();
      expect(stderr).not.toContain("Error");
      expect(status).toBe(0);
    });
    it("plans no changes once it is applied, with exit code 0", async () => {
      const { status, stdout, stderr } = await terraform.plan();
      expect(stdout).toContain("No changes.");
      expect(stderr).not.toContain("Warning");
      expect(status).toBe(0);
    });

    it("makes one rule of two spellings of a network", () => {
      const rules = terraform.state().resources.filter(({ address }) => address.includes(".port_rules_ssh["));
      expect(rules.map(({ values }) => values.cidr_ipv4 ?? values.cidr_ipv6).sort()).toEqual([
        "2001:db8::/32",
        "203.0.113.7/32",
      ]);
    });

    it("rolls the instances when the launch template changes or the key, which gets another name, and no other way", async () => {
      const ssh_public_key = PUBLIC_KEY.replace("AAAAIOMq", "AAAAIOMz");
      // What managed scaling decided is left alone.
      terraform.setVariables({ ...variables, root_volume_gib: 50, ssh_public_key, desired_size: 2 });
      const { resource_changes = [] } = await terraform.planJson("-refresh=false");
      const changed = resource_changes.filter(
        ({ change }) => !change.actions.includes("no-op") && !change.actions.includes("read"),
      );
      expect(changed.map(({ address, change }) => [address, ...change.actions]).sort()).toEqual([
        ["aws_autoscaling_group.capacity", "update"],
        ["aws_key_pair.key_pair", "create", "delete"],
        ["aws_launch_template.launch_template", "update"],
      ]);
      const of = (wanted: string) => changed.find(({ type }) => type === wanted)?.change;
      const group = of("aws_autoscaling_group");
      expect(group?.after?.desired_capacity).toBe(group?.before?.desired_capacity);
      expect(group?.after?.desired_capacity).not.toBe(2);
      const template = of("aws_launch_template");
      expect(template?.after?.block_device_mappings).toMatchObject([{ ebs: [{ volume_size: 50 }] }]);
      expect(template?.after?.key_name).not.toBe(template?.before?.key_name);
    });

    it("warns of instances that never joined, says where to look, and still plans no changes", async () => {
      terraform.setVariables(variables);
      await terraform.session.serve({ fixtures: { registeredContainerInstances: 0 } });
      // The check looks at the account anew, whether the resources are looked at or not.
      const { status, stdout } = await terraform.plan("-refresh=false");
      expect(unwrapped(stdout)).toContain(
        "0 of at least 1 container instances have joined the cluster ecs. This is normal for a few minutes after the first apply. Otherwise, run the command in the output agent_log_command, which shows the log of the ECS agent. For AccessDeniedException, check that the instance role has the policy AmazonEC2ContainerServiceforEC2Role. For a timeout, check",
      );
      expect(stdout).toContain("No changes.");
      expect(status).toBe(0);
    });

    it("destroys the association, the provider, the group and the cluster in this order", async () => {
      const { stdout } = await terraform.graph();
      // In the graph an arrow leads to what has to be there first, and on destroy to what has to go later.
      const arrows = new Map<string, string[]>();
      for (const [, from = "", to = ""] of stdout.matchAll(/"([^"]+)" -> "([^"]+)"/g)) {
        arrows.set(from, [...(arrows.get(from) ?? []), to]);
      }
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
        from === to || (arrows.get(from) ?? []).some((next) => !seen.has(next) && reaches(next, to, seen.add(next)));
      const order = [
        "aws_ecs_cluster_capacity_providers.capacity_association",
        "aws_ecs_capacity_provider.capacity_provider",
        "aws_autoscaling_group.capacity",
        "aws_ecs_cluster.cluster",
      ];
      for (const [index, address] of order.entries()) {
        for (const later of order.slice(index + 1))
          expect([address, later, reaches(address, later)]).toEqual([address, later, true]);
      }
      // The role's rights outlive the instances, so that they can still drain and deregister.
      for (const attachment of ["ecs", "session_manager"]) {
        const address = `aws_iam_role_policy_attachment.instance_role_${attachment}`;
        expect([address, reaches("aws_autoscaling_group.capacity", address)]).toEqual([address, true]);
      }
    });

    it("destroys in one run", async () => {
      const { status, stdout } = await terraform.destroy("-refresh=false");
      expect(stdout).toContain("Destroy complete!");
      expect(status).toBe(0);
    });
  });
});
