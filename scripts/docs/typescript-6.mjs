import { register } from "node:module";

// typedoc reads programs through the compiler's JavaScript API, which TypeScript 7 doesn't have yet.
const hook = `export const resolve = (name, context, next) => next(name === "typescript" ? "typescript-6" : name, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
