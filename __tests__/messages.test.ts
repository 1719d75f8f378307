import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { TerraformOutput, type TerraformStack, Token } from "cdktf";
import {
  AgentConfig,
  DefaultVpc,
  Ec2Service,
  type Ec2ServiceProps,
  EcsClusterStack,
  EcsServiceStack,
  EncryptionKey,
  ExistingLoadBalancer,
  FileSystem,
  hcl,
  LogDriver,
  PortRange,
  ReadableStack,
  Secret,
  type SecretOptions,
  ServiceConnectNamespace,
  ServiceImage,
  TaskDefinition,
} from "../src";
import { asgCapacityProviderPropsSchema } from "../src/capacity/asg-capacity-provider";
import { clusterLookupSettingsSchema } from "../src/capacity/ecs-cluster-lookup";
import { clusterPropsSchema } from "../src/cluster/cluster";
import { clusterTargetField } from "../src/cluster/ecs-cluster-target";
import { executionRolePropsSchema } from "../src/iam/execution-role";
import { instanceRolePropsSchema } from "../src/iam/instance-role";
import { roleReferenceField } from "../src/iam/role";
import { taskRolePropsSchema } from "../src/iam/task-role";
import { agentConfigPropsSchema } from "../src/instances/agent-config";
import { ecsOptimizedImagePropsSchema } from "../src/instances/ecs-optimized-image";
import { instanceTypesPropsSchema } from "../src/instances/instance-types";
import { keyPairPropsSchema } from "../src/instances/key-pair";
import { launchTemplatePropsSchema } from "../src/instances/launch-template";
import { userDataPropsSchema } from "../src/instances/user-data";
import { applicationLoadBalancerPropsSchema } from "../src/load-balancing/application-load-balancer";
import { existingLoadBalancerPropsSchema } from "../src/load-balancing/existing-load-balancer";
import { listenerRulePropsSchema } from "../src/load-balancing/listener-rule";
import { ruleQuotaProblems, targetGroupQuotaProblems } from "../src/load-balancing/load-balancer-quotas";
import { conflicts, type PlacedRule } from "../src/load-balancing/rule-conflicts";
import { targetGroupPropsSchema } from "../src/load-balancing/target-group";
import { defaultVpcPropsSchema } from "../src/network/default-vpc";
import { loadBalancerRulesPropsSchema } from "../src/network/load-balancer-rules";
import { portRulesPropsSchema } from "../src/network/port-rules";
import { alarmsPropsSchema } from "../src/observability/alarms";
import { serviceConnectNamespacePropsSchema } from "../src/services/service-connect-namespace";
import { serviceScalingPropsSchema } from "../src/services/service-scaling";
import { ecsClusterSettingsSchema } from "../src/stacks/ecs-cluster-settings";
import { containerPropsSchema } from "../src/tasks/container";
import { fileSystemPropsSchema } from "../src/tasks/file-system";
import { taskDefinitionPropsSchema } from "../src/tasks/task-definition";
import { sentence } from "../src/validation/problem";
import type { Schema } from "../src/validation/schema";
import { check } from "../src/validation/validate";
import { clusterStack } from "./support/cluster";
import { clusterTarget } from "./support/cluster-target";
import { type MessageText, messagesInJson, textsInSources, textsOfSchemas } from "./support/message-texts";
import { Parts, type PartsProps } from "./support/parts";
import { problemsOf } from "./support/problems";
import { emptyStack, synthesized } from "./support/synthesized";
import { testApp } from "./support/test-app";

/*
 * Every message of src, with an input that gives it, so that a reader can judge all of them at once. The last tests
 * fail for a message that is not listed: add a row with an input that gives it.
 */

/** Creates a service that runs a task definition with one container. */
function ofTask(service: Partial<Ec2ServiceProps>, container: object = {}): void {
  const [stack, cluster] = [emptyStack(), clusterTarget()];
  const containers = [{ name: "app", image: "app:1", ...container }];
  const taskDefinition = new TaskDefinition(stack, "task", { cluster, name: "app", containers });
  new Ec2Service(stack, "web", { cluster, taskDefinition, ...service });
}

/** An input, and the messages that it gives. */
type Row = readonly [messages: () => readonly string[], ...expected: string[]];

/** Returns the messages of a schema for a value. */
const of = (schema: Schema, value: unknown) => (): readonly string[] => check(schema, value).problems.map(sentence);
/** Returns the messages of the settings of a stack. */
const cluster = (settings: Record<string, unknown>) => of(ecsClusterSettingsSchema, settings);
/** Returns the problems that a construct or a function throws. */
const thrown = (action: () => unknown) => (): readonly string[] => problemsOf(action);
/** Returns the warnings of a stack. */
const warned = (stack: () => TerraformStack) => (): readonly string[] =>
  stack()
    .node.findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === "@cdktf/warn").map(({ data }) => data));
/** Returns the message of an error that is no SettingsError. */
const failed = (action: () => unknown) => (): readonly string[] => {
  try {
    action();
    return [];
  } catch (error) {
    // CDKTF adds its own text around an error of a token.
    return [(error as Error).message.replace(/^Resolution error: (.*)\.\nObject creation stack:.*$/s, "$1")];
  }
};

const ARN = "arn:aws:iam::111122223333:policy/p";
const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf";
const ACM = "arn:aws:acm:us-east-1:111122223333:certificate";
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shared/0f0e/0706";
const TLS = { https: true, webAcl: "existing" };
const TOKEN = Token.asString({ resolve: () => "x" });
const text = (length: number): string => "x".repeat(length);
const times = <T>(count: number, element: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => element(n));
const named = <T>(count: number, value: T) => Object.fromEntries(times(count, (n) => [`n${n}`, value]));
const networks = (count: number) => times(count, (n) => `10.${n}.0.0/16`);
const range = (from: number, to: number) => new PortRange({ from, to });

const parts = (props: PartsProps = {}) => new Parts(emptyStack(), props);
/** Returns the problems of a construct of a cluster with these settings. */
const part = (name: "launchTemplate" | "capacity", props: PartsProps) => thrown(() => parts(props)[name]);
type ConflictingRule = Omit<PlacedRule, "name" | "hasOwnPriority">;
/** Returns the problems of rule b on a listener that has rule a. */
const conflict =
  (rule: ConflictingRule, ...others: readonly ConflictingRule[]) =>
  () =>
    conflicts(
      { name: "b", hasOwnPriority: false, ...rule },
      others.map((other) => ({ name: "a", hasOwnPriority: false, ...other })),
    ).map(sentence);
/** Returns the problems of a service. */
const service = (props: Record<string, unknown>) =>
  thrown(() => new Ec2Service(emptyStack(), "users", { cluster: clusterTarget(), ...props } as Ec2ServiceProps));
/** Returns the problems of the second of two services of a cluster. */
const twoServices = (one: object, other: object) =>
  thrown(() => {
    const [stack, target] = [emptyStack(), clusterTarget()];
    new Ec2Service(stack, "one", { cluster: target, ...one });
    new Ec2Service(stack, "users", { cluster: target, ...other });
  });
const VISIBLE = { namespace: "AWS/SQS", metricName: "Visible" };
const HOST = { networkMode: "host", allowInstanceCredentials: true } as const;
const AWSVPC = { networkMode: "awsvpc", subnetIds: ["subnet-0123456789abcdef0"] } as const;
const side = (props: object) => [{ name: "side", image: "side:1", ...props }];
const statsd = (allowFrom?: object) => ({
  portMappings: [{ containerPort: 8125, hostPort: 8125, protocol: "udp", allowFrom }],
});
const container = (props: object) => of(containerPropsSchema, { name: "web", image: "web:1", ...props });
const task = (props: object) =>
  of(taskDefinitionPropsSchema, {
    cluster: clusterTarget(),
    name: "web",
    containers: [{ name: "web", image: "web:1" }],
    ...props,
  });
const volumes = (given: Record<string, object>) =>
  task({
    volumes: given,
    containers: [
      {
        name: "web",
        image: "a:1",
        mountPoints: Object.fromEntries(Object.keys(given).map((name) => [`/${name}`, name])),
      },
    ],
  });
const ebs = (given: object) => volumes({ a: { ebs: given } });
const image = (props: object) => thrown(() => new ServiceImage(emptyStack(), "web", props));
const withoutLoadBalancer = { ...clusterTarget(), loadBalancer: undefined };
const withSecurityGroup = clusterTarget({
  loadBalancer: { listenerArn: "arn", securityGroupId: "sg-0123456789abcdefb" },
});

const EFS = { volumes: { data: { fileSystem: "fs-0123456789abcdef0" } }, mountPoints: { "/data": "data" } };
const NODES = { details: "{}", maxSize: 1, reservedMemoryMiB: 0 };
const ROCKET = {
  ...NODES,
  name: "rocket",
  capacityProviderName: "cp-rocket",
  mountsFileSystems: false,
  allowsPrivileged: false,
};
const LINUX = {
  ...NODES,
  name: "linux",
  capacityProviderName: "cp-linux",
  mountsFileSystems: true,
  allowsPrivileged: true,
};
/** A cluster with Bottlerocket, and Amazon Linux unless only Bottlerocket is given. */
const mixed = (capacities = [ROCKET, LINUX]) =>
  clusterTarget({ instanceCapacity: { ...NODES, ...(capacities.length > 1 ? LINUX : ROCKET), capacities } });

// biome-ignore format: a page with one message per line
const MESSAGES: Readonly<Record<string, readonly Row[]>> = {
  validation: [
    [of(clusterPropsSchema, "prod"), 'settings must be an object; received "prod". Write it in braces: { name: value }.'],
    [of(clusterPropsSchema, { name: 1, logRetentionDays: "7", executeCommandLogging: "no", containerInsights: "on", nam: 1 }),
      "name must be a string; received 1. Write it in quotes.",
      'logRetentionDays must be a number; received "7". Write it without quotes.',
      'containerInsights must be one of "enhanced", "enabled", "disabled"; received "on". Choose one of these.',
      'executeCommandLogging must be true or false; received "no". Write it without quotes.',
      'Unknown setting "nam". Did you mean "name"?'],
    [of(clusterPropsSchema, { containerInsights: TOKEN, colour: "red" }),
      "name must be a string; received nothing. Set it.",
      "containerInsights must be known when the code runs; received a token. Write the value itself instead of a token.",
      'Unknown setting "colour". The settings are name, region, logRetentionDays, retainLogGroup, containerInsights, executeCommandLogging, encryptionKey, serviceLinkedRole, awsvpcTrunking.'],
    [cluster({ schedules: [], extraUserData: "ls", instanceRefresh: "no" }),
      'instanceRefresh must be false or an object; received "no". Write it in braces: { name: value }.',
      "schedules must be a map; received []. Write it in braces: { name: value }.",
      'extraUserData must be a list; received "ls". Write it in brackets: [first, second].'],
    [cluster({ loadBalancer: { accessLogs: { bucket: "logs", Prefix: "a", sslPolicy: "b" } } }),
      'Unknown setting "loadBalancer.accessLogs.Prefix". Did you mean "prefix"?',
      'Unknown setting "loadBalancer.accessLogs.sslPolicy". Write it as loadBalancer.sslPolicy.'],
    [cluster({ minSize: 2, values: { tags: { team: TOKEN }, region: undefined } }),
      "values.region must be set; received undefined. Remove it for the default, or set the variable that it comes from.",
      "values.tags must be known when the code runs; received a token inside. It is the default of a Terraform variable, which cannot refer to anything. Write the value itself, or give it at plan.",
      'Unknown setting "minSize". Write it as values.minSize.'],
    [cluster({ portRange: { get from() { throw new Error("no value"); } } }), 'settings must be readable; received "Error: no value". Use plain values.'],
    [cluster({ values: { name: "x", region: "eu-west-1a", logRetentionDays: 2 } }),
      'values.region must be the code of an AWS region; received "eu-west-1a". Use a code such as ap-northeast-2. A zone such as ap-northeast-2a is not a region.',
      'values.name must be 3 to 24 characters long; received "x". The load balancer\'s name adds a suffix, and AWS limits it to 32 characters.',
      "values.logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; received 2. CloudWatch Logs accepts only these numbers of days."],
    [cluster({ values: { name: "-ecs" } }), 'values.name must contain only letters, digits and hyphens, and neither start nor end with a hyphen; received "-ecs". AWS rejects other names of load balancers.'],
    [cluster({ values: { name: "sg-ecs" } }), 'values.name must not be internal or sg, nor start with internal- or sg-; received "sg-ecs". The load balancer\'s name is <name>-alb, and AWS reserves these prefixes. Choose another name.'],
    [failed(() => new EcsClusterStack(testApp(), "prod", { keyPair: "none" }).variables.string("sshCidrs")),
      "The stack has no variable for sshCidrs with these settings."],
  ],
  terraform: [
    [failed(() => {
      const stack = emptyStack();
      for (const id of ["a-b", "a_b"]) new TerraformOutput(stack, id, { value: 1 });
      return synthesized(stack);
    }),
      'Two constructs would have the Terraform address "a_b": test/a-b and test/a_b. Give one of them another id.'],
    [failed(() => {
      const app = testApp();
      const prod = new EcsClusterStack(app, "prod", { backend: false });
      new TerraformOutput(new EcsServiceStack(app, "services"), "arn", { value: prod.cluster.clusterArn });
      app.synth();
    }),
      'Stack "prod" has no backend, so other stacks cannot refer to its resources. Set its backend, or pass the values as variables.'],
    [failed(() => {
      const app = testApp();
      const prod = new EcsClusterStack(app, "prod");
      prod.addOverride("terraform.backend.http.address", "https://example.com");
      new TerraformOutput(new EcsServiceStack(app, "services"), "arn", { value: prod.cluster.clusterArn });
      app.synth();
    }),
      'Stack "prod" has its backend in an override, so other stacks cannot refer to its resources. Add CDKTF\'s construct of the backend in place of the override.'],
  ],
  network: [
    [of(defaultVpcPropsSchema, { region: "eu-west-1", vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-1"] }),
      'vpcId must be the id of a VPC; received "vpc-1". List the VPCs: aws ec2 describe-vpcs --query Vpcs[].VpcId',
      'subnetIds must have 1 to 100 different subnets; received ["subnet-1", "subnet-1"]. Give one subnet per zone. A load balancer needs subnets in two zones.',
      'subnetIds must be ids of subnets; received ["subnet-1", "subnet-1"]. List the subnets: aws ec2 describe-subnets --query Subnets[].SubnetId'],
    [of(defaultVpcPropsSchema, { region: "eu-west-1", vpcId: "vpc-0123456789abcdef0" }), 'vpcId must be set together with subnetIds; received "vpc-0123456789abcdef0". Set both, or neither to use the default VPC.'],
    [thrown(() => {
      const stack = emptyStack();
      const vpc = new Vpc(stack, "vpc", {});
      new DefaultVpc(stack, "network", { region: "eu-west-1", vpcId: vpc.id, subnetIds: [vpc.id] });
    }),
      "vpcId must be known before the plan; received a reference to aws_vpc.vpc of the same stack. Create the VPC in another stack, and apply that stack first. Or set the ids themselves.",
      "subnetIds must be known before the plan; received a reference to aws_vpc.vpc of the same stack. Create the VPC in another stack, and apply that stack first. Or set the ids themselves."],
    [cluster({ portRange: { from: 80, to: 61000 } }), "portRange.from must be a whole number from 1024 to 65535; received 80. Ports below 1024 belong to the system. For example 31000 to 61000."],
    [cluster({ portRange: { from: 31000, to: 31010 } }), "portRange.to must be at least 31099, so that the range has 100 ports; received 31010. Each container uses one port, and a rolling deployment uses twice as many."],
    [cluster({ portRange: { from: 61000, to: 31000 } }), "portRange.to must not be below from, which is 61000; received 31000. Swap them: 31000 to 61000."],
    [of(portRulesPropsSchema, { name: "prod", vpc: 1, portRange: 1, sshCidrs: ["10.0.0.1/8", "1.0.0.0/4", "0.0.0.0/0", "home"], httpCidrs: ["::/0"] }),
      "vpc must be a VPC; received 1. Use a DefaultVpc construct.",
      "portRange must be a PortRange; received 1. Use new PortRange({ from, to }).",
      'sshCidrs must be networks in CIDR notation; received ["home"]. Write an IPv4 or IPv6 network such as "203.0.113.7/32" or "2001:db8::/48".',
      'sshCidrs must have no host bits set; received ["10.0.0.1/8", "1.0.0.0/4"]. Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").',
      'sshCidrs must not be the whole internet; received ["0.0.0.0/0"]. Name the networks that may connect, such as your office\'s address with /32, or use Session Manager, which needs no open port.',
      'sshCidrs must be /8 or narrower (IPv6: /16 or narrower); received ["1.0.0.0/4"]. Two halves add up to the whole internet. Name the networks that may connect, or use Session Manager, which needs no open port.',
      'httpCidrs must be IPv4 networks; received ["::/0"]. The load balancer has only IPv4 addresses, so a rule for IPv6 has no effect. Remove these networks, or set dualStack of the load balancer.'],
    [thrown(() => parts().portRules.allowTo("10.0.0.0/8", 70_000, { name: "A", description: "<db>" })),
      "port must be a whole number from 0 to 65535; received 70000. For example 5432.",
      'name must have 1 to 32 lower-case letters, digits and underscores; received "A". The address of the rule ends with the name.',
      'description must have only characters that AWS accepts; received "<db>". Use letters, digits, spaces and ._:/()#,@[]+=&;{}!$*-'],
    [thrown(() => parts().portRules.allowTo("sg-01234567", { from: 2, to: 1 }, { description: text(256) })),
      "port.to must not be below from, which is 2; received 1. Swap them.",
      `description must be 1 to 255 characters long; received "${text(79)}…. AWS limits a description to 255 characters.`],
    [thrown(() => parts().portRules.allowTo("10.0.0.0/8", 5432)), 'peer must be the id of a security group; received "10.0.0.0/8". List them: aws ec2 describe-security-groups --query SecurityGroups[].GroupId'],
    [thrown(() => parts().portRules.allowFrom("office", 5432)), 'peer must be the id of a security group, or a network in CIDR notation without host bits; received "office". List them: aws ec2 describe-security-groups --query SecurityGroups[].GroupId'],
    [thrown(() => {
      const { portRules } = parts();
      portRules.allowTo("sg-01234567", 5432);
      portRules.allowTo("sg-01234567", 5432);
    }), 'name must be different for each rule; received "5432". Set another name: { name: "replica" }.'],
    [of(portRulesPropsSchema, { name: "prod", vpc: { vpcId: TOKEN }, portRange: range(31000, 61000), sshCidrs: networks(51), httpCidrs: networks(31) }),
      'sshCidrs must have 0 to 50 different networks; received ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.…. Each network is a rule, and a security group has at most 60.',
      'httpCidrs must have 0 to 30 different networks; received ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.…. Each network is a rule, and a security group has at most 60.'],
  ],
  cluster: [
    [of(clusterPropsSchema, { name: "prod", encryptionKey: "alias/prod" }), 'encryptionKey must be an encryption key; received "alias/prod". Use an EncryptionKey construct.'],
    [of(targetGroupPropsSchema, { name: "users", cluster: "prod" }), 'cluster must be a cluster; received "prod". Use an EcsClusterStack, the cluster of an EcsServiceStack, or an EcsClusterLookup.'],
    [of(clusterTargetField, { ...clusterTarget(), cluster: 1, capacityProvider: { capacityProviderName: "cp", association: 1 } }),
      "cluster must be the cluster's name and ARN; received 1. Use an EcsClusterStack or an EcsClusterLookup, or add the attribute.",
      "capacityProvider.association must be a resource; received 1. Use a Terraform resource or data source."],
  ],
  iam: [
    [thrown(() => Secret.fromSsmParameter("/prod/url", { redeployOnChange: true } as SecretOptions)),
      "options.redeployOnChange must be left out; received true. Terraform would read the parameter's value into its state. Use a secret of Secrets Manager, or deploy again after a change: aws ecs update-service --force-new-deployment."],
    [thrown(() => Secret.fromSecretsManager(SECRET, { redeployOnChange: true, versionId: "1" })),
      "options.redeployOnChange must not be true with versionId; received true. A version never changes. Remove one of the two."],
    [thrown(() => Secret.fromSecretsManager(5 as never)),
      "secretArn must be a string or a resource with an ARN; received a value that is not shown. Use a string, or a resource of the app."],
    [cluster({ rolePath: "orders", permissionsBoundary: "boundary" }),
      'permissionsBoundary must be the ARN of an IAM policy; received "boundary". List the policies: aws iam list-policies --query Policies[].Arn',
      'rolePath must start and end with a slash, and contain only letters, digits, slashes and _ + = , . @ -; received "orders". For example /teams/orders/.'],
    [cluster({ rolePath: `/${text(511)}/` }), `rolePath must be 1 to 512 characters long; received "/${text(78)}…. IAM rejects longer paths.`],
    [cluster({ allowedAccountIds: ["prod"], assumeRole: { roleArn: "deploy", externalId: "a b", sessionName: "x", durationSeconds: 60 } }),
      'allowedAccountIds must be AWS account ids of 12 digits; received ["prod"]. Print the id of the account: aws sts get-caller-identity --query Account --output text',
      'assumeRole.roleArn must be the ARN of an IAM role; received "deploy". List the roles: aws iam list-roles --query Roles[].Arn',
      'assumeRole.externalId must contain only letters, digits and _ + = , . @ : / -; received "a b". STS rejects other characters.',
      'assumeRole.sessionName must have 2 to 64 letters, digits and _ + = , . @ -; received "x". For example terraform. STS rejects other names.',
      "assumeRole.durationSeconds must be a whole number from 900 to 43200 (seconds); received 60. The role's maximum session duration is a limit too."],
    [cluster({ allowedAccountIds: [], assumeRole: { roleArn: "arn:aws:iam::111122223333:role/deploy", externalId: "x" } }),
      "allowedAccountIds must have 1 to 50 different accounts; received []. List each account once. Remove the setting for any account.",
      'assumeRole.externalId must be 2 to 1224 characters long; received "x". STS rejects other lengths.'],
    [of(roleReferenceField, 5), "settings must be a string or a role; received 5. Use the ARN of a role, or an object with roleArn."],
    [of(roleReferenceField, { roleArn: "role" }), 'roleArn must be the ARN of an IAM role; received "role". List the roles: aws iam list-roles --query Roles[].Arn'],
    [of(executionRolePropsSchema, { cluster: clusterTarget(), name: text(33), logGroupArn: "", images: [], secrets: ["password"] }),
      'name must be 1 to 32 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx". Shorten the service\'s name.',
      "secrets[0] must be a Secret; received a value that is not shown. Use Secret.fromSsmParameter or Secret.fromSecretsManager."],
    [of(executionRolePropsSchema, { cluster: clusterTarget(), name: "-a", logGroupArn: "", images: [] }), 'name must contain only letters, digits and hyphens, and not start with a hyphen; received "-a". Combine the cluster\'s name and the service\'s name.'],
    [of(instanceRolePropsSchema, { name: "prod", region: "eu-west-1", onlyCluster: "prod", policyArns: ["ReadOnly"] }),
      'onlyCluster must be a cluster; received "prod". Use a Cluster construct.',
      'policyArns[0] must be the ARN of an IAM policy; received "ReadOnly". List the policies: aws iam list-policies --query Policies[].Arn'],
    [of(instanceRolePropsSchema, { name: "prod", region: "eu-west-1", policyArns: times(9, (n) => `${ARN}${n}`) }),
      "policyArns must have at most 8 policies; received 9. A role has at most 10, and 2 are this library's. Combine some of them in one policy."],
    [of(taskRolePropsSchema, { cluster: clusterTarget(), name: "a", statements: [{ Effect: "Allow" }, { actions: [], resources: [] }, { actions: ["read"], resources: ["bucket"] }, { actions: ["s3:*"], resources: ["*"] }] }),
      'statements[0] must be a statement with actions and resources; received {"Effect": "Allow"}. Write { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] }. A statement always allows.',
      "statements[1].actions must have at least one action; received []. For example s3:GetObject on arn:aws:s3:::bucket/*.",
      "statements[1].resources must have at least one resource; received []. For example s3:GetObject on arn:aws:s3:::bucket/*.",
      'statements[2].actions[0] must be an IAM action; received "read". Write the service and the action, such as "s3:GetObject".',
      'statements[2].resources[0] must be an ARN or *; received "bucket". Write the whole ARN, such as "arn:aws:s3:::my-bucket/*".',
      'statements[3].resources must not include every resource with the action s3:*; received ["*"]. Name the actions, or the resources that they apply to.'],
    [of(taskRolePropsSchema, { cluster: clusterTarget(), name: "a", statements: [{ actions: ["s3:GetObject"], resources: times(200, (n) => `arn:aws:s3:::${n}${text(60)}`) }], policyArns: times(11, (n) => `${ARN}${n}`) }),
      "statements must be at most 10240 bytes as a policy; received 15749. IAM limits the inline policies of a role to this size. Replace common parts with *, or attach managed policies.",
      "policyArns must have at most 10 policies; received 11. A role has at most 10. Combine some of them in one policy."],
    [thrown(() => Secret.fromSsmParameter("a b", { encryptionKeyArn: "alias/x" })),
      "parameter must be the name or the ARN of an SSM parameter; received a value that is not shown. List the parameters: aws ssm describe-parameters --query Parameters[].Name",
      'options.encryptionKeyArn must be the ARN of a KMS key; received "alias/x". Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn'],
    [thrown(() => Secret.fromSecretsManager("password", { jsonKey: "a:b" })),
      "secretArn must be the ARN of a secret; received a value that is not shown. List the secrets: aws secretsmanager list-secrets --query SecretList[].ARN",
      'options.jsonKey must contain no colon; received "a:b". ECS separates the ARN, the key and the version with colons.'],
    [thrown(() => Secret.fromSecretsManager("arn:aws:secretsmanager:eu-west-1:111122223333:secret:a:k::", { jsonKey: "k" })),
      "secretArn must have the hyphen and the six characters that Secrets Manager adds to the name; received a value that is not shown. Print the whole ARN: aws secretsmanager describe-secret --region eu-west-1 --secret-id 'a' --query ARN --output text",
      "secretArn must not have a key and a version when the options have them; received a value that is not shown. Remove them from the ARN, or from the options."],
  ],
  instances: [
    [thrown(() => new AgentConfig({ clusterName: "a", options: { logDrivers: ["gelf"], variables: { ECS_AVAILABLE_LOGGING_DRIVERS: '["awslogs"]' } } })),
      'options.logDrivers must not be set with ECS_AVAILABLE_LOGGING_DRIVERS in variables; received ["gelf"]. The variable has the same list. Remove one of the two.'],
    [of(asgCapacityProviderPropsSchema, { cluster: parts().cluster, name: "prod", launchTemplate: { ...parts().launchTemplate, instanceTypes: { ...parts().instanceTypes, guards: [1] } } }),
      "launchTemplate.instanceTypes.guards[0] must be a condition and its message; received 1. Write { condition, errorMessage }."],
    [cluster({ agent: { taskCleanupWaitSeconds: 1, containerStopTimeoutSeconds: 0, reservedMemoryMiB: -1, instanceAttributes: { "a b": "x ", ...named(10, "x") }, variables: { ECS_CLUSTER: "other", ECS_ENGINE_AUTH_DATA: "{}", AWS_SESSION_TOKEN: "a", "A-B": "1" } } }),
      "agent.taskCleanupWaitSeconds must be a whole number from 60 to 2592000 (seconds); received 1. The agent's default is 10800.",
      "agent.containerStopTimeoutSeconds must be a whole number from 1 to 86400 (seconds); received 0. The agent's default is 30.",
      "agent.reservedMemoryMiB must be a whole number from 0 to 65535 (MiB); received -1. The agent's default is 0.",
      'agent.instanceAttributes["a b"] must have a name of 1 to 128 letters, digits and _ . / \\ -; received "a b". Change it, because ECS would not register the instance.',
      'agent.instanceAttributes["a b"] must be 1 to 128 letters, digits, spaces and _ . @ / \\ : -, and not begin or end with a space; received "x ". Change it, because ECS would not register the instance.',
      'agent.variables.ECS_CLUSTER must not be a variable that the library sets; received "ECS_CLUSTER". Use the setting with the same purpose instead.',
      'agent.variables.ECS_ENGINE_AUTH_DATA must not be set, because user data is not secret; received "ECS_ENGINE_AUTH_DATA". Push the images to ECR with ecrRepository. On Amazon Linux, a line of extraUserData can also read the password from Secrets Manager.',
      'agent.variables.AWS_SESSION_TOKEN must not be set, because user data is not secret; received "AWS_SESSION_TOKEN". Give the permissions to the instance role with instancePolicyArns.',
      'agent.variables.A-B must have a name of letters, digits and underscores; received "A-B". The name is part of a line of /etc/ecs/ecs.config.'],
    [cluster({ agent: { variables: { ECS_LOGLEVL: "x", ECS_DISABLE_METRICS: "on", ECS_ENABLE_TASK_IAM_ROLE: "false", ECS_TASK_PIDS_LIMIT: "0", ECS_IMAGE_PULL_TIMEOUT: "90", ECS_RESERVED_PORTS: "22", ECS_AVAILABLE_LOGGING_DRIVERS: '["file"]', ECS_CONTAINER_INSTANCE_TAGS: '{"aws:a":"b"}', ECS_AWSVPC_ADDITIONAL_LOCAL_ROUTES: "[]x", ECS_LOG_MAX_FILE_SIZE_MB: "0", ECS_TASK_METADATA_RPS_LIMIT: "40", ECS_LOG_OUTPUT_FORMAT: "xml", HTTP_PROXY: "http://me:secret@proxy:3128" } } }),
      'agent.variables.ECS_LOGLEVL must be a variable of the agent; received "ECS_LOGLEVL". Did you mean "ECS_LOGLEVEL"?',
      'agent.variables.ECS_DISABLE_METRICS must be true or false; received "on". The agent ignores other values. Write "true" or "false".',
      'agent.variables.ECS_ENABLE_TASK_IAM_ROLE must be true, because services need it; received "false". Remove it. Otherwise ECS places no task of a service that has an execution role or a task role.',
      'agent.variables.ECS_TASK_PIDS_LIMIT must be a whole number from 1 to 4194304; received "0". The agent ignores other values.',
      'agent.variables.ECS_IMAGE_PULL_TIMEOUT must be a duration with a unit; received "90". For example "90s", "30m" or "1h30m". The agent ignores other values.',
      'agent.variables.ECS_RESERVED_PORTS must be JSON: a list of ports; received "22". For example [22,8080], without quotes around it. The agent ignores other values.',
      'agent.variables.ECS_AVAILABLE_LOGGING_DRIVERS must be JSON: a list of log drivers that the agent knows; received "[\\"file\\"]". For example ["json-file","awslogs","none"], without quotes around it. The drivers are awslogs, awsfirelens, fluentd, gelf, journald, json-file, logentries, none, splunk, sumologic, syslog.',
      'agent.variables.ECS_CONTAINER_INSTANCE_TAGS must have no tag that starts with aws:; received "{\\"aws:a\\":\\"b\\"}". Rename the tag. ECS would not register the instance.',
      'agent.variables.ECS_AWSVPC_ADDITIONAL_LOCAL_ROUTES must be JSON: a list of networks; received "[]x". For example ["10.0.15.0/24"], without quotes around it. The agent does not start with other values.',
      'agent.variables.ECS_LOG_MAX_FILE_SIZE_MB must be a number of megabytes above 0; received "0". For example "5".',
      'agent.variables.ECS_TASK_METADATA_RPS_LIMIT must be two numbers with a comma; received "40". For example "40,60". The agent ignores other values.',
      'agent.variables.ECS_LOG_OUTPUT_FORMAT must be logfmt or json; received "xml". The agent ignores other values.',
      'agent.variables.HTTP_PROXY must be the host and the port of a proxy, without a password; received "http://…@proxy:3128". For example "10.0.0.131:3128". User data is not secret.',
      "agent.variables.NO_PROXY must contain 169.254.169.254,169.254.170.2,/var/run/docker.sock with a proxy; received nothing. The agent reaches instance metadata, the credentials of tasks and Docker directly."],
    [cluster({ agent: { variables: { ECS_AVAILABLE_LOGGING_DRIVERS: '["none"]' } } }),
      'agent.variables.ECS_AVAILABLE_LOGGING_DRIVERS must contain awslogs; received "[\\"none\\"]". Add it. Services log with it, and ECS places their tasks only on instances that have it.'],
    [cluster({ extraUserData: ["systemctl start ecs", "echo A=B > /etc/ecs/ecs.config", "echo ECS_CLUSTER=a >> /etc/ecs/ecs.config"] }),
      'extraUserData[0] must not wait until ecs or docker starts, because systemd starts both after user data; received "systemctl start ecs". Remove it, or use systemctl --no-block. The agent reads its variables when it starts: set them in agent.variables.',
      'extraUserData[1] must not overwrite /etc/ecs/ecs.config, which has the name of the cluster; received "echo A=B > /etc/ecs/ecs.config". Set variables in agent.variables, or append to the file with >>.',
      'extraUserData[2] must not change ECS_CLUSTER in /etc/ecs/ecs.config, which the library sets; received "echo ECS_CLUSTER=a >> /etc/ecs/ecs.config". Remove it. An instance joins the cluster of its stack.'],
    [of(agentConfigPropsSchema, { clusterName: "a\nb", family: "bottlerocket", portRange: range(2000, 3000), options: { instanceAttributes: { "a\\b": "c" }, variables: { ECS_POLL_METRICS: "false" } } }),
      'clusterName must be one line; received "a\\nb". Remove the line break. The agent reads one NAME=value per line.',
      "portRange must be 32768-65535 with bottlerocket, which cannot set the agent's host ports; received \"2000-3000\". Remove the setting, or use amazon-linux-2023.",
      'options.variables must be empty with bottlerocket, whose agent reads no ECS_* variables; received ["ECS_POLL_METRICS"]. Use the other options, or use amazon-linux-2023.',
      'options.instanceAttributes["a\\\\b"] must have no backslash in its name with bottlerocket; received "a\\\\b". Bottlerocket rejects it. Rename the attribute.'],
    [cluster({ agent: { instanceAttributes: named(11, "x") } }), "agent.instanceAttributes must have at most 10 attributes, the most that an instance can have; received 11. Combine some of them in one value."],
    [cluster({ amiFamily: "bottlerocket", bottlerocket: { settings: { a: 1n, b: Token.asNumber({ resolve: () => 1 }), c: [[[[[[[[[[[1]]]]]]]]]]] } } }),
      "bottlerocket.settings.a must be a string, a number, true, false, a list or an object; received 1n. Change or remove it.",
      "bottlerocket.settings.b must be known when the code runs; received a token. Write the value itself. Only a text can be a token.",
      "bottlerocket.settings.c[0][0][0][0][0][0][0][0][0] must have at most 10 levels; received [[1]]. Remove the inner values."],
    [cluster({ amiFamily: "bottlerocket", bottlerocket: { settings: { ecs: { cluster: "other", "logging-drivers": ["none"] }, "host-containers": { own: { enabled: true, superpowered: false } }, motd: 1, aws: { credentials: "x" }, metrics: { "send-metrics": "on" }, updates: { seed: "1" }, network: { "no-proxy": "a" }, pki: [], "bootstrap-commands": { "a b": {} }, kernel: { lockdown: "all", sysctl: { "vm max": "1" } }, kernal: 1 } } }),
      'bottlerocket.settings.ecs.cluster must not be set here, because the library sets it; received "other". Remove it. The instances join the cluster of their stack.',
      'bottlerocket.settings.host-containers.own.source must be set to a string; received nothing. For example { source: "public.ecr.aws/…/name:1.0.0", enabled: true, superpowered: false }. Bottlerocket does not start the container without it.',
      'bottlerocket.settings.ecs.logging-drivers must contain awslogs; received ["none"]. Add it. Services log with it, and ECS places their tasks only on instances that have it.',
      "bottlerocket.settings.motd must be a string; received 1. Write it in quotes. Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.",
      "bottlerocket.settings.aws.credentials must not be set, because user data is not secret; received a value that is not shown. Give the permissions to the instance role with instancePolicyArns.",
      'bottlerocket.settings.metrics.send-metrics must be true or false; received "on". Write it without quotes. Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.',
      'bottlerocket.settings.updates.seed must be a whole number of at least 0; received "1". Write it without quotes. Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.',
      'bottlerocket.settings.network.no-proxy must be a list; received "a". Write it in brackets: [first, second]. Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.',
      "bottlerocket.settings.pki must be an object; received []. Write it in braces: { name: value }. Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.",
      'bottlerocket.settings.bootstrap-commands["a b"] must have a name of 1 to 76 letters, digits and hyphens; received "a b". Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.',
      'bottlerocket.settings.kernel.lockdown must be one of none, integrity, confidentiality; received "all". For example "none". Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.',
      'bottlerocket.settings.kernel.sysctl["vm max"] must have a name of letters, digits, hyphens and underscores between dots; received "vm max". Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.',
      'bottlerocket.settings.kernal must be a setting of Bottlerocket; received "kernal". Did you mean "kernel"? Bottlerocket rejects all settings when one is wrong, and the instance never joins the cluster.'],
    [cluster({ amiFamily: "bottlerocket", bottlerocket: { settings: "kernel" } }), 'bottlerocket.settings must be an object of settings; received "kernel". Write it in braces: { name: value }.'],
    [warned(() => clusterStack({ agent: { variables: { ECS_NEW: "1" } } })), "agent.variables.ECS_NEW: the library does not know this variable, and passes it on. Check its spelling: https://github.com/aws/amazon-ecs-agent#environment-variables"],
    [warned(() => clusterStack({ amiFamily: "bottlerocket", bottlerocket: { settings: { ecs: { "new-setting": 1 } } } })), "bottlerocket.settings.ecs.new-setting: the library does not know this setting, and passes it on. Bottlerocket rejects all settings when it does not know one: https://bottlerocket.dev/en/os/latest/#/api/settings/"],
    [warned(() => clusterStack({ amiFamily: "amazon-linux-2" })), "Amazon Linux 2 reached its end of life on 2026-06-30 and gets no more security updates. Use amazon-linux-2023 or bottlerocket."],
    [of(ecsOptimizedImagePropsSchema, { instanceTypes: ["t3.small"], version: "latest" }),
      'instanceTypes must be a selection of instance types; received ["t3.small"]. Use an InstanceTypes or an InstanceRequirements.',
      'version must be "recommended" or a published version of amazon-linux-2023; received "latest". Use "recommended", or a version such as al2023-ami-ecs-hvm-2023.0.20250304-kernel-6.1-x86_64.'],
    [cluster({ instanceRequirements: { vCpuCount: { min: 0 }, memoryMiB: { min: 2048, max: 1024 }, instanceGenerations: [], excludedInstanceTypes: ["M5"] } }),
      "instanceRequirements.vCpuCount.min must be a whole number of at least 1; received 0. For example 1.",
      "instanceRequirements.memoryMiB.max must be at least min, which is 2048; received 1024. Raise it, or lower min.",
      "instanceRequirements.instanceGenerations must name at least one generation; received []. Remove it for the current generation.",
      'instanceRequirements.excludedInstanceTypes[0] must be an instance type of at most 30 characters, where * stands for any text; received "M5". For example "m5.*".'],
    [cluster({ instanceRequirements: { vCpuCount: { min: 1 }, memoryMiB: { min: 512 }, excludedInstanceTypes: times(401, (n) => `m${n}.*`) } }),
      'instanceRequirements.excludedInstanceTypes must have at most 400 types; received 401. Replace some of them by one with *, such as "m5.*".'],
    [of(instanceTypesPropsSchema, { instanceTypes: ["t3", "t3"], vpc: parts().vpc, region: "eu-west-1", variable: "types of arm" }),
      'instanceTypes must have 1 to 40 different instance types; received ["t3", "t3"]. For example ["t3.small"].',
      'instanceTypes must be names of instance types; received ["t3", "t3"]. Write family and size, such as "t3.small" or "m7g.large".',
      'variable must be the name of a variable or of a setting; received "types of arm". For example "instance_types". Messages use this name.'],
    [cluster({ volumes: { a: { sizeGib: 0, mountPath: "data", iops: 1, throughputMiBs: 1 }, b: { sizeGib: 10, mountPath: "/etc", iops: 6000, throughputMiBs: 2000 } } }),
      "volumes.a.sizeGib must be a whole number from 1 to 65536 (GiB); received 0. For example 100.",
      'volumes.a.mountPath must be an absolute path of letters, digits, dots, hyphens and underscores; received "data". For example /data.',
      "volumes.a.iops must be a whole number from 3000 to 80000; received 1. Remove it for 3000.",
      "volumes.a.throughputMiBs must be a whole number from 125 to 2000 (MiB per second); received 1. Remove it for 125.",
      'volumes.b.mountPath must not be a folder of the system; received "/etc". Choose another folder, such as /data. The volume would hide the files in it.',
      "volumes.b.iops must be at most 500 for each GiB, which is 5000 for 10 GiB; received 6000. Lower it, or raise sizeGib.",
      "volumes.b.throughputMiBs must be at most a quarter of iops, which is 1500; received 2000. Lower it, or raise iops."],
    [cluster({ volumes: named(12, { sizeGib: 1, mountPath: "/a" }) }),
      "volumes must have at most 11 volumes, because there are no more device names; received 12. Combine some of them.",
      'volumes must have a different mountPath each; received ["/a"]. Change one of them.'],
    [of(keyPairPropsSchema, { name: "prod", publicKey: "-----BEGIN OPENSSH PRIVATE KEY-----", keyName: " me" }),
      "publicKey must not be a private key; received a value that is not shown. Create another key pair, because this private key can be stored in logs by now. Use the public key: the text of the .pub file.",
      'keyName must be the name of an EC2 key pair; received " me". List the names: aws ec2 describe-key-pairs --query KeyPairs[].KeyName',
      'keyName must not be set with name or publicKey; received " me". Set name and publicKey to import a key, or keyName for an existing key pair.'],
    [of(keyPairPropsSchema, { name: "prod", publicKey: "ssh-dss AAAA" }), "publicKey must be one line of OpenSSH text, ssh-ed25519 or ssh-rsa; received a value that is not shown. EC2 accepts no other kinds. Use the text of the .pub file. ssh-keygen -t ed25519 creates one, and ssh-keygen -i converts other formats."],
    [of(keyPairPropsSchema, { name: "prod" }), "keyName must be set, or name and publicKey; received nothing. Set name and publicKey to import a key, or keyName for an existing key pair."],
    [of(launchTemplatePropsSchema, { name: "prod", instanceTypes: parts().instanceTypes, image: "ami-1", role: "r", portRules: "sg-1", userData: "#!/bin/bash", keyPair: "me", rootVolumeGib: 8, securityGroupIds: ["sg-1", "sg-1"] }),
      'image must be an EcsOptimizedImage; received "ami-1". Pass the construct, or an object with its attributes.',
      'role must be an InstanceRole; received "r". Pass the construct, or an object with its attributes.',
      'portRules must be a PortRules construct; received "sg-1". Pass the construct, or an object with its attributes.',
      'userData must be user data; received "#!/bin/bash". Use new UserData({ agentConfig }).',
      'keyPair must be a KeyPair; received "me". Pass the construct, or an object with its attributes.',
      "rootVolumeGib must be a whole number from 30 to 65536 (GiB); received 8. The snapshot of the ECS-optimized AMI has 30 GiB.",
      'securityGroupIds must have 1 to 4 different security groups; received ["sg-1", "sg-1"]. An instance has at most 5, and the cluster adds one.',
      'securityGroupIds must be ids of security groups; received ["sg-1", "sg-1"]. List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId'],
    [part("launchTemplate", { agent: { portRange: range(2000, 3000), family: "amazon-linux-2" } }),
      'userData must use host ports that portRules admits, which are 40000-50000; received "2000-3000". Create both with the same PortRange.',
      'userData must be for the AMI\'s family, which is amazon-linux-2023; received "amazon-linux-2". Set the same family in AgentConfig.'],
    [of(userDataPropsSchema, { agentConfig: { clusterName: "prod" } }), 'agentConfig must be an AgentConfig; received {"clusterName": "prod"}. Use new AgentConfig({ clusterName }).'],
    [of(userDataPropsSchema, { agentConfig: new AgentConfig({ clusterName: "prod", family: "bottlerocket" }), extraLines: ["ls"] }),
      'extraLines must be empty with bottlerocket, which has no shell; received ["ls"]. Use amazon-linux-2023, or a bootstrap container of Bottlerocket.'],
    [of(userDataPropsSchema, { agentConfig: new AgentConfig({ clusterName: "prod" }), extraLines: [text(16384)] }),
      "extraLines must leave the user data within 16384 bytes; received 16772. Download long content from S3 instead."],
  ],
  capacity: [
    [cluster({ placementGroup: "cluster", partitionCount: 8, targetCapacity: 0, maxInstanceLifetimeDays: 0, instancesDistribution: { onDemandBaseCapacity: -1 } }),
      "partitionCount must be a whole number from 1 to 7 (partitions in each zone); received 8. For example 2.",
      "instancesDistribution.onDemandBaseCapacity must be a whole number from 0 to 5000 (instances); received -1. For example 2.",
      "targetCapacity must be a whole number from 1 to 100 (percent); received 0. For example 100.",
      "maxInstanceLifetimeDays must be a whole number from 1 to 365 (days); received 0. For example 30.",
      'partitionCount must be used with placementGroup "partition"; received 8. Set placementGroup to "partition", or remove it.'],
    [cluster({ instanceRefresh: { maxHealthyPercentage: 201, instanceWarmupSeconds: -1, checkpointPercentages: [50, 20], alarms: [""], bakeTime: 60 } }),
      "instanceRefresh.maxHealthyPercentage must be a whole number from 100 to 200 (percent); received 201. For example 110.",
      "instanceRefresh.instanceWarmupSeconds must be a whole number from 0 to 3600 (seconds); received -1. Remove it for the default of AWS.",
      "instanceRefresh.checkpointPercentages must be ascending percentages; received [50, 20]. For example [20, 50, 100].",
      "instanceRefresh.checkpointPercentages must end with 100; received [50, 20]. End the list with 100. A refresh ends at its last checkpoint, and does not replace the other instances.",
      'instanceRefresh.alarms[0] must be 1 to 255 characters long; received "". List the alarms: aws cloudwatch describe-alarms --query MetricAlarms[].AlarmName',
      "instanceRefresh.bakeTime must be left out; received 60. The AWS provider has no argument for a bake time. Pause before the last instances with checkpointPercentages ([90, 100]) and checkpointDelaySeconds, and let alarms with autoRollback undo a bad change."],
    [cluster({ instanceRefresh: { alarms: [] } }), "instanceRefresh.alarms must have 1 to 10 different alarms; received []. Remove the setting for none, or combine alarms in a composite alarm."],
    [cluster({ instanceRefresh: { minHealthyPercentage: 50, maxHealthyPercentage: 200 } }), "instanceRefresh.maxHealthyPercentage must be at most 100 above minHealthyPercentage, which is 50; received 200. For example 110, with a minHealthyPercentage of 100."],
    [cluster({ instanceRefresh: { minHealthyPercentage: 100, maxHealthyPercentage: 100, checkpointDelaySeconds: 60 } }),
      "instanceRefresh.maxHealthyPercentage must be above 100 when minHealthyPercentage is 100; received 100. For example 110, with a minHealthyPercentage of 100.",
      "instanceRefresh.checkpointDelaySeconds must be used with checkpointPercentages; received 60. Without a checkpoint there is no pause. Set checkpointPercentages too, or remove it."],
    [cluster({ lifecycleHooks: { "Copy logs": { transition: "terminating", heartbeatTimeoutSeconds: 1, notificationTargetArn: "topic", roleArn: "role", notificationMetadata: "" }, a: { transition: "launching", roleArn: ARN }, b: { transition: "launching", notificationTargetArn: "arn:aws:sns:x" } } }),
      'lifecycleHooks["Copy logs"] must have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter; received "Copy logs". The name is part of a Terraform address.',
      'lifecycleHooks["Copy logs"].heartbeatTimeoutSeconds must be a whole number from 30 to 7200 (seconds); received 1. For example 3600.',
      'lifecycleHooks["Copy logs"].notificationTargetArn must be the ARN of an SNS topic or an SQS queue; received "topic". For example arn:aws:sns:REGION:ACCOUNT:TOPIC.',
      'lifecycleHooks["Copy logs"].roleArn must be the ARN of a role; received "role". For example arn:aws:iam::ACCOUNT:role/NAME.',
      'lifecycleHooks["Copy logs"].notificationMetadata must be 1 to 1023 characters long; received "". Shorten it, or remove it for none.',
      'lifecycleHooks.a.roleArn must be used with notificationTargetArn; received "arn:aws:iam::111122223333:policy/p". Auto Scaling publishes to the target with the role. Set both, or neither.',
      'lifecycleHooks.b.notificationTargetArn must be used with roleArn; received "arn:aws:sns:x". Auto Scaling publishes to the target with the role. Set both, or neither.'],
    [cluster({ lifecycleHooks: named(50, { transition: "launching" }) }), "lifecycleHooks must have at most 49 entries; received 50. Combine some of them."],
    [cluster({ managedScaling: { instanceWarmupSeconds: -1, minimumStepSize: 0 } }),
      "managedScaling.instanceWarmupSeconds must be a whole number from 0 to 10000 (seconds); received -1. Remove it for the default of ECS.",
      "managedScaling.minimumStepSize must be a whole number from 1 to 10000 (instances); received 0. Remove it for the default of ECS."],
    [cluster({ managedScaling: { minimumStepSize: 5, maximumStepSize: 2 } }), "managedScaling.maximumStepSize must be at least minimumStepSize, which is 5; received 2. Raise it, or lower minimumStepSize."],
    [cluster({ schedules: { a: { recurrence: "daily", timeZone: "seoul" }, b: { recurrence: "60 24 32 13 8", timeZone: "Mars", minSize: 1 }, c: { recurrence: "0 8 * * *", minSize: 2, maxSize: 1 }, e: { recurrence: "0 7 * * *", maxSize: 1, desiredSize: 2 } } }),
      'schedules.a.recurrence must have five fields of cron; received "daily". For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.',
      'schedules.a.timeZone must be the IANA name of a time zone; received "seoul". Did you mean "Asia/Seoul"?',
      "schedules.a.minSize must be set, or maxSize, or desiredSize; received nothing. A schedule changes at least one size.",
      'schedules.b.recurrence must have a minute from 0 to 59 in field 1, or *, a range, a list or a step; received "60 24 32 13 8". For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.',
      'schedules.b.recurrence must have an hour from 0 to 23 in field 2, or *, a range, a list or a step; received "60 24 32 13 8". For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.',
      'schedules.b.recurrence must have a day of month from 1 to 31 in field 3, or *, a range, a list or a step; received "60 24 32 13 8". For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.',
      'schedules.b.recurrence must have a month from 1 to 12 or JAN to DEC in field 4, or *, a range, a list or a step; received "60 24 32 13 8". For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.',
      'schedules.b.recurrence must have a day of week from 0 to 7 or SUN to SAT in field 5, or *, a range, a list or a step; received "60 24 32 13 8". For example "0 20 * * MON-FRI", which is 8 p.m. on weekdays.',
      'schedules.b.timeZone must be the IANA name of a time zone; received "Mars". For example "Asia/Seoul".',
      "schedules.c.maxSize must be at least minSize, which is 2; received 1. Raise it, or lower minSize.",
      "schedules.e.desiredSize must be at most maxSize, which is 1; received 2. Lower it, or raise maxSize."],
    [cluster({ schedules: named(2, { recurrence: "0 8 * * *", minSize: 1 }) }), 'schedules must differ from each other in their recurrence; received {"n1": "0 8 * * *"}. Auto Scaling runs one action at a time. Combine the schedules in one.'],
    [cluster({ warmPool: { minSize: 3, maxPreparedCapacity: 2, state: "hibernated", reuseOnScaleIn: true } }),
      'warmPool.state must be one of "stopped", "running"; received "hibernated". Choose one of these. EC2 cannot hibernate instances that ECS uses.',
      "warmPool.reuseOnScaleIn must be left out; received true. ECS cannot return instances to a warm pool on scale-in. They terminate, and new instances boot into the pool.",
      "warmPool.maxPreparedCapacity must be at least minSize, which is 3; received 2. Raise it, or lower minSize."],
    [cluster({ defaultStrategy: [] }), "defaultStrategy must have 1 to 20 capacity providers; received 0. Remove the setting for the default."],
    [cluster({ defaultStrategy: [{ capacityProvider: "a", base: 1, weight: 0 }, { capacityProvider: "a", base: 1, weight: 0 }] }),
      'defaultStrategy must name each capacity provider once; received ["a"]. Combine the parts with the same name, and add their weights.',
      'defaultStrategy must have at most one base; received ["a", "a"]. ECS accepts one base in a strategy. Remove the others.',
      "defaultStrategy must have at least one weight above 0; received [0, 0]. Otherwise ECS starts no task beyond the base. Set the weight of one capacity provider to 1."],
    [cluster({ defaultStrategy: [{ capacityProvider: "a", base: -1, weight: -1 }] }),
      "defaultStrategy[0].base must be a whole number from 0 to 100000 (tasks); received -1. For example 1.",
      "defaultStrategy[0].weight must be a whole number from 0 to 1000; received -1. For example 1.",
      'defaultStrategy[0].capacityProvider must be a name in capacityProviders; received "a". The capacity providers are main.'],
    [cluster({ capacityProviders: {} }), "capacityProviders must have 1 to 20 capacity providers; received 0. A cluster has at most 20."],
    [of(asgCapacityProviderPropsSchema, { cluster: parts().cluster, launchTemplate: "lt-1", name: "prod", maxSize: 0 }),
      'launchTemplate must be a LaunchTemplate; received "lt-1". Pass the construct, or an object with its attributes.',
      "maxSize must be a whole number from 1 to 5000 (instances); received 0. A group needs at least one instance to run a task."],
    [part("capacity", { capacity: { capacityProviderName: "FARGATE" } }),
      'capacityProviderName must not start with aws, ecs or fargate; received "FARGATE". ECS reserves these prefixes. Put cp- before the name.',
      'capacityProviderName must name a capacity provider of instances; received "FARGATE". Tasks in bridge mode run only on instances. Use a capacity provider of the cluster.'],
    [part("capacity", { capacity: { capacityProviderName: "a b" } }), 'capacityProviderName must have 1 to 255 letters, digits, hyphens and underscores; received "a b". Use the name of a capacity provider.'],
    [part("capacity", { capacity: { spot: true, warmPool: {} }, agent: { spotDraining: false } }),
      "warmPool must not be set with Spot capacity; received {}. Use on-demand instances, or a separate capacity provider for Spot instances.",
      'launchTemplate must drain instances on a Spot interruption notice; received {"spotDraining": false}. Set spotDraining of AgentConfig to true.',
      'launchTemplate must have a single instance type with warmPool; received ["t3.small", "t3.large"]. Keep the preferred type, or remove warmPool.'],
    [of(clusterLookupSettingsSchema, { capacity: "Arm", reservedMemoryMiB: -1 }),
      'capacity must be the name of a capacity provider in capacityProviders; received "Arm". The name is part of variables, addresses and names in AWS. For example arm.',
      "reservedMemoryMiB must be a whole number from 0 to 65535 (MiB); received -1. Use the cluster's reservedMemoryMiB, or remove it for 0."],
    [cluster({ capacityProviders: { ARM: {} } }), 'capacityProviders.ARM must have a name of 1 to 16 lower-case letters and digits that starts with a letter; received "ARM". The name is part of variables, addresses and names in AWS. For example arm.'],
    [cluster({ capacityProviders: { arm: {}, main: { values: {} } } }), "capacityProviders.main.values must not be set; received {}. The variables of main have no prefix. Write them in the values of the stack."],
    [cluster({ capacityProviders: { arm: { bottlerocket: {}, warmPool: {}, agent: { warmPoolsCheck: false } } }, values: { minSize: 2 } }),
      "values.minSize must be set in the values of a capacity provider, because none is named main; received 2. Write it as capacityProviders.arm.values.minSize.",
      "capacityProviders.arm.agent.warmPoolsCheck must be true with warmPool; received false. Remove it. Without the check, instances of the pool join the cluster and ECS places tasks on them.",
      'capacityProviders.arm.bottlerocket must be used with amiFamily "bottlerocket", and not "amazon-linux-2023"; received {}. Set amiFamily too, or remove it.'],
    [cluster({ amiFamily: "bottlerocket", volumes: { a: { sizeGib: 10, mountPath: "/a" } } }), 'volumes must not be set with bottlerocket; received {"a": {"sizeGib": 10, "mountPath": "/a"}}. Bottlerocket has no shell to mount them. Raise root_volume_gib, or use amazon-linux-2023.'],
    [cluster({ placementGroup: "cluster", warmPool: {}, instanceRequirements: { vCpuCount: { min: 1 }, memoryMiB: { min: 512 }, burstablePerformance: "included" }, instancesDistribution: { onDemandAllocationStrategy: "prioritized" }, values: { instanceTypes: ["t3.small"] } }),
      'instancesDistribution.onDemandAllocationStrategy must not use priorities with instanceRequirements; received "prioritized". Instance types that AWS chooses have no order. Remove it, or name the types.',
      'placementGroup must not be "cluster" with burstablePerformance "included"; received "cluster". EC2 cannot start burstable types in a cluster placement group. Remove burstablePerformance, or use spread.',
      "warmPool must not be set with instanceRequirements; received {}. A warm pool has one instance type. Set that in instance_types instead.",
      'values.instanceTypes must not be set with instanceRequirements; received ["t3.small"]. The requirements select the types. Remove one of the two.'],
    [cluster({ instancesDistribution: { spotAllocationStrategy: "lowest-price" } }), 'instancesDistribution.spotAllocationStrategy must be used with Spot capacity; received "lowest-price". Set spot, or an onDemandPercentageAboveBaseCapacity below 100.'],
    [cluster({ spot: true, instancesDistribution: { onDemandPercentageAboveBaseCapacity: 50 }, values: { minSize: 3, maxSize: 2, desiredSize: 5 } }),
      'values.maxSize must be at least min_size; received {"max_size": 2, "min_size": 3}. Raise it, or lower min_size.',
      'values.desiredSize must be at most max_size; received {"desired_size": 5, "max_size": 2}. Lower it, or raise max_size.',
      "instancesDistribution.onDemandPercentageAboveBaseCapacity must not be set with spot, which buys only Spot instances beyond the base; received 50. Remove one of the two."],
  ],
  "load-balancing": [
    [cluster({ loadBalancer: { redirectHttp: true, idleTimeoutSeconds: 0, accessLogs: { bucket: "My_Logs", prefix: "/AWSLogs" } } }),
      "loadBalancer.idleTimeoutSeconds must be a whole number from 1 to 4000 (seconds); received 0. For example 60.",
      'loadBalancer.accessLogs.bucket must be the name of an S3 bucket; received "My_Logs". Use 3 to 63 lower-case letters, digits, dots and hyphens.',
      'loadBalancer.accessLogs.prefix must not contain AWSLogs; received "/AWSLogs". The load balancer adds AWSLogs after the prefix.',
      'loadBalancer.accessLogs.prefix must neither begin nor end with a slash; received "/AWSLogs". For example "alb" or "logs/alb". Remove it for no prefix.',
      "loadBalancer.redirectHttp must not be set without https; received true. Set https to true, or remove it."],
    [cluster({ loadBalancer: { accessLogs: { bucket: "a..b" } } }), 'loadBalancer.accessLogs.bucket must be a name that S3 accepts; received "a..b". S3 rejects two dots in a row, IP addresses, and the prefixes and suffixes that AWS reserves: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html'],
    [cluster({ loadBalancer: TLS, values: { certificateArn: "cert", webAclArn: "acl" } }),
      'values.certificateArn must be the ARN of a certificate in AWS Certificate Manager; received "cert". List your certificates: aws acm list-certificates',
      'values.webAclArn must be the ARN of a regional web ACL of AWS WAF; received "acl". List your web ACLs: aws wafv2 list-web-acls --scope REGIONAL'],
    [cluster({ loadBalancer: TLS, values: { certificateArn: `${ACM}/a`, webAclArn: "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/b" } }),
      'values.certificateArn must be the ARN of a certificate in the cluster\'s region; received "arn:aws:acm:us-east-1:111122223333:certificate/a". A load balancer uses certificates of its own region only. Request one there.',
      'values.webAclArn must be the ARN of a web ACL in the cluster\'s region; received "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/b". A web ACL for CloudFront, or of another region, cannot protect a load balancer.'],
    [of(applicationLoadBalancerPropsSchema, { name: "-alb", vpc: parts().vpc, portRules: parts({ rules: { httpCidrs: [] } }).portRules, sslPolicy: "TLS1" }),
      'name must contain only letters, digits and hyphens, and not start with a hyphen; received "-alb". AWS rejects other names of load balancers.',
      'sslPolicy must be one of ELBSecurityPolicy-TLS13-1-2-Res-2021-06, ELBSecurityPolicy-TLS13-1-2-2021-06, ELBSecurityPolicy-TLS13-1-3-2021-06, ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04, ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04; received "TLS1". Other policies admit outdated versions of TLS.'],
    [of(applicationLoadBalancerPropsSchema, { name: text(29), vpc: parts().vpc, portRules: parts().portRules }),
      'name must be 1 to 28 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx". The load balancer\'s name is <name>-alb, and AWS limits it to 32 characters.',
      "portRules.loadBalancerSecurityGroupId must be set; received nothing. Set httpCidrs of PortRules."],
    [of(applicationLoadBalancerPropsSchema, { name: "prod", vpc: parts().vpc, certificateArn: `${ACM}/a`, portRules: parts({ rules: { httpCidrs: [] } }).portRules }),
      "portRules.admits.https must be true, because the load balancer listens to HTTPS; received false. Set https of PortRules to true."],
    [cluster({ loadBalancer: { internal: true, dualStack: "without-public-ipv4", wafFailOpen: true, clientKeepAliveSeconds: 1, minimumCapacityUnit: 1, desyncMitigationMode: "off", mutualAuthentication: { mode: "passthrough", ignoreClientCertificateExpiry: true }, listeners: { a: { port: 80 }, b: { port: 81, protocol: "HTTPS" }, c: { port: 81 }, d: { port: 0 }, E: { port: 82 } } } }),
      'loadBalancer.listeners.E must have a name of 1 to 16 lower-case letters, digits and underscores that starts with a letter; received "E". Rename the listener. The addresses of its resources end with the name.',
      "loadBalancer.listeners.d.port must be a whole number from 1 to 65535; received 0. For example 8443.",
      'loadBalancer.mutualAuthentication.ignoreClientCertificateExpiry must not be set with mode "passthrough"; received true. Remove it, or verify certificates.',
      "loadBalancer.clientKeepAliveSeconds must be a whole number from 60 to 604800 (seconds); received 1. For example 3600, which is an hour.",
      'loadBalancer.desyncMitigationMode must be one of "monitor", "defensive", "strictest"; received "off". Choose one of these.',
      "loadBalancer.minimumCapacityUnit must be a whole number from 100 to 2147483647 (LCU); received 1. AWS reserves at least 100. Remove it for none.",
      'loadBalancer.mutualAuthentication must not be set without https; received {"mode": "passthrough", "ignoreClientCertificateExpiry": true}. Set https to true, or remove it.',
      'loadBalancer.listeners.b.protocol must be HTTP without https; received "HTTPS". Set https to true, or remove it.',
      "loadBalancer.wafFailOpen must not be set without webAcl; received true. Set webAcl, or remove it.",
      'loadBalancer.dualStack must be true or false with internal; received "without-public-ipv4". Set it to true for IPv6 addresses, or remove it.',
      "loadBalancer.listeners.a.port must be a port that the HTTP listener does not have; received 80. Use another port.",
      "loadBalancer.listeners.c.port must be a port that the listener b does not have; received 81. Use another port."],
    [cluster({ loadBalancer: { responseHeaders: { strictTransportSecurity: "", xContentTypeOptions: "sniff", xFrameOptions: "NO", accessControlAllowCredentials: "false", accessControlMaxAge: "a day" }, requestHeaderNames: { xAmznTlsVersion: "a b" } } }),
      'loadBalancer.responseHeaders.strictTransportSecurity must be 1 to 1024 ASCII characters; received "". AWS accepts no other value of a header.',
      'loadBalancer.responseHeaders.xContentTypeOptions must be "nosniff"; received "sniff". Choose one of these.',
      'loadBalancer.responseHeaders.xFrameOptions must be DENY, SAMEORIGIN or ALLOW-FROM and an address; received "NO". For example "DENY".',
      'loadBalancer.responseHeaders.accessControlAllowCredentials must be "true"; received "false". Choose one of these.',
      'loadBalancer.responseHeaders.accessControlMaxAge must be a number of seconds, as text; received "a day". For example "86400", which is a day.',
      'loadBalancer.requestHeaderNames.xAmznTlsVersion must be the name of a header: 1 to 40 letters, digits, - and _; received "a b". For example "X-Client-Cert-Subject".',
      'loadBalancer.requestHeaderNames must not be set without https; received {"xAmznTlsVersion": "a b"}. Set https to true, or remove it.'],
    [cluster({ loadBalancer: { https: true, mutualAuthentication: { mode: "verify" } }, values: { certificateArns: { A: "cert", b: `${ACM}/b` }, trustStoreArn: "store", httpCidrs: ["::/0"] } }),
      'values.certificateArns must have names of 1 to 32 lower-case letters, digits, - and _ that start with a letter; received ["A"]. Rename these certificates. The addresses of their resources have the names.',
      'values.certificateArns must have in each value the ARN of a certificate in AWS Certificate Manager; received ["cert"]. List your certificates: aws acm list-certificates',
      'values.trustStoreArn must be the ARN of a trust store; received "store". List your trust stores: aws elbv2 describe-trust-stores',
      'values.httpCidrs must be IPv4 networks; received ["::/0"]. The load balancer has only IPv4 addresses, so a rule for IPv6 has no effect. Remove these networks, or set dualStack of the load balancer.'],
    [cluster({ loadBalancer: { https: true, mutualAuthentication: { mode: "verify" } }, values: { certificateArns: named(26, `${ACM}/b`.replace("us-east-1", "ap-northeast-2")), trustStoreArn: "arn:aws:elasticloadbalancing:us-east-1:111122223333:truststore/clients/0a" } }),
      'values.certificateArns must have at most 25 certificates; received {"n0": "arn:aws:acm:ap-northeast-2:111122223333:certificate/b", "n1": "arn:aws:a…. AWS allows 25 for each load balancer, and the default certificate.',
      'values.trustStoreArn must be the ARN of a trust store in the cluster\'s region; received "arn:aws:elasticloadbalancing:us-east-1:111122223333:truststore/clients/0a". A load balancer uses trust stores of its own region only. Create one there.'],
    [of(applicationLoadBalancerPropsSchema, { name: "prod", vpc: parts().vpc, portRules: parts({ rules: { httpCidrs: [] } }).portRules, certificateArns: {}, mutualAuthentication: { mode: "verify" }, listeners: { admin: { port: 8443, protocol: "HTTPS" } } }),
      'trustStoreArn must be set with mode "verify" of mutualAuthentication; received nothing. Create a trust store with the certificates of your authority: aws elbv2 create-trust-store.',
      "certificateArns must not be set without certificateArn; received {}. Set certificateArn, or remove it.",
      'mutualAuthentication must not be set without certificateArn; received {"mode": "verify"}. Set certificateArn, or remove it.',
      'listeners.admin.protocol must be HTTP without certificateArn; received "HTTPS". Set certificateArn, or remove it.',
      "portRules.admits.listenerPorts must contain 8443, the port of the listener admin; received []. Set listenerPorts of PortRules to { admin: 8443 }."],
    [of(applicationLoadBalancerPropsSchema, { name: "prod", vpc: parts().vpc, portRules: parts({ rules: { httpCidrs: [] } }).portRules, listeners: { admin: { port: 80 } }, internal: true, dualStack: "without-public-ipv4" }),
      'dualStack must be true or false with internal; received "without-public-ipv4". Set it to true for IPv6 addresses, or remove it.',
      "listeners.admin.port must be a port that the HTTP listener does not have; received 80. Use another port.",
      "portRules.admits.listenerPorts must contain 80, the port of the listener admin; received []. Set listenerPorts of PortRules to { admin: 80 }."],
    [of(portRulesPropsSchema, { name: "prod", vpc: parts().vpc, portRange: range(31000, 61000), listenerPorts: { "8443": 70000 } }),
      'listenerPorts.8443 must have a name of 1 to 16 lower-case letters, digits and underscores that starts with a letter; received "8443". Rename the listener. The addresses of its resources end with the name.',
      "listenerPorts.8443 must be a whole number from 1 to 65535; received 70000. For example 8443."],
    [cluster({ loadBalancer: { https: true }, values: { certificateArns: { shop: `${ACM}/b` } } }),
      'values.certificateArns must have in each value the ARN of a certificate in the cluster\'s region; received ["arn:aws:acm:us-east-1:111122223333:certificate/b"]. A load balancer uses certificates of its own region only. Request one there.'],
    [cluster({ values: { name: text(20) }, loadBalancers: { internal: {}, main: {}, Main: {} } }),
      'loadBalancers.main must not be named main; received "main". That is the loadBalancer of the cluster. Choose another name.',
      'loadBalancers.Main must have a name of 1 to 12 lower-case letters and digits that starts with a letter; received "Main". The name is part of variables, addresses and names in AWS. For example internal.',
      'values.name must have at most 19 characters with a load balancer whose name has 8; received "xxxxxxxxxxxxxxxxxxxx". AWS limits the name of a load balancer to 32 characters: the cluster\'s name, its own and a suffix. Shorten one of the two.'],
    [of(clusterLookupSettingsSchema, { loadBalancers: ["In"] }), 'loadBalancers[0] must be the name of a load balancer in loadBalancers of the cluster; received "In". The name is part of variables, addresses and names in AWS. For example internal.'],
    [of(clusterLookupSettingsSchema, { loadBalancers: ["a", "a"] }), 'loadBalancers must have 0 to 50 different load balancers; received ["a", "a"]. List each name once.'],
    [of(loadBalancerRulesPropsSchema, { name: "prod", vpc: parts().vpc, instances: 1, httpCidrs: [] }), "instances must be port rules; received 1. Use a PortRules construct, or the portRules of a cluster."],
    [of(applicationLoadBalancerPropsSchema, { name: "prod", vpc: parts().vpc, portRules: { loadBalancerSecurityGroupId: "sg-1", admits: 1 } }),
      "portRules.admits must be the ports that the rules admit; received 1. Pass the construct, or an object with its attributes."],
    [service({ containerPort: 80, routes: { a: { paths: ["/a"], loadBalancer: "internal" }, b: { paths: ["/b"], loadBalancer: 1 } } }),
      'routes.b.loadBalancer must be the name of a load balancer, a load balancer or one of its listeners; received 1. For example "internal", stack.loadBalancers.internal or ApplicationLoadBalancer.fromListenerArn(…).',
      'routes.a.loadBalancer must be a load balancer of the cluster: it has no named one; received "internal". Add it to loadBalancers of the cluster, or of EcsClusterLookup. Without the setting, the rule is on loadBalancer.'],
    [thrown(() => {
      const stack = clusterStack({ loadBalancers: { a: {}, b: {}, c: {}, d: {}, e: {} } });
      const routes = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, { paths: ["/*"], loadBalancer: name }]));
      new Ec2Service(stack, "web", { cluster: stack, containerPort: 80, paths: ["/*"], routes });
    }),
      'routes must have at most 5 target groups, one for each load balancer and port, because ECS allows no more for a service; received ["main", "a", "b", "c", "d", "e"]. Create another service for the others.'],
    [of(existingLoadBalancerPropsSchema, { cluster: clusterTarget(), listenerArn: "arn", securityGroupId: "default" }),
      'listenerArn must be the ARN of a listener of an Application Load Balancer; received "arn". List the listeners: aws elbv2 describe-listeners --load-balancer-arn ARN --query Listeners[].ListenerArn',
      'securityGroupId must be the id of a security group; received "default". Show it: aws elbv2 describe-load-balancers --query LoadBalancers[].SecurityGroups'],
    [of(existingLoadBalancerPropsSchema, { cluster: clusterTarget(), listenerArn: LISTENER, admitLoadBalancer: false, securityGroupAllowsAllOutbound: false }),
      "securityGroupAllowsAllOutbound must not be set with admitLoadBalancer false; received false. Remove it: no rule is created."],
    [cluster({ loadBalancer: { domain: true, https: false }, values: { domainName: "https://a", zoneName: "example.com.", alternativeDomainNames: ["a.b", "a.b"], certificateArn: `${ACM.replace("us-east-1", "ap-northeast-2")}/a` } }),
      'values.domainName must be a domain name in lower case, without a dot at the end; received "https://a". For example "shop.example.com" or "*.example.com".',
      'values.alternativeDomainNames must have 0 to 9 different domain names; received ["a.b", "a.b"]. A certificate has at most 10 names by default.',
      'values.alternativeDomainNames must be a domain name in lower case, without a dot at the end; received ["a.b", "a.b"]. For example "shop.example.com" or "*.example.com".',
      'values.zoneName must be a domain name in lower case, without a dot at the end; received "example.com.". For example "example.com". List your zones: aws route53 list-hosted-zones --query HostedZones[].Name',
      "loadBalancer.https must not be false with domain; received false. Remove it: domain serves HTTPS.",
      'values.certificateArn must not be set with loadBalancer.domain; received "arn:aws:acm:ap-northeast-2:111122223333:certificate/a". Remove it: domain creates a certificate. certificateArns adds others.'],
    [cluster({ loadBalancer: { domain: true }, values: { domainName: "shop.example.org", zoneName: "example.com" } }),
      'values.domainName must be zone_name or end with a dot and zone_name; received "shop.example.org". A record can only be in its own hosted zone. Correct one of the two.'],
    [cluster({ loadBalancer: { domain: true }, values: { domainName: `${"a.".repeat(126)}com` } }),
      `values.domainName must be 1 to 253 characters long; received "${"a.".repeat(39)}a…. DNS limits a name to 253 characters.`],
    [of(applicationLoadBalancerPropsSchema, { name: "prod", vpc: parts().vpc, portRules: parts({ rules: { httpCidrs: [], https: true } }).portRules, certificateArn: `${ACM}/a`, domain: { certificateArn: "a", domainName: "b", names: ["b"], zoneId: "c" } }),
      'certificateArn must not be set with domain, which has a certificate; received "arn:aws:acm:us-east-1:111122223333:certificate/a". Remove one of the two.'],
    [of(applicationLoadBalancerPropsSchema, { name: "prod", vpc: parts().vpc, portRules: parts({ rules: { httpCidrs: [] } }).portRules, domain: "shop" }),
      'domain must be a DomainCertificate; received "shop". Use a DomainCertificate construct.',
      "portRules.admits.https must be true, because the load balancer listens to HTTPS; received false. Set https of PortRules to true."],
    [service({ containerPort: 80, routes: { a: {} } }), 'routes.a.paths must be set, or another condition such as hosts; received nothing. For example paths: ["/api/users*"].'],
    [service({ containerPort: 80, paths: ["users"], hosts: ["localhost", `${text(128)}.a`], priority: 0 }),
      'paths[0] must be a path pattern of at most 128 characters that begins with / or a wildcard; received "users". For example "/api/users*". Use letters, digits, the wildcards * and ?, and _ - . $ / ~ " \' @ : + &. Match a query with queryStrings.',
      'hosts[0] must be a host name, with only letters after the last dot; received "localhost". For example "api.example.com" or "*.example.com". Do not write a scheme or a port.',
      'hosts[1] must be 1 to 128 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. AWS limits a host pattern to 128 characters.',
      'hosts[1] must be a host name, with only letters after the last dot; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. For example "api.example.com" or "*.example.com". Do not write a scheme or a port.',
      "priority must be a whole number from 1 to 50000; received 0. Remove it, and it follows from the conditions."],
    [service({ containerPort: 80, paths: "/a", hosts: "a.com" }),
      'paths must be a list; received "/a". Write it in brackets: ["/api/users*"].',
      'hosts must be a list; received "a.com". Write it in brackets: ["api.example.com"].'],
    [service({ containerPort: 80, paths: ["/a", "/a"], hosts: ["a.com", "a.com"] }),
      'paths must have 1 to 5 different paths; received ["/a", "/a"]. For more, add another rule with routes.',
      'hosts must have 1 to 5 different hosts; received ["a.com", "a.com"]. For more, add another rule with routes.'],
    [service({ containerPort: 80, paths: ["/a*", "/ab*", "/*/*/*"], hosts: ["*.a.com", "b.com", "c.com"] }),
      'paths must have at most 5 values, together with the other conditions; received ["/a*", "/ab*", "/*/*/*", "*.a.com", "b.com", "c.com"]. Split the rule in two with routes.',
      'paths must have at most 5 wildcards (* and ?), together with the other conditions; received ["/a*", "/ab*", "/*/*/*", "*.a.com", "b.com", "c.com"]. Split the rule in two with routes.',
      'paths[1] must match requests that "/a*" does not match; received "/ab*". Remove it.'],
    [service({ containerPort: 80, headers: { "X-A": ["1"], "x-a": ["é"], "X?": ["1", "1"], Host: "a" }, methods: ["get"], queryStrings: [{ key: "a=b", value: "" }], sourceIps: ["10.0.0.1", "10.0.0.1/8"] }),
      'headers["X?"] must have the name of a header, of 1 to 40 characters without wildcards and spaces; received "X?". For example "X-Version".',
      'headers.Host must not have the header Host; received "Host". Use hosts or hostRegexes.',
      'headers.x-a[0] must be 1 to 128 printable ASCII characters; received "é". Use the wildcards * and ? for other characters.',
      'headers["X?"] must have 1 to 5 different values of a header; received ["1", "1"]. For more, add another rule with routes.',
      'headers.Host must be a list; received "a". Write it in brackets: ["2"].',
      'methods[0] must be an HTTP method in upper case; received "get". For example "GET". AWS distinguishes upper and lower case.',
      'queryStrings[0].key must be 1 to 128 printable ASCII characters without spaces, & and =; received "a=b". Write the key alone: { key: "version", value: "2" }.',
      'queryStrings[0].value must be 1 to 128 printable ASCII characters; received "". Use the wildcards * and ? for other characters.',
      'sourceIps[0] must be networks in CIDR notation; received "10.0.0.1". Write an IPv4 or IPv6 network such as "203.0.113.7/32" or "2001:db8::/48".',
      'sourceIps[1] must have no host bits set; received "10.0.0.1/8". Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").',
      'headers must have at most 5 values, together with the other conditions; received ["1", nothing, nothing, {"key": nothing, "value": nothing}, nothing, nothing]. Split the rule in two with routes.'],
    [service({ containerPort: 80, headers: { "X-A": ["1"], "x-a": ["2"] } }),
      'headers must have names that differ in more than upper and lower case; received ["X-A", "x-a"]. Join the values of the header.'],
    [service({ containerPort: 80, headers: { A: ["1", "1"] }, methods: ["GET", "GET"], queryStrings: [], sourceIps: [] }),
      'headers.A must have 1 to 5 different values of a header; received ["1", "1"]. For more, add another rule with routes.',
      'methods must have 1 to 5 different methods; received ["GET", "GET"]. For more, add another rule with routes.',
      'queryStrings must have 1 to 5 different query strings; received []. For more, add another rule with routes.',
      'sourceIps must have 1 to 5 different networks; received []. For more, add another rule with routes.'],
    [service({ containerPort: 80, headers: {}, methods: "GET", queryStrings: { key: "a" }, sourceIps: "10.0.0.0/8" }),
      'headers must have a header; received {}. For example { "X-Version": ["2"] }. Or remove it.',
      'methods must be a list; received "GET". Write it in brackets: ["GET"].',
      'queryStrings must be a list; received {"key": "a"}. Write it in brackets: [{ key: "version", value: "2" }].',
      'sourceIps must be a list; received "10.0.0.0/8". Write it in brackets: ["203.0.113.0/24"].'],
    [service({ containerPort: 80, pathRegexes: [text(129)], hostRegexes: "a", headerRegexes: { A: "b" } }),
      'pathRegexes[0] must be 1 to 128 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. AWS limits a regular expression to 128 characters.',
      'hostRegexes must be a list; received "a". Write it in brackets: ["^(www|shop)[.]"].',
      'headerRegexes.A must be a list; received "b". Write it in brackets: ["Chrome/[0-9]+"].',
      'priority must be set for a rule with pathRegexes; received nothing. The lowest number is evaluated first. Choose one below those of the rules that match the same requests.'],
    [service({ containerPort: 80, pathRegexes: "a", headerRegexes: { A: [] }, paths: ["/a"] }),
      'pathRegexes must be a list; received "a". Write it in brackets: ["^/v[0-9]+/"].',
      'headerRegexes.A must have 1 to 5 different regular expressions; received []. For more, add another rule with routes.',
      'pathRegexes must not be set with paths; received "a". Remove one of the two, or add a rule with routes.',
      'priority must be set for a rule with pathRegexes; received nothing. The lowest number is evaluated first. Choose one below those of the rules that match the same requests.'],
    [service({ containerPort: 80, sourceIps: ["10.1.0.0/16", "10.0.0.0/8"], queryStrings: [{ value: "a*" }, { key: "b", value: "a" }] }),
      'queryStrings[1] must match requests that "a*" does not match; received {"key": "b", "value": "a"}. Remove it.',
      'sourceIps[0] must match requests that "10.0.0.0/8" does not match; received "10.1.0.0/16". Remove it.'],
    [service({ containerPort: 80, paths: ["/a"], authenticateOidc: { authorizationEndpoint: "http://a", clientId: "", clientSecret: "s", issuer: "https://a", tokenEndpoint: "https://a", userInfoEndpoint: "https://a", scope: "", sessionCookieName: "a b", sessionTimeoutSeconds: 0, onUnauthenticatedRequest: "block", authenticationRequestExtraParams: named(11, "a") }, jwtValidation: { issuer: "", jwksEndpoint: "https://a", additionalClaims: [{ name: "a", format: "text", values: [] }] } }),
      'authenticateOidc.scope must be 1 to 256 characters long; received "". For example "openid email".',
      'authenticateOidc.sessionCookieName must be 1 to 64 letters, digits, _ and -; received "a b". For example "shop-session".',
      'authenticateOidc.sessionTimeoutSeconds must be a whole number from 1 to 604800 (seconds); received 0. For example 28800, which is 8 hours.',
      'authenticateOidc.onUnauthenticatedRequest must be one of "allow", "authenticate", "deny"; received "block". Choose one of these.',
      'authenticateOidc.authenticationRequestExtraParams must have at most 10 parameters; received 11. Remove some of them.',
      'authenticateOidc.authorizationEndpoint must be a URL that begins with https://; received "http://a". Use the URL of the identity provider.',
      'authenticateOidc.clientId must be 1 to 1024 characters long; received "". Use the client id of the identity provider.',
      'authenticateOidc.clientSecret must be a reference to a secret; received a value that is not shown. Write no secret into code. For example new TerraformVariable(stack, "oidc_client_secret", { sensitive: true }).stringValue.',
      'jwtValidation.issuer must be 1 to 256 characters long; received "". Use the claim iss of the tokens.',
      'jwtValidation.additionalClaims[0].format must be one of "single-string", "string-array", "space-separated-values"; received "text". Choose one of these.',
      'jwtValidation.additionalClaims[0].values must have 1 to 10 values; received []. List the accepted values.',
      'jwtValidation must not be set with authenticateOidc; received {"issuer": "", "jwksEndpoint": "https://a", "additionalClaims": [{…}]}. Remove one of the two.'],
    [service({ containerPort: 80, paths: ["/a"], authenticateOidc: { authorizationEndpoint: "https://a", clientId: "a", issuer: "https://a", tokenEndpoint: "https://a", userInfoEndpoint: "https://a", authenticationRequestExtraParams: named(11, "a") } }),
      'authenticateOidc.authenticationRequestExtraParams must have at most 10 parameters; received 11. Remove some of them.',
      'authenticateOidc.clientSecret must be a reference to a secret; received a value that is not shown. Set it.'],
    [service({ containerPort: 80, paths: ["/a"], authenticateCognito: { userPoolArn: "pool", userPoolClientId: "", userPoolDomain: "https://a" }, urlRewrite: { regex: "" }, hostHeaderRewrite: { regex: "a", replace: text(1025) } }),
      'authenticateCognito.userPoolArn must be the ARN of a user pool; received "pool". List the user pools: aws cognito-idp list-user-pools --max-results 60',
      'authenticateCognito.userPoolClientId must be 1 to 128 characters long; received "". Use the id of a client of the user pool.',
      "authenticateCognito.userPoolDomain must be the prefix of the user pool's domain, or a domain name; received \"https://a\". For example \"shop\" or \"auth.example.com\".",
      'urlRewrite.regex must be 1 to 1024 characters long; received "". For example "^/api/(.*)$".',
      'urlRewrite.replace must be a string; received nothing. Set it.',
      'hostHeaderRewrite.replace must be 0 to 1024 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. For example "/$1".'],
    [service({ containerPort: 80, paths: ["/a"], jwtValidation: { issuer: "a", jwksEndpoint: "https://a", additionalClaims: [{ name: "", format: "single-string", values: [""] }] } }),
      'jwtValidation.additionalClaims[0].name must be 1 to 256 characters long; received "". For example "scope".',
      'jwtValidation.additionalClaims[0].values[0] must be 1 to 256 characters long; received "". Shorten it.'],
    [service({ containerPort: 80, paths: ["/a"], jwtValidation: { issuer: "a", jwksEndpoint: "https://a", additionalClaims: times(11, () => ({ name: "a", format: "single-string", values: ["a"] })) } }),
      'jwtValidation.additionalClaims must have at most 10 claims; received 11. Remove some of them.'],
    [service({ containerPort: 80, urlRewrite: { regex: "a", replace: "b" } }),
      'urlRewrite must not be set without a condition such as paths; received {"regex": "a", "replace": "b"}. Set paths or hosts, or set the urlRewrite of a route in routes.'],
    [service({ cluster: clusterTarget({ loadBalancer: { listenerArn: "arn", protocol: "HTTP", allowHttpsOutbound: false } }), containerPort: 80, routes: { a: { paths: ["/a"], jwtValidation: { issuer: "a", jwksEndpoint: "https://a" } } } }),
      'routes.a.jwtValidation must be a setting of a route on an HTTPS listener; received a route on an HTTP listener. Set https of the load balancer, or remove it.',
      'routes.a.jwtValidation must be a setting of a route on a load balancer with allowHttpsOutbound; received a load balancer that cannot connect to the identity provider. Set allowHttpsOutbound of the load balancer.'],
    [of(listenerRulePropsSchema, { cluster: clusterTarget(), paths: ["/a"], name: "a" }),
      'targetGroupArn must be set, or targetGroups, redirect or fixedResponse; received nothing. Set one of them. Ec2Service creates a rule for each of its routes itself.'],
    [of(listenerRulePropsSchema, { cluster: clusterTarget(), paths: ["/a"], name: "a",  targetGroupArn: "a", redirect: { path: "/b" }, stickinessSeconds: 5 }),
      'redirect must not be set with targetGroupArn; received {"path": "/b"}. A rule has one of them. Remove the other.',
      'stickinessSeconds must not be set without targetGroups; received 5. Set stickinessSeconds of the service or the target group.'],
    [of(listenerRulePropsSchema, { cluster: clusterTarget(), paths: ["/a"], name: "a",  redirect: { query: "?a" }, urlRewrite: { regex: "a", replace: "b" } }),
      'redirect.query must be a query string of at most 128 characters without ?; received "?a". For example "#{query}&lang=en".',
      'redirect.path must be set, or host, protocol or port; received nothing. AWS rejects a redirect to the same URL.',
      'urlRewrite must not be set with redirect; received {"regex": "a", "replace": "b"}. No target gets the request. Remove it.'],
    [of(listenerRulePropsSchema, { cluster: clusterTarget(), paths: ["/a"], name: "a",  redirect: { host: "", path: "b", protocol: "https", port: 0 } }),
      'redirect.host must be 1 to 128 characters long; received "". For example "www.#{host}".',
      'redirect.path must be a path of at most 128 characters that begins with /; received "b". For example "/new/#{path}".',
      'redirect.protocol must be one of "HTTP", "HTTPS"; received "https". Choose one of these.',
      'redirect.port must be a whole number from 1 to 65535; received 0. For example 8443.'],
    [of(listenerRulePropsSchema, { cluster: clusterTarget(), paths: ["/a"], name: "a",  fixedResponse: { statusCode: 302, messageBody: text(1025), contentType: "text/xml" } }),
      'fixedResponse.statusCode must be a whole number from 200 to 299 or from 400 to 599; received 302. For example 503. Use redirect for 301 and 302.',
      'fixedResponse.messageBody must be 0 to 1024 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. AWS limits it to 1024 characters. Serve longer pages from a container.',
      'fixedResponse.contentType must be one of "text/plain", "text/css", "text/html", "application/javascript", "application/json"; received "text/xml". Choose one of these.'],
    [of(listenerRulePropsSchema, { cluster: clusterTarget(), paths: ["/a"], name: "a",  targetGroups: [{ targetGroupArn: "a", weight: 0 }], stickinessSeconds: 0 }),
      'targetGroups must have 1 to 5 target groups, with at least one weight above 0; received [{"weight": 0}]. For example [{ targetGroupArn, weight: 90 }, { targetGroupArn: other, weight: 10 }].',
      'stickinessSeconds must be a whole number from 1 to 604800 (seconds); received 0. For example 86400, which is a day.'],
    [of(listenerRulePropsSchema, { cluster: clusterTarget(), paths: ["/a"], name: "a",  targetGroups: [{ targetGroupArn: "a", weight: 1000 }] }),
      'targetGroups[0].weight must be a whole number from 0 to 999; received 1000. For example 50.'],
    [service({ containerPort: 80, sidecars: [{ name: "envoy", image: "envoy:1", containerPort: 9901 }, { name: "log", image: "log:1" }], routes: { a: { paths: ["/a"], container: "envoi" }, b: { paths: ["/b"], container: "log" }, c: { paths: ["/c"], containerPort: 81 }, d: { paths: ["/d"], slowStartSeconds: 30 }, e: { paths: ["/e"], container: "envoy", slowStartSeconds: 30 }, f: { paths: ["/f1"], container: "envoy", slowStartSeconds: 60 } } }),
      'routes.a.container must be the name of a container of the task: "users", "envoy", "log"; received "envoi". Add the container to sidecars, or correct the name.',
      'routes.b.containerPort must be set, because the container "log" has no containerPort; received nothing. Use the port that the process in the container listens on.',
      'routes.c.containerPort must be a TCP port of the container "users"; received 81. Add it to portMappings of the container.',
      "routes.d.slowStartSeconds must not be set for a route to containerPort of the service; received 30. Set it on the service. The routes to containerPort of the service share a target group.",
      "routes.f.slowStartSeconds must be set in one route of a port; received 60. Set all settings of the target group in one of the routes."],
    [service({ containerPort: 80, paths: ["/a"], protocolVersion: "HTTP3", loadBalancingAlgorithmType: "random", stickinessCookieName: "AWSALBTG", targetGroupHealth: { dnsMinimumHealthyTargetCount: 0, routingMinimumHealthyTargetPercentage: 101 } }),
      'stickinessCookieName must not start with AWSALB; received "AWSALBTG". The load balancer uses these names. Rename the cookie.',
      'loadBalancingAlgorithmType must be one of "round_robin", "least_outstanding_requests", "weighted_random"; received "random". Choose one of these.',
      'targetGroupHealth.dnsMinimumHealthyTargetCount must be a whole number from 1 to 1000 (targets); received 0. For example 2.',
      'targetGroupHealth.routingMinimumHealthyTargetPercentage must be a whole number from 1 to 100 (percent); received 101. For example 50.',
      'protocolVersion must be one of "HTTP1", "HTTP2", "GRPC"; received "HTTP3". Choose one of these.',
      'stickinessCookieName must not be set without stickinessSeconds; received "AWSALBTG". Set stickinessSeconds, or remove it.'],
    [service({ containerPort: 80, paths: ["/a"], stickinessCookieName: "a b", enableAnomalyMitigation: true, loadBalancingAlgorithmType: "least_outstanding_requests", slowStartSeconds: 30, targetGroupHealth: { routingMinimumHealthyTargetCount: 2 }, healthCheck: { healthyGrpcCodes: "a" } }),
      'healthCheck.healthyGrpcCodes must be gRPC codes from 0 to 99; received "a". Write one code ("0"), several ("0,12") or a range ("0-5").',
      'stickinessCookieName must be the name of a cookie, without spaces, commas and semicolons; received "a b". For example "JSESSIONID".',
      'targetGroupHealth.dnsMinimumHealthyTargetCount must be at least routingMinimumHealthyTargetCount, which is 2; received 1. Raise it.',
      'healthCheck.healthyGrpcCodes must not be set without protocolVersion "GRPC"; received "a". Use healthyHttpCodes.',
      'enableAnomalyMitigation must not be true without the algorithm "weighted_random"; received true. Set loadBalancingAlgorithmType to "weighted_random".',
      'slowStartSeconds must not be set with the algorithm "least_outstanding_requests"; received 30. AWS rejects both together. Remove one of the two.',
      'stickinessCookieName must not be set without stickinessSeconds; received "a b". Set stickinessSeconds, or remove it.'],
    [service({ containerPort: 80, paths: ["/a"], healthCheck: { port: 0, protocol: "TCP" } }),
      "healthCheck.port must be a whole number from 1 to 65535; received 0. Remove it for the port that receives the requests.",
      'healthCheck.protocol must be one of "HTTP", "HTTPS"; received "TCP". Choose one of these.'],
    [service({ containerPort: 80, paths: ["/a"], healthCheck: { port: 81 } }),
      'healthCheck.port must not be set with a dynamic host port, because ECS rejects it; received 81. Set hostPort of port 80 in portMappings, or networkMode "awsvpc" or "host".'],
    [service({ cluster: withSecurityGroup, containerPort: 80, portMappings: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }], paths: ["/a"], healthCheck: { port: 81 } }),
      "healthCheck.port must be a TCP port of the instance that a container of the task uses; received 81. Add it to portMappings of the container that answers the checks, as hostPort."],
    [service({ cluster: withSecurityGroup, networkMode: "awsvpc", subnetIds: ["subnet-0123456789abcdef0"], containerPort: 80, portMappings: [{ containerPort: 82 }], routes: { a: { paths: ["/a"], containerPort: 82, healthCheck: { port: 81 } } } }),
      "routes.a.healthCheck.port must be a TCP port that a container of the task uses; received 81. Add it to portMappings of the container that answers the checks, as containerPort."],
    [service({ cluster: clusterTarget({ loadBalancer: { listenerArn: "arn", protocol: "HTTP" } }), containerPort: 80, paths: ["/a"], protocolVersion: "GRPC" }),
      'protocolVersion must not be GRPC behind an HTTP listener; received "GRPC". Set https of the load balancer, or use HTTP2.'],
    [service({ containerPort: 80, paths: ["/a"], protocolVersion: "GRPC", healthCheck: { healthyHttpCodes: "200" } }),
      'healthCheck.healthyHttpCodes must not be set with protocolVersion "GRPC"; received "200". Use healthyGrpcCodes.'],
    [cluster({ loadBalancer: { ruleQuota: 99 } }), "loadBalancer.ruleQuota must be a whole number from 100 to 50000; received 99. AWS allows 100 rules in any case."],
    [of(listenerRulePropsSchema, { paths: ["/a"], cluster: withoutLoadBalancer, name: "Users", targetGroupArn: "" }),
      'name must contain only lower-case letters, digits and hyphens, start with a letter and not end with a hyphen; received "Users". For example "users" or "order-history". Target groups, repositories and variables are named after it.',
      "cluster.loadBalancer must be set; received nothing. Add a load balancer to the cluster, or remove the rule."],
    [of(listenerRulePropsSchema, { paths: ["/a"], cluster: clusterTarget(), name: text(29), targetGroupArn: "" }),
      'name must be 1 to 28 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx". Shorten it: together with the cluster\'s name it has at most 32 characters.'],
    [conflict({ paths: ["/a"], priority: undefined }, { paths: ["/a"], priority: 1 }),
      "priority must be set, because a value of a condition or the service's name is a token; received nothing. Set a number from 1 to 50000.",
      'paths must differ from the paths of a; received "/a", which both rules have. Remove it from one of the two rules. If one service replaces the other, set priority of one of the two rules until the other rule is gone.'],
    [conflict({ paths: ["/b"], priority: 1 }, { paths: ["/a"], priority: 1 }), 'priority must be unique on the listener; received 1, which a also has ("/a"). Set priority of one of the two rules, from 1 to 50000. The load balancer evaluates the lowest number first.'],
    [conflict({ paths: ["/a/b"], priority: 2 }, { paths: ["/a*"], priority: 1 }), 'paths must leave requests for every rule; received "/a/b" of b (priority 2), which can never match, because "/a*" of a (priority 1) matches all its requests first. Remove it, move it to another rule with routes, or set priority of one of the two rules.'],
    [() => [...ruleQuotaProblems({ paths: ["/b"] }, {}, { rules: 100, targetGroups: 0 }), ...targetGroupQuotaProblems({ rules: 0, targetGroups: 100 })].map(sentence),
      "paths must be one of at most 100 rules of the load balancer, which is AWS's default quota; received rule number 101. Combine the paths of a service in one rule, use another load balancer for some services, or set ruleQuota of the load balancer after AWS raised its quota.",
      "loadBalancer must be a load balancer with fewer than 100 target groups, because AWS does not raise this quota; received a load balancer with 100. Add another load balancer to loadBalancers of the cluster, and use it for some services."],
    [of(targetGroupPropsSchema, { cluster: clusterTarget(), name: "users", crossZoneEnabled: false, stickinessSeconds: 60 }),
      "crossZoneEnabled must be true with stickinessSeconds; received false. Remove one of the two."],
    [of(targetGroupPropsSchema, { cluster: clusterTarget(), name: "users", healthCheck: { path: "health", healthyHttpCodes: "500", healthyThresholdCount: 1 }, deregistrationDelaySeconds: -1, slowStartSeconds: 1, stickinessSeconds: 0 }),
      'healthCheck.path must be a path that begins with /; received "health". For example "/" or "/health".',
      'healthCheck.healthyHttpCodes must be HTTP codes from 200 to 499; received "500". Write one code ("200"), several ("200,302") or a range ("200-299").',
      "healthCheck.healthyThresholdCount must be a whole number from 2 to 10 (checks in a row); received 1. For example 2.",
      "deregistrationDelaySeconds must be a whole number from 0 to 3600 (seconds); received -1. For example 300.",
      "slowStartSeconds must be a whole number from 30 to 900 (seconds); received 1. Remove it for no slow start.",
      "stickinessSeconds must be a whole number from 1 to 604800 (seconds); received 0. For example 86400, which is a day."],
    [of(targetGroupPropsSchema, { cluster: clusterTarget(), name: "users", healthCheck: { healthyHttpCodes: "299-200", intervalSeconds: 5, timeoutSeconds: 5 } }),
      'healthCheck.healthyHttpCodes must have the lower code of a range first; received "299-200". Swap the codes, as in "200-299".',
      "healthCheck.timeoutSeconds must be below intervalSeconds, which is 5; received 5. Lower the timeout, or raise the interval."],
  ],
  tasks: [
    [ebs({}), "volumes.a.ebs.sizeGib must be set without snapshotId; received nothing. For example 20."],
    [ebs({ snapshotId: "a", encryptionKeyArn: "a", volumeType: "gp2", iops: 1, throughput: 1, volumeInitializationRate: 1 }),
      'volumes.a.ebs.snapshotId must be the id of a snapshot; received "a". List them: aws ec2 describe-snapshots --owner-ids self --query Snapshots[].SnapshotId',
      "volumes.a.ebs.iops must be a whole number from 100 to 256000 (operations per second); received 1. For example 3000.",
      "volumes.a.ebs.throughput must be a whole number from 125 to 1000 (MiB per second); received 1. For example 125.",
      'volumes.a.ebs.encryptionKeyArn must be the ARN of a KMS key; received "a". Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn',
      "volumes.a.ebs.volumeInitializationRate must be a whole number from 100 to 300 (MiB per second); received 1. Remove it for none.",
      "volumes.a.ebs.iops must not be set with gp2; received 1. Remove it, or use gp3, io1 or io2.",
      "volumes.a.ebs.throughput must not be set with gp2; received 1. Remove it, or use gp3."],
    [ebs({ sizeGib: 0 }), "volumes.a.ebs.sizeGib must be a whole number from 1 to 16384 (GiB); received 0. For example 20."],
    [ebs({ sizeGib: 2000, volumeType: "standard", encrypted: false, encryptionKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/a", volumeInitializationRate: 100 }),
      "volumes.a.ebs.volumeInitializationRate must not be set without snapshotId; received 100. An empty volume has nothing to load. Remove it.",
      'volumes.a.ebs.encryptionKeyArn must not be set with encrypted false; received "arn:aws:kms:eu-west-1:111122223333:key/a". Remove one of the two.',
      "volumes.a.ebs.sizeGib must be 1 to 1024 GiB with standard; received 2000. Change the size, or the type."],
    [ebs({ sizeGib: 20, iops: 200 }), "volumes.a.ebs.iops must be 3000 to 16000 with gp3; received 200. Change it, or the type."],
    [ebs({ sizeGib: 20, volumeType: "io1" }), "volumes.a.ebs.iops must be set with io1; received nothing. For example 3000."],
    [volumes({ a: { ebs: { sizeGib: 1 } }, b: { ebs: { sizeGib: 1 } } }),
      'volumes must have at most one EBS volume; received ["a", "b"]. ECS attaches one to a task. Use a fileSystem or a hostPath for the others.'],
    [volumes({ a: { docker: { scope: "task", autoprovision: true } } }),
      'volumes.a.docker.autoprovision must not be set with scope "task"; received true. ECS creates a volume for each task. Remove it.'],
    [volumes({ a: { docker: "x" } }), 'volumes.a.docker must be "task", "shared" or an object with scope; received "x". For example "task".'],
    [volumes({ a: { fileSystem: "fs-0123456789", accessPoint: "fsap-0123456789", rootDirectory: "/a", transitEncryptionPort: 0 } }),
      "volumes.a.transitEncryptionPort must be a whole number from 1 to 65535; received 0. Remove it, so that several tasks fit on an instance.",
      'volumes.a.rootDirectory must not be set with accessPoint; received "/a". The access point has its own root folder. Remove one of the two.'],
    [container({ mountPoints: { "/a": 5 } }), 'mountPoints["/a"] must be the name of a volume, or an object with sourceVolume; received 5. For example "files".'],
    [task({ containers: [{ name: "web", image: "a:1", volumesFrom: [{ sourceContainer: "db" }] }] }),
      'containers[0].volumesFrom[0].sourceContainer must be another container of the task; received "db". Remove it.'],
    [service({ volumesFrom: [{ sourceContainer: "side" }], sidecars: side({ volumesFrom: [{ sourceContainer: "users" }] }) }),
      "volumesFrom[0] must not lead back to the container itself; received \"users → side → users\". Remove one of these dependencies."],
    [service({ volumes: { r: { fileSystem: "fs-12345678", readOnly: true } }, mountPoints: { "/r": { sourceVolume: "r", readOnly: false } } }),
      'mountPoints["/r"].readOnly must not be false for a volume with readOnly; received false. The task role has no right to write to the volume. Remove one of the two.'],
    [service({ volumes: { d: { ebs: { sizeGib: 5, volumeType: "io1", iops: 5000 } }, e: { ebs: { sizeGib: 5, throughput: 1000 } } }, mountPoints: { "/d": "d", "/e": "e" } }),
      "volumes.d.ebs.iops must be at most 250 for 5 GiB of io1; received 5000. EBS allows 50 for each GiB. Lower it, or raise sizeGib.",
      "volumes.e.ebs.throughput must be at most 750 for 3000 operations per second; received 1000. EBS allows a quarter MiB for each operation. Lower it, or raise iops."],
    [thrown(() => LogDriver.splunk({ secretToken: Secret.fromSsmParameter("/a"), url: "https://a", options: { "splunk-token": "a" } })),
      'options must not have splunk-token; received "splunk-token". Set secretToken, which is this option.'],
    [task({ cpu: 512, memoryMiB: 512 }),
      "cpu must be left out; received 512. Set taskCpu for the whole task, or cpu of a container.",
      "memoryMiB must be left out; received 512. Set taskMemoryMiB for the whole task, or memoryLimitMiB of a container."],
    [container({ logging: "awslogs" }), 'logging must be a LogDriver; received "awslogs". Use a factory such as LogDriver.awsLogs().'],
    [thrown(() => LogDriver.awsLogs({ streamPrefix: "a:b", logGroup: "a b", maxBufferSize: "25MB" })),
      'streamPrefix must have 1 to 256 characters without : and *; received "a:b". For example the name of the team.',
      'logGroup must be the name of a log group; received "a b". List the log groups: aws logs describe-log-groups --query logGroups[].logGroupName',
      'maxBufferSize must be a number with the unit k, m or g; received "25MB". For example "25m".'],
    [thrown(() => LogDriver.awsLogs({ logGroup: "/a", retention: 7, mode: "blocking", maxBufferSize: "4m", multilinePattern: "^a", datetimeFormat: "%Y" })),
      "retention must not be set with logGroup; received 7. The log group that exists has its own. Remove one of the two.",
      'datetimeFormat must not be set with multilinePattern; received "%Y". Docker accepts one. Remove one of the two.',
      'maxBufferSize must not be set with mode "blocking"; received "4m". This mode has no buffer. Remove it.'],
    [thrown(() => LogDriver.splunk({ secretToken: Secret.fromSsmParameter("/a"), url: "splunk", gzipLevel: 10 })),
      "url must be a URL without a user; received a value that is not shown. For example https://splunk.example.com:8088.",
      "gzipLevel must be a whole number from -1 to 9; received 10. -1 is the default, 0 none and 9 the best."],
    [thrown(() => LogDriver.gelf({ address: "logs", compressionLevel: 10, tcpMaxReconnect: 0 })),
      'address must be udp:// or tcp:// with a host and a port; received "logs". For example udp://logs.example.com:12201.',
      "compressionLevel must be a whole number from -1 to 9; received 10. 9 is the best compression.",
      "tcpMaxReconnect must be a whole number from 1 to 2147483647; received 0. Remove it for Docker's own."],
    [thrown(() => LogDriver.syslog({ address: "logs" })),
      'address must be an address of syslog; received "logs". For example tcp+tls://logs.example.com:6514.'],
    [thrown(() => LogDriver.jsonFile({ maxFile: 2, options: { a: "b" }, secretOptions: { a: Secret.fromSsmParameter("/a") } })),
      "secretOptions.a must have a name that options does not have; received a value that is not shown. Remove one of the two.",
      "maxFile must not be set without maxSize; received 2. Set maxSize, or remove it."],
    [task({ logRouter: { type: "fluentd", configFileType: "s3", configFileValue: "/a" } }),
      'logRouter.image must be set with type "fluentd"; received nothing. AWS for Fluent Bit is the only image of AWS. For example "fluent/fluentd:v1.17-debian-1".',
      'logRouter.configFileValue must be the ARN of an object in S3 with configFileType "s3"; received "/a". For example arn:aws:s3:::my-bucket/fluent-bit.conf.'],
    [task({ logRouter: { configFileType: "file", configFileValue: "a" } }),
      'logRouter.configFileValue must be an absolute path with configFileType "file"; received "a". For example /fluent-bit/etc/extra.conf.'],
    [task({ logRouter: { configFileType: "file" } }), "logRouter.configFileValue must be set with configFileType; received nothing. Set both, or neither."],
    [task({ logRouter: { logging: LogDriver.fireLens(), disableNetworking: true }, containers: [{ name: "log_router", image: "a:1" }] }),
      "logRouter.logging must not be LogDriver.fireLens; received an instance of LogDriver. The log router cannot start before itself. Use another log driver, or remove it.",
      "logRouter.disableNetworking must not be true for the log router; received true. The log router needs a network to send output on. Remove it.",
      'containers[0].name must not be log_router, the name of the log router; received "log_router". LogDriver.fireLens adds a container with this name. Use another name.'],
    [service({ networkMode: "none", logging: LogDriver.fireLens() }),
      "logging must not be LogDriver.fireLens with networkMode none; received an instance of LogDriver. The log router needs a network to send output on. Use another log driver, or another networkMode."],
    [service({ logMode: "blocking", logging: LogDriver.awsLogs({ maxBufferSize: "4m" }) }),
      'logging must not have maxBufferSize with logMode "blocking"; received "4m". This mode has no buffer. Remove it, or set mode of LogDriver.awsLogs to "non-blocking".'],
    [service({ disableNetworking: true, enableExecuteCommand: true }),
      "disableNetworking must not be true with enableExecuteCommand; received true. ECS Exec needs a network. Remove one of the two."],
    [task({ logRouter: {}, containers: times(10, (n) => ({ name: `c${n}`, image: "a:1" })) }),
      'logRouter must be one of at most 10 containers; received "11 containers". LogDriver.fireLens adds a container with the log router. Remove another container.'],
    [service({ ...AWSVPC, hostname: "a", extraHosts: { db: "10.0.0.1" } }),
      'hostname must not be set with networkMode awsvpc; received "a". ECS does not support it in this mode. Remove it.',
      'extraHosts must not be set with networkMode awsvpc; received {"db": "10.0.0.1"}. ECS does not support it in this mode. Remove it.'],
    [service({ ...HOST, ipcMode: "host", systemControls: [{ namespace: "net.core.somaxconn", value: "1024" }, { namespace: "kernel.shmmax", value: "1" }] }),
      'systemControls[0].namespace must not be net.core.somaxconn with networkMode host; received "net.core.somaxconn". The container shares the parameter with the instance. Set it on the instance, in extraUserData.',
      'systemControls[1].namespace must not be kernel.shmmax with ipcMode host; received "kernel.shmmax". The container shares the parameter with the instance. Set it on the instance, in extraUserData.'],
    [service({ enableFaultInjection: true }),
      "enableFaultInjection must not be true with networkMode bridge; received true. Set networkMode to awsvpc or host, or remove it."],
    [task({ taskRole: "role", executionRole: "role" }),
      'taskRole must be the ARN of an IAM role; received "role". List the roles: aws iam list-roles --query Roles[].Arn',
      'executionRole must be the ARN of an IAM role; received "role". List the roles: aws iam list-roles --query Roles[].Arn'],
    [task({ taskRole: false, executionRole: false }),
      "taskRole must be true or a role; received false. Use the ARN of a role.",
      "executionRole must be a string or a role; received false. Use the ARN of a role, or an object with roleArn."],
    [task({ taskRole: TOKEN, taskRolePolicyArns: [ARN] }),
      `taskRolePolicyArns must not be set with taskRole; received ["${ARN}"]. The library does not change a role that exists. Add the permissions to that role, or remove one of the two.`],
    [service({ portMappings: [{}, { containerPort: 80, containerPortRange: "80-90", hostPort: 22 }, { containerPortRange: "90-80" }, { containerPort: 53, hostPort: 0, protocol: "icmp", name: "A", appProtocol: "tcp" }, { containerPort: 443, protocol: "udp", appProtocol: "http" }, { containerPort: 81, allowFrom: {} }] }),
      "portMappings[0].containerPort must be set, or containerPortRange; received nothing. Set one of the two.",
      "portMappings[1].hostPort must not be 22, 2375, 2376, 51678, 51679, 51680; received 22. SSH, Docker and the ECS agent use these ports. Use another port.",
      "portMappings[1].containerPort must not be set with containerPortRange; received 80. Set one of the two.",
      "portMappings[1].hostPort must not be set with containerPortRange; received 22. Remove it, or list the ports one by one.",
      'portMappings[2].containerPortRange must be two ports with a hyphen between them, the lower one first; received "90-80". For example "8000-8010".',
      "portMappings[3].hostPort must be a whole number from 1 to 65535; received 0. Remove it for a dynamic port.",
      'portMappings[3].protocol must be one of "tcp", "udp"; received "icmp". Choose one of these.',
      'portMappings[3].name must have 1 to 64 lower-case letters, digits, underscores and hyphens, and not start with a hyphen; received "A". For example "http" or "metrics".',
      'portMappings[3].appProtocol must be one of "http", "http2", "grpc"; received "tcp". Choose one of these.',
      'portMappings[4].appProtocol must not be set with udp; received "http". Service Connect supports only TCP. Remove it.',
      'portMappings[4].appProtocol must not be set without name; received "http". Set name, for example to "http".',
      "portMappings[5].allowFrom.instances must be true, or another source be set; received the default, false. Name a source, or remove the setting.",
      'portMappings[5] must have ports that no other element has; received "81/tcp". Remove one of the two.',
      "portMappings[5].allowFrom must not be set without hostPort in bridge mode; received {}. A security group cannot admit a dynamic port alone. Set hostPort, or use networkMode awsvpc."],
    [service({ portMappings: [{ containerPort: 80, hostPort: 80, allowFrom: { cidrs: ["10.0.0.1/8"], securityGroups: { "A": "sg-1" } } }], securityGroupIds: ["sg"], subnetIds: [] }),
      'portMappings[0].allowFrom.cidrs must have no host bits set; received ["10.0.0.1/8"]. Write the network itself ("10.0.0.0/8"), or the one address with its full prefix ("10.0.0.1/32").',
      'portMappings[0].allowFrom.securityGroups.A must have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter; received "A". Rename the source. The address of its rule ends with the name.',
      'portMappings[0].allowFrom.securityGroups.A must be the id of a security group; received "sg-1". List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId',
      "subnetIds must have 1 to 16 different subnets; received []. Name each subnet once, or remove the setting for those of the instances.",
      'securityGroupIds must be the id of a security group; received ["sg"]. List the security groups: aws ec2 describe-security-groups --query SecurityGroups[].GroupId',
      "subnetIds must not be set without networkMode awsvpc; received []. Only tasks in this mode have a network interface. Set networkMode to awsvpc, or remove it.",
      'securityGroupIds must not be set without networkMode awsvpc; received ["sg"]. Only tasks in this mode have a network interface. Set networkMode to awsvpc, or remove it.'],
    [service({ portMappings: [{ containerPort: 80, hostPort: 80, allowFrom: { securityGroups: { a: "sg-12345678", b: "sg-12345678" } } }] }),
      'portMappings[0].allowFrom.securityGroups.b must differ from the other security groups; received "sg-12345678". AWS rejects a second rule with the same source. Remove one of the two.'],
    [service({ portMappings: [{ containerPort: 80 }, { containerPortRange: "79-81" }] }),
      'portMappings[1] must have ports that no other element has; received "79-81/tcp". Remove one of the two.'],
    [service({ portMappings: Array.from({ length: 101 }, (_, n) => ({ containerPort: n + 1 })) }),
      "portMappings must have at most 100 elements; received 101. Join ports to ranges with containerPortRange."],
    [service({ networkMode: "host", pidMode: "none", ipcMode: "private", allowInstanceCredentials: false }),
      'pidMode must be one of "host", "task"; received "none". Choose one of these.',
      'ipcMode must be one of "host", "task", "none"; received "private". Choose one of these.',
      "allowInstanceCredentials must be true with networkMode host; received false. In this mode, the containers can read the credentials of the instance role. Set it to true to accept that, or use networkMode awsvpc."],
    [service({ allowInstanceCredentials: true, securityGroupIds: ["sg-0123456789abcdef0"], subnetIds: ["subnet-0123456789abcdef0"] }),
      "allowInstanceCredentials must not be true without networkMode host; received true. Remove it.",
      'subnetIds must not be set without networkMode awsvpc; received ["subnet-0123456789abcdef0"]. Only tasks in this mode have a network interface. Set networkMode to awsvpc, or remove it.',
      'securityGroupIds must not be set without networkMode awsvpc; received ["sg-0123456789abcdef0"]. Only tasks in this mode have a network interface. Set networkMode to awsvpc, or remove it.'],
    [service({ networkMode: "awsvpc" }),
      "cluster.vpc.instanceSubnetIds must be set for tasks in awsvpc mode, unless subnetIds is set; received nothing. Set one of the two."],
    [service({ networkMode: "none", enableExecuteCommand: true, containerPort: 80, portMappings: [{ containerPort: 81 }], links: ["side"], sidecars: side({}), serviceConnect: { namespace: "x" } }),
      'serviceConnect must not be set with networkMode none; received {"namespace": "x"}. Remove it, or use networkMode bridge or awsvpc.',
      "enableExecuteCommand must not be true with networkMode none; received true. ECS Exec needs a network. Remove it, or use another networkMode.",
      "containerPort must not be set with networkMode none; received 80. The containers have no network. Remove it, or use another networkMode.",
      'portMappings[0] must not be set with networkMode none; received {"containerPort": 81}. The containers have no network. Remove it, or use another networkMode.',
      'links must not be set with networkMode none; received ["side"]. The containers have no network. Remove it.'],
    [service({ ...HOST, links: ["side"], containerPort: 22, portMappings: [{ containerPort: 80, hostPort: 81 }, { containerPortRange: "90-91" }, { containerPort: 33000 }, { containerPort: 70, name: "x" }], sidecars: side({ portMappings: [{ containerPort: 80 }] }) }),
      "containerPort must not be 22, 2375, 2376, 51678, 51679, 51680 on the instance; received 22. SSH, Docker and the ECS agent use these ports. Use another port.",
      "portMappings[0].hostPort must be containerPort with networkMode host; received 81. The containers listen on the ports themselves in this mode. Remove it.",
      'portMappings[1].containerPortRange must not be set with networkMode host; received "90-91". List the ports one by one.',
      "portMappings[2].containerPort must not be a dynamic port of the instances, which include 31000-61000; received 33000. The ECS agent and the kernel assign these ports, so another container can already have it. Use another port.",
      'portMappings[3].name must not be set with networkMode host; received "x". Service Connect does not support this mode. Remove it.',
      'links must not be set with networkMode host; received ["side"]. The containers share localhost and reach each other there. Remove it.',
      'sidecars[0].portMappings[0] must differ from the other ports of the task; received "80/tcp". The containers share one network. Use another port.'],
    [service({ portMappings: [{ containerPort: 80, allowFrom: { instances: true } }, { containerPort: 81, hostPort: 31000 }, { containerPort: 82, hostPort: 8080 }], sidecars: side({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }) }),
      'portMappings[0].allowFrom must not be set without hostPort in bridge mode; received {"instances": true}. A security group cannot admit a dynamic port alone. Set hostPort, or use networkMode awsvpc.',
      "portMappings[1].hostPort must not be a dynamic port of the instances, which include 31000-61000; received 31000. The ECS agent and the kernel assign these ports, so another container can already have it. Use another port.",
      'sidecars[0].portMappings[0].hostPort must differ from the other ports of the task; received "8080/tcp". Use another hostPort.'],
    [service({ containerPort: 80, serviceConnect: { namespace: "x" }, portMappings: [{ containerPort: 81, name: "users" }] }),
      'portMappings[0].name must differ from the names of the other ports of the task; received "users". Use another name.'],
    [service({ ...AWSVPC, containerPort: 80, paths: ["/a"], sidecars: side({ containerPort: 80 }) }),
      "cluster.loadBalancer.securityGroupId must have the id of its security group, for a route to a port that is not dynamic; received nothing. Use an EcsClusterStack or an EcsClusterLookup, or add securityGroupId to the load balancer.",
      'sidecars[0].containerPort must differ from the other ports of the task; received "80/tcp". The containers share one network. Use another port.'],
    [twoServices(statsd(), { ...HOST, daemon: true, portMappings: [{ containerPort: 8125, protocol: "udp" }] }),
      "portMappings[0] must be a port of the instances that no other service of the cluster uses; received 8125/udp. test/one uses it. Use another port, or other capacity providers for one of the two."],
    [twoServices({ ...statsd({ instances: true }), placementConstraints: [{ type: "memberOf", expression: "attribute:a == b" }] }, { ...statsd({ instances: true }), daemon: true, placementConstraints: [{ type: "memberOf", expression: "attribute:a != b" }] }),
      "portMappings[0] must admit each source once only, because all instances have one security group; received 8125/udp. test/one already admits it. Remove the source or the route from one of the two."],
    [() => problemsOf(() => ofTask({ serviceConnect: { namespace: "x", port: 80 } })),
      "serviceConnect.port must not be set for a service without containerPort; received 80. Set containerPort, or remove it: the service then only calls other services."],
    [container({ repositoryCredentials: Secret.fromSsmParameter("/registry") }),
      "repositoryCredentials must be a whole secret of Secrets Manager; received a value that is not shown. Use Secret.fromSecretsManager(arn) without jsonKey and without a version."],
    [container({ image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1", pullThroughCache: true, repositoryCredentials: Secret.fromSecretsManager(SECRET) }),
      "repositoryCredentials must not be set with pullThroughCache; received a value that is not shown. ECR reads the credentials from the rule of its cache. Remove one of the two.",
      "repositoryCredentials must not be set for an image of ECR; received a value that is not shown. The execution role can pull images of ECR. Remove it."],
    [service({ image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:1", repositoryCredentials: Secret.fromSecretsManager(SECRET) }),
      "repositoryCredentials must not be set for an image of ECR; received a value that is not shown. The execution role can pull images of ECR. Remove it."],
    [container({ image: 5 }), "image must be a string or a ServiceImage; received 5. Use the name of an image, or a ServiceImage."],
    [image({ ecrRepository: { repositoryUrl: "example.com/a" } }),
      'ecrRepository.repositoryUrl must be the URL of a repository of ECR, without a tag; received "example.com/a". Find it: aws ecr describe-repositories --query repositories[].repositoryUri'],
    [image({ ecrRepository: { repositoryArn: "a" } }),
      'ecrRepository.repositoryArn must be the ARN of a repository of ECR; received "a". Find it: aws ecr describe-repositories --query repositories[].repositoryArn'],
    [image({ ecrRepository: true }), "clusterName must be set to create a repository; received nothing. The repository's name starts with it."],
    [service({ sidecars: [{ name: "a b", image: "Nginx:1" }], containerPort: 0, cpu: 1, memoryLimitMiB: 1, environment: { "A B": "x" }, startTimeoutSeconds: 1, gpuCount: 0, mountPoints: { data: "a" }, ulimits: [{ name: "nofile", softLimit: -2, hardLimit: 1 }, { name: "nofile", softLimit: 2, hardLimit: 1 }], containerHealthCheck: { command: "", retries: 0, startPeriodSeconds: -1 } }),
      "containerPort must be a whole number from 1 to 65535; received 0. Use the port that the process in the container listens on.",
      "cpu must be a whole number from 2 to 196608 (CPU units); received 1. 1024 units are one vCPU.",
      "memoryLimitMiB must be a whole number from 6 to 25165824 (MiB); received 1. Docker rejects less, and no instance type has more.",
      'environment["A B"] must have a name without spaces and =; received "A B". Rename the variable.',
      "startTimeoutSeconds must be a whole number from 2 to 86400 (seconds); received 1. Remove it for the agent's default.",
      "ulimits[0].softLimit must be a whole number from -1 to 9007199254740991; received -2. -1 is unlimited.",
      "ulimits[1].softLimit must be at most hardLimit, which is 1; received 2. Lower it, or raise hardLimit.",
      "gpuCount must be a whole number from 1 to 16 (devices); received 0. No instance type has more.",
      'mountPoints.data must be an absolute path without a colon; received "data". For example /data.',
      'containerHealthCheck.command must not be empty; received "". For example "curl -f http://localhost/ || exit 1".',
      "containerHealthCheck.retries must be a whole number from 1 to 10 (checks in a row); received 0. For example 3.",
      "containerHealthCheck.startPeriodSeconds must be a whole number from 0 to 300 (seconds); received -1. Remove it for none.",
      'sidecars[0].name must have 1 to 255 letters, digits, hyphens and underscores; received "a b". For example "users" or "log-router".',
      'sidecars[0].image must be the name of a container image; received "Nginx:1". Write registry, repository and tag, such as "nginx:1.27" or "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/users:7".',
      'ulimits[1].name must differ from the other limits; received "nofile". Remove one of the two.',
      'mountPoints.data must be the name of a volume of the task; received "a". Add the volume to volumes.'],
    [service({
      linuxParameters: { devices: [{ hostPath: "fuse" }], swappiness: 101, sharedMemorySizeMiB: 0, maxSwapMiB: -1, tmpfs: [{ containerPath: "/a", sizeMiB: 0, mountOptions: ["x"] }, { containerPath: "/a", sizeMiB: 1 }] },
      systemControls: [{ namespace: "vm.swappiness", value: "1" }], restartPolicy: { ignoredExitCodes: [256], restartAttemptPeriodSeconds: 1 },
      hostname: "a_b", extraHosts: { db: "db" }, dockerLabels: { "": "a" }, dockerSecurityOptions: ["x"], credentialSpecs: ["x"], environmentFiles: ["x"], containerOverrides: { a: [undefined] },
      taskCpu: 1, taskMemoryMiB: 1, taskPlacementConstraints: [""],
    } as never),
      'linuxParameters.devices[0].hostPath must be an absolute path without a colon; received "fuse". For example /data.',
      "linuxParameters.sharedMemorySizeMiB must be a whole number from 1 to 25165824 (MiB); received 0. For example 256.",
      "linuxParameters.tmpfs[0].sizeMiB must be a whole number from 1 to 25165824 (MiB); received 0. For example 64.",
      'linuxParameters.tmpfs[0].mountOptions[0] must be an option of a tmpfs mount; received "x". For example noexec or mode=1777: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html',
      "linuxParameters.maxSwapMiB must be a whole number from 0 to 25165824 (MiB); received -1. 0 is no swap.",
      "linuxParameters.swappiness must be a whole number from 0 to 100; received 101. Remove it for 60.",
      'linuxParameters.tmpfs[1].containerPath must differ from the paths of the other folders; received "/a". Remove one of the two.',
      'systemControls[0].namespace must be a kernel parameter that a container can have for itself; received "vm.swappiness". Use net.…, fs.mqueue.…, kernel.msgmax, kernel.msgmnb, kernel.msgmni, kernel.sem, kernel.shmall, kernel.shmmax, kernel.shmmni or kernel.shm_rmid_forced. Set the others on the instance, in extraUserData.',
      'hostname must be a host name of letters, digits, hyphens and dots; received "a_b". For example "users" or "db.internal".',
      'extraHosts.db must be an IP address; received "db". For example "10.0.0.2".',
      'dockerLabels[""] must not have an empty name; received "". Rename the label.',
      'dockerSecurityOptions[0] must be a security option that ECS accepts; received "x". Use no-new-privileges, apparmor:PROFILE, label:VALUE or credentialspec:PATH.',
      'credentialSpecs[0] must be credentialspecdomainless: or credentialspec: and an ARN; received "x". Write the ARN of the SSM parameter or of the S3 object that has the credential spec.',
      'environmentFiles[0] must be the ARN of an S3 object whose key ends with .env; received "x". For example arn:aws:s3:::my-bucket/prod/users.env.',
      "restartPolicy.ignoredExitCodes[0] must be a whole number from 0 to 255; received 256. For example 0.",
      "restartPolicy.restartAttemptPeriodSeconds must be a whole number from 60 to 1800 (seconds); received 1. For example 300.",
      "containerOverrides.a[0] must be a value of JSON; received nothing. Use text, numbers, true, false, null, lists and objects.",
      "taskCpu must be a whole number from 128 to 196608 (CPU units); received 1. 1024 units are one vCPU.",
      "taskMemoryMiB must be a whole number from 6 to 25165824 (MiB); received 1. For example 1024.",
      'taskPlacementConstraints[0] must have 1 to 2000 characters; received "". For example "attribute:ecs.instance-type =~ t3.*".'],
    [service({ containerOverrides: "a" } as never), 'containerOverrides must be an object of JSON; received "a". Write it in braces: { name: value }.'],
    [service({ linuxParameters: { initProcessEnabled: true, swappiness: 5 } } as never),
      "linuxParameters.initProcessEnabled must be left out; received true. Set initProcessEnabled of the container instead.",
      "linuxParameters.swappiness must not be set without maxSwapMiB; received 5. Set maxSwapMiB, or remove it."],
    [service({ memoryReservationMiB: 64, linuxParameters: { maxSwapMiB: 5 } }), "linuxParameters.maxSwapMiB must not be set for a container without memoryLimitMiB; received 5. Docker adds the swap to this limit. Set memoryLimitMiB."],
    [service({ systemControls: [{ namespace: "net.a", value: "1" }, { namespace: "net.a", value: "1" }] }), 'systemControls[1].namespace must differ from the other system controls; received "net.a". Remove one of the two.'],
    [service({ disableNetworking: true, containerPort: 80 }), "containerPort must not be set with disableNetworking; received 80. Remove one of the two."],
    [service({
      restartPolicy: { ignoredExitCodes: Array.from({ length: 51 }, (_, code) => code) }, environmentFiles: Array(11).fill("arn:aws:s3:::a/.env"), credentialSpecs: Array(2).fill("credentialspec:arn:aws:s3:::a/b"), taskPlacementConstraints: Array(11).fill("a"),
    }),
      "credentialSpecs must have at most one credential spec; received 2. ECS accepts one for each container.",
      "environmentFiles must have at most 10 files; received 11. Combine some of them.",
      "restartPolicy.ignoredExitCodes must have at most 50 exit codes; received 51. Remove some.",
      'taskPlacementConstraints must have at most 10 elements; received 11. Join expressions with "and" or "or".'],
    [service({ taskPlacementConstraints: Array(6).fill("a"), placementConstraints: Array(5).fill({ type: "memberOf", expression: "a" }) }), 'taskPlacementConstraints must have at most 10 elements together with placementConstraints; received 11. Join expressions with "and" or "or".'],
    [service({ taskCpu: 128, taskMemoryMiB: 100, memoryReservationMiB: 101, memoryLimitMiB: 128 }),
      "taskCpu must be at least the cpu of its containers, which is 256; received 128. Raise it, or lower the sizes of the containers.",
      "taskMemoryMiB must be at least the memory that its containers reserve, which is 101 MiB; received 100. Raise it, or lower the sizes of the containers."],
    [service({ taskMemoryMiB: 100, memoryReservationMiB: 99, memoryLimitMiB: 128 }), "taskMemoryMiB must be at least the memoryLimitMiB of each container, of which one is 128; received 100. Raise it, or lower the sizes of the containers."],
    [service({ image: text(256) }), 'image must be 1 to 255 characters long; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. ECS rejects longer names.'],
    [service({ memoryLimitMiB: 256, memoryReservationMiB: 256, environment: { A: "1" }, secrets: { A: Secret.fromSsmParameter("a"), AWS_REGION: Secret.fromSsmParameter("b") }, containerHealthCheck: { command: 1 } }),
      "containerHealthCheck.command must be a string or a list; received 1. Write it in brackets: [first, second].",
      "memoryReservationMiB must be below memoryLimitMiB, which is 256; received 256. Lower it, or raise the limit.",
      "secrets.A must have a name that environment does not have; received a value that is not shown. Remove one of the two.",
      "secrets.AWS_REGION must not set the region; received a value that is not shown. Set another region with environment."],
    [service({ containerHealthCheck: { command: "CMD curl" }, environment: Object.assign({}, TOKEN) }),
      'environment must be a map; received { ...token }. Use Fn.merge([token, { name: value }]) in place of { ...token, name: value }.',
      'containerHealthCheck.command must not start with CMD, CMD-SHELL or NONE; received "CMD curl". For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.'],
    [service({ containerHealthCheck: { command: ["curl", "-f"] }, image: "nginx", pullThroughCache: true }),
      'containerHealthCheck.command must be one command, ["CMD-SHELL", command] or ["CMD", program, ...arguments]; received ["curl", "-f"]. For example "curl -f http://localhost/ || exit 1". Remove containerHealthCheck for no health check.'],
    [service({ ecrRepository: { keepImages: 0, keepUntaggedDays: 0 } }),
      "ecrRepository.keepImages must be a whole number from 1 to 1000 (images); received 0. For example 30.",
      "ecrRepository.keepUntaggedDays must be a whole number from 1 to 365 (days); received 0. For example 7."],
    [service({ ecrRepository: "users" }), 'ecrRepository must be true, false, settings or an ECR repository; received "users". Use an EcrRepository, or an object with repositoryUrl or repositoryArn.'],
    [of(fileSystemPropsSchema, { name: "files", vpc: "vpc", portRules: "sg" }),
      'vpc must be a VPC; received "vpc". Use the vpc of an EcsClusterStack, or a DefaultVpc.',
      'portRules must be a PortRules construct; received "sg". Use the portRules of an EcsClusterStack, or a PortRules construct.'],
    [service({ volumes: { "a b": { docker: "task" }, b: {}, c: { fileSystem: "fs-1", accessPoint: "a" }, d: { docker: "task", hostPath: "/d", accessPoint: "fsap-0123456789" } }, mountPoints: { "/a": "a b", "/b": "b", "/c": "c", "/d": "d" } }),
      'volumes["a b"] must have a name of 1 to 255 letters, digits, hyphens and underscores; received "a b". Rename the volume.',
      "volumes.b.hostPath must be set, or docker, fileSystem or ebs; received nothing. Set one of the four.",
      'volumes.c.fileSystem must be the id of an EFS file system; received "fs-1". List them: aws efs describe-file-systems --query FileSystems[].FileSystemId',
      'volumes.c.accessPoint must be the id of an EFS access point; received "a". List them: aws efs describe-access-points --query AccessPoints[].AccessPointId',
      'volumes.d.docker must not be set with hostPath; received "task". Remove one of the two.',
      'volumes.d.accessPoint must not be set without fileSystem; received "fsap-0123456789". Set fileSystem, or remove it.'],
    [of(taskDefinitionPropsSchema, { cluster: clusterTarget(), name: "users", containers: [] }), "containers must be a list of 1 to 10 containers; received 0. Add a container, or create another service for the rest."],
    [of(taskDefinitionPropsSchema, { cluster: clusterTarget(), name: "users", volumes: { data: { docker: "task" } }, containers: [
      { name: "a", image: "a", essential: false, dependsOn: { b: "START" }, links: ["c"] },
      { name: "b", image: "b", essential: false, dependsOn: { a: "HEALTHY" } },
    ] }),
      "containers[0].essential must be true for at least one container of the task; received false. Remove essential from the container whose end stops the task.",
      'containers[0].links[0] must be another container of the task; received "c". Did you mean "b"?',
      'containers[1].dependsOn.a must not be HEALTHY for a container without containerHealthCheck; received "HEALTHY". Set its containerHealthCheck, or wait for START.',
      'containers[0].dependsOn.b must not lead back to the container itself; received "a → b → a". Remove one of these dependencies.',
      'volumes.data must be mounted by a container; received "data". Add it to mountPoints, or remove it.'],
    [of(taskDefinitionPropsSchema, { cluster: clusterTarget(), name: "users", containers: [
      { name: "a", image: "a", dependsOn: { b: "COMPLETE" }, mountPoints: { "/data": "data" } },
      { name: "b", image: "b" },
      { name: "b", image: "b" },
    ] }),
      'containers[2].name must differ from the names of the other containers; received "b". Rename one of the two.',
      'containers[0].dependsOn.b must not be COMPLETE for an essential container, whose end stops the task; received "COMPLETE". Set essential: false on it.',
      'containers[0].mountPoints["/data"] must be the name of a volume of the task; received "data". Add the volume to volumes.'],
    [thrown(() => new TaskDefinition(emptyStack(), "task", { cluster: clusterTarget(), name: "users", containers: [{ name: "a", image: "a", command: [text(65536)] }] })),
      "containers must have at most 65536 bytes in the task definition; received 65906. Move long text of environment or command to SSM parameters (secrets), to S3 or to the image."],
    [thrown(() => {
      const stack = emptyStack();
      for (const id of ["a", "b"]) new ServiceImage(stack, id, { clusterName: "prod", name: "users" });
    }),
      'name must be unique in the stack; received "users". test/a has this name too. Use another name for one of the two.'],
  ],
  services: [
    [service({ daemon: true, volumes: { a: { ebs: { sizeGib: 20 } } }, mountPoints: { "/a": "a" } }),
      'volumes.a.ebs must not be set with daemon; received {"sizeGib": 20}. A daemon runs one task on each instance. Use a hostPath on a volume of the instances.'],
    [service({ logging: LogDriver.journald(), cluster: clusterTarget({ instanceCapacity: { ...NODES, logDrivers: ["awslogs"] } }) }),
      'logging must not be set on a cluster whose agents do not offer the log driver journald; received "journald". Add "journald" to agent.logDrivers of the cluster. This replaces its instances.'],
    [service({ logging: LogDriver.journald(), cluster: clusterTarget({ instanceCapacity: { ...NODES, logDrivers: ["journald"], capacities: [{ ...ROCKET, logDrivers: ["awslogs"] }] }, defaultStrategy: [{ capacityProvider: "cp-rocket" }] }) }),
      "capacityProviderStrategies must be set for logging, because no agent of the cluster's default strategy offers the log driver journald; received nothing. Add \"journald\" to agent.logDrivers of the cluster. This replaces its instances."],
    [service({ logging: LogDriver.journald(), capacityProviderStrategies: [{ capacityProvider: "rocket" }], cluster: clusterTarget({ instanceCapacity: { ...NODES, capacities: [{ ...ROCKET, logDrivers: ["awslogs"] }, { ...LINUX, logDrivers: ["journald"] }] } }) }),
      'capacityProviderStrategies[0].capacityProvider must be a capacity provider whose instances can use the log driver journald, for logging; received "rocket". ECS places no task on an instance whose agent does not offer journald. Use linux.'],
    [service({ image: TOKEN, ecrRepository: true }),
      "ecrRepository must not be set with an image that is a reference; received true. Set ecrRepository of the ServiceImage, or remove one of the two."],
    [service({ image: TOKEN, imageParameter: true }),
      "imageParameter must not be set with an image that is a reference; received true. Set imageParameter of the ServiceImage, or remove one of the two."],
    [service({ image: "users:1", imageParameter: true, ecrRepository: true, externalDeployments: true }),
      'image must not be set with imageParameter and ecrRepository; received "users:1". The parameter has the tag of an image in the repository. Remove image, or ecrRepository.',
      "imageParameter must not be set with externalDeployments; received true. Your pipeline names the image in the task definitions that it registers. Remove one of the two."],
    [service({ imageParameter: true, daemon: true }),
      "daemon must not be set with an imageParameter that has no image; received true. ECS cannot run a daemon with 0 tasks until your pipeline has written the first image. Set image to the image to start with."],
    [image({ imageParameter: true }), "clusterName must be set with imageParameter; received nothing. The parameter's name starts with it."],
    [service({ image: 5 }), "image must be a string or a ServiceImage; received 5. Use the name of an image, or a ServiceImage."],
    [service({ placementStrategies: [{ type: "random", field: "cpu" }, { type: "binpack" }, { type: "binpack", field: "a b" }, { type: "binpack", field: "zone" }] }),
      'placementStrategies[0].field must not be set with random; received "cpu". Remove it: random does not use a field.',
      'placementStrategies[1].field must be set with binpack; received nothing. For example "memory".',
      'placementStrategies[2].field must be the name of a field; received "a b". For example "attribute:ecs.availability-zone" or "memory".',
      'placementStrategies[3].field must be cpu or memory with binpack; received "zone". Use cpu or memory. Only spread uses other fields.'],
    [service({ placementStrategies: times(6, () => ({ type: "random" })) }), "placementStrategies must have at most 5 elements; received 6. Keep the most important ones. ECS applies them in order."],
    [service({ placementConstraints: [{ type: "memberOf" }, { type: "distinctInstance", expression: "a" }, { type: "memberOf", expression: text(2001) }] }),
      'placementConstraints[0].expression must be set with memberOf; received nothing. For example "attribute:ecs.instance-type =~ t3.*".',
      'placementConstraints[1].expression must not be set with distinctInstance; received "a". Remove it, or set type to memberOf.',
      'placementConstraints[2].expression must have at most 2000 characters; received "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. Give the instances an attribute (instanceAttributes), and use it in the expression.'],
    [service({ placementConstraints: times(11, () => ({ type: "distinctInstance" })) }), 'placementConstraints must have at most 10 elements; received 11. Join expressions with "and" or "or".'],
    [service({ containerPort: 80, serviceConnect: { namespace: 1, dnsName: "Users", port: 0 } }),
      "serviceConnect.namespace must be a ServiceConnectNamespace or a string; received 1. Use a ServiceConnectNamespace, or the name of a namespace.",
      'serviceConnect.dnsName must be a name of at most 127 lower-case letters, digits, dots and hyphens; received "Users". For example "users" or "users.internal".',
      "serviceConnect.port must be a whole number from 1 to 65535; received 0. Remove it for the container's port."],
    [service({ containerPort: 80, serviceConnect: { namespace: { namespaceArn: "arn", rule: 1 } } }), "serviceConnect.namespace.rule must be a resource; received 1. Use the rule of a ServiceConnectNamespace."],
    [service({ containerPort: 80, serviceConnect: { namespace: "x", discoveryName: "A", idleTimeoutSeconds: -1, perRequestTimeoutSeconds: 0.5, tls: { awsPcaAuthorityArn: "a", kmsKey: "b" }, services: [{ portMappingName: 1 }] } }),
      'serviceConnect.discoveryName must have 1 to 64 lower-case letters, digits, underscores and hyphens, and not start with a hyphen; received "A". For example "users" or "users-metrics".',
      "serviceConnect.idleTimeoutSeconds must be a whole number from 0 to 2147483647 (seconds); received -1. For example 60. 0 is no limit.",
      "serviceConnect.perRequestTimeoutSeconds must be a whole number from 0 to 2147483647 (seconds); received 0.5. For example 60. 0 is no limit.",
      'serviceConnect.tls.awsPcaAuthorityArn must be the ARN of a private certificate authority; received "a". List them: aws acm-pca list-certificate-authorities --query CertificateAuthorities[].Arn',
      'serviceConnect.tls.kmsKey must be the ARN of a KMS key; received "b". Find it: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn',
      "serviceConnect.services[0].portMappingName must be a string; received 1. Write it in quotes."],
    [service({ containerPort: 80, serviceConnect: { namespace: "x", idleTimeoutSeconds: 10, perRequestTimeoutSeconds: 20, logDriver: LogDriver.awsLogs({ retention: 7 }) } }),
      "serviceConnect.perRequestTimeoutSeconds must be at most idleTimeoutSeconds, which is 10; received 20. The proxy closes the connection after idleTimeoutSeconds. Raise that, or lower this.",
      "serviceConnect.logDriver must not have retention; received 7. Set logGroup to a log group that exists, or remove it for the log group of the service."],
    [of(serviceConnectNamespacePropsSchema, { cluster: clusterTarget({ portRules: { instanceSecurityGroupId: "sg", portRange: range(40000, 50000) } }), name: "a b" }),
      'name must be the name of a namespace; received "a b". It has 1 to 1024 characters without spaces. For example "internal".',
      'cluster.portRules.portRange must contain 32768-60999 with Service Connect, whose proxies use these ports; received "40000-50000". Widen the cluster\'s portRange, or do not use Service Connect.'],
    [service({ startAfter: ["users"] }), 'startAfter[0] must be an Ec2Service; received "users". Use an Ec2Service that you create before this one.'],
    [thrown(() => {
      const [app, cluster] = [testApp(), clusterTarget()];
      const [one, other] = ["one", "other"].map((id) => new ReadableStack(app, id)) as [ReadableStack, ReadableStack];
      const users = new Ec2Service(one, "users", { cluster, waitForSteadyState: false });
      const foreign = new Ec2Service(emptyStack(), "foreign", { cluster });
      const posts = new Ec2Service(one, "posts", { cluster });
      const web = new Ec2Service(other, "web", { cluster, startAfter: [posts] });
      new Ec2Service(one, "last", { cluster, startAfter: [users, foreign, web] });
    }),
      "startAfter[0] must wait for a steady state; received one/users. Remove waitForSteadyState: false of users. Without it, Terraform does not wait for its deployment.",
      "startAfter[1] must be a service of the same app; received test/foreign. Apply the other app first, and remove it here.",
      "startAfter[2] must not be in a stack that depends on the stack of this service; received other/web. The stack other already depends on this one, so Terraform can apply neither first. Move one of the services."],
    [thrown(() => {
      const services = ["http", "none", "dns", "metrics"].map((portMappingName) => ({ portMappingName }));
      const portMappings = [{ containerPort: 80, name: "http" }, { containerPort: 53, protocol: "udp", name: "dns" }, { containerPort: 9090, name: "metrics" }] as const;
      const own = { perRequestTimeoutSeconds: 1, ingressPortOverride: 81, logDriver: LogDriver.fireLens() };
      const serviceConnect = { namespace: "x", ...own, services: services.map((one) => ({ ...one, discoveryName: "w".repeat(3) })) };
      new Ec2Service(emptyStack(), "web", { cluster: clusterTarget(), containerPort: 80, portMappings, serviceConnect });
    }),
      'serviceConnect.services[1].portMappingName must be the name of a port of the task; received "none". The ports with a name are http, dns, metrics. Set name of a port in portMappings, or portName of a sidecar.',
      "serviceConnect.perRequestTimeoutSeconds must not be set for a port without appProtocol; received 1. Set name and appProtocol of the port in portMappings. Without them the proxy does not see requests.",
      "serviceConnect.ingressPortOverride must not be set with networkMode bridge; received 81. The proxy has a dynamic port of the instance there, beside the container's port. Remove it.",
      'serviceConnect.services[0].portMappingName must be a port that no other element has; received "http". Remove one of the two. serviceConnect itself has containerPort.',
      'serviceConnect.services[0].dnsName must be unique in the namespace; received "web:80". Another port of the service has it. Use another name or another port.',
      'serviceConnect.services[2].portMappingName must be a single TCP port; received "dns". Service Connect supports neither UDP nor ranges. Remove it.',
      'serviceConnect.services[2].discoveryName must be unique in the namespace; received "www". Another port of the service has it. Use another name or another port.',
      'serviceConnect.services[3].discoveryName must be unique in the namespace; received "www". Another port of the service has it. Use another name or another port.',
      'serviceConnect.logDriver must not be LogDriver.fireLens for a task without a log router; received "awsfirelens". Set logRouter, or use LogDriver.fireLens for a container too.'],
    [thrown(() => {
      const loadBalancer = { listenerArn: LISTENER, securityGroupId: "sg-0" };
      const serviceConnect = {
        ...{ namespace: "x", tls: { awsPcaAuthorityArn: "arn:aws:acm-pca:a:111122223333:certificate-authority/0" } },
        services: [{ portMappingName: "m".repeat(64), ingressPortOverride: 80 }],
      };
      new Ec2Service(emptyStack(), "web", {
        ...{ cluster: clusterTarget({ loadBalancer }), containerPort: 80, paths: ["/*"], serviceConnect },
        ...{ networkMode: "awsvpc", subnetIds: ["subnet-0123456789abcdef0"] },
        portMappings: [{ containerPort: 81, name: "m".repeat(64) }],
      });
    }),
      'serviceConnect.tls must not be set without ingressPortOverride for a port with a route, in awsvpc mode; received "arn:aws:acm-pca:a:111122223333:certificate-authority/0". The health checks of the load balancer fail with TLS 1.3 of the proxy. Set ingressPortOverride to a free port, so that the load balancer reaches the container itself.',
      "serviceConnect.services[0].ingressPortOverride must not be a port of a container of the task; received 80. Use another port.",
      `serviceConnect.services[0].discoveryName must have at most 64 characters; received "web-${"m".repeat(64)}". Set a shorter one, or shorten the name of the port.`],
    [thrown(() => {
      const stack = emptyStack();
      const cluster = clusterTarget();
      for (const name of ["a", "b"]) new ServiceConnectNamespace(stack, name, { cluster, name });
    }),
      'name must not be set: the cluster already has the namespace test/a; received "b". Use that namespace for every service.'],
    [service({ scaling: { maxCapacity: 4, cpuPercent: 0, requestsPerTarget: 0, scaleInCooldownSeconds: -1 } }),
      "scaling.cpuPercent must be a whole number from 1 to 100 (percent); received 0. With 60, running tasks have room while new ones start.",
      "scaling.requestsPerTarget must be a whole number from 1 to 1000000 (requests per minute); received 0. For example 600.",
      "scaling.scaleInCooldownSeconds must be a whole number from 0 to 3600 (seconds); received -1. Remove it for the default.",
      "scaling.requestsPerTarget must not be set for a service without a route; received 0. Set paths, hosts or routes, or remove it."],
    [service({ scaling: { minCapacity: 0, maxCapacity: 0, cpuPercent: 60 } }),
      "scaling.maxCapacity must be a whole number from 1 to 5000 (tasks); received 0. For example 4.",
      "scaling.minCapacity must be at least 1 with cpuPercent, memoryPercent or requestsPerTarget alone; received 0. A service without tasks has no load, so it would never start again. Set 1, or add targetTracking, stepScaling or schedules."],
    [service({ scaling: { minCapacity: 4, maxCapacity: 2 } }),
      "scaling.maxCapacity must not be below minCapacity, which is 4; received 2. Raise it, or lower minCapacity.",
      "scaling.cpuPercent must be set, or memoryPercent, requestsPerTarget, targetTracking, stepScaling, schedules or predictiveScaling; received nothing. For example 60. Otherwise nothing changes the number of tasks."],
    [service({ ignoreDesiredCount: false, scaling: { maxCapacity: 2, cpuPercent: 60 } }),
      "ignoreDesiredCount must not be false with scaling; received false. Remove it. Scaling changes the number of tasks, and an apply would set it back."],
    [service({ scaling: { maxCapacity: 2, targetTracking: { "Bad Name": { targetValue: 1, metric: VISIBLE }, a: { targetValue: 0, metric: { namespace: "", metricName: "", dimensions: { "": "" }, statistic: "mean", unit: "" } }, b: { targetValue: 1 }, c: { targetValue: 1, metric: VISIBLE, expression: "" }, d: { targetValue: 1, usingMetrics: { Tasks: VISIBLE, result: VISIBLE } } } } }),
      'scaling.targetTracking["Bad Name"] must have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter; received "Bad Name". The name is part of a Terraform address.',
      'scaling.targetTracking.a.metric.namespace must be a namespace of 1 to 255 ASCII characters; received "". For example AWS/SQS.',
      'scaling.targetTracking.a.metric.metricName must be the name of a metric of 1 to 255 ASCII characters; received "". For example ApproximateNumberOfMessagesVisible.',
      'scaling.targetTracking.a.metric.dimensions[""] must be a name of 1 to 255 ASCII characters; received "". For example QueueName.',
      `scaling.targetTracking.a.metric.dimensions[""] must be a value of 1 to 255 ASCII characters; received "". List the metric's dimensions: aws cloudwatch list-metrics`,
      'scaling.targetTracking.a.metric.statistic must be a statistic of CloudWatch; received "mean". For example Average, Maximum, Sum or p99.',
      'scaling.targetTracking.a.metric.unit must be a unit of 1 to 255 ASCII characters; received "". For example Count. Remove it if the metric has one unit.',
      "scaling.targetTracking.a.targetValue must be above 0; received 0. For example 100.",
      'scaling.targetTracking.b.metric must be set, or expression with usingMetrics; received nothing. For example { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible" }.',
      'scaling.targetTracking.c.expression must be 1 to 2048 characters long; received "". Shorten it.',
      'scaling.targetTracking.c.expression must not be set with metric; received "". Add the metric to usingMetrics, and remove metric.',
      "scaling.targetTracking.c.usingMetrics must be set with expression; received nothing. An expression and its metrics belong together.",
      'scaling.targetTracking.d.usingMetrics.Tasks must have a name of 1 to 64 letters, digits and underscores that starts with a lower-case letter; received "Tasks". The expression uses the name.',
      'scaling.targetTracking.d.usingMetrics.result must not be result; received "result". This name is the value of the expression.',
      "scaling.targetTracking.d.expression must be set with usingMetrics; received nothing. An expression and its metrics belong together."],
    [service({ scaling: { maxCapacity: 2, targetTracking: { a: { targetValue: 1, expression: "n0", usingMetrics: named(11, VISIBLE) }, b: { targetValue: 1, metric: { ...VISIBLE, dimensions: named(31, "x") } } } } }),
      "scaling.targetTracking.a.usingMetrics must have at most 10 entries; received 11. An alarm compares at most ten metrics.",
      'scaling.targetTracking.b.metric.dimensions must have at most 30 dimensions; received {"n0": "x", "n1": "x", "n2": "x", "n3": "x", "n4": "x", "n5": "x", "n6": "x", "n…. A metric has at most 30: aws cloudwatch list-metrics'],
    [service({ scaling: { maxCapacity: 2, stepScaling: { a: { metric: VISIBLE, threshold: 1, stepAdjustments: [], periodSeconds: 45, evaluationPeriods: 0 }, b: { metric: VISIBLE, threshold: 1, adjustmentType: "ExactCapacity", evaluationPeriods: 2, datapointsToAlarm: 3, minAdjustmentMagnitude: 1, stepAdjustments: [{ metricIntervalLowerBound: 1, metricIntervalUpperBound: 1, scalingAdjustment: -1 }] }, c: { metric: VISIBLE, threshold: 1, minAdjustmentMagnitude: 0, stepAdjustments: [{ metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 }, { metricIntervalLowerBound: 20, scalingAdjustment: 9999 }] }, d: { metric: VISIBLE, threshold: 1, stepAdjustments: [{ metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 }] }, e: { metric: VISIBLE, threshold: 1, comparisonOperator: "LessThanThreshold", stepAdjustments: [{ metricIntervalLowerBound: -10, metricIntervalUpperBound: 0, scalingAdjustment: -1 }] }, f: { metric: VISIBLE, threshold: 1, stepAdjustments: [{ metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 }, { metricIntervalLowerBound: 20, scalingAdjustment: 2 }] } } } }),
      "scaling.stepScaling.a.stepAdjustments must have 1 to 20 steps; received 0. For example [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }].",
      "scaling.stepScaling.a.periodSeconds must be 10, 20, 30 or a multiple of 60 up to 86400 (seconds); received 45. For example 60.",
      "scaling.stepScaling.a.evaluationPeriods must be a whole number from 1 to 1440 (periods); received 0. For example 3.",
      "scaling.stepScaling.b.stepAdjustments[0].metricIntervalUpperBound must be above metricIntervalLowerBound, which is 1; received 1. Raise it, or remove it for no limit.",
      'scaling.stepScaling.b.stepAdjustments must have a step without metricIntervalUpperBound; received [{"metricIntervalLowerBound": 1, "metricIntervalUpperBound": 1, "scalingAdjustme…. The metric can be at any distance above the threshold. Remove metricIntervalUpperBound of the last step.',
      "scaling.stepScaling.b.stepAdjustments[0].scalingAdjustment must not be negative with ExactCapacity; received -1. It is the number of tasks.",
      "scaling.stepScaling.b.minAdjustmentMagnitude must not be set without PercentChangeInCapacity; received 1. Remove it. scalingAdjustment says how many tasks change.",
      "scaling.stepScaling.b.datapointsToAlarm must not be above evaluationPeriods, which is 2; received 3. Lower it, or raise evaluationPeriods.",
      "scaling.stepScaling.c.stepAdjustments[1].scalingAdjustment must be a whole number from -5000 to 5000 (tasks or percent); received 9999. For example 2.",
      "scaling.stepScaling.c.minAdjustmentMagnitude must be a whole number from 1 to 5000 (tasks); received 0. For example 2.",
      'scaling.stepScaling.c.stepAdjustments must have intervals that neither overlap nor have gaps; received [{"metricIntervalLowerBound": 0, "metricIntervalUpperBound": 10, "scalingAdjustm…. Each metricIntervalUpperBound is the metricIntervalLowerBound of the next step.',
      'scaling.stepScaling.d.stepAdjustments must have a step without metricIntervalUpperBound; received [{"metricIntervalLowerBound": 0, "metricIntervalUpperBound": 10, "scalingAdjustm…. The metric can be at any distance above the threshold. Remove metricIntervalUpperBound of the last step.',
      'scaling.stepScaling.e.stepAdjustments must have a step without metricIntervalLowerBound; received [{"metricIntervalLowerBound": -10, "metricIntervalUpperBound": 0, "scalingAdjust…. The metric can be at any distance below the threshold. Remove metricIntervalLowerBound of the last step.',
      'scaling.stepScaling.f.stepAdjustments must have intervals that neither overlap nor have gaps; received [{"metricIntervalLowerBound": 0, "metricIntervalUpperBound": 10, "scalingAdjustm…. Each metricIntervalUpperBound is the metricIntervalLowerBound of the next step.'],
    [service({ scaling: { maxCapacity: 2, schedules: { a: { schedule: "cron(0 8 * * *)", timeZone: "seoul" }, b: { schedule: "rate(1 days)", minCapacity: 3, maxCapacity: 2 } } } }),
      'scaling.schedules.a.schedule must be cron(minute hour day-of-month month day-of-week year), rate(number unit) or at(yyyy-mm-ddThh:mm:ss); received "cron(0 8 * * *)". For example "cron(0 20 ? * MON-FRI *)", which is 8 p.m. on weekdays. One of the two days is ?.',
      'scaling.schedules.a.timeZone must be the IANA name of a time zone; received "seoul". Did you mean "Asia/Seoul"?',
      "scaling.schedules.a.minCapacity must be set, or maxCapacity; received nothing. A schedule changes at least one limit.",
      'scaling.schedules.b.schedule must be cron(minute hour day-of-month month day-of-week year), rate(number unit) or at(yyyy-mm-ddThh:mm:ss); received "rate(1 days)". For example "cron(0 20 ? * MON-FRI *)", which is 8 p.m. on weekdays. One of the two days is ?.',
      "scaling.schedules.b.maxCapacity must not be below minCapacity, which is 3; received 2. Raise it, or lower minCapacity."],
    [service({ scaling: { maxCapacity: 2, predictiveScaling: "yes", suspendedState: { scheduledScalingSuspended: 1 } } }),
      'scaling.predictiveScaling must be an object of JSON; received "yes". Write it in braces: { name: value }.',
      "scaling.suspendedState.scheduledScalingSuspended must be true or false; received 1. Write it without quotes."],
    [of(serviceScalingPropsSchema, { cluster: withoutLoadBalancer, serviceName: "a b", maxCapacity: 2, requestsPerTarget: 100 }),
      'serviceName must be the name of an ECS service; received "a b". It has 1 to 255 letters, digits, hyphens and underscores.',
      "requestsPerTarget must not be set without targetGroupArnSuffix; received 100. Set targetGroupArnSuffix to the arnSuffix of the target group, or use cpuPercent.",
      "requestsPerTarget must not be set for a cluster without a load balancer; received 100. Give the cluster a load balancer, or use cpuPercent."],
    [service({ containerPort: 80, routes: { Admin: { paths: ["/a"] } }, desiredCount: -1, minimumHealthyPercent: 101, maximumPercent: 99, priority: 1 }),
      'routes.Admin must have a name of 1 to 32 lower-case letters, digits and underscores that starts with a letter; received "Admin". Rename the route. The address of its rule ends with the name.',
      "desiredCount must be a whole number from 0 to 5000 (tasks); received -1. For example 2.",
      "minimumHealthyPercent must be a whole number from 0 to 100 (percent); received 101. With 50, a deployment replaces half of the tasks at a time.",
      "maximumPercent must be a whole number from 100 to 200 (percent); received 99. With 200, a deployment starts new tasks before the old ones stop.",
      "priority must not be set without a condition such as paths; received 1. Set paths or hosts, or set the priority of a route in routes."],
    [service({ containerPort: 80, routes: { rule: { paths: ["/a"] } }, command: [...Token.asList(TOKEN), "a"] }),
      "command[0] must be a string; received a token. Use Fn.concat([token, [value]]) in place of [...token, value].",
      'routes.rule must not be named rule, nor start with rule_; received "rule". Rename the route. The rule of another service can have the same address.'],
    [service({ user: "${TfToken[TOKEN.99999]}" }), "user must contain only tokens of this app; received another token. Write the value itself instead of a token."],
    [service({ serviceName: text(28) }), 'serviceName must have at most 32 characters together with the cluster\'s name; received "prod-xxxxxxxxxxxxxxxxxxxxxxxxxxxx". Shorten it: the names of the service\'s roles start with both.'],
    [service({ sidecars: times(10, (n) => ({ name: `a${n}`, image: "a" })) }), "sidecars must have at most 9 containers; received 10. A task has at most 10 containers. Create another service for the rest."],
    [service({ paths: ["/a"], cluster: withoutLoadBalancer }),
      "containerPort must be set for a service with a route; received nothing. Use the port that the process in the container listens on.",
      "cluster.loadBalancer must be set for a service with a route; received nothing. Give the cluster a load balancer, or remove paths, hosts and routes."],
    [service({ healthCheck: {}, scaling: { maxCapacity: 2, requestsPerTarget: 1 }, serviceConnect: { namespace: "a", dnsName: "a" }, readonlyRootFilesystem: true, enableExecuteCommand: true }),
      "healthCheck must not be set for a service without a route; received {}. Set paths, hosts or routes, or remove it. Docker's own check is containerHealthCheck.",
      "scaling.requestsPerTarget must not be set for a service without a route; received 1. Set paths, hosts or routes, or remove it.",
      'serviceConnect.dnsName must not be set for a service without containerPort; received "a". Set containerPort, or remove it: the service then only calls other services.',
      "readonlyRootFilesystem must not be true with enableExecuteCommand; received true. ECS Exec writes to the container's file system. Remove one of the two."],
    [service({ desiredCount: 3, scaling: { maxCapacity: 2, cpuPercent: 60 } }), "desiredCount must be from minCapacity to maxCapacity of scaling, which are 1 and 2; received 3. Remove it: scaling starts at minCapacity."],
    [service({ minimumHealthyPercent: 100, maximumPercent: 100 }), "maximumPercent must let a deployment stop or start a task; received 100. With a desiredCount of 1 and a minimumHealthyPercent of 100, ECS can do neither. Set it to 200, or lower minimumHealthyPercent."],
    [service({ steadyStateTimeoutMinutes: 0 }), "steadyStateTimeoutMinutes must be a whole number from 1 to 1440 (minutes); received 0. For example 60."],
    [service({ daemon: true, desiredCount: 2, maximumPercent: 200, minimumHealthyPercent: 100 }),
      "desiredCount must not be set with daemon; received 2. Remove it. A daemon runs one task on each instance.",
      "maximumPercent must be 100 with daemon; received 200. Remove it: an instance never runs two tasks of a daemon.",
      "minimumHealthyPercent must be below 100 with daemon; received 100. Remove it: the old task of a daemon stops before the new one starts."],
    [service({ cluster: mixed(), capacityProviderStrategies: [{ capacityProvider: "rockt" }] }), 'capacityProviderStrategies[0].capacityProvider must be a capacity provider of the cluster; received "rockt". Did you mean "rocket"?'],
    [service({ cluster: mixed(), ...EFS, capacityProviderStrategies: [{ capacityProvider: "rocket" }] }), 'capacityProviderStrategies[0].capacityProvider must be a capacity provider whose instances can mount EFS, for volumes.data; received "rocket". Bottlerocket cannot mount EFS with encryption. Use linux.'],
    [service({ cluster: mixed([ROCKET]), ...EFS }), 'volumes.data.fileSystem must not be set on a cluster with only Bottlerocket instances, which cannot mount EFS with encryption; received "fs-0123456789abcdef0". Give the cluster a capacity provider with amazon-linux-2023.'],
    [service({ cluster: { ...mixed(), defaultStrategy: [{ capacityProvider: "cp-rocket" }] }, ...EFS }), "capacityProviderStrategies must be set for volumes.data, because the cluster's default strategy has only Bottlerocket instances; received nothing. Bottlerocket cannot mount EFS with encryption. Use linux."],
    [service({ cluster: mixed(), privileged: true, capacityProviderStrategies: [{ capacityProvider: "rocket" }] }), 'capacityProviderStrategies[0].capacityProvider must be a capacity provider whose instances can run privileged containers, for privileged; received "rocket". Bottlerocket needs the setting bottlerocket.settings.ecs["allow-privileged-containers"] for this. Amazon Linux allows it without ECS_DISABLE_PRIVILEGED in agent.variables. Use linux.'],
    [service({ cluster: mixed([ROCKET]), privileged: true }), 'privileged must not be set on a cluster whose instances cannot run privileged containers; received true. With Bottlerocket, set bottlerocket.settings.ecs["allow-privileged-containers"] to true. With Amazon Linux, remove ECS_DISABLE_PRIVILEGED from agent.variables.'],
    [service({ cluster: { ...mixed(), defaultStrategy: [{ capacityProvider: "cp-rocket" }] }, privileged: true }), "capacityProviderStrategies must be set for privileged, because no instance of the cluster's default strategy can run privileged containers; received nothing. Bottlerocket needs the setting bottlerocket.settings.ecs[\"allow-privileged-containers\"] for this. Amazon Linux allows it without ECS_DISABLE_PRIVILEGED in agent.variables. Use linux."],
    [service({ ...AWSVPC, securityGroupIds: ["a", "b", "c", "d"].map((end) => `sg-0123456789abcdef${end}`) }),
      'securityGroupIds must have 0 to 3 different security groups; received ["sg-0123456789abcdefa", "sg-0123456789abcdefb", "sg-0123456789abcdefc", "sg-012…. Name each once. A task has at most 5, and this library adds up to two.'],
    [warned(() => {
      const stack = clusterStack({});
      new Ec2Service(stack, "users", { cluster: stack, networkMode: "awsvpc" });
      return stack;
    }),
      "The tasks of users have no public address in awsvpc mode. From the public subnets of the cluster they cannot reach the internet, APIs of AWS or ECS Exec, unless the VPC has endpoints for them. Set subnetIds to subnets with a NAT gateway, or use networkMode bridge. See docs/containers.md."],
    [warned(() => {
      const stack = emptyStack();
      const vpc = { vpcId: "vpc-0123456789abcdef0", instanceSubnetIds: ["subnet-0123456789abcdef0"] };
      const cluster = { ...clusterTarget(), vpc };
      new Ec2Service(stack, "users", { cluster, networkMode: "awsvpc", logging: LogDriver.fireLens() });
      return stack;
    }),
      "The tasks of users have no public address in awsvpc mode. If the subnets of the cluster are public, they cannot reach the internet, APIs of AWS or ECS Exec, unless the VPC has endpoints for them. The log router sends its output through the same network, and loses what it cannot send. Set subnetIds to subnets with a NAT gateway, or use networkMode bridge. See docs/containers.md."],
    [warned(() => {
      const stack = clusterStack({ spot: true });
      new Ec2Service(stack, "users", { cluster: stack, containerPort: 80, paths: ["/a"], deregistrationDelaySeconds: 300 });
      new Ec2Service(stack, "worker", { cluster: stack, stopTimeoutSeconds: 120 });
      return stack;
    }),
      "deregistrationDelaySeconds (300) and stopTimeoutSeconds (30) together must leave time on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower them.",
      "stopTimeoutSeconds (120) must leave time on a Spot instance, which ends 120 seconds after its notice. Otherwise containers are killed before they finish. Lower it."],
    [thrown(() => ofTask({ cpu: 256, image: "a:1" })), "taskDefinition must not be set with cpu, image; received an instance of TaskDefinition. Set these in the TaskDefinition."],
    [thrown(() => ofTask({ taskDefinition: "arn" as never })), 'taskDefinition must be a TaskDefinition; received "arn". Use new TaskDefinition(…).'],
    [thrown(() => ofTask({ cluster: clusterTarget(), paths: ["/*"] })),
      "taskDefinition must be on the cluster of the service; received an instance of TaskDefinition. Set cluster of both to the same cluster.",
      "taskDefinition must have a container with containerPort for a service with a route; received an instance of TaskDefinition. Set containerPort of a container."],
    [thrown(() => ofTask({ serviceConnect: { namespace: "internal" } }, { containerPort: 80 })), "taskDefinition must have a portName for its port with serviceConnect; received an instance of TaskDefinition. Set portName of the container."],
    [thrown(() => new Ec2Service(emptyStack(), 1 as never, { cluster: clusterTarget() })), 'id must be a string; received 1. For example "users".'],
    [thrown(() => new Ec2Service(emptyStack(), "toString", { cluster: clusterTarget() })), 'id must be unused; received "toString", which every scope has. Use another id.'],
    [thrown(() => {
      const stack = emptyStack();
      for (const id of ["a-b", "a-b"]) new Ec2Service(stack, id, { cluster: clusterTarget() });
    }),
      'id must be unused; received "a-b", which Ec2Service "test/a-b" has. Use another id, and set serviceName: "a-b".'],
    [thrown(() => new Ec2Service(emptyStack(), "backend", { cluster: clusterTarget() })), 'id must be unused; received "backend", which the stack\'s backend has. Use another id, and set serviceName: "backend".'],
    [thrown(() => {
      const stack = emptyStack();
      for (const id of ["a-b", "a_b"]) new Ec2Service(stack, id, { cluster: clusterTarget(), serviceName: id === "a-b" ? "x" : "y" });
    }),
      'id must have Terraform addresses that no other service of the stack has; received "a_b". Use another id, and set serviceName: "y".'],
    [thrown(() => {
      const cluster = clusterTarget();
      for (const id of ["one", "two"]) new Ec2Service(emptyStack(id), "users", { cluster });
    }),
      'serviceName must be unique on the cluster; received "users". one/users has this name too. Use another name for one of the two.'],
  ],
  observability: [
    [of(alarmsPropsSchema, { name: "prod", cluster: parts().cluster, capacityProvider: "cp", loadBalancer: "alb", topicArn: "topic", reservationPercent: 0, serverErrors: -1 }),
      'capacityProvider must be a capacity provider; received "cp". Use an AsgCapacityProvider.',
      'loadBalancer must be a load balancer; received "alb". Use an ApplicationLoadBalancer construct.',
      'topicArn must be the ARN of an SNS topic that is not a FIFO topic; received "topic". List your topics: aws sns list-topics',
      "reservationPercent must be a whole number from 1 to 100 (percent); received 0. For example 90.",
      "serverErrors must be a whole number from 0 to 1000000 (responses in 5 minutes); received -1. For example 10."],
    [cluster({ alarms: true, values: { alarmTopicArn: "arn:aws:sns:us-east-1:111122223333:a" } }), 'values.alarmTopicArn must be the ARN of a topic in the cluster\'s region; received "arn:aws:sns:us-east-1:111122223333:a". Alarms and events can only use topics of their own region. Create a topic there.'],
  ],
  stacks: [
    [cluster({ retain: ["aws_lb.a", "aws_lb.a"] }), 'retain must have 0 to 500 different addresses; received ["aws_lb.a", "aws_lb.a"]. Remove the repeated address.'],
    [cluster({ retain: ["data.aws_vpc.vpc"] }),
      'retain[0] must be the address of a resource, without an instance key; received "data.aws_vpc.vpc". For example "aws_efs_file_system.files". List the addresses: terraform state list.'],
    [warned(() => {
      const stack = clusterStack({ retain: ["aws_efs_file_system.files"] });
      stack.prepareStack();
      return stack;
    }), "retain has aws_efs_file_system.files, which is not in the stack. If you removed it from the code, the next apply removes it from the state, and AWS keeps it. Then remove the address from retain. Otherwise, correct the address."],
    [cluster({ backend: {} }), "backend.local must be set, or s3; received nothing. Set one of the two."],
    [cluster({ backend: { local: "/state", s3: { bucket: "states", region: "eu-west-1", key: "${a}", kmsKeyId: "my key" } } }),
      'backend.local must be relative; received "/state". Write a path from the folder where Terraform runs, cdktf.out/stacks/<stack id>. An absolute path fits only one machine.',
      'backend.s3.key must be text without $ and %; received "${a}". Write plain text. Terraform evaluates no expressions in a backend.',
      'backend.s3.kmsKeyId must be the ID or the ARN of a KMS key; received "my key". List them: aws kms list-keys.',
      'backend.local must not be set with s3; received "/state". Remove one of the two.'],
    [cluster({ backend: { s3: { bucket: "states", region: "eu-west-1", key: "/a" } } }), 'backend.s3.key must not start with /; received "/a". For example prod/terraform.tfstate.'],
    [cluster({ values: { tags: { "aws:a": "b", "": text(257), "a!": "b!", name: "x" } } }),
      'values.tags must have keys of 1 to 128 characters; received [""]. Rename these keys.',
      'values.tags must have keys with only letters, digits, spaces and _ . : / = + - @; received ["a!"]. Rename these keys.',
      'values.tags must have no key that starts with aws:; received ["aws:a"]. AWS reserves this prefix. Rename these keys.',
      'values.tags must have values of at most 256 characters; received ["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…. Shorten these values.',
      'values.tags must have values with only letters, digits, spaces and _ . : / = + - @; received ["b!"]. Rewrite these values.',
      'values.tags must have no keys that differ only in case from each other, or from AmazonECSManaged, Cluster, Name, Purpose of this stack; received ["name"]. Rename one of each pair. IAM ignores the case of keys.'],
    [cluster({ values: { tags: named(46, "a") } }), "values.tags must have at most 45 tags; received 46. AWS allows 50 for each resource, and the stack adds some."],
    [cluster({ values: { subnetIds: ["subnet-01234567"], keyName: "me" } }),
      'values.subnetIds must be used with vpcId; received ["subnet-01234567"]. Set vpcId too, or remove values.subnetIds.',
      'values.keyName must be used with keyPair "existing"; received "me". Set keyPair "existing" too, or remove values.keyName.'],
    [cluster({ amiFamily: "bottlerocket", bottlerocket: { adminContainer: false, settings: { "host-containers": { control: { enabled: false } } } } }),
      'bottlerocket.adminContainer must be true with a key pair; received false. SSH connects to the admin container. Set keyPair to "none", or remove it.',
      "bottlerocket.settings.host-containers.control.enabled must be true with sessionManager; received false. Session Manager connects to the control container. Set sessionManager to false, or remove it."],
    [thrown(() => {
      const app = testApp();
      for (const id of ["one", "two"]) new EcsClusterStack(app, id);
    }),
      'values.name must be different from every other cluster\'s in the region; received "ecs" in ap-northeast-2, like stack "one". Set another values.name or values.region.'],
  ],
};

/** A stack, and messages of its Terraform JSON, each with the resource that carries it. Terraform fills in `<…>`. */
type StackRow = readonly [stack: () => TerraformStack, ...expected: (readonly [resource: string, message: string])[]];

const NIGHT = { recurrence: "0 20 * * *" };

// biome-ignore format: a page with one message per line
const TERRAFORM: readonly StackRow[] = [
  [() => clusterStack(),
    ["data.aws_subnets.vpc_subnets", "There is no default VPC in <region>. Create one, which costs nothing: aws ec2 create-default-vpc --region <region>. Or set vpcId to use another VPC."],
    ["data.aws_ssm_parameter.image", "instance_types must be instance types that EC2 offers in <region>; received <…>. List them: aws ec2 describe-instance-type-offerings --region <region> --query InstanceTypeOfferings[].InstanceType"],
    ["data.aws_ssm_parameter.image", "instance_types must be of one architecture, because one AMI serves all of them; received <…>. Keep the types of one architecture."],
    ["data.aws_ssm_parameter.image", "instance_types must all have NVIDIA GPUs, or none, because one AMI serves all of them; received <…>. Keep the types of one kind."],
    ["data.aws_ssm_parameter.image", "instance_types must all have Neuron devices, or none, because one AMI serves all of them; received <…>. Keep the types of one kind."],
    ["data.aws_ssm_parameter.image", "amazon-linux-2023 has no ECS-optimized AMI for arm64 with GPUs; instance_types are <…>. Choose x86 types with GPUs, or Bottlerocket."],
    ["data.aws_ssm_parameter.image", "ami_version must be of the instances' architecture, <…>; received <ami_version>. Pin a version whose name ends with it, or choose other instance types."],
    ["aws_key_pair.key_pair", "ssh_public_key must not be a private key. The value given is not shown. Create another key pair, because this private key can be stored in logs by now. Use the public key: the text of the .pub file."],
    ["aws_key_pair.key_pair", "ssh_public_key must be one line of OpenSSH text, ssh-ed25519 or ssh-rsa. The value given is not shown. EC2 accepts no other kinds. Use the text of the .pub file. ssh-keygen -t ed25519 creates one, and ssh-keygen -i converts other formats."],
    ["aws_launch_template.launch_template", "The user data must not be longer than 16384 bytes, the most that EC2 accepts. Download long content from S3 instead."],
    ["aws_autoscaling_group.capacity", "No subnet is in a zone that offers any of <…>: the subnets are in <…>, and the types are offered in <…>. Choose other instance_types."],
    ["aws_security_group.port_rules_load_balancer", "The load balancer of <name> is in <…>, and AWS cannot move it to <…>. Use the earlier VPC. To leave it, create a cluster with another name in the new VPC. Or change name too, which replaces this cluster with a gap."],
    ["aws_lb.load_balancer", "The load balancer needs exactly one subnet in each zone; received <…> subnets in <…>. Set subnet_ids to one subnet of each zone."],
    ["aws_lb.load_balancer", "The load balancer needs subnets in at least two zones; received subnets in <…> only. Create the missing default subnet (aws ec2 create-default-subnet --availability-zone ZONE), or remove the load balancer (loadBalancer: false)."],
    ["check.instances_registered", "<…> of at least <min_size> container instances have joined the cluster <…>. This is normal for a few minutes after the first apply. Otherwise, run the command in the output agent_log_command, which shows the log of the ECS agent. For AccessDeniedException, check that the instance role has the policy AmazonEC2ContainerServiceforEC2Role. For a timeout, check that the instances can reach ECS: with a public address and a route to the internet, or with VPC endpoints of ECS."],
  ],
  [() => {
    const stack = clusterStack();
    new Ec2Service(stack, "web", { cluster: stack, networkMode: "awsvpc", runtimePlatform: { cpuArchitecture: "ARM64" } });
    new Ec2Service(stack, "db", { cluster: stack, portMappings: [{ containerPort: 80, hostPort: 8080 }] });
    return stack;
  },
    ["aws_ecs_service.web", "The tasks of web must have 1 to 16 subnets in awsvpc mode; received <…>. Set subnetIds of the service."],
    ["aws_ecs_service.web", "The tasks of web need instances with the architecture arm64; received <…>. Change instance_types, or cpuArchitecture of runtimePlatform."],
    ["aws_ecs_service.web", "A task of web needs <…> network interface, more than an instance has for tasks: <…> (the most of the type, less the instance's own). Choose larger instance_types, or use networkMode bridge. With awsvpcTrunking, types such as m5.large, c6g.large and r7i.large have 10. No t2, t3 or t4g type supports it. For another type that supports it, set capacityGuards to false."],
    ["aws_ecs_service.web", "The services need <…> network interfaces while they are deployed (web <…> x 1), more than the <…> that <max_size> instances have for tasks: <…> (the most of the type, less the instance's own). Raise max_size, choose larger instance_types, or lower the number of tasks in awsvpc mode. With awsvpcTrunking, types such as m5.large, c6g.large and r7i.large have 10. No t2, t3 or t4g type supports it. For another type that supports it, set capacityGuards to false."],
    ["aws_ecs_service.db", "Port 8080/tcp of the instances of db needs <…> instances while the service is deployed, more than max_size, which is <max_size>. Raise max_size, or lower the number of tasks or minimumHealthyPercent."],
  ],
  [() => {
    const stack = emptyStack();
    new ExistingLoadBalancer(stack, "shared", { cluster: clusterTarget(), listenerArn: LISTENER });
    return stack;
  },
    ["data.aws_lb.shared", "The load balancer <…> is in <…>, and the instances of the cluster are in vpc-0123456789abcdef0. A load balancer reaches instances of its own VPC only. Use a load balancer of that VPC."],
  ],
  [() => clusterStack({ loadBalancer: { dualStack: true } }),
    ["aws_lb.load_balancer", "A load balancer with dualStack needs an IPv6 network in each subnet; received none in <…>. Associate an IPv6 network with each of them (aws ec2 associate-vpc-cidr-block --amazon-provided-ipv6-cidr-block, then aws ec2 associate-subnet-cidr-block), or set dualStack to false."],
  ],
  [() => clusterStack({ privateSubnets: true, loadBalancer: { internal: true, dualStack: true } }),
    ["aws_lb.load_balancer", "An internal load balancer needs private subnets in at least two zones; received subnets in <…> only. Add a subnet of another zone to private_subnet_ids, or remove the load balancer (loadBalancer: false)."],
    ["aws_lb.load_balancer", "A load balancer with dualStack needs an IPv6 network in each private subnet; received none in <…>. Associate an IPv6 network with each of them (aws ec2 associate-vpc-cidr-block --amazon-provided-ipv6-cidr-block, then aws ec2 associate-subnet-cidr-block), or set dualStack to false."],
  ],
  [() => {
    const stack = clusterStack({ vpcId: "vpc-0123456789abcdef0", privateSubnets: true, customerKey: true, capacityProviders: { main: {}, rocket: { amiFamily: "bottlerocket" } } });
    new Ec2Service(stack, "users", { cluster: stack, ecrRepository: true, ...EFS, capacityProviderStrategies: [{ capacityProvider: "cp-x" }] });
    new Ec2Service(stack, "train", { cluster: stack, desiredCount: 2, maximumPercent: 100, gpuCount: 1, neuronDeviceCount: 1, privileged: hcl`true` as never, placementConstraints: [{ type: "distinctInstance" }] });
    new Ec2Service(stack, "log", { cluster: stack, daemon: true, taskCpu: hcl`length(${["a"]})`.number, pullThroughCache: true, containerHealthCheck: { command: Token.asList(stack.variables.variable("tags").value) }, enableExecuteCommand: true, readonlyRootFilesystem: hcl`true` as never, environment: hcl`{}`.map, secrets: { A: Secret.fromSsmParameter("/a") } });
    return stack;
  },
    ["data.aws_subnets.vpc_subnets", "There is no VPC <vpc_id> in <region>. Set vpc_id to one of: aws ec2 describe-vpcs --region <region> --query Vpcs[].VpcId"],
    ["data.aws_subnets.vpc_subnets", "The VPC <…> does not have these subnets of subnet_ids: <…>. List its subnets: aws ec2 describe-subnets --region <region> --filters Name=vpc-id,Values=<…>"],
    ["data.aws_subnets.vpc_private_subnets", "The VPC <…> does not have these subnets of private_subnet_ids: <…>. List its subnets: aws ec2 describe-subnets --region <region> --filters Name=vpc-id,Values=<…>"],
    ["data.aws_ssm_parameter.rocket_image", "bottlerocket has no ECS-optimized AMI for Neuron devices; rocket_instance_types are <…>. Choose amazon-linux-2023, or other types."],
    ["aws_kms_key.encryption_key", "This account has no role AWSServiceRoleForAutoScaling, which the key's policy must name. Create it: aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com"],
    ["aws_iam_role.users_task_definition_execution_role", "The names of the cluster and the service together, <…>-users, must be at most 32 characters long; received <…>. Shorten the service's name. The names of its roles start with both names and have at most 64 characters."],
    ["aws_ecs_cluster_capacity_providers.capacity_association", "max_size of all capacity providers together must be at most 5000, the limit of a cluster; received <…>. Lower one of them, or use another cluster."],
    ["aws_iam_role_policy.log_task_definition_execution_role_policy", "The image must be in a private registry of ECR with pullThroughCache; received <log_image>. Write the registry and the prefix of the cache rule before the name, such as 111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/docker-hub/library/nginx:1.27."],
    ["aws_ecs_task_definition.log_task_definition", 'The command of the health check of container log must be ["CMD-SHELL", command] or ["CMD", program, ...arguments]; received <…>. For example ["CMD-SHELL", "curl -f http://localhost/ || exit 1"].'],
    ["aws_ecs_task_definition.log_task_definition", "readonlyRootFilesystem of container log must not be true with enableExecuteCommand; received true. ECS Exec writes to the container's file system. Remove one of the two."],
    ["aws_ecs_task_definition.log_task_definition", "environment of container log must have no name that secrets has; received <…>. Remove one of the two."],
    ["aws_ecs_task_definition.log_task_definition", "taskCpu of log must be at least the cpu of its containers, which is <…>; received <…>. Raise it, or lower the sizes of the containers."],
    ["aws_ecs_service.users", "capacityProviderStrategies must name capacity providers whose instances can mount EFS, for volumes.data; received <…>. Bottlerocket cannot mount EFS with encryption. Use main."],
    ["aws_ecs_service.log", "A task of log needs <log_memory_limit_mib> MiB of memory, more than an instance has for tasks: <…> (92 % of the nominal memory, which is about what ECS registers, less 0 MiB of ECS_RESERVED_MEMORY). Lower memoryLimitMiB, or choose larger instance_types."],
    ["aws_ecs_service.log", "A task of log needs <…> CPU units, more than an instance has for tasks: <…> (1024 for each vCPU). Lower cpu, or choose larger instance_types."],
    ["aws_ecs_service.train", "A task of train needs <…> MiB of memory with the daemons that each instance runs (log), more than an instance has for tasks: <…> (92 % of the nominal memory, which is about what ECS registers, less 0 MiB of ECS_RESERVED_MEMORY). Lower memoryLimitMiB, or choose larger instance_types."],
    ["aws_ecs_service.train", "A task of train needs <…> GPU, more than an instance has for tasks: <…> (the NVIDIA GPUs of the type). Lower gpuCount, or name a capacity provider whose types have enough in capacityProviderStrategies."],
    ["aws_ecs_service.train", "A task of train needs <…> Neuron device, more than an instance has for tasks: <…> (the Neuron devices of the type). Lower neuronDeviceCount, or name a capacity provider whose types have enough in capacityProviderStrategies."],
    ["aws_ecs_service.train", "The services need <…> MiB of memory while they are deployed (train <…> x <train_memory_limit_mib> + log <…> x <log_memory_limit_mib>), more than the <…> that <…> instances have for tasks: <…> (92 % of the nominal memory, which is about what ECS registers, less 0 MiB of ECS_RESERVED_MEMORY). Raise max_size, choose larger instance_types, or lower memoryLimitMiB or the number of tasks."],
    ["aws_ecs_service.train", "The services need <…> CPU units while they are deployed (train <…> x <train_cpu> + log <…> x <…>), more than the <…> that <…> instances have for tasks: <…> (1024 for each vCPU). Raise max_size, choose larger instance_types, or lower cpu or the number of tasks."],
    ["aws_ecs_service.train", "maximumPercent of train must let a deployment stop or start a task; received <…>. With <train_desired_count> tasks and a minimumHealthyPercent of <…>, ECS can do neither. Set it to 200, or lower minimumHealthyPercent."],
    ["aws_ecs_service.train", "The services need <…> GPUs while they are deployed (train <…> x 1), more than the <…> that <…> instances have for tasks: <…> (the NVIDIA GPUs of the type). Raise max_size, choose larger instance_types, or lower gpuCount or the number of tasks."],
    ["aws_ecs_service.train", "distinctInstance of train needs <…> instances while the service is deployed, more than max_size, which is <…>. Raise max_size, or lower the number of tasks or minimumHealthyPercent."],
    ["aws_ecs_service.train", 'privileged must be false on instances that cannot run privileged containers; received true. Bottlerocket needs the setting bottlerocket.settings.ecs["allow-privileged-containers"] for this. Amazon Linux allows it without ECS_DISABLE_PRIVILEGED in agent.variables. Use main.'],
    ["var.users_image_tag", "users_image_tag must be the tag of a container image; received <…>. Use 1 to 128 letters, digits, underscores, dots and hyphens, such as a commit's hash."],
  ],
  [() => clusterStack({ capacityProviders: { wide: { placementGroup: "spread", schedules: { night: { ...NIGHT, minSize: 5 } } }, any: { instanceRequirements: { vCpuCount: { min: 1 }, memoryMiB: { min: 512 } } }, pool: { warmPool: {}, agent: { reservedMemoryMiB: 64 } } } }),
    ["aws_autoscaling_group.wide_capacity", "wide_instance_types must support placement groups with the strategy spread; received <…>. List the types that do: aws ec2 describe-instance-types --filters Name=placement-group-info.supported-strategies,Values=spread --query InstanceTypes[].InstanceType"],
    ["aws_autoscaling_group.wide_capacity", "wide_max_size and maxSize of schedules must be at most <…> with placementGroup spread, which runs 7 instances in each zone; received <…> in <…>. Lower it, or use partition."],
    ["aws_autoscaling_group.any_capacity", "There is no subnet for the instances. Create one: aws ec2 create-default-subnet --availability-zone ZONE"],
    ["aws_launch_template.pool_launch_template", "agent.reservedMemoryMiB must be below the memory that ECS registers of each instance type; received 64, and the types have <…>. Lower it, or choose larger pool_instance_types."],
    ["aws_autoscaling_group.pool_capacity", "pool_instance_types must have a single instance type with warmPool; received <…>. Keep the preferred type, or remove warmPool."],
    ["aws_autoscaling_schedule.wide_capacity_schedule_night", "schedules.night.minSize must be at most the group's maxSize, which no schedule changes; received 5, and maxSize is <wide_max_size>. Set maxSize of the schedule too, or change the group's."],
  ],
  [() => {
    const stack = clusterStack();
    new Ec2Service(stack, "night", { cluster: stack, scaling: { maxCapacity: 2, cpuPercent: 60, schedules: { rush: { schedule: "rate(1 day)", minCapacity: 3 } } } });
    new Ec2Service(stack, "load", { cluster: stack, scaling: { maxCapacity: 2, cpuPercent: 60 } });
    return stack;
  },
    ["aws_appautoscaling_scheduled_action.night_scaling_schedule_rush", "scaling.schedules.rush.minCapacity must be at most maxCapacity, which no schedule changes; received 3, and maxCapacity is <night_max_capacity>. Set maxCapacity of the schedule too, or change the service's."],
    ["var.load_min_capacity", "load_min_capacity must be at least 1 with cpuPercent, memoryPercent or requestsPerTarget alone; received <…>. A service without tasks has no load, so it would never start again. Set 1, or add targetTracking, stepScaling or schedules."],
    ["var.load_max_capacity", "load_max_capacity must be at least load_min_capacity; received <…>. Raise it, or lower the minimum."],
  ],
  [() => {
    const stack = clusterStack({ customerKey: true });
    const encryptionKey = new EncryptionKey(stack, "key", { name: "files", region: stack.region });
    new FileSystem(stack, "files", { name: "files", vpc: stack.vpc, portRules: stack.portRules, encryptionKey });
    return stack;
  },
    ["aws_efs_file_system.files", "The key of a file system cannot change; received <…>, and the file system uses <…>. Set encryptionKey back. To use another key, create another FileSystem, copy the files to it, and then remove this one."],
    ["aws_security_group.files_security_group", "The VPC of a file system cannot change; received <…>, and the mount targets of the file system are in <…>. Set the VPC back. To use another VPC, create a second cluster in it with another FileSystem, and copy the files."],
    ["aws_ecs_cluster.cluster", "The region of a cluster cannot change; received <region>, and the cluster is in <…>. Set the region back. For a cluster in another region, use another stack, or another state."],
  ],
  [() => {
    const stack = new EcsServiceStack(testApp(), "orders");
    const jwtValidation = { issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/keys" };
    new Ec2Service(stack, "orders", { cluster: stack.cluster, containerPort: 80, paths: ["/a"], protocolVersion: "GRPC", jwtValidation });
    return stack;
  },
    ["aws_lb_listener_rule.orders_rule", "jwtValidation of orders must be on an HTTPS listener; <…> has the protocol <…>. Set https of the load balancer in its stack and apply it, use an HTTPS listener, or remove the setting."],
    ["aws_lb_listener_rule.orders_rule", "jwtValidation of orders must be on a load balancer with allowHttpsOutbound, which connects to the identity provider. Set allowHttpsOutbound of the load balancer in the cluster's stack, and apply that stack."],
    ["aws_lb_target_group.orders_target_group", "protocolVersion GRPC of orders must be on an HTTPS listener; <…> has the protocol <…>. Set https of the load balancer in its stack and apply it, use an HTTPS listener, or remove the setting."],
  ],
  [() => new EcsServiceStack(testApp(), "orders"),
    ["data.aws_ecs_clusters.cluster", "There is no ECS cluster <cluster_name> in <region>. There are: <…>. Apply the cluster's stack first, or correct cluster_name or region."],
    ["data.aws_security_groups.cluster_security_groups", "There must be one security group tagged Cluster = <cluster_name> in <region>, Name = <cluster_name>-instances; there are <…>. Apply the cluster's stack, which sets these tags, and remove them from other security groups."],
    ["data.aws_resourcegroupstaggingapi_resources.cluster_listeners", "There must be one listener tagged Cluster = <cluster_name> in <region>, Purpose = Where services put their rules; there are <…>. Enable the load balancer of the cluster's stack and apply it, or set loadBalancer to false for services without a route."],
    ["data.aws_autoscaling_groups.cluster_autoscaling_groups", "There is no Auto Scaling group <cluster_name>-instances tagged Cluster = <cluster_name> in <region>, Purpose = The container instances of the ECS cluster. There are: <…>. Apply the cluster's stack, which sets these tags, or set capacity to the part between the cluster's name and -instances."],
  ],
];

describe.each(Object.entries(MESSAGES))("the messages of %s", (_, rows) => {
  it.each(rows.map(([messages, ...expected]) => [expected[0], messages, expected] as const))(
    "%s",
    (_, messages, expected) => {
      expect(messages()).toEqual(expected);
    },
  );
});

describe("the messages of Terraform", () => {
  it.each(TERRAFORM.map(([stack, ...expected]) => [stack, expected] as const))(
    "are the expected ones (stack %#)",
    (stack, expected) => {
      expect(messagesInJson(synthesized(stack()))).toEqual(expect.arrayContaining([...expected]));
    },
  );
});

describe("the list of messages", () => {
  const listed = [
    ...Object.values(MESSAGES).flatMap((rows) => rows.flatMap(([, ...messages]) => messages)),
    ...TERRAFORM.flatMap(([, ...messages]) => messages.map(([, message]) => message)),
  ];
  const missing = (texts: readonly MessageText[]) =>
    texts
      .filter(({ pattern }) => !listed.some((message) => pattern.test(message)))
      .map(({ at, pattern }) => `${at}: ${pattern.source}`);

  it("has every text of a message in the sources", () => {
    expect(missing(textsInSources())).toEqual([]);
  });

  it("has every limit and every type of the settings", () => {
    expect(missing(textsOfSchemas())).toEqual([]);
  });
});
