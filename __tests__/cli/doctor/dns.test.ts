import { dnsCheck } from "../../../cli/doctor/checks/dns";
import type { EndpointFacts, VpcFacts } from "../../../cli/doctor/network-facts";
import { endpoint, instance } from "../../support/network";

function decide(change: Partial<VpcFacts>, endpoints?: readonly EndpointFacts[]) {
  const vpc = { id: "vpc-1", dnsSupport: true, dnsHostnames: true, ownDnsServers: [], ...change };
  return dnsCheck.decide({ region: "eu-west-1", running: [instance()], vpcs: [vpc], endpoints });
}

describe("the DNS of the VPC", () => {
  it.each<[string, Partial<VpcFacts>, EndpointFacts[]]>([
    ["is on", {}, [endpoint("ecs")]],
    ["has no hostnames, and no endpoint needs them", { dnsHostnames: false }, []],
    ["has no hostnames, and the endpoint is a gateway", { dnsHostnames: false }, [endpoint("s3", { type: "Gateway" })]],
    [
      "has no hostnames, and the endpoint no private DNS",
      { dnsHostnames: false },
      [endpoint("ecs", { hasPrivateDns: false })],
    ],
    [
      "has no hostnames, and the endpoint is in another VPC",
      { dnsHostnames: false },
      [endpoint("ecs", { vpcId: "vpc-2" })],
    ],
    ["is off, and the VPC has servers of its own", { dnsSupport: false, ownDnsServers: ["10.0.0.2"] }, []],
  ])("is fine if it %s", (_, change, endpoints) => {
    expect(decide(change, endpoints).findings).toEqual([]);
  });

  it("is reported if it is off", () => {
    expect(decide({ dnsSupport: false, dnsHostnames: false }, [endpoint("ecs")]).findings).toMatchObject([
      {
        cause: { id: "dns-support-disabled" },
        commands: ["aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-1 --enable-dns-support Value=true"],
        about: { instances: ["i-1"] },
      },
    ]);
  });

  it("is reported if endpoints need hostnames", () => {
    expect(decide({ dnsHostnames: false }, [endpoint("ecs")]).findings).toMatchObject([
      {
        cause: { id: "dns-hostnames-disabled" },
        evidence: ["vpc-1: enableDnsHostnames false", "vpce-ecs of ecs: private DNS enabled"],
        commands: ["aws ec2 modify-vpc-attribute --region eu-west-1 --vpc-id vpc-1 --enable-dns-hostnames Value=true"],
      },
    ]);
  });

  it("names servers of the VPC's own", () => {
    expect(decide({ ownDnsServers: ["10.0.0.2"] }).notes).toEqual(["vpc-1 uses the DNS servers 10.0.0.2"]);
  });
});
