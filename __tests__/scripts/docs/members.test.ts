import { memberSections } from "../../../scripts/docs/members";
import { sourceOf } from "./source-of";

const SOURCE = sourceOf(`
  class Base { /** Of the base. */ overridden(): string { return ""; } }
  export class Cluster extends Base {
    /** The name | the ARN. */ readonly name: string = "";
    private readonly secret: string = "";
    /** A count. */ get count(): number { return 1; }
    protected hidden(): string { return ""; }
    /** Overrides. */ override overridden(): string { return this.secret; }
    /**
     * Returns a cluster.
     * @param name its name
     * @throws {Error} when it does not exist
     */
    static find(name: string, all = true): Cluster { return new Cluster(); }
  }`);

const [attributes = "", methods = ""] = memberSections(SOURCE, SOURCE.exports.get("Cluster") as never, "##", (name) =>
  name === "Cluster" ? "#cluster" : undefined,
);

describe("the sections about a class", () => {
  it("have its public attributes", () => {
    expect(attributes.split("\n")).toEqual([
      "## Attributes",
      "",
      "| Attribute | Type | Meaning |",
      "| --- | --- | --- |",
      "| `name` | `string` | The name \\| the ARN. |",
      "| `count` | `number` | A count. |",
    ]);
  });

  it("have its own public methods, with their parameters and errors", () => {
    expect(methods.split("\n")).toEqual([
      "## Methods",
      "",
      "| Method | Returns | Meaning |",
      "| --- | --- | --- |",
      "| `Cluster.find(name: string, all = true)` | [`Cluster`](#cluster) | Returns a cluster. `name`: its name. Throws `Error` when it does not exist. |",
    ]);
  });
});
