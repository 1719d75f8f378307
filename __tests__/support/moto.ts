import { join, resolve } from "node:path";
import { clientsTo } from "./moto-clients";
import { type Planted, plant } from "./moto-cluster";
import { MotoProxy } from "./moto-proxy";
import { startMoto } from "./moto-server";
import { pythonWith } from "./python";

const FOLDER = resolve("cli/doctor/moto");
const REQUIREMENTS = join(FOLDER, "requirements.txt");

/** Credentials that every client accepts and nobody has. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "moto",
  AWS_SECRET_ACCESS_KEY: "moto",
  // The SDK warns on each start of versions to come; the one that is used is pinned.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
} as const;

/** Every requirement is named with its hash. Few of all these modules are ever imported: those are compiled then. */
const OPTIONS = ["--require-hashes", "--no-deps", "--no-compile"];

/** The Python that has moto. @throws where it can't be had */
const pythonWithMoto = (): string => pythonWith("moto", REQUIREMENTS, ...OPTIONS);

/** An account with a healthy cluster, kept as such. */
export interface Moto {
  readonly proxy: MotoProxy;
  readonly planted: Planted;
}

/**
 * A `describe` for tests that ask a moto server. Without Python, or where moto can't be installed, they are skipped with
 * a line that says so; in CI (`CI=true`) that is a failure, because nobody reads that line there.
 */
export function describeMoto(name: string, body: (moto: () => Moto) => void): void {
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
    let proxy: MotoProxy | undefined;
    let moto: Moto | undefined;
    const before = { ...process.env };
    beforeAll(async () => {
      Object.assign(process.env, CREDENTIALS);
      proxy = new MotoProxy(startMoto(python, join(FOLDER, "serve.py")));
      moto = { proxy, planted: await plant(clientsTo(proxy)) };
      await proxy.keep();
    });
    afterAll(async () => {
      await proxy?.stop();
      for (const key of Object.keys(CREDENTIALS)) {
        if (before[key] === undefined) delete process.env[key];
        else process.env[key] = before[key];
      }
    });
    body(() => moto as Moto);
  });
}
