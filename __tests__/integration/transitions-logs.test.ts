import { Ec2Service, type Ec2ServiceProps, LogDriver } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

describeTerraform("changes of log drivers", (lab) => {
  const service = (props: Partial<Ec2ServiceProps>) => () => {
    const stack = clusterStack({ loadBalancer: false });
    new Ec2Service(stack, "web", { cluster: stack, image: "nginx:1", ...props });
    return stack;
  };
  // The old revision stays registered.
  const REVISION = "aws_ecs_task_definition.web_task_definition";
  const SAFE = { rejected: [], lost: [], missing: [] };

  it("deploy the service in one apply, and keep the log group of the task", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(service({}));
    const router = await state.apply(service({ logging: LogDriver.fireLens({ options: { Name: "stdout" } }) }));
    expect(router).toMatchObject({ ...SAFE, created: [REVISION], deleted: [] });
    expect(router.updated).toContain("aws_ecs_service.web");
    const { values } = state.terraform.state().resources.find(({ type }) => type === "aws_ecs_task_definition") ?? {};
    const containers = JSON.parse(String(values?.container_definitions)) as { name: string; image: string }[];
    expect(containers).toEqual([
      expect.objectContaining({ name: "web" }),
      expect.objectContaining({ name: "log_router", image: expect.stringMatching(/\/aws-for-fluent-bit:stable$/) }),
    ]);
    const { values: policy } =
      state.terraform
        .state()
        .resources.find(({ address }) => address === "aws_iam_role_policy.web_task_definition_execution_role_policy") ??
      {};
    expect(String(policy?.policy)).toMatch(/arn:aws:ecr:[a-z0-9-]+:000000000000:repository\/aws-for-fluent-bit/);
    expect(await state.apply(service({}))).toMatchObject({ ...SAFE, created: [REVISION], deleted: [] });
  });

  it("create and delete log groups of containers, also when their class changes", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const group = "aws_cloudwatch_log_group.web_task_definition_log_group_web";
    await state.apply(service({}));
    const own = await state.apply(service({ logging: LogDriver.awsLogs({ retention: 7 }) }));
    expect(own).toMatchObject({ ...SAFE, created: [group, REVISION] });
    const rare = await state.apply(service({ logging: LogDriver.awsLogs({ logGroupClass: "INFREQUENT_ACCESS" }) }));
    expect(rare.replaced).toContain(group);
    expect(rare.rejected).toEqual([]);
    expect(await state.apply(service({}))).toMatchObject({ ...SAFE, created: [REVISION], deleted: [group] });
  });
});
