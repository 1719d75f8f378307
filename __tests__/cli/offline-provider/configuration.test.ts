import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typesIn, typesInFolder, typesInHcl } from "../../../cli/offline-provider/configuration";

describe("the types of a configuration", () => {
  it("are those of resources, data sources and data sources inside checks, sorted and once", () => {
    const types = typesIn(
      {
        resource: { aws_lb: { a: {}, b: {} }, null_resource: { c: {} } },
        data: { aws_vpcs: { d: {} } },
        check: { health: { data: { aws_ecs_cluster: { e: {} } }, assert: [] } },
      },
      { resource: { aws_ecs_cluster: { f: {} }, aws_lb: { g: {} } } },
    );
    expect(types).toEqual({ resources: ["aws_ecs_cluster", "aws_lb"], dataSources: ["aws_ecs_cluster", "aws_vpcs"] });
  });

  it("are found when Terraform JSON has lists in place of objects", () => {
    const configuration = {
      resource: [{ aws_lb: [{ a: {} }] }],
      check: [{ x: [{ data: [{ aws_vpcs: { y: {} } }] }] }],
    };
    expect(typesIn(configuration)).toEqual({ resources: ["aws_lb"], dataSources: ["aws_vpcs"] });
  });

  it("are found in HCL, mocks included", () => {
    const text = `
      resource "aws_lb" "x" {}
      data "aws_vpcs" "x" {}
      mock_provider "aws" {
        mock_data "aws_subnets" {}
        mock_resource "aws_ecs_cluster" {}
      }
      # resource "aws_eip" is not one
      resource "null_resource" "x" {}`;
    expect(typesInHcl(text)).toEqual({
      resources: ["aws_ecs_cluster", "aws_lb"],
      dataSources: ["aws_subnets", "aws_vpcs"],
    });
  });
});

describe("the types of a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "offline-types-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it("are those of all Terraform files, of modules in subfolders and of the state", () => {
    for (const name of ["module", ".terraform", "node_modules"]) mkdirSync(join(folder, name));
    write("main.tf", 'resource "aws_lb" "x" {}');
    write("main.tf.json", '{"data":{"aws_vpcs":{"x":{}}}}');
    write("x.tftest.hcl", 'mock_provider "aws" {\n  mock_data "aws_subnets" {}\n}');
    write("terraform.tfstate", '{"resources":[{"mode":"managed","type":"aws_eip"},{"mode":"data","type":"aws_ami"}]}');
    write("module/main.tf", 'resource "aws_ecs_cluster" "x" {}');
    write(".terraform/main.tf", 'resource "aws_ignored" "x" {}');
    write("node_modules/main.tf", 'resource "aws_ignored" "x" {}');
    write("notes.json", "not read");
    expect(typesInFolder(folder)).toEqual({
      resources: ["aws_ecs_cluster", "aws_eip", "aws_lb"],
      dataSources: ["aws_subnets", "aws_vpcs"],
    });
  });

  it("are an error for a file that is not valid JSON, with its name", () => {
    write("main.tf.json", "{");
    expect(() => typesInFolder(folder)).toThrow(/main\.tf\.json is not valid JSON/);
  });
});
