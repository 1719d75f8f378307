import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { readme as readmeFrom } from "../../../../cli/handover/readme";
import { tfvarsExample } from "../../../../cli/handover/readme/tfvars-example";
import { type HandoverOptions, readStack } from "../../../../cli/handover/stack";
import type { Json, JsonObject } from "../../../../cli/handover/terraform-json/configuration";
import { planTest } from "../../../../cli/handover/tests/plan-test";
import { Ec2Service, type EcsClusterSettings, LogDriver, Secret } from "../../../../src";
import { clusterStack } from "../../../support/cluster";
import { stackJson } from "../../../support/handover";
import { synthesized } from "../../../support/synthesized";

const section = (readme: string, title: string): string => {
  const [, text] = readme.split(`\n## ${title}\n`);
  if (text === undefined) throw new Error(`There is no section ${title}.`);
  return text.split("\n## ")[0] as string;
};
const rows = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("|"));
/** Returns only the README. */
const readmeOf = (name: string, options: Partial<HandoverOptions> = {}, json = stackJson(name) as Json): string =>
  readmeFrom(readStack(json, { name, ...options }));

/** Returns the JSON of a stack with an agent of the host. */
function hostAgent(): Json {
  const stack = clusterStack();
  new Ec2Service(stack, "agent", {
    cluster: stack,
    daemon: true,
    ...{ networkMode: "host", allowInstanceCredentials: true, pidMode: "host", privileged: true },
    volumes: { docker: { hostPath: "/var/run/docker.sock" } },
    mountPoints: { "/var/run/docker.sock": "docker" },
    portMappings: [
      {
        ...{ containerPort: 8125, protocol: "udp" },
        allowFrom: { instances: true, cidrs: ["10.0.0.0/8"], securityGroups: { vpn: "sg-12345678" } },
      },
    ],
  });
  return synthesized(stack) as Json;
}

describe("the README", () => {
  it("says what the folder creates, and shows the diagrams with their texts", () => {
    const readme = readmeOf("microservices");
    expect(readme).toMatch(
      /^# microservices\n\nThis folder creates an ECS cluster, its EC2 instances, an Application Load Balancer and 4 services in the region's default VPC\. .+ The default region is `ap-northeast-2`\.\n/,
    );
    expect(readme).toContain("(diagram.svg)");
    expect(readme).toContain("Clients (var.http_cidrs) connects to Load balancer (micro-alb): tcp 80");
    expect(readme).toContain("(request-path.svg)");
    expect(readme).toContain("Listener HTTP 80 sends requests to Rule, priority 1 (path /api/users*)");
    expect(readmeOf("ecs")).not.toContain("request-path.svg");
  });

  it("says when scheduled tasks start, how to start one now, and where the runs are that could not start", () => {
    const readme = readmeOf("jobs");
    expect(readme).toContain("an Application Load Balancer, one service and one scheduled task in the region's");
    const text = section(readme, "Tasks outside services");
    expect(rows(text).at(-1)).toBe(
      "| `nightly` | `cron(0 3 * * ? *)`, Asia/Seoul | `nightly_schedule_enabled` | `aws_sqs_queue.nightly_dead_letter_queue` |",
    );
    expect(text).toContain("- `migrate_run_task_command`\n- `nightly_run_task_command`\n");
    expect(text).toContain('eval "$(terraform output -raw migrate_run_task_command)"');
    expect(text).toContain("aws sqs receive-message");
    expect(section(readmeOf("jobs", { module: true }), "Tasks outside services")).not.toContain("terraform output");
    expect(readmeOf("ecs")).not.toContain("## Tasks outside services");
  });

  it("says that a change of a task outside a service has an effect on the next run", () => {
    const text = section(readmeOf("jobs"), "Change the running system");
    expect(text).toContain(
      "| `migrate_cpu`, `migrate_memory_limit_mib`, `nightly_cpu` and `nightly_memory_limit_mib` | The next run of the task uses it.",
    );
    expect(text).toContain("`web_cpu` and `web_memory_limit_mib` | ECS replaces the tasks.");
  });

  it("lists what schedules and their queues cost", () => {
    const text = section(readmeOf("jobs"), "Costs");
    expect(text).toContain("| Runs of schedules | million invocations | `aws_scheduler_schedule.nightly` |");
    expect(text).toContain("| SQS requests | million requests | `aws_sqs_queue.nightly_dead_letter_queue` |");
  });

  it("shows a scheduled task with its time, its instances and its queue", () => {
    const text = section(readmeOf("jobs"), "Architecture");
    for (const used of ["Auto Scaling group (books-instances)", "Dead-letter queue", "Image repository"])
      expect(text).toContain(`nightly (cron(0 3 * * ? *) Asia/Seoul) uses ${used}`);
  });

  it("names the role that Terraform assumes, and the accounts that the stack allows", () => {
    const stack = clusterStack({
      allowedAccountIds: ["111122223333"],
      assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy" },
    });
    const text = section(readmeOf("ecs", {}, synthesized(stack) as Json), "Requirements");
    expect(rows(text)).toEqual(
      expect.arrayContaining([
        "| AWS account | one of `var.allowed_account_ids`. A plan in another account fails. |",
        "| AWS credentials | credentials that can assume the role `var.assume_role_arn`, which has the [permissions](#permissions) below |",
      ]),
    );
    expect(rows(section(readmeOf("ecs"), "Requirements"))).toContain(
      "| AWS credentials | a role with the [permissions](#permissions) below |",
    );
  });

  it("lists the client secrets of listener rules, which the state has", () => {
    const stack = clusterStack({ loadBalancer: { https: true, allowHttpsOutbound: true } });
    const url = "https://id.example.com/x";
    const service = (name: string, clientSecret: Secret) =>
      new Ec2Service(stack, name, {
        ...{ cluster: stack, containerPort: 80, paths: [`/${name}`] },
        authenticateOidc: {
          ...{ authorizationEndpoint: url, tokenEndpoint: url, userInfoEndpoint: url, issuer: url },
          ...{ clientId: "shop", clientSecret },
        },
      });
    const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/oidc-AbCdEf";
    service("shop", Secret.fromSecretsManager(arn));
    service("admin", Secret.fromSsmParameter("/admin/oidc"));
    const readme = readmeOf("ecs", {}, synthesized(stack) as Json);
    const before = section(readme, "Before the first apply");
    expect(before).toContain("and stores them in its state. Give only a few people access to the state.");
    expect(before).toContain(
      `| The secret \`${arn}\` | \`data.aws_secretsmanager_secret_version.shop_rule_client_secret\` |`,
    );
    expect(before).toContain("| The SSM parameter `/admin/oidc` | `data.aws_ssm_parameter.admin_rule_client_secret` |");
    expect(readme).toContain(
      "| `data.aws_ssm_parameter.admin_rule_client_secret` | data source | The client secret of",
    );
  });

  it("says what another domain and another zone do, and which hosted zone the deploy policy needs", () => {
    const readme = readmeOf("domain");
    expect(rows(section(readme, "Change the running system"))).toEqual(
      expect.arrayContaining([
        "| `zone_name` | Terraform deletes the DNS records, and creates them in the other hosted zone. Clients find no address until DNS servers have the new records. |",
        "| `alternative_domain_names` and `domain_name` | ACM issues another certificate, and the listener uses it after its validation. Names that are no longer in it stop working. |",
      ]),
    );
    expect(rows(section(readme, "Permissions"))).toContain(
      "| `ZONE_ID` | the id of the hosted zone `zone_name`, which `aws route53 list-hosted-zones-by-name --query HostedZones[].[Name,Id]` shows after `/hostedzone/` |",
    );
  });

  it("names the load balancer of each open port, if there are several", () => {
    const text = section(readmeOf("two-load-balancers"), "Open ports");
    expect(text).toContain("| Another load balancer of the ECS cluster (shop-internal-int) | tcp 80 |");
    expect(text).toContain("| The load balancer of the ECS cluster (shop-alb) | tcp 80 |");
    expect(section(readmeOf("ecs"), "Open ports")).toContain("| The load balancer of the ECS cluster | tcp 80 |");
  });

  it("lists the secrets that must exist, if there are any", () => {
    const stack = clusterStack({ agent: { logDrivers: ["splunk"] } });
    const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
    new Ec2Service(stack, "web", {
      cluster: stack,
      image: "registry.example.com/web:1",
      repositoryCredentials: Secret.fromSecretsManager(secret.replace("db", "registry")),
      secrets: {
        PASSWORD: Secret.fromSecretsManager(secret, { jsonKey: "password" }),
        URL: Secret.fromSsmParameter("/prod/url"),
      },
      logging: LogDriver.splunk({ secretToken: Secret.fromSsmParameter("/prod/splunk"), url: "https://splunk" }),
    });
    const readme = readmeOf("ecs", {}, synthesized(stack) as Json);
    const task = "`aws_ecs_task_definition.web_task_definition`";
    const describe = (arn: string) =>
      `aws secretsmanager describe-secret --secret-id ${arn} --query 'ARN' --output text`;
    const registry = secret.replace("db", "registry");
    expect(rows(section(readme, "Before the first apply"))).toEqual(
      expect.arrayContaining([
        `| The secret \`${secret}\` | ${task} | \`${describe(secret)}\` |`,
        `| The secret \`${registry}\` | ${task} | \`${describe(registry)}\` |`,
        ...["/prod/url", "/prod/splunk"].map(
          (name) =>
            `| The SSM parameter \`${name}\` | ${task} | \`aws ssm get-parameter --name ${name} --query 'Parameter.ARN' --output text\` |`,
        ),
      ]),
    );
  });

  it("lists the tasks without a public address, if there are any", () => {
    const stack = clusterStack();
    new Ec2Service(stack, "web", { cluster: stack, networkMode: "awsvpc" });
    new Ec2Service(stack, "api", { cluster: stack });
    const text = section(readmeOf("ecs", {}, synthesized(stack) as Json), "Tasks without a public address");
    expect(text).toContain("The tasks of this task definition have a network interface");
    expect(text.split("\n").filter((line) => line.startsWith("-"))).toEqual([
      "- `aws_ecs_task_definition.web_task_definition`",
    ]);
    expect(readmeOf("microservices")).not.toContain("## Tasks without a public address");
  });

  it("has a secret that the stack creates", () => {
    const stack = clusterStack();
    const secret = new SecretsmanagerSecret(stack, "db", { name: "prod/db" });
    const secrets = { URL: Secret.fromSecretsManager(secret, { redeployOnChange: true }) };
    new Ec2Service(stack, "web", { cluster: stack, secrets });
    const readme = readmeOf("ecs", {}, synthesized(stack) as Json);
    const [, services = ""] = readme.split("### Services");
    expect(services).toContain("| `aws_secretsmanager_secret.db` | resource | A secret in Secrets Manager |");
    expect(section(readme, "Costs")).toContain("| Secrets | secret and month | `aws_secretsmanager_secret.db` |");
  });

  it("lists the files in S3 that must exist", () => {
    const stack = clusterStack();
    new Ec2Service(stack, "web", {
      cluster: stack,
      environmentFiles: ["arn:aws:s3:::files/web.env"],
      logging: LogDriver.fireLens(),
      logRouter: { configFileType: "s3", configFileValue: "arn:aws:s3:::files/router.conf" },
    });
    const task = "`aws_ecs_task_definition.web_task_definition`";
    expect(rows(section(readmeOf("ecs", {}, synthesized(stack) as Json), "Before the first apply"))).toEqual(
      expect.arrayContaining([
        `| The object \`files/web.env\` | ${task} | \`aws s3api head-object --bucket files --key web.env\` |`,
        `| The object \`files/router.conf\` | ${task} | \`aws s3api head-object --bucket files --key router.conf\` |`,
      ]),
    );
  });

  it("lists tasks with more rights than others, and the networks of fixed ports", () => {
    const readme = readmeOf("ecs", {}, hostAgent());
    expect(rows(section(readme, "Tasks with more rights than others")).slice(2)).toEqual([
      "| `aws_ecs_task_definition.agent_task_definition` | host network: all ports of the instance, and the credentials of the instance role; host PID: all processes of the instance; privileged: everything on the instance; `docker.sock`: all containers of the instance |",
    ]);
    expect(readmeOf("ecs")).not.toContain("more rights");
    const ports = rows(section(readme, "Open ports")).filter((row) => row.includes("udp 8125"));
    expect(ports.map((row) => row.split(" | ")[0])).toEqual([
      "| security group sg-12345678",
      "| 10.0.0.0/8",
      "| The ECS container instances",
    ]);
  });

  it("says that new versions of a daemon have a gap", () => {
    const text = section(readmeOf("ecs", {}, hostAgent()), "Change the running system");
    expect(text).toContain(
      "| `agent_image`, `agent_cpu` and `agent_memory_limit_mib` | ECS replaces the tasks. Old tasks can stop before new ones start, so there is a gap on each instance. |",
    );
    expect(text).not.toContain("New tasks start before old ones stop.");
  });

  it("shows a daemon with fixed ports in the diagram", () => {
    const text = section(readmeOf("ecs", {}, hostAgent()), "Architecture").split("\n");
    expect(text.filter((line) => line.includes("agent"))).toEqual([
      "Security group (sg-12345678) connects to agent (one task on each instance): udp 8125",
      "Networks (10.0.0.0/8) connects to agent (one task on each instance): udp 8125",
      "agent (one task on each instance) uses Auto Scaling group (ecs-instances)",
      "Auto Scaling group (ecs-instances) connects to agent (one task on each instance): udp 8125",
    ]);
  });

  it("says what looks up the image of the log router", () => {
    expect(readmeOf("log-router")).toContain("The image of the log router");
    expect(readmeOf("ecs")).not.toContain("log router");
  });

  it("has the commands first, and then the reference", () => {
    const readme = readmeOf("microservices");
    expect([...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
      ...[
        "Requirements",
        "Before the first apply",
        "Plan and apply",
        "State",
        "Deploy a new image",
        "Update the AMI",
        "Update the provider",
      ],
      ...[
        "Change the running system",
        "Destroy",
        "Test without an AWS account",
        "If a service does not run",
        "If there is no capacity",
        "If an instance does not join the cluster",
        "If an apply fails",
        "Architecture",
        "Variables",
      ],
      ...["Outputs", "Resources", "Open ports", "Costs", "Permissions"],
    ]);
  });

  it("has a command that works before a domain refers to the load balancer, with HTTP and with HTTPS", () => {
    const plain = stackJson("ecs") as Json;
    expect(section(readmeOf("ecs", {}, plain), "Plan and apply")).toContain(
      '\ncurl -i "$(terraform output -raw url)"\n',
    );
    const https = JSON.parse(JSON.stringify(plain).replaceAll('"protocol":"HTTP"', '"protocol":"HTTPS"'));
    const text = section(readmeOf("ecs", {}, https), "Plan and apply");
    expect(text).toContain('\ncurl -ik "$(terraform output -raw url)"\n');
    expect(text).toContain("`-k` accepts the certificate, which is for your domain");
  });

  it("says how to destroy a stack with protected resources", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs"))) as { resource: Record<string, JsonObject> };
    const { resource } = json;
    const protect = (type: string, name: string) => {
      resource[type] = { [name]: { ...(resource[type]?.[name] as JsonObject), lifecycle: { prevent_destroy: true } } };
    };
    expect(section(readmeOf("ecs", {}, json as Json), "Destroy")).not.toContain("override.tf.json");
    protect("aws_lb", "load_balancer");
    protect("aws_efs_file_system", "files");
    const text = section(readmeOf("ecs", {}, json as Json), "Destroy");
    const [, override = "{}"] =
      /write this to `override\.tf\.json` in this folder:\n\n```json\n(.*?)\n```/s.exec(text) ?? [];
    expect(JSON.parse(override)).toEqual({
      resource: {
        aws_lb: { load_balancer: { enable_deletion_protection: false, lifecycle: { prevent_destroy: false } } },
      },
    });
    expect(text).toContain("Terraform never destroys `aws_efs_file_system.files`");
    expect(text).toContain("\nterraform state rm aws_efs_file_system.files\n");
    const module = section(readmeOf("ecs", { module: true }, json as Json), "Destroy");
    expect(module).toContain("in the folder of the module:");
    expect(module).toContain("\nterraform state rm module.MODULE.aws_efs_file_system.files\n");
  });

  it("says for which services an apply waits until the deployment ends", () => {
    const json = stackJson("microservices") as Json;
    const text = section(readmeOf("microservices", {}, json), "Plan and apply");
    expect(text).toContain("`terraform apply` waits for the deployments of `posts`, `threads`, `users` and `worker`.");
    expect(text).not.toContain("does not wait");
    expect(text).toContain(
      'aws ecs describe-services --cluster "$(terraform output -raw cluster_name)" --services posts threads users worker --output table',
    );
    const services = (json as { resource: JsonObject }).resource.aws_ecs_service as Record<string, JsonObject>;
    const [name] = Object.keys(services) as [string];
    const other = JSON.parse(JSON.stringify(json)) as typeof json;
    Object.assign((other as { resource: { aws_ecs_service: Record<string, JsonObject> } }).resource.aws_ecs_service, {
      [name]: { ...services[name], wait_for_steady_state: false },
    });
    expect(section(readmeOf("microservices", {}, other), "Plan and apply")).toContain(
      `\`terraform apply\` does not wait for \`${name}\`. It succeeds, and the deployment can fail or be rolled back afterwards.`,
    );
  });

  it("says how to point a domain name at the load balancer, unless Terraform creates the records", () => {
    const steps = "To point a domain name at the load balancer, create an alias record in Route 53.";
    const text = section(readmeOf("microservices"), "Plan and apply");
    expect(text).toContain(steps);
    expect(text).toContain(
      "AliasTarget={DNSName=$(terraform output -raw load_balancer_dns_name),HostedZoneId=$(terraform",
    );
    const network = section(readmeOf("network-load-balancer"), "Plan and apply");
    expect(network).toContain("The other load balancers have outputs of their own: `edge_load_balancer_dns_name`.");
    expect(network).toContain("use the fixed addresses: `edge_addresses`.");
    const domain = section(readmeOf("domain"), "Plan and apply");
    expect(domain).not.toContain(steps);
    expect(domain).toContain(
      "Terraform creates the records of the domain: `aws_route53_record.load_balancer_ipv4_record`.",
    );
    expect(section(readmeOf("service-stack"), "Plan and apply")).not.toContain(steps);
  });

  it("says not to change the region of a service's stack", () => {
    const row = (name: string) =>
      rows(section(readmeOf(name), "Change the running system")).find((one) => one.includes("`region`"));
    expect(row("service-stack")).toBe("| `region` | Do not change it. Another region needs its own state. |");
  });

  it("says what a change of each variable does, and how to list what a plan deletes", () => {
    const text = section(readmeOf("microservices"), "Change the running system");
    expect(text).toContain("\nterraform plan -out=plan.tfplan\nterraform show -no-color plan.tfplan | grep -E ");
    expect(rows(text).slice(2)).toEqual([
      "| `name` | Terraform replaces everything. The system is down until the new cluster runs, and the load balancer gets another DNS name. Log groups are deleted. |",
      "| `region` | The plan fails for another region, which needs its own state. |",
      "| `ssh_public_key`, `ami_version`, `instance_types`, `root_volume_gib` and `tags` | Auto Scaling replaces all instances, a few at a time, after the apply. ECS moves the tasks first. |",
      "| `posts_image`, `threads_image`, `users_image`, `worker_image`, `posts_cpu`, `posts_memory_limit_mib`, `threads_cpu`, `threads_memory_limit_mib`, `users_cpu`, `users_memory_limit_mib`, `worker_cpu` and `worker_memory_limit_mib` | ECS replaces the tasks. New tasks start before old ones stop. |",
      "| `http_cidrs`, `log_retention_days`, `max_size`, `min_size`, `posts_desired_count`, `posts_log_retention_days`, `ssh_cidrs`, `threads_desired_count`, `threads_log_retention_days`, `users_desired_count`, `users_log_retention_days`, `worker_desired_count` and `worker_log_retention_days` | Terraform updates it in place. Nothing is interrupted. |",
      "| `desired_size` | Nothing changes. It is used only when the Auto Scaling group is created. |",
    ]);
  });

  it("has the steps for another name and another VPC, and the command that watches the instances", () => {
    const steps = (name: string, options = {}) => section(readmeOf(name, options), "Change the running system");
    const watch = (group: string) =>
      `\naws autoscaling describe-instance-refreshes --auto-scaling-group-name ${group} --max-records 1\n`;
    expect(steps("ecs")).toContain(
      "Before you change `name`, destroy the services of other states that use this cluster.",
    );
    expect(steps("ecs")).toContain(watch('"$(terraform output -raw autoscaling_group_name)"'));
    expect(steps("ecs", { module: true })).toContain(watch("GROUP"));
    expect(steps("ecs")).not.toContain("To leave the VPC");
    expect(steps("hardened")).toContain(
      "To leave the VPC without a gap, apply a copy of this folder that has its own state, with",
    );
    expect(steps("service-stack")).not.toContain("Before you change `name`");
  });

  it("does not say that another name deletes log groups that stay in AWS", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    for (const group of Object.values<JsonObject>(json.resource.aws_cloudwatch_log_group)) {
      Object.assign(group, { skip_destroy: true });
    }
    const text = section(readmeOf("ecs", {}, json), "Change the running system");
    expect(text).toContain("Terraform replaces everything.");
    expect(text).not.toContain("Log groups are deleted.");
  });

  it("says that another name deletes queues, and resets the parameters with images", () => {
    const stack = clusterStack({ capacityGuards: false });
    const scaling = { minCapacity: 0, maxCapacity: 3, queue: {} };
    new Ec2Service(stack, "jobs", { cluster: stack, imageParameter: true, scaling });
    const text = section(readmeOf("ecs", {}, synthesized(stack) as Json), "Change the running system");
    expect(rows(text)[2]).toMatch(
      / Log groups are deleted\. Queues are deleted with their messages\. Parameters with images get their first values again: /,
    );
  });

  it("says what another VPC and another cluster do", () => {
    const rowsOf = (name: string) => rows(section(readmeOf(name), "Change the running system"));
    expect(rowsOf("hardened")).toContain(
      "| `vpc_id` | The plan fails for another VPC, because AWS cannot move a load balancer. |",
    );
    expect(rowsOf("existing-vpc")).toContainEqual(expect.stringMatching(/^\| `vpc_id` \| Auto Scaling replaces all/));
    expect(rowsOf("service-stack")).toContainEqual(
      expect.stringMatching(/^\| `cluster_name` \| .* on the other cluster/),
    );
  });

  it("says that running instances stay as they are without an instance refresh", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    delete json.resource.aws_autoscaling_group.capacity.instance_refresh;
    const text = section(readmeOf("ecs", {}, json), "Change the running system");
    expect(text).toContain("Running instances stay as they are. Instances that start later have the new value.");
    expect(text).toContain("Everything in this list is deleted.");
  });

  it.each(["ecs", "microservices"])("has all variables, outputs and addresses of %s", (name) => {
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
    const resources = rows(section(readme, "Resources"));
    for (const [kind, prefix] of [
      ["resource", ""],
      ["data", "data."],
    ] as const) {
      for (const [type, byName] of Object.entries(stack[kind] as Record<string, JsonObject>)) {
        for (const own of Object.keys(byName)) {
          expect(resources.filter((row) => row.startsWith(`| \`${prefix}${type}.${own}\` |`))).toHaveLength(1);
        }
      }
    }
    for (const row of resources.filter((line) => line.includes("aws_"))) expect(row).toMatch(/ \| \S.* \|$/);
  });

  it("has the rules of variables, from the messages that Terraform prints", () => {
    const variables = section(readmeOf("ecs"), "Variables");
    expect(variables).toContain("Must be 3 to 24 characters long. Must contain only letters, digits and hyphens");
    expect(variables).toContain("Must not be the whole internet.");
    expect(variables).toContain(
      "| Must not be a private key. Must be one line of OpenSSH text, ssh-ed25519 or ssh-rsa. |",
    );
    expect(variables).not.toContain("received");
    expect(variables).not.toContain("${");
    expect(variables).toContain("Must be instance types that EC2 offers in var.region.");
    expect(variables).toContain("Must be of the instances' architecture. |");
  });

  it("has all open ports, with source and destination", () => {
    expect(
      rows(section(readmeOf("ecs"), "Open ports"))
        .slice(2)
        .map((row) => row.split(" | ").slice(0, 3)),
    ).toEqual([
      ["| networks in var.http_cidrs (default: 0.0.0.0/0)", "The load balancer of the ECS cluster", "tcp 80"],
      ["| networks in var.ssh_cidrs (default: none)", "The ECS container instances", "tcp 22"],
      ["| The load balancer of the ECS cluster", "The ECS container instances", "tcp 31000-61000"],
      ["| The ECS container instances", "anywhere (IPv4)", "all traffic"],
      ["| The ECS container instances", "anywhere (IPv6)", "all traffic"],
      ["| The load balancer of the ECS cluster", "The ECS container instances", "tcp 31000-61000"],
    ]);
  });

  it("has the role and the log group of a service in the section of services", () => {
    const readme = section(readmeOf("microservices"), "Resources");
    const [, services = ""] = readme.split("### Services");
    expect(services).toContain("aws_iam_role.users_");
    expect(services).toContain("aws_cloudwatch_log_group.users_");
    const [, access = ""] = readme.split("### Instance role and key pair");
    expect(access.split("###")[0]).toContain("`aws_iam_role.instance_role`");
  });

  it("has the alarm of a step scaling policy in the section of services", () => {
    const stack = clusterStack({ alarms: true });
    const metric = { namespace: "Shop", metricName: "Waiting" };
    const first = { metric, threshold: 1, stepAdjustments: [{ scalingAdjustment: 1 }] };
    new Ec2Service(stack, "jobs", { cluster: stack, scaling: { maxCapacity: 2, stepScaling: { first } } });
    const readme = section(readmeOf("ecs", {}, synthesized(stack) as Json), "Resources");
    const [, services = ""] = readme.split("### Services");
    expect(services.split("###")[0]).toContain("`aws_cloudwatch_metric_alarm.jobs_scaling_step_first_alarm`");
    expect(services.split("###")[0]).not.toContain("aws_cloudwatch_metric_alarm.alarms");
  });

  it("has the costs of the resources in the stack, with their units", () => {
    const costs = section(readmeOf("ecs"), "Costs");
    for (const unit of [
      "| instance and second",
      "| GiB and month",
      "| hour, and capacity unit",
      "| address and hour",
      "| GB ingested",
    ]) {
      expect(costs).toContain(unit);
    }
    expect(costs).not.toContain("KMS");
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    json.resource.aws_ecs_cluster.cluster.setting = [{ name: "containerInsights", value: "disabled" }];
    const without = readmeOf("ecs", {}, json);
    expect([costs.includes("Container Insights"), without.includes("| Container Insights |")]).toEqual([true, false]);
  });

  it("has the cost of public addresses only for an internet-facing load balancer", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    const item = "| Public IPv4 addresses of the load balancer |";
    expect(readmeOf("ecs", {}, json)).toContain(item);
    json.resource.aws_lb.load_balancer.internal = true;
    expect(readmeOf("ecs", {}, json)).not.toContain(item);
  });

  it("names Network Load Balancers, and has the cost of their addresses", () => {
    const [owned, managed] = [{}, { staticAddresses: "managed" }] as const;
    const text = (networkLoadBalancers: NonNullable<EcsClusterSettings["networkLoadBalancers"]>): string => {
      const stack = clusterStack({ loadBalancer: { internal: true }, networkLoadBalancers });
      return readmeOf("ecs", {}, synthesized(stack) as Json);
    };
    const items = ["| Public IPv4 addresses of the load balancer |", "| Elastic IP addresses |"];
    const costs = (readme: string) => items.map((item) => readme.includes(item));
    const [one, two] = [text({ edge: managed }), text({ edge: managed, dns: owned })];
    expect([one, two].map((readme) => /and (a|\d) Network Load Balancers? in/.exec(readme)?.[1])).toEqual(["a", "2"]);
    expect([costs(one), costs(two), costs(text({ dns: owned }))]).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ]);
  });

  it("explains each placeholder of the deploy policy", () => {
    const permissions = section(readmeOf("ecs"), "Permissions");
    for (const placeholder of ["PARTITION", "ACCOUNT_ID", "REGION", "NAME"])
      expect(permissions).toContain(`| \`${placeholder}\` |`);
    expect(permissions).toContain("the value of the variable `name`");
    expect(permissions).toContain("for file in deploy-policy.json deploy-policy-2.json; do");
    expect(section(readmeOf("constructs"), "Permissions")).toContain("| `REGION` | the region of the stack |");
    const repository = section(readmeOf("shared-image"), "Permissions");
    expect(repository).toContain("| `LOWERCASE_NAME` | the value of the variable `name` in lower case |");
    // The longer placeholder is replaced first.
    expect(repository).toContain("sed -e 's|LOWERCASE_NAME|…|g'");
  });

  it("names the policies after the cluster, the service stack and the region, and has the policy of a plan", () => {
    const permissions = (name: string) => section(readmeOf(name), "Permissions");
    expect(permissions("ecs")).toContain('policy=$(echo "NAME-REGION-${file%.json}" | fill)');
    expect(permissions("service-stack")).toContain(
      'policy=$(echo "CLUSTER_NAME-service-stack-REGION-${file%.json}" | fill)',
    );
    expect(permissions("constructs")).toContain('policy=$(echo "constructs-REGION-${file%.json}" | fill)');
    expect(permissions("ecs")).toContain("A role that only plans needs only `plan-policy.json`.");
  });

  it("says that roles are a way to all permissions, and what a permissions boundary closes", () => {
    const of = (json: Json) => section(readmeOf("ecs", {}, json), "Permissions");
    const open = "**A deployer can get all permissions of the account.**";
    expect(section(readmeOf("ecs"), "Permissions")).toContain(open);
    expect(section(readmeOf("existing-cluster"), "Permissions")).not.toContain(open);
    const json = (boundary: string): Json => ({
      resource: {
        aws_iam_policy: { own: { name: "own" } },
        aws_iam_role: { web: { name: "web", permissions_boundary: boundary } },
      },
    });
    const closed = of(json("arn:aws:iam::111122223333:policy/team"));
    expect(closed).not.toContain(open);
    expect(closed).toContain("denies removing it. It also denies changing the boundary.");
    expect(closed).toContain("| `KeepBoundary`, which denies |");
    expect(of(json("${aws_iam_policy.own.arn}"))).toContain(
      "**The boundary is a policy of this stack, so a deployer can change it**",
    );
  });

  it("has the log messages of an agent that cannot register, and the command that shows the log", () => {
    const text = section(readmeOf("ecs"), "If an instance does not join the cluster");
    for (const part of [
      "AccessDeniedException",
      "AmazonEC2ContainerServiceforEC2Role",
      "terraform output -raw agent_log_command",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("mentions images only if the stack has services", () => {
    expect(readmeOf("ecs")).not.toContain("## Deploy a new image");
    expect(section(readmeOf("microservices"), "Deploy a new image")).toContain(
      "To deploy one service, change its line, for example `posts_image`, and apply.",
    );
    expect(section(readmeOf("microservices", { module: true }), "Deploy a new image")).toContain(
      "Change the image variable of the service, for example `posts_image`, in the `module` block, and apply.",
    );
  });

  it("says how to deploy services whose image is a parameter, or that a pipeline deploys", () => {
    const stack = clusterStack({ keyPair: "none" });
    new Ec2Service(stack, "users", { cluster: stack, memoryLimitMiB: 128, imageParameter: true });
    new Ec2Service(stack, "posts", {
      cluster: stack,
      memoryLimitMiB: 128,
      image: "posts:1",
      externalDeployments: true,
    });
    const text = section(readmeOf("ecs", {}, synthesized(stack) as Json), "Deploy a new image");
    expect(text).toContain("has only the tag: `users_image_parameter`.");
    expect(text).toContain(
      'aws ssm put-parameter --name "$(terraform output -raw users_image_parameter)" --value IMAGE --overwrite',
    );
    expect(text).toContain("from the output: `posts_task_definition_to_deploy`.");
  });

  it("offers the tag of a service with a repository of its own, and says what its image is for", () => {
    const text = section(readmeOf("hardened"), "Deploy a new image");
    expect(text).toContain('```json\n{\n  "web_image_tag": "1.0.0"\n}\n```');
    expect(text).toContain("`web_image` is for an image of another repository.");
    expect(section(readmeOf("microservices"), "Deploy a new image")).not.toContain("another repository");
  });

  it("leaves out the variables file of a stack without variables", () => {
    expect(readmeOf("constructs")).not.toContain("terraform.tfvars");
    expect(readmeOf("ecs")).toContain("cp terraform.tfvars.example terraform.tfvars");
  });

  it("has the region in the code of a stack without a variable for it", () => {
    const readme = readmeOf("existing-cluster");
    expect(readme).toContain("The region is `eu-west-1`.");
    expect(readme).toContain("export AWS_REGION=eu-west-1\n");
  });

  it("does not offer the image variable of a service that a pipeline deploys, and says what a change of it does", () => {
    const stack = clusterStack({ keyPair: "none" });
    new Ec2Service(stack, "posts", { cluster: stack, image: "posts:1", externalDeployments: true });
    new Ec2Service(stack, "users", { cluster: stack, image: "users:1" });
    const readme = readmeOf("ecs", {}, synthesized(stack) as Json);
    const text = section(readme, "Deploy a new image");
    expect(text).toContain("change its line, for example `users_image`, and apply.");
    expect(text).not.toContain("`posts_image`");
    expect(rows(section(readme, "Change the running system"))).toContain(
      "| `posts_cpu`, `posts_image` and `posts_memory_limit_mib` | Terraform registers another revision. The tasks change when your pipeline deploys it. |",
    );
  });

  it("names the deployment strategy of each service that has one, and how to roll back", () => {
    const text = section(readmeOf("blue-green"), "Deploy a new image");
    expect(text).toContain("another deployment strategy: `orders` (blue/green) and `search` (canary).");
    expect(text).toContain(
      "aws ecs stop-service-deployment --stop-type ROLLBACK --service-deployment-arn DEPLOYMENT_ARN",
    );
    expect(section(readmeOf("microservices"), "Deploy a new image")).not.toContain("strategy");
  });

  it("shows how to use a module, with its required variables, and has no variables file in a module", () => {
    const readme = readmeOf("ecs", { module: true });
    expect(section(readme, "Use the module")).toContain("  ssh_public_key = var.ssh_public_key");
    expect(readme).not.toContain("cp terraform.tfvars.example");
  });

  it("does not use terraform output in a module, because only root modules print outputs", () => {
    const readme = readmeOf("microservices", { module: true });
    expect(readme).not.toContain("terraform output");
    expect(section(readme, "If an instance does not join the cluster")).toContain("--cluster CLUSTER");
    expect(section(readme, "Update the AMI")).toContain("--auto-scaling-group-name GROUP");
    expect(section(readme, "Use the module")).toContain("The module sets its tags itself, `tags` too");
    expect(section(readme, "Use the module")).not.toContain("default_tags");
    expect(section(readme, "Use the module")).toContain(
      '\n  name   = "shop"\n\n  posts_image    = var.posts_image\n  ssh_public_key = var.ssh_public_key\n',
    );
  });

  it("has the requirements of the aws commands, and sets their region", () => {
    const requirements = section(readmeOf("ecs"), "Requirements");
    expect(requirements).toContain("export AWS_REGION=ap-northeast-2\n");
    expect(requirements).toContain("Session Manager plugin");
  });

  it("does not print lists with -raw, which Terraform rejects", () => {
    expect(section(readmeOf("ecs"), "Outputs")).toContain("Print an output with `terraform output NAME`.");
  });

  it("has the costs of managed scaling only if it is enabled", () => {
    const json = JSON.parse(JSON.stringify(stackJson("ecs")));
    json.resource.aws_sns_topic = { own: { name: "alarms" } };
    const costsOf = () => section(readmeOf("ecs", {}, json), "Costs");
    expect(costsOf()).toContain("| Alarms of managed scaling | alarm and month |");
    expect(costsOf()).toContain("| SNS messages |");
    const [provider] = Object.values(json.resource.aws_ecs_capacity_provider) as JsonObject[];
    Object.assign(provider?.auto_scaling_group_provider as object, { managed_scaling: { status: "DISABLED" } });
    expect(costsOf()).not.toContain("Alarms of managed scaling");
  });
});

describe("terraform.tfvars.example", () => {
  it("has all variables, with their descriptions and defaults", () => {
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
    const hardened = tfvarsExample(readStack(stackJson("hardened") as Json, { name: "hardened" }).variables);
    expect(hardened).toContain("\nprivate_subnet_ids = [] # required\n");
    expect(hardened).toContain('\ncertificate_arn = "" # required\n');
    expect(text.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  it("says how to update the provider, in a folder and in a module", () => {
    const provider = (options: Partial<HandoverOptions>) => section(readmeOf("ecs", options), "Update the provider");
    expect(provider({ hcl: true })).toContain("`versions.tf` names the version `6.25.0`");
    expect(provider({})).toMatch(/`versions.tf.json` names .*# versions_override\.tf/s);
    const module = provider({ module: true });
    expect(module).toContain("`versions.tf.json` accepts the versions `>= 6.25.0, < 7.0.0`.");
    expect(module).not.toContain("versions_override");
    expect(module).toContain("Before you use version 7, read its upgrade guide");
  });

  it.each(["ecs", "service-stack", "gpu"])("lists exactly the runs of the Terraform test of %s", (name) => {
    const test = planTest(readStack(stackJson(name) as Json, { name }));
    const runs = [...test.matchAll(/^run "(\w+)"/gm)].map(([, run]) => run);
    expect(runs.length).toBeGreaterThan(4);
    const listed = rows(section(readmeOf(name), "Test without an AWS account")).slice(2);
    expect(listed.map((row) => /^\| `(\w+)` \| \w.* \|$/.exec(row)?.[1])).toEqual(runs);
  });
});
