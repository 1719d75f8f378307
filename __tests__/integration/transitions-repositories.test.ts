import { Ec2Service, type Ec2ServiceProps, type EcsClusterSettings } from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { RunningSystem } from "../support/transition";

const SETTINGS: EcsClusterSettings = { keyPair: "none", loadBalancer: false, capacityGuards: false };
const REPOSITORY = "aws_ecr_repository.users_image_repository";
/** Someone has pushed an image to the repository of the service. */
const PUSHED = { existing: { aws_ecr_image: [{ repository_name: "ecs/users" }] } };

/** Returns a version of a cluster with a service, or without it. */
const version =
  (props?: Partial<Ec2ServiceProps>, settings: EcsClusterSettings = {}) =>
  () => {
    const stack = clusterStack({ ...SETTINGS, ...settings });
    if (props) new Ec2Service(stack, "users", { cluster: stack, ...props });
    return stack;
  };
const NOT_EMPTY = "RepositoryNotEmptyException: The repository with name 'ecs/users' cannot be deleted";
const SAFE = { missing: [], lost: [], rejected: [] };

describeTerraform("a repository that has images", (lab) => {
  const start = async () => (await RunningSystem.start(lab, PUSHED)).state();

  it("stops the removal of its service", async () => {
    const state = await start();
    await state.apply(version({ ecrRepository: true }));
    const failed = await state.expectFailure(version(), NOT_EMPTY);
    expect(failed.deleted).toContain("aws_ecs_service.users");
    expect(failed.deleted).not.toContain(REPOSITORY);
  });

  it("is deleted with its images after forceDelete was applied", async () => {
    const state = await start();
    await state.apply(version({ ecrRepository: true }));
    const forced = await state.apply(version({ ecrRepository: { forceDelete: true } }));
    expect(forced).toMatchObject({ ...SAFE, created: [], updated: [REPOSITORY], replaced: [], deleted: [] });
    const removed = await state.apply(version());
    expect(removed).toMatchObject(SAFE);
    expect(removed.deleted).toContain(REPOSITORY);
  });

  it("stays in AWS with retain", async () => {
    const retained = { retain: [REPOSITORY] };
    const state = await start();
    await state.apply(version({ ecrRepository: true }));
    await state.apply(version({ ecrRepository: true }, retained));
    const removed = await state.apply(version(undefined, retained));
    expect(removed).toMatchObject(SAFE);
    expect(removed.deleted).not.toContain(REPOSITORY);
    expect((await state.apply(version())).operations).toEqual([]);
  });
});
