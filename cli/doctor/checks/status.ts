import { actionsOf } from "../actions";
import { type Cause, type Check, command, type Finding, found, isRunning } from "../check";
import type { StatusFacts } from "../network-facts";
import { symptomCause } from "../symptom-cause";
import { AGENT_DISCONNECTED } from "./agents";
import { NOT_REGISTERED } from "./registered";

interface Facts {
  readonly region: string;
  readonly statuses: readonly StatusFacts[];
}

const REPLACE = "Replace the instance with the command. ECS starts its tasks on other instances.";

const HOST = symptomCause("instance-host-impaired", [AGENT_DISCONNECTED, NOT_REGISTERED]);

const INSTANCE = symptomCause("instance-impaired", HOST.explains);

const VOLUMES: Cause = {
  id: "instance-volume-impaired",
  title: "The status check of the EBS volumes fails: an instance cannot read or write a volume.",
  fix: REPLACE,
  explains: HOST.explains,
};

/** Checks the status checks of EC2. Auto Scaling replaces an instance that fails them only after some minutes. */
export const statusCheck: Check<Facts> = {
  id: "status",
  question: "Do the running instances pass the status checks of EC2?",
  actions: actionsOf("instances", "statuses"),
  causes: [HOST, INSTANCE, VOLUMES],
  read: async (account) => ({
    region: account.region,
    statuses: await account.statuses((await account.instances()).filter(isRunning).map(({ id }) => id)),
  }),
  decide: ({ region, statuses }) => ({
    findings: statuses.flatMap((status) => findingsOf(status, region)),
    notes: statuses.flatMap(({ instanceId, events }) =>
      events.map((event) => `${instanceId}: EC2 has scheduled ${event}`),
    ),
  }),
};

function findingsOf({ instanceId, system, instance, volumes }: StatusFacts, region: string): Finding[] {
  const replace = command`aws autoscaling terminate-instance-in-auto-scaling-group --region ${region} --no-should-decrement-desired-capacity --instance-id ${instanceId}`;
  const console = command`aws ec2 get-console-output --region ${region} --latest --instance-id ${instanceId} --output text`;
  const details = {
    evidence: [`${instanceId}: system status ${system}, instance status ${instance}, volumes ${volumes || "unknown"}`],
    about: { instances: [instanceId] },
  };
  const of = (cause: Cause, what: string, commands: Finding["commands"]) =>
    found(cause, { problem: `The ${what} of ${instanceId} is impaired.`, ...details, commands });
  // A problem of the host is the reason why the system on it does not answer.
  if (system === "impaired") return [of(HOST, "system status", [replace])];
  return [
    ...(instance === "impaired" ? [of(INSTANCE, "instance status", [console, replace])] : []),
    ...(volumes === "impaired" ? [of(VOLUMES, "status of the EBS volumes", [replace])] : []),
  ];
}
