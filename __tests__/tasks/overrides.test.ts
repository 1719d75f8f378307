import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { TerraformVariable, Testing } from "cdktf";
import { Ec2Service, TaskDefinition } from "../../src";
import { overridden } from "../../src/tasks/overrides";
import { clusterTarget } from "../support/cluster-target";
import { defined, parsed } from "../support/container";
import { problemsOf } from "../support/problems";

Testing.setupJest();

const container = { name: "users", image: "users:7" };

describe("containerOverrides", () => {
  it("merge objects key by key, replace other values, and remove keys with null", () => {
    const definition = { a: { b: 1, c: 2 }, list: [1, 2], gone: 1, kept: 1 };
    const overrides = { a: { b: null, d: { e: 3, f: null } }, list: [3], gone: null, new: "x" };
    expect(overridden(definition, overrides)).toEqual({ a: { c: 2, d: { e: 3 } }, list: [3], kept: 1, new: "x" });
    expect(definition).toEqual({ a: { b: 1, c: 2 }, list: [1, 2], gone: 1, kept: 1 });
  });

  it("are merged last", () => {
    const definition = defined({
      memoryLimitMiB: 512,
      linuxParameters: { sharedMemorySizeMiB: 64 },
      containerOverrides: { memory: 1024, linuxParameters: { maxSwap: 5 }, logConfiguration: null, hostname: "a" },
    });
    expect(definition).toMatchObject({
      memory: 1024,
      linuxParameters: { sharedMemorySize: 64, maxSwap: 5 },
      hostname: "a",
    });
    expect(definition).not.toHaveProperty("logConfiguration");
  });

  it("leave out what is undefined, as JSON does", () => {
    const containerOverrides = { memory: undefined, linuxParameters: { maxSwap: undefined, swappiness: 5 } };
    const definition = defined({ memoryLimitMiB: 512, containerOverrides });
    expect(definition).toMatchObject({ memory: 512, linuxParameters: { swappiness: 5 } });
    expect(definition).not.toHaveProperty("linuxParameters.maxSwap");
  });

  it("apply to the main container and the sidecars of a service, with tokens and text that stays literal", () => {
    const json = Testing.synthScope((stack) => {
      const given = new TerraformVariable(stack, "given", { type: "number" });
      new Ec2Service(stack, "users", {
        cluster: clusterTarget(),
        containerOverrides: { memory: given.numberValue },
        sidecars: [{ name: "proxy", image: "envoy:1", containerOverrides: { hostname: "${a}" } }],
      });
    });
    const definitions = (text: string) => ({ container_definitions: expect.stringContaining(text) });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, definitions('"memory" = var.given'));
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, definitions('"hostname" = "$${a}"'));
  });

  const itself: Record<string, unknown> = {};
  itself.a = [itself];
  it.each<[string, unknown, string]>([
    ["text", "a", 'containerOverrides must be an object of JSON; received "a". Write it in braces: { name: value }.'],
    [
      "a function inside",
      { a: [{ b: () => 1 }] },
      "containerOverrides.a[0].b must be a value of JSON; received a function. Use text, numbers, true, false, null, lists and objects.",
    ],
    [
      "a date",
      { a: new Date(0) },
      "containerOverrides.a must be a value of JSON; received an instance of Date. Use text, numbers, true, false, null, lists and objects.",
    ],
    [
      "undefined in a list",
      { a: [undefined] },
      "containerOverrides.a[0] must be a value of JSON; received nothing. Use text, numbers, true, false, null, lists and objects.",
    ],
    [
      "a value that is no number",
      { a: Number.NaN },
      "containerOverrides.a must be a value of JSON; received NaN. Use text, numbers, true, false, null, lists and objects.",
    ],
    [
      "an object that contains itself",
      itself,
      "containerOverrides.a[0] must be a value of JSON; received a value that contains itself. Use text, numbers, true, false, null, lists and objects.",
    ],
  ])("reject %s", (_, containerOverrides, message) => {
    expect(problemsOf(() => parsed({ containerOverrides }))).toEqual([message]);
  });
});

describe("taskDefinitionOverrides", () => {
  it("are arguments of the resource, merged last", () => {
    const json = Testing.synthScope((stack) => {
      new TaskDefinition(stack, "task", {
        cluster: clusterTarget(),
        name: "users",
        containers: [container],
        taskDefinitionOverrides: {
          family: undefined,
          track_latest: true,
          skip_destroy: false,
          tags: { Team: "orders" },
        },
      });
    });
    expect(json).toHaveResourceWithProperties(EcsTaskDefinition, {
      track_latest: true,
      family: "prod-users",
      skip_destroy: false,
      tags: { Name: "prod-users", Purpose: "Defines the tasks of users", Team: "orders" },
    });
  });
});
