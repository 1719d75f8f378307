import { DEFAULT_VPC_ID } from "../../cli/offline-provider/data/network";
import {
  Ec2Service,
  type Ec2ServiceProps,
  type EcsClusterSettings,
  EcsServiceStack,
  NetworkLoadBalancer,
  type NetworkLoadBalancerSettings,
} from "../../src";
import { clusterStack } from "../support/cluster";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";
import { RunningSystem } from "../support/transition";

const SMALL: EcsClusterSettings = { keyPair: "none", capacityGuards: false };
const TCP = { loadBalancer: "edge", port: 443 };
const UDP: Partial<Ec2ServiceProps> = {
  portMappings: [
    { containerPort: 53, hostPort: 1053, protocol: "udp" },
    { containerPort: 8080, hostPort: 8080 },
  ],
  listeners: {
    dns: { loadBalancer: "edge", port: 53, protocol: "UDP", containerPort: 53, healthCheck: { port: 8080 } },
  },
};
const ALL = { paths: ["/*"], priority: 10 };

/** Returns a version of a cluster with Network Load Balancers, and a service `web`. */
const shop =
  (networkLoadBalancers: Readonly<Record<string, NetworkLoadBalancerSettings>>, web: Partial<Ec2ServiceProps> = ALL) =>
  () => {
    const stack = clusterStack({ ...SMALL, networkLoadBalancers });
    new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, ...web });
    return stack;
  };

/** Returns a version of a service in its own state. */
const team = (listeners: Ec2ServiceProps["listeners"]) => () => {
  const stack = new EcsServiceStack(testApp(), "team", { loadBalancer: false, networkLoadBalancers: ["edge"] });
  new Ec2Service(stack, "api", { cluster: stack.cluster, image: "api:1", containerPort: 80, listeners });
  return stack;
};

const ELB = "arn:aws:elasticloadbalancing:ap-northeast-2:000000000000";
/** An account with a load balancer that no stack of this test creates. */
const shared = (security_groups: string[]) => ({
  existing: {
    aws_lb: [
      {
        ...{ name: "shared", arn: `${ELB}:loadbalancer/net/shared/0f0e0d0c0b0a0908`, vpc_id: DEFAULT_VPC_ID },
        ...{ security_groups, arn_suffix: "net/shared/0f0e0d0c0b0a0908" },
      },
    ],
  },
});
const onShared = () => {
  const stack = clusterStack({ ...SMALL, loadBalancer: false });
  const loadBalancerArn = `${ELB}:loadbalancer/net/shared/0f0e0d0c0b0a0908`;
  const loadBalancer = NetworkLoadBalancer.fromLoadBalancerArn(stack, "shared", { cluster: stack, loadBalancerArn });
  const listeners = { tcp: { loadBalancer, port: 443 } };
  new Ec2Service(stack, "web", { cluster: stack, image: "web:1", containerPort: 80, listeners });
  return stack;
};

describeTerraform("the Network Load Balancers of a running system", (lab) => {
  it("get a service behind them beside its route, by TCP and by UDP, and lose it again", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(shop({}));
    const added = await state.apply(shop({ edge: {} }));
    expect(added).toMatchObject({ updated: [], replaced: [], deleted: [], missing: [] });
    expect(added.created).toEqual(expect.arrayContaining(["aws_lb.edge_load_balancer"]));

    const tcp = await state.apply(shop({ edge: {} }, { ...ALL, listeners: { tcp: TCP } }));
    expect(tcp).toMatchObject({
      created: expect.arrayContaining([
        "aws_lb_listener.web_listener_tcp",
        "aws_lb_target_group.web_listener_tcp_target_group",
      ]),
      updated: ["aws_ecs_service.web"],
      replaced: [],
      missing: [],
      lost: [],
    });

    const udp = await state.apply(shop({ edge: {} }, { ...ALL, ...UDP }));
    expect(udp).toMatchObject({ replaced: [], lost: [], rejected: [] });
    const without = await state.apply(shop({}));
    expect(without).toMatchObject({ replaced: [], lost: [], rejected: [] });
  });

  it("keep their listener for another protocol, with a new target group first", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const ports: Partial<Ec2ServiceProps> = {
      networkMode: "awsvpc",
      portMappings: [{ containerPort: 80, protocol: "udp" }],
    };
    await state.apply(shop({ edge: {} }, { ...ports, listeners: { tcp: TCP } }));
    const both = await state.apply(
      shop({ edge: {} }, { ...ports, listeners: { tcp: { ...TCP, protocol: "TCP_UDP" } } }),
    );
    expect(both).toMatchObject({
      replaced: ["aws_lb_target_group.web_listener_tcp_target_group"],
      updated: expect.arrayContaining(["aws_lb_listener.web_listener_tcp", "aws_ecs_service.web"]),
      missing: [],
      rejected: [],
    });
  });

  it("are replaced without a gap beside each other", async () => {
    const system = await RunningSystem.start(lab);
    const state = system.state();
    await state.apply(shop({ edge: {} }, { listeners: { tcp: TCP } }));
    const other = { edge: {}, static: { staticAddresses: "managed" } } as const;
    const steps = await system.during(async () => {
      await state.apply(shop(other, { listeners: { tcp: TCP } }));
      await state.apply(shop(other, { listeners: { tcp: TCP, tls: { ...TCP, loadBalancer: "static" } } }));
    });
    expect(steps).toMatchObject({ replaced: [], deleted: [], missing: [], lost: [], rejected: [] });
    const after = await state.apply(
      shop({ static: other.static }, { listeners: { tls: { ...TCP, loadBalancer: "static" } } }),
    );
    expect(after.deleted).toEqual(
      expect.arrayContaining(["aws_lb.edge_load_balancer", "aws_lb_listener.web_listener_tcp"]),
    );
    expect(after).toMatchObject({ replaced: [], lost: [], rejected: [] });
  });

  it("are replaced in one apply, with the same name and the same addresses", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const zones = ["a", "b", "c", "d"].map((zone) => `ap-northeast-2${zone}`);
    const allocationIds = Object.fromEntries(zones.map((zone, n) => [zone, `eipalloc-0123456789abcdef${n}`]));
    const edge = { staticAddresses: "existing", values: { allocationIds } } as const;
    const listeners = { tcp: TCP };
    await state.apply(shop({ edge }, { listeners }));
    const fewer = await state.apply(shop({ edge: { ...edge, secondaryIpsAutoAssignedPerSubnet: 2 } }, { listeners }));
    expect(fewer.updated).toEqual(["aws_lb.edge_load_balancer"]);
    const replaced = await state.apply(shop({ edge }, { listeners }));
    expect(replaced).toMatchObject({
      replaced: expect.arrayContaining(["aws_lb.edge_load_balancer", "aws_lb_listener.web_listener_tcp"]),
      updated: [],
      rejected: [],
    });
  });

  it("rename a listener in two applies, because a port has one listener", async () => {
    const state = (await RunningSystem.start(lab)).state();
    await state.apply(shop({ edge: {} }, { ...ALL, listeners: { tcp: TCP } }));
    const removed = await state.apply(shop({ edge: {} }));
    expect(removed.deleted).toEqual(expect.arrayContaining(["aws_lb_listener.web_listener_tcp"]));
    const renamed = await state.apply(shop({ edge: {} }, { ...ALL, listeners: { https: TCP } }));
    expect(renamed).toMatchObject({
      created: expect.arrayContaining(["aws_lb_listener.web_listener_https"]),
      deleted: [],
      rejected: [],
    });
  });

  it("exchange the ports of their listeners in three applies, also after one apply failed", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const ports = (web: number, api: number) => () => {
      const stack = clusterStack({ ...SMALL, networkLoadBalancers: { edge: {} } });
      for (const [id, port] of Object.entries({ web, api })) {
        const listeners = { tcp: { ...TCP, port } };
        new Ec2Service(stack, id, { cluster: stack, image: `${id}:1`, containerPort: 80, listeners });
      }
      return stack;
    };
    await state.apply(ports(443, 8443));
    for (const _ of [1, 2]) await state.expectFailure(ports(8443, 443), "DuplicateListener");
    for (const [web, api] of [
      [9443, 8443],
      [9443, 443],
      [8443, 443],
    ] as const) {
      expect(await state.apply(ports(web, api))).toMatchObject({ replaced: [], missing: [], lost: [], rejected: [] });
    }
    // A listener takes the port that another one leaves in the same apply.
    await state.configure(ports(9443, 8443));
    await state.terraform.apply();
    expect(await state.apply(ports(9443, 8443))).toMatchObject({ replaced: [], missing: [], lost: [], rejected: [] });
  });

  it("serve services of other states, whose next apply creates their listeners again after a replacement", async () => {
    const system = await RunningSystem.start(lab);
    const [cluster, services] = [system.state(), system.state()];
    await cluster.apply(shop({ edge: {} }));
    const first = await services.apply(team({ tcp: TCP }));
    expect(first.created).toEqual(expect.arrayContaining(["aws_lb_listener.api_listener_tcp"]));
    await cluster.apply(shop({ edge: { internal: true } }));
    const again = await services.apply(team({ tcp: TCP }));
    expect(again.created).toEqual(["aws_lb_listener.api_listener_tcp"]);
  });

  it("exist already, and need a security group", async () => {
    const state = (await RunningSystem.start(lab, shared(["sg-0ff11e0000000007"]))).state();
    const added = await state.apply(onShared);
    expect(added.created).toEqual(expect.arrayContaining(["aws_lb_listener.web_listener_tcp"]));
    const without = (await RunningSystem.start(lab, shared([]))).state();
    await without.expectRejected(onShared, "has no security group");
  });

  it("fail at plan for addresses of other zones, and for a certificate of another region", async () => {
    const state = (await RunningSystem.start(lab)).state();
    const values = { allocationIds: { "ap-northeast-2a": "eipalloc-0123456789abcdef0" } };
    await state.expectRejected(
      shop({ edge: { staticAddresses: "existing", values } }),
      "needs one allocation id for each of its zones",
    );
    const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/0f0e0d0c-1111-2222-3333-444455556666";
    await state.expectRejected(
      shop({ edge: {} }, { listeners: { tls: { ...TCP, protocol: "TLS", certificateArn } } }),
      "The certificate of a listener must be in its region",
    );
  });
});
