import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { Problem } from "../plan/validate";
import type { OfflineProvider } from "../provider";
import { schemaResponse } from "./schema-message";
import { type DynamicValue, decodeValue, encodeValue, equal } from "./values";

interface Request {
  readonly type_name: string;
  readonly config?: DynamicValue;
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly current_state?: DynamicValue;
  readonly raw_state?: { readonly json?: Uint8Array };
  readonly id?: string;
  readonly private?: Uint8Array;
  readonly prior_private?: Uint8Array;
}

/** Private data of an imported state. Terraform keeps it until the first apply of the resource. */
const IMPORTED = Buffer.from("imported");

type Handler = (request: Request) => object;

const OPTIONS = {
  // A schema of many types is larger than the default limit of 4 MiB.
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  // Nothing reads these statistics.
  "grpc.enable_channelz": 0,
};

/** The service, which is loaded once. gRPC generates code for each load, and new code is slow. */
let service: grpc.ServiceDefinition | undefined;

function loadService(): grpc.ServiceDefinition {
  const definition = loadSync(join(__dirname, "provider.proto"), { keepCase: true, enums: String, defaults: true });
  const loaded = grpc.loadPackageDefinition(definition) as unknown as {
    tfplugin5: { Provider: grpc.ServiceClientConstructor };
  };
  return loaded.tfplugin5.Provider.service;
}

/** Serves a provider on a Unix socket with Terraform's protocol. */
export async function listen(provider: OfflineProvider, socket: string): Promise<grpc.Server> {
  service ??= loadService();
  const server = new grpc.Server(OPTIONS);
  const methods = Object.entries(handlers(provider)).map(([name, handler]) => [name, unary(handler)]);
  server.addService(service, Object.fromEntries(methods));
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return server;
}

function handlers(provider: OfflineProvider): { readonly [method: string]: Handler } {
  return {
    // This is the first request of each Terraform command. Deployments of earlier commands have ended by then.
    GetSchema: () => {
      provider.settle();
      return schemaResponse(provider.schema());
    },
    PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
    ValidateResourceTypeConfig: ({ type_name, config }) => ({
      diagnostics: provider.validate("resource", type_name, decodeValue(config)).map(diagnostic),
    }),
    ValidateDataSourceConfig: ({ type_name, config }) => ({
      diagnostics: provider.validate("data", type_name, decodeValue(config)).map(diagnostic),
    }),
    Configure: ({ config }) => {
      provider.configure(decodeValue(config));
      return {};
    },
    UpgradeResourceState: ({ type_name, raw_state }) => ({
      upgraded_state: encodeValue(provider.upgrade(type_name, decodeValue({ json: raw_state?.json }))),
    }),
    // A resource can differ from its state only when another state has changed it.
    ReadResource: ({ type_name, current_state, private: own }) => {
      const known = decodeValue(current_state);
      const now = IMPORTED.equals(own ?? new Uint8Array()) ? known : provider.readResource(type_name, known);
      return { new_state: equal(now, known) ? current_state : encodeValue(now), private: own };
    },
    PlanResourceChange: ({ type_name, prior_state, proposed_new_state, prior_private }) => {
      const [prior, proposed] = [decodeValue(prior_state), decodeValue(proposed_new_state)];
      const { state, replaces } = provider.plan(
        type_name,
        prior,
        proposed,
        IMPORTED.equals(prior_private ?? new Uint8Array()),
      );
      return {
        planned_state: encodeValue(state),
        requires_replace: replaces.map((name) => ({ steps: [{ attribute_name: name }] })),
        // The AWS provider sets this too. Terraform then logs small inconsistencies and does not reject them.
        legacy_type_system: true,
      };
    },
    ApplyResourceChange: ({ type_name, prior_state, planned_state }) => ({
      new_state: encodeValue(provider.apply(type_name, decodeValue(prior_state), decodeValue(planned_state))),
      legacy_type_system: true,
    }),
    ImportResourceState: ({ type_name, id = "" }) => ({
      imported_resources: [{ type_name, state: encodeValue(provider.import(type_name, id)), private: IMPORTED }],
    }),
    ReadDataSource: ({ type_name, config }) => ({ state: encodeValue(provider.read(type_name, decodeValue(config))) }),
    Stop: () => ({}),
  };
}

function diagnostic({ summary, detail, path }: Problem): object {
  const steps = path.map((step) => (typeof step === "string" ? { attribute_name: step } : { element_key_int: step }));
  return { severity: "ERROR", summary, detail, attribute: { steps } };
}

/** Returns every error as a diagnostic. Terraform prints it as an error of the block. */
function unary(handler: Handler): grpc.handleUnaryCall<Request, object> {
  return (call, callback) => {
    try {
      callback(null, handler(call.request));
    } catch (error) {
      const [summary = "", ...detail] = (error instanceof Error ? error.message : String(error)).split("\n");
      callback(null, { diagnostics: [{ severity: "ERROR", summary, detail: detail.join("\n") }] });
    }
  };
}
