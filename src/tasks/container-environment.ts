import { type Secret, secretField } from "../iam/secret";
import { hcl } from "../terraform/expression";
import type { Guard } from "../terraform/guard";
import { matches } from "../validation/rule";
import { map, type Parsed, schemaOf, sensitive, string } from "../validation/schema";
import type { Findings, Known } from "../validation/settings-rule";
import { isToken } from "../validation/token";
import { some, sortedEntries, text } from "./ecs-json";
import type { NamedSecret } from "./secret-versions";

/** The environment variables of a container. */
export interface ContainerEnvironment {
  /**
   * Environment variables. `AWS_REGION` and `AWS_DEFAULT_REGION` are always set. Numbers that only Terraform knows become
   * text.
   * @default - no others
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environment variables that ECS reads from SSM or Secrets Manager when the container starts. @default - none */
  readonly secrets?: Readonly<Record<string, Secret>>;
}

const names = [matches("^[^=\\x00-\\x20]{1,512}$", "have a name without spaces and =", "Rename the variable.")];

export const containerEnvironmentSchema = schemaOf<ContainerEnvironment>()(
  {
    environment: map(string(), { names }).default({}),
    secrets: sensitive(map(secretField, { names })).default({}),
  },
  distinctVariables,
);

function* distinctVariables({
  environment = {},
  secrets = {},
}: Known<ContainerEnvironment>): Findings<ContainerEnvironment> {
  for (const name of Object.keys(secrets)) {
    const at = ["secrets", name] as const;
    if (Object.hasOwn(environment, name)) {
      yield { at, must: "have a name that environment does not have", fix: "Remove one of the two." };
    } else if (REGION_NAMES.includes(name)) {
      yield { at, must: "not set the region", fix: "Set another region with environment." };
    }
  }
}

type Environment = Parsed<typeof containerEnvironmentSchema>;

/**
 * The environment variables with the region of a container. The agent on EC2 sets none, and SDKs cannot find the region
 * without instance metadata. https://github.com/aws/containers-roadmap/issues/1611
 */
const REGION_NAMES: readonly string[] = ["AWS_DEFAULT_REGION", "AWS_REGION"];

/** Returns the variables as the API of ECS names them. */
export const environmentJson = (
  { environment, secrets }: Environment,
  { region, clusterArn }: { readonly region: string; readonly clusterArn: string },
) => ({
  environment: variablesJson(environment, region),
  secrets: some(
    sortedEntries(secrets).map(([name, secret]) => ({ name: text(name), valueFrom: secret.valueFrom(clusterArn) })),
  ),
});

/** Returns the variables in the order of their names, as ECS returns them. */
function variablesJson(variables: Environment["environment"], region: string): unknown {
  const regions = Object.fromEntries(REGION_NAMES.map((name) => [name, region]));
  if (isToken(variables)) {
    return hcl`[for name, value in merge(${regions}, ${variables}) : { name = name, value = tostring(value) }]`;
  }
  return sortedEntries({ ...regions, ...variables }).map(([name, value]) => ({
    name: text(name),
    // The region is text. Looking its type up for each container would slow synthesis down.
    value: value === region ? region : text(value),
  }));
}

/** Returns the guard of variables whose names only Terraform knows. */
export function environmentGuards(name: string, { environment, secrets }: Environment): Guard[] {
  if (!isToken(environment) || Object.keys(secrets).length === 0) return [];
  const both = hcl`setintersection(keys(${environment}), ${Object.keys(secrets)})`;
  return [
    {
      condition: hcl`length(${both}) == 0`.string,
      errorMessage: `environment of container ${name} must have no name that secrets has; received ${hcl`join(", ", ${both})`}. Remove one of the two.`,
    },
  ];
}

/** Returns the secrets of a container by names that say where they are. */
export const namedSecrets = ({ name, secrets }: Environment & { readonly name: string }): NamedSecret[] =>
  sortedEntries(secrets).map(([variable, secret]) => ({ name: `${name} ${variable}`, secret }));
