import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Call, MotoAnswer, MotoServer } from "./moto-server";

/** Changes an answer of moto. */
export type Overlay = (answer: Answer) => Answer;

/**
 * The other services whose answers a change affects: target groups show whether an instance runs, and Auto Scaling groups
 * start and terminate instances.
 */
const AFFECTED: Readonly<Record<string, readonly string[]>> = {
  ec2: ["autoscaling", "elasticloadbalancing"],
  autoscaling: ["ec2", "elasticloadbalancing"],
};

/**
 * Replaces AWS: passes calls to moto, records them, and applies overlays to answers, for facts that moto does not simulate
 * (host ports of tasks, disconnected agents, unhealthy targets, denied calls).
 */
export class MotoProxy {
  /** The recorded calls, with their names in IAM: `ecs:DescribeClusters`. */
  readonly calls = new Set<string>();
  /** The overlays, by action. */
  readonly overlays = new Map<string, Overlay>();
  /** The answers about the saved state. They are valid until a change affects their service. */
  private readonly cached = new Map<string, MotoAnswer>();
  /** The services whose answers may differ from the saved state. */
  private readonly changed = new Set<string>();
  private server?: Server;

  constructor(private readonly moto: MotoServer) {}

  async answer(call: Call): Promise<MotoAnswer> {
    const { service, action } = actionOf(call);
    this.calls.add(`${service}:${action}`);
    if (!/^(Describe|Get|List)/.test(action)) {
      for (const one of [service, ...(AFFECTED[service] ?? [])]) this.changed.add(one);
    }
    const isCurrent = !this.changed.has(service);
    const key = `${service}:${action} ${call.url} ${call.body}`;
    const answer =
      UNSUPPORTED[action] ?? (isCurrent ? this.cached.get(key) : undefined) ?? (await this.moto.call(call));
    if (isCurrent) this.cached.set(key, answer);
    const { status, body } = this.overlays.get(action)?.(answer) ?? answer;
    // The length can differ after an overlay.
    const { "Content-Length": _, ...headers } = answer.headers;
    return { status, headers, body };
  }

  /** Saves the state of the account. */
  async keep(): Promise<void> {
    await this.moto.keep();
    this.cached.clear();
    this.changed.clear();
  }

  /** Restores the saved state, and removes the overlays. */
  async restore(): Promise<void> {
    this.overlays.clear();
    if (this.changed.size > 0) await this.moto.restore();
    this.changed.clear();
  }

  /** Starts an HTTP server for calls. @returns its URL */
  async listen(): Promise<string> {
    this.server = createServer((request, response) => {
      void (async () => {
        const { method = "", url = "", headers } = request;
        const answer = await this.answer({ method, url, headers, body: await text(request) });
        response.writeHead(answer.status, answer.headers);
        response.end(answer.body);
      })().catch((error: Error) => response.destroy(error));
    });
    const { server } = this;
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.close();
    this.server?.closeAllConnections();
    await this.moto.stop();
  }
}

/**
 * Returns the service and the action of a call. JSON services name the action in a header, and query services in the body. Those
 * with CBOR have it at the end of the path, and EventBridge Scheduler has the method and the path.
 */
function actionOf({ method, url, headers, body }: Call): { service: string; action: string } {
  const target = headers["x-amz-target"];
  const [, operation] = /\/operation\/(\w+)$/.exec(url) ?? [];
  const [, kind, name] = /^\/(schedule)s(?:\/([^?]+))?/.exec(url) ?? [];
  const verb = { GET: name ? "Get" : "List", POST: "Create", PUT: "Update", DELETE: "Delete" }[method];
  const service = /Credential=[^/]+\/[0-9]+\/[^/]+\/([^/]+)\//.exec(String(headers.authorization))?.[1] ?? "";
  const named = typeof target === "string" ? target.split(".").at(-1) : new URLSearchParams(body).get("Action");
  const rest = kind && `${verb}Schedule${name ? "" : "s"}`;
  return { service: SERVICES[service] ?? service, action: named ?? operation ?? rest ?? "" };
}

/** Answers to calls that moto does not support. */
const UNSUPPORTED: Readonly<Record<string, MotoAnswer>> = {
  DescribePullThroughCacheRules: {
    ...{ status: 200, headers: { "content-type": "application/x-amz-json-1.1" } },
    body: JSON.stringify({ pullThroughCacheRules: [{ ecrRepositoryPrefix: "docker-hub" }] }),
  },
};

/** The prefixes of actions in IAM that differ from the names in signatures. */
const SERVICES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
