/** Reads all pages of a paginator of the AWS SDK. */
export async function allPages<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...(items(page) ?? []));
  return all;
}

/** Reads items by ID, at most `size` in a call. Makes no call without IDs, which AWS would answer with all items. */
export async function inBatches<Id, Item>(
  ids: readonly Id[],
  size: number,
  read: (batch: Id[]) => Promise<readonly Item[] | undefined>,
): Promise<Item[]> {
  const all: Item[] = [];
  for (let start = 0; start < ids.length; start += size) {
    all.push(...((await read(ids.slice(start, start + size))) ?? []));
  }
  return all;
}
