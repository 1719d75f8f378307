import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, distinct, type Finding, found, waitsForInstance } from "../check";
import type { ContainerInstanceFacts, GroupFacts, ProviderFacts, ServiceFacts } from "../facts";
import { explained, symptomCause } from "../symptom-cause";
import { NO_ROOM } from "./launch-causes";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly providers: readonly ProviderFacts[];
  readonly groups: readonly GroupFacts[];
  readonly services: readonly ServiceFacts[];
  readonly registered: readonly ContainerInstanceFacts[];
}

const DETACHED = symptomCause("provider-detached", ["no-capacity-provider", ...NO_ROOM]);
const FAILED = symptomCause("provider-failed", ["group-at-zero", ...NO_ROOM]);
const GROUP_DELETED: Cause = {
  id: "provider-without-group",
  title: "The Auto Scaling group of a capacity provider was deleted.",
  fix: "Deploy the stack again, which creates the group. If the plan fails, replace the capacity provider too, with terraform apply -replace and its address.",
  explains: ["no-capacity-provider", ...NO_ROOM],
};
const NOT_SCALED = symptomCause("managed-scaling-disabled", ["group-at-zero", ...NO_ROOM]);

/** Capacity of AWS, which has no Auto Scaling group. */
const FARGATE = /^FARGATE(_SPOT)?$/;

/** Checks that the capacity providers are associated with the cluster, and scale their Auto Scaling groups. */
export const providersCheck: Check<Facts> = {
  id: "providers",
  question: "Do the capacity providers of the cluster scale their Auto Scaling groups?",
  actions: actionsOf("providers", "groups", "services", "containerInstances"),
  causes: [DETACHED, FAILED, GROUP_DELETED, NOT_SCALED],
  read: async (account) => ({
    region: account.region,
    clusterName: account.clusterName,
    providers: await account.providers(),
    groups: await account.groups(),
    services: await account.services(),
    registered: await account.containerInstances(),
  }),
  decide: ({ region, clusterName, providers, groups, services, registered }) => {
    const waiting = services.filter(waitsForInstance);
    const used = distinct([
      // A service that is being deleted, and an instance that drains, leave a provider that someone removed.
      ...services.flatMap(({ status = "ACTIVE", providers: own = [] }) => (status === "ACTIVE" ? own : [])),
      ...registered.flatMap(({ status, provider }) => (status !== "DRAINING" && provider ? [provider] : [])),
    ]).sort();
    const detached = used.filter((name) => !providers.some((one) => one.name === name) && !FARGATE.test(name));
    return {
      findings: [
        ...detached.map((name) => detachedProvider(name, { region, clusterName, providers, services, registered })),
        ...providers.flatMap((provider) => [
          ...failed(provider, region),
          ...withoutGroup(provider, groups),
          ...notScaled(provider, waiting, region),
        ]),
      ],
      notes: providers.map(({ name, managedScaling }) => `${name}: managed scaling ${managedScaling}`),
    };
  },
};

function detachedProvider(
  name: string,
  { region, clusterName, providers, services, registered }: Omit<Facts, "groups">,
): Finding {
  const all = [...providers.map((provider) => provider.name), name];
  const ofServices = services.filter((service) => service.providers?.includes(name));
  const ofInstances = registered.filter(({ provider }) => provider === name);
  return found(DETACHED, {
    problem: `The capacity provider ${name} is not associated with the cluster "${clusterName}".`,
    fix: `${DETACHED.fix} To associate it now, run the command. It replaces the cluster's default strategy: with several capacity providers, write the whole strategy.`,
    evidence: [
      ...ofServices.map((service) => `the service ${service.name} uses it`),
      ...ofInstances.map(({ instanceId }) => `${instanceId} belongs to it`),
    ],
    commands: [
      command`aws ecs put-cluster-capacity-providers --region ${region} --cluster ${clusterName} --capacity-providers ${all} --default-capacity-provider-strategy capacityProvider=${name},weight=1`,
    ],
  });
}

function failed({ name, group, updateStatus, updateReason, managedScaling }: ProviderFacts, region: string): Finding[] {
  if (!/_FAILED$/.test(updateStatus)) return [];
  return [
    found(FAILED, {
      problem: `The capacity provider ${name} is ${updateStatus}.`,
      evidence: [updateReason || "no reason given"],
      commands: [
        command`aws ecs update-capacity-provider --region ${region} --name ${name} --auto-scaling-group-provider "managedScaling={status=${managedScaling}}"`,
      ],
      about: group === undefined ? {} : { groups: [group] },
    }),
  ];
}

function withoutGroup({ name, group }: ProviderFacts, groups: readonly GroupFacts[]): Finding[] {
  if (group === undefined || groups.some((one) => one.name === group)) return [];
  return [
    found(GROUP_DELETED, {
      problem: `The Auto Scaling group ${group} of the capacity provider ${name} does not exist.`,
      evidence: [`${name}: ${group}`],
      commands: [],
      about: { groups: [group] },
    }),
  ];
}

function notScaled(
  { name, group, managedScaling }: ProviderFacts,
  waiting: readonly ServiceFacts[],
  region: string,
): Finding[] {
  if (group === undefined || managedScaling === "ENABLED") return [];
  const own = waiting.filter(({ providers = [] }) => providers.length === 0 || providers.includes(name));
  if (own.length === 0) return [];
  return [
    found(NOT_SCALED, {
      problem: `Managed scaling of the capacity provider ${name} is ${managedScaling}, and tasks wait for an instance.`,
      fix: explained(NOT_SCALED),
      evidence: own.map((service) => `${service.name}: ${service.running} of ${counted(service.desired, "task")}`),
      commands: [
        command`aws ecs update-capacity-provider --region ${region} --name ${name} --auto-scaling-group-provider "managedScaling={status=ENABLED}"`,
      ],
      about: { groups: [group], services: own.map((service) => service.name) },
    }),
  ];
}
