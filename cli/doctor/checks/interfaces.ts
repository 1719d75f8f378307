import { actionsOf } from "../actions";
import { type Check, distinct, found, isRunning } from "../check";
import type {
  ContainerInstanceFacts,
  GroupFacts,
  InstanceFacts,
  InstanceTypeFacts,
  ServiceFacts,
  TaskFacts,
} from "../facts";
import { causeBehind } from "../symptom-cause";

interface Facts {
  readonly services: readonly ServiceFacts[];
  readonly tasks: readonly TaskFacts[];
  readonly registered: readonly ContainerInstanceFacts[];
  readonly instances: readonly InstanceFacts[];
  readonly groups: readonly GroupFacts[];
  readonly types: readonly InstanceTypeFacts[];
}

const FULL = {
  ...causeBehind("no-network-interface", "no-free-interface"),
  explains: ["no-network-interface", "no-room", "no-instance-matches", "tasks-wait"],
};

/** The attribute of an instance with a trunk, whose number of interfaces EC2 does not return. */
const TRUNK = "ecs.awsvpc-trunk-id";

/** Checks that tasks in awsvpc mode have network interfaces: each needs one, and an instance has few. */
export const interfacesCheck: Check<Facts> = {
  id: "interfaces",
  question: "Do the instances have network interfaces for tasks in awsvpc mode?",
  actions: actionsOf("services", "tasks", "containerInstances", "instances", "groups", "instanceTypes"),
  causes: [FULL],
  read: async (account) => {
    const services = (await account.services()).filter(({ network }) => network !== undefined);
    const instances = (await account.instances()).filter(isRunning);
    const types = distinct(instances.flatMap(({ type }) => type ?? [])).sort();
    return {
      ...{ services, instances, tasks: await account.tasks(), groups: await account.groups() },
      registered: await account.containerInstances(),
      types: await account.instanceTypes(types),
    };
  },
  decide: ({ services, tasks, registered, instances, groups, types }) => {
    const active = registered.filter(({ status, agentConnected }) => status === "ACTIVE" && agentConnected);
    const rooms = active.map(({ instanceId, attributes = [] }) => {
      const type = instances.find(({ id }) => id === instanceId)?.type ?? "";
      const all = types.find(({ name }) => name === type)?.interfaces;
      const used = tasks.filter((task) => task.instanceId === instanceId && task.address !== undefined).length;
      // The instance has one interface of its own.
      const most = all === undefined || attributes.includes(TRUNK) ? undefined : all - 1;
      return {
        text: `${instanceId} (${type}): ${used} of ${most ?? "an unknown number of"} interfaces for tasks used`,
        used,
        most,
      };
    });
    const isFull = rooms.length > 0 && rooms.every(({ used, most }) => most !== undefined && used >= most);
    const canGrow = groups.some(({ desiredSize, maxSize }) => desiredSize < maxSize);
    const waiting = services.filter(({ running, desired }) => running < desired).map(({ name }) => name);
    return {
      findings:
        isFull && !canGrow && waiting.length > 0
          ? [
              found(FULL, {
                problem: `No instance has a network interface left for the tasks of ${waiting.join(", ")}, and no Auto Scaling group can grow.`,
                evidence: rooms.map(({ text }) => text),
                commands: [],
                about: { services: waiting },
              }),
            ]
          : [],
      notes: services.length > 0 ? rooms.map(({ text }) => text) : [],
    };
  },
};
