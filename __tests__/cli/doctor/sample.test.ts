import { readFileSync, writeFileSync } from "node:fs";
import { CHECKS } from "../../../cli/doctor/checks";
import { runChecks } from "../../../cli/doctor/report";
import { reportText } from "../../../cli/doctor/report-text";
import { SAMPLE } from "../../support/fake-account";

const PAGE = "docs/doctor.md";
const BLOCK = /(?<=^```text\n)[\s\S]*?(?=^```)/m;

describe("docs/doctor.md", () => {
  it("shows the report of the sample account (UPDATE_SAMPLE=1 updates the page)", async () => {
    const text = reportText(await runChecks(SAMPLE, CHECKS));
    const page = readFileSync(PAGE, "utf8");
    if (process.env.UPDATE_SAMPLE === "1") writeFileSync(PAGE, page.replace(BLOCK, text.replaceAll("$", "$$$$")));
    expect(readFileSync(PAGE, "utf8").match(BLOCK)?.[0]).toBe(text);
  });
});
