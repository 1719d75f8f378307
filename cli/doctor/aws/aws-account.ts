import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { distinct, isRunning } from "../check";
import type { Account, BalancerFacts, InstanceFacts, RoleFacts } from "../facts";
import type { Clients } from "./clients";
import { readArchive } from "./read-archive";
import { readBalancers, readListeners, readNames, readTargetGroups } from "./read-balancing";
import { readCertificates } from "./read-certificates";
import { readGroups, readImages, readInstances, readSecurityGroups, readUserData } from "./read-compute";
import {
  readCluster,
  readClusterNames,
  readContainerInstances,
  readProviders,
  readServices,
  readTasks,
} from "./read-ecs";
import { readKey, readVolumes } from "./read-keys";
import { readLogGroups } from "./read-log-groups";
import { readAcls, readEndpoints, readRouteTables, readStatuses, readSubnets, readVpcs } from "./read-network";
import { hasRepositoryPolicy, readCachePrefixes, readRepository } from "./read-repositories";
import { readRole, readTaskRole } from "./read-role";
import { readScaling } from "./read-scaling";
import { readSchedules } from "./read-schedules";
import { hasSecretPolicy, readParameters, readSecret } from "./read-secrets";
import { readTaskDefinition } from "./read-task-definitions";
import { readInstanceTypes, readTemplate } from "./read-templates";

export interface AwsAccountProps {
  readonly clusterName: string;
  readonly region: string;
  /** The clients for the region. */
  readonly clients: Clients;
  /** The time from which ages are calculated. */
  readonly now: Date;
}

/** The account in AWS. Every call only reads. The IAM policy in docs/doctor.md lists these calls. */
export class AwsAccount implements Account {
  readonly clusterName: string;
  readonly region: string;
  private readonly clients: Clients;
  private readonly now: Date;
  private readonly known = new Map<string, Promise<unknown>>();

  constructor({ clusterName, region, clients, now }: AwsAccountProps) {
    this.clusterName = clusterName;
    this.region = region;
    this.now = now;
    this.clients = clients;
  }

  accountId = () =>
    this.once("account", async () => {
      const { Account: account = "" } = await this.clients.sts.send(new GetCallerIdentityCommand({}));
      return account;
    });

  cluster = () => this.once("cluster", () => readCluster(this.clients.ecs, this.clusterName));

  clusterNames = () => this.once("clusterNames", () => readClusterNames(this.clients.ecs));

  providers = () =>
    this.once("providers", async () =>
      readProviders(this.clients.ecs, (await this.cluster())?.capacityProviders ?? []),
    );

  groups = () =>
    this.once("groups", async () => {
      const names = (await this.providers()).flatMap(({ group }) => group ?? []);
      return readGroups(this.clients.autoScaling, names);
    });

  containerInstances = () =>
    this.once("containerInstances", () => readContainerInstances(this.clients.ecs, this.clusterName));

  instances = () =>
    this.once("instances", async () => {
      const members = (await this.groups()).flatMap(({ instances }) => instances);
      const ofGroups = members.map(({ id }) => id);
      const leaving = members.filter(({ lifecycleState }) => lifecycleState.startsWith("Terminating"));
      const isTerminating = (instance: InstanceFacts) => leaving.some(({ id }) => id === instance.id);
      const registered = (await this.containerInstances()).map(({ instanceId }) => instanceId);
      const found = await readInstances(this.clients.ec2, distinct([...ofGroups, ...registered]).sort(), this.now);
      return found.map((instance) => (isTerminating(instance) ? { ...instance, state: "leaving" } : instance));
    });

  services = () => this.once("services", () => readServices(this.clients.ecs, this.clusterName, this.now));

  tasks = () => this.once("tasks", () => this.tasksWithStatus("RUNNING"));

  scaling = () => this.once("scaling", async () => readScaling(this.clients, (await this.cluster())?.arn ?? ""));

  archivedTasks = () => this.once("archivedTasks", () => readArchive(this.clients.logs, this.clusterName, this.now));

  stoppedTasks = () => this.once("stoppedTasks", () => this.tasksWithStatus("STOPPED"));

  schedules = () =>
    this.once("schedules", async () => readSchedules(this.clients, (await this.cluster())?.arn ?? "", this.now));

  targetGroups = () =>
    this.once("targetGroups", async () => {
      const arns = (await this.services()).flatMap(({ targetGroupArns }) => targetGroupArns);
      return readTargetGroups(this.clients.balancing, distinct(arns));
    });

  balancers = () =>
    this.once("balancers", async (): Promise<BalancerFacts[]> => {
      const arns = distinct((await this.targetGroups()).flatMap(({ balancerArns }) => balancerArns)).sort();
      const balancers = await readBalancers(this.clients.balancing, arns);
      const subnets = balancers.flatMap(({ AvailabilityZones = [] }) =>
        AvailabilityZones.map(({ SubnetId = "" }) => SubnetId),
      );
      const known = await this.subnets(distinct(subnets).sort());
      return balancers.map(({ LoadBalancerArn = "", LoadBalancerName = "", AvailabilityZones = [], ...balancer }) => {
        const own = known.filter(({ id }) => AvailabilityZones.some(({ SubnetId }) => SubnetId === id));
        return {
          arn: LoadBalancerArn,
          name: LoadBalancerName,
          state: balancer.State?.Code,
          reason: balancer.State?.Reason,
          zones: AvailabilityZones.map(({ ZoneName = "" }) => ZoneName).sort(),
          securityGroupIds: [...(balancer.SecurityGroups ?? [])].sort(),
          subnetCidrs: own.map(({ cidr }) => cidr),
          scheme: balancer.Scheme,
          vpcId: balancer.VpcId,
          subnets: own,
        };
      });
    });

  listeners = () =>
    this.once("listeners", async () =>
      readListeners(
        this.clients.balancing,
        (await this.balancers()).map(({ arn }) => arn),
      ),
    );

  certificates = () =>
    this.once("certificates", async () => readCertificates(this.clients, await this.listeners(), this.now));

  ruleNames = (arns: readonly string[]) =>
    this.once(`ruleNames ${arns.join(" ")}`, () => readNames(this.clients.balancing, arns));

  subnets = (ids: readonly string[]) => this.once(`subnets ${ids.join(" ")}`, () => readSubnets(this.clients.ec2, ids));

  routeTables = (vpcIds: readonly string[]) =>
    this.once(`routeTables ${vpcIds.join(" ")}`, () => readRouteTables(this.clients.ec2, vpcIds));

  acls = (vpcIds: readonly string[]) => this.once(`acls ${vpcIds.join(" ")}`, () => readAcls(this.clients.ec2, vpcIds));

  endpoints = (vpcIds: readonly string[]) =>
    this.once(`endpoints ${vpcIds.join(" ")}`, () => readEndpoints(this.clients.ec2, vpcIds));

  vpcs = (ids: readonly string[]) => this.once(`vpcs ${ids.join(" ")}`, () => readVpcs(this.clients.ec2, ids));

  statuses = (ids: readonly string[]) =>
    this.once(`statuses ${ids.join(" ")}`, () => readStatuses(this.clients.ec2, ids));

  securityGroups = (ids: readonly string[]) =>
    this.once(`securityGroups ${ids.join(" ")}`, () => readSecurityGroups(this.clients.ec2, ids));

  userData = (instanceId: string) =>
    this.once(`userData ${instanceId}`, () => readUserData(this.clients.ec2, instanceId));

  role = (profileArn: string): Promise<RoleFacts> =>
    this.once(`role ${profileArn}`, () => readRole(this.clients.iam, profileArn));

  images = (ids: readonly string[]) =>
    this.once(`images ${ids.join(" ")}`, () => readImages(this.clients.ec2, ids, this.now));

  templates = () =>
    this.once("templates", async () => {
      const templates = await Promise.all((await this.groups()).map((group) => readTemplate(this.clients.ec2, group)));
      return templates.flatMap((template) => template ?? []);
    });

  instanceTypes = (names: readonly string[]) =>
    this.once(`instanceTypes ${names.join(" ")}`, () => readInstanceTypes(this.clients.ec2, names));

  taskDefinition = (name: string) =>
    this.once(`taskDefinition ${name}`, () => readTaskDefinition(this.clients.ecs, name));

  taskRole = (arn: string) => this.once(`taskRole ${arn}`, () => readTaskRole(this.clients.iam, arn));

  logGroups = (names: readonly string[]) =>
    this.once(`logGroups ${names.join(" ")}`, () => readLogGroups(this.clients.logs, names));

  secret = (id: string) => this.once(`secret ${id}`, () => readSecret(this.clients.secrets, id));

  hasSecretPolicy = (id: string) => this.once(`secretPolicy ${id}`, () => hasSecretPolicy(this.clients.secrets, id));

  parameters = (names: readonly string[]) =>
    this.once(`parameters ${names.join(" ")}`, () => readParameters(this.clients.ssm, names));

  repository = (name: string, tags: readonly string[]) =>
    this.once(`repository ${name} ${tags.join(" ")}`, () => readRepository(this.clients.ecr, name, tags));

  hasRepositoryPolicy = (name: string) =>
    this.once(`repositoryPolicy ${name}`, () => hasRepositoryPolicy(this.clients.ecr, name));

  cachePrefixes = () => this.once("cachePrefixes", () => readCachePrefixes(this.clients.ecr));

  key = (id: string) => this.once(`key ${id}`, () => readKey(this.clients.kms, id));

  volumes = () =>
    this.once("volumes", async () => {
      const running = (await this.instances()).filter(isRunning);
      return readVolumes(
        this.clients.ec2,
        running.map(({ id }) => id),
      );
    });

  private async tasksWithStatus(status: "RUNNING" | "STOPPED") {
    const instanceIds = new Map((await this.containerInstances()).map(({ arn, instanceId }) => [arn, instanceId]));
    return readTasks(this.clients.ecs, this.clusterName, status, instanceIds, this.now);
  }

  /** Reads a part only once, so that all checks see the same state. */
  private once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.known.get(key) ?? read();
    this.known.set(key, known);
    return known as Promise<T>;
  }
}
