import { AgentConfig, DefaultVpc, PortRange, UserData } from "../../src";
import { Parts, type PartsProps } from "../support/parts";
import { problemsOf } from "../support/problems";
import { emptyStack } from "../support/synthesized";

const group = (props: PartsProps) => problemsOf(() => new Parts(emptyStack(), props).capacity);

describe("constructs that a caller composes", () => {
  it("fit together when they share one port range and one family", () => expect(group({})).toEqual([]));

  it("reject an agent whose host ports the rules do not admit", () => {
    expect(group({ agent: { portRange: new PortRange({ from: 31000, to: 61000 }) } })).toEqual([
      'userData must use host ports that portRules admits, which are 40000-50000; received "31000-61000". Create both with the same PortRange.',
    ]);
    expect(group({ agent: { portRange: new PortRange({ from: 41000, to: 49000 }) } })).toEqual([]);
  });

  it("reject user data of another family than the AMI's", () => {
    const agentConfig = new AgentConfig({ clusterName: "prod", family: "bottlerocket" });
    const portRange = PortRange.defaultOf("bottlerocket");
    expect(group({ rules: { portRange }, template: { userData: new UserData({ agentConfig }) } })).toEqual([
      'userData must be for the AMI\'s family, which is amazon-linux-2023; received "bottlerocket". Set the same family in AgentConfig.',
    ]);
  });

  it("reject Spot capacity whose agent does not drain", () => {
    expect(group({ capacity: { spot: true }, agent: { spotDraining: false } })).toEqual([
      'launchTemplate must drain instances on a Spot interruption notice; received {"spotDraining": false}. Set spotDraining of AgentConfig to true.',
    ]);
    expect(group({ capacity: { spot: true } })).toEqual([]);
  });

  it("reject another VPC without its subnets, and subnets without their VPC", () => {
    const vpc = (props: object) =>
      problemsOf(() => new DefaultVpc(emptyStack(), "vpc", { region: "eu-west-1", ...props }));
    expect(vpc({ vpcId: "vpc-0123456789abcdef0" })).toEqual([
      'vpcId must be set together with subnetIds; received "vpc-0123456789abcdef0". Set both, or neither to use the default VPC.',
    ]);
    expect(vpc({ subnetIds: ["subnet-0123456789abcdef0"] })[0]).toMatch(/^subnetIds must be set together with vpcId;/);
  });

  it("check a plain element beside a token in a list", () => {
    const stack = emptyStack();
    const { vpcId } = new DefaultVpc(stack, "other", { region: "eu-west-1" });
    const made = () => new Parts(stack, { rules: { sshCidrs: ["0.0.0.0/0", vpcId] } }).portRules;
    expect(problemsOf(made)[0]).toMatch(/^sshCidrs must not be the whole internet; received \["0\.0\.0\.0\/0"\]\./);
  });

  it("reject names, sizes and words that AWS rejects", () => {
    expect(group({ capacity: { capacityProviderName: "bad name!", minSize: 0, maxSize: 0 } })).toHaveLength(2);
    expect(
      problemsOf(() => new Parts(emptyStack(), { cluster: { containerInsights: "on" as never } }).cluster),
    ).toEqual([
      'containerInsights must be one of "enhanced", "enabled", "disabled"; received "on". Choose one of these.',
    ]);
  });
});
