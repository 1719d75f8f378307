import { readFileSync, writeFileSync } from "node:fs";
import { CHECKS } from "../../../cli/doctor/checks";
import { examine } from "../../../cli/doctor/report";
import { inWords } from "../../../cli/doctor/report-text";
import { SAMPLE } from "../../support/fake-account";

const PAGE = "docs/doctor.md";
const BLOCK = /(?<=^```text\n)[\s\S]*?(?=^```)/m;

describe("what docs/doctor.md shows", () => {
  it("is what the doctor says of such a cluster (UPDATE_SAMPLE=1 writes it anew)", async () => {
    const text = inWords(await examine(SAMPLE, CHECKS));
    const page = readFileSync(PAGE, "utf8");
    if (process.env.UPDATE_SAMPLE === "1") writeFileSync(PAGE, page.replace(BLOCK, text.replaceAll("$", "$$$$")));
    expect(readFileSync(PAGE, "utf8").match(BLOCK)?.[0]).toBe(text);
  });

  it("tells every check there is, in its order", () => {
    const rows = [...readFileSync(PAGE, "utf8").matchAll(/^\| `([a-z]+)` \| ([^|]+) \|/gm)].slice(0, CHECKS.length);
    expect(rows.map(([, id, question]) => [id, question])).toEqual(CHECKS.map(({ id, question }) => [id, question]));
  });
});
