import { errorText, parseArguments, UsageError } from "../../cli/command-line";
import { LISTS, writeList } from "./field-list";

const USAGE = `npm run coverage [-- --list NAME]: reads the lists of fields in scripts/coverage/lists again

  --list  one list. The lists are ${Object.keys(LISTS).join(", ")}.

Lists of an API come from the newest botocore, which pip downloads into a temporary folder. Lists of a resource type come
from the installed bindings. Then run npm run docs, and npx jest __tests__/scripts/coverage, which names the fields to map.
`;
const OPTIONS = { list: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

/** Runs `npm run coverage`. */
function coverage(args: readonly string[]): void {
  const { list, help } = parseArguments(args, OPTIONS, USAGE);
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  if (list !== undefined && !Object.hasOwn(LISTS, list)) throw new UsageError(`There is no list ${list}.\n\n${USAGE}`);
  for (const [name, read] of Object.entries(LISTS)) {
    if (list !== undefined && name !== list) continue;
    const fields = read();
    writeList(name, fields);
    process.stdout.write(`${name}: ${fields.fields.length} fields of ${fields.source}\n`);
  }
}

try {
  coverage(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`);
  process.exitCode = 1;
}
