import { type Measured, ratio } from "./measure";

export interface Results {
  readonly versions: Readonly<Record<string, string>>;
  readonly ways: readonly Measured[];
  /** The project's own tests. */
  readonly tests: readonly Measured[];
  /** Which of the ways the ratios are against. */
  readonly reference: string;
  readonly growth: readonly (Measured & { readonly services: number })[];
  readonly routed: readonly (Measured & { readonly services: number })[];
  /** The most memory of a run, in KiB, by the number of services. */
  readonly memory: ReadonlyMap<number, number>;
}

/** What is promised of a run, and what it came to. */
export interface Limit {
  readonly name: string;
  readonly most: number;
  readonly measured: number;
  readonly unit: string;
}

/** What the tests may take, in seconds, on two cores of a machine on which the reference takes `REFERENCE_SECONDS`. */
const TESTS = { "npm test": 60, "npm run test:unit": 15 } as const;
const REFERENCE_SECONDS = 0.18;

/** The promises, held against the results. */
export function limits({ ways, tests, reference, growth, memory }: Results): Limit[] {
  const way = (name: string) => found([...ways, ...tests], ({ name: own }) => own === name);
  const grown = (services: number) => found(growth, (one) => one.services === services);
  const floor = way(reference);
  const perService = ((memory.get(1000) ?? Number.NaN) - (memory.get(1) ?? Number.NaN)) / 999;
  return [
    {
      name: 'app command, unchanged, against `require("cdktf")`',
      most: 2.3,
      measured: ratio(way("app command, sources unchanged"), floor),
      unit: "times",
    },
    {
      name: 'app command, after an edit, against `require("cdktf")`',
      most: 2.3,
      measured: ratio(way("app command, after an edit"), floor),
      unit: "times",
    },
    {
      name: 'npm run synth, against `require("cdktf")`',
      most: 2.3,
      measured: ratio(way("npm run synth"), floor),
      unit: "times",
    },
    {
      name: "1,000 services without routes against 100",
      most: 6,
      measured: ratio(grown(1000), grown(100)),
      unit: "times",
    },
    {
      name: "1,000 services without routes against one",
      most: 12,
      measured: ratio(grown(1000), grown(1)),
      unit: "times",
    },
    { name: "memory a service", most: 200, measured: perService, unit: "KB" },
    ...Object.entries(TESTS).map(([name, seconds]) => ({
      name: `${name}, on two cores, against \`require("cdktf")\``,
      most: Math.floor(seconds / REFERENCE_SECONDS),
      measured: ratio(way(name), floor),
      unit: "times",
    })),
  ];
}

/** The promises as a table. */
function promises(results: Results): string {
  const rows = limits(results).map(
    ({ name, most, measured, unit }) =>
      `| ${name} | ${most} ${unit} | ${digits(measured)} | ${measured <= most ? "kept" : "**missed**"} |`,
  );
  return ["| what | at most | measured | |", "|---|--:|--:|---|", ...rows].join("\n");
}

function found<T extends Measured>(all: readonly T[], wanted: (one: T) => boolean): T {
  const one = all.find(wanted);
  if (!one) throw new Error("The results lack a case that the limits are about.");
  return one;
}

/** `bench/results.md`, and what the command prints. */
export function report(results: Results): string {
  const { ways, tests, reference, growth, routed, memory, versions } = results;
  const floor = found(ways, ({ name }) => name === reference);
  return `# Benchmark

Written by \`npm run bench\`: medians of interleaved whole processes. Times are this machine's; compare the ratios, which
are those of the rounds that both took part in.

${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(", ")}.

## What is promised

${promises(results)}

## From TypeScript to JSON

${table(ways, floor)}

## Tests

In turn with the above. \`npm test\` may take ${TESTS["npm test"]} s and \`npm run test:unit\`, the part without Terraform, ${TESTS["npm run test:unit"]} s, where \`require("cdktf")\` takes ${REFERENCE_SECONDS} s.

${table(tests, floor)}

## Growth

![Time by the number of services](growth.svg)

Services without a route share one cluster. A load balancer takes 100 rules, so a hundred services with routes have a cluster each.

| services | without routes | against one | with routes | against one | memory at most |
|--:|--:|--:|--:|--:|--:|
${growth
  .map(({ services }) => {
    const cells = [growth, routed].map((all) => {
      const grown = (count: number) => found(all, (one) => one.services === count);
      return `${seconds(grown(services).milliseconds)} | ${digits(ratio(grown(services), grown(1)))}`;
    });
    const most = `${Math.round((memory.get(services) ?? Number.NaN) / 1024)} MB`;
    return `| ${services.toLocaleString("en")} | ${cells.join(" | ")} | ${most} |`;
  })
  .join("\n")}
`;
}

const table = (measured: readonly Measured[], floor: Measured): string =>
  [
    '| way | median | against `require("cdktf")` | runs |',
    "|---|--:|--:|--:|",
    ...measured.map(
      (one) =>
        `| ${one.name.replaceAll("|", "\\|")} | ${seconds(one.milliseconds)} | ${digits(ratio(one, floor))} | ${one.times.length} |`,
    ),
  ].join("\n");

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
