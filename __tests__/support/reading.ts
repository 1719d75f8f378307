import type { Configuration } from "../../cli/offline-provider";

/** Returns a configuration that reads one data source, with the output `answer`. `@` in the value is the data source. */
export function reading(type: string, config: object, value: string): Configuration {
  return {
    data: { [type]: { x: config } },
    output: { answer: { value: `\${${value.replaceAll("@", `data.${type}.x`)}}` } },
  };
}

/** Merges such configurations into one, with the outputs `answer_0`, `answer_1` and so on. */
export function readings(all: readonly Configuration[]): Configuration {
  const data: Record<string, Record<string, unknown>> = {};
  const output: Record<string, unknown> = {};
  for (const [index, one] of all.entries()) {
    const [[type, { x }]] = Object.entries(one.data as object) as [[string, { x: unknown }]];
    const { value } = (one.output as { answer: { value: string } }).answer;
    data[type] = { ...data[type], [`x_${index}`]: x };
    output[`answer_${index}`] = { value: value.replaceAll(`data.${type}.x`, `data.${type}.x_${index}`) };
  }
  return { data, output };
}
