import { certificatesCheck } from "../../../cli/doctor/checks/certificates";
import type { CertificateFacts } from "../../../cli/doctor/facts";

const ARN = "arn:aws:acm:eu-west-1:123456789012:certificate/1";

function decide(change: Partial<CertificateFacts>) {
  return certificatesCheck.decide({
    region: "eu-west-1",
    balancers: [{ arn: "arn:lb", name: "alb", zones: [], securityGroupIds: [], subnetCidrs: [] }],
    listeners: [
      { arn: "arn:l", balancerArn: "arn:lb", protocol: "HTTPS", port: 443, isRedirect: false, targetGroupArns: [] },
    ],
    certificates: [
      {
        ...{ arn: ARN, listenerArns: ["arn:l"], status: "ISSUED", domain: "shop.example.com", daysLeft: 31 },
        ...change,
      },
    ],
  });
}

describe("the certificates of listeners", () => {
  it("are fine for more than 30 days", () => {
    expect(decide({})).toEqual({ findings: [], notes: ["shop.example.com: 31 days left"] });
    expect(decide({ isRenewed: true, renewal: "PENDING_AUTO_RENEWAL" }).notes).toEqual([
      "shop.example.com: 31 days left, ACM renews it",
    ]);
  });

  it.each<[Partial<CertificateFacts>, string, string]>([
    [{ daysLeft: 30 }, "certificate-expires-soon", "The certificate of shop.example.com expires in 30 days."],
    [{ daysLeft: 0 }, "certificate-expires-soon", "The certificate of shop.example.com expires in 0 days."],
    [{ daysLeft: -1 }, "certificate-expired", "The certificate of shop.example.com expired 1 day ago."],
    [{ daysLeft: undefined, status: "EXPIRED" }, "certificate-expired", "The certificate of shop.example.com expired."],
    [
      { daysLeft: undefined, status: "PENDING_VALIDATION" },
      "certificate-not-issued",
      "The certificate of shop.example.com is PENDING_VALIDATION.",
    ],
    [{ status: "REVOKED" }, "certificate-not-issued", "The certificate of shop.example.com is REVOKED."],
    [
      { renewal: "PENDING_VALIDATION", daysLeft: 50 },
      "certificate-renewal-failed",
      "ACM cannot renew the certificate of shop.example.com. It expires in 50 days.",
    ],
    [
      { renewal: "FAILED", daysLeft: 5 },
      "certificate-renewal-failed",
      "ACM cannot renew the certificate of shop.example.com. It expires in 5 days.",
    ],
    [
      { status: "DELETED", daysLeft: undefined },
      "certificate-deleted",
      "The certificate shop.example.com was deleted.",
    ],
  ])("are reported with %j", (change, cause, problem) => {
    expect(decide(change).findings).toMatchObject([
      { cause: { id: cause }, problem, about: { balancers: ["arn:lb"] } },
    ]);
  });

  it("are named with their listeners and the reason of ACM", () => {
    const { findings } = decide({ status: "FAILED", reason: "CAA_ERROR" });
    expect(findings[0]?.evidence).toEqual([`${ARN} on alb HTTPS 443`, "status FAILED, CAA_ERROR"]);
    expect(findings[0]?.commands[0]).toContain(
      `aws acm describe-certificate --region eu-west-1 --certificate-arn ${ARN}`,
    );
  });

  it("are renewed by the one who imported them, or by ACM", () => {
    expect(decide({ daysLeft: 3 }).findings[0]?.fix).toContain("Import a new certificate");
    expect(decide({ daysLeft: 3, isRenewed: true }).findings[0]?.fix).toContain("Create the DNS records");
  });

  it("are read from IAM if they are there", () => {
    const { findings } = decide({ arn: "arn:aws:iam::1:server-certificate/own", domain: "own", daysLeft: 3 });
    expect(findings[0]?.commands).toEqual([
      "aws iam get-server-certificate --server-certificate-name own --query ServerCertificate.ServerCertificateMetadata",
    ]);
  });
});
