import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { lean } from "../src/lean";
import { emptyStack, resource, synthesized } from "./support/synthesized";

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

  it("is one class each time, of the resource's name and type", () => {
    expect(lean(EcsService)).toBe(lean(EcsService));
    expect(lean(EcsService).name).toBe("EcsService");
    expect(lean(EcsService).tfResourceType).toBe("aws_ecs_service");
  });
});
