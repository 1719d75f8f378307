import { readFileSync } from "node:fs";
import type { Statement } from "../../../../cli/handover/iam/statement";
import type { Json } from "../../../../cli/handover/terraform-json/configuration";
import { APPS, synthesizeApp } from "../../../support/examples";
import { applies, filled, type Request, statementsOf } from "../../../support/iam-policy";

/** Types that no example has. */
const OTHERS: Json = {
  provider: { aws: [{ default_tags: [{ tags: "${{ Cluster = var.name }}" }], region: "${var.region}" }] },
  resource: {
    aws_iam_role: { hook: { name_prefix: "${var.name}-hook-" } },
    aws_iam_policy: { own: { name_prefix: "${var.name}-read-" } },
    aws_autoscaling_group: { own: { name: "${var.name}-instances" } },
    aws_autoscaling_lifecycle_hook: {
      own: { autoscaling_group_name: "${aws_autoscaling_group.own.name}", role_arn: "${aws_iam_role.hook.arn}" },
    },
    aws_efs_file_system: { own: {} },
    aws_efs_access_point: {
      own: { file_system_id: "${aws_efs_file_system.own.id}" },
      other: { file_system_id: "fs-0f0e0d0c0b0a09080" },
    },
    aws_ecr_repository_policy: { own: { repository: "${var.name}/app" } },
    aws_secretsmanager_secret: { db: { name: "${var.name}/db" }, key: { name_prefix: "${var.name}-key-" } },
    aws_secretsmanager_secret_version: { db: { secret_id: "${aws_secretsmanager_secret.db.id}" } },
    aws_ssm_parameter: { url: { name: "/${var.name}/url" } },
    aws_s3_bucket: { files: { bucket: "${var.name}-files" }, logs: { bucket_prefix: "${var.name}-logs-" } },
    aws_s3_object: { env: { bucket: "${aws_s3_bucket.files.bucket}", key: "env" } },
    aws_sns_topic: { alarms: { name: "${var.name}-alarms" } },
    aws_service_discovery_service: { own: { health_check_config: [{ type: "HTTP" }] } },
    aws_vpc_endpoint: { ecr: {} },
  },
};

const POLICIES = [
  { name: "other types", statements: statementsOf(OTHERS) },
  ...[...APPS.capacity, ...APPS.others].flatMap((app) =>
    Object.entries(synthesizeApp(app)).map(([name, json]) => ({ name, statements: statementsOf(json as Json) })),
  ),
];

const OWN = "shop";
/** Names that continue the stack's name, also with the name of a service or with the start of a generated suffix. */
const NEIGHBOURS = ["shop-prod", "shopx", "shop-web", "shop-2026", "my-shop"];

/** The actions that docs/handover.md lists, because AWS cannot limit them to a stack. */
const [, table = ""] = readFileSync("docs/handover.md", "utf8").split("## What the deploy policy cannot limit");
const EXCEPTIONS = [...(table.split("\n## ")[0] ?? "").matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = ""]) =>
  [...cell.matchAll(/`([\w:-]+)`/g)].map(([, action]) => action as string),
);

/** Fills in what Terraform and AWS generate. */
const concrete = (arn: string): string =>
  arn
    .replace(/20\?{24}/g, "20261130203334123400000001")
    .replace(/\?{6}/g, "AbCdEf")
    .replace(/\*/g, "0f0e0d0c");

/** Fills in the placeholders, and renames the clusters of examples without variables. */
const renamed = (statements: readonly Statement[], name: string): Statement[] =>
  JSON.parse(JSON.stringify(filled(statements, name)).replace(/\b(platform|batch)\b/g, name)) as Statement[];

/** Returns a request for each action on each resource that a policy names, with the tags of these resources. */
function requestsOn(name: string, policies: readonly (readonly Statement[])[]): Request[] {
  const requests = new Map<string, Request>();
  for (const { Effect, Action, Resource, Condition } of policies.flatMap((policy) => renamed(policy, name))) {
    if (Effect === "Deny") continue;
    const names = Object.entries(Condition?.StringEquals ?? {}).filter(([key]) => /Tag\/Name$/.test(key));
    const tags = [name, ...names.flatMap(([, values]) => values)];
    // A resource that the code names exactly, such as an existing role, belongs to no neighbour.
    const theirs = Resource.filter((arn) => /[*?]/.test(arn) || arn.includes(name));
    for (const resource of theirs.map(concrete)) {
      for (const action of Action) {
        for (const tag of tags) {
          const context = {
            "aws:ResourceTag/Cluster": name,
            "aws:ResourceTag/Name": tag,
            "aws:ViaAWSService": "false",
          };
          const request = { action, resource, context };
          requests.set(JSON.stringify(request), request);
        }
      }
    }
  }
  return [...requests.values()];
}

const allows = (statements: readonly Statement[], request: Request): boolean =>
  statements.some((statement) => statement.Effect === "Allow" && applies(statement, request));

const READS = /:(Describe|Get|List)/;
/** Reads of secrets, parameters, objects and policies of roles. */
const CONTENTS = /:(GetSecretValue|GetParameters?|GetObject|GetRolePolicy)$/;

describe("the deploy policies of all examples", () => {
  const all = POLICIES.map(({ statements }) => statements);

  it.each(NEIGHBOURS)(
    "change and read no resource of a stack named %s, except with the actions in docs/handover.md",
    (neighbour) => {
      const requests = requestsOn(neighbour, all).filter(({ action }) => !READS.test(action) || CONTENTS.test(action));
      expect(requests.length).toBeGreaterThan(500);
      const reached = POLICIES.flatMap(({ name, statements }) => {
        const own = filled(statements, OWN);
        return requests
          .filter(({ resource }) => !/:role\/aws-service-role\/|:parameter\/aws\/service\//.test(resource))
          .filter((request) => allows(own, request) && !EXCEPTIONS.includes(request.action))
          .map(({ action, resource }) => `${name} allows ${action} on ${resource}`);
      });
      expect([...new Set(reached)]).toEqual([]);
    },
  );

  it("list in docs/handover.md only actions that reach other stacks, and none that can change what a name or tag protects", () => {
    const requests = requestsOn("shop-prod", all);
    const reaching = (action: string) =>
      requests.some((request) => request.action === action && all.some((own) => allows(filled(own, OWN), request)));
    expect(EXCEPTIONS.length).toBeGreaterThan(20);
    expect(EXCEPTIONS.filter((action) => !reaching(action))).toEqual([]);
  });

  it.each(POLICIES)("allow each action on a resource of the stack itself, for $name", ({ statements }) => {
    const own = filled(statements, OWN);
    const created = ["ec2", "elasticloadbalancing", "elasticfilesystem"].map((service) => `${service}:CreateAction`);
    for (const statement of own.filter(({ Effect }) => Effect === "Allow")) {
      const { Action, Resource, Condition = {} } = statement;
      const keys = Object.entries(Condition).flatMap(([operator, values]) =>
        operator === "Null" ? [] : Object.entries(values).map(([key, [value = ""]]) => [key, value] as const),
      );
      const context = Object.fromEntries(keys);
      for (const action of Action) {
        const request = { action, resource: concrete(Resource[0] ?? ""), context };
        expect([action, applies(statement, request)]).toEqual([action, true]);
      }
      // Permission to tag what a request creates is no permission to tag other resources.
      if (created.some((key) => key in context))
        expect(
          Action.filter((action) => applies(statement, { action, resource: concrete(Resource[0] ?? ""), context: {} })),
        ).toEqual([]);
    }
  });
});
