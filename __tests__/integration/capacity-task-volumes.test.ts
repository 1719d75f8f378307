import { Ec2Service, FileSystem } from "../../src";
import { clusterStack } from "../support/cluster";
import { casesAsModules, errorsOf } from "../support/modules";
import { partOf } from "../support/part-of";
import { expectSettled } from "../support/settled";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

describeTerraform("volumes of tasks", (lab) => {
  const mixed = () =>
    clusterStack({
      ...({ keyPair: "none", loadBalancer: false } as const),
      capacityProviders: {
        main: { volumes: { cache: { sizeGib: 10, mountPath: "/cache" } } },
        rocket: { amiFamily: "bottlerocket" },
      },
    });

  it("are applied with their file system, on the provider that is not Bottlerocket, and then plan no changes", async () => {
    const stack = mixed();
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
    const terraform = await lab.terraform({ configuration: synthesized(stack) });
    await expectSettled(terraform);
    const service = terraform.state().resources.find(({ address }) => address === "aws_ecs_service.web");
    expect(service?.values).toMatchObject({ capacity_provider_strategy: [{ capacity_provider: "cp-ecs" }] });
  });

  it("fail at plan if the strategy has the name of Bottlerocket's provider as text", async () => {
    const cases = ["cp-ecs-rocket", "cp-ecs"].map((capacityProvider) => {
      const stack = mixed();
      new Ec2Service(stack, "web", {
        ...{ cluster: stack, image: "nginx:1", mountPoints: { "/files": "files" } },
        volumes: { files: { fileSystem: "fs-0123456789abcdef0" } },
        capacityProviderStrategies: [{ capacityProvider }],
      });
      return { configuration: partOf(synthesized(stack), "aws_ecs_service.web") };
    });
    const { status, stderr } = await (await casesAsModules(lab, cases)).plan();
    const [rocket, ecs] = cases.map((_, index) => errorsOf(stderr, index));
    expect(rocket).toEqual([
      expect.stringContaining(
        "capacityProviderStrategies must name capacity providers whose instances can mount EFS, for volumes.files; received cp-ecs-rocket. Bottlerocket cannot mount EFS with encryption. Use main.",
      ),
    ]);
    expect(ecs).toEqual([]);
    expect(status).toBe(1);
  });
});
