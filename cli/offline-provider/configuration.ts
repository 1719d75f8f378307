import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A parsed file of Terraform JSON, such as `cdk.tf.json`. */
export type Configuration = { readonly [block: string]: unknown };

/** The types that a configuration uses. The provider derives the schema of these types only. */
export interface TypesInUse {
  readonly resources: readonly string[];
  readonly dataSources: readonly string[];
}

const AWS_TYPE = /^aws_\w+$/;

/** Returns the AWS types in Terraform JSON: resources, data sources, and data sources inside `check` blocks. */
export function typesIn(...configurations: readonly Configuration[]): TypesInUse {
  const resources = new Set<string>();
  const dataSources = new Set<string>();
  for (const configuration of configurations) {
    for (const part of parts(configuration.resource)) addTypes(resources, part);
    for (const part of parts(configuration.data)) addTypes(dataSources, part);
    for (const named of parts(configuration.check)) {
      for (const check of Object.values(named).flatMap(parts)) {
        for (const part of parts(check.data)) addTypes(dataSources, part);
      }
    }
  }
  return sorted(resources, dataSources);
}

/**
 * Returns the AWS types in a folder of Terraform files (JSON or HCL), with its modules, tests and local state.
 * Terraform must read and destroy the resources of the state, even if no file has them.
 * @throws {Error} with the name of a JSON file that cannot be parsed
 */
export function typesInFolder(folder: string): TypesInUse {
  const resources = new Set<string>();
  const dataSources = new Set<string>();
  for (const file of terraformFiles(folder)) {
    const text = readFileSync(file, "utf8");
    const found = file.endsWith(".hcl") || file.endsWith(".tf") ? typesInHcl(text) : typesInJson(file, text);
    for (const type of found.resources) resources.add(type);
    for (const type of found.dataSources) dataSources.add(type);
  }
  return sorted(resources, dataSources);
}

/** Returns the types in HCL, from the first lines of blocks such as `resource "aws_lb" "x"` and `mock_data "aws_vpcs"`. */
export function typesInHcl(text: string): TypesInUse {
  const resources = new Set<string>();
  const dataSources = new Set<string>();
  for (const [, block, type = ""] of text.matchAll(/^\s*(resource|data|mock_resource|mock_data)\s+"(aws_\w+)"/gm)) {
    (block === "data" || block === "mock_data" ? dataSources : resources).add(type);
  }
  return sorted(resources, dataSources);
}

/** Returns the types of both. */
export function unionOf(a: TypesInUse, b: TypesInUse): TypesInUse {
  return sorted(new Set([...a.resources, ...b.resources]), new Set([...a.dataSources, ...b.dataSources]));
}

function typesInJson(file: string, text: string): TypesInUse {
  let json: Configuration;
  try {
    json = JSON.parse(text) as Configuration;
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${(error as Error).message}`);
  }
  if (!isState(file)) return typesIn(json);
  const resources = parts(json.resources).flatMap(({ mode, type }) => (mode === "managed" ? [String(type)] : []));
  return sorted(new Set(resources.filter((type) => AWS_TYPE.test(type))), new Set());
}

const isState = (file: string) => file.endsWith(".tfstate");

function terraformFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => filesOf(folder, entry));
}

function filesOf(folder: string, entry: Dirent): string[] {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return /^(\.|node_modules$)/.test(entry.name) ? [] : terraformFiles(path);
  return /\.(tf|tf\.json|tftest\.hcl|tftest\.json|tfmock\.hcl|tfstate)$/.test(entry.name) ? [path] : [];
}

/** Returns an object, or the objects of a list. Terraform JSON accepts a list of objects in place of an object. */
function parts(value: unknown): { readonly [name: string]: unknown }[] {
  if (Array.isArray(value)) return value.flatMap(parts);
  return typeof value === "object" && value !== null ? [value as { [name: string]: unknown }] : [];
}

function addTypes(types: Set<string>, blocks: { readonly [type: string]: unknown }): void {
  for (const type of Object.keys(blocks)) if (AWS_TYPE.test(type)) types.add(type);
}

function sorted(resources: ReadonlySet<string>, dataSources: ReadonlySet<string>): TypesInUse {
  return { resources: [...resources].sort(), dataSources: [...dataSources].sort() };
}
