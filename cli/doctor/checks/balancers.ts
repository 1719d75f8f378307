import { actionsOf } from "../actions";
import { type Cause, type Check, command, found } from "../check";
import type { BalancerFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly balancers: readonly BalancerFacts[];
}

const FAILED: Cause = {
  id: "balancer-failed",
  title: "AWS could not set up a load balancer.",
  fix: "Read the reason. Most often, a subnet has too few free addresses: each subnet needs 8. AWS does not repair the load balancer. Replace it with terraform apply -replace and its address, which changes its DNS name.",
  explains: ["target-unused", "target-timeout", "target-no-connection", "target-unhealthy"],
};
const IMPAIRED: Cause = {
  id: "balancer-impaired",
  title: "A load balancer lacks the resources to scale.",
  fix: "Read the reason. Most often, a subnet has too few free addresses: each subnet needs 8. Delete network interfaces that nothing uses, or add subnets.",
};

/** Checks the state of the load balancers. */
export const balancersCheck: Check<Facts> = {
  id: "balancers",
  question: "Are the load balancers active?",
  actions: actionsOf("balancers"),
  causes: [FAILED, IMPAIRED],
  read: async (account) => ({ region: account.region, balancers: await account.balancers() }),
  decide: ({ region, balancers }) => ({
    findings: balancers.flatMap(({ arn, name, state = "active", reason = "" }) => {
      const cause = state === "failed" ? FAILED : state === "active_impaired" ? IMPAIRED : undefined;
      if (cause === undefined) return [];
      return [
        found(cause, {
          problem: `The load balancer ${name} is ${state}.`,
          evidence: [reason || "no reason given"],
          commands: [
            command`aws elbv2 describe-load-balancers --region ${region} --load-balancer-arns ${arn} --query 'LoadBalancers[0].State'`,
          ],
          about: { balancers: [arn] },
        }),
      ];
    }),
    notes: balancers.map(({ name, state = "active" }) => `${name}: ${state}`),
  }),
};
