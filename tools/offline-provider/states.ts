import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Where a working folder's state is, as Terraform's local backend would have it too. */
const STATE_FILE = "terraform.tfstate";

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
