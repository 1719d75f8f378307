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
  it("have no quotes if they are only an expression", () => {
    expect(value("${var.name}")).toBe("var.name");
    expect(value("${var.name}-alb")).toBe('"${var.name}-alb"');
    expect(value("${var.a}${var.b}")).toBe('"${var.a}${var.b}"');
  });

  it("escape text, but no expressions", () => {
    expect(value('say "hi" \\ ${join("\\n", [var.a, "b"])}')).toBe('"say \\"hi\\" \\\\ ${join("\\n", [var.a, "b"])}"');
    expect(value("a\tb\r\nc")).toBe('"a\\tb\\r\\nc"');
  });

  it("keep the escapes of templates", () => {
    expect(value("$${not} %%{this} ${var.a}")).toBe('"$${not} %%{this} ${var.a}"');
  });

  it("escape expressions in literals", () => {
    expect(value("${not} %{this}", "literal")).toBe('"$${not} %%{this}"');
  });

  it("can have strings, braces and templates inside expressions", () => {
    const text = '${{ for k, v in var.a : k => "${v}}" }}-${"\\"}"}';
    expect(templateParts(text)).toEqual([
      { expression: '{ for k, v in var.a : k => "${v}}" }', opening: "${" },
      { text: "-" },
      { expression: '"\\"}"', opening: "${" },
    ]);
  });

  it("are calls of join if an expression in them has braces or escaped quotes, which python-hcl2 cannot read", () => {
    expect(value('a "${f({ b = 1 })} c')).toBe('join("", ["a \\"", f({ b = 1 }), " c"])');
    expect(value('a ${f("\\"")}')).toBe('join("", ["a ", f("\\"")])');
    expect(value('a ${f("${var.b}-${{ c = 1 }.c}")}')).toBe('join("", ["a ", f(join("", [var.b, "-", { c = 1 }.c]))])');
    expect(value('${[for a in var.b : "${a.c["d"]} e"]}')).toBe('[for a in var.b : "${a.c["d"]} e"]');
    expect(value('${f("${{ a = 1 }}")}')).toBe("f(({ a = 1 }))");
  });

  it("escape a dollar sign in another way if python-hcl2 would not find the end of the expression", () => {
    expect(value('$${A} $${B:-"c"} $${D')).toBe('"$${A} \\u0024{B:-\\"c\\"} \\u0024{D"');
    expect(value("${A}${", "literal")).toBe('"$${A}\\u0024{"');
    expect(value('${f("$${A:-\\"b\\"}")}')).toBe('f("\\u0024{A:-\\"b\\"}")');
  });

  it("are keys in parentheses if they are expressions", () => {
    expect(value({ "${var.a}": 1, "x-${var.a}": 2 })).toBe('{\n  (var.a)      = 1\n  "x-${var.a}" = 2\n}');
  });

  it("have numbers without exponents, which python-hcl2 cannot read", () => {
    expect(value("${min(1e15, 2.5E+2, 5e-3, 12.5e0, a1e5, b.c_1e5)}")).toBe(
      "min(1000000000000000, 250, 0.005, 12.5, a1e5, b.c_1e5)",
    );
    expect(value([1e21, -2.5e-7, 3])).toBe("[1000000000000000000000, -0.00000025, 3]");
  });

  it("are heredocs if they have several lines, with a delimiter that the text does not contain", () => {
    expect(value('#!/bin/bash\necho "${var.a}"\nEOT\n')).toBe('<<EOT_\n#!/bin/bash\necho "${var.a}"\nEOT\nEOT_');
    // python-hcl2 also ends a heredoc inside a line.
    expect(value("echo\necho EOT\n")).toBe("<<EOT_\necho\necho EOT\nEOT_");
  });

  it("quote keys that are no identifiers, and align one-line arguments", () => {
    expect(value({ "aws:tag": 1, b: [1, 2], long: { c: null, d: true } })).toBe(
      '{\n  "aws:tag" = 1\n  b         = [1, 2]\n  long = {\n    c = null\n    d = true\n  }\n}',
    );
  });

  it("have a space after commas in expressions, but not in strings", () => {
    expect(value('${f(["a,b","c"],\n  1, 2)}')).toBe('f(["a,b", "c"],\n1, 2)');
    expect(value("x-${f(1,2)},y")).toBe('"x-${f(1, 2)},y"');
  });

  it("indent the lines of an expression by its open brackets", () => {
    expect(value("${merge({\n a = 1\n      }, [\n{ b = 2 }])}")).toBe("merge({\n  a = 1\n  }, [\n{ b = 2 }])");
  });
});

describe("HCL blocks", () => {
  const main = (json: never | unknown): string =>
    hcl(portable(readConfiguration({ terraform: {}, ...(json as object) } as never)))["main.tf"] as string;

  it("differ from arguments, also in lists, inside other blocks and in dynamic blocks", () => {
    const override = { for_each: "${var.types}", iterator: "each", content: { instance_type: "${each.value}" } };
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
        iterator = each

        content {
          instance_type = each.value
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

  it("include a check with its data source", () => {
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

  it("have addresses and types without quotes, and literal defaults", () => {
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
    "has the blocks of the provider's schema for %s",
    (key) => {
      const [mode = "", type = ""] = key.split(" ");
      expect(blockNames(mode as "data", type)).toEqual(namesOf(deriveBlock(mode as "data", type)));
    },
  );

  it("has all types that have a topic", () => {
    expect(Object.keys(BLOCKS)).toEqual(expect.arrayContaining([...KNOWN_TYPES]));
  });

  it("rejects an unknown type", () => {
    const stack = portable(readConfiguration({ resource: { aws_lb: { own: {} } } }));
    const renamed = { ...stack, elements: stack.elements.map((element) => ({ ...element, type: "aws_new_thing" })) };
    expect(() => hcl(renamed)).toThrow(
      '--hcl does not know the nested blocks of resource "aws_new_thing". Add them to BLOCKS in cli/handover/hcl/block-names.ts, or omit --hcl to write Terraform JSON.',
    );
  });
});
