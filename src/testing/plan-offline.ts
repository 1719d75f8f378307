import {
  type Configuration,
  type Fixtures,
  type PlanJson,
  type RunningProvider,
  startOfflineProvider,
  Terraform,
  terraformVersion,
} from "../../cli/offline-provider";
import { resolveFixtures } from "../../cli/offline-provider/data/fixtures";
import { exampleValues } from "../../cli/offline-provider/examples";

/** A stack of CDKTF or of cdktn. */
export interface Stack {
  prepareStack(): void;
  runAllValidations(): void;
  toTerraform(): unknown;
}

/** The values and the account of an offline plan. */
export interface PlanOfflineOptions {
  /** Values of Terraform variables, by name: `{ max_size: 4 }`. @default - the defaults, and example values for the others */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What the made-up account has. @default - a default VPC with a subnet in each zone, in the region of the stack */
  readonly fixtures?: Partial<Fixtures>;
}

/** What a plan does with a resource. */
export interface ResourceChange {
  /** The address in Terraform: `aws_lb.load_balancer`. Instances of `for_each` have a key. */
  readonly address: string;
  /** The type: `aws_lb`. */
  readonly type: string;
  /** The values of the arguments, with Terraform's names. Values that only the apply knows are missing. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Terraform rejects the plan. The message is Terraform's, such as the message of a failed precondition. */
export class OfflinePlanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "OfflinePlanError";
  }
}

/** The plan of a stack in an empty, made-up account. */
export class OfflinePlan {
  /** The resources that the plan creates, in the order of their addresses. */
  readonly created: readonly ResourceChange[];
  /** The values of the outputs that are known before the apply. */
  readonly outputs: Readonly<Record<string, unknown>>;
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
}

/** The offline provider of this process, which ends with the process. */
let provider: Promise<RunningProvider> | undefined;

/**
 * Plans a stack with Terraform, without an AWS account, a network or a download. Validations of variables, preconditions and
 * checks run. The made-up account is empty, so each resource is created.
 *
 * Terraform 1.10 or newer must be installed. The first call of a process takes about a second more than the others.
 * @throws {OfflinePlanError} with Terraform's message when the plan fails
 */
export async function planOffline(stack: Stack, options: PlanOfflineOptions = {}): Promise<OfflinePlan> {
  await terraformVersion();
  stack.prepareStack();
  stack.runAllValidations();
  const configuration = JSON.parse(JSON.stringify(stack.toTerraform())) as Configuration;
  const { variables = {} } = options;
  const given = Object.entries(variables).map(([name, value]) => [
    `TF_VAR_${name}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { env, fixtures } = exampleValues(configuration, resolveFixtures(options.fixtures ?? {}), {
    env: Object.fromEntries(given),
    args: [],
  });
  provider ??= startOfflineProvider();
  const { folder: within, open } = await provider;
  const session = await open({ configuration, fixtures });
  const examples = Object.fromEntries(Object.entries(env).map(([name, text]) => [name.replace("TF_VAR_", ""), text]));
  const terraform = new Terraform({
    env: session.env,
    configuration,
    within,
    variables: { ...parsed(examples), ...variables },
  });
  try {
    return new OfflinePlan(await terraform.planJson());
  } catch (error) {
    throw new OfflinePlanError((error as Error).message.trim());
  } finally {
    terraform.remove();
  }
}

/** Example values of lists are JSON, as Terraform reads them from the environment. */
const parsed = (values: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, text.startsWith("[") ? JSON.parse(text) : text]),
  );
