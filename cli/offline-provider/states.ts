import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** The file with the state in a working folder. Terraform's local backend uses the same name. */
const STATE_FILE = "terraform.tfstate";

/** A resource or data source in a state. */
export interface StateResource {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: its attributes depend on the type
  readonly values: Readonly<Record<string, any>>;
}

export interface State {
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources: readonly StateResource[];
}

/** A resource in Terraform's state file, with all of its instances. */
interface KeptResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** @default - the root module */
  readonly module?: string;
  readonly instances: readonly { readonly index_key?: unknown; readonly attributes: StateResource["values"] }[];
}

/** The folders with states. The index of a folder is part of its address. */
const folders: string[] = [];
let listening: Promise<string> | undefined;

/**
 * Returns the address of a folder's state for Terraform's `http` backend, which sends the state once per command. The local
 * backend writes the whole state after each resource. That was a fifth of the time of an apply, and more of a destroy.
 * https://developer.hashicorp.com/terraform/language/backend/http
 */
export async function stateAddress(folder: string): Promise<string> {
  listening ??= listen();
  const known = folders.indexOf(folder);
  return `${await listening}/${known < 0 ? folders.push(folder) - 1 : known}`;
}

/** Returns the state of a folder. */
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
    // Without this, the server would keep the process running after its work.
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
