import { resolve } from "node:path";
import { handover } from "./command";

/** Standard output may be closed early, as by `| head`: then nobody wants the rest. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

// npm runs in the repository; INIT_CWD is where the person is.
const place = {
  root: resolve(__dirname, "../.."),
  cwd: process.cwd(),
  from: process.env.INIT_CWD ?? process.cwd(),
};
handover(process.argv.slice(2), place).then(({ status, stdout, stderr }) => {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
});
