import { AwsAccount } from "../../cli/doctor/aws/aws-account";
import { CHECKS } from "../../cli/doctor/checks";
import { type Report, runChecks } from "../../cli/doctor/report";
import type { Moto } from "./moto";
import { REGION } from "./moto-access";
import { hostPorts } from "./moto-answers";
import { CLUSTER, type ClusterResources, HOST_PORTS } from "./moto-cluster";
import type { MotoProxy } from "./moto-proxy";

/** The causes that the doctor found so far, as `check: cause`. */
export const FOUND = new Set<string>();

/** Breaks the healthy cluster, or adds overlays. */
export type Fault = (resources: ClusterResources, proxy: MotoProxy) => unknown;

/**
 * A fault, and the problems that the doctor must find as `check: problem`. INSTANCE-0 is the first instance's ID, IMAGE
 * the AMI's, and acl-ID that of a network ACL. `explained` has those problems that others explain.
 */
export type Case = readonly [name: string, problems: readonly string[], fault: Fault, explained?: readonly string[]];

/** Tests for each case that the doctor finds exactly its problems. */
export function itFinds(moto: () => Moto, cases: readonly Case[]): void {
  const named = cases.map(([name, problems, fault, explained = []]) => ({ name, problems, fault, explained }));
  it.each(named)("finds $name, and no other problem", async ({ problems, fault, explained }) => {
    const { report, problemsFound, explainedFound } = await examine(moto(), fault);
    // The IDs of instances are random, and so is their order.
    expect([...(problemsFound ?? [])].sort()).toEqual([...problems].sort());
    expect(explainedFound).toEqual(explained);
    expect(report.checks.filter(({ status }) => status === "unknown")).toEqual([]);
    expect(report.exitCode).toBe(1);
    expectComplete(report);
  });
}

/** Runs the doctor on a cluster with a fault, half an hour later, so that it expects all instances to be registered. */
export async function examine({ proxy, resources }: Moto, fault?: Fault, cluster = CLUSTER) {
  await proxy.restore();
  const ports = resources.containerInstances.map((arn, index) => [arn, HOST_PORTS[index] as number] as const);
  proxy.overlays.set("DescribeTasks", hostPorts(new Map(ports)));
  await fault?.(resources, proxy);
  const now = new Date(Date.now() + 30 * 60_000);
  const account = new AwsAccount({ clusterName: cluster, region: REGION, clients: resources.clients, now });
  const report = await runChecks(account, CHECKS);
  const [{ VpcId = "" } = {}] = resources.subnets;
  const names: readonly (readonly [id: string, name: string])[] = [
    ...resources.instances.map((id, at) => [id, `INSTANCE-${at}`] as const),
    ...resources.subnets.map(({ SubnetId = "" }, at) => [SubnetId, `SUBNET-${at}`] as const),
    ...resources.tasks.map((id, at) => [id, `TASK-${at}`] as const),
    ...[[resources.imageId, "IMAGE"] as const, [VpcId, "VPC"] as const],
  ];
  const named = (text: string) =>
    names
      .reduce((all, [id, name]) => all.replaceAll(id, name), text)
      .replace(/\b(acl|igw|vpce)-[0-9a-f]+/g, "$1-ID")
      .replaceAll("INSTANCE-1, INSTANCE-0", "INSTANCE-0, INSTANCE-1")
      .replaceAll(resources.keyArn, "KEY")
      .replaceAll(resources.secretArn.split(":").at(-1) ?? "", "SECRET")
      .replaceAll(/\blt-[0-9a-f]+/g, "TEMPLATE")
      .replaceAll(/\bvol-[0-9a-f]+/g, "VOLUME");
  for (const { id, findings } of report.checks) for (const { cause } of findings) FOUND.add(`${id}: ${cause.id}`);
  const symptoms = report.causes.flatMap(({ explains }) => explains);
  const found = report.checks.flatMap(({ id, findings }) =>
    findings.map((finding) => ({ finding, text: named(`${id}: ${finding.problem}`) })),
  );
  const explained = found.filter(({ finding }) => symptoms.includes(finding));
  const [problemsFound, explainedFound] = [found, explained].map((some) => some.map(({ text }) => text));
  return { resources, report, problemsFound, explainedFound };
}

/** Checks that each finding has evidence and a fix, and that no value is missing in its texts. */
function expectComplete({ checks }: Report): void {
  for (const { evidence, fix, commands, problem } of checks.flatMap(({ findings }) => findings)) {
    expect(evidence).not.toEqual([]);
    expect([problem, ...evidence, fix, ...commands].join("\n")).not.toMatch(/undefined|NaN|\[object/);
    expect(commands.join("\n")).not.toMatch(/''|[=:] |[=:]$/m);
    expect(fix).not.toBe("");
  }
}
