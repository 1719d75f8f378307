import { actionsOf } from "../actions";
import { type Cause, type Check, command, counted, distinct, type Finding, found, isRunning } from "../check";
import type { ContainerInstanceFacts, ImageFacts, InstanceFacts } from "../facts";

interface Facts {
  readonly region: string;
  readonly clusterName: string;
  readonly running: readonly InstanceFacts[];
  readonly registered: readonly ContainerInstanceFacts[];
  /** The user data of the instances that are not registered, by launch template. @default - unknown */
  readonly userData?: ReadonlyMap<string, string>;
  /** The AMIs of the instances that are not registered. @default - unknown */
  readonly images?: readonly ImageFacts[];
}

/** The time from the launch of an instance until it must be registered, in minutes. */
export const JOINING_MINUTES = 5;

/** The ID of the cause that a running instance has not registered. */
export const NOT_REGISTERED = "instance-not-registered";

const MISSING: Cause = {
  id: NOT_REGISTERED,
  title: `A running instance has not registered ${JOINING_MINUTES} minutes after its launch.`,
  fix: "Read the ECS agent's log with these commands or with the output agent_log_command. (On Bottlerocket, run sudo sheltie journalctl -u ecs in the admin container.) AccessDeniedException: the role lacks a permission. A timeout: the instance cannot reach ECS. It needs a public IP address and a route to the internet, or VPC endpoints. ClusterNotFoundException: /etc/ecs/ecs.config names another cluster.",
  explains: ["no-instance-matches"],
};
const OTHER_CLUSTER: Cause = {
  id: "instance-of-other-cluster",
  title:
    "The user data of an instance that is not registered names another cluster, or none, which means the cluster default.",
  fix: "Deploy the stack again, which restores the user data of the launch template. Then replace the instances with the command, one by one.",
  explains: [NOT_REGISTERED],
};
const NO_AGENT: Cause = {
  id: "ami-without-agent",
  title: "The AMI of an instance that is not registered is not ECS-optimized, and no instance with it is registered.",
  fix: "Set ami_version to recommended, or amiId or the filter of the AMI to an ECS-optimized AMI, and deploy. If you build the AMI, install the ECS agent, which most AMIs lack, and enable its service. If it has the agent, read the log of the agent.",
  explains: [NOT_REGISTERED],
};

/** Names of AMIs of AWS with the agent: `al2023-ami-ecs-…`, `bottlerocket-aws-ecs-…`, `Windows_Server-…-ECS_Optimized-…`. */
const HAS_AGENT = /(^|[-_])ecs([-_]|$)/i;

/** Checks whether each running instance is registered with the cluster. */
export const registeredCheck: Check<Facts> = {
  id: "registered",
  question: "Are the running instances registered with the cluster?",
  actions: actionsOf("instances", "containerInstances", "userData", "images"),
  causes: [OTHER_CLUSTER, NO_AGENT, MISSING],
  read: async (account, optional) => {
    const running = (await account.instances()).filter(isRunning);
    const registered = await account.containerInstances();
    const missing = notRegistered(running, registered);
    const templates = distinct(missing.map(({ template }) => template));
    const userData = await optional(
      Promise.all(
        templates.map(async (template) => {
          const { id = "" } = missing.find((one) => one.template === template) ?? {};
          return [template, await account.userData(id)] as const;
        }),
      ),
    );
    const images = await optional(account.images(distinct(missing.map(({ imageId }) => imageId)).sort()));
    return {
      ...{ region: account.region, clusterName: account.clusterName, running, registered, images },
      userData: userData && new Map(userData),
    };
  },
  decide: (facts) => {
    const { region, clusterName, running, registered } = facts;
    const missing = notRegistered(running, registered);
    const late = missing.filter(({ minutesOld }) => minutesOld >= JOINING_MINUTES);
    const starting = missing.filter(({ minutesOld }) => minutesOld < JOINING_MINUTES);
    const first = late[0];
    return {
      findings: [
        ...ofOtherClusters(late, facts),
        ...withoutAgent(late, facts),
        ...(first
          ? [
              found(MISSING, {
                problem: `${late.length} of ${counted(running.length, "running instance")} did not register with the cluster "${clusterName}".`,
                evidence: late.map(
                  ({ id, minutesOld, publicAddress, profileArn }) =>
                    `${id}: launched ${counted(minutesOld, "minute")} ago, ${publicAddress ? `public IP address ${publicAddress}` : "no public IP address"}, ${profileArn ? "with" : "without"} an instance profile`,
                ),
                commands: agentLog(first, region),
                about: { instances: late.map(({ id }) => id) },
              }),
            ]
          : []),
      ],
      notes: [
        `${running.length - missing.length} of ${counted(running.length, "running instance")} registered`,
        ...starting.map(
          ({ id, minutesOld }) => `${id}: launched ${counted(minutesOld, "minute")} ago, may still register`,
        ),
      ],
    };
  },
};

const notRegistered = (running: readonly InstanceFacts[], registered: readonly ContainerInstanceFacts[]) =>
  running.filter(({ id }) => !registered.some(({ instanceId }) => instanceId === id));

const agentLog = ({ id }: InstanceFacts, region: string) => [
  command`aws ssm start-session --region ${region} --target ${id}`,
  command`sudo docker logs --tail 100 ecs-agent`,
  command`cat /etc/ecs/ecs.config`,
];

/** Finds instances whose user data makes the agent join another cluster. */
function ofOtherClusters(
  late: readonly InstanceFacts[],
  { region, clusterName, userData = new Map(), images = [] }: Facts,
): Finding[] {
  return [...userData].flatMap(([template, text]): Finding[] => {
    const own = late.filter((one) => one.template === template);
    const [first] = own;
    // An AMI of your own can have the name of the cluster.
    const isOfAws = images.some(({ id, name }) => id === first?.imageId && HAS_AGENT.test(name));
    const joined = clusterIn(text) ?? (isOfAws && !/ECS_CLUSTER|settings[.]ecs/.test(text) ? "default" : undefined);
    if (first === undefined || joined === undefined || joined === clusterName) return [];
    return [
      found(OTHER_CLUSTER, {
        problem: `The user data of ${own.map(({ id }) => id).join(", ")} makes the ECS agent join the cluster "${joined}".`,
        evidence: [
          clusterIn(text) === undefined
            ? "the user data names no cluster"
            : `the user data names the cluster ${joined}`,
        ],
        commands: [
          command`aws autoscaling terminate-instance-in-auto-scaling-group --region ${region} --no-should-decrement-desired-capacity --instance-id ${first.id}`,
        ],
        about: { instances: own.map(({ id }) => id) },
      }),
    ];
  });
}

/**
 * Returns the cluster that user data names, in the file of the agent or in the settings of Bottlerocket. The last line counts, as it
 * does for the agent.
 */
function clusterIn(userData: string): string | undefined {
  const [, ofBottlerocket] = /^\s*\[settings[.]ecs\][^[]*?^\s*cluster\s*=\s*["']([\w-]+)["']/m.exec(userData) ?? [];
  return [...userData.matchAll(/\bECS_CLUSTER=["']?([\w-]+)/g)].at(-1)?.[1] ?? ofBottlerocket;
}

/** Finds AMIs without an agent: not ECS-optimized, and without any registered instance. */
function withoutAgent(late: readonly InstanceFacts[], { region, running, registered, images = [] }: Facts): Finding[] {
  const missing = notRegistered(running, registered);
  const works = running.filter((one) => !missing.includes(one)).map(({ imageId }) => imageId);
  return images
    .filter(({ id, name }) => !HAS_AGENT.test(name) && !works.includes(id))
    .flatMap(({ id, name }): Finding[] => {
      const own = late.filter(({ imageId }) => imageId === id);
      const [first] = own;
      if (first === undefined) return [];
      return [
        found(NO_AGENT, {
          problem: `The AMI ${id} is not ECS-optimized, and no instance with it registered.`,
          evidence: [name, `instances: ${own.map((one) => one.id).join(", ")}`],
          commands: agentLog(first, region),
          about: { instances: own.map((one) => one.id) },
        }),
      ];
    });
}
