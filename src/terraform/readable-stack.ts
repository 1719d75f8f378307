import { Annotations, TerraformBackend, TerraformElement, TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct, Node } from "constructs";
import { findCrossStackReferences } from "./cross-stack-references";
import { stackJson } from "./stack-json";

/** The id of a construct's main resource, which is left out of its address: `cluster/resource` is `cluster`. */
export const MAIN = "resource";

/**
 * A stack whose Terraform addresses are the constructs' paths, without CDKTF's hashes: `aws_ecs_cluster.cluster`. The
 * addresses must not change, because Terraform replaces a resource whose address changes.
 */
export class ReadableStack extends TerraformStack {
  private readonly taken = new Map<string, string>();
  private createBackend?: (() => TerraformBackend) | false;
  private retained: readonly string[] = [];

  /**
   * Sets the backend of the stack. A backend construct that a user or an Aspect adds replaces it: `new HttpBackend(stack, …)`.
   * So does an override of another type: `stack.addOverride("terraform.backend.http", …)`.
   * @param backend creates the backend, or `false` for a stack without one
   */
  protected setDefaultBackend(backend: (() => TerraformBackend) | false): void {
    this.createBackend = backend;
  }

  /** Sets the addresses of the resources that Terraform must never destroy. */
  protected setRetained(addresses: readonly string[]): void {
    this.retained = addresses;
  }

  /** Returns the backend, for CDKTF's references between stacks. @throws {Error} for a stack without a backend */
  override ensureBackendExists(): TerraformBackend {
    if (!this.hasBackend && this.createBackend) {
      const backend = this.createBackend();
      if (!this.isOverridden(backend)) return backend;
      this.node.tryRemoveChild(backend.node.id);
      throw new Error(
        `Stack "${this.node.path}" has its backend in an override, so other stacks cannot refer to its resources. Add CDKTF's construct of the backend in place of the override.`,
      );
    }
    if (!this.hasBackend && this.createBackend === false) {
      throw new Error(
        `Stack "${this.node.path}" has no backend, so other stacks cannot refer to its resources. Set its backend, or pass the values as variables.`,
      );
    }
    return super.ensureBackendExists();
  }

  /** Finds references to other stacks, if the app has any. */
  override prepareStack(): void {
    for (const address of this.retainedParts().absent) {
      // It can also be a misspelt address, whose resource nothing protects.
      Annotations.of(this).addWarning(
        `retain has ${address}, which is not in the stack. If you removed it from the code, the next apply removes it from the state, and AWS keeps it. Then remove the address from retain. Otherwise, correct the address.`,
      );
    }
    // Aspects run later, and can still add a backend.
    if (this.createBackend === undefined) this.ensureBackendExists();
    const isOther = (node: IConstruct): boolean => TerraformStack.isStack(node) && node !== this;
    const holdsOther = ({ node }: IConstruct): boolean =>
      node.children.some((child) => isOther(child) || holdsOther(child));
    if (holdsOther(this.node.root)) findCrossStackReferences(this);
  }

  /** Returns the Terraform JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: CDKTF declares the same type, so that callers need no cast.
  override toTerraform(): any {
    this.addBackend();
    this.retain();
    try {
      return stackJson(this) ?? super.toTerraform();
    } catch {
      // CDKTF fails too, with a message that names the construct.
      return super.toTerraform();
    }
  }

  /** Terraform rejects a `removed` block for a resource that is in the configuration. */
  private retain(): void {
    const { present, absent } = this.retainedParts();
    for (const resource of present) resource.addOverride("lifecycle.prevent_destroy", true);
    if (absent.length === 0) return;
    // CDKTF has no construct for a `removed` block.
    const removed = absent.map((from) => ({ from, lifecycle: { destroy: false } }));
    this.addOverride("removed", removed);
  }

  /** Returns the resources to retain, and the addresses of those that were removed from the code. */
  private retainedParts(): { readonly present: readonly TerraformResource[]; readonly absent: readonly string[] } {
    if (this.retained.length === 0) return { present: [], absent: [] };
    const resources = this.node
      .findAll()
      .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node));
    const addressOf = (one: TerraformResource) => `${one.terraformResourceType}.${one.friendlyUniqueId}`;
    const present = resources.filter((one) => one.cdktfStack === this && this.retained.includes(addressOf(one)));
    const found = present.map(addressOf);
    return { present, absent: this.retained.filter((address) => !found.includes(address)) };
  }

  private addBackend(): void {
    if (this.hasBackend || !this.createBackend) return;
    const backend = this.createBackend();
    if (this.isOverridden(backend)) this.node.tryRemoveChild(backend.node.id);
  }

  /** Returns true when an override of the stack sets a backend of another type. */
  private isOverridden(own: TerraformBackend): boolean {
    // It is private in CDKTF, which has no getter for it.
    const { rawOverrides } = this as unknown as {
      readonly rawOverrides: { readonly terraform?: Record<string, object> };
    };
    const { backend = {}, cloud } = rawOverrides.terraform ?? {};
    return (
      cloud !== undefined ||
      Object.keys(backend).some((type) => !Object.hasOwn(own.toTerraform().terraform.backend, type))
    );
  }

  private get hasBackend(): boolean {
    return this.node.children.some((child) => TerraformBackend.isBackend(child));
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
