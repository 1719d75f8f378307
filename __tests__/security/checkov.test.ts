import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Configuration } from "../../cli/offline-provider";
import { Ec2Service, type EcsClusterSettings, ListenerRule, type LoadBalancerSettings } from "../../src";
import { describeCheckov, runCheckov, type Scan } from "../support/checkov";
import { clusterConfiguration, clusterStack } from "../support/cluster";
import { EXAMPLE_FIXTURES, exampleValues, synthesizeApp } from "../support/examples";
import { synthesized } from "../support/synthesized";
import { describeTerraform } from "../support/terraform";

/** The rows of the table in docs/security.md: a check, and the setting that closes it. */
const [TABLE = ""] = readFileSync("docs/security.md", "utf8").split("### With a service");
const ROWS = [...TABLE.matchAll(/^\| (CKV2?_AWS_\d+) \|.*\| ([^|]+) \|$/gm)].map(([, check = "", closedBy = ""]) => ({
  check,
  closedBy,
}));

const balanced = (loadBalancer: LoadBalancerSettings): EcsClusterSettings => ({ loadBalancer });

/** The rows of the table of what a service adds. */
const SERVICE_ROWS = [
  ...(readFileSync("docs/security.md", "utf8")
    .split("### With a service")[1]
    ?.split(/\n###? /)[0]
    ?.matchAll(/^\| (CKV2?_AWS_\d+) \|/gm) ?? []),
].map(([, check = ""]) => check);

/** What the table says closes a check, done: by the words of its last column, those of "or" each on their own. */
const CLOSERS: Readonly<Record<string, EcsClusterSettings>> = {
  "`https`": balanced({ https: true }),
  "`https` with `redirectHttp: false`": balanced({ https: true, redirectHttp: false }),
  "`http_cidrs`": { values: { httpCidrs: ["203.0.113.0/24"] } },
  "`privateSubnets`": { privateSubnets: true },
  "`accessLogs`": balanced({ accessLogs: { bucket: "example-load-balancer-logs" } }),
  "`deletionProtection`": balanced({ deletionProtection: true }),
  "`customerKey`": { customerKey: true },
  "`log_retention_days`": { values: { logRetentionDays: 365 } },
  "`webAcl`": balanced({ webAcl: "managed" }),
};
const closersOf = (closedBy: string): string[] => closedBy.split(", or ").map((words) => words.trim());

describeCheckov("checkov", () => {
  const folder = mkdtempSync(join(tmpdir(), "checkov-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** One scan of all these, since it is the start of checkov that takes long. */
  function scan(framework: "terraform_plan" | "terraform_json", contents: readonly unknown[]): Scan {
    const files = contents.map((content, index) => {
      const file = join(folder, framework === "terraform_plan" ? `plan-${index}.json` : `stack-${index}.tf.json`);
      writeFileSync(file, JSON.stringify(content));
      return file;
    });
    const answer = runCheckov(framework, ["-f", ...files]);
    expect(answer.summary.parsing_errors).toBe(0);
    expect(answer.summary.passed).toBeGreaterThan(40 * contents.length);
    return answer;
  }

  /** The ids of the checks that fail, each once. */
  const failed = (framework: "terraform_plan" | "terraform_json", content: unknown): string[] => [
    ...new Set(
      scan(framework, [content])
        .results.failed_checks.map(({ check_id }) => check_id)
        .sort(),
    ),
  ];

  /** checkov 3.3 reads only blocks in a `terraform` block, and stops at the required version. */
  function readable({ terraform, ...rest }: Configuration): Configuration {
    const { required_version, ...blocks } = terraform as Record<string, unknown>;
    return { ...rest, terraform: blocks };
  }

  describeTerraform("on what real Terraform plans", (lab) => {
    it.each([
      ["main.ts", "ecs", ROWS.map(({ check }) => check)],
      ["examples/hardened.ts", "hardened", []],
    ])("%s fails only the checks that docs/security.md explains", async (file, stack, explained) => {
      const stacks = synthesizeApp(file);
      const configuration = stacks[stack] as Configuration;
      const variables = exampleValues(configuration);
      const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
      expect(failed("terraform_plan", await terraform.planJson())).toEqual([...explained].sort());
      const inJson = failed("terraform_json", readable(configuration));
      expect(inJson.filter((check) => !explained.includes(check))).toEqual([]);
    });

    it("a service fails only the checks that docs/security.md explains, and none with the settings in its table", async () => {
      const plans: unknown[] = [];
      const hardened = { customerKey: true, values: { logRetentionDays: 365 } };
      const cases = [
        [{}, { imageParameter: true }],
        [hardened, { logRetentionDays: 365 }],
        [hardened, { logRetentionDays: 365, targetProtocol: "HTTPS" }],
      ] as const;
      for (const [settings, ofService] of cases) {
        const stack = clusterStack(settings);
        new Ec2Service(stack, "web", {
          cluster: stack,
          cpu: 128,
          memoryLimitMiB: 128,
          containerPort: 3000,
          paths: ["/*"],
          ecrRepository: true,
          alarms: true,
          enableExecuteCommand: true,
          taskRoleStatements: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::example/*"] }],
          ...ofService,
        });
        const configuration = synthesized(stack) as Configuration;
        const variables = exampleValues(configuration);
        const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
        plans.push(await terraform.planJson());
      }
      const { failed_checks } = scan("terraform_plan", plans).results;
      const ofService = (index: number) => [
        ...new Set(
          failed_checks
            .filter(({ file_path, resource }) => file_path.endsWith(`plan-${index}.json`) && /\.web_/.test(resource))
            .map(({ check_id }) => check_id)
            .sort(),
        ),
      ];
      expect(ofService(0)).toEqual([...SERVICE_ROWS].sort());
      // The cluster and the log group pass their checks now. The protocol makes the last check pass.
      expect(ofService(1)).toEqual(["CKV_AWS_378"]);
      expect(ofService(2)).toEqual([]);
    });

    it("a named load balancer, its listeners and the rules on them fail the checks of the table, and none when hardened", async () => {
      const closed: Partial<LoadBalancerSettings> = {
        ...{ https: true, redirectHttp: false, webAcl: "managed", deletionProtection: true },
        ...{ accessLogs: { bucket: "example-load-balancer-logs" } },
      };
      const admin = { paths: ["/admin*"], loadBalancer: "other" };
      const plans: unknown[] = [];
      for (const other of [{}, closed]) {
        const stack = clusterStack({ loadBalancers: { other } });
        const service = { cluster: stack, memoryLimitMiB: 128, containerPort: 3000, targetProtocol: "HTTPS" } as const;
        new Ec2Service(stack, "web", { ...service, paths: ["/*"], routes: { admin } });
        const redirect = { host: "example.com", protocol: "HTTPS" } as const;
        new ListenerRule(stack, "old", { cluster: stack, loadBalancer: "other", paths: ["/old*"], redirect });
        const configuration = synthesized(stack) as Configuration;
        const variables = exampleValues(configuration);
        const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
        plans.push(await terraform.planJson());
      }
      const { failed_checks } = scan("terraform_plan", plans).results;
      const ofBalancer = (index: number) => [
        ...new Set(
          failed_checks
            .filter(
              ({ file_path, resource }) =>
                file_path.endsWith(`plan-${index}.json`) &&
                /\.(other_load_balancer|web_rule|web_target_group|old\b)/.test(resource),
            )
            .map(({ check_id }) => check_id)
            .sort(),
        ),
      ];
      expect(ofBalancer(0).filter((check) => !ROWS.some((row) => row.check === check))).toEqual([]);
      expect(ofBalancer(0)).toContain("CKV_AWS_2");
      expect(ofBalancer(1)).toEqual([]);
    });

    it("a Network Load Balancer and its listeners fail the checks that docs/security.md names, and one when hardened", async () => {
      const plans: unknown[] = [];
      const closed = { deletionProtection: true, accessLogs: { bucket: "example-load-balancer-logs" } } as const;
      for (const settings of [{}, closed]) {
        const networkLoadBalancers = { edge: { staticAddresses: "managed", ...settings } } as const;
        const stack = clusterStack({ networkLoadBalancers });
        new Ec2Service(stack, "dns", {
          ...{ cluster: stack, memoryLimitMiB: 128 },
          portMappings: [
            { containerPort: 53, hostPort: 1053, protocol: "udp" },
            { containerPort: 8853, hostPort: 8853 },
          ],
          listeners: {
            udp: {
              ...{ loadBalancer: "edge", port: 53, protocol: "UDP", containerPort: 53 },
              healthCheck: { protocol: "TCP", port: 8853 },
            },
            tls: { loadBalancer: "edge", port: 853, protocol: "TLS", containerPort: 8853 },
          },
        });
        const configuration = synthesized(stack) as Configuration;
        const variables = exampleValues(configuration);
        const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
        plans.push(await terraform.planJson());
      }
      const { failed_checks } = scan("terraform_plan", plans).results;
      const ofBalancer = (index: number) => [
        ...new Set(
          failed_checks
            .filter(
              ({ file_path, resource }) =>
                file_path.endsWith(`plan-${index}.json`) && /\.(edge_|dns_(udp|tls))/.test(resource),
            )
            .map(({ check_id }) => check_id)
            .sort(),
        ),
      ];
      const [, after = ""] = readFileSync("docs/security.md", "utf8").split(
        "A load balancer of `networkLoadBalancers`",
      );
      const [named = ""] = after.split("\n\n");
      expect(ofBalancer(0)).toEqual([...(named.match(/CKV2?_AWS_\d+/g) ?? [])].sort());
      // Nothing makes this check pass, because it ignores that a load balancer uses the addresses.
      expect(ofBalancer(1)).toEqual(["CKV2_AWS_19"]);
    });

    it("a check of the table passes with the settings that the table names", async () => {
      const names = Object.keys(CLOSERS);
      const plans: unknown[] = [];
      for (const settings of Object.values(CLOSERS)) {
        const configuration = clusterConfiguration({ vpcId: EXAMPLE_FIXTURES.otherVpcs?.[0], ...settings });
        const variables = exampleValues(configuration);
        const terraform = await lab.terraform({ configuration, variables, fixtures: EXAMPLE_FIXTURES });
        plans.push(await terraform.planJson());
      }
      const { failed_checks } = scan("terraform_plan", plans).results;
      const failsWith = (check: string, name: string) =>
        failed_checks.some(
          ({ check_id, file_path }) => check_id === check && file_path.endsWith(`plan-${names.indexOf(name)}.json`),
        );
      const stillOpen = ROWS.flatMap(({ check, closedBy }) =>
        closersOf(closedBy)
          .filter((name) => failsWith(check, name))
          .map((name) => `${check} with ${name}`),
      );
      expect(stillOpen).toEqual([]);
      // A setting closes what it is for and no more, or this test would find nothing open whatever it looked at.
      expect(names.filter((name) => !ROWS.some(({ check }) => failsWith(check, name)))).toEqual([]);
    });
  });
});

describe("docs/security.md", () => {
  it("names for each check the setting that closes it", () => {
    expect(ROWS.length).toBeGreaterThan(0);
    const settings = readFileSync("docs/settings.md", "utf8");
    for (const { check, closedBy } of ROWS) {
      const names = [...closedBy.matchAll(/`([a-zA-Z_]+)/g)].map(([, name]) => String(name));
      expect([check, names.length > 0, names.filter((name) => !settings.includes(`\`${name}\``))]).toEqual([
        check,
        true,
        [],
      ]);
      expect([check, closersOf(closedBy).filter((words) => !(words in CLOSERS))]).toEqual([check, []]);
    }
  });
});
