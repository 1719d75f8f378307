import { readFileSync } from "node:fs";
import { join } from "node:path";
import { differences, KNOWN } from "../../../scripts/cdktn/differences";
import { CDKTN_PACKAGES } from "../../../scripts/cdktn/versions";

const page = readFileSync(join(__dirname, "../../../docs/cdktn.md"), "utf8");

describe("the differences between CDKTF and cdktn", () => {
  it("are other, additional and missing values, and values of another type", () => {
    const before = { same: { a: 1 }, value: { b: [1, 2] }, gone: null, kind: [1] };
    const after = { same: { a: 1 }, value: { b: [1, 3, 4] }, more: false, kind: { 0: 1 } };
    expect(differences(before, after)).toEqual([
      { path: "gone", before: null, after: undefined },
      { path: "kind", before: [1], after: { 0: 1 } },
      { path: "more", before: undefined, after: false },
      { path: "value.b.1", before: 2, after: 3 },
      { path: "value.b.2", before: undefined, after: 4 },
    ]);
    expect(differences(before, before)).toEqual([]);
  });

  it("are known only for versions and for the provider's full name, never for a resource", () => {
    const paths = ["resource.aws_lb.load_balancer.name", "variable.name.default", "terraform.required_version"];
    for (const path of paths) expect(KNOWN.filter((known) => known.path.test(path))).toEqual([]);
    for (const { path } of KNOWN) expect(path.source).toMatch(/^\^.*\$$/);
  });

  it("are explained in docs/cdktn.md, with the versions that test:cdktn compares", () => {
    const rows = [...page.matchAll(/^\| `(.*)` \| (.*) \|$/gm)].map(([, path = "", why]) => ({ path, why }));
    expect(rows.map(({ why }) => why)).toEqual(KNOWN.map(({ why }) => why));
    for (const [index, { path }] of rows.entries()) expect(path).toMatch(KNOWN[index]?.path ?? /$^/);
    for (const [name, version] of Object.entries(CDKTN_PACKAGES)) expect(page).toContain(`\`${name}\` ${version}`);
  });
});
