import { rmSync } from "node:fs";
import { join } from "node:path";
import type { AccountContents } from "./account/account";
import { OfflineProvider, type Served } from "./provider";
import { listen } from "./wire/server";

/** What the parent asks; every request has one reply with its number. */
export type ParentRequest =
  | { readonly number: number; readonly open: string; readonly served: Served }
  | { readonly number: number; readonly update: string; readonly served: Served }
  | { readonly number: number; readonly settle: string }
  | { readonly number: number; readonly contents: string };

export interface ChildReply {
  readonly number: number;
  /** The socket that was opened. */
  readonly socket?: string;
  /** What the session's account holds. */
  readonly contents?: AccountContents;
  readonly error?: string;
}

/** The folder of this run alone: its sockets are in it, and it goes when this process goes. */
const folder = process.argv[2];
if (!folder || !process.send) throw new Error("child.ts is started by startOfflineProvider, not by hand.");

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
    } else reply({ contents: providers.get(request.contents)?.contents() });
  } catch (error) {
    reply({ error: (error as Error).message });
  }
});

function leave(): never {
  rmSync(folder as string, { recursive: true, force: true });
  process.exit(0);
}

// The channel closes when the parent ends, however it ends: there is no run without a parent to clean up after it.
process.on("disconnect", leave);
if (!process.connected) leave();
process.on("SIGTERM", leave);
process.on("SIGHUP", () => {});
// Ctrl-C reaches the whole group: Terraform still needs the provider to finish in good order.
process.on("SIGINT", () => {});
