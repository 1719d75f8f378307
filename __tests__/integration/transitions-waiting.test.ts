import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service, type Ec2ServiceProps } from "../../src";
import { clusterStack, PUBLIC_KEY } from "../support/cluster";
import { partOf } from "../support/part-of";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

const REPOSITORY = "aws_ecr_repository.web_image_repository";

/** Returns a service with a repository, and what it needs. */
function service(props: Partial<Ec2ServiceProps> = {}): Configuration {
  const stack = clusterStack({ loadBalancer: false });
  new Ec2Service(stack, "web", { cluster: stack, ecrRepository: true, capacityGuards: false, ...props });
  const configuration = synthesized(stack) as Configuration;
  return partOf(configuration, "aws_ecs_service.web", REPOSITORY, "output.web_repository_url");
}

describeTerraform("the wait for a deployment", (lab) => {
  it("begins after the first image: the repository is created first, then everything else", async () => {
    const variables = { ssh_public_key: PUBLIC_KEY };
    const terraform = await lab.terraform({ configuration: service(), variables });
    const target = await terraform.apply("-target", REPOSITORY, "-var", "web_image_tag=none");
    expect([target.status, target.stderr]).toEqual([0, ""]);
    const { resources } = await terraform.session.account();
    expect(resources.map(({ type }) => type)).toContain("aws_ecr_repository");
    expect(resources.map(({ type }) => type)).not.toContain("aws_ecs_task_definition");
    const { stdout: url } = await terraform.run(["output", "-raw", "web_repository_url"]);
    expect(url).toMatch(/[.]dkr[.]ecr[.].*\/ecs\/web$/);

    const rest = await terraform.apply("-var", "web_image_tag=7f3a2b1");
    expect([rest.status, rest.stderr]).toEqual([0, ""]);
    expect(await terraform.plan("-var", "web_image_tag=7f3a2b1")).toMatchObject({ status: 0 });
  });

  it("has a limit that changes in place", async () => {
    const variables = { ssh_public_key: PUBLIC_KEY, web_image_tag: "1" };
    const terraform = await lab.terraform({ configuration: service(), variables });
    expect(await terraform.apply()).toMatchObject({ status: 0 });
    terraform.configure(service({ steadyStateTimeoutMinutes: 90 }));
    expect(await terraform.apply()).toMatchObject({ status: 0 });
    expect(await terraform.plan()).toMatchObject({ status: 0 });
  });
});
