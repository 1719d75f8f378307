import { readme as readmeFrom } from "../../../../cli/handover/readme";
import { tfvarsExample } from "../../../../cli/handover/readme/tfvars-example";
import { type HandoverOptions, readStack } from "../../../../cli/handover/stack";
import type { Json, JsonObject } from "../../../../cli/handover/terraform-json/configuration";
import { stackJson } from "../../../support/handover";

const section = (readme: string, title: string): string => {
  const [, text] = readme.split(`\n## ${title}\n`);
  if (text === undefined) throw new Error(`There is no section ${title}.`);
  return text.split("\n## ")[0] as string;
};
const rows = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("|"));
/** The README alone. */
const readmeOf = (name: string, options: Partial<HandoverOptions> = {}, json = stackJson(name) as Json): string =>
  readmeFrom(readStack(json, { name, ...options }));

describe("the README", () => {
  it("says in a sentence what the folder makes, and shows it", () => {
    const readme = readmeOf("microservices");
    expect(readme).toMatch(
      /^# microservices\n\nThis folder makes an ECS cluster, the EC2 instances that it runs on, an application load balancer and 4 services in the region's default VPC \(`ap-northeast-2` unless told otherwise\)\./,
    );
    expect(readme).toContain("(diagram.svg)");
    expect(readme).toContain("Internet (var.http_cidrs) connects to Load balancer (micro-alb): tcp 80");
    expect(readme).toContain("(request-path.svg)");
    expect(readme).toContain("Listener HTTP 80 sends requests to Rule, priority 1 (path /api/users*)");
    expect(readmeOf("ecs")).not.toContain("request-path.svg");
  });

  it("has a section for everything that people come for, in that order", () => {
    const readme = readmeOf("microservices");
    expect([...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      ...["Requirements", "Plan and apply", "The state", "Roll out an image", "Roll the AMI", "Destroy"],
      ...["Test without an account", "When an instance didn't join", "Variables", "Outputs", "What is in it"],
      ...["Open ports", "What costs money", "Rights"],
    ]);
  });

  it.each(["ecs", "microservices"])("has every variable, output and address of %s", (name) => {
    const readme = readmeOf(name);
    const stack = stackJson(name) as Record<string, JsonObject>;
    const variables = rows(section(readme, "Variables")).join("\n");
    for (const [variable, body] of Object.entries(stack.variable as Record<string, JsonObject>)) {
      expect(variables).toContain(`| \`${variable}\` | \`${body.type}\` | ${"default" in body ? "`" : "required |"}`);
      expect(variables).toContain(`| ${body.description} |`);
    }
    for (const output of Object.keys(stack.output as object)) {
      expect(section(readme, "Outputs")).toContain(`| \`${output}\` |`);
    }
    const made = rows(section(readme, "What is in it"));
    for (const [kind, prefix] of [
      ["resource", ""],
      ["data", "data."],
    ] as const) {
      for (const [type, byName] of Object.entries(stack[kind] as Record<string, JsonObject>)) {
        for (const own of Object.keys(byName)) {
          expect(made.filter((row) => row.startsWith(`| \`${prefix}${type}.${own}\` |`))).toHaveLength(1);
        }
      }
    }
    for (const row of made.filter((line) => line.includes("aws_"))) expect(row).toMatch(/ \| \S.* \|$/);
  });

  it("derives what is accepted from the messages that Terraform prints", () => {
    const variables = section(readmeOf("ecs"), "Variables");
    expect(variables).toContain("Must be 3 to 24 characters long. Must contain only letters, digits and hyphens");
    expect(variables).toContain("Must not be the whole internet.");
    expect(variables).toContain(
      "| Must not be a private key. Must be one line of OpenSSH text, ssh-ed25519 or ssh-rsa. |",
    );
    expect(variables).not.toContain("received");
    expect(variables).not.toContain("${");
    expect(variables).not.toContain("which has.");
  });

  it("tells which ports are open, from where to where", () => {
    expect(
      rows(section(readmeOf("ecs"), "Open ports"))
        .slice(2)
        .map((row) => row.split(" | ").slice(0, 3)),
    ).toEqual([
      ["| the networks in var.http_cidrs (by default 0.0.0.0/0)", "The load balancer of the ECS cluster", "tcp 80"],
      ["| the networks in var.ssh_cidrs (none by default)", "The ECS container instances", "tcp 22"],
      ["| The load balancer of the ECS cluster", "The ECS container instances", "tcp 31000-61000"],
      ["| The ECS container instances", "anywhere (IPv4)", "all traffic"],
      ["| The ECS container instances", "anywhere (IPv6)", "all traffic"],
      ["| The load balancer of the ECS cluster", "The ECS container instances", "tcp 31000-61000"],
    ]);
  });

  it("groups a service's own role and log group with the service", () => {
    const readme = section(readmeOf("microservices"), "What is in it");
    const [, services = ""] = readme.split("### The services");
    expect(services).toContain("aws_iam_role.users_");
    expect(services).toContain("aws_cloudwatch_log_group.users_");
    const [, access = ""] = readme.split("### The instances' rights and key");
    expect(access.split("###")[0]).toContain("`aws_iam_role.instance_role`");
  });

  it("tells what costs money and by what unit, and only of what is there", () => {
    const costs = section(readmeOf("ecs"), "What costs money");
    for (const unit of [
      "each instance and second",
      "each GiB and month",
      "each hour, and each capacity unit",
      "each address and hour",
      "each GB taken in",
    ]) {
      expect(costs).toContain(unit);
    }
    expect(costs).not.toContain("KMS");
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    json.resource.aws_ecs_cluster.cluster.setting = [{ name: "containerInsights", value: "disabled" }];
    const without = readmeOf("ecs", {}, json);
    expect([costs.includes("Container Insights"), without.includes("| Container Insights |")]).toEqual([true, false]);
  });

  it("explains every placeholder of the policy, and fills them in the order that breaks none", () => {
    const rights = section(readmeOf("ecs"), "Rights");
    for (const placeholder of ["PARTITION", "ACCOUNT_ID", "REGION", "NAME"])
      expect(rights).toContain(`| \`${placeholder}\` |`);
    expect(rights).toContain("the value of the variable `name`");
    expect(rights).toContain("for file in deploy-policy.json deploy-policy-2.json; do");
  });

  it("tells what an agent that can't join says, and where to hear it", () => {
    const text = section(readmeOf("ecs"), "When an instance didn't join");
    for (const part of [
      "AccessDeniedException",
      "AmazonEC2ContainerServiceforEC2Role",
      "terraform output -raw agent_log_command",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("speaks of services only where there are any", () => {
    expect(readmeOf("ecs")).not.toContain("## Roll out an image");
    expect(section(readmeOf("microservices"), "Roll out an image")).toContain(
      "`posts_image`, `threads_image`, `users_image` and `worker_image`",
    );
  });

  it("tells how a module is used, with what is required, and has no state of its own", () => {
    const readme = readmeOf("ecs", { module: true });
    expect(section(readme, "Use it")).toContain("  ssh_public_key = var.ssh_public_key");
    expect(readme).not.toContain("## The state");
    expect(readme).not.toContain("cp terraform.tfvars.example");
  });

  it("prints no output in a module, whose outputs are the root module's to pass on", () => {
    const readme = readmeOf("microservices", { module: true });
    expect(readme).not.toContain("terraform output");
    expect(section(readme, "When an instance didn't join")).toContain("--cluster CLUSTER");
    expect(section(readme, "Roll the AMI")).toContain("--auto-scaling-group-name GROUP");
    expect(section(readme, "Use it")).toContain("providers = { aws = aws.shop }");
    expect(section(readme, "Use it")).toContain(
      '\n  name   = "shop"\n\n  posts_image    = var.posts_image\n  ssh_public_key = var.ssh_public_key\n',
    );
  });

  it("sets the region that the aws commands ask, and says what they take", () => {
    const requirements = section(readmeOf("ecs"), "Requirements");
    expect(requirements).toContain("export AWS_REGION=ap-northeast-2\n");
    expect(requirements).toContain("Session Manager plugin");
  });

  it("prints lists without -raw, which Terraform refuses for them", () => {
    expect(section(readmeOf("ecs"), "Outputs")).toContain("Print one with `terraform output NAME`;");
  });

  it("counts the alarms of managed scaling, and only where it is on", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    json.resource.aws_sns_topic = { own: { name: "alarms" } };
    const costsOf = () => section(readmeOf("ecs", {}, json), "What costs money");
    expect(costsOf()).toContain("| Alarms of the instances' scaling | each alarm and month |");
    expect(costsOf()).toContain("| Messages |");
    const [provider] = Object.values(json.resource.aws_ecs_capacity_provider) as JsonObject[];
    Object.assign(provider?.auto_scaling_group_provider as object, { managed_scaling: { status: "DISABLED" } });
    expect(costsOf()).not.toContain("Alarms of the instances' scaling");
  });
});

describe("terraform.tfvars.example", () => {
  it("has every variable, with its description and its default", () => {
    const text = tfvarsExample(readStack(stackJson("ecs") as Json, { name: "ecs" }).variables);
    const joined = text.replace(/\n# /g, " ");
    for (const [name, body] of Object.entries(stackJson("ecs").variable as Record<string, JsonObject>)) {
      expect(text).toMatch(new RegExp(`^${name} = `, "m"));
      expect(joined).toContain(body.description);
    }
    expect(text).toContain('\nname = "ecs"\n');
    expect(text).toContain("\ndesired_size = null\n");
    expect(text).toContain('\nhttp_cidrs = ["0.0.0.0/0"]\n');
    expect(text).toContain("# Required. The public key");
    expect(text.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });
});
