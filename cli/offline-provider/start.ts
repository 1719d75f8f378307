import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountContents } from "./account/account";
import type { ChildReply, ParentRequest } from "./child";
import { type Configuration, type TypesInUse, typesIn, unionOf } from "./configuration";
import type { Fixtures } from "./data/fixtures";
import type { Served } from "./provider";

/** What a provider is to serve. */
export interface ServeOptions {
  /** Parsed Terraform JSON; the schema is derived for the types that it names. @default - none */
  readonly configuration?: Configuration | readonly Configuration[];
  /** Types beyond those of the configuration, as `typesInFolder` finds them. @default - none */
  readonly types?: TypesInUse;
  /** The account that data sources look into. @default DEFAULT_FIXTURES */
  readonly fixtures?: Partial<Fixtures>;
}

/** What Terraform has to find in its environment to use the offline provider. */
export interface ProviderEnv {
  readonly TF_REATTACH_PROVIDERS: string;
  readonly TF_CLI_CONFIG_FILE: string;
  readonly CHECKPOINT_DISABLE: string;
}

/** One socket with a configuration and fixtures of its own. */
export interface OfflineSession {
  /** For `{ ...process.env, ...env }`; it stays the same when something else is served. */
  readonly env: ProviderEnv;
  /** Serves another configuration or other fixtures from now on; what isn't given is the default again. */
  serve(options: ServeOptions): Promise<void>;
  /** Ends the deployments and instance refreshes that no apply waited for. The next command of Terraform does so too. */
  settle(): Promise<void>;
  /** What the session's account holds after all applies through this session, and what happened in it. */
  account(): Promise<AccountContents>;
}

export interface RunningProvider extends OfflineSession {
  /** A temporary folder that goes with the process, however it ends: the place for whatever else must go with it. */
  readonly folder: string;
  /** Another socket of the same process, for cases that run at the same time. */
  open(options: ServeOptions): Promise<OfflineSession>;
  /** Ends the process and removes its folder. Without it that happens when this process ends. */
  stop(): Promise<void>;
}

/** The address under which Terraform knows the provider. */
const PROVIDER_ADDRESS = "registry.terraform.io/hashicorp/aws";

/**
 * Starts the offline provider in a process of its own, which serves until `stop` or until this process ends. It is its
 * own process because callers may block theirs while Terraform runs, as cdktf's jest matchers do.
 * @throws Error when the process doesn't come up
 */
export async function startOfflineProvider(options: ServeOptions = {}): Promise<RunningProvider> {
  const folder = mkdtempSync(join(tmpdir(), "offline-provider-"));
  const cliConfig = join(folder, "terraform.rc");
  writeFileSync(cliConfig, "");
  const child = spawnChild(folder);
  const calls = new Calls(child);
  let sessions = 0;

  const open = async (opened: ServeOptions): Promise<OfflineSession> => {
    const name = String(++sessions);
    const { socket = "" } = await calls.ask({ open: name, served: servedOf(opened) });
    return {
      env: envFor(child, socket, cliConfig),
      serve: async (next) => {
        await calls.ask({ update: name, served: servedOf(next) });
      },
      settle: async () => {
        await calls.ask({ settle: name });
      },
      account: async () => (await calls.ask({ contents: name })).contents ?? { resources: [], history: [] },
    };
  };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      if (child.connected) child.disconnect();
      child.ref();
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await open(options)), folder, open, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function spawnChild(folder: string): ChildProcess {
  const child = fork(join(__dirname, "run-child.js"), [folder], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  // It must not keep this process alive: its end is what ends the child.
  child.unref();
  child.channel?.unref();
  return child;
}

function servedOf({ configuration = [], types, fixtures }: ServeOptions): Served {
  const named = typesIn(...((Array.isArray(configuration) ? configuration : [configuration]) as Configuration[]));
  return { types: types ? unionOf(named, types) : named, fixtures };
}

function envFor(child: ChildProcess, socket: string, cliConfig: string): ProviderEnv {
  const reattach = {
    Protocol: "grpc",
    ProtocolVersion: 5,
    Pid: child.pid,
    Test: true,
    Addr: { Network: "unix", String: socket },
  };
  return {
    TF_REATTACH_PROVIDERS: JSON.stringify({ [PROVIDER_ADDRESS]: reattach }),
    TF_CLI_CONFIG_FILE: cliConfig,
    CHECKPOINT_DISABLE: "1",
  };
}

type Unnumbered = ParentRequest extends infer R ? (R extends ParentRequest ? Omit<R, "number"> : never) : never;

/** Requests to the child, each with the reply that has its number. */
class Calls {
  private readonly waiting = new Map<number, { resolve(reply: ChildReply): void; reject(error: Error): void }>();
  private count = 0;

  public constructor(private readonly child: ChildProcess) {
    child.on("message", (reply: ChildReply) => {
      const call = this.take(reply.number);
      if (reply.error === undefined) call?.resolve(reply);
      else call?.reject(new Error(reply.error));
    });
    child.on("exit", (code, signal) => {
      for (const number of [...this.waiting.keys()]) {
        this.take(number)?.reject(
          new Error(`The offline provider's process ended (${signal ?? `exit code ${code}`}).`),
        );
      }
    });
  }

  public ask(request: Unnumbered): Promise<ChildReply> {
    const number = ++this.count;
    return new Promise((resolve, reject) => {
      // Its end is an answer too: were it not waited for, this process would end with it, and with 0.
      this.child.ref();
      this.child.channel?.ref();
      this.waiting.set(number, { resolve, reject });
      const failed = (error: Error | null) => error && this.take(number)?.reject(error);
      try {
        this.child.send({ number, ...request }, failed);
      } catch (error) {
        // Fixtures and configurations are plain data: a function in them can't cross to the process.
        failed(error as Error);
      }
    });
  }

  private take(number: number) {
    const call = this.waiting.get(number);
    this.waiting.delete(number);
    if (this.waiting.size === 0) {
      this.child.unref();
      this.child.channel?.unref();
    }
    return call;
  }
}
