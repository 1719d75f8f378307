import { actionsOf } from "../actions";
import { type Check, command, distinct, type Finding, found, isRunning } from "../check";
import type { InstanceFacts, SecurityGroupFacts } from "../facts";
import type { EndpointFacts, RouteTableFacts, SubnetFacts } from "../network-facts";
import { symptomCause } from "../symptom-cause";
import { AGENT_DISCONNECTED } from "./agents";
import { byKey } from "./by-key";
import { contains } from "./networks";
import { NOT_REGISTERED } from "./registered";
import { defaultRoute, hasOtherRoute, tableOf } from "./subnet-routes";

interface Facts {
  readonly region: string;
  readonly running: readonly InstanceFacts[];
  /** The instances whose agent is connected to ECS. */
  readonly connected: readonly string[];
  /** The images of tasks. */
  readonly images: readonly string[];
  readonly endpoints: readonly EndpointFacts[];
  /** The subnets of the instances. @default - AWS denied reading them */
  readonly subnets?: readonly SubnetFacts[];
  /** The security groups of the endpoints. @default - AWS denied reading them */
  readonly groups?: readonly SecurityGroupFacts[];
  /** @default - AWS denied reading them */
  readonly tables?: readonly RouteTableFacts[];
}

/** The endpoints that the ECS agent needs without a route to the internet. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html */
export const ECS_ENDPOINTS = ["ecs", "ecs-agent", "ecs-telemetry"] as const;
/** The endpoints that a pull from ECR needs. S3 has the layers. */
const ECR_ENDPOINTS = ["ecr.api", "ecr.dkr", "s3"] as const;
/** The services that each instance calls. Closed endpoints of other services can be for other users of the VPC. */
const USED = [...ECS_ENDPOINTS, "logs"] as const;

const CLOSED = symptomCause("endpoint-closed", [
  NOT_REGISTERED,
  AGENT_DISCONNECTED,
  "registry-unreachable",
  "service-unreachable",
]);

const STATE = symptomCause("endpoint-unavailable", CLOSED.explains);

const MISSING = symptomCause("endpoint-missing", CLOSED.explains);

/** Checks the VPC endpoints. With private DNS, also instances with a route to the internet use them. */
export const endpointsCheck: Check<Facts> = {
  id: "endpoints",
  question: "Do the VPC endpoints serve the instances?",
  actions: actionsOf(
    "instances",
    "endpoints",
    "containerInstances",
    "tasks",
    "stoppedTasks",
    "subnets",
    "securityGroups",
    "routeTables",
  ),
  causes: [CLOSED, STATE, MISSING],
  read: async (account, optional) => {
    const running = (await account.instances()).filter(isRunning);
    const vpcIds = distinct(running.flatMap(({ vpcId }) => vpcId ?? [])).sort();
    const endpoints = await account.endpoints(vpcIds);
    const groupIds = [...running, ...endpoints].flatMap(({ securityGroupIds }) => securityGroupIds);
    const registered = (await optional(account.containerInstances())) ?? [];
    const tasks = [...((await optional(account.tasks())) ?? []), ...((await optional(account.stoppedTasks())) ?? [])];
    return {
      region: account.region,
      running,
      connected: registered.filter(({ agentConnected }) => agentConnected).map(({ instanceId }) => instanceId),
      images: distinct(tasks.flatMap(({ containers }) => containers.flatMap(({ image }) => image ?? []))).sort(),
      endpoints,
      subnets: await optional(account.subnets(distinct(running.flatMap(({ subnetId }) => subnetId ?? [])).sort())),
      groups: await optional(account.securityGroups(distinct(groupIds).sort())),
      tables: await optional(account.routeTables(vpcIds)),
    };
  },
  decide: (facts) => ({
    findings: [
      ...facts.endpoints.filter((one) => isUsed(one, facts)).flatMap((one) => endpointFindings(one, facts)),
      ...byKey(facts.running, ({ subnetId }) => subnetId ?? "").flatMap((one) => missingEndpoints(one, facts)),
    ],
    notes:
      facts.endpoints.length === 0
        ? ["no VPC endpoints"]
        : [
            `VPC endpoints: ${distinct(facts.endpoints.map(({ service }) => service))
              .sort()
              .join(", ")}`,
          ],
  }),
};

/** Whether a subnet has no working endpoint for a service. */
export function isMissing(
  service: string,
  endpoints: readonly EndpointFacts[],
  { vpcId, table }: { readonly vpcId: string; readonly table: RouteTableFacts },
): boolean {
  return !endpoints.some((endpoint) => {
    if (endpoint.vpcId !== vpcId || endpoint.service !== service || endpoint.state !== "available") return false;
    return endpoint.type === "Gateway" ? endpoint.routeTableIds.includes(table.id) : endpoint.hasPrivateDns;
  });
}

const pullsFromEcr = (images: readonly string[]): boolean => images.some((image) => /[.]dkr[.]ecr[.]/.test(image));

/** Whether instances use an endpoint, and no other one of the service is available. */
function isUsed(endpoint: EndpointFacts, { endpoints, images }: Facts): boolean {
  const services: readonly string[] = [...USED, ...(pullsFromEcr(images) ? ECR_ENDPOINTS : [])];
  const isOther = (one: EndpointFacts) =>
    one !== endpoint && one.vpcId === endpoint.vpcId && one.service === endpoint.service && one.state === "available";
  return services.includes(endpoint.service) && (endpoint.state === "available" || !endpoints.some(isOther));
}

/** The states of an endpoint that does not work by itself later. */
const BROKEN = /^(failed|rejected|expired|pendingacceptance)$/;

function endpointFindings(endpoint: EndpointFacts, facts: Facts): Finding[] {
  const { id, service, state, vpcId, securityGroupIds } = endpoint;
  const { region, running, groups, subnets = [] } = facts;
  const users = running.filter((instance) => instance.vpcId === vpcId);
  const about = { instances: users.map((instance) => instance.id) };
  if (BROKEN.test(state)) {
    return [
      found(STATE, {
        problem: `The VPC endpoint ${id} of ${service} is not available: ${state}.`,
        evidence: [`${id} in ${vpcId}: ${state}`],
        commands: [
          command`aws ec2 describe-vpc-endpoints --region ${region} --vpc-endpoint-ids ${id} --query 'VpcEndpoints[0].[State,LastError]'`,
        ],
        about,
      }),
    ];
  }
  // Without private DNS, no instance uses the endpoint by its usual name.
  if (
    state !== "available" ||
    endpoint.type !== "Interface" ||
    !endpoint.hasPrivateDns ||
    !groups ||
    securityGroupIds.length === 0
  )
    return [];
  const inbound = groups.filter((group) => securityGroupIds.includes(group.id)).flatMap((group) => group.inbound);
  const open = inbound.filter(
    ({ protocol, from, to }) => protocol === "-1" || (protocol === "tcp" && from <= 443 && 443 <= to),
  );
  const closed = users.filter((instance) => {
    const cidr = subnets.find((subnet) => subnet.id === instance.subnetId)?.cidr;
    return !open.some(
      ({ groupIds, cidrs, prefixListIds = [] }) =>
        prefixListIds.length > 0 ||
        groupIds.some((group) => instance.securityGroupIds.includes(group)) ||
        // Without the network of the subnet, any network may be the right one.
        cidrs.some((one) => cidr === undefined || contains(one, cidr)),
    );
  });
  const [first] = closed;
  if (!first) return [];
  const own = first.securityGroupIds[0];
  return [
    found(CLOSED, {
      problem: `The security group of the VPC endpoint ${id} of ${service} does not admit ${closed.map((one) => one.id).join(", ")} on port 443.`,
      evidence: [
        `${securityGroupIds.join(", ")}: no inbound rule for TCP port 443 from ${
          distinct(closed.flatMap((one) => one.securityGroupIds))
            .sort()
            .join(", ") || "the instances"
        }`,
      ],
      commands:
        own === undefined
          ? []
          : [
              command`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${securityGroupIds[0] as string} --protocol tcp --port 443 --source-group ${own}`,
            ],
      about: { instances: closed.map((one) => one.id) },
    }),
  ];
}

/** Finds the endpoints that the instances of a subnet without a way to the internet lack. The routes report the lack of all. */
function missingEndpoints({ subnetId, vpcId = "" }: InstanceFacts, facts: Facts): Finding[] {
  const { region, running, connected, endpoints, images } = facts;
  const table = subnetId === undefined ? undefined : tableOf(facts.tables ?? [], { id: subnetId, vpcId });
  if (!table || subnetId === undefined || defaultRoute(table) || defaultRoute(table, "::/0") || hasOtherRoute(table)) {
    return [];
  }
  const lacks = (service: string) => isMissing(service, endpoints, { vpcId, table });
  if (ECS_ENDPOINTS.every(lacks)) return [];
  const own = running.filter((instance) => instance.subnetId === subnetId);
  const isConnected = own.every(({ id }) => connected.includes(id));
  // A private hosted zone can serve an endpoint without private DNS. A connected agent shows that.
  const needed = [...(isConnected ? [] : ECS_ENDPOINTS), ...(pullsFromEcr(images) ? ECR_ENDPOINTS : [])];
  const missing = needed.filter(lacks);
  if (missing.length === 0) return [];
  const others = endpoints.filter((one) => one.vpcId === vpcId && (missing as string[]).includes(one.service));
  return [
    found(MISSING, {
      problem: `The instances in ${subnetId} have no route to the internet, and no VPC endpoint for ${missing.join(", ")}.`,
      evidence: [
        `${own.map(({ id }) => id).join(", ")} in ${subnetId}, ${table.id}`,
        ...others.map(({ id, service, type, hasPrivateDns }) =>
          type === "Gateway"
            ? `${id} of ${service}: not in ${table.id}`
            : `${id} of ${service}: private DNS ${hasPrivateDns ? "enabled" : "disabled"}`,
        ),
      ],
      commands: [
        command`aws ec2 describe-vpc-endpoints --region ${region} --filters Name=vpc-id,Values=${vpcId} --query 'VpcEndpoints[].[VpcEndpointId,ServiceName,State,PrivateDnsEnabled]' --output text`,
      ],
      about: { instances: own.map(({ id }) => id) },
    }),
  ];
}
