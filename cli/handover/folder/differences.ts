import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { Files } from "../terraform-json/portable-json";
import { marked, ownFiles } from "./write-folder";

/**
 * What a folder on disk differs in from what would be written, as a unified difference for people; empty when nothing.
 * Files that aren't the hand-over's are not looked at.
 *
 * @throws HandoverError when the folder is no hand-over
 */
export function differences(folder: string, files: Files): string {
  const written = ownFiles(folder) ?? [];
  const expected = marked(files);
  const paths = [...new Set([...Object.keys(expected), ...written])].sort();
  return paths.map((path) => difference(folder, path, expected[path])).join("");
}

function difference(folder: string, path: string, expected: string | undefined): string {
  const file = join(folder, path);
  const found = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (found === expected) return "";
  const label = (text: string | undefined): string => (text === undefined ? "not there" : path);
  return createTwoFilesPatch(label(found), label(expected), found ?? "", expected ?? "", "on disk", "from the code", {
    context: 2,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
