import { readFileSync } from "node:fs";

const read = (file: string) => readFileSync(`docs/${file}.md`, "utf8");
const [, text = ""] = read("security").split("## What trivy, KICS and tflint find");
const [section = ""] = text.split("\n## ");

/** The cells of the rows of the table that starts with a heading. */
function rows(heading: string): string[][] {
  const [, after = ""] = section.split(`\n| ${heading} |`);
  const [table = ""] = after.split("\n\n");
  return table
    .split("\n")
    .slice(2)
    .filter((row) => row.startsWith("|"))
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What the scanners reported on hand-overs of the examples. To update a list, run the scanner as the page says. */
const FOUND = {
  trivy: ["0017", "0030", "0033", "0034", "0053", "0054", "0104", "0130"].map((id) => `AWS-${id}`),
  KICS: [
    "ALB Deletion Protection Disabled",
    "ALB Is Not Integrated With WAF",
    "ALB Listening on HTTP",
    "AWS EIP not attached to any instance",
    "Auto Scaling Group With No Associated ELB",
    "Autoscaling Groups Supply Tags",
    "CloudWatch Log Group Without KMS",
    "ECR Repository Not Encrypted With CMK",
    "ECR Repository Without Policy",
    "ECS Cluster with Container Insights Disabled",
    "ECS Task Definition Network Mode Not Recommended",
    "EFS Volume With Disabled Transit Encryption",
    "EFS Without KMS",
    "ELBv2 LB Access Log Disabled",
    "IAM Access Analyzer Not Enabled",
    "KMS Key With Vulnerable Policy",
    "Resource Not Using Tags",
    "S3 bucket notifications disabled",
    "Shield Advanced Not In Use",
  ],
  tflint: ["terraform_unused_declarations"],
} as const;

describe("the findings of trivy, KICS and tflint in docs/security.md", () => {
  it.each(Object.entries(FOUND))(
    "of %s are all explained, with a fix or a reason why there is none",
    (scanner, found) => {
      const explained = rows(scanner);
      expect(explained.map(([finding]) => finding).sort()).toEqual([...found].sort());
      for (const cells of explained) {
        const [finding, fix = ""] = [cells[0], cells.at(-1)];
        expect([finding, cells.every((cell) => cell.length > 0)]).toEqual([finding, true]);
        if (!fix.startsWith("`"))
          expect([finding, fix]).toEqual([finding, expect.stringMatching(/^(nothing|an? |Shield)/)]);
      }
    },
  );

  it("name settings that the documentation has", () => {
    const documented = [
      "settings",
      "handover",
      "constructs/file-system",
      "constructs/task-definition",
      "constructs/network-load-balancer",
    ].map(read);
    const fixes = Object.keys(FOUND).flatMap((scanner) => rows(scanner).map((cells) => cells.at(-1) ?? ""));
    const names = fixes.flatMap((fix) => [...fix.matchAll(/`(-{0,2}\w+)[:`]/g)].map(([, name = ""]) => name));
    expect(names.length).toBeGreaterThan(10);
    expect([...new Set(names)].filter((name) => !documented.some((page) => page.includes(`\`${name}`)))).toEqual([]);
  });

  it("name the version of each scanner", () => {
    expect(rows("scanner").map(([scanner]) => scanner)).toEqual([
      expect.stringMatching(/^\[trivy\].* \d+\.\d+\.\d+$/),
      expect.stringMatching(/^\[KICS\].* \d+\.\d+\.\d+$/),
      expect.stringMatching(/^\[tflint\].* \d+\.\d+\.\d+$/),
    ]);
  });
});
