import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readState, stateAddress } from "../../../cli/offline-provider/states";

describe("states", () => {
  const folders: string[] = [];
  const made = () => {
    folders.push(mkdtempSync(join(tmpdir(), "states-")));
    return folders.at(-1) as string;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const post = (address: string, body: string) => fetch(address, { method: "POST", body });

  it("are in their folders, each with its own permanent address", async () => {
    const [one, other] = [made(), made()];
    const [first, second] = [await stateAddress(one), await stateAddress(other)];
    expect((await post(first, "1")).status).toBe(200);
    expect((await post(second, "2")).status).toBe(200);
    expect([one, other].map((folder) => readFileSync(join(folder, "terraform.tfstate"), "utf8"))).toEqual(["1", "2"]);
    expect(await stateAddress(one)).toBe(first);
    expect(await (await fetch(first)).text()).toBe("1");
  });

  it("are not found before the first one is written, and under an unknown address", async () => {
    const address = await stateAddress(made());
    expect((await fetch(address)).status).toBe(404);
    expect((await fetch(address.replace(/\d+$/, "99999"))).status).toBe(404);
  });

  it("have the address of each resource, with its module, its mode and its key", async () => {
    const folder = made();
    const kept = (more: object, ...keys: unknown[]) => ({
      ...{ mode: "managed", type: "aws_eip", name: "x" },
      ...more,
      instances: keys.map((index_key) => ({ ...(index_key !== null && { index_key }), attributes: { id: "eip-1" } })),
    });
    const resources = [
      kept({}, null),
      kept({ mode: "data", name: "found" }, 0),
      kept({ module: 'module.a["b"]' }, "c", "d"),
    ];
    await post(await stateAddress(folder), JSON.stringify({ outputs: { a: { value: 1 } }, resources }));
    const { outputs, resources: read } = readState(folder);
    expect(outputs).toEqual({ a: { value: 1 } });
    expect(read.map(({ address }) => address)).toEqual([
      "aws_eip.x",
      "data.aws_eip.found[0]",
      'module.a["b"].aws_eip.x["c"]',
      'module.a["b"].aws_eip.x["d"]',
    ]);
    expect(read[0]).toEqual({ address: "aws_eip.x", mode: "managed", type: "aws_eip", values: { id: "eip-1" } });
  });
});
