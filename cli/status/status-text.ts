import { jsonText } from "../command-line";
import { printable } from "../doctor/report-text";
import type { ClusterStatus } from "./read-status";

/** Renders the status as JSON. Its keys are a contract: releases add keys and never remove one. */
export const statusJson = (status: ClusterStatus, inLine = false): string =>
  jsonText({ version: 1, ...status }, inLine);

/** Renders the status as tables for the terminal. */
export function statusText({ cluster, region, account, state, services, groups, instances }: ClusterStatus): string {
  const events = services.flatMap(({ name, events: messages }) => messages.map((message) => [name, message]));
  return [
    `ECS cluster "${cluster}" in ${region}, account ${account}: ${state}`,
    ...table(
      ["SERVICE", "DESIRED", "RUNNING", "PENDING", "DEPLOYMENT"],
      services.map(({ name, desired, running, pending, deployment }) => [name, desired, running, pending, deployment]),
    ),
    ...table(
      ["AUTO SCALING GROUP", "MIN", "DESIRED", "MAX"],
      groups.map(({ name, min, desired, max }) => [name, min, desired, max]),
    ),
    ...table(
      ["INSTANCE", "ZONE", "STATE", "AGENT", "TASKS"],
      instances.map(({ id, zone, state: inEc2, agent, tasks }) => [id, zone, inEc2, agent, tasks]),
    ),
    ...table(["SERVICE", "LAST EVENTS"], events),
    "",
  ].join("\n");
}

/** Returns the lines of a table after an empty line. The last column is not padded. */
function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell))));
  if (texts.length === 0) return ["", `${heads[0]}: none`];
  const widths = heads.map((head, column) => Math.max(head.length, ...texts.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  ");
  return ["", line(heads), ...texts.map(line)];
}
