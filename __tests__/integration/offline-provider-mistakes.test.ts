import type { Configuration, TerraformResult } from "../../cli/offline-provider";
import { unwrapped } from "../support/cluster";
import { casesAsModules, errorsOf } from "../support/modules";
import { smallStack } from "../support/small-stack";
import { describeTerraform } from "../support/terraform";

type Json = { [name: string]: Json } & { [name: string]: unknown };

/** The small stack with one thing broken in its resources. */
function broken(change: (resource: Json) => void): Configuration {
  const stack = JSON.parse(JSON.stringify(smallStack())) as Json;
  change(stack.resource as Json);
  return stack;
}

describeTerraform("Terraform, told of a mistake through the offline provider", (lab) => {
  const at = (resource: Json, type: string, name: string) => (resource[type] as Json)[name] as Json;
  const mistakes: [string, Configuration, RegExp][] = [
    [
      "an argument that does not exist",
      broken((resource) => Object.assign(at(resource, "aws_ecs_cluster", "ecs"), { nmae: "x" })),
      /Extraneous JSON object property.*No argument or block type is named "nmae"/,
    ],
    [
      "an argument that does not exist in a nested block",
      broken((resource) => {
        at(resource, "aws_launch_template", "instances").metadata_options = {
          http_token: "required",
        } as unknown as Json;
      }),
      /No argument or block type is named "http_token"\. Did you mean "http_tokens"\?/,
    ],
    [
      "a reference to a resource that is not there",
      broken((resource) =>
        Object.assign(at(resource, "aws_ecs_service", "web"), { cluster: "${aws_ecs_cluster.nope.arn}" }),
      ),
      /Reference to undeclared resource.*"aws_ecs_cluster" "nope"/,
    ],
    [
      "a reference to an attribute that is not there",
      broken((resource) =>
        Object.assign(at(resource, "aws_ecs_service", "web"), { cluster: "${aws_ecs_cluster.ecs.arm}" }),
      ),
      /Unsupported attribute.*This object has no argument, nested block, or exported attribute named "arm"/,
    ],
    [
      "a value of the wrong type",
      broken((resource) => Object.assign(at(resource, "aws_ecs_service", "web"), { desired_count: "one" })),
      /Incorrect attribute value type.*Inappropriate value for attribute "desired_count": a number is required/,
    ],
    [
      "a list where a set of text is wanted",
      broken((resource) =>
        Object.assign(at(resource, "aws_autoscaling_group", "instances"), { vpc_zone_identifier: "x" }),
      ),
      /Inappropriate value for attribute "vpc_zone_identifier": set of string required/,
    ],
    [
      "a missing required argument",
      broken((resource) => {
        delete at(resource, "aws_autoscaling_group", "instances").max_size;
      }),
      /Missing required argument.*The argument "max_size" is required/,
    ],
    [
      "a computed attribute that is set",
      broken((resource) => Object.assign(at(resource, "aws_ecs_cluster", "ecs"), { arn: "x" })),
      /Value for unconfigurable attribute.*with module\.\w+\.aws_ecs_cluster\.ecs.*Can't configure a value for "arn"/,
    ],
    [
      "two of a block that comes once",
      broken((resource) => {
        const group = at(resource, "aws_autoscaling_group", "instances");
        group.launch_template = [group.launch_template, group.launch_template] as unknown as Json;
      }),
      /Too many launch_template blocks/,
    ],
    [
      "a resource type that does not exist",
      broken((resource) => Object.assign(resource, { aws_ecs_klaster: { x: { name: "x" } } })),
      /Invalid resource type.*does not support resource type "aws_ecs_klaster"/,
    ],
  ];
  /** What ends a plan before it comes to others. */
  const alone: typeof mistakes = [
    [
      "a cycle",
      broken((resource) =>
        Object.assign(at(resource, "aws_ecs_cluster", "ecs"), { tags: { id: "${aws_ecs_service.web.id}" } }),
      ),
      /Error: Cycle: aws_ecs_(service\.web, aws_ecs_cluster\.ecs|cluster\.ecs, aws_ecs_service\.web)/,
    ],
    [
      "a failing precondition",
      broken((resource) => {
        at(resource, "aws_ecs_cluster", "ecs").lifecycle = {
          precondition: [
            { condition: "${length(data.aws_subnets.default.ids) > 9}", error_message: "Nine subnets, please." },
          ],
        } as unknown as Json;
      }),
      /Resource precondition failed.*Nine subnets, please\./,
    ],
    [
      "a resource type whose bindings can't be understood",
      broken((resource) => Object.assign(resource, { aws_medialive_channel: { x: {} } })),
      /can't derive the schema of the resource type "aws_medialive_channel"/,
    ],
  ];

  let planned: TerraformResult;
  beforeAll(async () => {
    const cases = mistakes.map(([, configuration]) => ({ configuration }));
    planned = await (await casesAsModules(lab, cases)).plan();
  });

  it.each(mistakes.map(([what, , message], index) => [what, message, index] as const))(
    "says so: %s",
    (_, message, index) => {
      expect(errorsOf(planned.stderr, index)).toEqual([expect.stringMatching(message)]);
      expect(planned.status).toBe(1);
    },
  );

  it.each(alone)("says so: %s", async (_, configuration, message) => {
    const { status, stderr } = await (await lab.terraform({ configuration })).plan();
    expect(unwrapped(stderr)).toMatch(message);
    expect(status).toBe(1);
  });

  it("plans the same configuration without the mistake", async () => {
    const terraform = await lab.terraform({ configuration: broken(() => {}) });
    expect(await terraform.plan()).toMatchObject({ status: 2, stderr: "" });
  });
});
