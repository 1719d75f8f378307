import { createServer, request as forward, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server's answer, or what stands for it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Makes another answer of moto's own. */
export type Overlay = (answer: Answer) => Answer;

/**
 * A server between the doctor and moto: it writes down what is called, and can lay something over an answer, for the few
 * things that moto doesn't know (host ports of tasks, agents that are not connected, targets that fail, refusals).
 */
export interface MotoProxy {
  readonly url: string;
  /** The calls so far, as IAM names them: `ecs:DescribeClusters`. */
  readonly calls: Set<string>;
  /** What is laid over the answers to an action. */
  readonly overlays: Map<string, Overlay>;
  /** Back to an empty account. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProxy(moto: string): Promise<MotoProxy> {
  const calls = new Set<string>();
  const overlays = new Map<string, Overlay>();
  const server: Server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const { service, action } = called(request, body);
      calls.add(`${service}:${action}`);
      const answer = await send(`${moto}${request.url}`, request.method, request.headers, body);
      const { status, body: laid } = overlays.get(action)?.(answer) ?? answer;
      response.writeHead(status, answer.headers);
      response.end(laid);
    })().catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    overlays,
    reset: async () => {
      overlays.clear();
      await send(`${moto}/moto-api/reset`, "POST", {}, "");
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
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

type Headers = IncomingMessage["headers"];

function send(url: string, method = "POST", headers: Headers, body: string): Promise<Answer & { headers: Headers }> {
  return new Promise((done, fail) => {
    const outgoing = forward(url, { method, headers }, (incoming) => {
      text(incoming).then((answer) => {
        // Another body has another length, and connections to moto are not the client's.
        const { "content-length": _, connection: __, "transfer-encoding": ___, ...kept } = incoming.headers;
        done({ status: incoming.statusCode ?? 500, body: answer, headers: kept });
      }, fail);
    });
    outgoing.once("error", fail);
    outgoing.end(body);
  });
}
