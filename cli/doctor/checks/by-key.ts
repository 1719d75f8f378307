/** Returns the first item of each key. */
export function byKey<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const own = key(item);
    const isFirst = !seen.has(own);
    seen.add(own);
    return isFirst;
  });
}
