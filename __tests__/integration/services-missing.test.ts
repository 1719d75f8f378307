import type { Configuration, TerraformResult } from "../../cli/offline-provider";
import { Ec2Service, type Ec2ServiceProps, EcsServiceStack, type EcsServiceStackSettings } from "../../src";
import { unwrapped } from "../support/cluster";
import {
  accountWithout,
  changedGroup,
  type Existing,
  existingCluster,
  mergedAccounts,
} from "../support/existing-cluster";
import { casesAsModules, expectError } from "../support/modules";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";
import { testApp } from "../support/test-app";

function configurationOf(props: Partial<Ec2ServiceProps> = {}, settings: EcsServiceStackSettings = {}): Configuration {
  const stack = new EcsServiceStack(testApp(), "orders", settings);
  new Ec2Service(stack, "orders", {
    ...{ cluster: stack.cluster, image: "orders:1", containerPort: 80, paths: ["/api/orders*"] },
    ...props,
  });
  return synthesized(stack) as Configuration;
}

/** Returns the Auto Scaling group of a cluster with another name, also in its tags. */
const namedGroup = (cluster: string, name: string): Existing[string][number] => {
  const group = changedGroup(cluster, { name });
  return { ...group, tags: { ...(group.tags as object), Name: name } };
};

describeTerraform("a cluster that does not exist, or has missing parts", (lab) => {
  const tagged = (name: string, what: string) => `tagged Cluster = ${name} in ap-northeast-2, ${what}`;
  const group = (name: string, others: string) =>
    `There is no Auto Scaling group ${name}-instances ${tagged(name, "Purpose = The container instances of the ECS cluster")}. There are: ${others}. Apply the cluster's stack, which sets these tags, or set capacity to the part between the cluster's name and -instances.`;
  const orders = configurationOf();
  const listener = (name: string, protocol: string, allowHttpsOutbound?: string) => {
    const [given] = existingCluster(name).existing.aws_lb_listener ?? [];
    const { AllowHttpsOutbound: _, ...tags } = (given?.tags ?? {}) as Record<string, string>;
    const own = allowHttpsOutbound === undefined ? tags : { ...tags, AllowHttpsOutbound: allowHttpsOutbound };
    return accountWithout(name, "aws_lb_listener", [{ ...given, protocol, tags: own }]);
  };
  const JWT = { issuer: "https://id.example.com", jwksEndpoint: "https://id.example.com/keys" };
  const httpOf = (name: string, setting: string) =>
    `${setting} of orders must be on an HTTPS listener; arn:aws:elasticloadbalancing:ap-northeast-2:000000000000:listener/app/${name}-alb/0f0e0d0c0b0a0908/0706050403020100 has the protocol HTTP. Set https of the load balancer in its stack and apply it`;
  const missing: readonly (readonly [what: string, name: string, Existing, message: string, Configuration?])[] = [
    [
      "the cluster",
      "gone",
      {},
      "There is no ECS cluster gone in ap-northeast-2. There are: bare, unheard, sizeless, parted, armless, small, insecure, plain, closed. Apply the cluster's stack first, or correct cluster_name or region.",
    ],
    [
      "the security group",
      "bare",
      accountWithout("bare", "aws_security_group"),
      `There must be one security group ${tagged("bare", "Name = bare-instances")}; there are 0. Apply the cluster's stack, which sets these tags, and remove them from other security groups.`,
    ],
    [
      "the listener",
      "unheard",
      accountWithout("unheard", "aws_lb_listener"),
      `There must be one listener ${tagged("unheard", "Purpose = Where services put their rules")}; there are 0. Enable the load balancer of the cluster's stack and apply it, or set loadBalancer to false for services without a route.`,
    ],
    [
      "the auto scaling group",
      "sizeless",
      accountWithout("sizeless", "aws_autoscaling_group"),
      group("sizeless", "none"),
    ],
    [
      "main among other groups",
      "parted",
      accountWithout(
        "parted",
        "aws_autoscaling_group",
        ["x86", "arm"].map((capacity) => namedGroup("parted", `parted-${capacity}-instances`)),
      ),
      group("parted", "parted-arm-instances, parted-x86-instances"),
    ],
    [
      "the group of the given capacity",
      "armless",
      existingCluster("armless").existing,
      `There is no Auto Scaling group armless-arm-instances ${tagged("armless", "Purpose = The container instances of the ECS cluster")}. There are: armless-instances.`,
      configurationOf({}, { capacity: "arm" }),
    ],
    [
      "enough memory on the group's instances",
      "small",
      existingCluster("small", { instanceTypes: ["t3.micro", "t3.small"], maxSize: 1 }).existing,
      "The services need 1000 MiB of memory while they are deployed (orders 2 x 500), more than the 942 that 1 instances have for tasks: t3.micro 942, t3.small 1884",
      configurationOf({ memoryLimitMiB: 500 }),
    ],
    [
      "HTTPS for a route that verifies tokens",
      "insecure",
      listener("insecure", "HTTP", "true"),
      httpOf("insecure", "jwtValidation"),
      configurationOf({ jwtValidation: JWT }),
    ],
    [
      "HTTPS for gRPC",
      "plain",
      listener("plain", "HTTP"),
      httpOf("plain", "protocolVersion GRPC"),
      configurationOf({ protocolVersion: "GRPC" }),
    ],
    [
      "a way to the identity provider",
      "closed",
      listener("closed", "HTTPS"),
      "jwtValidation of orders must be on a load balancer with allowHttpsOutbound, which connects to the identity provider. Set allowHttpsOutbound of the load balancer in the cluster's stack, and apply that stack.",
      configurationOf({ jwtValidation: JWT }),
    ],
  ];
  let failed: TerraformResult;
  beforeAll(async () => {
    const existing = mergedAccounts(missing.map(([, , account]) => account));
    const cases = missing.map(([, cluster_name, , , configuration = orders]) => ({
      configuration,
      variables: { cluster_name },
    }));
    failed = await (await casesAsModules(lab, cases, { fixtures: { existing } })).plan();
  });

  it.each(missing.map(([what, , , message], index) => [what, message, index] as const))(
    "is reported without %s",
    (_, message, index) => expectError(failed, index, message),
  );

  it("is reported without any cluster", async () => {
    const { status, stderr } = await (await lab.terraform({ configuration: orders })).plan();
    expect(unwrapped(stderr)).toContain(
      "There is no ECS cluster ecs in ap-northeast-2. There are: none. Apply the cluster's stack first, or correct cluster_name or region.",
    );
    expect(stderr.match(/Error:/g)).toHaveLength(1);
    expect(status).toBe(1);
  });
});
