import type { Configuration } from "../../cli/offline-provider";

/** A configuration that reads one data source and gives an expression over it as output. */
export function reading(type: string, config: object, value: string): Configuration {
  return {
    data: { [type]: { x: config } },
    output: { answer: { value: `\${${value.replaceAll("@", `data.${type}.x`)}}` } },
  };
}

/** Several of them in one plan, with the outputs `answer_0`, `answer_1`, … */
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
