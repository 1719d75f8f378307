import { type Json, readConfiguration } from "../../../../cli/handover/terraform-json/configuration";
import { referencesOf } from "../../../../cli/handover/terraform-json/references";
import { inReadingOrder, rolesOf } from "../../../../cli/handover/terraform-json/topics";

const read = (json: Json) => {
  const configuration = readConfiguration(json);
  return { configuration, references: referencesOf(configuration) };
};
const lb = (body: { readonly [key: string]: Json }): Json => ({
  aws_lb: { own: body },
  aws_security_group: { group: {} },
});

describe("references", () => {
  it("are found in expressions, through locals, and not in plain text", () => {
    const resource = lb({ subnets: "${local.a}", name: "aws_security_group.group" });
    const { references } = read({ resource, locals: { a: "${[local.b]}", b: "${aws_security_group.group.id}" } });
    const own = references.find("aws_lb.own");
    expect(own && references.of(own).map(({ address }) => address)).toEqual(["aws_security_group.group"]);
    const { references: none } = read({ resource: lb({ name: "aws_security_group.group" }) });
    expect(none.to(none.find("aws_security_group.group") as never)).toEqual([]);
  });

  it("leave out what only orders or guards", () => {
    const lifecycle = { precondition: [{ condition: "${aws_security_group.group.id != null}" }] };
    const { references } = read({ resource: lb({ depends_on: ["aws_security_group.group"], lifecycle }) });
    expect(references.to(references.find("aws_security_group.group") as never)).toEqual([]);
  });

  it("end where locals lead in a circle", () => {
    const { references } = read({ locals: { a: "${local.b}", b: "${local.a} ${var.c}" } });
    expect(references.variablesIn("${local.a}")).toEqual(["c"]);
  });

  it("find a lookup by its whole address", () => {
    const { references } = read({ data: { aws_vpcs: { vpc: {} } }, resource: lb({ vpc: "${data.aws_vpcs.vpc.ids}" }) });
    expect(references.in("${one(data.aws_vpcs.vpc.ids)}").map(({ address }) => address)).toEqual(["data.aws_vpcs.vpc"]);
  });
});

describe("roles", () => {
  it("are a service's for what services alone use, and its type's otherwise", () => {
    const { configuration, references } = read({
      resource: {
        aws_cloudwatch_log_group: { unused: {}, tasks: {}, both: {} },
        aws_ecs_task_definition: {
          web: { a: "${aws_cloudwatch_log_group.tasks.name}", b: "${aws_cloudwatch_log_group.both.name}" },
        },
        aws_ecs_cluster: { cluster: { log: "${aws_cloudwatch_log_group.both.name}" } },
      },
    });
    const roles = rolesOf(configuration, references);
    expect(inReadingOrder(configuration.elements, roles).map((element) => [element.name, roles.get(element)])).toEqual([
      ["both", "cluster"],
      ["unused", "cluster"],
      ["cluster", "cluster"],
      ["tasks", "services"],
      ["web", "services"],
    ]);
  });
});
