import { allPages, inBatches } from "../../../cli/doctor/aws/paging";

describe("reading lists from AWS", () => {
  it("reads all pages, of which some can be empty", async () => {
    async function* pages() {
      yield { items: [1, 2] };
      yield {};
      yield { items: [3] };
    }
    expect(await allPages<{ items?: number[] }, number>(pages(), ({ items }) => items)).toEqual([1, 2, 3]);
  });

  it("reads in batches of the size that a call accepts", async () => {
    const batches: number[][] = [];
    const all = await inBatches([1, 2, 3, 4, 5], 2, async (batch) => {
      batches.push(batch);
      return batch.map((id) => id * 10);
    });
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
    expect(all).toEqual([10, 20, 30, 40, 50]);
  });

  it("makes no call without IDs, because AWS would return all items", async () => {
    const read = jest.fn();
    expect(await inBatches([], 10, read)).toEqual([]);
    expect(read).not.toHaveBeenCalled();
  });

  it("accepts an answer without a list", async () => {
    expect(await inBatches([1], 10, async () => undefined)).toEqual([]);
  });
});
