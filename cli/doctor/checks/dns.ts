import { actionsOf } from "../actions";
import { type Check, command, distinct, type Finding, found, isRunning } from "../check";
import type { InstanceFacts } from "../facts";
import type { EndpointFacts, VpcFacts } from "../network-facts";
import { symptomCause } from "../symptom-cause";
import { AGENT_DISCONNECTED } from "./agents";
import { NOT_REGISTERED } from "./registered";

interface Facts {
  readonly region: string;
  readonly running: readonly InstanceFacts[];
  readonly vpcs: readonly VpcFacts[];
  /** @default - AWS denied reading them */
  readonly endpoints?: readonly EndpointFacts[];
}

const SUPPORT = symptomCause("dns-support-disabled", [
  NOT_REGISTERED,
  AGENT_DISCONNECTED,
  "registry-unreachable",
  "service-unreachable",
]);

const HOSTNAMES = symptomCause("dns-hostnames-disabled", SUPPORT.explains);

/** Checks the DNS settings of the VPC. */
export const dnsCheck: Check<Facts> = {
  id: "dns",
  question: "Does the VPC resolve the names of AWS?",
  actions: actionsOf("instances", "vpcs", "endpoints"),
  causes: [SUPPORT, HOSTNAMES],
  read: async (account, optional) => {
    const running = (await account.instances()).filter(isRunning);
    const vpcIds = distinct(running.flatMap(({ vpcId }) => vpcId ?? [])).sort();
    return {
      region: account.region,
      running,
      vpcs: await account.vpcs(vpcIds),
      endpoints: await optional(account.endpoints(vpcIds)),
    };
  },
  decide: ({ region, running, vpcs, endpoints = [] }) => ({
    findings: vpcs.flatMap(({ id, dnsSupport, dnsHostnames, ownDnsServers }): Finding[] => {
      const about = { instances: running.filter(({ vpcId }) => vpcId === id).map((instance) => instance.id) };
      // Other servers can resolve the names.
      if (!dnsSupport && ownDnsServers.length === 0) {
        return [
          found(SUPPORT, {
            problem: `DNS support of ${id} is disabled, so its instances cannot resolve the names of AWS.`,
            evidence: [`${id}: enableDnsSupport false, DNS servers of Amazon`],
            commands: [
              command`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${id} --enable-dns-support Value=true`,
            ],
            about,
          }),
        ];
      }
      const named = endpoints.filter(
        ({ vpcId, type, hasPrivateDns }) => vpcId === id && type === "Interface" && hasPrivateDns,
      );
      if (dnsHostnames || !dnsSupport || named.length === 0) return [];
      return [
        found(HOSTNAMES, {
          problem: `DNS hostnames of ${id} are disabled, so the names of AWS do not resolve to its VPC endpoints.`,
          evidence: [
            `${id}: enableDnsHostnames false`,
            ...named.map((one) => `${one.id} of ${one.service}: private DNS enabled`),
          ],
          commands: [
            command`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${id} --enable-dns-hostnames Value=true`,
          ],
          about,
        }),
      ];
    }),
    notes: vpcs
      .filter(({ ownDnsServers }) => ownDnsServers.length > 0)
      .map(({ id, ownDnsServers }) => `${id} uses the DNS servers ${ownDnsServers.join(", ")}`),
  }),
};
