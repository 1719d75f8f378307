import { bounded, wholeNumber } from "../../src/validation/rule";
import { list, map, number, type Schema, sensitive, string, variable } from "../../src/validation/schema";
import { Variables } from "../../src/validation/variables";
import { emptyStack, type Part, resolved, synthesized } from "../support/synthesized";

function declare(name: string, field: Schema, value?: unknown): Part {
  const stack = emptyStack();
  new Variables(stack, "variables", { key: { name, field, value } });
  return (synthesized(stack).variable as Record<string, Part>)[name] as Part;
}
const size = number(wholeNumber(30, 100, "GiB", "For example 30."));

describe("a Terraform variable", () => {
  it.each<[field: Schema, type: string, value: unknown]>([
    [string(), "string", "a"],
    [number(), "number", 5],
    [list(string()), "list(string)", ["a"]],
    [map(string()), "map(string)", { Team: "${b} %{c}" }],
  ])("has the type of its field: %#", (field, type, value) => {
    expect(declare("some", variable(field, "What it is."), value)).toMatchObject({
      type,
      description: "What it is.",
      nullable: false,
      default: value,
    });
  });

  it("has the rules of its field, with the same messages", () => {
    expect(declare("root_volume_gib", variable(size, "The size."), 30).validation).toEqual([
      {
        condition:
          "${floor(var.root_volume_gib) == var.root_volume_gib && var.root_volume_gib >= 30 && var.root_volume_gib <= 100}",
        error_message:
          "root_volume_gib must be a whole number from 30 to 100 (GiB); received ${jsonencode(var.root_volume_gib)}. For example 30.",
      },
    ]);
  });

  it("is required without a default", () => {
    expect(declare("some", variable(string(), "What it is."))).not.toHaveProperty("default");
  });

  it("can be null when its field can, and its rules accept null", () => {
    const field = variable(
      number(bounded("desired_size", "<=", "max_size", "Lower it.")).nullable(),
      "The desired size.",
    );
    expect(declare("desired_size", field, null)).toMatchObject({
      default: null,
      validation: [{ condition: "${var.desired_size == null ? true : var.desired_size <= var.max_size}" }],
    });
    expect(declare("desired_size", field, null)).not.toHaveProperty("nullable");
  });

  it("is sensitive when its field is", () => {
    expect(declare("ssh_public_key", variable(sensitive(string()), "The key.")).sensitive).toBe(true);
  });

  it("is read by the name of its setting", () => {
    const stack = emptyStack();
    const variables = new Variables(stack, "variables", {
      minSize: { name: "min_size", field: size },
      name: { name: "name", field: string() },
      sshCidrs: { name: "ssh_cidrs", field: list(string()) },
    });
    const read = [variables.string("name"), variables.number("minSize"), variables.list("sshCidrs")];
    expect(read.map((value) => resolved(stack, value))).toEqual(["${var.name}", "${var.min_size}", "${var.ssh_cidrs}"]);
    expect(() => variables.string("other")).toThrow("The stack has no variable for other with these settings.");
  });
});
