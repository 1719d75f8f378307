import { AgentConfig, DefaultVpc, PortRange, UserData } from "../../src";
import { Parts, type PartsProps } from "../support/parts";
import { emptyStack, mistakesOf } from "../support/synthesized";

const group = (props: PartsProps) => mistakesOf(() => new Parts(emptyStack(), props).capacity);

describe("constructs composed by hand can't make the mistakes that the stack can't make", () => {
  it("agree where everything comes from one place", () => expect(group({})).toEqual([]));

  it("an agent that takes ports which the rules don't admit", () => {
    expect(group({ agent: { portRange: new PortRange({ from: 31000, to: 61000 }) } })).toEqual([
      'userData must use host ports that portRules admits, which are 40000-50000; received "31000-61000". Create both with the same PortRange.',
    ]);
    expect(group({ agent: { portRange: new PortRange({ from: 41000, to: 49000 }) } })).toEqual([]);
  });

  it("user data of another family than the image's", () => {
    const agentConfig = new AgentConfig({ clusterName: "prod", family: "bottlerocket" });
    const portRange = PortRange.defaultOf("bottlerocket");
    expect(group({ rules: { portRange }, template: { userData: new UserData({ agentConfig }) } })).toEqual([
      'userData must be for the AMI\'s family, which is amazon-linux-2023; received "bottlerocket". Set the same family in AgentConfig.',
    ]);
  });

  it("Spot capacity whose agent doesn't drain", () => {
    expect(group({ capacity: { spot: true }, agent: { spotDraining: false } })).toEqual([
      "launchTemplate must have user data whose agent drains on a Spot interruption notice; received spotDraining: false. Give AgentConfig spotDraining: true.",
    ]);
    expect(group({ capacity: { spot: true } })).toEqual([]);
  });

  it("another VPC without its subnets, or subnets without their VPC", () => {
    const vpc = (props: object) =>
      mistakesOf(() => new DefaultVpc(emptyStack(), "vpc", { region: "eu-west-1", ...props }));
    expect(vpc({ vpcId: "vpc-0123456789abcdef0" })).toEqual([
      "vpcId must come with subnetIds; received vpcId alone. Name both, or neither for the default VPC and its default subnets.",
    ]);
    expect(vpc({ subnetIds: ["subnet-0123456789abcdef0"] })[0]).toMatch(/^subnetIds must come with vpcId;/);
  });

  it("a plain element beside a token in a list", () => {
    const stack = emptyStack();
    const { vpcId } = new DefaultVpc(stack, "other", { region: "eu-west-1" });
    const made = () => new Parts(stack, { rules: { sshCidrs: ["0.0.0.0/0", vpcId] } }).portRules;
    expect(mistakesOf(made)[0]).toMatch(/^sshCidrs must not be the whole internet; received \["0\.0\.0\.0\/0"\]\./);
  });

  it("names, sizes and words that AWS doesn't take", () => {
    expect(group({ capacity: { capacityProviderName: "bad name!", minSize: 0, maxSize: 0 } })).toHaveLength(2);
    expect(
      mistakesOf(() => new Parts(emptyStack(), { cluster: { containerInsights: "on" as never } }).cluster),
    ).toEqual([
      'containerInsights must be one of enhanced, enabled, disabled; received "on". ECS knows no other setting.',
    ]);
  });
});
