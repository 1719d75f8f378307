import { DEFAULT_VPC_ID } from "../../cli/offline-provider";
import type { EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

/** Returns a version of a cluster in the default VPC. */
const version =
  (settings: EcsClusterSettings, name = "ecs") =>
  () =>
    clusterStack({ keyPair: "none", loadBalancer: false, ...settings, values: { name } });

const ENDPOINTS = ["ecr_api", "ecr_dkr", "ecs", "ecs_agent", "ecs_telemetry", "logs", "s3", "ssm", "ssmmessages"].map(
  (service) => `aws_vpc_endpoint.vpc_endpoints_to_${service}`,
);
const OTHER_CLUSTER = `The VPC ${DEFAULT_VPC_ID} already has the endpoints of another cluster`;

describeTerraform("VPC endpoints of a running cluster", (lab) => {
  it("are created and deleted without a change of the instances, which they outlive", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(version({}));
    const created = await state.apply(version({ vpcEndpoints: true }));
    expect(created.created).toEqual(expect.arrayContaining(ENDPOINTS));
    expect(created).toMatchObject({ updated: [], replaced: [], deleted: [], rejected: [] });
    const partial = await state.apply(version({ vpcEndpoints: { existing: ["s3", "logs"] } }));
    expect(partial.deleted).toEqual(["aws_vpc_endpoint.vpc_endpoints_to_logs", "aws_vpc_endpoint.vpc_endpoints_to_s3"]);
    expect(partial).toMatchObject({ replaced: [], rejected: [] });
    const removed = await state.apply(version({}));
    expect(removed).toMatchObject({ updated: [], replaced: [], rejected: [] });
  });

  it("serve all clusters of the VPC: a second cluster creates none, or further ones", async () => {
    const system = await RunningSystem.start(lab);
    const first = system.state();
    await first.apply(version({ vpcEndpoints: true }));
    const second = system.state();
    await second.expectRejected(version({ vpcEndpoints: true }, "other"), OTHER_CLUSTER);
    const existing = ["ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr", "logs", "ssm", "ssmmessages", "s3"];
    const added = await second.apply(version({ vpcEndpoints: { services: ["sqs"], existing } }, "other"));
    expect(added.created).toContain("aws_vpc_endpoint.vpc_endpoints_to_sqs");
    // The first cluster does not take the further ones for a complete set.
    expect((await first.apply(version({ vpcEndpoints: true }))).operations).toEqual([]);
    await second.expectFailure(
      version({ vpcEndpoints: { services: ["sqs"], existing: existing.filter((one) => one !== "logs") } }, "other"),
      "private-dns-enabled cannot be set because there is already a conflicting DNS domain",
    );
  });

  it("need DNS support and DNS hostnames of the VPC", async () => {
    const vpc = { id: "vpc-0123456789abcdef0", enable_dns_support: true, enable_dns_hostnames: false };
    const system = await RunningSystem.start(lab, {
      ...EXAMPLE_FIXTURES,
      answers: { aws_vpc: { state: vpc } },
    });
    await system
      .state()
      .expectRejected(
        version({ vpcEndpoints: true }),
        "The VPC vpc-0123456789abcdef0 must have DNS support and DNS hostnames",
      );
  });
});
