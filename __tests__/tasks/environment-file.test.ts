import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { TerraformVariable, Testing } from "cdktf";
import { TaskDefinition } from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const FILE = "arn:aws:s3:::config/prod/users.env";

describe("environmentFiles", () => {
  it("are objects in S3", () => {
    expect(defined({ environmentFiles: [FILE] })).toMatchObject({ environmentFiles: [{ value: FILE, type: "s3" }] });
    expect(defined()).not.toHaveProperty("environmentFiles");
  });

  it("let the execution role read the objects and find their buckets", () => {
    const json = Testing.synthScope((stack) => {
      const given = new TerraformVariable(stack, "given", { type: "string" });
      new TaskDefinition(stack, "task", {
        cluster: clusterTarget(),
        name: "users",
        containers: [
          { name: "users", image: "users:7", environmentFiles: [FILE, given.stringValue] },
          { name: "proxy", image: "envoy:1", environmentFiles: [FILE] },
        ],
      });
    });
    const policy = expect.stringContaining(
      `{ "Effect" = "Allow", "Action" = ["s3:GetObject"], "Resource" = ["${FILE}", var.given] }, { "Effect" = "Allow", "Action" = ["s3:GetBucketLocation"], "Resource" = ["arn:aws:s3:::config", split("/", var.given)[0]] }`,
    );
    expect(json).toHaveResourceWithProperties(IamRolePolicy, { name: "start-tasks", policy });
  });

  it.each<[string, string[], string]>([
    [
      "an address of S3",
      ["s3://config/users.env"],
      'environmentFiles[0] must be the ARN of an S3 object whose key ends with .env; received "s3://config/users.env". For example arn:aws:s3:::my-bucket/prod/users.env.',
    ],
    [
      "a key without .env",
      ["arn:aws:s3:::config/users"],
      'environmentFiles[0] must be the ARN of an S3 object whose key ends with .env; received "arn:aws:s3:::config/users". For example arn:aws:s3:::my-bucket/prod/users.env.',
    ],
    [
      "more files than ECS accepts",
      Array(11).fill(FILE),
      "environmentFiles must have at most 10 files; received 11. Combine some of them.",
    ],
  ])("reject %s", (_, environmentFiles, message) => {
    expect(problemsOf(() => parsed({ environmentFiles }))).toEqual([message]);
  });
});
