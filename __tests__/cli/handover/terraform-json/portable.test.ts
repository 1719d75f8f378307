import { hcl } from "../../../../cli/handover/hcl";
import {
  HandoverError,
  type Json,
  type JsonObject,
  readConfiguration,
  strings,
} from "../../../../cli/handover/terraform-json/configuration";
import { portable } from "../../../../cli/handover/terraform-json/portable";
import { portableJson } from "../../../../cli/handover/terraform-json/portable-json";
import { stackJson } from "../../../support/handover";

/** The JSON files of a hand-over, without the rest of it. */
const filesOf = (name: string, module = false) =>
  portableJson(portable(readConfiguration(stackJson(name) as Json), module));

const parsed = (name: string, file: string): JsonObject => JSON.parse(filesOf(name)[file] ?? "null") as JsonObject;

/** Every address of Terraform JSON, with its body. */
const bodies = (json: JsonObject): Record<string, Json> =>
  Object.fromEntries(
    ["resource", "data"].flatMap((kind) =>
      Object.entries((json[kind] ?? {}) as Record<string, JsonObject>).flatMap(([type, byName]) =>
        Object.entries(byName).map(([name, body]) => [`${kind}.${type}.${name}`, body]),
      ),
    ),
  );

const withoutMetadata = (value: Json): Json =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === "//" ? undefined : inner)));

describe("portable Terraform JSON", () => {
  it.each(["ecs", "microservices"])("has every address of %s with the body that the stack has", (name) => {
    const stack = withoutMetadata(stackJson(name) as Json) as JsonObject;
    const main = parsed(name, "main.tf.json");
    expect(bodies(main)).toEqual(bodies(stack));
    expect(main).toMatchObject({ locals: stack.locals, check: stack.check, provider: stack.provider });
    expect(parsed(name, "outputs.tf.json").output).toEqual(stack.output);
  });

  it("has every variable; an empty list of validations is left out", () => {
    const stack = withoutMetadata(stackJson("ecs") as Json) as { variable: Record<string, JsonObject> };
    const { variable } = parsed("ecs", "variables.tf.json") as { variable: Record<string, JsonObject> };
    expect(Object.keys(variable).sort()).toEqual(Object.keys(stack.variable).sort());
    for (const [name, { validation, ...body }] of Object.entries(stack.variable)) {
      const isEmpty = Array.isArray(validation) && validation.length === 0;
      expect(variable[name]).toEqual(isEmpty || validation === undefined ? body : { ...body, validation });
    }
    expect(variable.desired_size).toHaveProperty("default", null);
  });

  it("keeps the versions, with the provider's full source, and drops the backend", () => {
    expect(parsed("ecs", "versions.tf.json")).toEqual({
      terraform: {
        required_version: ">= 1.10",
        required_providers: { aws: { source: "hashicorp/aws", version: expect.stringMatching(/\d+\.\d+\.\d+/) } },
      },
    });
  });

  it("holds no metadata and no path of a machine", () => {
    const files = filesOf("microservices");
    const text = Object.values(files).join("\n");
    expect(text).not.toContain('"//"');
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain("cdktf.out");
    expect(text).not.toMatch(/"(local|s3)": \{\s*"path"/);
  });

  it("puts what is required and what everything hangs on first, and tags last", () => {
    const { variable } = parsed("ecs", "variables.tf.json") as { variable: object };
    const names = Object.keys(variable);
    expect(names.slice(0, 3)).toEqual(["ssh_public_key", "region", "name"]);
    expect(names.at(-1)).toBe("tags");
  });

  it("orders types as a person reads them, and keys with the name first and the lifecycle last", () => {
    const { resource } = parsed("ecs", "main.tf.json") as {
      resource: Record<string, Record<string, JsonObject>>;
    };
    const types = Object.keys(resource);
    const order = ["aws_security_group", "aws_iam_role", "aws_ecs_cluster", "aws_launch_template", "aws_lb"];
    expect(order.map((type) => types.indexOf(type))).toEqual(
      [...order.map((type) => types.indexOf(type))].sort((a, b) => a - b),
    );
    const group = Object.keys(resource.aws_autoscaling_group?.capacity as object);
    expect(group.slice(0, 4)).toEqual(["name", "max_size", "min_size", "desired_capacity"]);
    expect(group.slice(-2)).toEqual(["lifecycle", "depends_on"]);
    const rule = Object.keys(resource.aws_vpc_security_group_ingress_rule?.port_rules_ssh as object);
    expect(rule.slice(0, 5)).toEqual(["for_each", "description", "ip_protocol", "from_port", "to_port"]);
  });

  it("is the same whatever the order in which the stack was written", () => {
    const reversed = (value: Json): Json =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, reversed(inner)]),
          )
        : value;
    const json = withoutMetadata(stackJson("microservices") as Json);
    const [one, two] = [json, reversed(json)].map((stack) => portable(readConfiguration(stack)));
    const elements = (files: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(JSON.parse(files["main.tf.json"] as string)).filter(([key]) => key !== "locals"),
      );
    expect(JSON.stringify(elements(portableJson(two as never)))).toBe(
      JSON.stringify(elements(portableJson(one as never))),
    );
    expect(portableJson(two as never)["variables.tf.json"]).toBe(portableJson(one as never)["variables.tf.json"]);
  });

  it("leaves the provider's configuration out of a module", () => {
    const files = filesOf("ecs", true);
    expect(JSON.parse(files["main.tf.json"] as string)).not.toHaveProperty("provider");
  });

  it("refuses a module of a stack with a second configuration of a provider", () => {
    const provider: Json = { aws: [{ region: "eu-west-1" }, { region: "us-east-1", alias: "us" }] };
    expect(portable(readConfiguration({ provider })).providers).toHaveLength(2);
    expect(() => portable(readConfiguration({ provider }), true)).toThrow(
      "--module takes a stack with one configuration of each provider; received aws.us too.",
    );
  });

  it("refuses a block that it has no place for", () => {
    expect(() => readConfiguration({ ephemeral: {}, resource: {} })).toThrow(
      'A hand-over has no place for the block "ephemeral"; it knows terraform, provider,',
    );
    expect(() => readConfiguration([])).toThrow(HandoverError);
  });

  it("names a resource type that it has no place for", () => {
    const stack = readConfiguration({ resource: { aws_new_thing: { own: {} } } });
    expect(() => portable(stack)).toThrow(
      `doesn't know what the resource type "aws_new_thing" (aws_new_thing.own) is for. Add it to TYPES in cli/handover/terraform-json/topics.ts`,
    );
  });

  it("keeps moved blocks in both notations", () => {
    const move = { from: "aws_lb.old", to: "aws_lb.load_balancer" };
    const stack = portable(readConfiguration({ moved: [move], terraform: {} }));
    expect(JSON.parse(portableJson(stack)["main.tf.json"] as string)).toEqual({ moved: [move] });
    expect(hcl(stack)["main.tf"]).toBe("moved {\n  from = aws_lb.old\n  to   = aws_lb.load_balancer\n}\n");
  });

  it("finds every text with its path", () => {
    expect(strings({ a: ["x", { b: "y" }], c: 1 })).toEqual([
      { path: "a.0", text: "x" },
      { path: "a.1.b", text: "y" },
    ]);
  });
});
