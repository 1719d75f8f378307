import { ofType, type Stack } from "../stack";
import { type Element, type JsonObject, objects } from "../terraform-json/configuration";
import { groupArgument } from "./argument";
import { block, code, listed, section, table } from "./markdown";

/** What a change of a variable does to the running system. */
export type VariableEffect =
  | "name"
  | "region"
  | "vpc"
  | "cluster"
  | "zone"
  | "certificate"
  | "instances"
  | "tasks"
  | "tasks with a gap"
  | "next deployment"
  | "next run"
  | "in place"
  | "creation";

/** What a change of each variable does, which needs steps, and how to check a plan. */
export function changes(stack: Stack): string {
  const effects = variableEffects(stack);
  const rows = Object.entries(textsOf(stack)).flatMap(([effect, text]) => {
    const names = stack.variables.map(({ name }) => name).filter((name) => effects.get(name) === effect);
    return names.length > 0 ? [[listed(names.map(code)), text]] : [];
  });
  const hasServices = ofType(stack, "aws_ecs_service").length > 0;
  return section(
    "Change the running system",
    "Before you apply a new version of this folder, read [CHANGES.md](CHANGES.md). Then, and after a change of a variable, list what the plan deletes or replaces:",
    block(
      "sh",
      "terraform plan -out=plan.tfplan",
      'terraform show -no-color plan.tfplan | grep -E "will be destroyed|must be replaced"',
    ),
    hasServices
      ? "A new revision of a task definition is in this list at each deployment, and interrupts nothing. Everything else in the list is deleted."
      : "Everything in this list is deleted.",
    table(["Variable", "Effect of a change"], rows),
    ...steps(stack, new Set(effects.values())),
    "After an error, run `terraform apply` again. Terraform continues where it stopped.",
    "Some changes of the code need several versions of this folder, which you apply one after the other: the removal of a capacity provider " +
      "that services use, another name of a service or of a route without a gap, another port range, and an exchange of priorities. A log group goes with its " +
      "service, and a file system goes with its files, unless the code retains them.",
  );
}

/** Returns the steps for changes that need more than one command. */
function steps(stack: Stack, effects: ReadonlySet<VariableEffect>): string[] {
  const [group] = ofType(stack, "aws_autoscaling_group");
  const hasCluster = ofType(stack, "aws_ecs_cluster").length > 0;
  return [
    ...(effects.has("instances") && group
      ? [
          "To watch the replacement of the instances:",
          block(
            "sh",
            `aws autoscaling describe-instance-refreshes --auto-scaling-group-name ${groupArgument(stack)} --max-records 1`,
          ),
        ]
      : []),
    ...(effects.has("name") && hasCluster
      ? [
          "Before you change `name`, destroy the services of other states that use this cluster. Apply them again afterwards, with the " +
            "new `cluster_name`. Prepare what [Destroy](#destroy) names, because the plan or the apply fails otherwise.",
        ]
      : []),
    ...(effects.has("vpc") && ofType(stack, "aws_lb").length > 0
      ? [
          `To leave the VPC without a gap, ${stack.options.module ? "add a second `module` block" : "apply a copy of this folder that has its own state,"} with another \`name\` and the ` +
            "new `vpc_id`. Apply the services to that cluster, point your domain at its load balancer, and then destroy the old cluster.",
        ]
      : []),
  ];
}

function textsOf(stack: Stack): Readonly<Record<VariableEffect, string>> {
  const refreshes = ofType(stack, "aws_autoscaling_group").some(
    ({ body }) => objects(body.instance_refresh).length > 0,
  );
  const hasBalancer = ofType(stack, "aws_lb").length > 0;
  const losesLogs = ofType(stack, "aws_cloudwatch_log_group").some(({ body }) => body.skip_destroy !== true);
  const lost =
    (losesLogs ? " Log groups are deleted." : "") +
    (ofType(stack, "aws_sqs_queue").length > 0 ? " Queues are deleted with their messages." : "") +
    (ofType(stack, "aws_ssm_parameter").some(({ body }) => !("insecure_value" in withoutIgnored(body)))
      ? " Parameters with images get their first values again: write the current images before the next deployment."
      : "");
  return {
    name:
      "Terraform replaces everything. The system is down until the new cluster runs" +
      `${hasBalancer ? ", and the load balancer gets another DNS name" : ""}.${lost}`,
    region:
      ofType(stack, "aws_ecs_cluster").length > 0
        ? "The plan fails for another region, which needs its own state."
        : "Do not change it. Another region needs its own state.",
    vpc: hasBalancer
      ? "The plan fails for another VPC, because AWS cannot move a load balancer."
      : "Auto Scaling replaces all instances. AWS deletes the old security group only afterwards, so apply twice.",
    cluster: `Terraform deletes the services, and creates them on the other cluster.${lost}`,
    zone: "Terraform deletes the DNS records, and creates them in the other hosted zone. Clients find no address until DNS servers have the new records.",
    certificate:
      "ACM issues another certificate, and the listener uses it after its validation. Names that are no longer in it stop working.",
    instances: refreshes
      ? "Auto Scaling replaces all instances, a few at a time, after the apply. ECS moves the tasks first."
      : "Running instances stay as they are. Instances that start later have the new value.",
    tasks: "ECS replaces the tasks. New tasks start before old ones stop.",
    "tasks with a gap":
      "ECS replaces the tasks. Old tasks can stop before new ones start, so there is a gap on each instance.",
    "next deployment": "Terraform registers another revision. The tasks change when your pipeline deploys it.",
    "next run": "The next run of the task uses it. Runs that have started do not change.",
    "in place": "Terraform updates it in place. Nothing is interrupted.",
    creation: "Nothing changes. It is used only when the Auto Scaling group is created.",
  };
}

const FIXED: Readonly<Record<string, VariableEffect>> = {
  name: "name",
  region: "region",
  vpc_id: "vpc",
  cluster_name: "cluster",
};

/** Returns the effect of each variable, from the resources that use it, also through a data source or a key pair. */
export function variableEffects({ variables, references, configuration }: Stack): ReadonlyMap<string, VariableEffect> {
  const resources = configuration.elements.filter(({ mode }) => mode === "resource");
  const uses = (name: string, body: JsonObject) => references.variablesIn(body).includes(name);
  const reached = (type: string, name: string): Element[] =>
    resources
      .filter((element) => element.type === type)
      .filter((element) => {
        const through = references.of(element).filter((one) => one.mode === "data" || one.type === "aws_key_pair");
        return [element, ...through].some(({ body }) => uses(name, withoutIgnored(body)));
      });
  // A daemon, and a service with a fixed host port, have no room for a new task beside the old one.
  const hasGap = (task: Element): boolean =>
    references
      .to(task)
      .some(
        ({ type, body }) =>
          type === "aws_ecs_service" &&
          (body.deployment_maximum_percent === 100 || body.deployment_minimum_healthy_percent === 0),
      );
  // The pipeline of the team deploys these services.
  const isOnlyRegistered = (task: Element): boolean => {
    const services = references.to(task).filter(({ type }) => type === "aws_ecs_service");
    return services.length > 0 && services.every(({ body }) => !("task_definition" in withoutIgnored(body)));
  };
  const isIgnored = (name: string): boolean => {
    const users = resources.filter(({ body: { lifecycle: _, ...body } }) => uses(name, body));
    return users.length > 0 && users.every(({ body }) => !uses(name, withoutIgnored(body)));
  };
  return new Map(
    variables.map(({ name }): [string, VariableEffect] => {
      if (FIXED[name]) return [name, FIXED[name]];
      const zones = configuration.elements.filter(({ type }) => type === "aws_route53_zone");
      if (zones.some(({ body }) => uses(name, body))) return [name, "zone"];
      if (reached("aws_acm_certificate", name).length > 0) return [name, "certificate"];
      if (reached("aws_launch_template", name).length > 0) return [name, "instances"];
      const tasks = reached("aws_ecs_task_definition", name);
      const ofService = (task: Element) => references.to(task).some(({ type }) => type === "aws_ecs_service");
      if (tasks.length > 0 && !tasks.some(ofService)) return [name, "next run"];
      if (tasks.length > 0 && tasks.every(isOnlyRegistered)) return [name, "next deployment"];
      if (tasks.length > 0) return [name, tasks.some(hasGap) ? "tasks with a gap" : "tasks"];
      return [name, isIgnored(name) ? "creation" : "in place"];
    }),
  );
}

/** Returns the arguments whose changes Terraform applies. */
function withoutIgnored({ lifecycle, ...body }: JsonObject): JsonObject {
  const ignored = objects(lifecycle).flatMap(({ ignore_changes }) => ignore_changes ?? []);
  return Object.fromEntries(Object.entries(body).filter(([name]) => !ignored.includes(name)));
}
