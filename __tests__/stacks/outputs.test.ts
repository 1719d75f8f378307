import type { EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { type Part, synthesized } from "../support/synthesized";

const outputs = (settings: EcsClusterSettings = {}) =>
  synthesized(clusterStack(settings)).output as Record<string, { value: string; description: string } & Part>;

const FIND = (what: string) =>
  `$(aws ec2 describe-instances --region \${var.region} --filters Name=tag:aws:autoscaling:groupName,Values=\${aws_autoscaling_group.capacity.name} Name=instance-state-name,Values=running --query 'Reservations[0].Instances[0].${what}' --output text)`;

describe("Outputs", () => {
  it("are these by default", () => {
    expect(Object.keys(outputs()).sort()).toEqual([
      "agent_log_command",
      "ami_id",
      "autoscaling_group_name",
      "capacity_provider_name",
      "cluster_arn",
      "cluster_name",
      "dynamic_port_range",
      "instance_role_name",
      "instance_security_group_id",
      "launch_template_id",
      "listener_arn",
      "load_balancer_arn",
      "load_balancer_dns_name",
      "load_balancer_security_group_id",
      "load_balancer_zone_id",
      "ssh_command",
      "subnet_ids",
      "url",
      "vpc_id",
    ]);
  });

  it("have a description", () => {
    for (const { description } of Object.values(outputs())) expect(description).toMatch(/^[A-Z].{12,}\.$/);
  });

  it("leave out the load balancer if there is none", () => {
    const names = Object.keys(outputs({ loadBalancer: false }));
    expect(names.filter((name) => /url|listener|load_balancer/.test(name))).toEqual([]);
  });

  it("warn that the certificate does not match the load balancer's name, with HTTPS", () => {
    expect(outputs().url?.description).not.toContain("certificate");
    expect(outputs({ loadBalancer: { https: true } }).url?.description).toContain(
      "The certificate does not match this name: use a name of your domain that points to it.",
    );
    expect(outputs().load_balancer_dns_name?.value).toBe("${aws_lb.load_balancer.dns_name}");
    expect(outputs().load_balancer_zone_id?.value).toBe("${aws_lb.load_balancer.zone_id}");
  });

  it("show the range of dynamic ports", () => {
    expect(outputs({ portRange: { from: 40000, to: 50000 } }).dynamic_port_range?.value).toBe("40000-50000");
  });

  it("look up the address of an instance when the command runs, so that scaling does not change the plan", () => {
    const { ssh_command, agent_log_command } = outputs({ sessionManager: false });
    expect(ssh_command?.value).toBe(`ssh ec2-user@${FIND("PublicIpAddress")}`);
    expect(agent_log_command?.value).toBe(
      `ssh ec2-user@${FIND("PublicIpAddress")} sudo docker logs --tail 100 ecs-agent`,
    );
  });

  it("use Session Manager without SSH", () => {
    const { ssh_command, agent_log_command } = outputs({ keyPair: "none" });
    const session = `aws ssm start-session --region \${var.region} --target ${FIND("InstanceId")}`;
    expect(ssh_command?.value).toBe(session);
    expect(agent_log_command?.value).toBe(
      `${session} --document-name AWS-StartInteractiveCommand --parameters command='sudo docker logs --tail 100 ecs-agent'`,
    );
  });

  it("use SSH only if sshCidrs has a network, and Session Manager otherwise", () => {
    expect(outputs().ssh_command?.value).toMatch(
      /^\$\{length\(var\.ssh_cidrs\) > 0 \? "ssh ec2-user@.*" : "aws ssm start-session .*"\}$/,
    );
  });

  it("read the log of Bottlerocket in its admin container", () => {
    const bySsh = outputs({ amiFamily: "bottlerocket", sessionManager: false });
    expect(bySsh.agent_log_command?.value).toMatch(/ sudo sheltie journalctl -u ecs --no-pager -n 100$/);
    const bySession = outputs({ amiFamily: "bottlerocket", keyPair: "none" });
    expect(bySession.agent_log_command?.value).toMatch(
      / command='apiclient exec admin sudo sheltie journalctl -u ecs --no-pager -n 100'$/,
    );
  });
});
