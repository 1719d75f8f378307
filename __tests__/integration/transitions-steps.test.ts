import type { Configuration } from "../../cli/offline-provider";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  type EcsClusterStack,
  EcsServiceStack,
  EncryptionKey,
  FileSystem,
  type Route,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES } from "../support/examples";
import { partOf } from "../support/part-of";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { type RunningState, RunningSystem } from "../support/transition";

type Props = Partial<Ec2ServiceProps>;

type Quadruple = [RunningState, RunningState, RunningState, RunningState];

/** A change in which no route, service or instance is missing at any moment. */
const SMOOTH = { missing: [], lost: [], rejected: [] };

/** Returns a version of a cluster with one service, or without it. */
function version(props: Props | ((stack: EcsClusterStack) => Props) | undefined, settings: EcsClusterSettings = {}) {
  return () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false, ...settings });
    const own = typeof props === "function" ? props(stack) : props;
    if (own) new Ec2Service(stack, "api", { cluster: stack, image: "api:1", ...own });
    return stack;
  };
}

const filesOf = (stack: EcsClusterStack, id: string, encryptionKey?: EncryptionKey) =>
  new FileSystem(stack, id, { name: `wiki-${id}`, vpc: stack.vpc, portRules: stack.portRules, encryptionKey });

describeTerraform("the steps of docs/changes.md", (lab) => {
  const start = async () => (await RunningSystem.start(lab, EXAMPLE_FIXTURES)).state();

  it("rename a capacity provider that services use in two applies", async () => {
    const on = (name: string, ...providers: string[]) =>
      version(
        { capacityProviderStrategies: [{ capacityProvider: name, weight: 1 }] },
        { capacityProviders: Object.fromEntries(providers.map((one) => [one, {}])) },
      );
    const state = await start();
    await state.apply(on("arm", "main", "arm"));
    const moved = await state.apply(on("graviton", "main", "arm", "graviton"));
    expect(moved).toMatchObject({ ...SMOOTH, deleted: [], replaced: [] });
    const removed = await state.apply(on("graviton", "main", "graviton"));
    expect(removed).toMatchObject({ ...SMOOTH, created: [], replaced: [] });
  });

  it("rename a route without a gap in three applies", async () => {
    const paths = ["/api/orders*"];
    const withRoutes = (routes: Record<string, Route>) => version({ containerPort: 80, routes }, { loadBalancer: {} });
    const steps: readonly Record<string, Route>[] = [
      { v1: { paths }, orders: { paths, priority: 1 } },
      { orders: { paths, priority: 1 } },
      { orders: { paths } },
    ];
    const state = await start();
    await state.apply(withRoutes({ v1: { paths } }));
    for (const routes of steps) expect(await state.apply(withRoutes(routes))).toMatchObject(SMOOTH);
    // In one apply it has a gap.
    expect((await state.apply(withRoutes({ v2: { paths } }))).missing).toEqual(["route ecs-alb:80 /api/orders*"]);
  });

  it("replace a cluster by a second one without a gap", async () => {
    const services = (clusterName: string) => () => {
      const stack = new EcsServiceStack(testApp(), "services", { values: { clusterName } });
      new Ec2Service(stack, "api", { cluster: stack.cluster, image: "api:1", containerPort: 80, paths: ["/*"] });
      return stack;
    };
    const system = await RunningSystem.start(lab);
    const [old, oldServices, next, nextServices] = Array.from({ length: 4 }, () => system.state()) as Quadruple;
    await old.apply(version(undefined, { loadBalancer: {} }));
    await oldServices.apply(services("ecs"));
    const moved = await system.during(async () => {
      await next.apply(version(undefined, { loadBalancer: {}, values: { name: "next" } }));
      await nextServices.apply(services("next"));
    });
    expect(moved).toMatchObject({ ...SMOOTH, updated: [], replaced: [], deleted: [] });
    await oldServices.destroy();
    await old.destroy();
    await nextServices.expectNoChanges();
    await next.expectNoChanges();
  });

  it("remove a permission after the tasks that need it", async () => {
    const statement = (action: string) => ({ actions: [action], resources: ["arn:aws:s3:::uploads/*"] });
    const [read, write] = [statement("s3:GetObject"), statement("s3:PutObject")];
    const state = await start();
    await state.apply(version({ taskRoleStatements: [read, write] }));
    const deployed = await state.apply(version({ taskRoleStatements: [read, write], image: "api:2" }));
    expect(deployed).toMatchObject({ ...SMOOTH, updated: ["aws_ecs_service.api"] });
    const removed = await state.apply(version({ taskRoleStatements: [read], image: "api:2" }));
    expect(removed).toMatchObject({ ...SMOOTH, updated: ["aws_iam_role_policy.api_task_definition_task_role_policy"] });
  });

  it("remove a file system from the code and keep its files", async () => {
    const FILES = "aws_efs_file_system.files";
    const retained = { retain: [FILES] };
    const mounted = (stack: EcsClusterStack): Props => ({
      volumes: { data: { fileSystem: filesOf(stack, "files").fileSystemId } },
      mountPoints: { "/data": "data" },
    });
    const unmounted = (stack: EcsClusterStack): Props => {
      filesOf(stack, "files");
      return {};
    };
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(version(mounted));
    expect((await state.apply(version(mounted, retained))).operations).toEqual([]);
    expect(await state.apply(version(unmounted, retained))).toMatchObject({ ...SMOOTH, replaced: [] });
    const removed = await state.apply(version({}, retained));
    expect(removed).toMatchObject(SMOOTH);
    expect(removed.deleted).not.toContain(FILES);
    expect((await state.apply(version({}))).operations).toEqual([]);
    const { resources } = await system.session.account();
    expect(resources.map(({ type }) => type)).toContain("aws_efs_file_system");
  });

  it("move files to a file system with another key", async () => {
    const withKeys = (...mounted: readonly ("first" | "second")[]) =>
      version((stack) => {
        const keys = Object.fromEntries(
          (["first", "second"] as const).map((id) => [
            id,
            new EncryptionKey(stack, id, { name: id, region: "ap-northeast-2" }),
          ]),
        );
        const volumes = mounted.map((id) => [id, { fileSystem: filesOf(stack, `${id}-files`, keys[id]).fileSystemId }]);
        return {
          volumes: Object.fromEntries(volumes),
          mountPoints: Object.fromEntries(mounted.map((id) => [`/${id}`, id])),
        };
      });
    const state = await start();
    await state.apply(withKeys("first"));
    expect(await state.apply(withKeys("first", "second"))).toMatchObject({ ...SMOOTH, deleted: [], replaced: [] });
    const removed = await state.apply(withKeys("second"));
    expect(removed).toMatchObject({ ...SMOOTH, replaced: [] });
    expect(removed.deleted).toContain("aws_efs_file_system.first_files");
  });

  describe("the customer key of a repository", () => {
    const REPOSITORY = "aws_ecr_repository.api_image_repository";
    const withRepository = (settings: EcsClusterSettings) =>
      version({ image: undefined, ecrRepository: true }, settings);
    const untouched = expect.not.arrayContaining([expect.stringMatching(/^aws_ecr_/)]);
    const UNTOUCHED = { ...SMOOTH, created: untouched, updated: untouched, deleted: untouched, replaced: [] };

    it("is switched on and off while the repository stays as it is", async () => {
      const system = await RunningSystem.start(lab, EXAMPLE_FIXTURES);
      const state = system.state();
      await state.apply(withRepository({}));
      expect(await state.apply(withRepository({ customerKey: true }))).toMatchObject(UNTOUCHED);
      expect(await state.apply(withRepository({}))).toMatchObject(UNTOUCHED);
    });

    it("stays in AWS for a repository that was created with it", async () => {
      const retain = ["aws_kms_key.encryption_key"];
      const system = await RunningSystem.start(lab, EXAMPLE_FIXTURES);
      const state = system.state();
      await state.apply(withRepository({ customerKey: true }));
      const off = await state.apply(withRepository({ retain }));
      expect(off).toMatchObject({ ...UNTOUCHED, deleted: ["aws_kms_alias.encryption_key_alias"] });
      expect((await state.apply(withRepository({}))).operations).toEqual([]);
      const { resources } = await system.session.account();
      const keys = resources.filter(({ type }) => type === "aws_kms_key").map(({ values }) => values.arn);
      const [repository] = resources.filter(({ type }) => type === "aws_ecr_repository");
      expect(repository?.values.encryption_configuration).toEqual([
        expect.objectContaining({ encryption_type: "KMS", kms_key: keys[0] }),
      ]);
    });

    it("changes when the repository is created again", async () => {
      const system = await RunningSystem.start(lab, EXAMPLE_FIXTURES);
      const [state, people] = [system.state(), system.state()];
      await state.apply(withRepository({}));
      await state.apply(withRepository({ customerKey: true }));
      // In place of `aws ecr delete-repository`.
      await people.configure(partOf(synthesized(withRepository({})()) as Configuration, REPOSITORY));
      await people.terraform.init();
      const imported = await people.terraform.run(["import", "-input=false", REPOSITORY, "ecs/api"]);
      expect([imported.status, imported.stderr]).toEqual([0, ""]);
      expect((await people.terraform.destroy()).status).toBe(0);
      await state.configure(withRepository({ customerKey: true }));
      expect((await state.terraform.apply("-target", REPOSITORY)).status).toBe(0);
      const rest = await state.apply(withRepository({ customerKey: true }));
      expect(rest).toMatchObject({ ...SMOOTH, replaced: [] });
      const { resources } = await system.session.account();
      const [repository] = resources.filter(({ type }) => type === "aws_ecr_repository");
      expect(repository?.values.encryption_configuration).toEqual([
        expect.objectContaining({ encryption_type: "KMS" }),
      ]);
    });
  });

  it("import the log group of a service that is created again", async () => {
    const LOGS = "aws_cloudwatch_log_group.api_task_definition_log_group";
    const state = await start();
    await state.apply(version({}));
    await state.apply(version({ retainLogGroup: true }));
    await state.apply(version(undefined));
    await state.configure(version({}));
    const imported = await state.terraform.run(["import", "-input=false", LOGS, "/ecs/ecs/api"]);
    expect([imported.status, imported.stderr]).toEqual([0, ""]);
    await state.apply(version({}));
  });

  it("name the cluster of a second state differently", async () => {
    const system = await RunningSystem.start(lab);
    const [first, second] = [system.state(), system.state()];
    await first.apply(version(undefined));
    await second.expectFailure(version(undefined), "ResourceAlreadyExistsException");
    await second.destroy();
    await second.apply(version(undefined, { values: { name: "other" } }));
    await first.expectNoChanges();
  });
});
