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
import { REQUIRED_TERRAFORM_VERSION } from "../../../../src/stacks/backend";
import { stackJson } from "../../../support/handover";

/** Returns only the JSON files of a hand-over. */
const filesOf = (name: string, module = false) =>
  portableJson(portable(readConfiguration(stackJson(name) as Json), module));

const parsed = (name: string, file: string): JsonObject => JSON.parse(filesOf(name)[file] ?? "null") as JsonObject;

/** Returns the bodies of all addresses in Terraform JSON. */
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
  it.each(["ecs", "microservices"])("has all addresses of %s, with the same bodies", (name) => {
    const stack = withoutMetadata(stackJson(name) as Json) as JsonObject;
    const main = parsed(name, "main.tf.json");
    expect(bodies(main)).toEqual(bodies(stack));
    expect(main).toMatchObject({ locals: stack.locals, check: stack.check, provider: stack.provider });
    expect(parsed(name, "outputs.tf.json").output).toEqual(stack.output);
  });

  it("has all variables, without empty validations", () => {
    const stack = withoutMetadata(stackJson("ecs") as Json) as { variable: Record<string, JsonObject> };
    const { variable } = parsed("ecs", "variables.tf.json") as { variable: Record<string, JsonObject> };
    expect(Object.keys(variable).sort()).toEqual(Object.keys(stack.variable).sort());
    for (const [name, { validation, ...body }] of Object.entries(stack.variable)) {
      const isEmpty = Array.isArray(validation) && validation.length === 0;
      expect(variable[name]).toEqual(isEmpty || validation === undefined ? body : { ...body, validation });
    }
    expect(variable.desired_size).toHaveProperty("default", null);
  });

  it("has the versions, with the full source address of the provider, and no backend", () => {
    expect(parsed("ecs", "versions.tf.json")).toEqual({
      terraform: {
        required_version: ">= 1.10",
        required_providers: { aws: { source: "hashicorp/aws", version: expect.stringMatching(/\d+\.\d+\.\d+/) } },
      },
    });
  });

  it("requires the version of Terraform that the library requires, unless the stack requires another", () => {
    const versions = (terraform: Json) => portable(readConfiguration({ terraform })).versions;
    expect(versions({})).toEqual({ required_version: REQUIRED_TERRAFORM_VERSION });
    expect(versions({ required_version: ">= 1.12" })).toEqual({ required_version: ">= 1.12" });
  });

  it("contains no metadata and no path of this machine", () => {
    const files = filesOf("microservices");
    const text = Object.values(files).join("\n");
    expect(text).not.toContain('"//"');
    expect(text).not.toContain(process.cwd());
    expect(text).not.toContain("cdktf.out");
    expect(text).not.toMatch(/"(local|s3)": \{\s*"path"/);
  });

  it("has required variables first, then region and name, and tags last", () => {
    const { variable } = parsed("ecs", "variables.tf.json") as { variable: object };
    const names = Object.keys(variable);
    expect(names.slice(0, 3)).toEqual(["ssh_public_key", "region", "name"]);
    expect(names.at(-1)).toBe("tags");
  });

  it("has types in reading order, and keys with the name first and the lifecycle last", () => {
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

  it("does not depend on the order of the JSON", () => {
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

  it("has no provider configuration in a module", () => {
    const files = filesOf("ecs", true);
    expect(JSON.parse(files["main.tf.json"] as string)).not.toHaveProperty("provider");
  });

  it("rejects a module of a stack with a second configuration of a provider", () => {
    const provider: Json = { aws: [{ region: "eu-west-1" }, { region: "us-east-1", alias: "us" }] };
    expect(portable(readConfiguration({ provider })).providers).toHaveLength(2);
    expect(() => portable(readConfiguration({ provider }), true)).toThrow(
      "--module requires a stack with one configuration of each provider; received also aws.us.",
    );
  });

  it("rejects an unknown block", () => {
    expect(() => readConfiguration({ ephemeral: {}, resource: {} })).toThrow(
      'The hand-over does not know the block "ephemeral". It knows terraform, provider,',
    );
    expect(() => readConfiguration([])).toThrow(HandoverError);
  });

  it("rejects an unknown resource type", () => {
    const stack = readConfiguration({ resource: { aws_new_thing: { own: {} } } });
    expect(() => portable(stack)).toThrow(
      `does not know the resource type "aws_new_thing" (aws_new_thing.own). Add it to TYPES in cli/handover/terraform-json/topics.ts`,
    );
  });

  it("keeps moved blocks in JSON and in HCL", () => {
    const move = { from: "aws_lb.old", to: "aws_lb.load_balancer" };
    const stack = portable(readConfiguration({ moved: [move], terraform: {} }));
    expect(JSON.parse(portableJson(stack)["main.tf.json"] as string)).toEqual({ moved: [move] });
    expect(hcl(stack)["main.tf"]).toBe("moved {\n  from = aws_lb.old\n  to   = aws_lb.load_balancer\n}\n");
  });

  it("returns all strings with their paths", () => {
    expect(strings({ a: ["x", { b: "y" }], c: 1 })).toEqual([
      { path: "a.0", text: "x" },
      { path: "a.1.b", text: "y" },
    ]);
  });
});
