import type { Configuration } from "../../cli/offline-provider";
import type { EcsClusterSettings, LoadBalancerSettings } from "../../src";
import { clusterConfiguration, unwrapped } from "../support/cluster";
import { EXAMPLE_FIXTURES, exampleValues } from "../support/examples";
import { partOf } from "../support/part-of";
import { expectSettled } from "../support/settled";
import { describeTerraform, type TerraformLab } from "../support/terraform";

const ACM = "arn:aws:acm:ap-northeast-2:123456789012:certificate";
const CERTIFICATE = { certificateArn: `${ACM}/a` };
const TRUST_STORE = "arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:truststore/clients/0a1b";

/** Returns the load balancer, its listeners and all security group rules of a stack. */
function partOfBalancer(settings: EcsClusterSettings): Configuration {
  const configuration = clusterConfiguration(settings);
  const addresses = Object.entries(configuration.resource as object).flatMap(([type, resources]) =>
    /^aws_(lb|vpc|acm|route53)_?/.test(type) ? Object.keys(resources).map((name) => `${type}.${name}`) : [],
  );
  return partOf(configuration, ...addresses);
}

/** Applies each configuration in turn. After each apply, the next plan must be empty. Returns the changes of each step. */
async function applyInTurn(lab: TerraformLab, steps: readonly EcsClusterSettings[], fixtures = {}) {
  const [first, ...others] = steps.map(partOfBalancer);
  const terraform = await lab.terraform({ configuration: first as never, fixtures });
  const changes: string[][] = [];
  for (const [index, configuration] of [first, ...others].entries()) {
    if (index > 0) {
      terraform.configure(configuration as never);
      await terraform.session.serve({ configuration, fixtures } as never);
    }
    const { resource_changes = [] } = await terraform.planJson();
    changes.push(
      resource_changes
        .filter(({ change }) => !["no-op", "read"].includes(change.actions[0] as string))
        .map(({ address, change }) => [address, ...change.actions].join(" "))
        .sort(),
    );
    const applied = await terraform.apply();
    expect(applied.stderr).not.toContain("Error");
    const { status, stdout } = await terraform.plan();
    expect(stdout).toContain("No changes.");
    expect(status).toBe(0);
  }
  return changes.slice(1);
}

describeTerraform("the load balancer of a running cluster", (lab) => {
  it.each<[name: string, other: LoadBalancerSettings]>([
    [
      "its attributes",
      {
        idleTimeoutSeconds: 30,
        clientKeepAliveSeconds: 600,
        http2Enabled: false,
        dropInvalidHeaderFields: false,
        desyncMitigationMode: "monitor",
        preserveHostHeader: true,
        xffHeaderProcessingMode: "preserve",
        preserveXffClientPort: true,
        xAmznTlsVersionAndCipherSuiteHeaders: true,
        minimumCapacityUnit: 200,
        zonalShift: true,
      },
    ],
    [
      "its logs",
      { accessLogs: { bucket: "logs" }, connectionLogs: { bucket: "logs" }, healthCheckLogs: { bucket: "logs" } },
    ],
    ["IPv6 addresses", { dualStack: true }],
  ])("gets %s in place, and loses them again", async (_, loadBalancer) => {
    const [there, back] = await applyInTurn(lab, [{}, { loadBalancer }, {}], { ipv6Subnets: true });
    expect(there).toContain("aws_lb.load_balancer update");
    expect(back).toContain("aws_lb.load_balancer update");
    expect([...(there ?? []), ...(back ?? [])].filter((change) => /^aws_lb.* delete/.test(change))).toEqual([]);
  });

  it("gets listeners, certificates and mutual authentication, and loses them again", async () => {
    const https = { loadBalancer: { https: true }, values: CERTIFICATE };
    const [there, back] = await applyInTurn(lab, [
      https,
      {
        loadBalancer: { https: true, listeners: { admin: { port: 8443 } }, mutualAuthentication: { mode: "verify" } },
        values: { ...CERTIFICATE, certificateArns: { shop: `${ACM}/b` }, trustStoreArn: TRUST_STORE },
      },
      https,
    ]);
    expect(there).toEqual([
      "aws_lb_listener.load_balancer_https update",
      "aws_lb_listener.load_balancer_listener_admin create",
      'aws_lb_listener_certificate.load_balancer_certificate["shop"] create',
      'aws_lb_listener_certificate.load_balancer_certificate_admin["shop"] create',
      'aws_vpc_security_group_ingress_rule.port_rules_listener_admin["0.0.0.0/0"] create',
    ]);
    expect(back).toEqual(there?.map((change) => change.replace("create", "delete")));
  });

  it("is replaced by an internal one under another name, and back", async () => {
    const [there, back] = await applyInTurn(lab, [{}, { loadBalancer: { internal: true } }, {}]);
    for (const changes of [there, back]) {
      expect(changes).toEqual([
        "aws_lb.load_balancer delete create",
        "aws_lb_listener.load_balancer_http delete create",
      ]);
    }
  });

  it("moves to the private subnets with internal", async () => {
    const configuration = partOfBalancer({
      vpcId: "vpc-0123456789abcdef0",
      privateSubnets: true,
      loadBalancer: { internal: true },
    });
    const values = exampleValues(configuration);
    const terraform = await lab.terraform({ configuration, variables: values, fixtures: EXAMPLE_FIXTURES });
    await expectSettled(terraform);
    const balancer = terraform.state().resources.find(({ address }) => address === "aws_lb.load_balancer");
    const subnets = (values as { private_subnet_ids?: string[] }).private_subnet_ids ?? [];
    expect(subnets.length).toBeGreaterThan(1);
    expect(balancer?.values).toMatchObject({ name: "ecs-int", internal: true });
    expect(balancer?.values.subnets).toEqual(expect.arrayContaining(subnets));
  });

  it("needs an IPv6 network in each subnet with dualStack, and says how to get one", async () => {
    const terraform = await lab.terraform({
      configuration: partOfBalancer({ loadBalancer: { dualStack: true } }),
    });
    const { status, stderr } = await terraform.plan();
    expect(unwrapped(stderr)).toContain(
      "A load balancer with dualStack needs an IPv6 network in each subnet; received none in subnet-",
    );
    expect(unwrapped(stderr)).toContain("aws ec2 associate-subnet-cidr-block");
    expect(status).toBe(1);
  });

  it("gets a domain name, another one, more addresses, and loses it again", async () => {
    const withDomain = (domainName: string, dualStack = false): EcsClusterSettings => ({
      loadBalancer: { domain: true, dualStack },
      values: { domainName, alternativeDomainNames: [`*.${domainName}`], zoneName: "example.com" },
    });
    const [there, another, ipv6, back] = await applyInTurn(
      lab,
      [{}, withDomain("a.example.com"), withDomain("b.example.com"), withDomain("b.example.com", true), {}],
      { ipv6Subnets: true },
    );
    expect(there).toEqual(
      expect.arrayContaining([
        'aws_route53_record.certificate_validation_record["*.a.example.com"] create',
        'aws_route53_record.load_balancer_ipv4_record["a.example.com"] create',
        "aws_lb_listener.load_balancer_https create",
      ]),
    );
    expect(another).toEqual(
      expect.arrayContaining([
        "aws_acm_certificate.certificate create delete",
        "aws_lb_listener.load_balancer_https update",
      ]),
    );
    expect(ipv6).toContain('aws_route53_record.load_balancer_ipv6_record["b.example.com"] create');
    expect(back).toContain("aws_acm_certificate.certificate delete");
  });
});
