import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Where a working folder's state is, as Terraform's local backend would have it too. */
const STATE_FILE = "terraform.tfstate";

/** What was made or looked up. */
export interface StateResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds depends on its type
  readonly values: Readonly<Record<string, any>>;
}

export interface State {
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources: readonly StateResource[];
}

/** What Terraform keeps of a resource, under all of its keys. */
interface KeptResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** @default - it is of the root */
  readonly module?: string;
  readonly instances: readonly { readonly index_key?: unknown; readonly attributes: StateResource["values"] }[];
}

/** The folders whose states are kept, each by its number. */
const folders: string[] = [];
let listening: Promise<string> | undefined;

/**
 * The address of a folder's state for Terraform's `http` backend, which sends it once a command. The local backend
 * writes all of it anew after each resource: that took a fifth of a stack's apply and two fifths of its destruction.
 * https://developer.hashicorp.com/terraform/language/backend/http
 */
export async function stateAddress(folder: string): Promise<string> {
  listening ??= listen();
  const known = folders.indexOf(folder);
  return `${await listening}/${known < 0 ? folders.push(folder) - 1 : known}`;
}

/** A folder's state. */
export function readState(folder: string): State {
  const { outputs, resources } = JSON.parse(readFileSync(join(folder, STATE_FILE), "utf8"));
  return { outputs, resources: (resources as KeptResource[]).flatMap(instancesOf) };
}

const instancesOf = ({ mode, type, name, module, instances }: KeptResource): StateResource[] =>
  instances.map(({ index_key, attributes }) => {
    const within = `${module === undefined ? "" : `${module}.`}${mode === "data" ? "data." : ""}`;
    const key = index_key === undefined ? "" : `[${JSON.stringify(index_key)}]`;
    return { address: `${within}${type}.${name}${key}`, mode, type, values: attributes };
  });

function listen(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer(serve);
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    // It must not keep this process alive.
    server.unref();
  });
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const file = join(folders[Number(request.url?.slice(1))] ?? "none", STATE_FILE);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.method === "POST") {
      writeFileSync(file, Buffer.concat(chunks));
      response.end();
    } else if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
}
