import { readFileSync } from "node:fs";
import { dependencies, peerDependencies } from "../../package.json";
import { packages } from "../../package-lock.json";

const text = (file: string): string => readFileSync(file, "utf8");
const AUDIT = /^ +- run: (npm audit .*)$/m;

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
}

/** The packages that `npm audit --omit=dev` examines, by the lock file. */
const audited = Object.entries(packages as Readonly<Record<string, Locked>>)
  .filter(([path, { dev }]) => path !== "" && !dev)
  .map(([path]) => path.replace(/^node_modules\//, ""));

describe("the audit", () => {
  it("examines the dependencies of the package and nothing else", () => {
    expect(audited.sort()).toEqual(Object.keys(dependencies).sort());
    for (const name of audited) expect(text("SECURITY.md")).toContain(`\`${name}\``);
  });

  it("runs the same command for each pull request and each week", () => {
    const [, weekly] = AUDIT.exec(text(".github/workflows/audit.yml")) ?? [];
    const [, onPullRequests] = AUDIT.exec(text(".github/workflows/ci.yml")) ?? [];
    expect([weekly, onPullRequests]).toEqual(Array(2).fill("npm audit --omit=dev --package-lock-only"));
  });

  it("has its own table for the peer dependencies, with the versions that cdktf bundles", () => {
    for (const name of Object.keys(peerDependencies)) expect(text("SECURITY.md")).toContain(`\`${name}\``);
    const rows = [...text("docs/security.md").matchAll(/^\| `([a-z-]+)` ([0-9., ]+) \|/gm)];
    expect(rows.length).toBeGreaterThan(3);
    for (const [, name = "", versions = ""] of rows) {
      const bundled = Object.entries(packages as Readonly<Record<string, Locked>>)
        .filter(([path]) => path.startsWith("node_modules/cdktf/") && path.endsWith(`/${name}`))
        .map(([, { version = "" }]) => version);
      expect([name, bundled.sort()]).toEqual([name, versions.split(", ").sort()]);
    }
  });
});
