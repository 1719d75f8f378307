import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import { keptApart, lean } from "../src/lean";
import { at, emptyStack, resource, synthesized } from "./support/synthesized";
import { testApp } from "./support/test-app";

describe("a lean resource", () => {
  const props = { name: "web", cluster: "arn:c", desiredCount: 0, enableEcsManagedTags: false, tags: { a: "b" } };

  it("writes what the resource itself writes", () => {
    const [own, other] = [EcsService, lean(EcsService)].map((Service) => {
      const stack = emptyStack();
      new Service(stack, "web", props).addOverride("triggers", { a: "x" });
      return resource(synthesized(stack), "aws_ecs_service.web");
    });
    expect(other).toEqual(own);
    expect(other).toMatchObject({ desired_count: 0, triggers: { a: "x" } });
  });

  it("hands on no attribute that isn't set", () => {
    const handed = (Service: typeof EcsService) => {
      const service = new Service(emptyStack(), "web", props);
      return Object.values(Object.values(Object.values(service.toTerraform().resource)[0] as object)[0] as object);
    };
    expect(handed(EcsService)).toContain(undefined);
    expect(handed(lean(EcsService))).not.toContain(undefined);
  });

  it("writes itself into a stack that resolves nothing by itself", () => {
    const stack = new TerraformStack(testApp(), "plain");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    new (lean(EcsService))(stack, "web", props);
    expect(at(stack.toTerraform(), "resource", "aws_ecs_service", "web", "name")).toBe("web");
  });

  it("is kept apart while a stack is written, but for one that was imported or moved", () => {
    const stack = emptyStack();
    const [kept, imported] = ["kept", "imported"].map((id) => new (lean(EcsService))(stack, id, props));
    imported?.importFrom("arn");
    const { written, fragments } = keptApart(() => [kept?.toTerraform(), imported?.toTerraform()]);
    expect(written[0]).toEqual({});
    expect(written[1]).toMatchObject({ import: [{ id: "arn" }], resource: { aws_ecs_service: { imported: {} } } });
    expect(fragments).toEqual([kept?.toTerraform()]);
    expect(() => keptApart(() => JSON.parse("{"))).toThrow(SyntaxError);
    expect(kept?.toTerraform().resource).toBeDefined();
  });

  it("is one class each time, of the resource's name and type", () => {
    expect(lean(EcsService)).toBe(lean(EcsService));
    expect(lean(EcsService).name).toBe("EcsService");
    expect(lean(EcsService).tfResourceType).toBe("aws_ecs_service");
  });
});
