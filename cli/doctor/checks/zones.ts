import type { Check } from "../check";
import { isRunning } from "../check";
import type { BalancerFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly running: readonly InstanceFacts[];
  readonly balancers: readonly BalancerFacts[];
}

/** Does each load balancer serve the instances' zones? A target in another zone gets no request. */
export const zonesCheck: Check<Facts> = {
  id: "zones",
  question: "Does the load balancer serve their zones?",
  read: async (account) => ({
    region: account.region,
    running: (await account.instances()).filter(isRunning),
    balancers: await account.balancers(),
  }),
  decide: ({ region, running, balancers }) => ({
    findings: balancers.flatMap(({ name, arn, zones }) => {
      const outside = running.filter(({ zone }) => !zones.includes(zone));
      if (outside.length === 0) return [];
      return [
        {
          problem: `The load balancer ${name} doesn't serve the zone of ${outside.map(({ id }) => id).join(", ")}, whose containers get no requests.`,
          evidence: [`${name} serves ${zones.join(", ")}`, ...outside.map(({ id, zone }) => `${id} is in ${zone}`)],
          fix: "npm run deploy gives it every default subnet. The command does so at once; name the subnets it has too, and one in each missing zone.",
          commands: [`aws elbv2 set-subnets --region ${region} --load-balancer-arn ${arn} --subnets`],
        },
      ];
    }),
    notes: balancers.map(({ name, zones }) => `${name} serves ${zones.join(", ")}`),
  }),
};
