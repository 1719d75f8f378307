import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { OfflineProvider } from "../provider";
import { schemaResponse } from "./schema-message";
import { type DynamicValue, decodeValue, encodeValue } from "./values";

interface Request {
  readonly type_name: string;
  readonly config?: DynamicValue;
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly current_state?: DynamicValue;
  readonly raw_state?: { readonly json?: Uint8Array };
  readonly id?: string;
}

type Handler = (request: Request) => object;

/** A schema of many types is larger than gRPC's usual 4 MiB. */
const NO_LIMIT = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Serves a provider on a Unix socket, in Terraform's protocol; there is no other way to reach it. */
export async function listen(provider: OfflineProvider, socket: string): Promise<grpc.Server> {
  const definition = loadSync(join(__dirname, "provider.proto"), { keepCase: true, enums: String, defaults: true });
  const loaded = grpc.loadPackageDefinition(definition) as unknown as {
    tfplugin5: { Provider: grpc.ServiceClientConstructor };
  };
  const server = new grpc.Server(NO_LIMIT);
  const methods = Object.entries(handlers(provider)).map(([name, handler]) => [name, unary(handler)]);
  server.addService(loaded.tfplugin5.Provider.service, Object.fromEntries(methods));
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, grpc.ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return server;
}

function handlers(provider: OfflineProvider): { readonly [method: string]: Handler } {
  return {
    GetSchema: () => schemaResponse(provider.schema()),
    PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
    ValidateResourceTypeConfig: () => ({}),
    ValidateDataSourceConfig: () => ({}),
    Configure: ({ config }) => {
      provider.configure(decodeValue(config));
      return {};
    },
    UpgradeResourceState: ({ type_name, raw_state }) => ({
      upgraded_state: encodeValue(provider.upgrade(type_name, decodeValue({ json: raw_state?.json }))),
    }),
    // Nobody changes anything behind Terraform's back here: what it knows is what is there.
    ReadResource: ({ current_state }) => ({ new_state: current_state }),
    PlanResourceChange: ({ type_name, prior_state, proposed_new_state }) => {
      const { state, replaces } = provider.plan(type_name, decodeValue(prior_state), decodeValue(proposed_new_state));
      return {
        planned_state: encodeValue(state),
        requires_replace: replaces.map((name) => ({ steps: [{ attribute_name: name }] })),
        // As the AWS provider does: Terraform then logs what an older SDK gets away with, and doesn't refuse it.
        legacy_type_system: true,
      };
    },
    ApplyResourceChange: ({ type_name, prior_state, planned_state }) => ({
      new_state: encodeValue(provider.apply(type_name, decodeValue(prior_state), decodeValue(planned_state))),
      legacy_type_system: true,
    }),
    ImportResourceState: ({ type_name, id = "" }) => ({
      imported_resources: [{ type_name, state: encodeValue(provider.import(type_name, id)) }],
    }),
    ReadDataSource: ({ type_name, config }) => ({ state: encodeValue(provider.read(type_name, decodeValue(config))) }),
    Stop: () => ({}),
  };
}

/** Whatever goes wrong becomes a diagnostic: Terraform prints it as its own error, beside the block that it is about. */
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
