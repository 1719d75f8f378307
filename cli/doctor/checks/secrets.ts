import { actionsOf } from "../actions";
import { inBatches } from "../aws/paging";
import { type Cause, type Check, command, found } from "../check";
import type { SecretFacts } from "../facts";
import { neededSecrets, type Place, placeOf } from "../needed-secrets";
import { aboutStarted, nameOf, readStarted, STARTED, type Started, starters } from "../started";
import { causeBehind } from "../symptom-cause";

interface Facts {
  readonly place: Place;
  readonly started: readonly Started[];
  /** The secrets by the ARN in the task definition. Undefined for one that does not exist. */
  readonly secrets: readonly (readonly [arn: string, secret: SecretFacts | undefined])[];
  /** The names of the parameters that exist. @default - they could not be read */
  readonly parameters?: readonly string[];
}

const NO_SECRET: Cause = causeBehind("secret-missing", "no-secret");
const NO_VALUE: Cause = {
  id: "secret-without-value",
  title: "A secret has no value.",
  fix: "Put a value into the secret. Terraform creates a secret without one.",
  explains: ["secret-missing"],
};
const DELETED: Cause = causeBehind("secret-deleted", "secret-pending-deletion");
const NO_PARAMETER: Cause = causeBehind("parameter-missing", "no-parameter");

/** Checks the secrets and parameters of containers, of their log drivers and of their registries. Reads none of their values. */
export const secretsCheck: Check<Facts> = {
  id: "secrets",
  question: "Do the secrets and parameters of the tasks exist?",
  actions: actionsOf("cluster", ...STARTED, "secret", "parameters"),
  causes: [NO_SECRET, NO_VALUE, DELETED, NO_PARAMETER],
  read: async (account, optional) => {
    const place = placeOf((await account.cluster())?.arn ?? "");
    const started = await readStarted(account, optional);
    const needed = neededSecrets(started, place);
    const secrets = inBatches(needed.secrets, 10, (some) =>
      Promise.all(some.map(async (arn) => [arn, await account.secret(arn)] as const)),
    );
    const parameters = await optional(account.parameters(needed.parameters));
    return {
      ...{ place, started, secrets: (await optional(secrets)) ?? [] },
      parameters: parameters?.map(({ name }) => name),
    };
  },
  decide: ({ place, started, secrets, parameters }) => {
    const { region } = place;
    const needed = neededSecrets(started, place);
    const using = (of: "secrets" | "parameters", id: string) =>
      started.filter((one) => neededSecrets([one], place)[of].includes(id));
    return {
      findings: [
        ...secrets.flatMap(([arn, secret]) => {
          if (secret && !secret.isDeleted && secret.hasValue) return [];
          const by = using("secrets", arn);
          const cause = secret === undefined ? NO_SECRET : secret.isDeleted ? DELETED : NO_VALUE;
          const name = secret?.name ?? arn.split(":")[6] ?? arn;
          const state =
            secret === undefined ? "does not exist" : secret.isDeleted ? "is scheduled for deletion" : "has no value";
          return [
            found(cause, {
              problem: `The secret ${name} of ${starters(by)} ${state}.`,
              evidence: [arn, ...by.map((one) => `task definition ${nameOf(one)}`)],
              commands:
                cause === DELETED
                  ? [command`aws secretsmanager restore-secret --region ${region} --secret-id ${arn}`]
                  : cause === NO_VALUE
                    ? [
                        command`aws secretsmanager put-secret-value --region ${region} --secret-id ${arn} --secret-string VALUE`,
                      ]
                    : [],
              about: aboutStarted(by),
            }),
          ];
        }),
        ...needed.parameters
          .filter((name) => parameters && !parameters.includes(name))
          .map((name) => {
            const by = using("parameters", name);
            return found(NO_PARAMETER, {
              problem: `The parameter ${name} of ${starters(by)} does not exist.`,
              evidence: by.map((one) => `task definition ${nameOf(one)}`),
              commands: [
                command`aws ssm put-parameter --region ${region} --name ${name} --type SecureString --value VALUE`,
              ],
              about: aboutStarted(by),
            });
          }),
      ],
      notes: [...secrets.flatMap(([, secret]) => secret?.name ?? []), ...(parameters ?? [])],
    };
  },
};
