import { allPages, inPortions } from "../../../cli/doctor/aws/paging";

describe("reading a list that AWS gives out in parts", () => {
  it("asks for page after page, with the token of the one before", async () => {
    const pages: Record<string, { items?: readonly number[]; next?: string }> = {
      first: { items: [1, 2], next: "a" },
      // A page may be empty and not the last.
      a: { next: "b" },
      b: { items: [3], next: "" },
    };
    const asked: (string | undefined)[] = [];
    const all = await allPages(async (token) => {
      asked.push(token);
      return pages[token ?? "first"] ?? {};
    });
    expect(all).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, "a", "b"]);
  });

  it("asks for as many at once as the call takes", async () => {
    const asked: number[][] = [];
    const all = await inPortions([1, 2, 3, 4, 5], 2, async (portion) => {
      asked.push(portion);
      return portion.map((id) => id * 10);
    });
    expect(asked).toEqual([[1, 2], [3, 4], [5]]);
    expect(all).toEqual([10, 20, 30, 40, 50]);
  });

  it("asks for nothing where there are no ids, since AWS would take that for all", async () => {
    const ask = jest.fn();
    expect(await inPortions([], 10, ask)).toEqual([]);
    expect(ask).not.toHaveBeenCalled();
  });

  it("takes an answer without a list for an empty one", async () => {
    expect(await inPortions([1], 10, async () => undefined)).toEqual([]);
  });
});
