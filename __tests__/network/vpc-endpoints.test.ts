import { VpcEndpoints, type VpcEndpointsProps } from "../../src";
import { Parts } from "../support/parts";
import { problemsOf } from "../support/problems";
import { at, emptyStack, ofType, resource, synthesized } from "../support/synthesized";

const INTERFACES = ["ecr_api", "ecr_dkr", "ecs", "ecs_agent", "ecs_telemetry", "logs", "ssm", "ssmmessages"];

function synthesize(props: Partial<VpcEndpointsProps> = {}) {
  const stack = emptyStack();
  const endpoints = new VpcEndpoints(stack, "endpoints", { name: "prod", vpc: new Parts(stack).vpc, ...props });
  return { endpoints, json: synthesized(stack) };
}

/** Returns the services with an endpoint, by the end of their address. */
const servicesIn = (json: ReturnType<typeof synthesized>) =>
  Object.keys(ofType(json, "aws_vpc_endpoint")).map((name) => name.replace("endpoints_to_", ""));

describe("VpcEndpoints", () => {
  const { endpoints, json } = synthesize();

  it("creates the interface endpoints that instances need, and the gateway endpoint of S3", () => {
    expect(servicesIn(json).sort()).toEqual([...INTERFACES, "s3"].sort());
    expect(Object.keys(endpoints.endpoints)).toEqual([
      ...["ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr", "logs", "ssm", "ssmmessages", "s3"],
    ]);
    expect(resource(json, "aws_vpc_endpoint.endpoints_to_ecr_api")).toMatchObject({
      service_name: "${data.aws_vpc_endpoint_service.endpoints_service_ecr_api.service_name}",
      vpc_endpoint_type: "Interface",
      private_dns_enabled: true,
      security_group_ids: ["${aws_security_group.endpoints_security_group.id}"],
      tags: { Name: "prod-ecr.api", Purpose: "Connects the VPC to ecr.api without the internet" },
    });
    expect(at(json, "data", "aws_vpc_endpoint_service", "endpoints_service_ecr_api")).toEqual({
      service: "ecr.api",
      service_type: "Interface",
    });
  });

  it("uses one subnet in each zone that has the service", () => {
    expect(resource(json, "aws_vpc_endpoint.endpoints_to_logs").subnet_ids).toMatch(
      /^\$\{\[for zone, id in .* : id if length\((.*)\) == 0 \|\| contains\(\1, zone\)\]\}$/,
    );
  });

  it("adds the route to S3 to the route tables of the subnets, or to the main one", () => {
    expect(resource(json, "aws_vpc_endpoint.endpoints_to_s3")).toMatchObject({
      vpc_endpoint_type: "Gateway",
      route_table_ids:
        "${distinct(flatten([for table in data.aws_route_tables.endpoints_route_tables : length(table.ids) > 0 ? table.ids : data.aws_route_tables.endpoints_main_route_table.ids]))}",
    });
    expect(resource(json, "aws_vpc_endpoint.endpoints_to_s3")).not.toHaveProperty("security_group_ids");
  });

  it("admits only HTTPS from the networks of the VPC, because all clients in the VPC use the endpoints", () => {
    expect(Object.values(ofType(json, "aws_vpc_security_group_ingress_rule"))).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({
          for_each: expect.stringContaining("cidr_block_associations"),
          security_group_id: "${aws_security_group.endpoints_security_group.id}",
          from_port: 443,
          to_port: 443,
        }),
      ]),
    );
  });

  it("creates none for services that exist, and more for others", () => {
    const { json } = synthesize({ services: ["secretsmanager", "sqs"], existing: ["s3", "logs", "sqs"] });
    expect(servicesIn(json).sort()).toEqual([...INTERFACES.filter((one) => one !== "logs"), "secretsmanager"].sort());
    expect(at(json, "data", "aws_route_tables")).toBeUndefined();
    expect(resource(json, "aws_security_group.endpoints_security_group").tags).toMatchObject({
      VpcEndpoints: "partial",
    });
  });

  it("creates a gateway endpoint for DynamoDB too, whose interface endpoint has no private DNS", () => {
    const { json } = synthesize({ services: ["dynamodb"] });
    const dynamodb = resource(json, "aws_vpc_endpoint.endpoints_to_dynamodb");
    expect(dynamodb).toMatchObject({
      vpc_endpoint_type: "Gateway",
      route_table_ids: resource(json, "aws_vpc_endpoint.endpoints_to_s3").route_table_ids,
    });
    expect(dynamodb).not.toHaveProperty("private_dns_enabled");
    expect(synthesize({ services: ["dynamodb"], existing: ["s3"] }).endpoints.endpoints).not.toHaveProperty("s3");
  });

  it("creates no security group when only S3 has an endpoint", () => {
    const existing = ["ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr", "logs", "ssm", "ssmmessages"];
    const { json, endpoints } = synthesize({ existing });
    expect(servicesIn(json)).toEqual(["s3"]);
    expect(endpoints.securityGroupId).toBeUndefined();
  });

  it.each<[string, Partial<VpcEndpointsProps>, string]>([
    [
      "the whole name of a service",
      { services: ["https://sqs"] },
      'services[0] must be the end of the name of an endpoint service; received "https://sqs".',
    ],
    [
      "a name with the region",
      { services: ["com.amazonaws.eu-west-1.sqs"] },
      'services[0] must be the end of the name of an endpoint service; received "com.amazonaws.eu-west-1.sqs".',
    ],
    [
      "a service that exists and gets no endpoint",
      { existing: ["sqs"] },
      'existing[0] must be a service that gets an endpoint; received "sqs".',
    ],
    [
      "a misspelt service",
      { services: ["ecr-api"] },
      'services[0] must differ from ecr.api in more than a dot or a hyphen; received "ecr-api".',
    ],
  ])("rejects %s", (_, props, message) => {
    expect(problemsOf(() => synthesize(props)).join()).toContain(message);
  });
});
