import type { Configuration, TerraformResult } from "../../cli/offline-provider";
import { unwrapped } from "../support/cluster";
import { casesAsModules, errorsOf } from "../support/modules";
import { smallStack } from "../support/small-stack";
import { describeTerraform } from "../support/terraform";

type Json = { [name: string]: Json } & { [name: string]: unknown };

/** Returns the small stack with a change of its resources. */
function changed(change: (resource: Json) => void): Configuration {
  const stack = JSON.parse(JSON.stringify(smallStack())) as Json;
  change(stack.resource as Json);
  return stack;
}

describeTerraform("Terraform, when it plans a problem with the offline provider", (lab) => {
  const at = (resource: Json, type: string, name: string) => (resource[type] as Json)[name] as Json;
  const problems: [string, Configuration, RegExp][] = [
    [
      "an argument that does not exist",
      changed((resource) => Object.assign(at(resource, "aws_ecs_cluster", "ecs"), { nmae: "x" })),
      /Extraneous JSON object property.*No argument or block type is named "nmae"/,
    ],
    [
      "an argument that does not exist in a nested block",
      changed((resource) => {
        at(resource, "aws_launch_template", "instances").metadata_options = {
          http_token: "required",
        } as unknown as Json;
      }),
      /No argument or block type is named "http_token"\. Did you mean "http_tokens"\?/,
    ],
    [
      "a reference to a resource that does not exist",
      changed((resource) =>
        Object.assign(at(resource, "aws_ecs_service", "web"), { cluster: "${aws_ecs_cluster.nope.arn}" }),
      ),
      /Reference to undeclared resource.*"aws_ecs_cluster" "nope"/,
    ],
    [
      "a reference to an attribute that does not exist",
      changed((resource) =>
        Object.assign(at(resource, "aws_ecs_service", "web"), { cluster: "${aws_ecs_cluster.ecs.arm}" }),
      ),
      /Unsupported attribute.*This object has no argument, nested block, or exported attribute named "arm"/,
    ],
    [
      "a value of the wrong type",
      changed((resource) => Object.assign(at(resource, "aws_ecs_service", "web"), { desired_count: "one" })),
      /Incorrect attribute value type.*Inappropriate value for attribute "desired_count": a number is required/,
    ],
    [
      "a string in place of a set of strings",
      changed((resource) =>
        Object.assign(at(resource, "aws_autoscaling_group", "instances"), { vpc_zone_identifier: "x" }),
      ),
      /Inappropriate value for attribute "vpc_zone_identifier": set of string required/,
    ],
    [
      "a missing required argument",
      changed((resource) => {
        delete at(resource, "aws_autoscaling_group", "instances").max_size;
      }),
      /Missing required argument.*The argument "max_size" is required/,
    ],
    [
      "a value for a computed attribute",
      changed((resource) => Object.assign(at(resource, "aws_ecs_cluster", "ecs"), { arn: "x" })),
      /Value for unconfigurable attribute.*with module\.\w+\.aws_ecs_cluster\.ecs.*Can't configure a value for "arn"/,
    ],
    [
      "two blocks where one is allowed",
      changed((resource) => {
        const group = at(resource, "aws_autoscaling_group", "instances");
        group.launch_template = [group.launch_template, group.launch_template] as unknown as Json;
      }),
      /Too many launch_template blocks/,
    ],
    [
      "a resource type that does not exist",
      changed((resource) => Object.assign(resource, { aws_ecs_klaster: { x: { name: "x" } } })),
      /Invalid resource type.*does not support resource type "aws_ecs_klaster"/,
    ],
  ];
  /** Problems that end a plan before Terraform reports others. */
  const alone: typeof problems = [
    [
      "a cycle",
      changed((resource) =>
        Object.assign(at(resource, "aws_ecs_cluster", "ecs"), { tags: { id: "${aws_ecs_service.web.id}" } }),
      ),
      /Error: Cycle: aws_ecs_(service\.web, aws_ecs_cluster\.ecs|cluster\.ecs, aws_ecs_service\.web)/,
    ],
    [
      "a precondition that fails",
      changed((resource) => {
        at(resource, "aws_ecs_cluster", "ecs").lifecycle = {
          precondition: [
            { condition: "${length(data.aws_subnets.default.ids) > 9}", error_message: "Use ten subnets." },
          ],
        } as unknown as Json;
      }),
      /Resource precondition failed.*Use ten subnets\./,
    ],
    [
      "a resource type whose schema cannot be derived",
      changed((resource) => Object.assign(resource, { aws_medialive_channel: { x: {} } })),
      /cannot derive the schema of the resource type "aws_medialive_channel"/,
    ],
  ];

  let planned: TerraformResult;
  beforeAll(async () => {
    const cases = problems.map(([, configuration]) => ({ configuration }));
    planned = await (await casesAsModules(lab, cases)).plan();
  });

  it.each(problems.map(([what, , message], index) => [what, message, index] as const))(
    "reports %s",
    (_, message, index) => {
      expect(errorsOf(planned.stderr, index)).toEqual([expect.stringMatching(message)]);
      expect(planned.status).toBe(1);
    },
  );

  it.each(alone)("reports %s", async (_, configuration, message) => {
    const { status, stderr } = await (await lab.terraform({ configuration })).plan();
    expect(unwrapped(stderr)).toMatch(message);
    expect(status).toBe(1);
  });

  it("plans the same configuration without the problem", async () => {
    const terraform = await lab.terraform({ configuration: changed(() => {}) });
    expect(await terraform.plan()).toMatchObject({ status: 2, stderr: "" });
  });
});
