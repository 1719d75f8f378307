import { ofType, type Stack } from "../stack";
import { code, section } from "./markdown";

/** The tasks that have a network interface, and so no public address. */
export function addresses(stack: Stack): string {
  const tasks = ofType(stack, "aws_ecs_task_definition").filter(({ body }) => body.network_mode === "awsvpc");
  if (tasks.length === 0) return "";
  return section(
    "Tasks without a public address",
    `${tasks.length === 1 ? "The tasks of this task definition have" : "The tasks of these task definitions have"} a network interface of their own, which has no public address:`,
    tasks.map(({ address }) => `- ${code(address)}`).join("\n"),
    "In a public subnet, such as one of the default VPC, these tasks cannot reach the internet or APIs of AWS. ECS Exec does not work either. They need subnets with a NAT gateway, or VPC endpoints for the services that they call. The instances pull the images, read the secrets and write the logs, so the tasks start without them.",
  );
}
