import { Testing } from "cdktf";
import { Ec2Service, FileSystem } from "../../src";
import { clusterStack, PUBLIC_KEY } from "../support/cluster";
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
    const { status, stderr } = await terraform.apply();
    expect(stderr).not.toContain("Error");
    expect(status).toBe(0);
    const again = await terraform.plan();
    expect(again.stdout).toContain("No changes.");
    expect(again.status).toBe(0);
  });
});
