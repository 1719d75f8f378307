import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { ExtData, encode } from "@msgpack/msgpack";
import { conform } from "../../../cli/offline-provider/plan/conform";
import { OfflineProvider } from "../../../cli/offline-provider/provider";
import { deriveBlock } from "../../../cli/offline-provider/schema/derive";
import { listen } from "../../../cli/offline-provider/wire/server";
import { decodeValue, encodeValue, type ObjectValue, Unknown } from "../../../cli/offline-provider/wire/values";

const PROTO = join(__dirname, "../../../cli/offline-provider/wire/provider.proto");
const TYPES = { resources: ["aws_ecs_cluster", "aws_ecs_service"], dataSources: ["aws_vpcs"] };

// biome-ignore lint/suspicious/noExplicitAny: the form of an answer depends on the method.
type Answer = any;

describe("Terraform's protocol", () => {
  const folder = mkdtempSync(join(tmpdir(), "offline-protocol-"));
  let server: grpc.Server;
  let client: grpc.Client & Record<string, (request: object, done: (error: unknown, answer: Answer) => void) => void>;

  beforeAll(async () => {
    const socket = join(folder, "s");
    server = await listen(new OfflineProvider({ types: TYPES }), socket);
    const definition = loadSync(PROTO, { keepCase: true, enums: String, defaults: true });
    const { tfplugin5 } = grpc.loadPackageDefinition(definition) as unknown as {
      tfplugin5: { Provider: grpc.ServiceClientConstructor };
    };
    client = new tfplugin5.Provider(`unix:${socket}`, grpc.credentials.createInsecure()) as unknown as typeof client;
  });
  afterAll(() => {
    client.close();
    server.forceShutdown();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (method: string, request: object = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      client[method]?.(request, (error, answer) => (error ? reject(error as Error) : resolve(answer)));
    });
  const cluster = (value: ObjectValue) => conform(deriveBlock("resource", "aws_ecs_cluster"), value);
  const planned = async (prior: ObjectValue | null, proposed: ObjectValue) => {
    const request = { prior_state: encodeValue(prior), proposed_new_state: encodeValue(proposed) };
    return call("PlanResourceChange", { type_name: "aws_ecs_cluster", ...request });
  };

  it("returns the schema of the served types only", async () => {
    const answer = await call("GetSchema");
    expect(Object.keys(answer.resource_schemas)).toEqual(TYPES.resources);
    expect(Object.keys(answer.data_source_schemas)).toEqual(TYPES.dataSources);
    const { attributes, block_types } = answer.resource_schemas.aws_ecs_service.block;
    const name = attributes.find((attribute: { name: string }) => attribute.name === "name");
    expect(name).toMatchObject({ required: true, optional: false, computed: false, sensitive: false });
    expect(name.type.toString()).toBe('"string"');
    const timeouts = block_types.find(({ type_name }: { type_name: string }) => type_name === "timeouts");
    expect(timeouts).toMatchObject({ nesting: "SINGLE", min_items: expect.anything() });
  });

  it("plans and applies as the older SDK of the AWS provider does", async () => {
    const plan = await planned(null, cluster({ name: "ecs" }));
    expect(plan.legacy_type_system).toBe(true);
    expect(decodeValue(plan.planned_state)).toMatchObject({ name: "ecs", arn: Unknown.VALUE });
    const request = { type_name: "aws_ecs_cluster", prior_state: encodeValue(null), planned_state: plan.planned_state };
    const applied = await call("ApplyResourceChange", request);
    expect(applied.legacy_type_system).toBe(true);
    expect(decodeValue(applied.new_state)).toMatchObject({
      arn: "arn:aws:ecs:ap-northeast-2:000000000000:cluster/ecs",
    });
  });

  it("returns the arguments that force a replacement", async () => {
    const region = "ap-northeast-2";
    const plan = await planned(cluster({ name: "a", region }), cluster({ name: "b", region }));
    expect(plan.requires_replace).toMatchObject([{ steps: [{ attribute_name: "name" }] }]);
  });

  it("returns the place of a problem", async () => {
    const service = conform(deriveBlock("resource", "aws_ecs_service"), { name: "web", arn: "arn:x" });
    const { diagnostics } = await call("ValidateResourceTypeConfig", {
      type_name: "aws_ecs_service",
      config: encodeValue(service),
    });
    expect(diagnostics).toMatchObject([
      {
        severity: "ERROR",
        summary: "Value for unconfigurable attribute",
        attribute: { steps: [{ attribute_name: "arn" }] },
      },
    ]);
  });

  it("returns an error of AWS as a diagnostic, not as a failed call", async () => {
    const config = conform(deriveBlock("data", "aws_vpcs"), { filter: [{ name: "vpc-id", values: [] }] });
    const { diagnostics } = await call("ReadDataSource", { type_name: "aws_vpcs", config: encodeValue(config) });
    expect(diagnostics).toMatchObject([{ severity: "ERROR", summary: expect.stringContaining("has no values") }]);
  });

  it("reads a state in JSON, and adds missing attributes", async () => {
    const state = { name: "web", timeouts: { create: "5m" }, gone: 1 };
    const { upgraded_state } = await call("UpgradeResourceState", {
      type_name: "aws_ecs_service",
      raw_state: { json: Buffer.from(JSON.stringify(state)) },
    });
    const upgraded = decodeValue(upgraded_state) as ObjectValue;
    expect(upgraded).toMatchObject({ name: "web", cluster: null, load_balancer: [] });
    expect(upgraded.timeouts).toEqual({ create: "5m", delete: null, update: null });
    expect(upgraded).not.toHaveProperty("gone");
  });
});

describe("a value on the wire", () => {
  it("can be unknown, with or without a refinement", () => {
    const refinement = encode({ 1: false });
    const refined = encode({ a: new ExtData(0, new Uint8Array([0])), b: new ExtData(12, refinement) });
    expect(decodeValue({ msgpack: refined })).toEqual({ a: Unknown.VALUE, b: Unknown.VALUE });
    expect(Buffer.from(encodeValue(Unknown.VALUE).msgpack ?? []).toString("hex")).toBe("d40000");
  });

  it("can be JSON or empty", () => {
    expect(decodeValue({ json: Buffer.from('{"a":[1]}') })).toEqual({ a: [1] });
    expect(decodeValue({ msgpack: new Uint8Array(), json: new Uint8Array() })).toBeNull();
    expect(decodeValue(undefined)).toBeNull();
  });
});
