import { installed, manifestOf } from "../../cli/offline-provider/schema/bindings";

/** What jsii adds to each class: the full name of the class, and the version of its package. */
const JSII = Symbol.for("jsii.rtti");
const AWS_CLASS = /^(@cdkt[fn]\/provider-aws)\./;

/** A construct tree of any copy of `constructs`. */
export interface Tree {
  readonly node: { findAll(): readonly object[] };
}

/**
 * Returns the folder of the package from which a stack has its AWS resources. So the schema is that of the stack, also in a
 * repository with several projects. Returns nothing for a stack without AWS resources.
 * @param folders where to look: each folder, and `node_modules` in it and in the folders above it
 * @throws {Error} when no folder has the package in this version
 */
export function bindingsOf(stack: Tree, folders: readonly string[]): string | undefined {
  for (const construct of stack.node.findAll()) {
    const { fqn = "", version } = (construct.constructor as { [JSII]?: { fqn: string; version: string } })[JSII] ?? {};
    const name = AWS_CLASS.exec(fqn)?.[1];
    if (name === undefined) continue;
    const found = installed(name, folders).find((folder) => manifestOf(folder).version === version);
    if (found !== undefined) return found;
    throw new Error(
      `The resources of the stack are from ${name} ${version}, which is neither in the current folder nor beside ecs-default-vpc. Set projectDirectory to the folder whose node_modules has it.`,
    );
  }
  return undefined;
}
