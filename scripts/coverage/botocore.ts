import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldList } from "./field-list";

/** A shape of botocore's model of a service. */
interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
}

/** The part of botocore's model of a service that has its shapes. */
export type Shapes = Readonly<Record<string, Shape>>;

/** Prints the version of a wheel of botocore, and its model of a service. */
const READ = `
import glob, gzip, json, sys, zipfile
folder, service = sys.argv[1:]
wheel, = glob.glob(folder + "/botocore-*.whl")
archive = zipfile.ZipFile(wheel)
path = max(name for name in archive.namelist() if name.startswith(f"botocore/data/{service}/") and "/service-2.json" in name)
model = json.loads(gzip.decompress(archive.read(path)))
print(json.dumps({"version": wheel.split("/")[-1].split("-")[1], "shapes": model["shapes"]}))
`;

/** Downloads the newest botocore from PyPI into a temporary folder, and returns the fields of a request of a service. */
export function modelFields(service: string, request: string): FieldList {
  const folder = mkdtempSync(join(tmpdir(), "botocore-"));
  try {
    const python = (...args: string[]) =>
      execFileSync("python3", args, { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
    python("-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, "botocore");
    const { version, shapes } = JSON.parse(python("-c", READ, folder, service)) as { version: string; shapes: Shapes };
    return { source: `botocore ${version}, ${service}: ${request}`, fields: fieldsOf(shapes, request).sort() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the paths of the fields of a shape that have no fields of their own. A list has `[]` in its path. */
export function fieldsOf(shapes: Shapes, name: string, path = ""): string[] {
  const { type, members, member } = shapes[name] as Shape;
  if (type === "list" && member) return fieldsOf(shapes, member.shape, `${path}[]`);
  if (type !== "structure") return [path];
  return Object.entries(members ?? {}).flatMap(([key, { shape }]) =>
    fieldsOf(shapes, shape, path === "" ? key : `${path}.${key}`),
  );
}
