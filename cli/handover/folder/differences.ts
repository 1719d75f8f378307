import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { Files } from "../terraform-json/portable-json";
import type { History } from "./history";
import { ownFiles, withMarker } from "./write-folder";

/**
 * Compares a folder with the files that the command would write, and returns a unified diff. Ignores files that the
 * command does not own.
 *
 * @throws HandoverError if another program wrote the folder
 */
export function differences(folder: string, files: Files, history?: History): string {
  const written = ownFiles(folder) ?? [];
  const expected = withMarker(files, history);
  const paths = [...new Set([...Object.keys(expected), ...written])].sort();
  return paths.map((path) => difference(folder, path, expected[path])).join("");
}

function difference(folder: string, path: string, expected: string | undefined): string {
  const file = join(folder, path);
  const found = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (found === expected) return "";
  const label = (text: string | undefined): string => (text === undefined ? "/dev/null" : path);
  return createTwoFilesPatch(label(found), label(expected), found ?? "", expected ?? "", "on disk", "from the code", {
    context: 2,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
