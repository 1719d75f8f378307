import { CASES, LIMITS, REFERENCE } from "./cases";
import { median, ratio, type Times } from "./measure";

/** Returns the ratio of each limit. */
export const measuredLimits = (times: Times) =>
  LIMITS.map((limit) => ({ ...limit, measured: ratio(timesOf(times, limit.name), timesOf(times, limit.reference)) }));

/** Renders `bench/results.md`. */
export function report(times: Times, versions: string): string {
  const limits = measuredLimits(times).map(
    ({ name, reference, most, measured }) =>
      `| ${name} | ${reference} | ${most} | ${measured.toFixed(2)} | ${measured <= most ? "yes" : "**no**"} |`,
  );
  const cases = CASES.map(({ name }) => {
    const own = timesOf(times, name);
    const seconds = (median(own) / 1000).toFixed(2);
    return `| ${name} | ${seconds} s | ${ratio(own, timesOf(times, REFERENCE)).toFixed(2)} | ${own.length} |`;
  });
  return `# Benchmark

\`npm run bench\` writes this page. It runs each command as a whole process, in turn with the others, and shows medians.
Compare the ratios: the times depend on the machine.

${versions}.

## Limits

| command | compared with | at most | measured | met |
|---|---|--:|--:|---|
${limits.join("\n")}

## From TypeScript to JSON

| command | median | times \`require("cdktf")\` | runs |
|---|--:|--:|--:|
${cases.join("\n")}
`;
}

function timesOf(times: Times, name: string): readonly number[] {
  const own = times.get(name);
  if (!own) throw new Error(`The case "${name}" was not measured.`);
  return own;
}
