import { ofType, type Stack } from "../stack";
import { type JsonObject, objects } from "../terraform-json/configuration";
import { code, section, table } from "./markdown";

/** What containers of a task can reach beyond their own task, each with the test for it. */
const RIGHTS: readonly (readonly [text: string, test: (body: JsonObject) => boolean])[] = [
  [
    "host network: all ports of the instance, and the credentials of the instance role",
    (body) => body.network_mode === "host",
  ],
  ["host PID: all processes of the instance", (body) => body.pid_mode === "host"],
  ["host IPC: the shared memory of the instance", (body) => body.ipc_mode === "host"],
  [
    "privileged: everything on the instance",
    ({ container_definitions: text }) => /"privileged" = true/.test(String(text)),
  ],
  [
    "`docker.sock`: all containers of the instance",
    (body) => objects(body.volume).some(({ host_path: path }) => /docker\.sock$/.test(String(path))),
  ],
];

/** The task definitions whose containers have more rights than others. */
export function rights(stack: Stack): string {
  const rows = ofType(stack, "aws_ecs_task_definition").flatMap(({ address, body }) => {
    const texts = RIGHTS.flatMap(([text, test]) => (test(body) ? [text] : []));
    return texts.length > 0 ? [[code(address), texts.join("; ")]] : [];
  });
  return section(
    "Tasks with more rights than others",
    rows.length > 0 && "The images of these tasks need the same trust as the instances.",
    table(["Task definition", "Rights"], rows),
  );
}
