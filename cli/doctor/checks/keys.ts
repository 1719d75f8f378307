import { actionsOf } from "../actions";
import { inBatches } from "../aws/paging";
import { type Cause, type Check, command, distinct, found } from "../check";
import type { KeyFacts } from "../facts";
import { neededSecrets, placeOf } from "../needed-secrets";
import { readStarted, STARTED } from "../started";
import { neededGroups } from "./log-groups";

/** What uses a key, such as `the log group /ecs/ecs/web`. */
interface Use {
  readonly by: string;
  readonly keyId: string;
}

interface Facts {
  readonly region: string;
  readonly uses: readonly Use[];
  /** The keys by the IDs in `uses`. */
  readonly keys: ReadonlyMap<string, KeyFacts>;
}

const explains = ["key-unusable", "launch-kms-key", "secrets-unreadable", "ebs-volume"];
const DISABLED: Cause = {
  id: "key-disabled",
  title: "A KMS key is disabled.",
  fix: "Enable the key with the command. What it encrypts cannot be read until then.",
  explains,
};
const PENDING_DELETION: Cause = {
  id: "key-pending-deletion",
  title: "A KMS key is scheduled for deletion, which makes its data unreadable forever.",
  fix: "Cancel the deletion with the first command. The key is disabled then: enable it with the second command.",
  explains,
};
const UNUSABLE: Cause = {
  id: "key-not-usable",
  title: "A KMS key was deleted, has no key material, or its key store cannot be reached.",
  fix: "A deleted key cannot be restored: set another key, deploy, and restore the data from a backup. Import the key material of a key without one. Connect the key store of a key in a custom key store.",
  explains,
};

/** The states of a key that works. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
const USABLE = /^(Enabled|Creating|Updating)$/;

/** Checks the KMS keys of volumes, log groups, secrets and ECS Exec. A key that the owner does not let the credentials see is ignored. */
export const keysCheck: Check<Facts> = {
  id: "keys",
  question: "Are the KMS keys of volumes, logs, secrets and ECS Exec usable?",
  actions: actionsOf("cluster", "templates", "volumes", ...STARTED, "logGroups", "secret", "parameters", "key"),
  causes: [DISABLED, PENDING_DELETION, UNUSABLE],
  read: async (account, optional) => {
    const cluster = await account.cluster();
    const place = placeOf(cluster?.arn ?? "");
    const started = (await optional(readStarted(account, optional))) ?? [];
    const needed = neededSecrets(started, place);
    const volumes = (await optional(account.volumes())) ?? [];
    const templates = (await optional(account.templates())) ?? [];
    const groups = (await optional(account.logGroups(neededGroups(started, account.region)))) ?? [];
    const secrets = (await optional(Promise.all(needed.secrets.map((arn) => account.secret(arn))))) ?? [];
    const parameters = (await optional(account.parameters(needed.parameters))) ?? [];
    const uses = [
      ...(cluster?.execKeyId ? [{ by: "ECS Exec", keyId: cluster.execKeyId }] : []),
      ...volumes.map(({ id, instanceId, keyId }) => ({ by: `the volume ${id} of ${instanceId}`, keyId })),
      ...templates.flatMap(({ id, found: version }) =>
        (version?.keyIds ?? []).map((keyId) => ({ by: `the volumes of the launch template ${id}`, keyId })),
      ),
      ...usesOf("the log group", groups),
      ...usesOf("the secret", secrets),
      ...usesOf("the parameter", parameters),
      // AWS manages the keys with these aliases.
    ].filter(({ keyId }) => !keyId.includes("alias/aws/"));
    const keys = await inBatches(distinct(uses.map(({ keyId }) => keyId)).sort(), 10, (some) =>
      Promise.all(
        some.map(async (id) => {
          const isForeign = id.startsWith("arn:") && placeOf(id).account !== place.account;
          const key = account.key(id);
          const facts = isForeign ? await key.catch(() => undefined) : await optional(key);
          return [id, facts] as const;
        }),
      ),
    );
    return {
      ...{ region: account.region, uses },
      keys: new Map(keys.flatMap(([id, key]) => (key ? [[id, key] as const] : []))),
    };
  },
  decide: ({ region, uses, keys }) => {
    const byArn = new Map([...keys.values()].map((key) => [key.arn, key]));
    const findings = [...byArn.values()].flatMap((key) => {
      if (USABLE.test(key.state)) return [];
      const by = uses.filter(({ keyId }) => keys.get(keyId)?.arn === key.arn).map((use) => use.by);
      const cause = key.state === "Disabled" ? DISABLED : key.state === "PendingDeletion" ? PENDING_DELETION : UNUSABLE;
      const enable = command`aws kms enable-key --region ${region} --key-id ${key.arn}`;
      return [
        found(cause, {
          problem: `The KMS key ${key.arn} of ${distinct(by).join(" and ")} is ${STATES[key.state] ?? key.state}.`,
          evidence: [`state ${key.state}`, ...(key.deletionDate ? [`deletion on ${key.deletionDate}`] : [])],
          commands:
            cause === DISABLED
              ? [enable]
              : cause === PENDING_DELETION
                ? [command`aws kms cancel-key-deletion --region ${region} --key-id ${key.arn}`, enable]
                : [command`aws kms describe-key --region ${region} --key-id ${key.arn}`],
        }),
      ];
    });
    return { findings, notes: [...byArn.values()].map(({ arn, state }) => `${arn} ${state}`) };
  },
};

const STATES: Readonly<Record<string, string>> = { Disabled: "disabled", PendingDeletion: "scheduled for deletion" };

const usesOf = (
  what: string,
  all: readonly ({ readonly name: string; readonly keyId?: string } | undefined)[],
): Use[] => all.flatMap((one) => (one?.keyId ? [{ by: `${what} ${one.name}`, keyId: one.keyId }] : []));
