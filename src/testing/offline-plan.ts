import type { PlanJson } from "../../cli/offline-provider/plan-json";

/** What a plan does with a resource. */
export interface ResourceChange {
  /** The address in Terraform: `aws_lb.load_balancer`. Instances of `for_each` have a key. */
  readonly address: string;
  /** The type: `aws_lb`. */
  readonly type: string;
  /** The values of the arguments, with Terraform's names. Values that only the apply knows are missing. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A `check` block of which an assertion failed, or which could not be evaluated. Terraform only warns of it. */
export interface FailedCheck {
  /** The name of the block: `instances_registered`. */
  readonly name: string;
  /** The messages of the assertions that failed. */
  readonly messages: readonly string[];
}

/** The plan of a stack in an empty, made-up account. */
export class OfflinePlan {
  /** The resources that the plan creates, in the order of their addresses. */
  readonly created: readonly ResourceChange[];
  /** The values of the outputs that are known before the apply. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The `check` blocks that fail. Those that depend on values of the apply are missing. */
  readonly failedChecks: readonly FailedCheck[];
  /** The plan in the format of `terraform show -json`, for what has no property here. */
  readonly json: PlanJson;

  /** @internal */
  constructor(json: PlanJson) {
    this.json = json;
    this.created = (json.resource_changes ?? [])
      .filter(({ change }) => change.actions.includes("create"))
      .map(({ address, type, change }) => ({ address, type, values: change.after ?? {} }))
      .sort((one, other) => (one.address < other.address ? -1 : 1));
    this.outputs = Object.fromEntries(
      Object.entries(json.output_changes ?? {}).flatMap(([name, { after }]) =>
        after === undefined ? [] : [[name, after]],
      ),
    );
    this.failedChecks = (json.checks ?? [])
      .filter(({ address, status }) => address.kind === "check" && ["fail", "error"].includes(status))
      .map(({ address, instances = [] }) => ({
        name: address.name ?? address.to_display,
        // Terraform has no order of them.
        messages: instances.flatMap(({ problems = [] }) => problems.map(({ message }) => message)).sort(),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Returns the created resources of a type: `aws_lb_listener_rule`. */
  ofType(type: string): readonly ResourceChange[] {
    return this.created.filter((change) => change.type === type);
  }

  /** Returns the values of a created resource by its address: `aws_lb.load_balancer`. @throws {Error} when the plan does not create it */
  resource(address: string): Readonly<Record<string, unknown>> {
    const found = this.created.find((change) => change.address === address);
    if (found) return found.values;
    const addresses = this.created.map((change) => change.address).join(", ");
    throw new Error(`The plan creates no resource ${address}. It creates ${addresses || "nothing"}.`);
  }

  /** Asserts that no `check` block fails. @throws {Error} with the messages of those that fail */
  assertChecks(): void {
    if (this.failedChecks.length === 0) return;
    const lines = this.failedChecks.flatMap(({ name, messages }) =>
      messages.map((message) => `  - check.${name}: ${message}`),
    );
    throw new Error(`Checks of the plan fail:\n${lines.join("\n")}`);
  }
}
