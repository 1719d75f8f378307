import { rmSync } from "node:fs";
import { join } from "node:path";
import type { AccountContents } from "./account/account";
import { OfflineProvider, type Served } from "./provider";
import { useBindings } from "./schema/bindings";
import { listen } from "./wire/server";
import type { ObjectValue } from "./wire/values";

/** A request of the parent. Every request has one reply with the same number. */
export type ParentRequest =
  | { readonly number: number; readonly open: string; readonly served: Served }
  | { readonly number: number; readonly update: string; readonly served: Served }
  | { readonly number: number; readonly settle: string }
  | {
      readonly number: number;
      readonly change: string;
      readonly type: string;
      readonly id: string;
      readonly values: ObjectValue;
    }
  | { readonly number: number; readonly contents: string };

export interface ChildReply {
  readonly number: number;
  /** The new socket. */
  readonly socket?: string;
  /** The contents of the session's account. */
  readonly contents?: AccountContents;
  readonly error?: string;
}

/** The folder with the sockets of this process, which deletes it at its end, and the folder of the bindings. */
const [, , folder, bindings] = process.argv;
if (!folder || !process.send) throw new Error("startOfflineProvider must start child.ts. Do not start it yourself.");
if (bindings) useBindings(bindings);

const providers = new Map<string, OfflineProvider>();

process.on("message", async (request: ParentRequest) => {
  const reply = (rest: Omit<ChildReply, "number">) => process.send?.({ number: request.number, ...rest });
  try {
    if ("open" in request) {
      const provider = new OfflineProvider(request.served);
      const socket = join(folder, `${request.open}.sock`);
      await listen(provider, socket);
      providers.set(request.open, provider);
      reply({ socket });
    } else if ("update" in request) {
      providers.get(request.update)?.serve(request.served);
      reply({});
    } else if ("settle" in request) {
      providers.get(request.settle)?.settle();
      reply({});
    } else if ("change" in request) {
      providers.get(request.change)?.change(request.type, request.id, request.values);
      reply({});
    } else reply({ contents: providers.get(request.contents)?.contents() });
  } catch (error) {
    reply({ error: (error as Error).message });
  }
});

function leave(): never {
  rmSync(folder as string, { recursive: true, force: true });
  process.exit(0);
}

// The channel closes when the parent ends for any reason. So this process never outlives its parent.
process.on("disconnect", leave);
if (!process.connected) leave();
process.on("SIGTERM", leave);
process.on("SIGHUP", () => {});
// Ctrl-C sends SIGINT to every process of the group. Terraform still needs the provider until it has ended.
process.on("SIGINT", () => {});
