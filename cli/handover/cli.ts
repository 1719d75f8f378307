import { resolve } from "node:path";
import { printResult } from "../command-line";
import { handover } from "./command";

// npm runs scripts in the repository. INIT_CWD is the folder in which the user called npm.
const from = process.env.INIT_CWD ?? process.cwd();
printResult(handover(process.argv.slice(2), { root: resolve(__dirname, "../.."), cwd: process.cwd(), from }));
