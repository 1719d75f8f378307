import type { Stack } from "../stack";
import { intro } from "./intro";
import { paragraphs } from "./markdown";
import { diagnose, operate } from "./operations";
import { rights } from "./permissions";
import { reference } from "./reference";

/** `README.md`, for someone who has never seen this project. */
export function readme(stack: Stack): string {
  return `${paragraphs(...intro(stack), ...operate(stack), diagnose(stack), ...reference(stack), rights(stack))}\n`;
}
