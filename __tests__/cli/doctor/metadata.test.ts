import { metadataCheck } from "../../../cli/doctor/checks/metadata";
import type { ContainerInstanceFacts, InstanceFacts } from "../../../cli/doctor/facts";
import { SAMPLE } from "../../support/fake-account";
import { instance } from "../../support/network";

const all = <T>(part: Promise<T>) => part;

async function check(one: InstanceFacts, userData = "", registered: readonly ContainerInstanceFacts[] = []) {
  const facts = await metadataCheck.read(
    {
      ...SAMPLE,
      ...{ instances: async () => [one], containerInstances: async () => registered, userData: async () => userData },
    },
    all,
  );
  return metadataCheck.decide(facts);
}

const one = (hops: number, isEnabled = true) => instance({ metadata: { isEnabled, hops } });
const BRIDGE = "#!/bin/bash\ndocker run --name ecs-agent \\\n  --detach amazon/amazon-ecs-agent:latest\n";

describe("the metadata service", () => {
  it("is fine if it is enabled, or unknown", async () => {
    expect((await check(one(1))).findings).toEqual([]);
    expect((await check(instance())).findings).toEqual([]);
  });

  it("is reported if it is disabled", async () => {
    const { findings } = await check(one(1, false));
    expect(findings).toMatchObject([
      {
        cause: { id: "metadata-disabled" },
        commands: [
          "aws ec2 modify-instance-metadata-options --region eu-west-1 --instance-id i-1 --http-endpoint enabled",
        ],
      },
    ]);
  });

  it("does not reach an agent in a container of its own network", async () => {
    const { findings } = await check(one(1), BRIDGE);
    expect(findings).toMatchObject([
      {
        cause: { id: "metadata-hop-limit" },
        evidence: [
          "i-1: HttpPutResponseHopLimit 1",
          "user data: docker run --name ecs-agent --detach amazon/amazon-ecs-agent:latest",
        ],
      },
    ]);
  });

  it.each<[string, Parameters<typeof check>]>([
    ["the agent has the network of the instance", [one(1), BRIDGE.replace("--detach", "--net=host")]],
    ["the hop limit is higher", [one(2), BRIDGE]],
    ["the instance has just started", [instance({ metadata: { isEnabled: true, hops: 1 }, minutesOld: 1 }), BRIDGE]],
    [
      "the agent is registered",
      [
        one(1),
        BRIDGE,
        [{ arn: "arn:ci", instanceId: "i-1", agentConnected: true, agentVersion: "1", status: "ACTIVE" }],
      ],
    ],
  ])("reaches the agent if %s", async (_, args) => {
    expect((await check(...args)).findings).toEqual([]);
  });

  it("says which containers can read its credentials", async () => {
    expect((await check(one(2))).notes).toEqual([
      "hop limit 2: containers in bridge mode can read the credentials of the instance role",
    ]);
  });
});
