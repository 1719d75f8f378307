import type { Configuration } from "../../tools/offline-provider";

/** A configuration that reads one data source and gives an expression over it as output. */
export function reading(type: string, config: object, value: string): Configuration {
  return {
    data: { [type]: { x: config } },
    output: { answer: { value: `\${${value.replaceAll("@", `data.${type}.x`)}}` } },
  };
}
