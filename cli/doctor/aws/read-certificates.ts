import { type ACMClient, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import {
  type ElasticLoadBalancingV2Client,
  paginateDescribeListenerCertificates,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetServerCertificateCommand, type IAMClient } from "@aws-sdk/client-iam";
import type { CertificateFacts, ListenerFacts } from "../facts";
import { allPages, inBatches } from "./paging";

/** The clients that read certificates. */
export interface CertificateClients {
  readonly acm: ACMClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly iam: IAMClient;
}

/** How many calls run at the same time. ACM allows 10 of them in a second. */
const AT_ONCE = 5;
const DAY = 24 * 60 * 60 * 1000;

/** Reads the certificates of listeners: the default ones, and those for other host names. */
export async function readCertificates(
  clients: CertificateClients,
  listeners: readonly ListenerFacts[],
  now: Date,
): Promise<CertificateFacts[]> {
  const encrypted = listeners.filter(({ protocol }) => protocol === "HTTPS" || protocol === "TLS");
  const uses = await inBatches(encrypted, 1, async ([listener]) => {
    const ListenerArn = listener?.arn;
    const certificates = await allPages(
      paginateDescribeListenerCertificates({ client: clients.balancing }, { ListenerArn }),
      (page) => page.Certificates,
    );
    return certificates.flatMap(({ CertificateArn: arn }) => (arn ? [{ arn, listenerArn: ListenerArn ?? "" }] : []));
  });
  const arns = [...new Set(uses.map(({ arn }) => arn))].sort();
  return inBatches(arns, AT_ONCE, (some) =>
    Promise.all(
      some.map(async (arn) => ({
        ...{ arn, listenerArns: uses.filter((use) => use.arn === arn).map(({ listenerArn }) => listenerArn) },
        ...(await (arn.includes(":acm:") ? ofAcm(clients.acm, arn, now) : ofIam(clients.iam, arn, now))),
      })),
    ),
  );
}

type Details = Omit<CertificateFacts, "arn" | "listenerArns">;

async function ofAcm(acm: ACMClient, CertificateArn: string, now: Date): Promise<Details> {
  const request = new DescribeCertificateCommand({ CertificateArn });
  const answer = await acm.send(request).catch((error) => missing(error, "ResourceNotFoundException"));
  if (!answer) return { status: "DELETED", domain: CertificateArn };
  const {
    Certificate: { Status, Type, DomainName, NotAfter, RenewalSummary, RenewalEligibility, FailureReason } = {},
  } = answer;
  const { RenewalStatus, RenewalStatusReason } = RenewalSummary ?? {};
  return {
    status: Status ?? "",
    domain: DomainName ?? CertificateArn,
    daysLeft: daysUntil(NotAfter, now),
    isRenewed: Type !== "IMPORTED" && RenewalEligibility === "ELIGIBLE",
    renewal: RenewalStatus,
    reason: RenewalStatusReason ?? FailureReason,
  };
}

/** Reads a server certificate of IAM, which never renews itself. */
async function ofIam(iam: IAMClient, arn: string, now: Date): Promise<Details> {
  const ServerCertificateName = arn.split("/").at(-1) ?? "";
  const request = new GetServerCertificateCommand({ ServerCertificateName });
  const answer = await iam.send(request).catch((error) => missing(error, "NoSuchEntityException"));
  if (!answer) return { status: "DELETED", domain: ServerCertificateName };
  const { Expiration } = answer.ServerCertificate?.ServerCertificateMetadata ?? {};
  return { status: "ISSUED", domain: ServerCertificateName, daysLeft: daysUntil(Expiration, now), isRenewed: false };
}

const missing = (error: unknown, name: string): undefined => {
  if ((error as Error).name !== name) throw error;
  return undefined;
};

/** Returns the whole days until a date, which are negative after it. */
const daysUntil = (date: Date | undefined, now: Date): number | undefined =>
  date && Math.floor((date.getTime() - now.getTime()) / DAY);
