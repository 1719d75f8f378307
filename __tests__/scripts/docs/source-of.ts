import ts from "typescript-6";
import { Source } from "../../../scripts/docs/source";

const ENTRY = "/library/index.ts";

/** The global types that the tests use. TypeScript's own take half a second to load. */
const GLOBALS = `
  interface Array<T> { [index: number]: T } interface ReadonlyArray<T> { readonly [index: number]: T }
  interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {}
  interface NewableFunction {} interface Number {} interface Object {} interface RegExp {} interface String {}
  type Readonly<T> = { readonly [K in keyof T]: T[K] };
  type Record<K extends string, T> = { [P in K]: T };
  type Pick<T, K extends keyof T> = { [P in K]: T[P] };`;

/** Returns the source of a library with one file. */
export function sourceOf(text: string): Source {
  const files: Readonly<Record<string, string>> = {
    "/lib.d.ts": GLOBALS,
    // The compiler finds a docstring only on a line of its own.
    [ENTRY]: `/// <reference path="/lib.d.ts" />\n${text.replaceAll("/**", "\n/**")}`,
  };
  const options = { strict: true, noLib: true, types: [], target: ts.ScriptTarget.ES2022 };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (file) => file in files,
    getSourceFile: (file, version) => ts.createSourceFile(file, files[file] ?? "", version, true),
  };
  return new Source(ts.createProgram([ENTRY], options, host), ENTRY);
}
