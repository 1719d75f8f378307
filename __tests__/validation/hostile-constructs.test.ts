import * as lib from "../../src";
import { clusterTarget } from "../support/cluster-target";
import { Parts } from "../support/parts";
import { emptyStack, synthesized } from "../support/synthesized";

/** What Terraform would evaluate. */
const X = "${aws_hostile.x}%{h}";
const base = { name: "prod", region: "eu-west-1" };
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx0";

type Stack = ReturnType<typeof emptyStack>;
const balanced = (stack: Stack) => {
  const { vpc, portRules } = new Parts(stack, { rules: { httpCidrs: ["0.0.0.0/0"] } });
  return { name: "prod", vpc, portRules };
};
const watched = { autoscalingGroupName: X, capacityProviderName: X };
const target = clusterTarget;

/** Constructs that are used one by one, each given hostile text in one place, or in all that take it. */
const MADE: readonly (readonly [what: string, make: (stack: Stack) => unknown])[] = [
  ["AgentConfig and UserData", (s) => new Parts(s, { agent: { clusterName: X } }).launchTemplate],
  ["LaunchTemplate name", (s) => new Parts(s, { template: { name: X } }).launchTemplate],
  ["LaunchTemplate tags", (s) => new Parts(s, { template: { tags: { [X]: X } } }).launchTemplate],
  ["LaunchTemplate securityGroupIds", (s) => new Parts(s, { template: { securityGroupIds: [X] } }).launchTemplate],
  ["AsgCapacityProvider name", (s) => new Parts(s, { capacity: { name: X } }).capacity],
  ["AsgCapacityProvider tags", (s) => new Parts(s, { capacity: { tags: { [X]: X } } }).capacity],
  ["AsgCapacityProvider its own name", (s) => new Parts(s, { capacity: { capacityProviderName: X } }).capacity],
  ["Cluster", (s) => new lib.Cluster(s, "c", { name: X })],
  ["DefaultVpc region", (s) => new lib.DefaultVpc(s, "v", { region: X })],
  ["DefaultVpc vpcId", (s) => new lib.DefaultVpc(s, "v", { region: "eu-west-1", vpcId: X })],
  ["DefaultVpc subnetIds", (s) => new lib.DefaultVpc(s, "v", { region: "eu-west-1", subnetIds: [X] })],
  ["DefaultVpc privateSubnetIds", (s) => new lib.DefaultVpc(s, "v", { region: "eu-west-1", privateSubnetIds: [X] })],
  ["EcsOptimizedImage", (s) => new Parts(s, { image: { version: X } }).image],
  ["InstanceTypes", (s) => new Parts(s, { types: [X] }).launchTemplate],
  ["EncryptionKey name", (s) => new lib.EncryptionKey(s, "k", { ...base, name: X })],
  ["EncryptionKey region", (s) => new lib.EncryptionKey(s, "k", { ...base, region: X })],
  ["EcrRepository name", (s) => new lib.EcrRepository(s, "r", { clusterName: "prod", name: X })],
  ["EcrRepository clusterName", (s) => new lib.EcrRepository(s, "r", { clusterName: X, name: "a" })],
  [
    "EcrRepository encryptionKeyArn",
    (s) => new lib.EcrRepository(s, "r", { clusterName: "prod", name: "a", encryptionKeyArn: X }),
  ],
  ["InstanceRole name", (s) => new lib.InstanceRole(s, "r", { ...base, name: X })],
  ["InstanceRole region", (s) => new lib.InstanceRole(s, "r", { ...base, region: X })],
  ["InstanceRole policyArns", (s) => new lib.InstanceRole(s, "r", { ...base, policyArns: [X] })],
  [
    "InstanceRole onlyCluster",
    (s) => new lib.InstanceRole(s, "r", { ...base, onlyCluster: { clusterName: X, clusterArn: X } }),
  ],
  [
    "KeyPair keyName",
    (s) => new Parts(s, { template: { keyPair: new lib.KeyPair(s, "k", { keyName: X }) } }).launchTemplate,
  ],
  ["KeyPair publicKey", (s) => new lib.KeyPair(s, "k", { name: "prod", publicKey: `${KEY} ${X}` })],
  ["KeyPair name", (s) => new lib.KeyPair(s, "k", { name: X, publicKey: KEY })],
  ["PortRules name", (s) => new Parts(s, { rules: { name: X } }).portRules],
  ["PortRules sshCidrs", (s) => new Parts(s, { rules: { sshCidrs: [X] } }).portRules],
  ["PortRules httpCidrs", (s) => new Parts(s, { rules: { httpCidrs: [X] } }).portRules],
  ["ApplicationLoadBalancer name", (s) => new lib.ApplicationLoadBalancer(s, "a", { ...balanced(s), name: X })],
  [
    "ApplicationLoadBalancer certificateArn",
    (s) => new lib.ApplicationLoadBalancer(s, "a", { ...balanced(s), certificateArn: X }),
  ],
  [
    "ApplicationLoadBalancer webAclArn",
    (s) => new lib.ApplicationLoadBalancer(s, "a", { ...balanced(s), webAclArn: X }),
  ],
  [
    "ApplicationLoadBalancer sslPolicy",
    (s) => new lib.ApplicationLoadBalancer(s, "a", { ...balanced(s), sslPolicy: X }),
  ],
  [
    "Alarms topicArn",
    (s) => new lib.Alarms(s, "a", { name: "a", cluster: new Parts(s).cluster, capacityProvider: watched, topicArn: X }),
  ],
  [
    "Alarms capacityProvider",
    (s) =>
      new lib.Alarms(s, "a", {
        name: "prod",
        cluster: new Parts(s).cluster,
        capacityProvider: watched,
        topicArn: TOPIC,
      }),
  ],
  [
    "Dashboard",
    (s) => new lib.Dashboard(s, "a", { ...base, cluster: new Parts(s).cluster, capacityProvider: watched }),
  ],
  [
    "Dashboard eventArchive",
    (s) =>
      new lib.Dashboard(s, "a", {
        ...{ ...base, cluster: new Parts(s).cluster, capacityProvider: watched },
        eventArchive: { logGroupName: X, query: X },
      }),
  ],
  ["EventArchive", (s) => new lib.EventArchive(s, "a", { name: X, cluster: new Parts(s).cluster })],
  ["WebAcl", (s) => new lib.WebAcl(s, "w", { name: X })],
  [
    "ExecutionRole",
    (s) => new lib.ExecutionRole(s, "e", { cluster: target(), name: "a", logGroupArn: X, images: [X] }),
  ],
  [
    "ExecutionRole name",
    (s) => new lib.ExecutionRole(s, "e", { cluster: target(), name: X, logGroupArn: "a", images: [] }),
  ],
  ["TaskRole name", (s) => new lib.TaskRole(s, "e", { cluster: target(), name: X })],
  ["TaskRole policyArns", (s) => new lib.TaskRole(s, "e", { cluster: target(), name: "a", policyArns: [X] })],
  ["TargetGroup", (s) => new lib.TargetGroup(s, "e", { cluster: target(), name: X })],
  [
    "ListenerRule",
    (s) => new lib.ListenerRule(s, "e", { cluster: target(), name: "a", targetGroupArn: X, paths: ["/a"] }),
  ],
  [
    "ServiceScaling",
    (s) =>
      new lib.ServiceScaling(s, "e", {
        ...{ cluster: target(), serviceName: X, maxCapacity: 2, requestsPerTarget: 5, targetGroupArnSuffix: X },
      }),
  ],
  ["ServiceConnectNamespace", (s) => new lib.ServiceConnectNamespace(s, "e", { cluster: target(), name: X })],
  ["ServiceImage", (s) => new lib.ServiceImage(s, "e", { clusterName: X, name: "a", ecrRepository: true })],
  ["EcsClusterLookup", (s) => new lib.EcsClusterLookup(s, "l", { clusterName: X, region: X, capacity: X })],
];

/** What is left of the text where Terraform would still evaluate it. */
const evaluated = (json: string): string[] => json.match(/(?<!\$)\$\{aws_hostile|(?<!%)%\{h\}/g) ?? [];

describe("hostile text given to a construct of its own", () => {
  it("would be seen here", () => {
    expect([evaluated(X).length, evaluated("$${aws_hostile.x}%%{h}").length]).toEqual([2, 0]);
  });

  it.each(MADE)("is rejected, or stays text: %s", (_, make) => {
    const stack = emptyStack();
    try {
      make(stack);
    } catch (error) {
      expect((error as Error).constructor.name).toBe("SettingsError");
      return;
    }
    const json = JSON.stringify(synthesized(stack));
    expect([json.includes("aws_hostile"), evaluated(json)]).toEqual([true, []]);
  });
});
