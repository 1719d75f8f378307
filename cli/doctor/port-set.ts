/** Both ends included. */
export interface Ports {
  readonly from: number;
  readonly to: number;
}

/** What of `wanted` none of the ranges holds, in order. */
export function uncovered(wanted: Ports, ranges: readonly Ports[]): Ports[] {
  const gaps: Ports[] = [];
  let next = wanted.from;
  for (const { from, to } of [...ranges].sort((one, other) => one.from - other.from)) {
    if (to < next) continue;
    if (from > wanted.to) break;
    if (from > next) gaps.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  if (next <= wanted.to) gaps.push({ from: next, to: wanted.to });
  return gaps;
}

/** As people and the agent write them: `31000-61000`. */
export const written = (ports: readonly Ports[]): string =>
  ports.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
