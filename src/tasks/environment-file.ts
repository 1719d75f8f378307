import type { PolicyStatement } from "../iam/policy-statement";
import { hcl } from "../terraform/expression";
import { matches } from "../validation/rule";
import { list, type Parsed, plain, schemaOf, string } from "../validation/schema";
import type { Limit } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { some, text } from "./ecs-json";

/** The environment files of a container. */
export interface EnvironmentFiles {
  /**
   * The ARNs of S3 objects with environment variables, a `NAME=VALUE` on each line. The keys end with `.env`. A variable in
   * `environment` has priority over a file, and an earlier file over a later one. The execution role can read these objects.
   * @default - none
   */
  readonly environmentFiles?: readonly string[];
}

const MOST_FILES = 10;
const fewFiles: Limit<readonly unknown[]> = {
  must: `have at most ${MOST_FILES} files`,
  fix: "Combine some of them.",
  check: (files) => files.length <= MOST_FILES,
  offending: { of: (files) => files.length },
};
const objectArn = matches(
  "^arn:[^:]+:s3:::[^/]+/.*[.]env$",
  "be the ARN of an S3 object whose key ends with .env",
  "For example arn:aws:s3:::my-bucket/prod/users.env.",
);

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html */
export const environmentFilesSchema = schemaOf<EnvironmentFiles>()({
  environmentFiles: plain(list(string(objectArn), fewFiles)).default([]),
});

type Files = Parsed<typeof environmentFilesSchema>;

/** Returns the files as the API of ECS names them. */
export const environmentFilesJson = ({ environmentFiles }: Files) => ({
  environmentFiles: some(environmentFiles.map((value) => ({ value: text(value), type: "s3" }))),
});

/** Returns the permissions that the execution role needs for the files of a task's containers. */
export function environmentFileStatements(containers: readonly Files[]): PolicyStatement[] {
  const files = [...new Set(containers.flatMap(({ environmentFiles }) => environmentFiles))];
  if (files.length === 0) return [];
  return [
    { actions: ["s3:GetObject"], resources: files },
    { actions: ["s3:GetBucketLocation"], resources: [...new Set(files.map(bucketArn))] },
  ];
}

const bucketArn = (file: string): string =>
  isToken(file) ? hcl`split("/", ${file})[0]`.string : (file.split("/")[0] as string);
