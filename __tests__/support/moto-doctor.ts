import { AwsAccount } from "../../cli/doctor/aws/aws-account";
import { CHECKS } from "../../cli/doctor/checks";
import { examine, type Report } from "../../cli/doctor/report";
import type { Moto } from "./moto";
import { REGION } from "./moto-access";
import { hostPorts } from "./moto-answers";
import { CLUSTER, HOST_PORTS, type Planted } from "./moto-cluster";
import type { MotoProxy } from "./moto-proxy";

/** Breaks the healthy cluster, or lays something over moto's answers. */
export type Fault = (planted: Planted, proxy: MotoProxy) => unknown;

/** A fault and all that the doctor is to find, as `check: problem`, with INSTANCE-0 for the first instance's id and IMAGE for the AMI's. */
export type Case = readonly [name: string, problems: readonly string[], fault: Fault];

/** A test for each case: the doctor finds what was broken, and nothing else. */
export function itFinds(moto: () => Moto, cases: readonly Case[]): void {
  const named = cases.map(([name, problems, fault]) => ({ name, problems, fault }));
  it.each(named)("finds $name, and nothing else", async ({ problems, fault }) => {
    const { report, problemsFound } = await examined(moto(), fault);
    expect(problemsFound).toEqual(problems);
    expect(report.checks.filter(({ status }) => status === "unknown")).toEqual([]);
    expect(report.exitCode).toBe(1);
    expectHelpful(report);
  });
}

/** What the doctor makes of a cluster with a fault, half an hour later, so that every instance had its time to join. */
export async function examined({ proxy, planted }: Moto, fault?: Fault, cluster = CLUSTER) {
  await proxy.restore();
  proxy.overlays.set("DescribeTasks", hostPorts(HOST_PORTS));
  await fault?.(planted, proxy);
  const now = new Date(Date.now() + 30 * 60_000);
  const account = new AwsAccount({ clusterName: cluster, region: REGION, clients: planted.clients, now });
  const report = await examine(account, CHECKS);
  const named = (text: string) =>
    planted.instances
      .reduce((all, id, at) => all.replaceAll(id, `INSTANCE-${at}`), text)
      .replaceAll(planted.imageId, "IMAGE");
  const problemsFound = report.checks.flatMap(({ id, findings }) =>
    findings.map(({ problem }) => named(`${id}: ${problem}`)),
  );
  return { planted, report, problemsFound };
}

/** Every finding shows something and says what to do, and no value is missing in the text. */
function expectHelpful({ checks }: Report): void {
  for (const { evidence, fix, commands, problem } of checks.flatMap(({ findings }) => findings)) {
    expect(evidence).not.toEqual([]);
    expect([problem, ...evidence, fix, ...commands].join("\n")).not.toMatch(/undefined|NaN|\[object/);
    expect(fix).not.toBe("");
  }
}
