import { CASES, LIMITS, REFERENCE } from "./cases";
import { difference, median, ratio, type Times } from "./measure";

/** Returns the ratio or the difference of each limit. */
export const measuredLimits = (times: Times) =>
  LIMITS.map((limit) => {
    const compare = limit.unit === "times" ? ratio : difference;
    return { ...limit, measured: compare(timesOf(times, limit.name), timesOf(times, limit.reference)) };
  });

/** Renders `bench/results.md`. */
export function report(times: Times, versions: string): string {
  const limits = measuredLimits(times).map(
    ({ name, reference, most, unit, measured }) =>
      `| ${name} | ${reference} | ${most} ${unit} | ${measured.toFixed(2)} | ${measured <= most ? "yes" : "**no**"} |`,
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

## Commands

The first rows are ways from TypeScript to JSON. The last ones are the package's command: its help, and the time until each command has loaded and rejects wrong
options.

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
