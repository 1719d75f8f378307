import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Call, MotoAnswer, MotoServer } from "./moto-server";

/** Makes another answer of moto's own. */
export type Overlay = (answer: Answer) => Answer;

/**
 * Where else a change shows than in its own service: target groups know whether an instance runs, and auto scaling
 * groups make and end instances.
 */
const SHOWS_IN: Readonly<Record<string, readonly string[]>> = {
  ec2: ["autoscaling", "elasticloadbalancing"],
  autoscaling: ["ec2", "elasticloadbalancing"],
};

/**
 * What stands for AWS: it hands calls to moto, writes down what is called, and can lay something over an answer, for the few
 * things that moto doesn't know (host ports of tasks, agents that are not connected, targets that fail, refusals).
 */
export class MotoProxy {
  /** The calls so far, as IAM names them: `ecs:DescribeClusters`. */
  readonly calls = new Set<string>();
  /** What is laid over the answers to an action. */
  readonly overlays = new Map<string, Overlay>();
  /** What moto answered about the account as it was kept: while nothing is changed that a service shows, the same question has the same answer. */
  private readonly known = new Map<string, MotoAnswer>();
  /** The services that may answer something else than about the account as it was kept. */
  private readonly changed = new Set<string>();
  private server?: Server;

  constructor(private readonly moto: MotoServer) {}

  async answer(call: Call): Promise<MotoAnswer> {
    const { service, action } = called(call);
    this.calls.add(`${service}:${action}`);
    if (!/^(Describe|Get|List)/.test(action)) {
      for (const one of [service, ...(SHOWS_IN[service] ?? [])]) this.changed.add(one);
    }
    const isKept = !this.changed.has(service);
    const question = `${service}:${action} ${call.body}`;
    const answer = (isKept ? this.known.get(question) : undefined) ?? (await this.moto.call(call));
    if (isKept) this.known.set(question, answer);
    const { status, body } = this.overlays.get(action)?.(answer) ?? answer;
    // Another body has another length.
    const { "Content-Length": _, ...headers } = answer.headers;
    return { status, headers, body };
  }

  /** Remembers the whole account as it is now. */
  async keep(): Promise<void> {
    await this.moto.keep();
    this.known.clear();
    this.changed.clear();
  }

  /** Puts the account back to what was kept, with nothing laid over its answers. */
  async restore(): Promise<void> {
    this.overlays.clear();
    if (this.changed.size > 0) await this.moto.restore();
    this.changed.clear();
  }

  /** Answers by HTTP too, as AWS does. @returns where */
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

/** Which call a request is: the JSON services name it in a header, the others in the form. */
function called({ headers, body }: Call): { service: string; action: string } {
  const target = headers["x-amz-target"];
  const service = /Credential=[^/]+\/[0-9]+\/[^/]+\/([^/]+)\//.exec(String(headers.authorization))?.[1] ?? "";
  const action = typeof target === "string" ? target.split(".").at(-1) : new URLSearchParams(body).get("Action");
  return { service, action: action ?? "" };
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
