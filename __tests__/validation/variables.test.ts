import { type ValueTable, valueTable } from "../../src/stacks/value-table";
import { Variables } from "../../src/validation/variables";
import { at, emptyStack, type Part, resolved, synthesized } from "../support/synthesized";

const DEFAULT_TABLE = valueTable({ amiFamily: "amazon-linux-2023", keyPair: "import", loadBalancer: {} } as never);

function declared(table: ValueTable = DEFAULT_TABLE): {
  variables: Variables;
  json: Record<string, Part>;
  stack: ReturnType<typeof emptyStack>;
} {
  const stack = emptyStack();
  const variables = new Variables(stack, "variables", table);
  return { variables, stack, json: synthesized(stack).variable as Record<string, Part> };
}

describe("Variables", () => {
  it("are those of the default app, with these defaults", () => {
    const defaults = Object.fromEntries(
      Object.entries(declared().json).map(([name, block]) => [name, "default" in block ? block.default : "required"]),
    );
    expect(defaults).toEqual({
      region: "ap-northeast-2",
      name: "ecs",
      instance_types: ["t3.small"],
      min_size: 1,
      max_size: 2,
      desired_size: null,
      ssh_public_key: "required",
      ssh_cidrs: [],
      http_cidrs: ["0.0.0.0/0"],
      root_volume_gib: 30,
      ami_version: "recommended",
      log_retention_days: 14,
      tags: {},
    });
  });

  it("have a type and a description each", () => {
    for (const block of Object.values(declared().json)) {
      expect(block.type).toMatch(/^(string|number|list\(string\)|map\(string\))$/);
      expect(block.description).toMatch(/^[A-Z].{20,}\.$/);
    }
  });

  it("take null nowhere but in the desired size", () => {
    const nullable = Object.entries(declared().json).filter(([, block]) => block.nullable !== false);
    expect(nullable.map(([name]) => name)).toEqual(["desired_size"]);
  });

  it("have a validation each, but the key, which a validation would print", () => {
    const without = Object.entries(declared().json).filter(([, block]) => at(block, "validation", 0) === undefined);
    expect(without.map(([name]) => name)).toEqual(["ssh_public_key"]);
    expect(declared().json.ssh_public_key).toMatchObject({ sensitive: true });
  });

  it("render a rule as a condition and its message", () => {
    expect(at(declared().json, "root_volume_gib", "validation")).toEqual([
      {
        condition:
          "${floor(var.root_volume_gib) == var.root_volume_gib && var.root_volume_gib >= 30 && var.root_volume_gib <= 65536}",
        error_message:
          "root_volume_gib must be a whole number from 30 to 65536 (GiB); received ${jsonencode(var.root_volume_gib)}. The ECS-optimized AMI's own snapshot takes 30.",
      },
    ]);
  });

  it("keep a default with a template sequence as it is, since Terraform takes a JSON default literally", () => {
    const tags = { ...(DEFAULT_TABLE.tags as NonNullable<ValueTable["tags"]>), default: { a: "${b} %{c}" } };
    expect(at(declared({ tags }).json, "tags", "default")).toEqual({ a: "${b} %{c}" });
  });

  it("are read by their names in camel case", () => {
    const { variables, stack } = declared();
    const read = [variables.string("name"), variables.number("minSize"), variables.list("sshCidrs")];
    expect(read.map((value) => resolved(stack, value))).toEqual(["${var.name}", "${var.min_size}", "${var.ssh_cidrs}"]);
  });

  it("say so when the settings bring no such variable", () => {
    expect(() => declared().variables.string("certificateArn")).toThrow(
      "The stack has no variable for certificateArn with these settings.",
    );
  });

  it.each([
    [{ keyPair: "existing" }, ["key_name", "ssh_cidrs"], ["ssh_public_key"]],
    [{ keyPair: "none" }, [], ["ssh_public_key", "key_name", "ssh_cidrs"]],
    [{ loadBalancer: false }, [], ["http_cidrs", "certificate_arn"]],
    [{ loadBalancer: { https: true } }, ["certificate_arn"], []],
    [{ vpcId: "vpc-12345678" }, ["vpc_id", "subnet_ids"], []],
  ])("follow the structure: %j", (settings, present, absent) => {
    const table = valueTable({
      amiFamily: "amazon-linux-2023",
      keyPair: "import",
      loadBalancer: {},
      ...settings,
    } as never);
    const names = Object.keys(declared(table).json);
    expect(names).toEqual(expect.arrayContaining(present));
    expect(names.filter((name) => (absent as readonly string[]).includes(name))).toEqual([]);
  });
});
