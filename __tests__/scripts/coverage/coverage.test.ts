import { fieldsOf } from "../../../scripts/coverage/botocore";
import { coverageProblems } from "../../../scripts/coverage/coverage";
import { LISTS, readList } from "../../../scripts/coverage/field-list";
import { MAPPINGS } from "../../../scripts/coverage/mappings";
import { argumentsOf, providerArguments } from "../../../scripts/coverage/provider-arguments";
import { findSchemas } from "../../../scripts/docs/schemas";
import { readLibrary } from "../../../scripts/docs/source";

const source = readLibrary();
const library = { source, schemas: findSchemas(source, require) };

describe("the mappings of fields to properties", () => {
  it("exist for each list", () => {
    expect(Object.keys(MAPPINGS).sort()).toEqual(Object.keys(LISTS).sort());
  });

  it.each(Object.entries(MAPPINGS))(
    "map each field of %s, and nothing else, to properties that exist",
    (name, mapping) => {
      expect(coverageProblems(name, readList(name), mapping, library)).toEqual([]);
    },
  );

  it.each(Object.entries(MAPPINGS))("decide each field of %s, except those of network load balancers", (_, mapping) => {
    const open = Object.values(mapping).flatMap((cover) =>
      typeof cover === "object" && "open" in cover ? [cover.open] : [],
    );
    expect(open.filter((subject) => subject !== "network load balancers")).toEqual([]);
  });

  it.each([
    [
      "a field without a row",
      { a: "Ulimit.name" },
      "test: b has no row in the mapping. Map it to a property, or say why it is out of scope.",
    ],
    [
      "a row without a field",
      { a: "Ulimit.name", b: "Ulimit.name", c: "Ulimit.name" },
      "test: c is in the mapping, and not in the list. Remove its row.",
    ],
    [
      "a setting that does not exist",
      { a: "Ulimit.nam", b: "Ulimit.name" },
      "test: a names Ulimit.nam, which does not exist.",
    ],
    [
      "an interface that does not exist",
      { a: "Ulimit.name", b: ["Ulimit.name", "Ulimits.name"] },
      "test: b names Ulimits.name, which does not exist.",
    ],
    [
      "an interface that is not exported",
      { a: "ContainerUlimits.ulimits", b: "Ulimit.name" },
      "test: a names ContainerUlimits.ulimits, which does not exist.",
    ],
    [
      "a method that does not exist",
      { a: "Secret.fromNothing()", b: "Secret.fromSsmParameter()" },
      "test: a names Secret.fromNothing(), which does not exist.",
    ],
  ])("report %s", (_, mapping, problem) => {
    expect(coverageProblems("test", { source: "a test", fields: ["a", "b"] }, mapping, library)).toEqual([problem]);
  });

  it("can have a fixed value, and a reason why a field is out of scope", () => {
    const mapping = { a: { fixed: "Always `EC2`." }, b: { outOfScope: "It is for Fargate." } };
    expect(coverageProblems("test", { source: "a test", fields: ["a", "b"] }, mapping, library)).toEqual([]);
  });
});

describe("the lists of fields", () => {
  it.each(Object.keys(LISTS))("%s names the version that it was read from, and its fields in order", (name) => {
    const { source, fields } = readList(name);
    expect(source).toMatch(/^(botocore|@cdktf\/provider-aws) \d+\.\d+\.\d+/);
    expect(fields).toEqual([...fields].sort());
    expect(fields.length).toBeGreaterThan(10);
  });

  it("are current for the installed bindings", () => {
    for (const name of Object.keys(LISTS).filter((name) => name.startsWith("aws_"))) {
      expect(readList(name)).toEqual(providerArguments(name));
    }
  });

  it("have the fields inside lists and structures of an API", () => {
    const shapes = {
      Request: {
        type: "structure",
        members: { name: { shape: "Text" }, ports: { shape: "Ports" }, labels: { shape: "Map" } },
      },
      Ports: { type: "list", member: { shape: "Port" } },
      Port: { type: "structure", members: { number: { shape: "Number" }, names: { shape: "Names" } } },
      Names: { type: "list", member: { shape: "Text" } },
      Map: { type: "map" },
      Text: { type: "string" },
      Number: { type: "integer" },
    };
    expect(fieldsOf(shapes, "Request")).toEqual(["name", "ports[].number", "ports[].names[]", "labels"]);
  });

  it("have what can be set of a resource type, and leave out what is only computed", () => {
    const attribute = (optional: boolean) =>
      ({ type: "string", optional, required: false, computed: !optional }) as const;
    const block = { attributes: { name: attribute(true), arn: attribute(false) }, blocks: {} };
    const nested = { nesting: "list", minItems: 0, block } as const;
    expect(
      argumentsOf({
        attributes: block.attributes,
        blocks: { one: { ...nested, maxItems: 1 }, many: { ...nested, maxItems: 0 } },
      }),
    ).toEqual(["name", "one.name", "many[].name"]);
  });
});
