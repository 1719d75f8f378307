import { clusterConfiguration, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { describeTerraform } from "../support/terraform";

// The last two are the same network.
const ssh_cidrs = ["203.0.113.7/32", "2001:DB8::/32", "2001:db8:0::/32"];
const variables = { ssh_public_key: PUBLIC_KEY, ssh_cidrs, tags: { Team: "팀" } };

describeTerraform("a cluster", (lab) => {
  describe("after an apply", () => {
    let terraform: Awaited<ReturnType<typeof lab.terraform>>;
    beforeAll(async () => {
      terraform = await lab.terraform({ configuration: clusterConfiguration(), variables });
      const { status, stderr } = await terraform.apply();
      expect(stderr).not.toContain("Error");
      expect(status).toBe(0);
    });
    it("plans no changes, with exit code 0", async () => {
      const { status, stdout, stderr } = await terraform.plan();
      expect(stdout).toContain("No changes.");
      expect(stderr).not.toContain("Warning");
      expect(status).toBe(0);
    });

    it("has one rule for two spellings of a network", () => {
      const rules = terraform.state().resources.filter(({ address }) => address.includes(".port_rules_ssh["));
      expect(rules.map(({ values }) => values.cidr_ipv4 ?? values.cidr_ipv6).sort()).toEqual([
        "2001:db8::/32",
        "203.0.113.7/32",
      ]);
    });

    it("replaces the instances for a new launch template or key, by a rolling instance refresh", async () => {
      const ssh_public_key = PUBLIC_KEY.replace("AAAAIOMq", "AAAAIOMz");
      // Managed scaling sets the desired capacity, so Terraform ignores desired_size.
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

    it("warns of instances that have not joined, says how to find the cause, and plans no changes", async () => {
      terraform.setVariables(variables);
      await terraform.session.serve({ fixtures: { registeredContainerInstances: 0 } });
      // The check reads its data source even with -refresh=false.
      const { status, stdout } = await terraform.plan("-refresh=false");
      expect(unwrapped(stdout)).toContain(
        "0 of at least 1 container instances have joined the cluster ecs. This is normal for a few minutes after the first apply. Otherwise, run the command in the output agent_log_command, which shows the log of the ECS agent. For AccessDeniedException, check that the instance role has the policy AmazonEC2ContainerServiceforEC2Role. For a timeout, check",
      );
      expect(stdout).toContain("No changes.");
      expect(status).toBe(0);
    });

    it("is destroyed in this order: association, capacity provider, Auto Scaling group, cluster", async () => {
      const { stdout } = await terraform.graph();
      // An edge of the graph goes to a resource that Terraform creates earlier, and destroys later.
      const edges = new Map<string, string[]>();
      for (const [, from = "", to = ""] of stdout.matchAll(/"([^"]+)" -> "([^"]+)"/g)) {
        edges.set(from, [...(edges.get(from) ?? []), to]);
      }
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
        from === to || (edges.get(from) ?? []).some((next) => !seen.has(next) && reaches(next, to, seen.add(next)));
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
      // The instances need the permissions of their role until the end, to drain and deregister.
      for (const attachment of ["ecs", "session_manager"]) {
        const address = `aws_iam_role_policy_attachment.instance_role_${attachment}`;
        expect([address, reaches("aws_autoscaling_group.capacity", address)]).toEqual([address, true]);
      }
    });

    it("is destroyed in one run", async () => {
      const { status, stdout } = await terraform.destroy("-refresh=false");
      expect(stdout).toContain("Destroy complete!");
      expect(status).toBe(0);
    });
  });
});
