import { distinct } from "./check";
import type { Started } from "./started";

/** What a value of `secrets` in a task definition refers to. */
export type NeededSecret = { readonly secret: string } | { readonly parameter: string };

/** Where a cluster is. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Returns the place of an ARN. */
export function placeOf(arn: string): Place {
  const [, partition = "aws", , region = "", account = ""] = arn.split(":");
  return { partition, region, account };
}

/**
 * Returns what a value refers to: a secret without its key and version, or the name of a parameter. Returns undefined for what is in
 * another account or region, and for parameters of AWS.
 */
export function neededSecret(valueFrom: string, { region, account }: Place): NeededSecret | undefined {
  if (!valueFrom.startsWith("arn:")) return parameter(valueFrom);
  const [, , service, itsRegion, itsAccount, ...rest] = valueFrom.split(":");
  if (itsRegion !== region || itsAccount !== account) return undefined;
  if (service === "secretsmanager") return { secret: valueFrom.split(":").slice(0, 7).join(":") };
  const name = rest.join(":").replace(/^parameter/, "");
  // The ARN of the parameter "name" ends in "parameter/name", and that of "/path/name" in "parameter/path/name".
  return service === "ssm" ? parameter(name.lastIndexOf("/") > 0 ? name : name.slice(1)) : undefined;
}

const parameter = (name: string): NeededSecret | undefined =>
  name.startsWith("/aws/") ? undefined : { parameter: name };

/** Returns the ARN of a parameter. */
export const parameterArn = (name: string, { partition, region, account }: Place): string =>
  `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;

/** Returns the ARNs of the secrets, and the names of the parameters, that tasks need. */
export function neededSecrets(started: readonly Started[], place: Place) {
  const all = started.flatMap(({ definition }) =>
    definition.containers.flatMap(({ secrets }) => secrets.flatMap((value) => neededSecret(value, place) ?? [])),
  );
  return {
    secrets: distinct(all.flatMap((one) => ("secret" in one ? [one.secret] : []))).sort(),
    parameters: distinct(all.flatMap((one) => ("parameter" in one ? [one.parameter] : []))).sort(),
  };
}
