import { code, paragraphs } from "../readme/markdown";
import { HandoverError } from "../terraform-json/configuration";
import { changesBetween } from "./changes-between";
import type { Snapshot } from "./snapshot";

/** The versions of a folder that were handed over. The marker of the folder has it. */
export interface History {
  /** The stack at the last version, or at the first hand-over. */
  readonly base: Snapshot;
  /** The versions with their changes, newest first. */
  readonly versions: readonly { readonly version: string; readonly changes: string }[];
}

const FIRST = "The first version of this folder.";
const NOTHING = "Nothing in the configuration changed.";

/**
 * Returns the history of a folder after this hand-over. Without a new version, it stays as it is, so that the command can run
 * any number of times between two versions.
 *
 * @param release the version that is handed over
 * @throws HandoverError for a version that the folder has already
 */
export function nextHistory(previous: History | undefined, snapshot: Snapshot, release?: string): History {
  if (previous === undefined) {
    return { base: snapshot, versions: release === undefined ? [] : [{ version: release, changes: FIRST }] };
  }
  if (release === undefined) return previous;
  const changes = changesBetween(previous.base, snapshot);
  if (previous.versions.some(({ version }) => version === release)) {
    // The same command again.
    if (previous.versions[0]?.version === release && changes === "") return previous;
    throw new HandoverError(
      `--release must be a new version; received "${release}", which CHANGES.md has already, with other contents. Give the next version.`,
    );
  }
  return { base: snapshot, versions: [{ version: release, changes: changes || NOTHING }, ...previous.versions] };
}

/** Returns the version of a folder as text: `1.4.0`, or `1.4.0 with later changes`. Undefined before the first version. */
export function versionText({ base, versions: [last] }: History, snapshot: Snapshot): string | undefined {
  if (last === undefined) return undefined;
  return changesBetween(base, snapshot) === "" ? code(last.version) : `${code(last.version)} with later changes`;
}

/** Renders `CHANGES.md`. */
export function changesFile({ base, versions }: History, snapshot: Snapshot): string {
  const [last] = versions;
  const latest = changesBetween(base, snapshot);
  return `${paragraphs(
    "# Changes",
    "What changed in the configuration, newest first. Before you apply a new version, read what changed since the version that runs, and then the plan.",
    latest !== "" && `## Since ${last?.version ?? "the first hand-over"}\n\n${latest}`,
    ...versions.map(({ version, changes }) => `## ${version}\n\n${changes}`),
    latest === "" && last === undefined && FIRST,
  )}\n`;
}
