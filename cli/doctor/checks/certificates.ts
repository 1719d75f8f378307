import { actionsOf } from "../actions";
import { type Cause, type Check, type Command, command, counted, distinct, type Finding, found } from "../check";
import type { BalancerFacts, CertificateFacts, ListenerFacts } from "../facts";
import { symptomCause } from "../symptom-cause";

interface Facts {
  readonly region: string;
  readonly balancers: readonly BalancerFacts[];
  readonly listeners: readonly ListenerFacts[];
  readonly certificates: readonly CertificateFacts[];
}

/** The days before the end of a certificate that are a problem. ACM renews its certificates earlier. */
const SOON_DAYS = 30;

const RENEW = symptomCause("certificate-renewal-failed").fix;
const IMPORT = symptomCause("certificate-expired").fix;

const EXPIRED = symptomCause("certificate-expired");

const EXPIRES: Cause = {
  id: "certificate-expires-soon",
  title: `A certificate of a listener expires within ${SOON_DAYS} days.`,
  fix: IMPORT,
};

const NOT_ISSUED: Cause = {
  id: "certificate-not-issued",
  title: "A certificate of a listener is not issued.",
  fix: "Read the status and the reason with the command. A certificate that waits for its validation needs the DNS records that the command lists. Otherwise, request another certificate, set certificate_arn and deploy.",
};

const RENEWAL = symptomCause("certificate-renewal-failed");

const DELETED: Cause = {
  id: "certificate-deleted",
  title: "A certificate of a listener was deleted.",
  fix: "Create or import another certificate, set certificate_arn to its ARN, and deploy.",
};

/** Checks the certificates of the listeners, also those for other host names. */
export const certificatesCheck: Check<Facts> = {
  id: "certificates",
  question: "Are the certificates of the listeners valid for more than 30 days?",
  actions: actionsOf("balancers", "listeners", "certificates"),
  causes: [EXPIRED, EXPIRES, NOT_ISSUED, RENEWAL, DELETED],
  read: async (account) => ({
    region: account.region,
    balancers: await account.balancers(),
    listeners: await account.listeners(),
    certificates: await account.certificates(),
  }),
  decide: ({ region, balancers, listeners, certificates }) => ({
    findings: certificates.flatMap((certificate) => {
      const used = listeners.filter(({ arn }) => certificate.listenerArns.includes(arn));
      const names = used.map(({ balancerArn, protocol, port }) => {
        const balancer = balancers.find(({ arn }) => arn === balancerArn);
        return `${balancer?.name ?? balancerArn} ${protocol} ${port}`;
      });
      return findingsOf(certificate, {
        names,
        balancers: distinct(used.map(({ balancerArn }) => balancerArn)),
        region,
      });
    }),
    notes: certificates
      .filter(({ daysLeft = 0 }) => daysLeft > SOON_DAYS)
      .map(
        ({ domain, daysLeft = 0, isRenewed }) =>
          `${domain}: ${counted(daysLeft, "day")} left${isRenewed ? ", ACM renews it" : ""}`,
      ),
  }),
};

/** Where a certificate is used. */
interface Use {
  readonly names: readonly string[];
  readonly balancers: readonly string[];
  readonly region: string;
}

function findingsOf(certificate: CertificateFacts, { names, balancers, region }: Use): Finding[] {
  const { arn, domain, status, daysLeft, isRenewed, renewal, reason } = certificate;
  const read = arn.includes(":acm:")
    ? command`aws acm describe-certificate --region ${region} --certificate-arn ${arn} --query 'Certificate.[Status,FailureReason,RenewalSummary,DomainValidationOptions[].ResourceRecord]'`
    : command`aws iam get-server-certificate --server-certificate-name ${domain} --query ServerCertificate.ServerCertificateMetadata`;
  const evidence = [
    `${arn} on ${names.join(", ")}`,
    `status ${[status, ...(renewal ? [`renewal ${renewal}`] : []), ...(reason ? [reason] : [])].join(", ")}`,
  ];
  const of = (cause: Cause, problem: string, commands: readonly Command[], fix = cause.fix) => [
    found(cause, { problem, evidence, commands, fix, about: { balancers } }),
  ];
  const fix = isRenewed ? RENEW : IMPORT;
  if (status === "DELETED") return of(DELETED, `The certificate ${domain} was deleted.`, []);
  if (status === "EXPIRED" || (daysLeft !== undefined && daysLeft < 0)) {
    const when = daysLeft === undefined ? "" : ` ${counted(-daysLeft, "day")} ago`;
    return of(EXPIRED, `The certificate of ${domain} expired${when}.`, [read], fix);
  }
  if (status !== "ISSUED") return of(NOT_ISSUED, `The certificate of ${domain} is ${status}.`, [read]);
  const left = daysLeft === undefined ? "" : ` It expires in ${counted(daysLeft, "day")}.`;
  if (renewal === "FAILED" || renewal === "PENDING_VALIDATION") {
    return of(RENEWAL, `ACM cannot renew the certificate of ${domain}.${left}`, [read]);
  }
  if (daysLeft === undefined || daysLeft > SOON_DAYS) return [];
  return of(EXPIRES, `The certificate of ${domain} expires in ${counted(daysLeft, "day")}.`, [read], fix);
}
