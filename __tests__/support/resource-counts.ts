/** Returns how many resources of each type synthesized JSON has: `{ aws_lb: 1 }`. Data sources are `data.aws_vpcs`. */
export function resourceCounts(json: string): Readonly<Record<string, number>> {
  const { resource = {}, data = {} } = JSON.parse(json) as Record<"resource" | "data", Record<string, object>>;
  const entries = [
    ...Object.entries(resource),
    ...Object.entries(data).map(([type, named]) => [`data.${type}`, named] as const),
  ];
  return Object.fromEntries(entries.map(([type, named]) => [type, Object.keys(named).length]));
}
