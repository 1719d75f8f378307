import { TerraformElement, TerraformStack } from "cdktf";
import type { IConstruct, Node } from "constructs";
import { findCrossStackReferences } from "./cross-stack-references";
import { stackJson } from "./stack-json";

/** The id of a construct's main resource, which is left out of its address: `cluster/resource` is `cluster`. */
export const MAIN = "resource";

/**
 * A stack whose Terraform addresses are the constructs' paths, without CDKTF's hashes: `aws_ecs_cluster.cluster`. The
 * addresses are contract: Terraform replaces what changes its address.
 */
export class ReadableStack extends TerraformStack {
  private readonly taken = new Map<string, string>();

  /** Where there is no other stack there is nothing to be taken from one. */
  override prepareStack(): void {
    this.ensureBackendExists();
    const isOther = (node: IConstruct): boolean => TerraformStack.isStack(node) && node !== this;
    const holdsOther = ({ node }: IConstruct): boolean =>
      node.children.some((child) => isOther(child) || holdsOther(child));
    if (holdsOther(this.node.root)) findCrossStackReferences(this);
  }

  /** The Terraform JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what CDKTF's own gives, so that nobody has to cast.
  override toTerraform(): any {
    try {
      return stackJson(this) ?? super.toTerraform();
    } catch {
      // CDKTF fails too, and says where in the stack the mistake is.
      return super.toTerraform();
    }
  }

  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? (element as TerraformElement).node : (element as Node);
    const path = node.path.split("/").slice(this.node.path.split("/").length);
    const named = path.length > 1 && path.at(-1) === MAIN ? path.slice(0, -1) : path;
    const id = named
      .join("_")
      .replace(/[^a-zA-Z0-9_]/g, "_")
      .replace(/^(?=[0-9])/, "_");
    // Only within a type: aws_lb.x and aws_lb_listener.x are two addresses.
    const kind = TerraformElement.isTerraformElement(element) ? element.constructor.name : "node";
    const other = this.taken.get(`${kind}.${id}`);
    if (other !== undefined && other !== node.path) {
      throw new Error(
        `Two constructs would have the Terraform address "${id}": ${other} and ${node.path}. Give one of them another id.`,
      );
    }
    this.taken.set(`${kind}.${id}`, node.path);
    return id;
  }
}
