import { join, resolve } from "node:path";
import { clientsTo } from "./moto-clients";
import { type ClusterResources, createCluster } from "./moto-cluster";
import { MotoProxy } from "./moto-proxy";
import { startMoto } from "./moto-server";
import { pythonWith } from "./python";

const FOLDER = resolve("cli/doctor/moto");
const REQUIREMENTS = join(FOLDER, "requirements.txt");

/** Fake credentials. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "moto",
  AWS_SECRET_ACCESS_KEY: "moto",
  // The AWS SDK warns that later versions require a newer Node. This project pins its version.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
} as const;

/** Requires a hash for each package. Compiles no modules, because the tests import only a few. */
const OPTIONS = ["--require-hashes", "--no-deps", "--no-compile"];

/** Returns a Python with moto. @throws if it cannot be installed */
const pythonWithMoto = (): string => pythonWith("moto", REQUIREMENTS, ...OPTIONS);

/** A moto account with a healthy cluster, to which the proxy can return. */
export interface Moto {
  readonly proxy: MotoProxy;
  readonly resources: ClusterResources;
}

/**
 * A `describe` for tests with moto. Skips the tests with a message if moto cannot be installed, for example without Python.
 * In CI (`CI=true`), they fail instead.
 */
export function describeMoto(name: string, body: (moto: () => Moto) => void): void {
  let python = "";
  let reason: string | undefined;
  try {
    python = pythonWithMoto();
  } catch (error) {
    reason = `moto cannot be installed: ${(error as Error).message.split("\n").slice(0, 3).join(" ")}`;
  }
  if (reason !== undefined && process.env.CI === "true") {
    describe(name, () => {
      it("requires Python 3.11 with venv, and access to PyPI", () => {
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
      moto = { proxy, resources: await createCluster(clientsTo(proxy)) };
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
