import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, MotoAnswer, MotoServer } from "./moto-server";

/** Makes another answer of moto's own. */
export type Overlay = (answer: Answer) => Answer;

/**
 * What stands for AWS: it hands calls to moto, writes down what is called, and can lay something over an answer, for the few
 * things that moto doesn't know (host ports of tasks, agents that are not connected, targets that fail, refusals).
 */
export interface MotoProxy {
  readonly url: string;
  /** The calls so far, as IAM names them: `ecs:DescribeClusters`. */
  readonly calls: Set<string>;
  /** What is laid over the answers to an action. */
  readonly overlays: Map<string, Overlay>;
  /** Remembers the whole account as it is now. */
  keep(): Promise<void>;
  /** Puts the account back to what was kept, with nothing laid over its answers. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProxy(moto: MotoServer): Promise<MotoProxy> {
  const calls = new Set<string>();
  const overlays = new Map<string, Overlay>();
  /** What moto answered about the account as it was kept: while nothing is changed in it, the same question has the same answer. */
  const known = new Map<string, MotoAnswer>();
  let changed = true;
  const server: Server = createServer((request, response) => {
    void (async () => {
      const { method = "", url = "", headers } = request;
      const body = await text(request);
      const { service, action } = called(request, body);
      calls.add(`${service}:${action}`);
      changed ||= !/^(Describe|Get|List)/.test(action);
      const question = `${service}:${action} ${body}`;
      const asked = changed ? undefined : known.get(question);
      const answer = asked ?? (await moto.call({ method, url, headers, body }));
      if (!changed) known.set(question, answer);
      const { status, body: laid } = overlays.get(action)?.(answer) ?? answer;
      // Another body has another length.
      const { "Content-Length": _, ...kept } = answer.headers;
      response.writeHead(status, kept);
      response.end(laid);
    })().catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    overlays,
    keep: async () => {
      await moto.keep();
      known.clear();
      changed = false;
    },
    restore: async () => {
      overlays.clear();
      if (changed) await moto.restore();
      changed = false;
    },
    stop: async () => {
      await new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      });
      await moto.stop();
    },
  };
}

/** Which call a request is: the JSON services name it in a header, the others in the form. */
function called({ headers }: IncomingMessage, body: string): { service: string; action: string } {
  const target = headers["x-amz-target"];
  const service = /Credential=[^/]+\/[0-9]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
  const action = typeof target === "string" ? target.split(".").at(-1) : new URLSearchParams(body).get("Action");
  return { service, action: action ?? "" };
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
