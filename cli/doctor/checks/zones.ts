import { actionsOf } from "../actions";
import { type Cause, type Check, command, found, isRunning } from "../check";
import type { BalancerFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly running: readonly InstanceFacts[];
  readonly balancers: readonly BalancerFacts[];
}

const NOT_SERVED: Cause = {
  id: "zone-not-served",
  title: "An instance is in an Availability Zone that the load balancer does not serve.",
  fix: "Deploy the stack again, which adds every default subnet. To add subnets now, complete the command with the current subnets and one in each missing zone.",
  explains: ["target-unused"],
};

/** Checks that each load balancer serves the instances' Availability Zones. Targets in other zones get no requests. */
export const zonesCheck: Check<Facts> = {
  id: "zones",
  question: "Does the load balancer serve the instances' Availability Zones?",
  actions: actionsOf("instances", "balancers"),
  causes: [NOT_SERVED],
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
        found(NOT_SERVED, {
          problem: `The load balancer ${name} does not serve the Availability Zone of ${outside.map(({ id }) => id).join(", ")}. The containers there get no requests.`,
          evidence: [`${name} serves ${zones.join(", ")}`, ...outside.map(({ id, zone }) => `${id} is in ${zone}`)],
          commands: [command`aws elbv2 set-subnets --region ${region} --load-balancer-arn ${arn} --subnets`],
          about: { balancers: [arn] },
        }),
      ];
    }),
    notes: balancers.map(({ name, zones }) => `${name} serves ${zones.join(", ")}`),
  }),
};
