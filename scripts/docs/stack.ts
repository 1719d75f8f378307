import type { ReadableStack } from "../../src";

/** What a snippet of docs/constructs is written for: `construct-pages.ts` gives each a new stack in its place. */
export declare const stack: ReadableStack;
