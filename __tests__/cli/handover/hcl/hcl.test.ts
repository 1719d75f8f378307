import { hcl } from "../../../../cli/handover/hcl";
import { BLOCKS, type BlockNames, blockNames } from "../../../../cli/handover/hcl/block-names";
import { templateParts } from "../../../../cli/handover/hcl/template";
import { valueLines, withoutMarks } from "../../../../cli/handover/hcl/value";
import { readConfiguration } from "../../../../cli/handover/terraform-json/configuration";
import { portable } from "../../../../cli/handover/terraform-json/portable";
import { KNOWN_TYPES } from "../../../../cli/handover/terraform-json/topics";
import { deriveBlock } from "../../../../cli/offline-provider/schema/derive";
import type { Block } from "../../../../cli/offline-provider/schema/types";

const value = (json: never | unknown, kind: "template" | "literal" | "expression" = "template"): string =>
  withoutMarks(valueLines(json as never, kind)).slice(0, -1);

describe("HCL values", () => {
  it("takes the quotes off a lone expression and keeps them round a text with one in it", () => {
    expect(value("${var.name}")).toBe("var.name");
    expect(value("${var.name}-alb")).toBe('"${var.name}-alb"');
    expect(value("${var.a}${var.b}")).toBe('"${var.a}${var.b}"');
  });

  it("escapes text, and never what is inside an expression", () => {
    expect(value('say "hi" \\ ${join("\\n", [var.a, "}"])}')).toBe('"say \\"hi\\" \\\\ ${join("\\n", [var.a, "}"])}"');
    expect(value("a\tb\r\nc")).toBe('"a\\tb\\r\\nc"');
  });

  it("leaves the template's own escapes alone", () => {
    expect(value("$${not} %%{this} ${var.a}")).toBe('"$${not} %%{this} ${var.a}"');
  });

  it("writes a literal so that nothing in it is an expression", () => {
    expect(value("${not} %{this}", "literal")).toBe('"$${not} %%{this}"');
  });

  it("finds the end of an expression past strings, braces and templates in it", () => {
    const text = '${{ for k, v in var.a : k => "${v}}" }}-${"\\"}"}';
    expect(templateParts(text)).toEqual([
      { expression: '{ for k, v in var.a : k => "${v}}" }', opening: "${" },
      { text: "-" },
      { expression: '"\\"}"', opening: "${" },
    ]);
  });

  it("keeps text of several lines as it stands, with an end that isn't in it", () => {
    expect(value('#!/bin/bash\necho "${var.a}"\nEOT\n')).toBe('<<EOT_\n#!/bin/bash\necho "${var.a}"\nEOT\nEOT_');
  });

  it("quotes keys that are no names and lines up what fits on a line", () => {
    expect(value({ "aws:tag": 1, b: [1, 2], long: { c: null, d: true } })).toBe(
      '{\n  "aws:tag" = 1\n  b         = [1, 2]\n  long = {\n    c = null\n    d = true\n  }\n}',
    );
  });

  it("puts a space after commas of an expression, and none into its strings", () => {
    expect(value('${f(["a,b","c"],\n  1, 2)}')).toBe('f(["a,b", "c"],\n1, 2)');
    expect(value("x-${f(1,2)},y")).toBe('"x-${f(1, 2)},y"');
  });

  it("indents the lines of an expression by the brackets that are open", () => {
    expect(value("${merge({\n a = 1\n      }, [\n{ b = 2 }])}")).toBe("merge({\n  a = 1\n  }, [\n{ b = 2 }])");
  });
});

describe("HCL blocks", () => {
  const main = (json: never | unknown): string =>
    hcl(portable(readConfiguration({ terraform: {}, ...(json as object) } as never)))["main.tf"] as string;

  it("tells blocks from arguments, in lists, inside others and when they are dynamic", () => {
    const override = { for_each: "${var.types}", content: { instance_type: "${override.value}" } };
    const policy = { launch_template: { launch_template_specification: { version: "1" }, dynamic: { override } } };
    const own = {
      tags: { Name: "x" },
      tag: [{ key: "a" }, { key: "b" }],
      mixed_instances_policy: policy,
      depends_on: ["aws_lb.own"],
    };
    expect(main({ resource: { aws_autoscaling_group: { own } } })).toBe(`resource "aws_autoscaling_group" "own" {
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        version = "1"
      }

      dynamic "override" {
        for_each = var.types

        content {
          instance_type = override.value
        }
      }
    }
  }

  tag {
    key = "a"
  }

  tag {
    key = "b"
  }

  tags = {
    Name = "x"
  }

  depends_on = [aws_lb.own]
}
`);
  });

  it("writes a check with the lookup that is inside it", () => {
    const data = { aws_vpcs: { all: { filter: [{ name: "is-default", values: ["true"] }] } } };
    const assert = [{ condition: "${length(data.aws_vpcs.all.ids) == 1}", error_message: "No." }];
    expect(main({ check: { one: { data, assert } } })).toBe(`check "one" {
  data "aws_vpcs" "all" {
    filter {
      name   = "is-default"
      values = ["true"]
    }
  }

  assert {
    condition     = length(data.aws_vpcs.all.ids) == 1
    error_message = "No."
  }
}
`);
  });

  it("writes addresses and types without quotes, and defaults as they are", () => {
    const files = hcl(
      portable(
        readConfiguration({
          variable: { a: { type: "list(string)", default: ["${x}"], description: "A ${b}" } },
          output: { c: { value: "${var.a}", description: "C" } },
        }),
      ),
    );
    expect(files["variables.tf"]).toBe(
      'variable "a" {\n  type        = list(string)\n  description = "A $${b}"\n  default     = ["$${x}"]\n}\n',
    );
    expect(files["outputs.tf"]).toBe('output "c" {\n  description = "C"\n  value       = var.a\n}\n');
  });
});

describe("the table of blocks", () => {
  const namesOf = ({ blocks }: Block): BlockNames =>
    Object.fromEntries(Object.entries(blocks).map(([name, nested]) => [name, namesOf(nested.block)]));

  it.each(Object.keys(BLOCKS).filter((key) => !key.endsWith("terraform_data")))(
    "has what the provider has for %s",
    (key) => {
      const [mode = "", type = ""] = key.split(" ");
      expect(blockNames(mode as "data", type)).toEqual(namesOf(deriveBlock(mode as "data", type)));
    },
  );

  it("has every type that has a role", () => {
    expect(Object.keys(BLOCKS)).toEqual(expect.arrayContaining([...KNOWN_TYPES]));
  });

  it("names a type that it lacks, and what to do", () => {
    const stack = portable(readConfiguration({ resource: { aws_lb: { own: {} } } }));
    const renamed = { ...stack, elements: stack.elements.map((element) => ({ ...element, type: "aws_new_thing" })) };
    expect(() => hcl(renamed)).toThrow(
      '--hcl needs to know which parts of resource "aws_new_thing" are blocks, and the table doesn\'t have it. Add it to BLOCKS in cli/handover/hcl/block-names.ts, or hand the stack over as JSON (without --hcl).',
    );
  });
});
