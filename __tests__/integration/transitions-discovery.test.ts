import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  EcsServiceStack,
  ServiceConnectNamespace,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

type Services = Readonly<Record<string, Partial<Ec2ServiceProps>>>;

const DNS: EcsClusterSettings = { defaultCloudMapNamespace: { name: "shop.internal", type: "DNS_PRIVATE" } };
const NAMESPACE = "aws_service_discovery_private_dns_namespace.cloud_map_namespace";
const RECORDS = "aws_service_discovery_service.users_discovery";
const SMOOTH = { missing: [], lost: [], rejected: [] };

/** Returns a version of a cluster with services by name. */
const version =
  (services: Services, settings: EcsClusterSettings = DNS) =>
  () => {
    const stack = clusterStack({ keyPair: "none", loadBalancer: false, ...settings });
    for (const [name, props] of Object.entries(services)) {
      new Ec2Service(stack, name, { cluster: stack, image: `${name}:1`, containerPort: 3000, ...props });
    }
    return stack;
  };

/** Returns a version of a service on that cluster, with a state of its own. */
const ofOtherState = (props: Partial<Ec2ServiceProps>) => () => {
  const stack = new EcsServiceStack(testApp(), "orders", { loadBalancer: false });
  new Ec2Service(stack, "orders", { cluster: stack.cluster, image: "orders:1", containerPort: 80, ...props });
  return stack;
};

describeTerraform("records in Cloud Map, on a running system", (lab) => {
  const start = async () => (await RunningSystem.start(lab)).state();

  it("come and go in one apply, and go after the tasks left them", async () => {
    const state = await start();
    await state.apply(version({ users: {} }));
    const on = await state.apply(version({ users: { cloudMapOptions: {} } }));
    expect(on).toMatchObject({ ...SMOOTH, created: [RECORDS], updated: ["aws_ecs_service.users"] });
    const off = await state.apply(version({ users: {} }));
    expect(off).toMatchObject({ ...SMOOTH, deleted: [RECORDS], updated: ["aws_ecs_service.users"] });
    await state.destroy();
  });

  it("get another name without a gap", async () => {
    const state = await start();
    await state.apply(version({ users: { cloudMapOptions: {} } }));
    const renamed = await state.apply(version({ users: { cloudMapOptions: { name: "people" } } }));
    expect(renamed).toMatchObject({ ...SMOOTH, replaced: [RECORDS], updated: ["aws_ecs_service.users"] });
    expect(renamed.operations.map(({ operation, name }) => `${operation} ${name}`)).toEqual([
      "create people",
      "update users",
      "delete users",
    ]);
  });

  it("move to another namespace of the cluster", async () => {
    const state = await start();
    await state.apply(version({ users: { cloudMapOptions: {} } }));
    const other: EcsClusterSettings = { defaultCloudMapNamespace: { name: "other.internal", type: "DNS_PRIVATE" } };
    expect(await state.apply(version({ users: { cloudMapOptions: {} } }, other))).toMatchObject({
      ...SMOOTH,
      replaced: [NAMESPACE, RECORDS],
      updated: ["aws_ecs_cluster.cluster", "aws_ecs_service.users"],
    });
  });

  it("go with their namespace in one apply", async () => {
    const state = await start();
    await state.apply(version({ users: { cloudMapOptions: {} }, posts: { serviceConnect: {} } }));
    expect(await state.apply(version({ users: {}, posts: {} }, {}))).toMatchObject({
      ...SMOOTH,
      deleted: [
        NAMESPACE,
        RECORDS,
        "aws_vpc_security_group_ingress_rule.service_connect_instances_from_instances",
      ].sort(),
    });
  });

  it("do not change their type: the plan fails, and the steps of the message work", async () => {
    const state = await start();
    const discovered = (props: Partial<Ec2ServiceProps>) => version({ users: { cloudMapOptions: {}, ...props } });
    await state.apply(discovered({}));
    const mode = { networkMode: "awsvpc" } as const;
    await state.expectRejected(
      discovered(mode),
      "The type of the DNS records of users cannot change; received A in place of SRV. Set dnsRecordType of cloudMapOptions to SRV, or remove",
    );
    await state.apply(discovered({ ...mode, cloudMapOptions: { dnsRecordType: "SRV" } }));
    await state.apply(version({ users: mode }));
    const { created, ...back } = await state.apply(discovered(mode));
    expect(back).toMatchObject(SMOOTH);
    expect(created).toContain(RECORDS);
  });
});

describeTerraform("the default namespace of a cluster", (lab) => {
  it("is used by a service of another state, and its absence is reported at plan", async () => {
    const system = await RunningSystem.start(lab);
    const [cluster, orders] = [system.state(), system.state()];
    await cluster.apply(version({}, {}));
    await orders.apply(ofOtherState({}));
    await orders.expectRejected(
      ofOtherState({ serviceConnect: {} }),
      "The ECS cluster ecs in ap-northeast-2 has no default namespace. Set defaultCloudMapNamespace",
    );
    await cluster.apply(version({}));
    const settings = { serviceConnect: {}, cloudMapOptions: { name: "tasks" } };
    const { created } = await orders.apply(ofOtherState(settings));
    expect(created).toContain("aws_service_discovery_service.orders_discovery");
    expect(await orders.apply(ofOtherState({}))).toMatchObject(SMOOTH);
  });

  it("replaces a construct after its resources moved in the state", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(() => {
      const stack = version({}, {})();
      const namespace = new ServiceConnectNamespace(stack, "namespace", { cluster: stack, name: "shop" });
      const users = { cluster: stack, image: "users:1", containerPort: 3000, serviceConnect: { namespace } };
      new Ec2Service(stack, "users", users);
      return stack;
    });
    const byDefault = version({ users: { serviceConnect: {} } }, { defaultCloudMapNamespace: { name: "shop" } });
    await state.configure(byDefault);
    const rule = "aws_vpc_security_group_ingress_rule";
    for (const [from, to] of [
      ["aws_service_discovery_http_namespace.namespace", "aws_service_discovery_http_namespace.cloud_map_namespace"],
      [`${rule}.namespace_instances_from_instances`, `${rule}.service_connect_instances_from_instances`],
    ]) {
      expect(await state.terraform.run(["state", "mv", from as string, to as string])).toMatchObject({ status: 0 });
    }
    expect(await state.apply(byDefault)).toMatchObject({
      ...{ ...SMOOTH, created: [], replaced: [], deleted: [] },
      updated: ["aws_ecs_cluster.cluster"],
    });
  });
});
