import { ofType, type Part } from "./synthesized";

/** A container as the API of ECS names it. References are text: `aws_cloudwatch_log_group.task.name`. */
type Definition = Part & { readonly logConfiguration?: unknown; readonly firelensConfiguration?: unknown };

/** Returns the containers of the only task definition, whose text is an expression of Terraform. */
export function evaluatedDefinitions(json: Part): readonly Definition[] {
  const [definition, other] = Object.values(ofType(json, "aws_ecs_task_definition"));
  if (definition === undefined || other !== undefined) throw new Error("There must be one task definition.");
  const [, body = ""] = /^\$\{jsonencode\((.*)\)\}$/s.exec(String(definition.container_definitions)) ?? [];
  const entries = body
    .replace(/"((?:[^"\\]|\\.)*)" = /g, '"$1": ')
    .replace(/(: |\[)((?:data\.)?[a-z]\w*(?:\.\w+)+)/g, '$1"$2"');
  return JSON.parse(entries) as readonly Definition[];
}
