import { AwsAccount } from "../../tools/doctor/aws/aws-account";
import { CHECKS } from "../../tools/doctor/checks";
import { examine, type Report } from "../../tools/doctor/examine";
import { REGION } from "./moto-access";
import { hostPorts } from "./moto-answers";
import { CLUSTER, type Faults, HOST_PORTS, type Planted, plant } from "./moto-cluster";
import type { MotoProxy } from "./moto-proxy";

/** Breaks a cluster that is there, or lays something over moto's answers. */
export type Fault = (planted: Planted, proxy: MotoProxy) => unknown;

/** A fault and all that the doctor is to find, as `check: problem`, with INSTANCE-0 for the first instance's id and IMAGE for the AMI's. */
export type Case = readonly [name: string, problems: readonly string[], faults: Faults, fault?: Fault];

/** A test for each case: the doctor finds what was broken, and nothing else. */
export function itFinds(moto: () => MotoProxy, cases: readonly Case[]): void {
  const named = cases.map(([name, problems, faults, fault]) => ({ name, problems, faults, fault }));
  it.each(named)("finds $name, and nothing else", async ({ problems, faults, fault }) => {
    const { report, problemsFound } = await examined(moto(), faults, fault);
    expect(problemsFound).toEqual(problems);
    expect(report.exitCode).toBe(1);
    expectHelpful(report);
  });
}

/** A healthy cluster that is there still: the doctor only reads, and so do faults that lie over answers alone. */
let healthy: { readonly proxy: MotoProxy; readonly planted: Planted } | undefined;

async function plantedIn(proxy: MotoProxy, faults: Faults): Promise<Planted> {
  const isHealthy = Object.keys(faults).length === 0;
  if (isHealthy && healthy?.proxy === proxy) {
    proxy.overlays.clear();
    return healthy.planted;
  }
  await proxy.reset();
  const planted = await plant(proxy.url, faults);
  healthy = isHealthy ? { proxy, planted } : undefined;
  return planted;
}

/** What the doctor makes of a cluster with faults, half an hour later, so that every instance had its time to join. */
export async function examined(proxy: MotoProxy, faults: Faults = {}, fault?: Fault, cluster = CLUSTER) {
  const planted = await plantedIn(proxy, faults);
  proxy.overlays.set("DescribeTasks", hostPorts(HOST_PORTS));
  proxy.calls.clear();
  await fault?.(planted, proxy);
  if (proxy.calls.size > 0) healthy = undefined;
  proxy.calls.clear();
  const now = new Date(Date.now() + 30 * 60_000);
  const account = new AwsAccount({ clusterName: cluster, region: REGION, endpoint: proxy.url, now });
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
