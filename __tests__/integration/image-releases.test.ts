import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service, type Ec2ServiceProps, EcsServiceStack, ServiceImage } from "../../src";
import { clusterStack, unwrapped } from "../support/cluster";
import { existingCluster } from "../support/existing-cluster";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { type RunningState, RunningSystem } from "../support/transition";

const NAMES = ["users", "threads", "posts", "search", "worker"] as const;

/** Returns a version of a cluster with five services. */
const five =
  (props: Partial<Ec2ServiceProps> = {}) =>
  () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false, capacityGuards: false });
    for (const name of NAMES) new Ec2Service(stack, name, { cluster: stack, ...props });
    return stack;
  };

/** What a release of `posts` changes: a new revision, and the service that runs it. */
const RELEASE = {
  created: ["aws_ecs_task_definition.posts_task_definition"],
  updated: ["aws_ecs_service.posts"],
  replaced: [],
  deleted: [],
};
const SAFE = { missing: [], lost: [], rejected: [] };
const parameterOf = (name: string) => `/ecs/ecs/${name}/image`;

/** Writes a parameter as a pipeline does. */
const put = (system: RunningSystem, name: string, value: string) =>
  system.change("aws_ssm_parameter", parameterOf(name), { insecure_value: value });

/** Returns an attribute of a resource in a state. */
const attribute = (state: RunningState, address: string, name: string) =>
  state.terraform.state().resources.find((one) => one.address === address)?.values[name];

const desiredCount = (state: RunningState, name: string) =>
  attribute(state, `aws_ecs_service.${name}`, "desired_count");
const containersOf = (state: RunningState, name: string) =>
  JSON.parse(
    String(attribute(state, `aws_ecs_task_definition.${name}_task_definition`, "container_definitions")),
  ) as readonly { readonly image: string }[];

describeTerraform("releases of one service of five with images.auto.tfvars.json", (lab) => {
  const FILE = "images.auto.tfvars.json";

  it("change one line, and nothing else", async () => {
    const terraform = await lab.terraform({ configuration: synthesized(five()()) as Configuration });
    const file = join(terraform.folder, FILE);
    const images = NAMES.map((name) => [`${name}_image`, `example/${name}:1`]);
    writeFileSync(file, JSON.stringify(Object.fromEntries(images), null, 2));
    expect((await terraform.apply()).stderr).toBe("");

    const lines = readFileSync(file, "utf8").split("\n");
    const edited = lines.map((line) => line.replace("example/posts:1", "example/posts:2"));
    expect(edited.filter((line, index) => line !== lines[index])).toHaveLength(1);
    writeFileSync(file, edited.join("\n"));
    const { resource_changes: changes = [] } = await terraform.planJson();
    const changed = changes.filter(
      ({ change }) => change.actions.join() !== "no-op" && change.actions.join() !== "read",
    );
    expect(changed.map(({ address, change }) => [address, change.actions])).toEqual([
      ["aws_ecs_service.posts", ["update"]],
      ["aws_ecs_task_definition.posts_task_definition", ["delete", "create"]],
    ]);
    expect((await terraform.applyPlanned()).stderr).toBe("");
    expect((await terraform.plan()).status).toBe(0);
  });

  it("need the images of the other services without the file", async () => {
    const terraform = await lab.terraform({ configuration: synthesized(five()()) as Configuration });
    const { status, stderr } = await terraform.plan("-var", "posts_image=example/posts:2");
    expect(status).toBe(1);
    expect(unwrapped(stderr)).toContain('The root module input variable "users_image" is not set');
  });
});

describeTerraform("releases with imageParameter", (lab) => {
  it("change only the service whose parameter changed, of five", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(five({ imageParameter: true, image: "example/first:1" }));
    await put(system, "posts", "example/posts:2");
    expect(await state.apply(five({ imageParameter: true, image: "example/first:1" }))).toMatchObject({
      ...SAFE,
      ...RELEASE,
    });
    expect(containersOf(state, "posts")).toMatchObject([{ image: "example/posts:2" }]);
    expect(containersOf(state, "users")).toMatchObject([{ image: "example/first:1" }]);
  });

  it("start the tasks of a new service when its first image is in the repository of the stack", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    const version = five({ imageParameter: true, ecrRepository: true, desiredCount: 2 });
    const created = await state.apply(version);
    expect(created.created).toEqual(
      expect.arrayContaining(["aws_ecr_repository.posts_image_repository", "aws_ssm_parameter.posts_image_parameter"]),
    );
    expect(desiredCount(state, "posts")).toBe(0);

    await put(system, "posts", "7f3a2b1");
    expect(await state.apply(version)).toMatchObject({ ...SAFE, ...RELEASE });
    expect(desiredCount(state, "posts")).toBe(2);
    expect(desiredCount(state, "users")).toBe(0);
    const [{ image = "" } = {}] = containersOf(state, "posts");
    expect(image).toMatch(/^\d{12}\.dkr\.ecr\.ap-northeast-2\.amazonaws\.com\/ecs\/posts:7f3a2b1$/);
  });

  it("never write an older image over one that the pipeline wrote", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(five({ imageParameter: true }));
    await put(system, "posts", "example/posts:2");
    // An image in the code is the first value only, and a change of the tags keeps the value.
    const { updated } = await state.apply(five({ imageParameter: true, image: "example/other:9" }));
    expect(updated).not.toContain("aws_ssm_parameter.posts_image_parameter");
    expect(attribute(state, "aws_ssm_parameter.posts_image_parameter", "insecure_value")).toBe("example/posts:2");
  });

  it("keep the image of a renamed service, and of one without a parameter, when the code names it", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    const version = (props: Partial<Ec2ServiceProps>) => () => {
      const stack = clusterStack({ keyPair: "none", loadBalancer: false, capacityGuards: false });
      new Ec2Service(stack, "posts", { cluster: stack, ...props });
      return stack;
    };
    await state.apply(version({ imageParameter: true, image: "example/posts:1" }));
    await put(system, "posts", "example/posts:2");
    await state.apply(version({ imageParameter: true }));
    expect(containersOf(state, "posts")).toMatchObject([{ image: "example/posts:2" }]);

    const image = "example/posts:2";
    const renamed = await state.apply(version({ imageParameter: true, image, serviceName: "articles" }));
    expect(renamed.replaced).toContain("aws_ssm_parameter.posts_image_parameter");
    expect(containersOf(state, "posts")).toMatchObject([{ image }]);
    const without = await state.apply(version({ image, serviceName: "articles" }));
    expect(without).toMatchObject({ ...SAFE, updated: [], deleted: ["aws_ssm_parameter.posts_image_parameter"] });

    await state.apply(version({ imageParameter: true, image, serviceName: "articles" }));
    await state.apply(version({ imageParameter: true, serviceName: "stories" }));
    expect(desiredCount(state, "posts")).toBe(0);
  });

  it("reject a value that is not an image, before anything changes", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(five({ imageParameter: true, ecrRepository: true }));
    await put(system, "posts", "posts:7f3a2b1");
    await state.expectRejected(
      five({ imageParameter: true, ecrRepository: true }),
      'The value of the SSM parameter /ecs/ecs/posts/image must be the tag of a container image; received "posts:7f3a2b1".',
    );
    await put(system, "posts", "7f3a2b1");
    await state.apply(five({ imageParameter: true, ecrRepository: true }));
  });

  it("start the smallest number of tasks of a service with scaling", async () => {
    const scaling = { minCapacity: 2, maxCapacity: 4, cpuPercent: 60 };
    const version = () => {
      const stack = clusterStack({ keyPair: "none", loadBalancer: false, capacityGuards: false });
      new Ec2Service(stack, "posts", { cluster: stack, imageParameter: true, scaling });
      return stack;
    };
    const target = "aws_appautoscaling_target.posts_scaling";
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(version);
    expect(desiredCount(state, "posts")).toBe(0);
    expect(attribute(state, target, "min_capacity")).toBe(0);
    await put(system, "posts", "example/posts:1");
    expect((await state.apply(version)).updated).toEqual([target, "aws_ecs_service.posts"]);
    expect(attribute(state, target, "min_capacity")).toBe(2);
  });

  it("wait for the images of all containers, which services can share", async () => {
    const version = () => {
      const stack = clusterStack({ keyPair: "none", loadBalancer: false, capacityGuards: false });
      const image = new ServiceImage(stack, "app", { clusterName: "ecs", imageParameter: true });
      const side = new ServiceImage(stack, "side", { clusterName: "ecs", imageParameter: true });
      new Ec2Service(stack, "web", { cluster: stack, image, sidecars: [{ name: "proxy", image: side }] });
      new Ec2Service(stack, "work", { cluster: stack, image });
      return stack;
    };
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(version);
    await put(system, "app", "example/app:1");
    await state.apply(version);
    expect([desiredCount(state, "web"), desiredCount(state, "work")]).toEqual([0, 1]);
    await put(system, "side", "example/side:1");
    await state.apply(version);
    expect([desiredCount(state, "web"), desiredCount(state, "work")]).toEqual([1, 1]);
  });

  it("work in a stack of services, with a repository of the stack", async () => {
    const version = () => {
      const stack = new EcsServiceStack(testApp(), "orders", { values: { clusterName: "ecs" } });
      new Ec2Service(stack, "orders", {
        cluster: stack.cluster,
        containerPort: 8080,
        paths: ["/orders*"],
        imageParameter: true,
        ecrRepository: true,
      });
      return stack;
    };
    const system = await RunningSystem.start(lab, existingCluster());
    const state = system.state();
    await state.apply(version);
    expect(desiredCount(state, "orders")).toBe(0);
    await put(system, "orders", "1");
    const { updated } = await state.apply(version);
    expect(updated).toEqual(["aws_ecs_service.orders"]);
    expect(desiredCount(state, "orders")).toBe(1);
  });
});

describeTerraform("releases with externalDeployments", (lab) => {
  const revision = "arn:aws:ecs:ap-northeast-2:000000000000:task-definition/ecs-posts:42";
  const OUTPUT = "posts_task_definition_to_deploy";

  it("change only the service that the pipeline deployed, of five, and leave the next plan empty", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    const version = five({ externalDeployments: true, image: "example/first:1" });
    await state.apply(version);
    await system.change("aws_ecs_service", String(attribute(state, "aws_ecs_service.posts", "id")), {
      task_definition: revision,
    });
    await state.expectNoChanges();
    expect((await state.apply(version)).operations).toEqual([]);
  });

  it("keep the revision of the pipeline when Terraform registers another, and the plan says so", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(five({ externalDeployments: true, image: "example/first:1" }));
    const id = String(attribute(state, "aws_ecs_service.posts", "id"));
    await system.change("aws_ecs_service", id, { task_definition: revision });
    await state.configure(five({ externalDeployments: true, image: "example/first:1", environment: { A: "b" } }));
    const { stdout } = await state.terraform.plan();
    expect(stdout).toMatch(new RegExp(`Changes to Outputs:[^]*~ ${OUTPUT} +=`));
    expect(stdout).not.toContain("aws_ecs_service.posts will");
    const changes = await state.apply(
      five({ externalDeployments: true, image: "example/first:1", environment: { A: "b" } }),
    );
    expect(changes).toMatchObject({ ...SAFE, updated: [] });
    expect(attribute(state, "aws_ecs_service.posts", "task_definition")).toBe(revision);
  });
});
