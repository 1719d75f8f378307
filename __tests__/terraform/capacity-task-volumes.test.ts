import { Testing } from "cdktf";
import { Ec2Service, FileSystem } from "../../src";
import { clusterStack, PUBLIC_KEY, unwrapped } from "../support/cluster";
import { expectSettled } from "../support/settled";
import { describeTerraform } from "../support/terraform";

describeTerraform("volumes of tasks", (lab) => {
  it("are applied with the file system they mount, and then plan no changes", async () => {
    const stack = clusterStack({ volumes: { cache: { sizeGib: 10, mountPath: "/cache" } } });
    const files = new FileSystem(stack, "files", { name: "wiki", vpc: stack.vpc, portRules: stack.portRules });
    new Ec2Service(stack, "web", {
      ...{ cluster: stack, image: "nginx:1" },
      volumes: {
        uploads: { fileSystem: files.fileSystemId },
        cache: { hostPath: "/cache" },
        scratch: { docker: "task" },
        kept: { docker: "shared" },
      },
      mountPoints: { "/uploads": "uploads", "/cache": "cache", "/scratch": "scratch", "/kept": "kept" },
    });
    const configuration = JSON.parse(Testing.synth(stack, true));
    const terraform = await lab.terraform({ configuration, variables: { ssh_public_key: PUBLIC_KEY } });
    await expectSettled(terraform);
  });

  const mixed = (capacityProvider?: string) => {
    const stack = clusterStack({ capacityProviders: { main: {}, rocket: { amiFamily: "bottlerocket" } } });
    new Ec2Service(stack, "web", {
      ...{ cluster: stack, image: "nginx:1", mountPoints: { "/files": "files" } },
      volumes: { files: { fileSystem: "fs-0123456789abcdef0" } },
      capacityProviderStrategies: capacityProvider ? [{ capacityProvider }] : undefined,
    });
    const configuration = JSON.parse(Testing.synth(stack, true));
    return lab.terraform({ configuration, variables: { ssh_public_key: PUBLIC_KEY } });
  };

  it("keep tasks with EFS away from Bottlerocket, and then plan no changes", async () => {
    const terraform = await mixed();
    const { resource_changes = [] } = await terraform.planJson();
    const service = resource_changes.find(({ address }) => address === "aws_ecs_service.web");
    expect(service?.change.after).toMatchObject({ capacity_provider_strategy: [{ capacity_provider: "cp-ecs" }] });
    expect((await terraform.apply()).status).toBe(0);
    expect((await terraform.plan()).stdout).toContain("No changes.");
  });

  it("fail the plan where a strategy names Bottlerocket's provider by text", async () => {
    const { status, stderr } = await (await mixed("cp-ecs-rocket")).plan();
    expect(unwrapped(stderr)).toContain(
      "capacityProviderStrategies must name providers whose instances mount EFS, for volumes.files; received cp-ecs-rocket, with bottlerocket. Name those that can: main.",
    );
    expect(status).toBe(1);
    expect((await (await mixed("cp-ecs")).plan()).status).toBe(2);
  });
});
