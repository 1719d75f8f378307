import { type Clients, clientsOf } from "../../cli/doctor/aws/clients";
import { REGION } from "./moto-access";
import type { MotoProxy } from "./moto-proxy";

type Handler = Clients["sts"]["config"]["requestHandler"];

/** Returns clients that call moto without HTTP, which would take two thirds of the time. */
export function clientsTo(moto: MotoProxy): Clients {
  const handle: Handler["handle"] = async ({ method, path, headers: given, body = "" }) => {
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
    const answer = await moto.answer({ method, url: path, headers, body: textOf(body) });
    const names = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const response = { statusCode: answer.status, headers: Object.fromEntries(names), body: Buffer.from(answer.body) };
    return { response: response as never };
  };
  const clients = clientsOf(REGION, "http://localhost");
  for (const client of Object.values(clients) as { config: { requestHandler: Pick<Handler, "handle"> } }[]) {
    client.config.requestHandler = { handle };
  }
  return clients;
}

const textOf = (body: string | Uint8Array): string =>
  typeof body === "string" ? body : new TextDecoder().decode(body);
