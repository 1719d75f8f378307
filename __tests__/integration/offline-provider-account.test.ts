import {
  type Configuration,
  type PlanJson,
  type State,
  Terraform,
  type TerraformResult,
} from "../../cli/offline-provider";
import { Ec2Service, EcsServiceStack } from "../../src";
import { clusterConfiguration, unwrapped } from "../support/cluster";
import { exampleValues } from "../support/examples";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

const TRUST = '{"Statement":[]}';
const container = (more: object = {}) => JSON.stringify([{ name: "web", image: "web:1", memory: 128, ...more }]);

/** Returns a service whose tasks have a role or none. */
function withRole(hasRole: boolean, wait_for_steady_state: boolean): Configuration {
  const task = { family: "web", container_definitions: container() };
  return {
    resource: {
      aws_ecs_cluster: { ecs: { name: "ecs" } },
      ...(hasRole && { aws_iam_role: { task: { name: "task", assume_role_policy: TRUST } } }),
      aws_ecs_task_definition: { web: { ...task, ...(hasRole && { task_role_arn: "${aws_iam_role.task.arn}" }) } },
      aws_ecs_service: {
        web: {
          ...{ name: "web", cluster: "${aws_ecs_cluster.ecs.arn}", wait_for_steady_state },
          task_definition: "${aws_ecs_task_definition.web.arn}",
        },
      },
    },
  };
}

/** Returns two rules of one listener. */
function withPriorities(one: number, other: number): Configuration {
  const rule = (priority: number) => ({
    ...{ listener_arn: "${aws_lb_listener.http.arn}", priority },
    action: [{ type: "fixed-response", fixed_response: [{ content_type: "text/plain", status_code: "200" }] }],
    condition: [{ path_pattern: [{ values: ["/*"] }] }],
  });
  return {
    resource: {
      aws_lb: { alb: { name: "alb", subnets: ["subnet-1"] } },
      aws_lb_listener: {
        http: { load_balancer_arn: "${aws_lb.alb.arn}", port: 80, default_action: [{ type: "fixed-response" }] },
      },
      aws_lb_listener_rule: { one: rule(one), other: rule(other) },
    },
  };
}

describeTerraform("the emulated account, with real Terraform", (lab) => {
  const open = (configuration: Configuration) => lab.terraform({ configuration });
  const succeeds = (result: TerraformResult) => expect([result.status, result.stderr]).toEqual([0, ""]);

  it("keeps what another client writes, and rejects a parameter whose name exists", async () => {
    const parameter = (value: string) => ({ name: "/a", type: "String", insecure_value: value });
    const lifecycle = { ignore_changes: ["insecure_value"] };
    const terraform = await open({ resource: { aws_ssm_parameter: { a: { ...parameter("1"), lifecycle } } } });
    succeeds(await terraform.apply());
    await terraform.session.change("aws_ssm_parameter", "/a", { insecure_value: "2" });
    expect((await terraform.plan()).status).toBe(0);
    const { history, resources } = await terraform.session.account();
    expect(history.map(({ operation }) => operation)).toEqual(["create", "change"]);
    expect(resources.map(({ values }) => values.insecure_value)).toEqual(["2"]);
    terraform.configure({ resource: { aws_ssm_parameter: { a: parameter("1"), b: parameter("1") } } });
    const { status, stderr } = await terraform.apply();
    expect([status, unwrapped(stderr)]).toEqual([1, expect.stringContaining("ParameterAlreadyExists")]);
    await expect(terraform.session.change("aws_ssm_parameter", "/b", {})).rejects.toThrow(
      "The account has no aws_ssm_parameter with the id /b.",
    );
  });

  it("shows that running tasks lose their role, because ECS updates a service after the apply", async () => {
    const terraform = await open(withRole(true, false));
    succeeds(await terraform.apply());
    terraform.configure(withRole(false, false));
    succeeds(await terraform.apply());
    const { history } = await terraform.session.account();
    expect(history.find(({ stillUsedBy }) => stillUsedBy)).toEqual({
      ...{ operation: "delete", type: "aws_iam_role", name: "task", id: "task" },
      stillUsedBy: ["aws_ecs_service web"],
    });
    // The deployment ends before the next command.
    expect(history.filter(({ operation }) => operation === "settle")).toEqual([]);
    expect(await terraform.plan()).toMatchObject({ status: 0 });
    expect((await terraform.session.account()).history.at(-1)).toMatchObject({ operation: "settle", name: "web" });
  });

  it("ends deployments when a test settles the account", async () => {
    const terraform = await open(withRole(true, false));
    succeeds(await terraform.apply());
    terraform.configure(withRole(false, false));
    succeeds(await terraform.apply());
    await terraform.session.settle();
    const { resources } = await terraform.session.account();
    expect(resources.map(({ type, held }) => [type, held])).toEqual(
      [
        ["aws_ecs_cluster", []],
        ["aws_ecs_task_definition", []],
        ["aws_ecs_service", []],
      ].sort(),
    );
  });

  it("rejects two rules that exchange priorities, again on a second apply, and keeps the rules", async () => {
    const terraform = await open(withPriorities(1, 2));
    succeeds(await terraform.apply());
    terraform.configure(withPriorities(2, 1));
    for (const _ of ["first", "second"]) {
      const { status, stderr } = await terraform.apply();
      expect(unwrapped(stderr)).toContain("PriorityInUse: Priority '2' is currently in use");
      expect(unwrapped(stderr)).toContain("PriorityInUse: Priority '1' is currently in use");
      expect(status).toBe(1);
    }
    terraform.configure(withPriorities(1, 2));
    expect((await terraform.plan()).stdout).toContain("No changes.");
  });

  it("is one account for two states, and one can adopt and delete the cluster of the other", async () => {
    const configuration = { resource: { aws_ecs_cluster: { ecs: { name: "ecs" } } } };
    const first = await open(configuration);
    succeeds(await first.apply());
    const second = new Terraform({ env: first.session.env, configuration, within: lab.provider().folder });
    succeeds(await second.apply());
    expect(await second.plan()).toMatchObject({ status: 0 });
    succeeds(await second.destroy());
    expect((await first.plan()).stdout).toContain("Plan: 1 to add, 0 to change, 0 to destroy.");
    second.remove();
  });

  it("fails at plan for a value of the wrong type in container definitions, with the AWS provider's error", async () => {
    const environment = [{ name: "PORT", value: "${var.port}" }];
    const terraform = await open({
      variable: { port: { type: "number", default: 80 } },
      resource: {
        aws_ecs_task_definition: {
          web: {
            family: "web",
            container_definitions: `\${jsonencode(${JSON.stringify([{ name: "web", environment }]).replace('"${var.port}"', "var.port")})}`,
          },
        },
      },
    });
    const { status, stderr } = await terraform.plan();
    expect(unwrapped(stderr)).toContain(
      "ECS Task Definition container_definitions is invalid: decoding JSON: json: cannot unmarshal number into Go struct " +
        "field KeyValuePair.Environment.Value of type string",
    );
    expect(status).toBe(1);
  });

  it("fails at apply for a value of the wrong type that is unknown at plan", async () => {
    const terraform = await open({
      resource: {
        aws_launch_template: { x: { name: "x" } },
        aws_ecs_task_definition: {
          web: {
            family: "web",
            container_definitions: "${jsonencode([{ name = aws_launch_template.x.latest_version }])}",
          },
        },
      },
    });
    expect(await terraform.plan()).toMatchObject({ status: 2, stderr: "" });
    expect(unwrapped((await terraform.apply()).stderr)).toContain(
      "cannot unmarshal number into Go struct field ContainerDefinition.Name of type string",
    );
  });
});

describeTerraform("data sources that read the resources of the account", (lab) => {
  let services: Terraform;
  let planned: PlanJson;
  let cluster: State;

  beforeAll(async () => {
    const configuration = clusterConfiguration({ values: { name: "shop" }, executeCommandLogging: true });
    const terraform = await lab.terraform({ configuration, variables: exampleValues(configuration) });
    const { status, stderr } = await terraform.apply();
    expect([status, stderr]).toEqual([0, ""]);
    cluster = terraform.state();
    const stack = new EcsServiceStack(testApp(), "orders", { values: { clusterName: "shop" } });
    new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1", containerPort: 80, paths: ["/*"] });
    const lookups = {
      data: {
        aws_lb: { by_tag: { tags: { Cluster: "shop" } } },
        aws_lbs: { by_tag: { tags: { Cluster: "shop" } }, none: { tags: { Cluster: "other" } } },
        aws_cloudwatch_log_groups: { all: { log_group_name_prefix: "/ecs" } },
      },
      output: {
        load_balancer_vpc: { value: "${data.aws_lb.by_tag.vpc_id}" },
        load_balancers: { value: "${data.aws_lbs.by_tag.arns}" },
        none: { value: "${data.aws_lbs.none.arns}" },
        log_groups: { value: "${data.aws_cloudwatch_log_groups.all.log_group_names}" },
      },
    };
    const own = synthesized(stack) as Record<string, object>;
    const served = { ...own, data: { ...own.data, ...lookups.data }, output: { ...own.output, ...lookups.output } };
    await terraform.session.serve({ configuration: served });
    services = new Terraform({ env: terraform.session.env, configuration: served, within: lab.provider().folder });
    planned = await services.planJson();
  });
  afterAll(() => services.remove());

  const output = (name: string) => planned.output_changes?.[name]?.after;
  const applied = (type: string) =>
    cluster.resources.find((one) => one.mode === "managed" && one.type === type)?.values ?? {};

  it("plan a service on the cluster that was applied", () => {
    const after = (type: string) => planned.resource_changes?.find((one) => one.type === type)?.change.after;
    expect(after("aws_ecs_service")).toMatchObject({ cluster: applied("aws_ecs_cluster").arn });
    expect(after("aws_lb_listener_rule")).toMatchObject({ listener_arn: applied("aws_lb_listener").arn });
    expect(after("aws_lb_target_group")).toMatchObject({ vpc_id: applied("aws_lb").vpc_id });
  });

  it("find load balancers by tag, with their VPC, and log groups", () => {
    expect(output("load_balancer_vpc")).toBe(applied("aws_security_group").vpc_id);
    expect(output("load_balancers")).toEqual([applied("aws_lb").arn]);
    expect(output("none")).toEqual([]);
    expect(output("log_groups")).toContain(applied("aws_cloudwatch_log_group").name);
  });
});
