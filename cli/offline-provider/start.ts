import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountContents } from "./account/account";
import type { ChildReply, ParentRequest } from "./child";
import { type Configuration, type TypesInUse, typesIn, unionOf } from "./configuration";
import type { Fixtures } from "./data/fixtures";
import type { Served } from "./provider";
import type { ObjectValue } from "./wire/values";

/** What a provider serves. */
export interface ServeOptions {
  /** Parsed Terraform JSON. The provider derives the schema of its types. @default - none */
  readonly configuration?: Configuration | readonly Configuration[];
  /** More types, such as those of `typesInFolder`. @default - none */
  readonly types?: TypesInUse;
  /** The account that data sources read. @default DEFAULT_FIXTURES */
  readonly fixtures?: Partial<Fixtures>;
}

/** The environment variables with which Terraform uses the offline provider. */
export interface ProviderEnv {
  readonly TF_REATTACH_PROVIDERS: string;
  readonly TF_CLI_CONFIG_FILE: string;
  readonly CHECKPOINT_DISABLE: string;
}

/** A socket with its own configuration and fixtures. */
export interface OfflineSession {
  /** Use it as `{ ...process.env, ...env }`. `serve` does not change it. */
  readonly env: ProviderEnv;
  /** Serves another configuration and other fixtures. An omitted option has its default. */
  serve(options: ServeOptions): Promise<void>;
  /** Ends the deployments and instance refreshes that no apply waited for. The next Terraform command also ends them. */
  settle(): Promise<void>;
  /**
   * Changes attributes of a resource of the account, as another client of AWS does: a pipeline, ECS or an operator. Terraform
   * sees them at the next refresh.
   */
  change(type: string, id: string, values: ObjectValue): Promise<void>;
  /** Returns the resources and the history of the session's account. */
  account(): Promise<AccountContents>;
}

export interface RunningProvider extends OfflineSession {
  /** A temporary folder. It is deleted when the process ends for any reason, so callers can put temporary files in it. */
  readonly folder: string;
  /** Opens another socket of the same process, for test cases that run at the same time. */
  open(options: ServeOptions): Promise<OfflineSession>;
  /** Ends the process and deletes its folder. Otherwise both happen when this process ends. */
  stop(): Promise<void>;
}

/** The addresses of the AWS provider in Terraform and in OpenTofu. */
const PROVIDER_ADDRESSES = ["registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"];

/**
 * Starts the offline provider in its own process. It runs until `stop` or until this process ends. The provider needs its
 * own process, because callers such as the Jest matchers of CDKTF block theirs while Terraform runs.
 * @param bindings the folder of the package of the AWS provider. By default, the one that the folder of this process has
 * @throws {Error} when the process does not start
 */
export async function startOfflineProvider(options: ServeOptions = {}, bindings?: string): Promise<RunningProvider> {
  const folder = mkdtempSync(join(tmpdir(), "offline-provider-"));
  const cliConfig = join(folder, "terraform.rc");
  writeFileSync(cliConfig, "");
  const child = spawnChild(folder, bindings);
  const calls = new Calls(child);
  let sessions = 0;

  const open = async (opened: ServeOptions): Promise<OfflineSession> => {
    const name = String(++sessions);
    const { socket = "" } = await calls.send({ open: name, served: servedOf(opened) });
    return {
      env: envFor(child, socket, cliConfig),
      serve: async (next) => {
        await calls.send({ update: name, served: servedOf(next) });
      },
      settle: async () => {
        await calls.send({ settle: name });
      },
      change: async (type, id, values) => {
        await calls.send({ change: name, type, id, values });
      },
      account: async () => (await calls.send({ contents: name })).contents ?? { resources: [], history: [] },
    };
  };
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      if (child.connected) child.disconnect();
      child.ref();
      await ended;
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

function spawnChild(folder: string, bindings = ""): ChildProcess {
  const child = fork(join(__dirname, "run-child.js"), [folder, bindings], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  // Without this, the child would keep this process running. The child ends when this process ends.
  child.unref();
  child.channel?.unref();
  return child;
}

function servedOf({ configuration = [], types, fixtures }: ServeOptions): Served {
  const used = typesIn(...((Array.isArray(configuration) ? configuration : [configuration]) as Configuration[]));
  return { types: types ? unionOf(used, types) : used, fixtures };
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
    TF_REATTACH_PROVIDERS: JSON.stringify(Object.fromEntries(PROVIDER_ADDRESSES.map((address) => [address, reattach]))),
    TF_CLI_CONFIG_FILE: cliConfig,
    CHECKPOINT_DISABLE: "1",
  };
}

type Unnumbered = ParentRequest extends infer R ? (R extends ParentRequest ? Omit<R, "number"> : never) : never;

/** Sends requests to the child. A reply has the number of its request. */
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

  public send(request: Unnumbered): Promise<ChildReply> {
    const number = ++this.count;
    return new Promise((resolve, reject) => {
      // While it waits for a reply, this process must not end. Otherwise it would exit with 0 when the child fails.
      this.child.ref();
      this.child.channel?.ref();
      this.waiting.set(number, { resolve, reject });
      const failed = (error: Error | null) => error && this.take(number)?.reject(error);
      try {
        this.child.send({ number, ...request }, failed);
      } catch (error) {
        // Fixtures and configurations must be plain data. A function in them cannot be sent to another process.
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
