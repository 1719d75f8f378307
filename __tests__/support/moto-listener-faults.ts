import {
  AssociateDhcpOptionsCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateDhcpOptionsCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  AddListenerCertificatesCommand,
  AddTagsCommand,
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DeleteServerCertificateCommand, UploadServerCertificateCommand } from "@aws-sdk/client-iam";
import { HTTP_FROM_ANYWHERE } from "./moto-access";
import { replaced } from "./moto-answers";
import { CLUSTER, type ClusterResources, HOST_PORTS } from "./moto-cluster";
import type { Case, Fault } from "./moto-doctor";
import type { MotoProxy, Overlay } from "./moto-proxy";

const DAY = 24 * 60 * 60;
const inDays = (days: number) => Date.now() / 1000 + days * DAY;
const CertificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/1";
const OWN = "own";
const HTTPS = { ...HTTP_FROM_ANYWHERE, FromPort: 443, ToPort: 443 };
const FixedResponseConfig = { StatusCode: "404", ContentType: "text/plain" };
const NOT_FOUND = { Type: "fixed-response", FixedResponseConfig } as const;

/** Answers with a certificate of ACM. moto does not issue certificates. */
const ofAcm =
  (change: Readonly<Record<string, unknown>>): Overlay =>
  () => {
    const details = { Status: "ISSUED", Type: "AMAZON_ISSUED", DomainName: "shop.example.com", NotAfter: inDays(300) };
    const Certificate = { CertificateArn, ...details, RenewalEligibility: "ELIGIBLE", ...change };
    return { status: 200, body: JSON.stringify({ Certificate }) };
  };

/** Answers with the end of a certificate of IAM, which for moto is always in 2012. */
const ofIam = (days: number): Overlay =>
  replaced(/<Expiration>[^<]*/, `<Expiration>${new Date(inDays(days) * 1000).toISOString()}`);

/** Uploads a valid certificate to IAM. @returns its ARN */
export const uploadCertificate = async ({ clients: { iam } }: ClusterResources, { overlays }: MotoProxy) => {
  overlays.set("GetServerCertificate", ofIam(300));
  const body = { ServerCertificateName: OWN, CertificateBody: "certificate", PrivateKey: "key" };
  return (await iam.send(new UploadServerCertificateCommand(body))).ServerCertificateMetadata?.Arn;
};

/** Adds an HTTPS listener with a valid certificate of IAM, and with one of ACM for another host name. */
export const withCertificates: Fault = async (resources, proxy) => {
  const { clients, balancerArn, balancerGroup } = resources;
  const { balancing, ec2 } = clients;
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: balancerGroup, IpPermissions: [HTTPS] }));
  const arn = await uploadCertificate(resources, proxy);
  const made = await balancing.send(
    new CreateListenerCommand({
      ...{ LoadBalancerArn: balancerArn, Protocol: "HTTPS", Port: 443, Certificates: [{ CertificateArn: arn }] },
      DefaultActions: [NOT_FOUND],
    }),
  );
  const [{ ListenerArn } = {}] = made.Listeners ?? [];
  await balancing.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates: [{ CertificateArn }] }));
  proxy.overlays.set("DescribeCertificate", ofAcm({}));
};

/** Adds what makes the doctor call all actions of its policy: certificates, a rule with a response, DHCP options. */
export const withAllCalls: Fault = async (resources, proxy) => {
  await withCertificates(resources, proxy);
  const { ec2 } = resources.clients;
  await addRule(resources, 9, "/maintenance", NOT_FOUND);
  const { DhcpOptions } = await ec2.send(
    new CreateDhcpOptionsCommand({
      DhcpConfigurations: [{ Key: "domain-name-servers", Values: ["AmazonProvidedDNS"] }],
    }),
  );
  const [{ VpcId } = {}] = resources.subnets;
  await ec2.send(new AssociateDhcpOptionsCommand({ VpcId, DhcpOptionsId: DhcpOptions?.DhcpOptionsId }));
};

type Action = NonNullable<CreateRuleCommand["input"]["Actions"]>[number];

const listenerOf = async ({ clients, balancerArn: LoadBalancerArn }: ClusterResources) =>
  (await clients.balancing.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners?.[0]?.ListenerArn;

/** Adds a rule to the listener of the service. @returns its ARN */
async function addRule(resources: ClusterResources, Priority: number, path: string, action: Action) {
  const made = await resources.clients.balancing.send(
    new CreateRuleCommand({
      ...{ ListenerArn: await listenerOf(resources), Priority, Actions: [action] },
      Conditions: [{ Field: "path-pattern", Values: [path] }],
    }),
  );
  return made.Rules?.[0]?.RuleArn ?? "";
}

/** Changes the default action of the listener, which forwards to the service. */
const withDefault = async (resources: ClusterResources, action: Action) =>
  resources.clients.balancing.send(
    new ModifyListenerCommand({ ListenerArn: await listenerOf(resources), DefaultActions: [action] }),
  );

/** Changes the answer of ACM. */
const acm =
  (change: Readonly<Record<string, unknown>>): Fault =>
  async (resources, proxy) => {
    await withCertificates(resources, proxy);
    proxy.overlays.set("DescribeCertificate", ofAcm(change));
  };

/** Faults of listeners, their rules, their certificates and their targets. */
export const LISTENER_FAULTS: readonly Case[] = [
  [
    "an internet-facing load balancer that admits only private networks",
    [
      "listeners: The security group of the internet-facing load balancer ecs-alb admits only private networks to its listener HTTP 80.",
    ],
    async ({ clients: { ec2 }, balancerGroup: GroupId }) => {
      await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [HTTP_FROM_ANYWHERE] }));
      const IpPermissions = [{ ...HTTP_FROM_ANYWHERE, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    },
  ],
  [
    "a certificate of IAM that expired",
    ["certificates: The certificate of own expired 1 day ago."],
    async (resources, proxy) => {
      await withCertificates(resources, proxy);
      proxy.overlays.set("GetServerCertificate", ofIam(-0.5));
    },
  ],
  [
    "a certificate of IAM that was deleted",
    ["certificates: The certificate own was deleted."],
    async (resources, proxy) => {
      await withCertificates(resources, proxy);
      proxy.overlays.delete("GetServerCertificate");
      await resources.clients.iam.send(new DeleteServerCertificateCommand({ ServerCertificateName: OWN }));
    },
  ],
  [
    "an imported certificate that expires soon",
    ["certificates: The certificate of shop.example.com expires in 12 days."],
    acm({ Type: "IMPORTED", NotAfter: inDays(13) }),
  ],
  [
    "a certificate that is not issued",
    ["certificates: The certificate of shop.example.com is PENDING_VALIDATION."],
    acm({ Status: "PENDING_VALIDATION", NotAfter: undefined }),
  ],
  [
    "a certificate that ACM cannot renew",
    ["certificates: ACM cannot renew the certificate of shop.example.com. It expires in 44 days."],
    acm({ NotAfter: inDays(45), RenewalSummary: { RenewalStatus: "PENDING_VALIDATION" } }),
  ],
  [
    "a certificate of ACM that was deleted",
    ["certificates: The certificate arn:aws:acm:eu-west-1:123456789012:certificate/1 was deleted."],
    async (resources, proxy) => {
      await withCertificates(resources, proxy);
      const body = JSON.stringify({ __type: "ResourceNotFoundException", message: "Could not find certificate" });
      proxy.overlays.set("DescribeCertificate", () => ({ status: 400, body }));
    },
  ],
  [
    "a rule that takes all requests of the service",
    [
      "rules: Rule 1 (paths /*) of ecs-alb HTTP 80 takes all requests of rule 10 (paths /api*), which belongs to the service web.",
      "rules: Rule 1 (paths /*) of ecs-alb HTTP 80 takes all requests of the default rule, which belongs to the service web.",
    ],
    async (resources) => {
      await addRule(resources, 10, "/api*", { Type: "forward", TargetGroupArn: resources.targetGroupArn });
      await addRule(resources, 1, "/*", NOT_FOUND);
    },
  ],
  [
    "a rule of the service that returns a response",
    ["rules: The listener rule of the service web returns 404, and forwards to no target group."],
    async (resources) => {
      const arn = await addRule(resources, 10, "/api*", NOT_FOUND);
      const Tags = [{ Key: "Name", Value: `${CLUSTER}-web` }];
      await resources.clients.balancing.send(new AddTagsCommand({ ResourceArns: [arn], Tags }));
      await withDefault(resources, NOT_FOUND);
    },
  ],
  [
    "a listener without a rule of the service",
    ["rules: No listener rule forwards requests to the target group ecs-web of the service web."],
    (resources) => withDefault(resources, NOT_FOUND),
  ],
  [
    "a rule with the weight 0",
    ["rules: The listener rules give the target group ecs-web of the service web the weight 0."],
    async (resources) => {
      const { clients, subnets, targetGroupArn } = resources;
      const request = { Name: "other", Protocol: "HTTP", Port: 80, VpcId: subnets[0]?.VpcId } as const;
      const { TargetGroups = [] } = await clients.balancing.send(new CreateTargetGroupCommand(request));
      const weights = [
        { TargetGroupArn: targetGroupArn, Weight: 0 },
        { TargetGroupArn: TargetGroups[0]?.TargetGroupArn, Weight: 100 },
      ];
      await withDefault(resources, { Type: "forward", ForwardConfig: { TargetGroups: weights } });
    },
  ],
  [
    "a target that is no task",
    [
      "targetports: The target group ecs-web of the service web has targets that are no running task: INSTANCE-0:31999.",
      // moto has one target for each instance, so that the new one replaces it.
      "targetports: The load balancer sends no requests to task TASK-0 of the service web, because no target has the port.",
    ],
    ({ clients, targetGroupArn: TargetGroupArn, instances: [Id] }) =>
      clients.balancing.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id, Port: 31_999 }] })),
  ],
  [
    "a task that is no target",
    [
      "targetports: The load balancer sends no requests to task TASK-1 of the service web, because no target has the port.",
    ],
    ({ clients, targetGroupArn: TargetGroupArn, instances: [, Id] }) =>
      clients.balancing.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id, Port: HOST_PORTS[1] }] })),
  ],
];
