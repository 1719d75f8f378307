import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { type MotoProxy, startProxy } from "./moto-proxy";
import { pythonWith } from "./python";

const FOLDER = resolve("tools/doctor/moto");
const REQUIREMENTS = join(FOLDER, "requirements.txt");

/** Credentials that every client accepts and nobody has. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "moto",
  AWS_SECRET_ACCESS_KEY: "moto",
  // The SDK warns on each start of versions to come; the one that is used is pinned.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
} as const;

/** The Python that has moto. @throws where it can't be had */
const pythonWithMoto = (): string => pythonWith("moto", REQUIREMENTS, "--require-hashes");

/**
 * A `describe` for tests that ask a moto server. Without Python, or where moto can't be installed, they are skipped with
 * a line that says so; in CI (`CI=true`) that is a failure, because nobody reads that line there.
 */
export function describeMoto(name: string, body: (moto: () => MotoProxy) => void): void {
  let python = "";
  let reason: string | undefined;
  try {
    python = pythonWithMoto();
  } catch (error) {
    reason = `moto can't be installed: ${(error as Error).message.split("\n").slice(0, 3).join(" ")}`;
  }
  if (reason !== undefined && process.env.CI === "true") {
    describe(name, () => {
      it("needs Python 3.11 with venv, and PyPI, which CI must have", () => {
        throw new Error(reason);
      });
    });
    return;
  }
  if (reason !== undefined) process.stderr.write(`skipped: "${name}", because ${reason}\n`);
  (reason === undefined ? describe : describe.skip)(name, () => {
    let server: ChildProcess | undefined;
    let proxy: MotoProxy | undefined;
    const before = { ...process.env };
    beforeAll(async () => {
      Object.assign(process.env, CREDENTIALS);
      server = spawn(python, [join(FOLDER, "serve.py")], {
        env: { ...process.env, MOTO_ECS_SERVICE_RUNNING: "1" },
        stdio: ["pipe", "pipe", "pipe"],
      });
      proxy = await startProxy(await addressOf(server));
    });
    afterAll(async () => {
      await proxy?.stop();
      const ended = server && new Promise((done) => server?.once("exit", done));
      server?.stdin?.end();
      await ended;
      for (const key of Object.keys(CREDENTIALS)) {
        if (before[key] === undefined) delete process.env[key];
        else process.env[key] = before[key];
      }
    });
    body(() => proxy as MotoProxy);
  });
}

/** Where the server listens: it says so once it does. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = "";
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /Running on (http:\/\/127\.0\.0\.1:[0-9]+)/.exec(said)?.[1];
      if (address) done(address);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("exit", (status) => fail(new Error(`moto ended with ${status}: ${said}`)));
  });
}
