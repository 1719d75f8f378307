import type { Stack } from "../stack";
import { addresses } from "./addresses";
import { architecture, intro } from "./intro";
import { paragraphs } from "./markdown";
import { operations } from "./operations";
import { permissions } from "./permissions";
import { prerequisites } from "./prerequisites";
import { reference } from "./reference";
import { rights } from "./rights";

/** Renders `README.md`, for readers who do not know this project. */
export const readme = (stack: Stack): string =>
  `${paragraphs(...intro(stack), prerequisites(stack), rights(stack), addresses(stack), ...operations(stack), architecture(stack), ...reference(stack), permissions(stack))}\n`;
