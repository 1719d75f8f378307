/** Every page of a list, one after the other. */
export async function allPages<Item>(
  page: (token: string | undefined) => Promise<{ readonly items?: readonly Item[]; readonly next?: string }>,
): Promise<Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const { items = [], next } = await page(token);
    all.push(...items);
    // An empty text is how some services say that there is no more.
    token = next || undefined;
  } while (token !== undefined);
  return all;
}

/** What is asked for by id, in portions of as many as the call takes; nothing is asked for no ids. */
export async function inPortions<Id, Item>(
  ids: readonly Id[],
  size: number,
  ask: (portion: Id[]) => Promise<readonly Item[] | undefined>,
): Promise<Item[]> {
  const all: Item[] = [];
  for (let start = 0; start < ids.length; start += size) {
    all.push(...((await ask(ids.slice(start, start + size))) ?? []));
  }
  return all;
}
