import { Ec2Service, ServiceConnectNamespace } from "../../src";
import { clusterStack } from "../support/cluster";
import { problemsOf } from "../support/problems";
import { count, ofType, resource, synthesized } from "../support/synthesized";

const HTTP = "aws_service_discovery_http_namespace.cloud_map_namespace";
const DNS = "aws_service_discovery_private_dns_namespace.cloud_map_namespace";

describe("the default namespace of a cluster", () => {
  it("has the name of the cluster, and is the default in AWS and of services", () => {
    const stack = clusterStack({ defaultCloudMapNamespace: {} });
    new Ec2Service(stack, "users", { cluster: stack, containerPort: 80, serviceConnect: {} });
    const json = synthesized(stack);
    expect(resource(json, HTTP)).toMatchObject({ name: "${var.name}" });
    expect(resource(json, "aws_ecs_cluster.cluster").service_connect_defaults).toEqual({
      namespace: `\${${HTTP}.arn}`,
    });
    expect(resource(json, "aws_ecs_service.users")).toMatchObject({
      service_connect_configuration: { namespace: `\${${HTTP}.arn}` },
      depends_on: expect.arrayContaining([
        "aws_vpc_security_group_ingress_rule.service_connect_instances_from_instances",
      ]),
    });
  });

  it("can have DNS names in the VPC", () => {
    const stack = clusterStack({ defaultCloudMapNamespace: { name: "shop.internal", type: "DNS_PRIVATE" } });
    new Ec2Service(stack, "users", { cluster: stack, containerPort: 80, cloudMapOptions: {} });
    const json = synthesized(stack);
    expect(resource(json, DNS)).toMatchObject({ name: "shop.internal", vpc: "${one(data.aws_vpcs.vpc.ids)}" });
    expect(count(json, "aws_service_discovery_service")).toBe(1);
    expect(count(json, "aws_service_discovery_http_namespace")).toBe(0);
  });

  it("can exist", () => {
    const namespaceArn = "arn:aws:servicediscovery:ap-northeast-2:111122223333:namespace/ns-0123456789abcdef";
    const json = synthesized(clusterStack({ defaultCloudMapNamespace: { namespaceArn } }));
    expect(resource(json, "aws_ecs_cluster.cluster").service_connect_defaults).toEqual({ namespace: namespaceArn });
    expect(count(json, "aws_service_discovery_http_namespace")).toBe(0);
  });

  it("does not exist by default", () => {
    const stack = clusterStack();
    const json = synthesized(stack);
    expect(stack.serviceConnectNamespace).toBeUndefined();
    expect(resource(json, "aws_ecs_cluster.cluster")).not.toHaveProperty("service_connect_defaults");
    expect(Object.keys(ofType(json, "aws_service_discovery_http_namespace"))).toEqual([]);
  });

  it("is the only namespace of the cluster", () => {
    const stack = clusterStack({ defaultCloudMapNamespace: {} });
    expect(problemsOf(() => new ServiceConnectNamespace(stack, "second", { cluster: stack, name: "b" }))).toEqual([
      expect.stringContaining("name must not be set: the cluster already has the namespace ecs/service_connect"),
    ]);
  });

  it("has no DNS names without type, so records in it are an error", () => {
    const stack = clusterStack({ defaultCloudMapNamespace: {} });
    expect(
      problemsOf(() => new Ec2Service(stack, "users", { cluster: stack, containerPort: 80, cloudMapOptions: {} })),
    ).toEqual([expect.stringContaining("cloudMapOptions.cloudMapNamespace must be a namespace with DNS names")]);
  });
});
